"""Measure the list of cases and the other pages that grow, on both databases.

With 10,000 and 100,000 synthetic cases; `--cases` takes other sizes. Prints tables in Markdown, as
`docs/performance.md` has them.
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
from pathlib import Path
from typing import Any

from tests import environment  # noqa: F401 - sets the environment that the steps inherit
from tests.run import BASE_DIR, postgresql

from .measure import by_kind

SIZES = [10_000, 100_000]
AIM_MS = 80

Figures = dict[str, Any]


def main() -> int:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--cases", type=int, nargs="+", default=SIZES)
    sizes = arguments.parse_args().cases
    _say(_machine())
    results: list[tuple[str, int, Figures]] = []
    with tempfile.TemporaryDirectory(prefix="casebook-bench-") as folder, postgresql() as url:
        for size in sizes:
            results.append(("SQLite", size, _measured(f"sqlite:///{folder}/{size}.sqlite3", size)))
            results.append(("PostgreSQL", size, _measured(_database(url, size), size)))
    _say(report(results))
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


def _measured(url: str, size: int) -> Figures:
    """Fill a database with synthetic cases and measure it."""
    variables = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "warnapp.settings",
        "DATABASE_URL": url,
        "DEBUG": "off",
        "ALLOWED_HOSTS": "localhost",
        "SITE_URL": "http://localhost",
    }
    started = time.perf_counter()
    for command in (
        ["migrate", "--verbosity=0"],
        ["load_demo", "--verbosity=0"],
        ["make_synthetic", f"--cases={size}"],
    ):
        _run(["manage", *command], variables)
    filled = time.perf_counter() - started
    figures: Figures = json.loads(_run(["tests.benchmarks.measure"], variables))
    return figures | {"fill_seconds": filled}


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
        "| database | cases | index made s | a change followed ms | filled s | `/cases/` gzip kB |",
        "|---|--:|--:|--:|--:|--:|",
    ]
    for engine, size, figures in results:
        lines.append(
            f"| {engine} | {size:,} | {figures['index_seconds']:.1f} | {figures['catch_up_ms']:.0f}"
            f" | {figures['fill_seconds']:.0f} | {figures['weight'] / 1000:.1f} |"
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


def _whole(file: dict[str, Any]) -> str:
    return (
        f"`{file['address']}` | {file['seconds']:.0f} | {file['megabytes']:.0f} | "
        f"{file['first_seconds']:.2f} | {file['peak_before']:.0f} | {file['peak']:.0f}"
    )


def _row(pages: list[dict[str, Any]]) -> str:
    times = [page["ms"] for page in pages]
    queries = [page["queries"] for page in pages]
    return (
        f"{len(pages)} | {statistics.median(times):.0f} | {_p95(times):.0f} | "
        f"{statistics.median(page['sql_ms'] for page in pages):.0f} | "
        f"{min(queries)}–{max(queries)}"
    )


def _p95(figures: list[float]) -> float:
    """Return the figure that 95 in 100 do not exceed."""
    ordered = sorted(figures)
    return ordered[min(len(ordered) - 1, -(-len(ordered) * 95 // 100) - 1)]


if __name__ == "__main__":
    sys.exit(main())
