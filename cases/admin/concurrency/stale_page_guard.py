"""Refusing actions and steps on records that changed after the page was loaded.

Lists and buttons carry a signed token with the last entry of the changelog at the time the page was
made. An action on a record with later entries is refused, and a message says who changed it. A
request without a token, which none of our pages sends, is not checked.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, TypeVar

from django import forms
from django.contrib import messages
from django.contrib.admin import ModelAdmin
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.contrib.admin.models import LogEntry
from django.core import signing
from django.db import models, transaction
from django.db.models import Max, QuerySet
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.decorators import method_decorator

from cases import changelog
from cases.changelog.locks import acquire_write_lock
from cases.models import Change

from .log_entries import LogLine, entries_since

R = TypeVar("R", bound=models.Model)

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


class RefusesStaleActions(ModelAdmin[R]):
    """Mixin for lists: refuses actions on records that changed after the list was loaded."""

    delete_selected_confirmation_template = (
        "admin/casebook/concurrency/delete_selected_confirmation.html"
    )

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        seen = token_context()  # before the list is read
        response = super().changelist_view(request, extra_context)
        if isinstance(response, TemplateResponse) and response.context_data is not None:
            action_form = response.context_data.get("action_form")
            if action_form is not None:
                action_form.fields[FIELD] = forms.CharField(
                    label="", initial=seen["seen"], widget=forms.HiddenInput
                )
            response.context_data |= {**seen, "action_name": request.POST.get("action", "")}
        return response

    @method_decorator(transaction.atomic)
    def response_action(self, request: HttpRequest, queryset: QuerySet[Any], *others: Any) -> Any:
        acquire_write_lock()  # so that nobody writes between the check and the action
        chosen = queryset
        if request.POST.get("select_across", "0") == "0":
            chosen = queryset.filter(pk__in=request.POST.getlist(ACTION_CHECKBOX_NAME))
        try:
            require_unchanged(request, self.model, chosen.values("pk"))
        except StalePageError as error:
            for sentence in error.sentences:
                self.message_user(request, sentence, messages.ERROR)
            self.message_user(request, "Nothing was done.", messages.WARNING)
            return None
        return super().response_action(request, queryset, *others)
