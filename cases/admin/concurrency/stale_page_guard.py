"""Actions and steps do to a record only what was decided of it as it is: not of an older one.

Lists and buttons carry, signed, up to which change of the casebook their page was made. What was
changed later, by the log of changes, is not acted on; the page says so and who did it. A request
without the mark, which none of our pages sends, goes by the present state alone.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, TypeVar

from django import forms
from django.contrib import messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.contrib.admin.models import LogEntry
from django.core import signing
from django.db import models, transaction
from django.db.models import Max, QuerySet
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.decorators import method_decorator

from cases import changelog
from cases.admin.typed import ModelAdmin
from cases.changelog import acquire_write_lock
from cases.models import Change

from .log_entries import LogLine, entries_since

R = TypeVar("R", bound=models.Model)

Keys = Iterable[int] | QuerySet[Any, Any]
FIELD = "_seen"
SALT = "casebook.seen"
MAX_TOLD = 5
"""Of how many changed records it is told who changed what; an import may have changed all."""
FORGED = "It cannot be told what this page showed. Nothing was done: look again, then repeat it."


class UnseenError(Exception):
    """Something was to be done with records that changed since; sentences tell which and how."""

    def __init__(self, *sentences: str) -> None:
        self.sentences = sentences
        super().__init__(" ".join(sentences))


@dataclass(frozen=True)
class Seen:
    """How far a page has seen: the last change of the casebook, and the admin's last log entry."""

    change: int
    last_entry: int

    def token(self) -> str:
        return signing.dumps([self.change, self.last_entry], salt=SALT)


def seen_now() -> Seen:
    """Return how far a page sees that is made from here on."""
    last_entry = LogEntry.objects.aggregate(last=Max("pk"))["last"] or 0
    return Seen(changelog.latest(), last_entry)


def carried() -> dict[str, str]:
    """Return, for a template, the hidden field of a page that is made from here on."""
    return {"seen_field": FIELD, "seen": seen_now().token()}


def require_seen(request: HttpRequest, model: type[models.Model], keys: Keys) -> None:
    """Raise UnseenError if one of the records was changed since the page that `request` answers."""
    token = request.POST.get(FIELD)
    if token is None:
        return
    try:
        seen = Seen(*signing.loads(token, salt=SALT))
    except signing.BadSignature:
        raise UnseenError(FORGED) from None
    changed = list(_changed_since(seen, model, keys)[: MAX_TOLD + 1])
    sentences = [
        _sentence(record, entries_since(model, record.pk, seen.last_entry, request))
        for record in changed[:MAX_TOLD]
    ]
    if len(changed) > MAX_TOLD:
        sentences.append("Others were changed since, too.")
    if sentences:
        raise UnseenError(*sentences)


def _changed_since(seen: Seen, model: type[models.Model], keys: Keys) -> QuerySet[Any, Any]:
    kind = changelog.kind_of(model)
    later = Change.objects.filter(record=kind, pk__gt=seen.change, object_id__in=keys)
    return model._default_manager.filter(pk__in=later.values("object_id")).order_by("pk")


def _sentence(record: models.Model, entries: Iterable[LogLine]) -> str:
    told = " ".join(str(entry) for entry in entries)
    return f"{record} was changed since this page was made. {told} Look at it, then repeat it."


class ActsOnSeen(ModelAdmin[R]):
    """Mixin of lists whose actions leave alone what changed since the list was shown."""

    delete_selected_confirmation_template = (
        "admin/casebook/concurrency/delete_selected_confirmation.html"
    )

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        seen = carried()  # before the list is read
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
        acquire_write_lock()  # nobody writes between the check and the action
        chosen = queryset
        if request.POST.get("select_across", "0") == "0":
            chosen = queryset.filter(pk__in=request.POST.getlist(ACTION_CHECKBOX_NAME))
        try:
            require_seen(request, self.model, chosen.values("pk"))
        except UnseenError as error:
            for sentence in error.sentences:
                self.message_user(request, sentence, messages.ERROR)
            self.message_user(request, "Nothing was done.", messages.WARNING)
            return None
        return super().response_action(request, queryset, *others)
