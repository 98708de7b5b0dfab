"""What the command line sends by itself: how it leaves, what has been sent, and what is said of an association."""
