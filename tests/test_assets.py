"""What becomes of the scripts on their way to the site."""

from pathlib import Path

import pytest

from generator.rendering.assets import BUNDLES, collect_assets, smallest
from generator.rendering.environment import TEMPLATES

SCRIPTS = sorted((TEMPLATES / "scripts").rglob("*.js"))


def test_comments_and_indents_are_left_out_and_nothing_else() -> None:
    script = '// What it is.\n"use strict";\n\n  const a = "// no comment"; // why\n'
    assert smallest("tarjotin.js", script) == b'"use strict";\nconst a = "// no comment"; // why\n'


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda path: path.name)
def test_no_text_of_a_script_goes_over_a_line_end(script: Path) -> None:
    """A line of it could look like a comment, and would lose its indent."""
    lines = script.read_text("utf-8").splitlines()
    assert [number for number, line in enumerate(lines, 1) if line.count("`") % 2 or line.endswith("\\\\")] == []


def test_every_bundle_is_made_of_something() -> None:
    assets = collect_assets("/", hashed=False)
    assert [path for path, raw in assets.files if not raw] == []
    assert len(assets.files) == len(BUNDLES)
