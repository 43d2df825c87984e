"""The records of cases as JSON, as versions store them."""

from __future__ import annotations

from typing import Any

from cases.models import Case
from cases.record.building import record_of
from cases.record.stored import as_json, read_record
from cases.versions.differences import PartDifferences, differences

Json = dict[str, Any]


def case_record(case: Case) -> Json:
    """Return the record of a case fetched with `detail()`, as a version stores it."""
    return as_json(record_of(case))


def differences_of(before: Json, after: Json) -> list[PartDifferences]:
    """Return the differences between two stored records."""
    return differences(read_record(before), read_record(after))
