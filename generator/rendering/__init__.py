"""Pages to bytes: Jinja2 is the language of the templates, and finished fragments are joined where pages are many."""
