"""Which of the program's own modules a function needs: found by reading their imports, so that no list of them can drift."""

import ast
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from generator import PROGRAM

OWN = ("generator", "lambda_common", "lambda_edit", "lambda_referral")


@dataclass
class Needed:
    """`own`: path from the program's folder → file; `libraries`: the top names of what is imported from outside."""

    own: dict[str, Path] = field(default_factory=dict)
    libraries: set[str] = field(default_factory=set)


def needed_by(module: str) -> Needed:
    """Imports inside functions count too: a function has them when it gets there."""
    needed, waiting = Needed(), [module]
    while waiting:
        for name in _with_parents(waiting.pop()):
            file = _file_of(name)
            shown = file.relative_to(PROGRAM).as_posix() if file else ""
            if file is None or shown in needed.own:
                continue
            needed.own[shown] = file
            for imported in _imported(file):
                if imported.partition(".")[0] in OWN:
                    waiting.append(imported)
                elif imported.partition(".")[0] not in sys.stdlib_module_names:
                    needed.libraries.add(imported.partition(".")[0])
    return needed


def _with_parents(name: str) -> list[str]:
    parts = name.split(".")
    return [".".join(parts[:end]) for end in range(1, len(parts) + 1)]


def _file_of(name: str) -> Path | None:
    """None for what is no module: a name inside one."""
    place = PROGRAM.joinpath(*name.split("."))
    return next((file for file in (place / "__init__.py", place.with_suffix(".py")) if file.is_file()), None)


def _imported(file: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(file.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)
