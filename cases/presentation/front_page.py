"""What the front page shows of the collection: numbers, a case, and the latest changes."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.http import QueryDict
from django.utils.text import get_text_list

from cases.changelog import until_changed
from cases.finding.case_filter import CaseFilter
from cases.index import case_index
from cases.index.loading import CLAIMS, COUNTED
from cases.record.classes import CaseRecord
from cases.text.plurals import counted
from cases.versions.announcements import ADDED, Announcement, announcements, rows_since
from cases.versions.current import current_versions
from cases.versions.differences import PartDifferences
from cases.versions.earlier import changes_in, records_of

from .charts.case_set import CaseSet, Counted

# Changed values that are named; the others are counted.
MAX_NAMED = 3

# The query strings of the lists that the sentences count.
ASKED = {
    "all": "",
    "warned": "kind=warning_given",
    "happened": "kind=warning_given&incident=attack&incident=targeted_killing&incident=invasion",
    "not_believed": "reception=disbelieved&reception=dismissed",
    "reception_unknown": "reception=not_stated",
    "disputed": "contested=yes",
    "noted": "has_notes=yes",
    "weak": "modality=reported&modality=alleged&modality=unclear",
}


@dataclass(frozen=True)
class LatestChange:
    """A change of the collection, and in words why it was made and what changed."""

    told: Announcement
    what: str


@until_changed
def shown() -> dict[str, Counted]:
    """Return what the sentences on the collection count, by the names in `ASKED`."""
    return {name: _counted(query) for name, query in ASKED.items()}


def _counted(query: str) -> Counted:
    cases = CaseFilter(QueryDict(query))
    return CaseSet(cases).all()


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
        return f"{one.reason} {_named(changed.get(key, ()))}".strip()

    return [LatestChange(one, what(one)) for one in told]


def _contents(record: CaseRecord) -> str:
    """Return what a new case holds: “2 warnings, 1 incident and 62 claims”."""
    parts = {"warning": record.warnings, "incident": record.incidents, "claim": record.claims}
    held = [counted(len(those), noun) for noun, those in parts.items() if those]
    return str(get_text_list(held, "and"))


def _named(parts: Iterable[PartDifferences]) -> str:
    """Return the names of the values that changed: “Changed: Warning 1, channel; 4 others.”"""
    names = [f"{part.title}, {one.label}" for part in parts for one in part.differences]
    if len(names) > MAX_NAMED + 1:
        names[MAX_NAMED:] = [f"{len(names) - MAX_NAMED:,} others"]
    return f"Changed: {'; '.join(names)}." if names else ""
