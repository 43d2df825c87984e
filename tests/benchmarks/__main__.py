"""Measure the list of cases and the other pages that grow, on both databases.

With 10,000 and 100,000 synthetic cases; `--cases` takes other sizes. Prints tables in Markdown, as
`docs/performance.md` has them. With a million cases, which takes an hour or two and 40 GB of disk:

    python -m tests.benchmarks --cases 1000000 --database PostgreSQL --lists

`--datasette` compares the list on SQLite with the same list in Datasette instead, with 10,000 cases
if `--cases` does not say otherwise.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
from contextlib import nullcontext
from pathlib import Path
from typing import Any

from tests import environment  # noqa: F401 - sets the environment that the steps inherit
from tests.run import BASE_DIR, postgresql

from . import datasette
from .measure import by_kind
from .server import ask, casebook, collect_static, free_port, worker_megabytes

SIZES = [10_000, 100_000]
SIZE_IN_DATASETTE = 10_000
# In PostgreSQL so many are made at most; the others are copies of these.
MADE = 100_000
AIM_MS = 80
DATABASES = ["SQLite", "PostgreSQL"]

Figures = dict[str, Any]


def main() -> int:
    arguments = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    arguments.add_argument("--cases", type=int, nargs="+", metavar="N")
    arguments.add_argument("--database", choices=DATABASES, help="only one of the two")
    arguments.add_argument("--lists", action="store_true", help="no other pages, no downloads")
    arguments.add_argument("--datasette", action="store_true", help="compare with Datasette")
    given = arguments.parse_args()
    if given.datasette and given.database == "PostgreSQL":
        arguments.error("Datasette is compared on SQLite.")
    _say(_machine())
    with tempfile.TemporaryDirectory(prefix="casebook-bench-") as folder:
        if given.datasette:
            for size in given.cases or [SIZE_IN_DATASETTE]:
                _say(_beside_datasette(Path(folder), size))
            return 0
        databases = [given.database] if given.database else DATABASES
        results = []
        with postgresql() if "PostgreSQL" in databases else nullcontext("") as server:
            for size in given.cases or SIZES:
                for name in databases:
                    url = _sqlite(folder, size) if name == "SQLite" else _database(server, size)
                    results.append((name, size, _measured(url, size, only_lists=given.lists)))
    _say(report(results))
    return 0


def _beside_datasette(folder: Path, size: int) -> str:
    """Return the figures of the list in the casebook and in Datasette, on the same cases."""
    folder = folder / str(size)
    folder.mkdir()
    variables = _variables(_sqlite(str(folder), size))
    _fill(size, variables)
    asked = _run(["tests.benchmarks.datasette_file", str(folder)], variables)
    return datasette.report(datasette.measured(folder, json.loads(asked), variables), size)


def _sqlite(folder: str, size: int) -> str:
    return f"sqlite:///{folder}/{size}.sqlite3"


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


def _measured(url: str, size: int, *, only_lists: bool) -> Figures:
    """Fill a database with synthetic cases and measure it."""
    variables = _variables(url)
    seconds = _fill(size, variables)
    options = ["--lists"] if only_lists else []
    figures: Figures = json.loads(_run(["tests.benchmarks.measure", *options], variables))
    return figures | {"fill_seconds": seconds} | _worker(figures["pages"], variables)


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


def _worker(pages: list[dict[str, Any]], variables: dict[str, str]) -> Figures:
    """Return what a server's worker takes to start and, after the lists, in memory."""
    port = free_port()
    collect_static(variables)
    started = time.perf_counter()
    with casebook(port, variables) as server:
        seconds = time.perf_counter() - started
        at_start = worker_megabytes(server)
        for page in pages:
            ask(port, page["address"])
        return {
            "start_seconds": seconds,
            "worker_at_start": at_start,
            "worker": worker_megabytes(server),
        }


def _progress(text: str) -> None:
    print(text, file=sys.stderr, flush=True)  # noqa: T201 - talks to the person at the terminal


def _run(module: list[str], variables: dict[str, str]) -> str:
    ended = subprocess.run(
        [sys.executable, "-m", *module],
        cwd=BASE_DIR,
        env=variables,
        stdout=subprocess.PIPE,
        text=True,
        check=False,
    )
    if ended.returncode:
        sys.exit(f"{' '.join(module)} ended with status {ended.returncode}.")
    return ended.stdout


def report(results: list[tuple[str, int, Figures]]) -> str:
    """Return the figures as tables in Markdown."""
    lines = [
        "| database | cases | kind of query | pages | p50 ms | p95 ms | SQL p50 ms | queries |",
        "|---|--:|---|--:|--:|--:|--:|--:|",
    ]
    for engine, size, figures in results:
        kinds = {**by_kind(figures["pages"]), "**all**": figures["pages"]}
        for kind, pages in kinds.items():
            lines.append(f"| {engine} | {size:,} | {kind} | {_row(pages)} |")
    lines += [
        "",
        "| database | cases | page | times | p50 ms | p95 ms | SQL p50 ms | queries | CPU p50 ms |",
        "|---|--:|---|--:|--:|--:|--:|--:|--:|",
    ]
    for engine, size, figures in results:
        for kind, pages in by_kind(figures["other_pages"]).items():
            cpu = statistics.median(page["cpu_ms"] for page in pages)
            lines.append(f"| {engine} | {size:,} | {kind} | {_row(pages)} | {cpu:.0f} |")
    lines += [
        "",
        "| database | cases | filled s | index made s | peak MB | next start s | worker MB "
        "| after the lists MB | a change followed ms | `/cases/` gzip kB |",
        "|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|",
    ]
    for engine, size, figures in results:
        lines.append(
            f"| {engine} | {size:,} | {figures['fill_seconds']:.0f} "
            f"| {figures['index_seconds']:.1f} | {figures['index_peak']:.0f} "
            f"| {figures['start_seconds']:.1f} | {_megabytes(figures['worker_at_start'])} "
            f"| {_megabytes(figures['worker'])} | {figures['catch_up_ms']:.0f} "
            f"| {figures['weight'] / 1000:.1f} |"
        )
    lines += [
        "",
        "| database | cases | whole download | s | MB | first bytes s | peak MB before | peak MB |",
        "|---|--:|---|--:|--:|--:|--:|--:|",
    ]
    for engine, size, figures in results:
        lines += [f"| {engine} | {size:,} | {_whole(file)} |" for file in figures["files"]]
    slow = [
        f"{page['ms']:.0f} ms, {engine}, {size:,}: {page['address']}"
        for engine, size, figures in results
        for page in sorted(figures["pages"], key=lambda page: -page["ms"])[:3]
        if page["ms"] > AIM_MS
    ]
    return "\n".join(
        [*lines, "", f"Slower than {AIM_MS} ms, three each at most:", *(slow or ["none"])]
    )


def _megabytes(figure: float | None) -> str:
    return "–" if figure is None else f"{figure:.0f}"


def _whole(file: dict[str, Any]) -> str:
    return (
        f"`{file['address']}` | {file['seconds']:.0f} | {file['megabytes']:.0f} | "
        f"{file['first_seconds']:.2f} | {file['peak_before']:.0f} | {file['peak']:.0f}"
    )


def _row(pages: list[dict[str, Any]]) -> str:
    times = [page["ms"] for page in pages]
    queries = [page["queries"] for page in pages]
    median, p95 = datasette.p50_and_p95(times)
    return (
        f"{len(pages)} | {median:.0f} | {p95:.0f} | "
        f"{statistics.median(page['sql_ms'] for page in pages):.0f} | "
        f"{min(queries)}–{max(queries)}"
    )


if __name__ == "__main__":
    sys.exit(main())
