"""New things: a region's own repository, and an association's first file."""
