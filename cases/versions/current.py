"""The public records of cases, which pages and files are made from."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass

from cases.models import Version
from cases.record.classes import CaseRecord
from cases.record.stored import decoded
from cases.text.batches import in_batches


@dataclass(frozen=True)
class Current:
    """The public record of a case, and the version that it is from (without its record)."""

    record: CaseRecord
    version: Version


# Versions that are fetched together when many cases are read one after the other.
READ_TOGETHER = 500


def current_cases(keys: Collection[int] | None = None) -> Iterator[tuple[int, Current]]:
    """Yield the key of each public case among some, or of all, with what is public of it.

    One query for all cases, or for each batch of keys; memory does not grow with the cases.
    """
    for batch in [None] if keys is None else in_batches(sorted(keys)):
        versions = Version.objects.current(batch).order_by().with_text()
        for version in versions.iterator(READ_TOGETHER):
            yield version.case_id, Current(decoded(version.text), version)


def current_versions(keys: Collection[int]) -> dict[int, Current]:
    """Return what is public of some cases, by key and in the same order; one query."""
    versions = Version.objects.current(keys).order_by().with_text()
    found = {version.case_id: Current(decoded(version.text), version) for version in versions}
    return {key: found[key] for key in keys if key in found}


def current_records(keys: Collection[int]) -> dict[int, CaseRecord]:
    """Return the records of the public ones among some cases, by key and in the same order."""
    return {key: current.record for key, current in current_versions(keys).items()}
