"""Announcements: the public list of cases that were added, changed or withdrawn.

Each version of a published case is one announcement. A withdrawn or merged case has a single
announcement that replaces those of its versions. Once the case is reinstated, its versions are
announced again, and so is the withdrawal between them. Versions of synthetic cases are not
announced: they would hide those of real ones.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import reduce
from itertools import chain
from operator import or_
from typing import Any, overload

from django.core.exceptions import ValidationError
from django.db.models import BigIntegerField, Exists, F, Max, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce
from django.urls import reverse

from cases.models import Case, ReviewStep, Version
from cases.models.edtf import impossible_day
from cases.models.vocabulary import CaseStatus

from .current import CaseName, public_names

ADDED, CHANGED, WITHDRAWN, MERGED = "added", "changed", "withdrawn", "merged"
REINSTATED = "reinstated"

# The kinds of announcements, with the words for them on screen.
KINDS = {
    ADDED: "Added",
    CHANGED: "Changed",
    WITHDRAWN: "Withdrawn",
    MERGED: "Merged into another",
    REINSTATED: "Reinstated",
}

# Time of the announcement, key of the case, key of the version (None if it was withdrawn), and for
# a withdrawal that has ended the key of the version that ended it.
AnnouncementRow = tuple[dt.datetime, int, int | None, int | None]

# The versions that are announced as each kind.
VERSIONS_OF_KIND = {
    ADDED: Q(withdrawn_at=None, number=1),
    CHANGED: Q(withdrawn_at=None, number__gt=1),
    REINSTATED: Q(withdrawn_at__isnull=False),
}

# Rows that are read with the same queries when all are read one after the other.
ROWS_PER_BATCH = 500


@dataclass(frozen=True)
class Announcement:
    """A public announcement about a case; `version` is None if the case was withdrawn."""

    at: dt.datetime
    number: str
    case: CaseName | None
    """What the case is called today; None if it is withdrawn."""

    version: Version | None
    ended_by: Version | None = None
    """For a withdrawal that has ended: the version that reinstated the case."""

    reason: str = ""
    """The public reason for the change or the withdrawal."""

    merged_into: str = ""
    """The number of the case that it was merged into."""

    kept: CaseName | None = None
    """What that case is called, if it is public."""

    @property
    def kind(self) -> str:
        """ADDED, CHANGED, WITHDRAWN, MERGED or REINSTATED."""
        if self.version is not None:
            if self.version.is_reinstatement:
                return REINSTATED
            return ADDED if self.version.number == 1 else CHANGED
        if self.ended_by is not None:
            return WITHDRAWN
        return MERGED if self.merged_into else WITHDRAWN

    @property
    def title(self) -> str:
        """The title of the case with its number; only the number if the case was withdrawn."""
        if self.version is None or self.case is None:
            return self.number
        return f"{self.case.title} ({self.number})"

    @property
    def words(self) -> str:
        """What happened: “added”, “merged into DTW-0002”."""
        return f"merged into {self.merged_into}" if self.kind == MERGED else self.kind

    @property
    def address(self) -> str:
        """The address of the version; of a withdrawn case the permanent one, which says why."""
        if self.version is None or self.case is None:
            return self.permanent_address
        return reverse("case_version", args=[self.case.slug, self.version.number])

    @property
    def identity(self) -> str:
        """An identifier that never changes: feeds use it to recognise known entries."""
        # Built from the permanent address, because the slug of a case may change. A case can be
        # withdrawn again; the time of a withdrawal stays when the case is reinstated.
        fragment = f"withdrawn-{self.at:%Y%m%dT%H%M%S}"
        if self.version is not None:
            fragment = f"v{self.version.number}"
        return f"{self.permanent_address}#{fragment}"

    @property
    def permanent_address(self) -> str:
        return reverse("case_permanent", args=[self.number])


@dataclass(frozen=True)
class _RowsOfOneKind:
    """A query for rows, with the names of the fields that they are sorted by, each descending."""

    found: QuerySet[Any]
    at: str
    case: str
    columns: tuple[Any, ...]

    def rows(self, before: AnnouncementRow | None = None) -> QuerySet[Any, AnnouncementRow]:
        """Return the rows, newest first; only those that follow `before` in that order."""
        found = self.found
        if before is not None:
            at, case, version, ended_by = before
            # The first condition is for the index, and the others for rows of the same moment.
            same_moment = Q(**{self.at: at, f"{self.case}__lt": case})
            same_case = Q(**{self.at: at, self.case: case, "pk__lt": version or ended_by or 0})
            later = Q(**{f"{self.at}__lt": at})
            found = found.filter(later | same_moment | same_case, **{f"{self.at}__lte": at})
        order = dict.fromkeys((f"-{self.at}", f"-{self.case}", "-pk"))
        return found.order_by(*order).values_list(*self.columns)


def _newest_first(row: AnnouncementRow) -> tuple[dt.datetime, int, int]:
    at, case, version, ended_by = row
    return at, case, version or ended_by or 0


class AnnouncementRows(Sequence[AnnouncementRow]):
    """The rows of announcements, newest first, as lists of several kinds that each know theirs.

    Slicing reads from each kind as many rows as the slice could need, by an index; to sort all rows
    of all kinds together would take the longer the more versions there are.
    """

    def __init__(self, *kinds: _RowsOfOneKind) -> None:
        self._kinds = kinds

    def __len__(self) -> int:
        return sum(kind.found.count() for kind in self._kinds)

    @overload
    def __getitem__(self, place: int) -> AnnouncementRow: ...
    @overload
    def __getitem__(self, place: slice) -> list[AnnouncementRow]: ...
    def __getitem__(self, place: int | slice) -> AnnouncementRow | list[AnnouncementRow]:
        if isinstance(place, int):
            return self[place : place + 1][0]
        rows = chain.from_iterable(kind.rows()[: place.stop] for kind in self._kinds)
        return sorted(rows, key=_newest_first, reverse=True)[place]

    def batches(self) -> Iterator[list[AnnouncementRow]]:
        """Yield all rows in batches; one query a kind for each, and no more memory for more rows.

        Each batch begins where the last one ended, so that no row is read twice or left out if
        something is announced in between.
        """
        last: AnnouncementRow | None = None
        while True:
            rows = chain.from_iterable(kind.rows(last)[:ROWS_PER_BATCH] for kind in self._kinds)
            batch = sorted(rows, key=_newest_first, reverse=True)[:ROWS_PER_BATCH]
            if batch:
                yield batch
            if len(batch) < ROWS_PER_BATCH:
                return
            last = batch[-1]


def last_change() -> dt.date | None:
    """Return the day on which the public cases last changed; None if there never were any."""
    for at, *_ in rows_since()[:1]:
        return at.date()
    # Versions of synthetic cases are not announced.
    latest: dt.datetime | None = Version.objects.aggregate(latest=Max("made_at"))["latest"]
    return latest.date() if latest else None


def rows_since(since: dt.date | None = None, kinds: Collection[str] = ()) -> AnnouncementRows:
    """Return the rows of announcements made on the day `since` (UTC) or later, newest first.

    Without `kinds`, those of all kinds.
    """
    # Joined with cases, SQLite would begin with all that are public, and not with new versions.
    is_public = Exists(Case.objects.published().filter(pk=OuterRef("case_id")))
    versions = Version.objects.filter(is_public, is_announced=True)
    # A draft that was merged into another case was never public, and neither was its number.
    was_public = Case.objects.exclude(published_at=None, merged_into__isnull=False)
    withdrawn = was_public.filter(status=CaseStatus.WITHDRAWN).annotate(at=withdrawn_at())
    ended = versions.filter(withdrawn_at__isnull=False)
    if since is not None:
        start = dt.datetime.combine(since, dt.time(), dt.UTC)
        versions, withdrawn = versions.filter(made_at__gte=start), withdrawn.filter(at__gte=start)
        ended = ended.filter(withdrawn_at__gte=start)
    if kinds:
        of_kind = [condition for kind, condition in VERSIONS_OF_KIND.items() if kind in kinds]
        versions = versions.filter(reduce(or_, of_kind)) if of_kind else versions.none()
        if WITHDRAWN not in kinds:
            withdrawn, ended = withdrawn.filter(merged_into__isnull=False), ended.none()
        if MERGED not in kinds:
            withdrawn = withdrawn.filter(merged_into=None)
    null = Value(None, BigIntegerField(null=True))
    return AnnouncementRows(
        _RowsOfOneKind(versions, "made_at", "case_id", ("made_at", "case", "pk", null)),
        _RowsOfOneKind(withdrawn, "at", "pk", ("at", "pk", null, null)),
        _RowsOfOneKind(ended, "withdrawn_at", "case_id", ("withdrawn_at", "case", null, "pk")),
    )


def withdrawn_at() -> Coalesce:
    """Return an expression for the time at which a withdrawn case was withdrawn."""
    # A case that was imported as withdrawn has no such step; its last update stands in for it.
    steps = ReviewStep.objects.filter(case=OuterRef("pk"), status=CaseStatus.WITHDRAWN)
    return Coalesce(Subquery(steps.order_by("-taken_at").values("taken_at")[:1]), F("updated_at"))


def announcements(rows: Iterable[AnnouncementRow]) -> list[Announcement]:
    """Return the announcements of the rows, in their order; three queries.

    A version is left out if its case was withdrawn since the rows were read.
    """
    return [told for _, told in with_announcements(rows)]


def with_announcements(
    rows: Iterable[AnnouncementRow],
) -> list[tuple[AnnouncementRow, Announcement]]:
    """Return the rows with their announcements, as `announcements()` does."""
    rows = list(rows)
    # The nested record of a version may be large, and an announcement does not need it.
    versions = Version.objects.defer("record").in_bulk(
        {version for _, _, *named in rows for version in named if version is not None}
    )
    cases = Case.objects.select_related("merged_into").in_bulk({case for _, case, *_ in rows})
    kept = {case.merged_into_id for case in cases.values() if case.merged_into_id}
    names = public_names({*cases, *kept})
    return [
        (row, _announcement(at, cases[key], names, versions.get(version), versions.get(ended_by)))
        for row in rows
        for at, key, version, ended_by in [row]
        if key in cases and (version is None or key in names)
    ]


def _announcement(
    at: dt.datetime,
    case: Case,
    names: Mapping[int, CaseName],
    version: Version | None,
    ended_by: Version | None,
) -> Announcement:
    kept = case.merged_into
    return Announcement(
        at,
        case.number,
        names.get(case.pk),
        version,
        ended_by,
        reason=version.change_note if version else (ended_by or case).withdrawn_reason,
        merged_into=kept.number if kept else "",
        kept=names.get(kept.pk) if kept else None,
    )


def check_since(value: str) -> None:
    """Raise ValidationError unless a value is a day such as 2024-03-22."""
    parse_since(value)


def parse_since(value: str) -> dt.date:
    """Return the day that a value is; raises ValidationError for anything else."""
    try:
        day = dt.datetime.strptime(value, "%Y-%m-%d").replace(tzinfo=dt.UTC).date()
    except ValueError:
        day = None
    # strptime also accepts 2024-3-22, but one day should have one address.
    if day is None or day.isoformat() != value:
        rule = "“since” is a day, written as year, month and day, such as 2024-03-22."
        raise ValidationError(f"{rule} {impossible_day(value)}".strip())
    return day
