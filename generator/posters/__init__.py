"""Posters for waiting rooms and notice boards: what to make → what it says → pages by typst → files in place."""
