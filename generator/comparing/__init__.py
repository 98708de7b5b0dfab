"""What a pull request changes, for the coordinator who decides on it."""
