"""Refusing actions and steps on records that changed after the page was loaded.

Lists and buttons carry a signed token with the last entry of the changelog at the time the page was
made. An action on a record with later entries is refused, and a message says who changed it. A
request without a token, which none of our pages sends, is not checked.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.contrib.admin.models import LogEntry
from django.core import signing
from django.db import models
from django.db.models import Max, QuerySet
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse

from cases import changelog
from cases.models import Change

from .log_entries import LogLine, entries_since

Keys = Iterable[int] | QuerySet[Any, Any]
FIELD = "_seen"
SALT = "casebook.seen"
# Changed records that are reported one by one; an import may have changed all of them.
MAX_REPORTED = 5
FORGED = "This page is out of date. Nothing was changed; reload it and try again."


class StalePageError(Exception):
    """A record changed after the page was loaded. `sentences` say which one, and who changed it."""

    def __init__(self, *sentences: str) -> None:
        self.sentences = sentences
        super().__init__(" ".join(sentences))


@dataclass(frozen=True)
class PageState:
    """The state of the casebook when a page is made: its last change and last log entry."""

    change: int
    last_entry: int

    def token(self) -> str:
        return signing.dumps([self.change, self.last_entry], salt=SALT)


def present_state() -> PageState:
    """Return the present state; call it before reading what the page shows."""
    last_entry = LogEntry.objects.aggregate(last=Max("pk"))["last"] or 0
    return PageState(changelog.latest(), last_entry)


def token_context() -> dict[str, str]:
    """Return the context for the hidden field with the token; call it before reading records."""
    return {"seen_field": FIELD, "seen": present_state().token()}


def require_unchanged(request: HttpRequest, model: type[models.Model], keys: Keys) -> None:
    """Raise StalePageError if one of the records changed after the page was loaded."""
    token = request.POST.get(FIELD)
    if token is None:
        return
    try:
        seen = PageState(*signing.loads(token, salt=SALT))
    except signing.BadSignature:
        raise StalePageError(FORGED) from None
    # One more than is reported, to know whether there are others.
    changed = list(_changed_since(seen, model, keys)[: MAX_REPORTED + 1])
    sentences = [
        _sentence(record, entries_since(model, record.pk, seen.last_entry, request))
        for record in changed[:MAX_REPORTED]
    ]
    if len(changed) > MAX_REPORTED:
        sentences.append("Others were changed since, too.")
    if sentences:
        raise StalePageError(*sentences)


def _changed_since(seen: PageState, model: type[models.Model], keys: Keys) -> QuerySet[Any, Any]:
    kind = changelog.kind_of(model)
    later = Change.objects.filter(record=kind, pk__gt=seen.change, object_id__in=keys)
    return model._default_manager.filter(pk__in=later.values("object_id")).order_by("pk")


def _sentence(record: models.Model, entries: Iterable[LogLine]) -> str:
    changes = " ".join(str(entry) for entry in entries)
    return f"{record} was changed since this page was made. {changes} Look at it, then repeat it."


def require_selection_unchanged(request: HttpRequest, queryset: QuerySet[Any]) -> None:
    """Raise StalePageError if a record selected for an action changed after the list was loaded."""
    if request.POST.get("select_across", "0") == "0":
        queryset = queryset.filter(pk__in=request.POST.getlist(ACTION_CHECKBOX_NAME))
    require_unchanged(request, queryset.model, queryset.values("pk"))


def carry_token(request: HttpRequest, response: HttpResponse, seen: dict[str, str]) -> None:
    """Add the token to the form of a list with which actions are chosen, or to their page."""
    if not isinstance(response, TemplateResponse) or response.context_data is None:
        return
    action_form = response.context_data.get("action_form")
    if action_form is not None:
        action_form.fields[FIELD] = forms.CharField(
            label="", initial=seen["seen"], widget=forms.HiddenInput
        )
    response.context_data |= {**seen, "action_name": request.POST.get("action", "")}
