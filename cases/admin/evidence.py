"""The evidence of a case, edited on its page: claims and editorial notes."""

from __future__ import annotations

from collections.abc import Container
from itertools import count
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.text import slugify

from ..models import Case, Claim, FormerSlug, Note
from ..models.claim import PARTS
from .base import CasebookForm, Fields
from .coded_values import CodedValues
from .parts import DATE_LINE
from .typed import StackedInline
from .widgets import LongSelect


class EvidenceInline(Fields):
    """Mixin of inlines whose rows choose from the values of the case, which must exist first."""

    template = "admin/casebook/evidence.html"

    def get_extra(self, request: HttpRequest, obj: Case | None = None, **kwargs: Any) -> int:
        return 0

    def get_max_num(
        self, request: HttpRequest, obj: Case | None = None, **kwargs: Any
    ) -> int | None:
        return None if obj else 0

    def has_add_permission(self, request: HttpRequest, obj: Case | None = None) -> bool:
        inline: Any = super()
        return obj is not None and bool(inline.has_add_permission(request, obj))


class ClaimForm(CasebookForm[Claim]):
    """A claim whose place in the case is one choice instead of five."""

    about = forms.ChoiceField(
        label="About",
        widget=LongSelect,
        help_text="The coded value that this is evidence for.",
    )

    def __init__(self, *args: Any, options: CodedValues, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.options = options
        about: Any = self.fields["about"]
        about.choices = options.for_claim()
        if self.instance.pk is not None:
            self.initial["about"] = options.path_of(self.instance)

    def clean(self) -> dict[str, Any] | None:
        """Point the claim at what was chosen."""
        cleaned = super().clean()
        if path := self.cleaned_data.get("about"):
            target = self.options.targets[path]
            self.instance.field = target.field
            for part in PARTS:
                setattr(self.instance, part, target.record if part == target.part else None)
        return cleaned


class ClaimInline(EvidenceInline, StackedInline[Claim, Case]):
    model = Claim
    form = ClaimForm
    autocomplete_fields = ("speaker", "source")
    fieldsets = (
        (
            None,
            {
                "fields": (
                    ("about", "stance", "modality"),
                    ("source", "locator", "speaker"),
                    ("quote", "gist"),
                )
            },
        ),
        ("When the speaker said it", {"fields": (DATE_LINE,), "classes": ("collapse",)}),
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[Claim]:
        claims: QuerySet[Claim] = super().get_queryset(request)
        return claims.select_related(
            "case",
            "source",
            "speaker",
            "warning",
            "incident",
            "involvement__actor",
            "assessment__exception",
        )

    def about(self, obj: Claim) -> str:
        """Name the value for those who may look but not change."""
        return obj.path_of_value or "The case as a whole"


class NoteForm(CasebookForm[Note]):
    def __init__(self, *args: Any, options: CodedValues, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "field" in self.fields:  # those who may only look get no fields
            present = self.instance.field
            self.fields["field"] = forms.ChoiceField(
                label="About",
                widget=LongSelect,
                choices=options.for_note(present),
                required=False,
                help_text="The coded value that the note comments on. It stays as coded.",
            )


class NoteInline(EvidenceInline, StackedInline[Note, Case]):
    model = Note
    form = NoteForm
    verbose_name, verbose_name_plural = "editorial note", "editorial notes"
    autocomplete_fields = ("source", "evidence")
    fieldsets = (
        (
            None,
            {
                "fields": (
                    "field",
                    "kind",
                    ("source", "locator"),
                    "source_says",
                    ("evidence", "evidence_locator"),
                    "evidence_says",
                )
            },
        ),
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[Note]:
        notes: QuerySet[Note] = super().get_queryset(request)
        return notes.select_related("source", "evidence")


def free_slug(note: Note, case: Case, taken: Container[str]) -> str:
    """Return a slug for a new note on `case`, from its value: `case-warning-1-date`, `…-2`."""
    about = (note.field or note.kind).replace(".", " ")
    stem = slugify(f"{case.slug} {about}".replace("_", " "))[:90]
    former = FormerSlug.objects.filter(content_type__model="note")
    names = (f"{stem}-{number}" if number > 1 else stem for number in count(1))
    return next(
        name
        for name in names
        if name not in taken
        and not Note.objects.filter(slug=name).exists()
        and not former.filter(slug=name).exists()
    )
