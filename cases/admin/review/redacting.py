"""The page on which a reviewer strikes a name from a case and all its versions; and the log."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.admin import ModelAdmin
from django.contrib.admin.widgets import AdminTextareaWidget, AdminTextInputWidget
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from cases.admin.base import CLASH, CasebookAdmin, user_of
from cases.models import Case, Redaction
from cases.review.redacting import RedactionChangedError, redact
from cases.review.redaction_finder import preview
from cases.review.redaction_plan import PRIVATE, RedactionOrder, RedactionPlan
from cases.text.form_fields import LineField, ProseField
from cases.text.plurals import counted
from cases.text.striking import Striker

from .case_pages import case_named, case_page

PERMISSION = "cases.redact_case"
MAX_SHOWN = 100
"""How many places of a kind the preview shows; it counts all."""

CHANGED = (
    "Nothing was redacted: this is not what the preview showed. Check the places below, then "
    "confirm."
)


class RedactionForm(forms.Form):
    """What is to be struck, what is printed instead, and the public reason."""

    texts = forms.CharField(
        label="Text to strike",
        max_length=2000,
        widget=AdminTextareaWidget(attrs={"rows": 3}),
        help_text="One text a line, exactly as it is written. Add every form of a name: the full "
        "name, the surname alone, other spellings. Whole words are struck.",
    )
    replacement = LineField(
        label="Print instead",
        max_length=100,
        initial="[redacted]",
        widget=AdminTextInputWidget,
        help_text="The public reads it wherever the text was: “[redacted]”, “Person A”.",
    )
    is_loose = forms.BooleanField(
        label="Ignore case and accents",
        required=False,
        help_text="Also strikes “JOSE” and “josé” for “José”.",
    )
    is_everywhere = forms.BooleanField(
        label="Also strike it from other cases and records",
        required=False,
        help_text="Otherwise the places outside this case are listed and left as they are.",
    )
    reason = ProseField(
        max_length=2000,
        widget=AdminTextareaWidget(attrs={"rows": 3}),
        help_text="The public reads it at every version that was redacted, and on the page of "
        "changes. Do not repeat the text here.",
        error_messages={"required": "Say why; the public sees it."},
    )

    def clean_texts(self) -> tuple[str, ...]:
        """Return the texts, each once; refuse what would strike almost anything."""
        lines = (" ".join(line.split()) for line in self.cleaned_data["texts"].splitlines())
        texts = tuple(dict.fromkeys(filter(None, lines)))
        for text in texts:
            if sum(letter.isalnum() for letter in text) < 2:
                raise ValidationError(f"“{text}” is too short: write at least two letters.")
        return texts

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean()
        texts = self.cleaned_data.get("texts", ())
        for name in ("replacement", "reason"):
            told = self.cleaned_data.get(name, "")
            if texts and Striker(texts, "", is_loose=True).strike(told) != told:
                self.add_error(name, "This repeats what is to be struck; the public reads it.")
        return cleaned

    def order(self) -> RedactionOrder:
        return RedactionOrder(**self.cleaned_data)


@transaction.atomic
def redact_view(case_admin: ModelAdmin[Case], request: HttpRequest, key: int) -> HttpResponse:
    """Ask what to strike, show every place that holds it, then strike what was shown."""
    case = case_named(key)
    if not request.user.has_perm(PERMISSION):
        raise PermissionDenied
    form = RedactionForm(request.POST or None)
    context: dict[str, Any] = {"title": "Redact", "form": form, "max_shown": MAX_SHOWN}
    if request.method == "POST" and form.is_valid():
        order = form.order()
        if "confirm" in request.POST:
            problems = _redact(case_admin, request, case, order, request.POST.get("seen", ""))
            if not problems:
                address = reverse("admin:cases_case_versions", args=[case.pk])
                return HttpResponseRedirect(address)
            context["problems"] = problems
        plan = preview(case, order)
        context |= {"plan": plan, "digest": plan.digest(), "groups": _shown(plan)}
    return case_page(case_admin, request, "redact", context, case)


def _redact(
    case_admin: ModelAdmin[Case], request: HttpRequest, case: Case, order: RedactionOrder, seen: str
) -> list[str]:
    """Redact the case and add a message; return the problems if it could not be redacted."""
    try:
        with transaction.atomic():
            made = redact(case, user_of(request), order, seen)
    except RedactionChangedError:
        return [CHANGED]
    except ValidationError as error:
        return error.messages
    except IntegrityError:
        return [CLASH]
    case = Case.objects.get(pk=case.pk)
    done = f"Redacted in {counted(len(made.places), 'place')}."
    case_admin.log_change(request, case, f"{done} Reason: {made.reason}")
    case_admin.message_user(
        request,
        f"{case.number}: {done} Copies that others made, backups and the memory of browsers "
        "are not reached; the editor guide says what remains.",
        messages.SUCCESS,
    )
    return []


def _shown(plan: RedactionPlan) -> list[tuple[str, int, Any, bool]]:
    """Return the first places of each kind, how many there are, and whether they are folded."""
    return [
        (name, len(places), places[:MAX_SHOWN], name == PRIVATE) for name, places in plan.by_group()
    ]


@admin.register(Redaction)
class RedactionAdmin(CasebookAdmin[Redaction]):
    """The private log of redactions, to look at only. It does not hold what was struck."""

    list_display = ("case_number", "made_at", "made_by", "reason")
    list_display_links = ("case_number",)
    list_filter = ("made_at",)
    search_fields = ("case_number", "reason")
    fields = (
        ("case", "case_number"),
        ("made_at", "made_by"),
        "reason",
        "replacement",
        ("is_loose", "is_everywhere"),
        "text_digests",
        "places",
    )

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Redaction | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Redaction | None = None) -> bool:
        return False
