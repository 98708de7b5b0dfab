"""Rules across fields, files and dates, each yielding what is wrong. validation.py asks them all."""
