"""The work queue: an admin page with links to the cases that wait for somebody."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib import admin, messages
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.core.paginator import Page, Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.http import urlencode

from cases.admin.base import user_of
from cases.admin.case.editor_filter import ME, my_drafts
from cases.admin.widgets import is_key
from cases.models import Case, Comment, ReviewStep
from cases.models.vocabulary import CaseStatus
from cases.review.second_person import needs_another, sent_back
from cases.review.work_queue import MAX_COUNTED, SECTIONS, QueueSection, count, editors, is_of

from .checks import Checked, check

PER_PAGE = 25
MAX_PROBLEMS = 5


@dataclass(frozen=True)
class QueueRow:
    """A case in the queue, with the last step taken and the results of the record checks."""

    case: Case
    step: ReviewStep | None
    sent_back: ReviewStep | None
    is_own: bool
    checked: Checked | None
    comments: list[Comment]
    """The open ones, oldest first."""

    @property
    def problems(self) -> list[tuple[str, str]]:
        """Return the first problems, each with its kind: "blocking" or "weak"."""
        return self._all[:MAX_PROBLEMS]

    @property
    def further(self) -> int:
        return len(self._all[MAX_PROBLEMS:])

    @property
    def _all(self) -> list[tuple[str, str]]:
        if self.checked is None:
            return []
        blocking = [("blocking", problem) for problem in self.checked.blocking]
        return blocking + [("weak", problem) for problem in self.checked.weak]


@dataclass(frozen=True)
class Tab:
    """The link to a section, with its number of rows."""

    section: QueueSection
    count: int
    address: str
    is_current: bool

    @property
    def title(self) -> str:
        return self.section.title

    @property
    def figure(self) -> str:
        return figure(self.count)


@dataclass(frozen=True)
class SavedView:
    """A link to what waits for the person who opens it, with its number of rows."""

    title: str
    address: str
    figure: str
    is_current: bool = False


# The sections that are also views of the reader's own cases, with the name of each view.
MINE = {
    "sent_back": "Sent back to me",
    "commented": "Comments on my cases",
    "in_review": "My cases in review",
    "corrections": "My corrections",
}


def figure(number: int) -> str:
    return f"{MAX_COUNTED:,}+" if number > MAX_COUNTED else f"{number:,}"


def queue(request: HttpRequest) -> HttpResponse:
    """Show one section of the queue, and the number of rows in the others."""
    allowed = [
        section for section in SECTIONS.values() if request.user.has_perm(section.permission)
    ]
    if not allowed:
        raise PermissionDenied
    everybody = editors()
    section = _requested_section(request, allowed)
    editor = _requested_editor(request, everybody)
    named = request.GET["editor"] if editor else ""
    tabs = [
        Tab(one, count(one.rows(editor)), _address(one, named), one == section) for one in allowed
    ]
    total = next(tab.count for tab in tabs if tab.is_current)
    page = _page(request, section, editor, min(total, MAX_COUNTED))
    context = {
        **admin.site.each_context(request),
        "title": "Work queue",
        "views": _views(request, allowed),
        "tabs": tabs,
        "section": section,
        "is_cut": total > MAX_COUNTED,
        "most": MAX_COUNTED,
        "editors": everybody,
        "editor": editor,
        "named": named,
        "page": page,
        "rows": [_row(case, section, user_of(request)) for case in page]
        if section.of_cases
        else page.object_list,
        "address": _address(section, named),
    }
    return render(request, "admin/casebook/review/queue.html", context)


def _requested_section(request: HttpRequest, allowed: Sequence[QueueSection]) -> QueueSection:
    name = request.GET.get("show", "")
    if not name:
        me = user_of(request)
        return next((section for section in allowed if section.waits_for(me)), allowed[0])
    found = next((section for section in allowed if section.name == name), None)
    if found is None:
        messages.warning(request, "The queue has no such section; the first is shown.")
    return found or allowed[0]


def _requested_editor(request: HttpRequest, known: QuerySet[User]) -> User | None:
    key = request.GET.get("editor", "")
    if key == ME:
        return user_of(request)
    found = next((user for user in known if str(user.pk) == key), None) if key else None
    if key and found is None:
        messages.warning(request, "No such editor has cases; those of everybody are shown.")
    return found


def _views(request: HttpRequest, allowed: Sequence[QueueSection]) -> list[SavedView]:
    """Return the views of the reader's own cases, one query for each."""
    if SECTIONS["in_review"] not in allowed:
        return []
    me, asked = user_of(request), request.GET
    drafts = Case.objects.filter(is_of(me), status=CaseStatus.DRAFT)
    return [
        SavedView("My drafts", my_drafts(), figure(count(drafts))),
        *(
            SavedView(
                title,
                _address(SECTIONS[name], ME),
                figure(count(SECTIONS[name].rows(me))),
                (asked.get("show"), asked.get("editor")) == (name, ME),
            )
            for name, title in MINE.items()
        ),
    ]


def _address(section: QueueSection, editor: str) -> str:
    query = {"show": section.name} | ({"editor": editor} if editor else {})
    return f"?{urlencode(query)}"


def _page(
    request: HttpRequest, section: QueueSection, editor: User | None, total: int
) -> Page[Any]:
    rows = section.rows(editor)
    # Only cases are shown with their last step, their comments and their checks.
    if section.of_cases:
        rows = rows.select_related("updated_by").prefetch_related("review_steps__taken_by")
        rows = rows.with_comments()
    if section.is_checked:
        rows = rows.for_detail()
    paginator = Paginator(rows[:MAX_COUNTED], PER_PAGE)
    paginator.count = total  # already counted for the tab
    number = request.GET.get("page", "1")
    return paginator.get_page(number if is_key(number) else 1)


def _row(case: Case, section: QueueSection, user: User) -> QueueRow:
    steps = list(case.review_steps.all())
    return QueueRow(
        case=case,
        step=steps[0] if steps else None,
        sent_back=sent_back(case, steps),
        is_own=case.stage == CaseStatus.IN_REVIEW and needs_another(case, user),
        checked=check(case) if section.is_checked else None,
        comments=case.open_comments,
    )
