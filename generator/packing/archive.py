"""Zips for AWS Lambda. The same input gives the same bytes on the same version of Python: names are sorted, times and permissions
fixed, and compiled code is made in a fresh interpreter, because what a long-lived one writes depends on what else it has loaded.
"""

import io
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Mapping
from pathlib import Path

_EARLIEST = (1980, 1, 1, 0, 0, 0)  # the first moment that a zip can tell
_READABLE = 0o100644 << 16

_COMPILE = """
import importlib.util, py_compile, sys
from pathlib import Path
for name in sorted(sys.stdin.read().split("\\n")):
    py_compile.compile(name, importlib.util.cache_from_source(name), f"/var/task/{name}", doraise=True, optimize=0,
                       invalidation_mode=py_compile.PycInvalidationMode.UNCHECKED_HASH)
"""


def compiled_files(files: Mapping[str, bytes]) -> dict[str, bytes]:
    """The sources compiled by this Python, unchecked: Lambda then neither compiles nor compares times at start."""
    sources = [name for name in files if name.endswith(".py")]
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        for name in sources:
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).write_bytes(files[name])
        command = [sys.executable, "-I", "-S", "-c", _COMPILE]
        subprocess.run(command, cwd=folder, input="\n".join(sources), text=True, check=True)  # noqa: S603
        return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*.pyc")}


def zipped(files: Mapping[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name in sorted(files):
            entry = zipfile.ZipInfo(name, _EARLIEST)
            entry.create_system, entry.external_attr = 3, _READABLE  # as on Unix, also when packed on Windows
            archive.writestr(entry, files[name], zipfile.ZIP_DEFLATED, compresslevel=9)
    return buffer.getvalue()


def put(target: Path, raw: bytes) -> None:
    draft = target.with_name(f"{target.name}.new")
    draft.write_bytes(raw)
    draft.replace(target)
