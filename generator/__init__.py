"""From YAML files to a published site: load, validate, index, plan, render, write, report."""

import os
from pathlib import Path

PROGRAM = Path(__file__).parent.parent  # the folder of this package and of those it works with

# pydantic looks through everything that is installed for plugins of its own, and none belongs here.
os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "__all__")
