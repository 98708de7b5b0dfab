"""What a maintainer runs by hand now and then; nothing here is part of a build."""
