"""Write the public cases of DATABASE_URL as a file for Datasette, and print what to ask of both.

    python -m tests.benchmarks.datasette_file FOLDER

In the shape that suits Datasette: a row for each case with its facets, as words or as lists of
words in JSON; for each list a table with a row for each of its words, from which a filter finds
the cases by an index; an index for each order; and a table for full-text search.
"""

from __future__ import annotations

import datetime as dt
import json
import sqlite3
import sys
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
"""The facets of which each case has one word; of the others it has a list."""

ORDERS = {
    "": "_sort_desc=latest",
    "-date": "_sort_desc=latest",
    "date": "_sort=earliest",
    "lead_time": "_sort=shortest_lead_time",
    "-lead_time": "_sort_desc=longest_lead_time",
    "-deaths": "_sort_desc=deaths",
    "title": "_sort=title",
    "-updated": "_sort_desc=updated",
}
"""Our orders as Datasette's. It orders by one column, and puts unknown values first or last."""

SORTED_BY = (
    "earliest",
    "latest",
    "title",
    "updated",
    "deaths",
    "shortest_lead_time",
    "longest_lead_time",
)


def main(folder: Path) -> None:
    django.setup()
    from cases.finding.case_filter import FACETS

    write_file(folder / "cases.db", list(FACETS))
    tables = {"cases": {"fts_table": "cases_fts", "fts_pk": "id"}}
    metadata = {"databases": {"cases": {"tables": tables}}}
    (folder / "metadata.json").write_text(json.dumps(metadata), encoding="utf-8")
    print(json.dumps(_queries(list(FACETS))))  # noqa: T201 - read by the parent process


def write_file(path: Path, facets: list[str]) -> None:
    from django.http import QueryDict

    from cases.finding.case_filter import CaseFilter
    from cases.index import case_index
    from cases.models import SearchDocument

    index, choices = case_index.current(), CaseFilter(QueryDict()).choices
    with index.reading:
        having = {name: index.having(name) for name in facets}
        sets = {
            name: {value: having[name][value] for value in choices[name] if value in having[name]}
            for name in facets
        }
    words: dict[str, dict[int, list[str]]] = {name: {} for name in facets}
    for name, values in sets.items():
        for value, cases in values.items():
            for case in cases:
                words[name].setdefault(case, []).append(value)
    columns = ("id", "number", "slug", *SORTED_BY, *facets)
    with closing(sqlite3.connect(path)) as file, file:
        file.execute(f"CREATE TABLE cases (id INTEGER PRIMARY KEY, {', '.join(columns[1:])})")
        places = ", ".join("?" * len(columns))
        for case, row in _rows():
            cells = [
                words[name][case][0] if name in ONE_WORD else json.dumps(words[name].get(case, []))
                for name in facets
            ]
            file.execute(f"INSERT INTO cases VALUES ({places})", (case, *row, *cells))  # noqa: S608
        for column in (*SORTED_BY, *(name for name in facets if name in ONE_WORD)):
            file.execute(f"CREATE INDEX cases_{column} ON cases ({column})")
        for name in (name for name in facets if name not in ONE_WORD):
            file.execute(
                f"CREATE TABLE case_{name} (case_id INTEGER REFERENCES cases (id), {name} TEXT)"
            )
            file.executemany(
                f"INSERT INTO case_{name} VALUES (?, ?)",  # noqa: S608 - our own names
                ((case, value) for case, values in words[name].items() for value in values),
            )
            file.execute(f"CREATE INDEX case_{name}_value ON case_{name} ({name}, case_id)")
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


def _rows() -> Iterator[tuple[int, tuple[Any, ...]]]:
    """Yield the key of each public case with its number, its slug, and what lists sort by."""
    from cases.evidence.case_evidence import CaseEvidence
    from cases.evidence.lead_time import KNOWN, lead_time
    from cases.versions.current import current_cases

    for key, current in current_cases():
        record = current.record
        occurrence = CaseEvidence(record).occurrence
        leads = [lead_time(warning, occurrence) for warning in record.warnings]
        leads = [lead for lead in leads if lead.status == KNOWN]
        deaths = [one.deaths_lower_bound for one in record.incidents]
        yield (
            key,
            (
                record.number,
                record.slug,
                *_days(record.date),
                record.title,
                current.version.changed_at.isoformat(),
                sum(known) if (known := [each for each in deaths if each is not None]) else None,
                min((lead.minimum for lead in leads if lead.minimum is not None), default=None),
                max((lead.maximum for lead in leads if lead.maximum is not None), default=None),
            ),
        )


def _days(date: Any) -> tuple[str | None, str | None]:
    """Return the possible days of a date; an open end is the first or the last day there is."""
    if not date.is_stated:
        return None, None
    earliest, latest = date.earliest or dt.date.min, date.latest or dt.date.max
    return earliest.isoformat(), latest.isoformat()


def _queries(facets: list[str]) -> list[dict[str, Any]]:
    """Return the same questions for both, with the number of cases that each finds here."""
    from django.http import QueryDict

    from cases.finding.case_filter import CaseFilter

    from .queries import SharedMix

    drawn = SharedMix().pairs(QUERIES + WARM_UP)
    return [
        {
            "kind": kind,
            "ours": f"/cases/?{urlencode(pairs)}",
            "datasette": f"/cases/cases?{datasette_query(pairs, facets)}",
            # Each stems and folds the words of a search in its own way.
            "found": None
            if "q" in dict(pairs)
            else len(CaseFilter(QueryDict(urlencode(pairs))).keys),
        }
        for kind, pairs in drawn
    ]


def datasette_query(pairs: Pairs, facets: list[str]) -> str:
    """Return the query string for Datasette's page of the table that asks the same."""
    asked = [("_size", str(PAGE_SIZE))]
    asked += [("_facet" if name in ONE_WORD else "_facet_array", name) for name in facets]
    order = ""
    # The quickest filter of a list, by the index of its table. Beside one of another kind it finds
    # the wrong cases (0.65.5): both name the first parameter of their SQL p0.
    through_tables = all(name.split("__")[0] not in ONE_WORD for name, _ in pairs) and not any(
        "__" in name or name.startswith("date_") for name, _ in pairs
    )
    for name, value in pairs:
        facet, _, form = name.partition("__")
        if name == "sort":
            order = value
        elif name == "q":
            asked.append(("_search", value))
        elif name == "date_from":
            asked.append(("latest__gte", f"{value}-01-01"))
        elif name == "date_to":
            asked.append(("earliest__lte", f"{value}-12-31"))
        elif facet in ONE_WORD:
            asked.append((f"{facet}__not" if form else facet, value))
        elif form:
            asked.append((f"{facet}__arraynotcontains", value))
        elif not through_tables:
            asked.append((f"{facet}__arraycontains", value))
        else:
            rows = {"table": f"case_{facet}", "column": facet, "value": value}
            asked.append(("_through", json.dumps(rows)))
    return f"{urlencode(asked)}&{ORDERS[order]}"


if __name__ == "__main__":
    main(Path(sys.argv[1]))
