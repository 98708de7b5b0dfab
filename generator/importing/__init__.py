"""Associations from elsewhere: a reader for each format makes drafts, one writer puts them into files."""
