"""The public records of cases, which pages and files are made from."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from typing import Any, TypeVar

from django.db.models import QuerySet
from django.db.models.fields.json import KT
from django.urls import reverse

from cases.models import Version
from cases.record.classes import CaseRecord
from cases.record.stored import decoded
from cases.text.batches import in_batches

from .sent_rows import as_sent

T = TypeVar("T")


@dataclass(frozen=True)
class Current:
    """The public record of a case, and the version that it is from (without its record)."""

    record: CaseRecord
    version: Version


@dataclass(frozen=True)
class CaseName:
    """What the public calls a case; title and slug are those of its latest version.

    The row of the case may have others, which editors have not published yet. So public pages link
    to cases by this or by a record.
    """

    key: int
    number: str
    title: str
    slug: str

    def __str__(self) -> str:
        return f"{self.number} {self.title}"

    def get_absolute_url(self) -> str:
        return reverse("case_detail", args=[self.slug])


def public_keys() -> list[int]:
    """Return the keys of all public cases; one query, which reads no record."""
    return list(
        Version.objects.of_public_cases().order_by().values_list("case", flat=True).distinct()
    )


def current_cases(keys: Collection[int]) -> Iterator[tuple[int, Current]]:
    """Yield the key and the public record of each public case among some, in no fixed order.

    One query, and one batch of records in memory, at a time.
    """
    for batch in in_batches(sorted(keys)):
        for version in Version.objects.current(batch).order_by().with_text():
            yield version.case_id, Current(decoded(version.text), version)


def made_of_records(keys: Collection[int], make: Callable[[CaseRecord, int], T]) -> list[T]:
    """Return what is made of the public record of each case and the number of its version.

    In the order of `keys`, without cases that are not public. One query; `make` asks none. For
    files of many cases: the row of a version takes as long to make as its record.
    """
    versions = Version.objects.current(keys).order_by().with_text()
    rows = as_sent(versions.values_list("case_id", "text", "number"))
    made = {key: make(decoded(text), number) for key, text, number in rows}
    return [made[key] for key in keys if key in made]


def current_versions(keys: Collection[int]) -> dict[int, Current]:
    """Return what is public of some cases, by key and in the same order; one query."""
    return _by_case(keys, Version.objects.current(keys).order_by().with_text())


def latest_versions(keys: Collection[int]) -> dict[int, Current]:
    """Return what is, or last was, public of some cases; for editors, as of `current_versions`."""
    return _by_case(keys, Version.objects.latest_of_each().filter(case__in=keys).with_text())


def _by_case(keys: Collection[int], versions: QuerySet[Any]) -> dict[int, Current]:
    found = {version.case_id: Current(decoded(version.text), version) for version in versions}
    return {key: found[key] for key in keys if key in found}


def current_records(keys: Collection[int]) -> dict[int, CaseRecord]:
    """Return the records of the public ones among some cases, by key and in the same order."""
    versions = Version.objects.current(keys).order_by().with_text().values_list("case_id", "text")
    found = {key: decoded(text) for key, text in versions}
    return {key: found[key] for key in keys if key in found}


def public_names(keys: Collection[int]) -> dict[int, CaseName]:
    """Return the names of the public ones among some cases, by key; reads no whole record."""
    return {
        name.key: name
        for batch in in_batches(sorted(keys))
        for name in _names(Version.objects.current(batch))
    }


def public_name_of(number: str) -> CaseName | None:
    """Return the name of the public case with this number, or None."""
    return next(_names(Version.objects.current().filter(case__number=number)), None)


def _names(versions: QuerySet[Version]) -> Iterator[CaseName]:
    columns = ("case_id", "case__number", KT("record__title"), KT("record__slug"))
    for key, number, title, slug in versions.order_by().values_list(*columns):
        yield CaseName(key, number, title or "", slug)
