"""What both functions stand on: HTTP, the mail service, the store, keyed hashes, the log. Nothing here knows what is sent."""
