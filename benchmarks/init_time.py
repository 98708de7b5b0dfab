"""How long the function takes to start, against a handler that imports only the standard library's json, hmac, email and ssl.

`make bench` runs it. The start is the user's waiting time, because nearly every request meets a cold function. Absolute times
jump from machine to machine and from minute to minute, so the two are measured in turns and the ratio is what counts.
"""

import json
import os
import platform
import subprocess
import sys
import tempfile
import time
import zipfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from statistics import median
from typing import Any

from benchmarks.emulator import Unavailable, fetch_emulator, init_ms
from generator.building.output import LAMBDA
from generator.packing.referral_function import RECORD, Refused, package_function

ROOT = Path(__file__).parent.parent
RUNS = 15
LARGEST_RATIO, GOAL_MS = 3.5, 300
# The SDK is named because it is there at AWS, in the runtime; the function does not import it.
VERSIONS = ("altcha", "phonenumbers", "awslambdaric", "boto3")

BASELINE = """import email
import hmac
import json
import ssl


def handler(event, context):
    return {"statusCode": 200}
"""
EVENT = {
    "version": "2.0",
    "rawPath": "/api/haaste",
    "headers": {},
    "queryStringParameters": {},
    "requestContext": {"http": {"method": "GET", "path": "/api/haaste"}},
}
FUNCTION_ENVIRONMENT = {
    "SECRETS": "measuring-only-measuring-only-measuring",
    "RECIPIENTS": RECORD,
    "FROM_ADDRESS": "yhteydenotto@tarjotin.example.fi",
    "CONFIGURATION_SET": "measuring",
    "TABLE": "measuring",
    "AWS_REGION": "eu-north-1",
    "AWS_ACCESS_KEY_ID": "measuring",
    "AWS_SECRET_ACCESS_KEY": "measuring",
    "AWS_LAMBDA_FUNCTION_NAME": "referral",
    "AWS_LAMBDA_FUNCTION_TIMEOUT": "15",
    "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": "1024",
    # At AWS the code's folder cannot be written to: what was not packed compiled is compiled at every start.
    "PYTHONDONTWRITEBYTECODE": "1",
}


@dataclass(frozen=True)
class Subject:
    """A handler to start, in the folder where its code is."""

    name: str
    folder: Path
    handler: str


Measure = Callable[[Subject], float]


def main() -> int:
    with tempfile.TemporaryDirectory() as scratch:
        try:
            subjects = (_function(Path(scratch)), _baseline(Path(scratch)))
        except (Refused, OSError) as error:
            sys.stderr.write(f"{error}\n")
            return 1
        way, measure = _measure(subjects[1])
        times = _in_turns(subjects, measure)
    sys.stdout.write(_table(way, times))
    return 0


def _function(scratch: Path) -> Subject:
    """The packed function, compiled by this Python as `tarjotin package` does on 3.13, and unpacked as Lambda does."""
    (scratch / LAMBDA).mkdir()
    (scratch / LAMBDA / RECORD).write_bytes((ROOT / "build" / LAMBDA / RECORD).read_bytes())
    made = package_function(scratch, compiled=True)
    folder = scratch / "function"
    with zipfile.ZipFile(made.path) as archive:
        archive.extractall(folder)
    return Subject("the function", folder, "lambda_referral.entry.handler")


def _baseline(scratch: Path) -> Subject:
    """Compiled too: a source of six lines costs less than noise, but the comparison should be fair."""
    folder = scratch / "baseline"
    folder.mkdir()
    (folder / "baseline.py").write_text(BASELINE, encoding="utf-8")
    subprocess.run([sys.executable, "-m", "compileall", "-q", str(folder)], check=True)
    return Subject("json, hmac, email, ssl only", folder, "baseline.handler")


def _measure(probe: Subject) -> tuple[str, Measure]:
    """How it is measured, in words and as a function: in the emulator if one start in it succeeds."""
    environment = {**_quiet_environment(), **FUNCTION_ENVIRONMENT}

    def in_emulator(subject: Subject) -> float:
        return init_ms(emulator, subject.folder, subject.handler, environment, json.dumps(EVENT).encode())

    def in_process(subject: Subject) -> float:
        return _fresh_process_ms(subject, environment)

    try:
        emulator = fetch_emulator(ROOT / ".tools")
        in_emulator(probe)
    except (Unavailable, OSError) as reason:
        return f"fresh `python -c` processes, because the Lambda emulator was not used: {reason}", in_process
    return "the Lambda runtime interface emulator (INIT REPORT)", in_emulator


def _quiet_environment() -> dict[str, str]:
    """Without our own PYTHONPATH, so that the packed code is what starts."""
    return {name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "AWS_"))}


def _fresh_process_ms(subject: Subject, environment: Mapping[str, str]) -> float:
    module = subject.handler.rpartition(".")[0]
    started = time.perf_counter()
    subprocess.run([sys.executable, "-c", f"import {module}"], cwd=subject.folder, env=environment, check=True)
    return (time.perf_counter() - started) * 1000


def _in_turns(subjects: tuple[Subject, ...], measure: Measure) -> dict[str, list[float]]:
    times: dict[str, list[float]] = {subject.name: [] for subject in subjects}
    for _ in range(RUNS):
        for subject in subjects:
            times[subject.name].append(measure(subject))
    return times


def _table(way: str, times: Mapping[str, list[float]]) -> str:
    rows = [f"  {name:<28} {median(all_):>7.0f} {min(all_):>7.0f} {max(all_):>7.0f}" for name, all_ in times.items()]
    function, baseline = (median(all_) for all_ in times.values())
    return "\n".join(
        [
            f"Init time in {way}",
            f"  {platform.machine()}, {os.cpu_count()} cores, {platform.system()} {platform.release()}, {_versions()}",
            f"  {RUNS} cold starts of each, in turns; unchecked .pyc for this Python",
            f"  {'ms':<28} {'median':>7} {'least':>7} {'most':>7}",
            *rows,
            f"  ratio {function / baseline:.2f} (limit {LARGEST_RATIO}), goal {GOAL_MS} ms",
            "",
        ]
    )


def _versions() -> str:
    found: list[Any] = [f"Python {platform.python_version()}"]
    for name in VERSIONS:
        try:
            found.append(f"{name} {version(name)}")
        except PackageNotFoundError:
            found.append(f"{name} none")
    return ", ".join(found)


if __name__ == "__main__":
    raise SystemExit(main())
