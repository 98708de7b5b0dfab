"""The function behind the edit form: a validated change becomes a branch, a commit and a pull request."""
