"""What the front page says of the collection: three sentences, a case, and the latest changes."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from django.http import QueryDict
from django.urls import reverse
from django.utils.text import get_text_list

from cases.finding.case_filter import CaseFilter
from cases.index import case_index
from cases.index.loading import CLAIMS, COUNTED
from cases.record.classes import CaseRecord
from cases.text.plurals import counted
from cases.versions.announcements import ADDED, Announcement, announcements, rows_since
from cases.versions.current import current_versions
from cases.versions.differences import PartDifferences
from cases.versions.earlier import changes_in, records_of

# Changed values that are named; the others are counted.
MAX_NAMED = 3

WARNED = "kind=warning_given"
FOLLOWED = f"{WARNED}&incident=attack&incident=targeted_killing&incident=invasion"
NOT_BELIEVED = "reception=disbelieved&reception=dismissed"
RECEPTION_UNKNOWN = "reception=not_stated"
DISPUTED = "contested=yes"
WEAK = "modality=reported&modality=alleged&modality=unclear"


@dataclass(frozen=True)
class Piece:
    """A part of a sentence; a number has the address of the cases that it counts."""

    text: str
    address: str = ""


Sentence = tuple[Piece, ...]


@dataclass(frozen=True)
class LatestChange:
    """A change of the collection, and in words what changed."""

    told: Announcement
    what: str


def sentences() -> tuple[Sentence, ...]:
    """Return three sentences on what the collection shows; none of an empty one."""
    return _sentences(case_index.current().version)


@lru_cache(maxsize=2)
def _sentences(version: int) -> tuple[Sentence, ...]:
    """Return the sentences of a version of the dataset; they are made anew with each."""
    total = _cases("")
    if not total.address:
        return ()
    return (
        (
            *(Piece("A warning was given in "), _number(WARNED), Piece(" of "), total),
            *(Piece("; in "), _number(FOLLOWED)),
            Piece(" of these an attack, a targeted killing or an invasion followed."),
        ),
        (
            *(Piece("A recipient disbelieved or dismissed the warning in "), _cases(NOT_BELIEVED)),
            *(Piece("; in "), _cases(RECEPTION_UNKNOWN)),
            Piece(" no source says how a warning was received."),
        ),
        (
            *(Piece("Sources dispute a value in "), _cases(DISPUTED), Piece("; in "), _cases(WEAK)),
            Piece(" a claim is only reported or alleged, or its source calls it unclear."),
        ),
    )


def _cases(query: str) -> Piece:
    """Return “3 cases” with the address that lists them."""
    count = _count(query)
    return Piece(counted(count, "case"), _address(query)) if count else Piece("no case")


def _number(query: str) -> Piece:
    count = _count(query)
    return Piece(f"{count:,}", _address(query)) if count else Piece("none")


def _count(query: str) -> int:
    return len(CaseFilter(QueryDict(query)).qs)


def _address(query: str) -> str:
    address = reverse("case_list")
    return f"{address}?{query}" if query else address


def featured_case() -> CaseRecord | None:
    """Return the case with the most claims, and so with the most to see; None without cases."""
    index = case_index.current()
    with index.reading:
        by_number = index.having(COUNTED, CLAIMS)
        numbers = (int(number) for number, cases in by_number.items() if cases)
        most = max(numbers, default=None)
        keys = list(by_number[str(most)])[-1:] if most is not None else []
    found = current_versions(keys)
    return next((current.record for current in found.values()), None)


def latest_changes(at_most: int) -> list[LatestChange]:
    """Return the latest announced changes, each with what changed in it."""
    told = announcements(rows_since()[:at_most])
    keys = [(one.version.case_id, one.version.number) for one in told if one.version]
    records = records_of(keys)
    changed = changes_in(records)

    def what(one: Announcement) -> str:
        if one.version is None:
            return one.reason
        key = (one.version.case_id, one.version.number)
        if one.kind == ADDED:
            return _contents(records[key]) if key in records else ""
        return _named(changed.get(key, ())) or one.reason

    return [LatestChange(one, what(one)) for one in told]


def _contents(record: CaseRecord) -> str:
    """Return what a new case holds: “2 warnings, 1 incident and 62 claims”."""
    parts = {"warning": record.warnings, "incident": record.incidents, "claim": record.claims}
    held = [counted(len(those), noun) for noun, those in parts.items() if those]
    return str(get_text_list(held, "and"))


def _named(parts: Iterable[PartDifferences]) -> str:
    """Return the names of the values that changed: “Warning 1, channel; 4 others”."""
    names = [f"{part.title}: {one.label}" for part in parts for one in part.differences]
    if len(names) > MAX_NAMED + 1:
        names[MAX_NAMED:] = [f"{len(names) - MAX_NAMED:,} others"]
    return "; ".join(names)
