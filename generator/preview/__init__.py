"""`tarjotin serve`: the site and its functions on one's own machine."""
