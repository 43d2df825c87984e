"""Cases that matched an address until their latest version changed them."""

from __future__ import annotations

from pyroaring import BitMap

from cases.index.ordered_keys import Ordered
from cases.versions.current import Current, current_versions
from cases.versions.earlier import records_before

from .case_filter import CaseFilter
from .selection import LAST_CHANGED, Selection


def departures(cases: CaseFilter, count: int) -> dict[int, Current]:
    """Return the cases that matched as of the version before their latest, and no longer do.

    By key, last changed first. Only the `count` cases that changed last, of those that do not
    match, are looked at; two queries. The texts of earlier versions are not searched: for `q` it
    counts what a case says today.
    """
    selection = cases.selection
    with cases.index.reading:
        others = BitMap(cases.index.cases - selection.cases)
    if not others:
        return {}
    newest = Ordered(cases.index, others, [others], LAST_CHANGED)[:count]
    latest = current_versions(newest)
    keys = {(key, current.version.number): key for key, current in latest.items()}
    before = {
        keys[version]: Current(record, latest[keys[version]].version)
        for version, record in records_before(keys).items()
    }
    left = Selection(cases.index.of_records(before.items()), cases.criteria).cases
    return {key: current for key, current in latest.items() if key in left}
