"""The edit: from a form to a change in the history of the content."""
