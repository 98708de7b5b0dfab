"""The twice-a-year check: who is asked, what the mail says, and the run that sends it."""
