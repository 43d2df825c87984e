"""Write the public cases of DATABASE_URL as a file for Datasette, and print what to ask of both.

    python -m tests.benchmarks.datasette_file FOLDER

In the shape that suits Datasette: a row for each case with its facets, as words or as lists of
words in JSON, and its place in each order; for each facet a table from which a filter finds the
cases by an index; and a table for full-text search.
"""

from __future__ import annotations

import datetime as dt
import json
import sqlite3
import sys
from collections import defaultdict
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

import django

if TYPE_CHECKING:
    from .queries import Pairs

QUERIES, WARM_UP = 60, 6
PAGE_SIZE = 25

ONE_WORD = ("kind", "records_status", "era", "precision", "contested", "has_notes")
"""The facets that have one word for each case; the others have a list."""


def main(folder: Path) -> None:
    django.setup()
    write_file(folder / "cases.db")
    tables = {"cases": {"fts_table": "cases_fts", "fts_pk": "id"}}
    metadata = {"databases": {"cases": {"tables": tables}}}
    (folder / "metadata.json").write_text(json.dumps(metadata), encoding="utf-8")
    print(json.dumps(_queries()))  # noqa: T201 - read by the parent process


def write_file(path: Path) -> None:
    from django.http import QueryDict

    from cases.finding.case_filter import FACETS, CaseFilter
    from cases.finding.selection import SORTS
    from cases.index import case_index
    from cases.models import SearchDocument

    index, choices = case_index.current(), CaseFilter(QueryDict()).choices
    words: dict[str, dict[int, list[str]]] = {name: defaultdict(list) for name in FACETS}
    for name in FACETS:
        having = index.having(name)
        for value in filter(having.__contains__, choices[name]):
            for case in having[value]:
                words[name][case].append(value)
    sorts = [sort for sort in SORTS if sort != "relevance"]
    places = [
        {case: place for place, case in enumerate(index.ordered(index.cases, sort))}
        for sort in sorts
    ]
    columns = [
        *("number", "slug", "title", "earliest", "latest"),
        *map(sort_column, sorts),
        *FACETS,
    ]
    with closing(sqlite3.connect(path)) as file, file:
        file.execute(f"CREATE TABLE cases (id INTEGER PRIMARY KEY, {', '.join(columns)})")
        marks = ", ".join("?" * (1 + len(columns)))
        for case, texts in _texts():
            order = [place[case] for place in places]
            cells = [
                words[name][case][0] if name in ONE_WORD else json.dumps(words[name][case])
                for name in FACETS
            ]
            file.execute(
                f"INSERT INTO cases VALUES ({marks})",
                (case, *texts, *order, *cells),
            )
        for column in ("earliest", "latest", *map(sort_column, sorts), *ONE_WORD):
            file.execute(f"CREATE INDEX cases_{column} ON cases ({column})")
        for name, found in words.items():
            file.execute(
                f"CREATE TABLE case_{name} (word, id, PRIMARY KEY (word, id)) WITHOUT ROWID"
            )
            file.executemany(
                f"INSERT INTO case_{name} VALUES (?, ?)",
                ((word, case) for case, of_case in found.items() for word in of_case),
            )
        # Without the texts themselves, which the list does not show.
        file.execute(
            "CREATE VIRTUAL TABLE cases_fts USING fts5 "
            "(text, content='', tokenize='porter unicode61 remove_diacritics 2')"
        )
        file.executemany(
            "INSERT INTO cases_fts (rowid, text) VALUES (?, ?)",
            (
                (document.pk, "\n".join(text for _, text, _ in document.passages))
                for document in SearchDocument.objects.only("passages").iterator()
            ),
        )
        file.execute("ANALYZE")


def sort_column(sort: str) -> str:
    """Return the column with the place of a case in one of our orders; newest first if empty."""
    return f"by_{sort or '-date'}".replace("-", "last_")


def _texts() -> Iterator[tuple[int, list[str | None]]]:
    """Yield the key of each public case with its number, slug, title and possible days."""
    from cases.versions.current import current_cases, public_keys

    for key, current in current_cases(public_keys()):
        record = current.record
        yield key, [record.number, record.slug, record.title, *_days(record.date)]


def _days(date: Any) -> tuple[str | None, str | None]:
    """Return the possible days of a date; an open end is the first or the last day there is."""
    if not date.is_stated:
        return None, None
    earliest, latest = date.earliest or dt.date.min, date.latest or dt.date.max
    return earliest.isoformat(), latest.isoformat()


def _queries() -> list[dict[str, Any]]:
    """Return the same questions for both, with the number of cases that each finds here."""
    from django.http import QueryDict

    from cases.finding.case_filter import FACETS, CaseFilter

    from .queries import SharedMix

    facets = [("_facet" if name in ONE_WORD else "_facet_array", name) for name in FACETS]
    queries = []
    for kind, pairs in SharedMix().pairs(QUERIES + WARM_UP):
        ours, asked = urlencode(pairs), dict(pairs)
        theirs = [("_size", str(PAGE_SIZE)), ("_sort", sort_column(asked.get("sort", "")))]
        theirs += [("_where", condition) for condition in conditions(pairs)]
        theirs += [("_search", asked["q"])] if "q" in asked else []
        # Each stems and folds the words of a search in its own way.
        found = None if "q" in asked else len(CaseFilter(QueryDict(ours)).keys)
        addresses = {
            "ours": f"/cases/?{ours}",
            "datasette": f"/cases/cases?{urlencode([*theirs, *facets])}",
        }
        queries.append({"kind": kind, **addresses, "found": found})
    return queries


def conditions(pairs: Pairs) -> Iterator[str]:
    """Yield the filters in SQL, which Datasette answers faster than filters of its own by lists."""
    for name, value in pairs:
        facet, _, form = name.partition("__")
        if name == "date_from":
            yield f"latest >= '{value}-01-01'"
        elif name == "date_to":
            yield f"earliest <= '{value}-12-31'"
        elif name not in ("q", "sort"):
            found = f"SELECT id FROM case_{facet} WHERE word = '{value}'"
            yield f"id {'NOT ' if form else ''}IN ({found})"


if __name__ == "__main__":
    main(Path(sys.argv[1]))
