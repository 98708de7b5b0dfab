"""Search by word or code: an index made with the site, read by the page's own script. Nothing typed leaves the browser."""
