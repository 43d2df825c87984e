"""What waits for an editor or a reviewer, in sections; each is bounded in a large casebook."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.contrib.auth.models import User
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from cases.models import Case, Claim, ReviewStep, Source
from cases.models.vocabulary import CaseStatus

from .checks_in_sql import NOT_ARCHIVED, is_weak, lacks_evidence

MAX_COUNTED = 1000
"""Rows of a section that are counted and can be paged through; of more the first are shown."""
RECENTLY = dt.timedelta(days=30)

Rows = Any
"""A queryset of cases or of sources."""


@dataclass(frozen=True)
class QueueSection:
    """One kind of work. `find` returns its rows, those that come first on top."""

    name: str
    title: str
    explanation: str
    find: Callable[[], Rows]
    of_cases: bool = True
    is_checked: bool = True
    """Whether the record checks are run on the rows of a page."""

    @property
    def permission(self) -> str:
        return "cases.view_case" if self.of_cases else "cases.view_source"

    def rows(self, editor: User | None = None) -> Rows:
        """Return the rows; with an editor those of cases that they made, or edited last."""
        rows = self.find()
        if editor is None:
            return rows
        if self.of_cases:
            return rows.filter(_by(editor))
        theirs = Case.objects.filter(_by(editor)).values("pk")
        return rows.filter(
            Exists(Claim.objects.order_by().filter(source=OuterRef("pk"), case__in=theirs))
        )


def _by(editor: User) -> Q:
    return Q(created_by=editor) | Q(updated_by=editor)


def editors() -> QuerySet[User]:
    """Return those who made a case, or edited one last."""
    cases = Case.objects.order_by()
    made, edited = (
        Exists(cases.filter(**{stamp: OuterRef("pk")})) for stamp in ("created_by", "updated_by")
    )
    return User.objects.filter(made | edited).order_by("username")


def count(rows: Rows) -> int:
    """Count rows, up to one more than MAX_COUNTED."""
    return int(rows.order_by().values("pk")[: MAX_COUNTED + 1].count())


def _open() -> Rows:
    """Return what is not public yet, the last changed first. What is public has been reviewed."""
    unpublished = (CaseStatus.DRAFT, CaseStatus.IN_REVIEW)
    return Case.objects.filter(status__in=unpublished).order_by("-updated_at", "-pk")


def _in_review() -> Rows:
    return Case.objects.filter(status=CaseStatus.IN_REVIEW).order_by("updated_at", "pk")


def _sent_back() -> Rows:
    returned = ReviewStep.objects.filter(case=OuterRef("pk"), status=CaseStatus.DRAFT)
    return _open().filter(Exists(returned.order_by()), status=CaseStatus.DRAFT)


def _not_archived() -> Rows:
    return Source.objects.filter(NOT_ARCHIVED).order_by("title", "pk")


def _changed() -> Rows:
    since = timezone.now() - RECENTLY
    return Case.objects.filter(updated_at__gte=since).order_by("-updated_at", "-pk")


SECTIONS = {
    section.name: section
    for section in (
        QueueSection(
            "in_review",
            "In review",
            "Submitted and not yet published, those that wait longest first.",
            _in_review,
        ),
        QueueSection(
            "sent_back",
            "Sent back",
            "Drafts that a reviewer sent back, to be mended and submitted again.",
            _sent_back,
        ),
        QueueSection(
            "unsupported",
            "Unsupported values",
            "Unpublished cases with a coded value that no claim asserts, the last changed first.",
            lambda: _open().filter(lacks_evidence()),
        ),
        QueueSection(
            "weak",
            "Weak records",
            "Unpublished cases with weak points, the last changed first.",
            lambda: _open().filter(is_weak()),
        ),
        QueueSection(
            "sources",
            "Sources without archived address",
            "They are read at an address that may die; a lasting copy keeps what claims rest on.",
            _not_archived,
            of_cases=False,
            is_checked=False,
        ),
        QueueSection(
            "changed",
            "Recently changed",
            "Cases of any status that were edited, or took a step, in the last 30 days.",
            _changed,
            is_checked=False,
        ),
    )
}
