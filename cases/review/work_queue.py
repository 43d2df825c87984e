"""The work queue of editors and reviewers, in sections of limited length."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.contrib.auth.models import User
from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery
from django.utils import timezone

from cases.models import Case, Claim, Comment, ReviewStep, Source
from cases.models.vocabulary import CaseStatus

from .checks_in_sql import NOT_ARCHIVED, has_note_about_nothing, is_weak, lacks_evidence
from .second_person import not_needing_another
from .transitions import PUBLISH

# Rows of a section that are counted and can be paged through; later rows are not shown.
MAX_COUNTED = 1000
RECENTLY = dt.timedelta(days=30)

# A queryset of cases or of sources.
Rows = Any


@dataclass(frozen=True)
class QueueSection:
    """One kind of work. `find` returns its rows, the most urgent first."""

    name: str
    title: str
    explanation: str
    find: Callable[[], Rows]
    of_cases: bool = True
    is_checked: bool = True
    """Whether the page runs the record checks on its rows."""

    @property
    def permission(self) -> str:
        """The permission that a user needs to see the section."""
        return "cases.view_case" if self.of_cases else "cases.view_source"

    def rows(self, editor: User | None = None) -> Rows:
        """Return the rows; with an editor only those of cases they created or edited last."""
        rows = self.find()
        if editor is None:
            return rows
        if self.of_cases:
            return rows.filter(is_of(editor))
        # A source belongs to the editors of the cases with claims from it.
        theirs = Case.objects.filter(is_of(editor)).values("pk")
        return rows.filter(
            Exists(Claim.objects.order_by().filter(source=OuterRef("pk"), case__in=theirs))
        )

    def waits_for(self, user: User) -> bool:
        """Whether one of its rows is for a user to act on."""
        if self.name == "changed":
            return False
        if self.name != "in_review":
            return bool(self.rows(user).exists())
        may_publish = user.has_perm(PUBLISH.permission)
        return may_publish and not_needing_another(self.rows(), user).exists()


def is_of(editor: Any) -> Q:
    """Return the condition that a user (or the key of one) made a case or edited it last."""
    return Q(created_by=editor) | Q(updated_by=editor)


def editors() -> QuerySet[User]:
    """Return the users who created a case or edited one last."""
    cases = Case.objects.order_by()
    made, edited = (
        Exists(cases.filter(**{stamp: OuterRef("pk")})) for stamp in ("created_by", "updated_by")
    )
    return User.objects.filter(made | edited).order_by("username")


def count(rows: Rows) -> int:
    """Count rows up to MAX_COUNTED + 1, which means that there are more than MAX_COUNTED."""
    return int(rows.order_by().values("pk")[: MAX_COUNTED + 1].count())


def _open() -> Rows:
    """Return the cases and corrections that are not published, the last changed first."""
    # What is published passed the checks, and a reviewer accepted its weak points.
    return Case.objects.at(CaseStatus.DRAFT, CaseStatus.IN_REVIEW).order_by("-updated_at", "-pk")


def _in_review() -> Rows:
    # The longest wait comes first, so that no case is forgotten.
    return Case.objects.at(CaseStatus.IN_REVIEW).order_by("updated_at", "pk")


def _sent_back() -> Rows:
    steps = ReviewStep.objects.filter(case=OuterRef("pk")).order_by("-taken_at", "-pk")
    drafts = Case.objects.at(CaseStatus.DRAFT).alias(last=Subquery(steps.values("status")[:1]))
    return drafts.filter(last=CaseStatus.DRAFT).order_by("-updated_at", "-pk")


def _corrections() -> Rows:
    return Case.objects.corrected().order_by("-updated_at", "-pk")


def _commented() -> Rows:
    # The comment that waits longest comes first.
    of_case = Comment.objects.open().filter(case=OuterRef("pk")).order_by("made_at")
    asked = Subquery(of_case.values("made_at")[:1])
    commented = Comment.objects.open().order_by().values("case")
    return Case.objects.filter(pk__in=commented).alias(asked=asked).order_by("asked", "pk")


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
            "Drafts that a reviewer sent back, to be fixed and submitted again.",
            _sent_back,
        ),
        QueueSection(
            "corrections",
            "Corrections",
            "Cases whose corrections readers do not see yet, the last changed first.",
            _corrections,
        ),
        QueueSection(
            "commented",
            "Open comments",
            "Cases with comments that nobody has resolved, those that wait longest first.",
            _commented,
            is_checked=False,
        ),
        QueueSection(
            "unsupported",
            "Unsupported values",
            "Unpublished cases and corrections with a coded value that no claim asserts, or a note "
            "on a value that is gone, the last changed first.",
            lambda: _open().filter(lacks_evidence() | has_note_about_nothing()),
        ),
        QueueSection(
            "weak",
            "Weak records",
            "Unpublished cases and corrections with weak points, the last changed first.",
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
