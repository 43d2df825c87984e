"""Undoing an import in the admin: its page leads to a plan, which is confirmed with a reason."""

from __future__ import annotations

from functools import partial
from typing import Any

from django import forms
from django.conf import settings
from django.contrib import messages
from django.contrib.admin import ModelAdmin
from django.contrib.admin.widgets import AdminTextareaWidget
from django.http import Http404, HttpRequest, HttpResponseBase, HttpResponseRedirect

from cases.admin.base import user_of
from cases.exchange.bundle.importing.plan import CHANGED, KEPT, REFUSED, REMOVED
from cases.exchange.bundle.importing.recording import RecordedUndoing, new_undoing
from cases.models import Import
from cases.text.form_fields import ProseField

from .import_progress import Make, address_of, carry_out, make_plan

# The labels of the actions in a plan, in the order in which editors look at them.
OUTCOMES = {
    REFUSED: "In the way",
    REMOVED: "Deleted",
    CHANGED: "Put back",
    KEPT: "Left",
}

UNDONE_ALREADY = "This import was undone already."
NO_UNDOING_OF_UNDOING = "What was undone cannot be brought back here. Import the file again."
TOO_OLD = (
    "This import cannot be undone: it was made before imports recorded what undoing needs. Change "
    "or delete its rows one by one."
)


WAITS = (
    "Kept in the log. Each public case that changes gets a correction in draft, with this sentence "
    "if readers have seen the import."
)


class UndoForm(forms.Form):
    """The reason why an import is undone, and the digest of the plan shown."""

    button = "Undo this import"
    note = ProseField(
        label="Why it is undone",
        max_length=2000,
        widget=AdminTextareaWidget(attrs={"rows": 2}),
        help_text="Kept in the log. Each public case that changes gets a version with this "
        "sentence.",
        error_messages={"required": "Say why; the log and the public versions show it."},
    )
    seen = forms.CharField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if settings.REVIEW_BY_SECOND_PERSON:
            self.fields["note"].help_text = WAITS


def refusal_of_undoing(record: Import) -> str:
    """Return why an import that was done cannot be undone at all, or ""."""
    if not record.is_applied:
        raise Http404
    if record.undoes is not None:
        return NO_UNDOING_OF_UNDOING
    if record.undone_by is not None:
        return UNDONE_ALREADY
    return "" if record.keeps_what_it_wrote else TOO_OLD


def plan_undoing(
    import_admin: ModelAdmin[Import], request: HttpRequest, undone: Import
) -> HttpResponseBase:
    """Make the plan of undoing an import, and show it; nothing is undone yet."""
    refusal = refusal_of_undoing(undone)
    if refusal:
        import_admin.message_user(request, refusal, messages.ERROR)
    if refusal or request.method != "POST":
        return HttpResponseRedirect(address_of(undone))
    # Delete uploads that nobody confirmed within a day, and what this user tried before.
    Import.objects.given_up().delete()
    own = Import.objects.filter(undoes=undone, imported_by=user_of(request))
    own.filter(applied_at=None).delete()
    record = new_undoing(undone, user_of(request))
    rows, make = undoing_of(undone, record)
    return carry_out(import_admin, request, record, rows, make_plan(request, record, make))


def undoing_of(undone: Any, record: Import) -> tuple[int, Make]:
    """Return how many rows an undoing has, and what makes its work."""
    return len(undone.written), partial(RecordedUndoing, undone, record)
