"""The inlines for the evidence of a case: claims and editorial notes."""

from __future__ import annotations

from collections.abc import Container
from functools import partial
from itertools import count
from typing import Any

from django import forms
from django.contrib.admin import StackedInline
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.text import slugify

from cases.admin.forms import CasebookForm
from cases.evidence.values import label_of_path
from cases.models import Case, Claim, FormerSlug, Note
from cases.models.claim import CLAIM_PARTS, MAX_WORDS_QUOTED
from cases.text.plurals import counted

from .coded_values import CodedValues, Target
from .parts import DATE_LINE, ExtraRows, PartsFormSet

EMPTY_ROW = (
    "The row that this is about is empty or was removed. Fill it in, or choose another value."
)


class EvidenceFormSet(PartsFormSet):
    """A formset whose rows have a choice of the values of the case."""

    def get_form_kwargs(self, index: int | None) -> dict[str, Any]:
        return {**super().get_form_kwargs(index), "options": self.coded_values}


class ClaimForm(CasebookForm[Claim]):
    """The form of a claim, with one choice for its target in place of five columns."""

    about = forms.ChoiceField(
        label="About",
        help_text="The coded value that this is evidence for.",
    )

    def __init__(self, *args: Any, options: CodedValues, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.options = options
        about: Any = self.fields["about"]
        about.choices = options.for_claim
        if "quote" in self.fields:  # the read-only form has no fields
            self.fields["quote"].widget.attrs["data-max-words"] = MAX_WORDS_QUOTED
        if self.instance.pk is not None:
            self.initial["about"] = options.path_of(self.instance)

    def clean(self) -> dict[str, Any] | None:
        """Set the target of the claim from the choice."""
        cleaned = super().clean()
        path = self.cleaned_data.get("about")
        target = self.options.target(path) if path else None
        if path and target is None:
            self.add_error("about", EMPTY_ROW)
        elif target is not None:
            self.instance.field = target.field
            for part in CLAIM_PARTS:
                setattr(self.instance, part, target.record if part == target.part else None)
        return cleaned


class ClaimFormSet(EvidenceFormSet):
    """The claims of a case. None may be about a part that the same form deletes."""

    def clean(self) -> None:
        super().clean()
        left: dict[Any, list[Any]] = {}
        for row in self.forms:
            stays = "about" in row.cleaned_data and not row.cleaned_data.get("DELETE")
            part = row.instance.part
            if stays and part is not None and self.coded_values.is_deleted(part):
                left.setdefault(part, []).append(row)
        for part, rows in left.items():
            them = "it" if len(rows) == 1 else "them"
            for row in rows:
                row.add_error(
                    "about",
                    f"{part} still has {counted(len(rows), 'claim')}. Delete {them} too, or give "
                    f"{them} to another value.",
                )


class ClaimInline(ExtraRows, StackedInline[Claim, Case]):
    model = Claim
    formset = ClaimFormSet
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
        """Return the target of a claim as text, for the read-only form."""
        return label_of_path(obj.path_of_value) or "The case as a whole"


class NoteForm(CasebookForm[Note]):
    """The form of a note about one value of the case, or about the case as a whole."""

    target: Target | None = None

    def __init__(self, *args: Any, options: CodedValues, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.options = options
        if "field" in self.fields:  # the read-only form has no fields
            present = self.instance.field
            self.fields["field"] = forms.ChoiceField(
                label="About",
                choices=partial(options.for_note, present),
                required=False,
                help_text="The coded value that the note comments on. It stays as coded.",
            )

    def clean(self) -> dict[str, Any] | None:
        """Remember the target of the note; an unsaved row gets its path only when it is saved."""
        cleaned = super().clean()
        path = self.cleaned_data.get("field", "")
        if path and path != self.instance.field:
            self.target = self.options.target(path)
            if self.target is None:
                self.add_error("field", EMPTY_ROW)
        return cleaned

    def set_path(self) -> None:
        """Set the path of the target, after all parts of the case were saved."""
        if self.target is not None and self.target.record is not None:
            path = self.target.record.path
            self.instance.field = ".".join(filter(None, (path, self.target.field)))


class NoteInline(ExtraRows, StackedInline[Note, Case]):
    model = Note
    formset = EvidenceFormSet
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
    """Return an unused slug for a new note, such as `case-warning-1-date` or `…-date-2`."""
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
