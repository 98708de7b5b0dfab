"""Making only what a change touches, and putting it in place as one step."""
