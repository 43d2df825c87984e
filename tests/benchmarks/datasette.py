"""Ask Datasette for the same lists of the same cases, in turn with ours.

Both answer by HTTP from a server process of their own: ours is gunicorn with one worker, as
`make demo` starts it, Datasette is `datasette serve` with the file of `datasette_file.py`.
"""

from __future__ import annotations

import re
import sys
from pathlib import Path
from typing import Any

from .datasette_file import WARM_UP
from .report import Pages
from .server import HOST, ask, casebook, collect_static, free_port, serving

# Milliseconds: time enough to count every facet, which it would otherwise give up.
LIMIT = "600000"
SETTINGS = {
    "sql_time_limit_ms": LIMIT,
    "facet_time_limit_ms": LIMIT,
    "suggest_facets": "off",  # which the page does not need
}


def measured(folder: Path, queries: list[dict[str, Any]], variables: dict[str, str]) -> Pages:
    """Return for each query its kind and the milliseconds that each of the two took to answer."""
    collect_static(variables)
    ours, theirs = free_port(), free_port()
    datasette = [
        *(sys.executable, "-m", "datasette", "serve", f"--host={HOST}", f"--port={theirs}"),
        *(f"--immutable={folder / 'cases.db'}", f"--metadata={folder / 'metadata.json'}"),
        *(word for name, value in SETTINGS.items() for word in ("--setting", name, value)),
    ]
    with casebook(ours, variables), serving(datasette, theirs, variables):
        answers = []
        for number, query in enumerate(queries):
            sides = [("ours", ours), ("datasette", theirs)]
            times: dict[str, float] = {}
            for side, port in sides if number % 2 else reversed(sides):
                times[side], page = ask(port, query[side])
                if side == "datasette":
                    _check(query, page)
            answers.append({"kind": query["kind"], **times})
    return answers[WARM_UP:]


def _check(query: dict[str, Any], page: str) -> None:
    """Refuse a page of Datasette that has not counted all facets, or has not the same cases."""
    if "timed out" in page:
        raise SystemExit(f"Datasette gave up counting: {query['datasette']}")
    found = re.search(r"<h3>\s*([\d,]+) rows?", page)
    count = int(found[1].replace(",", "")) if found else 0
    if query["found"] not in (None, count):
        raise SystemExit(f"{query['ours']}: {query['found']} cases, but Datasette has {count}.")
