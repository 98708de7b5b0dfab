"""`tarjotin links`: whether the outside world is still where the content says. The only part that asks other people's servers."""
