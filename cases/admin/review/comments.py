"""Comments between editors and reviewers, on a page of their own and in a dialog over the form."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.contrib.admin import ModelAdmin
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse

from cases.admin.base import user_of
from cases.admin.case.places import CONTROLS
from cases.admin.widgets import is_key
from cases.models import Case, Comment
from cases.models.comment import MAX_LENGTH, PARTS, CommentPlace
from cases.review import comments
from cases.review.comments import Thread, subjects_of, threads_of

from .case_pages import case_page

HEADER, FRAGMENT = "X-Requested-With", "fetch"
"""With this header the script of the form asks for the comments without the page around them."""


@dataclass(frozen=True)
class ShownThread:
    """A comment with its answers, and the id of the control or row of the form that it is about.

    The anchor is empty if what it is about was deleted.
    """

    thread: Thread
    anchor: str

    @property
    def comment(self) -> Comment:
        return self.thread.comment


def comments_context(case: Case) -> dict[str, Any]:
    """Return what the form of a case fetched with `for_detail()` shows of its comments."""
    return _panel(_shown(case), case)


def comments_view(case_admin: ModelAdmin[Case], request: HttpRequest, key: int) -> HttpResponse:
    """Show the comments on a case, or on one value of it, and take new ones and answers."""
    case = Case.objects.filter(pk=key).first() if is_key(key) else None
    if case is None:
        if request.method == "POST":
            return _answer_for_deleted(case_admin, request)
        raise Http404
    if not case_admin.has_view_permission(request, case):
        raise PermissionDenied
    is_fragment = request.headers.get(HEADER) == FRAGMENT
    failed: dict[str, Any] = {}
    if request.method == "POST":
        try:
            done = _act(request, case)
        except ValidationError as error:
            failed = {"errors": error.messages, "typed": request.POST}
        else:
            if not is_fragment:
                case_admin.message_user(request, done, messages.SUCCESS)
                return HttpResponseRedirect(request.get_full_path())
    detail: Case | None = Case.objects.for_detail().filter(pk=key).first()
    if detail is None:
        return _answer_for_deleted(case_admin, request)
    context = _page(detail, request.GET.get("about", "")) | failed
    context["is_fragment"] = is_fragment
    if is_fragment:
        return TemplateResponse(request, "admin/casebook/review/_comments.html", context)
    context |= {"title": "Comments", "subtitle": str(case)}
    return case_page(case_admin, request, "comments", context)


def _answer_for_deleted(case_admin: ModelAdmin[Case], request: HttpRequest) -> HttpResponse:
    case_admin.message_user(request, comments.DELETED, messages.ERROR)
    return HttpResponseRedirect(reverse("admin:cases_case_changelist"))


def _act(request: HttpRequest, case: Case) -> str:
    """Do what a form on the page asks, and return a message; raises ValidationError."""
    user, text = user_of(request), request.POST.get("text", "")
    key = request.POST.get("comment", "")
    if not key:
        comments.write(case, user, CommentPlace.from_text(request.POST.get("about", "")), text)
        return "Your comment was stored."
    commented = Comment.objects.filter(case=case, answer_to=None)
    comment = commented.filter(pk=key).first() if is_key(key) else None
    if comment is None:
        raise Http404
    act = request.POST.get("act", "")
    if act == "resolve":
        comments.resolve(comment, user, text)
        return "The comment is resolved."
    if act == "reopen":
        comments.reopen(comment)
        return "The comment is open again."
    comments.answer(comment, user, text)
    return "Your answer was stored."


def _page(case: Case, about: str) -> dict[str, Any]:
    """Return the context of the comments on a case, or on the place that `about` names."""
    subjects, everything = subjects_of(case), _shown(case)
    place = CommentPlace.from_text(about)
    shown = [each for each in everything if not about or each.comment.place == place]
    groups: dict[str, list[tuple[str, str]]] = {}
    for subject in subjects.values():
        groups.setdefault(subject.group, []).append((str(subject.place), subject.label))
    return {
        **_panel(everything, case),
        "about": about,
        "subject": subjects.get(place),
        "groups": [] if about else list(groups.items()),
        "open": [each for each in shown if each.comment.is_open],
        "resolved": [each for each in shown if not each.comment.is_open],
        "max_length": MAX_LENGTH,
    }


def _panel(shown: Iterable[ShownThread], case: Case) -> dict[str, Any]:
    """Return the context of the panel at the top of the form, which the script reads too."""
    counts: dict[str, list[int]] = {}
    for each in shown:
        count = counts.setdefault(str(each.comment.place), [0, 0])
        count[0 if each.comment.is_open else 1] += 1
    return {
        "case": case,
        "comments_address": reverse("admin:cases_case_comments", args=[case.pk]),
        "open_comments": [each for each in shown if each.comment.is_open],
        "comment_counts": json.dumps(counts),
        "comment_parts": json.dumps({related: part for part, related in PARTS.items()}),
    }


def _shown(case: Case) -> list[ShownThread]:
    """Return the comments of a case fetched with `for_detail()`; one query."""
    rows = {
        (part, record.pk): f"{related}-{number}"
        for part, related in PARTS.items()
        for number, record in enumerate(getattr(case, related).all())
    }
    return [ShownThread(each, _anchor(each.comment.place, rows)) for each in threads_of(case)]


def _anchor(place: CommentPlace, rows: dict[tuple[str, int], str]) -> str:
    if not place.part:
        return f"id_{place.field}" if place.field else "comments"
    row = rows.get((place.part, place.key or 0), "")
    if not row or not place.field:
        return row
    return f"id_{row}-{CONTROLS.get(place.field, place.field)}"
