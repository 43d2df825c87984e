"""The JSON files of cases, streamed as they are written."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from typing import Any

import msgspec
from django.urls import reverse
from django.utils import timezone

from cases.exchange.bundle.layout.describing import LICENCE, RIGHTS
from cases.finding.case_filter import CaseFilter
from cases.finding.description import described, inferences
from cases.finding.former_slugs import CASE_PARAMETER
from cases.finding.page_layout import LAYOUT, MATRIX
from cases.versions.current import made_of_records

from .errors import absolute
from .portions import portions
from .published_case import published_case

# Parameters that only lay out a page. A file holds all cases and ignores them, after checking their
# values. A `page` beyond the last one is not refused, because the file misses nothing.
PAGE_PARAMETERS = ("page", "per_page", "view", "column", LAYOUT)

_ENCODER = msgspec.json.Encoder()


def page_query(cases: CaseFilter) -> str:
    """Return the query string without the parameters that lay out a page."""
    rest = cases.query.data.copy()
    for name in PAGE_PARAMETERS:
        rest.pop(name, None)
    # Only the comparison picks cases by name, so the address must still ask for the comparison.
    if CASE_PARAMETER in rest:
        rest["view"] = MATRIX
    return rest.urlencode()


def json_text(cases: CaseFilter) -> Iterator[str]:
    """Yield the cases that match a query as a JSON file, one batch at a time.

    The last key, `given`, is the number of cases written: fewer than `count` if some were withdrawn
    during the download. A truncated file has no closing brace and does not parse as JSON.
    """
    keys = list(cases.keys)
    head = heading(cases, len(keys), "cases_json")
    return json_with_list(head, "cases", portions(keys, _records))


def json_lines(cases: CaseFilter) -> Iterator[str]:
    """Return the records of `json_text()` in the same order, each on a line of its own."""
    keys = list(cases.keys)
    return (f"{record}\n" for portion in portions(keys, _records) for record in portion)


def json_with_list(
    heading: dict[str, Any], name: str, batches: Iterator[list[str]]
) -> Iterator[str]:
    """Yield a JSON object: the heading, a list of objects under `name`, and how many were given."""
    head = json.dumps(heading, ensure_ascii=False, indent=1).removesuffix("\n}")
    yield f'{head},\n "{name}": ['
    given = 0
    for batch in batches:
        for record in batch:
            yield f"{',' if given else ''}\n{record}"
            given += 1
    yield f'\n],\n "given": {given}\n}}\n'


# What a file of cases says of itself, by key; “cases” and “given” are in the JSON file only.
HEADING = {
    "title": "What the file is.",
    "description": "How many cases there are, and which, in words.",
    "remarks": "What was done with the search besides, one sentence each.",
    "count": "How many cases were found.",
    "total": "How many public cases there were.",
    "dataset_version": "The version of the dataset: every change of a record raises it.",
    "generated_at": "When the file was made, in UTC.",
    "address": "The address of the file.",
    "page": "The page that lists the same cases.",
    "definitions": "The codebook.",
    "schema": "The JSON Schema of a case.",
    "licence": "The licence of the data. Its name, its address and its title in the JSON file.",
    "rights": "The same in words, and what is said of quotes.",
    "how_to_cite": "How to cite the casebook.",
    "cases": "The cases, each an object PublishedCase.",
    "given": "How many cases the file has: fewer than count if some were withdrawn meanwhile.",
}


def heading(cases: CaseFilter, count: int, address: str) -> dict[str, Any]:
    """Return what a file of cases says of itself; `address` is the name of its address."""
    words, inferred = described(cases), inferences(cases)
    return {
        "title": "Cases of the duty-to-warn casebook",
        "description": f"{words}. {inferred}" if inferred else words,
        "remarks": cases.answer.remarks,
        "count": count,
        "total": cases.total,
        "dataset_version": cases.version,
        "generated_at": timezone.now().isoformat(timespec="seconds").replace("+00:00", "Z"),
        "address": absolute(reverse(address), page_query(cases)),
        "page": absolute(reverse("case_list"), page_query(cases)),
        "definitions": absolute(reverse("codebook")),
        "schema": absolute(reverse("case_schema")),
        "licence": LICENCE,
        "rights": RIGHTS,
        "how_to_cite": absolute(reverse("cite"), page_query(cases)),
    }


def _records(keys: Sequence[int]) -> list[str]:
    """Return the JSON of each case that is still public."""
    return made_of_records(
        keys,
        lambda record, version: _ENCODER.encode(published_case(record, version)).decode(),
    )
