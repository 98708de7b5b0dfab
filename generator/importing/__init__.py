"""Associations from elsewhere: a reader for each format makes drafts, and nothing is written by halves."""
