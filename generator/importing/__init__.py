"""`tarjotin import`: associations from a table. Whatever is wrong is told by row and column, and nothing is written by halves."""
