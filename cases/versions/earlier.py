"""The versions before some versions of cases, and what changed in between."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import reduce
from operator import or_

from django.db.models import Q

from cases.models import Version
from cases.record.classes import CaseRecord
from cases.record.stored import decoded
from cases.text.batches import in_batches

from .differences import PartDifferences, differences

# The key of a case, and the number of one of its versions.
VersionKey = tuple[int, int]


def records_of(versions: Iterable[VersionKey]) -> dict[VersionKey, CaseRecord]:
    """Return the records of those versions of public cases that exist; one query for a batch."""
    found = {}
    # SQLite takes a condition of at most 1,000 parts.
    for batch in in_batches(sorted(set(versions))):
        wanted = reduce(or_, (Q(case=case, number=number) for case, number in batch))
        for version in Version.objects.of_public_cases().filter(wanted).order_by().with_text():
            found[version.case_id, version.number] = decoded(version.text)
    return found


def records_before(versions: Iterable[VersionKey]) -> dict[VersionKey, CaseRecord]:
    """Return the record before each version, by the key of that version; not before the first."""
    before = {(case, number - 1): (case, number) for case, number in versions if number > 1}
    return {before[key]: record for key, record in records_of(before).items()}


def changes_in(
    records: Mapping[VersionKey, CaseRecord],
) -> dict[VersionKey, list[PartDifferences]]:
    """Return what each of some versions changed, in words; nothing for a first version."""
    before = records_before(records)
    return {key: differences(old, records[key]) for key, old in before.items()}
