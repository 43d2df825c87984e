"""Short ways into the coding sheet of a case, for tests."""

from __future__ import annotations

from cases.evidence.coded_value import CodedValue
from cases.evidence.sheet import CodingSheet
from cases.models import Case
from cases.record.building import record_of

from .factories import detail


def sheet_of(case: Case) -> CodingSheet:
    return CodingSheet(record_of(detail(case)))


def value_at(case: Case, path: str) -> CodedValue:
    """Return the coded value of `case` at `path`."""
    (value,) = [value for value in sheet_of(case).values() if value.path == path]
    return value
