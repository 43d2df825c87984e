"""What was added, changed and withdrawn, as the public is told.

Every version of a published case is one announcement; a withdrawn case is announced once, with the
reason or the case that it went into, in place of its versions.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import BigIntegerField, F, OuterRef, QuerySet, Subquery, Value
from django.db.models.functions import Cast, Coalesce
from django.urls import reverse

from cases.models import Case, ReviewStep, Version
from cases.models.vocabulary import CaseStatus

ADDED, CHANGED, WITHDRAWN, MERGED = "added", "changed", "withdrawn", "merged"

Row = tuple[dt.datetime, int, int | None]
"""When something was announced, of which case, and by which version (None: it was withdrawn)."""


@dataclass(frozen=True)
class Announcement:
    """One thing that the public is told of a case; `version` is None where it was withdrawn."""

    at: dt.datetime
    case: Case
    version: Version | None

    @property
    def kind(self) -> str:
        if self.version is not None:
            return ADDED if self.version.number == 1 else CHANGED
        return MERGED if self.case.merged_into_id else WITHDRAWN

    @property
    def title(self) -> str:
        """Name the case: of one that is withdrawn only what goes on being public, its number."""
        if self.version is None:
            return self.case.number
        return f"{self.case.title} ({self.case.number})"

    @property
    def words(self) -> str:
        """Say what happened: “added”, “merged into DTW-0002”."""
        if self.kind == MERGED and self.case.merged_into is not None:
            return f"merged into {self.case.merged_into.number}"
        return self.kind

    @property
    def reason(self) -> str:
        """Return what the public is told of why."""
        return self.case.withdrawn_reason if self.version is None else self.version.change_note

    @property
    def address(self) -> str:
        """Return the address of the version, or the lasting one that says what became of it."""
        if self.version is None:
            return self.case.get_permanent_url()
        return reverse("case_version", args=[self.case.slug, self.version.number])

    @property
    def identity(self) -> str:
        """Return what names the announcement for good, whatever the slug of its case becomes."""
        mark = "withdrawn" if self.version is None else f"v{self.version.number}"
        return f"{self.case.get_permanent_url()}#{mark}"


def rows_since(since: dt.date | None = None) -> QuerySet[Any, Row]:
    """Return the announcements made on the day `since` (in UTC) or later, the newest first."""
    versions = Version.objects.filter(case__status=CaseStatus.PUBLISHED)
    # A draft that went into another case was never public, and its number was not either.
    gone = Case.objects.exclude(published_at=None, merged_into__isnull=False)
    withdrawn = gone.filter(status=CaseStatus.WITHDRAWN).annotate(at=withdrawn_at())
    if since is not None:
        start = dt.datetime.combine(since, dt.time(), dt.UTC)
        versions, withdrawn = versions.filter(made_at__gte=start), withdrawn.filter(at__gte=start)
    of_versions = versions.order_by().values_list("made_at", "case_id", "pk")
    of_cases = withdrawn.order_by().values_list(
        "at", "pk", Cast(Value(None), BigIntegerField(null=True))
    )
    found: QuerySet[Any, Row] = of_versions.union(of_cases, all=True).order_by(
        "-made_at", "-case_id", "-pk"
    )
    return found


def withdrawn_at() -> Coalesce:
    """Return the time at which a withdrawn case was withdrawn.

    One that came with the status, as from another casebook, has no step of its own.
    """
    steps = ReviewStep.objects.filter(case=OuterRef("pk"), status=CaseStatus.WITHDRAWN)
    return Coalesce(Subquery(steps.order_by("-taken_at").values("taken_at")[:1]), F("updated_at"))


def announcements(rows: Iterable[Row]) -> list[Announcement]:
    """Return the announcements of some rows, in their order; two queries."""
    listed = list(rows)
    versions = Version.objects.defer("record").in_bulk(
        [version for _, _, version in listed if version is not None]
    )
    cases = Case.objects.select_related("merged_into").in_bulk({case for _, case, _ in listed})
    return [
        Announcement(at, cases[case], versions[version] if version is not None else None)
        for at, case, version in listed
    ]


def check_since(value: str) -> None:
    """Raise ValidationError, with a sentence, unless a value is a day such as 2024-03-22."""
    read_since(value)


def read_since(value: str) -> dt.date:
    try:
        day = dt.datetime.strptime(value, "%Y-%m-%d").replace(tzinfo=dt.UTC).date()
    except ValueError:
        day = None
    if day is None or day.isoformat() != value:
        raise ValidationError(
            "“since” is a day, written as year, month and day, such as 2024-03-22."
        )
    return day
