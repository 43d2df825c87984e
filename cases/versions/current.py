"""The public records of cases, which pages and files are made from."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from cases.models import Version
from cases.record.classes import CaseRecord
from cases.record.stored import decoded


@dataclass(frozen=True)
class Current:
    """The public record of a case, and the version that it is from (without its record)."""

    record: CaseRecord
    version: Version


def current_versions(keys: Collection[int]) -> dict[int, Current]:
    """Return what is public of some cases, by key and in the same order; one query."""
    versions = Version.objects.current(keys).with_text()
    found = {version.case_id: Current(decoded(version.text), version) for version in versions}
    return {key: found[key] for key in keys if key in found}


def current_records(keys: Collection[int]) -> dict[int, CaseRecord]:
    """Return the records of the public ones among some cases, by key and in the same order."""
    return {key: current.record for key, current in current_versions(keys).items()}
