"""The coordinator's weekly mail."""
