"""From YAML files to a published site: load, validate, index, plan, render, write, report."""

import os

# pydantic looks through everything that is installed for plugins of its own, and none belongs here.
os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "__all__")
