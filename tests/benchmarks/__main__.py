"""Measure the lists and the other pages of the casebook, and print tables in Markdown.

    python -m tests.benchmarks [--cases N …] [--database NAME] [--lists] [--datasette]

On SQLite and on PostgreSQL, with 10,000 and with 100,000 synthetic cases unless `--cases` says
otherwise. `docs/performance.md` has figures, and says how to measure a million cases.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
from contextlib import nullcontext
from pathlib import Path

from tests import environment  # noqa: F401 - sets the environment that the steps inherit
from tests.run import postgresql, stop

from . import datasette
from .report import Figures, compared, report

SIZES = [10_000, 100_000]
# In PostgreSQL so many are made at most; the others are copies of these.
MADE = 100_000
DATABASES = ["SQLite", "PostgreSQL"]


def main() -> int:
    arguments = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    arguments.add_argument("--cases", type=int, nargs="+", metavar="N", default=SIZES)
    arguments.add_argument("--database", choices=DATABASES, help="only one of the two")
    arguments.add_argument("--lists", action="store_true", help="no other pages, no downloads")
    arguments.add_argument(
        "--datasette", action="store_true", help="ask Datasette for the same lists"
    )
    given = arguments.parse_args()
    databases = [given.database] if given.database else DATABASES
    options = ["--lists"] if given.lists else []
    _say(_machine())
    with postgresql() if "PostgreSQL" in databases else nullcontext("") as server:
        for size in given.cases:
            with tempfile.TemporaryDirectory(prefix="casebook-bench-") as folder:
                sqlite = f"sqlite:///{folder}/casebook.sqlite3"
                places = {
                    name: _variables(sqlite if name == "SQLite" else _database(server, size))
                    for name in databases
                }
                figures = {name: _measured(size, place, options) for name, place in places.items()}
                _say(f"\n## {size:,} cases\n\n{report(figures)}")
                if given.datasette:
                    place = places[databases[0]]
                    queries = json.loads(_run(["tests.benchmarks.datasette_file", folder], place))
                    _say(f"\n{compared(datasette.measured(Path(folder), queries, place))}")
    return 0


def _say(text: str) -> None:
    print(text, flush=True)  # noqa: T201 - talks to the person at the terminal


def _machine() -> str:
    model = platform.processor() or platform.machine()
    cpuinfo = Path("/proc/cpuinfo")
    if cpuinfo.exists():
        lines = cpuinfo.read_text(encoding="utf-8").splitlines()
        model = next((line.split(":")[1].strip() for line in lines if "model name" in line), model)
    return (
        f"{model}, {os.cpu_count()} cores; Python {platform.python_version()}, "
        f"SQLite {sqlite3.sqlite_version}"
    )


def _database(url: str, size: int) -> str:
    """Make an empty database beside that of `url`, and return its address."""
    import psycopg

    name = f"bench_{size}"
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(f"DROP DATABASE IF EXISTS {name}")
        connection.execute(f"CREATE DATABASE {name}")
    server, _, query = url.partition("?")
    return f"{server.rpartition('/')[0]}/{name}?{query}"


def _variables(url: str) -> dict[str, str]:
    return {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "warnapp.settings",
        "DATABASE_URL": url,
        "DEBUG": "off",
        "ALLOWED_HOSTS": "localhost",
        "SITE_URL": "http://localhost",
    }


def _measured(size: int, variables: dict[str, str], options: list[str]) -> Figures:
    """Fill an empty database with synthetic cases and measure it."""
    seconds = _fill(size, variables)
    measured: Figures = json.loads(_run(["tests.benchmarks.measure", *options], variables))
    return measured | {"figures": {"filled, s": f"{seconds:.0f}"} | measured["figures"]}


def _fill(size: int, variables: dict[str, str]) -> float:
    """Make synthetic cases in an empty database, and return how many seconds it took."""
    started = time.perf_counter()
    times = size // MADE if variables["DATABASE_URL"].startswith("postgresql") else 1
    if times > 1 and size % MADE:
        sys.exit(f"More than {MADE:,} cases in PostgreSQL are a multiple of as many.")
    for command in (
        ["manage", "migrate", "--verbosity=0"],
        ["manage", "load_demo", "--verbosity=0"],
        ["manage", "make_synthetic", f"--cases={MADE if times > 1 else size}"],
        *([["tests.benchmarks.copies", str(times)]] if times > 1 else []),
    ):
        _run(command, variables)
        _progress(f"{' '.join(command)}: {time.perf_counter() - started:.0f} s since the beginning")
    return time.perf_counter() - started


def _progress(text: str) -> None:
    print(text, file=sys.stderr, flush=True)  # noqa: T201 - talks to the person at the terminal


def _run(module: list[str], variables: dict[str, str]) -> str:
    ended = subprocess.run(
        [sys.executable, "-m", *module],
        env=variables,
        stdout=subprocess.PIPE,
        text=True,
        check=False,
    )
    if ended.returncode:
        sys.exit(f"{' '.join(module)} ended with status {ended.returncode}.")
    return ended.stdout


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, stop)  # what it started has to stop with it
    sys.exit(main())
