"""The inlines for the parts of a case: roles, warnings, incidents and exceptions."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property
from typing import Any

from django.contrib.admin import StackedInline, TabularInline, display
from django.contrib.admin.widgets import AdminTextareaWidget
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import QuerySet
from django.forms import ModelForm
from django.forms.models import BaseInlineFormSet
from django.http import HttpRequest

from cases.admin.concurrency.submitted_values import count_rows_sent
from cases.admin.fields import Fields, with_every_coded_field
from cases.admin.forms import CasebookForm, StatedTexts
from cases.admin.widgets import (
    AddRelated,
    OrderedAutocompleteSelectMultiple,
    OrderedKeysField,
    control_of,
    is_key,
)
from cases.evidence.values import in_order
from cases.models import (
    Actor,
    Case,
    ExceptionAssessment,
    Incident,
    Intermediary,
    Involvement,
    Warning,
)
from cases.models.incident import NOTHING_HAPPENED
from cases.models.relations import presetting
from cases.models.vocabulary import Qualifier
from cases.models.warning import check_parties

from .coded_values import CodedValues
from .new_like import rows_like

DATE_LINE = ("date_words", "date_edtf", "date_basis")


MAX_ROWS = 20


class PartsFormSet(BaseInlineFormSet[Any, Case, ModelForm[Any]]):
    """A formset with no more rows than were submitted or are stored.

    Claims and notes of the same form may be about its rows, also about unsaved ones.
    """

    def __init__(self, *args: Any, coded_values: CodedValues, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.coded_values = coded_values
        coded_values.attach(self)

    def total_form_count(self) -> int:
        total = super().total_form_count()
        if not self.is_bound:
            return total
        # TOTAL_FORMS may be false: Django would make up to 2,000 rows, which take 40 ms each.
        return min(
            total, max(count_rows_sent(str(self.prefix), self.data), len(self.get_queryset()))
        )

    def delete_existing(self, obj: Any, commit: bool = True) -> None:
        """Leave it to `CaseAdmin.save_related()`: a part can go once no claim is about it."""


class ExtraRows(Fields):
    """Mixin for inlines: adds empty rows with `?rows=3`, for editors without JavaScript.

    With JavaScript, a button adds them. A case that begins like another one has as many rows.
    """

    formset: Any = PartsFormSet
    rows_when_new = 0

    def get_fieldsets(self, request: HttpRequest, obj: Case | None = None) -> Any:
        return with_every_coded_field(self.model, super().get_fieldsets(request, obj))

    def get_formset(self, request: HttpRequest, obj: Case | None = None, **kwargs: Any) -> Any:
        formset = super().get_formset(request, obj, **kwargs)  # type: ignore[misc]  # of the inline
        # Django would refuse a part for claims that the same form deletes: ClaimFormSet checks it.
        formset.form.hand_clean_DELETE = lambda row: None
        return formset

    def get_extra(self, request: HttpRequest, obj: Case | None = None, **kwargs: Any) -> int:
        rows = request.GET.get("rows", "")
        if is_key(rows):
            return min(int(rows), MAX_ROWS)
        return 0 if obj else max(self.rows_when_new, len(rows_like(request, self.model)))


class ExtraRowsWhenNew(ExtraRows):
    """Mixin for inlines: a new case starts with an empty row."""

    rows_when_new = 1


class LabelledFormSet(PartsFormSet):
    """A tabular formset with an `aria-label` on each control, because it has no `<label>`."""

    def add_fields(self, form: Any, index: int | None) -> None:
        super().add_fields(form, index)
        for name, field in form.fields.items():
            label = field.label or name.replace("_", " ")
            control_of(field).attrs["aria-label"] = str(label)[:1].upper() + str(label)[1:]


class InvolvementInline(ExtraRowsWhenNew, TabularInline[Involvement, Case]):
    model = Involvement
    form = CasebookForm[Involvement]
    formset = LabelledFormSet
    verbose_name, verbose_name_plural = "role", "roles"
    fields = ("actor", "role", "note")
    autocomplete_fields = ("actor",)
    fold_help = False
    rows_when_new = 2
    formfield_overrides = {
        models.TextField: {"widget": AdminTextareaWidget(attrs={"rows": 2, "cols": 40})}
    }

    def get_queryset(self, request: HttpRequest) -> QuerySet[Involvement]:
        return super().get_queryset(request).select_related("actor")


class WarningForm(StatedTexts[Warning]):
    stated_texts = ("content",)

    # The inline replaces it by one with a widget that may add an actor.
    intermediaries = OrderedKeysField(queryset=Actor.objects.all(), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk is not None:
            keys = [actor.pk for actor in self.instance.passed_on_by]
            self.initial.setdefault("intermediaries", keys)

    def _loaded(self, name: str) -> Iterator[models.Model]:
        if name == "intermediaries":
            if self.instance.pk is not None:
                yield from self.instance.passed_on_by
        else:
            yield from super()._loaded(name)

    def clean(self) -> dict[str, Any] | None:
        """Refuse an actor that is a party twice, which the model can only check once stored."""
        cleaned = super().clean()
        issuer, recipients = (self.cleaned_data.get(name) for name in ("issuer", "recipients"))
        if recipients is not None:
            try:
                check_parties(issuer, recipients, self.cleaned_data.get("intermediaries", ()))
            except ValidationError as error:
                self.add_error(None, error)
        return cleaned

    def _post_clean(self) -> None:
        """Let the model validate the submitted parties in place of the stored ones."""
        if "intermediaries" in self.fields:
            self.instance.preset_intermediaries(self.cleaned_data.get("intermediaries", ()))
        recipients = self.cleaned_data.get("recipients", Actor.objects.none())
        # Only here: saving compares with the stored recipients.
        with presetting(self.instance, "recipients", recipients):
            super()._post_clean()  # type: ignore[misc]  # not in the stubs

    def save(self, commit: bool = True) -> Warning:
        """Store the intermediaries too; with `commit` only, as the formset saves."""
        warning = super().save(commit)
        if commit and "intermediaries" in self.cleaned_data:
            warning.set_intermediaries(self.cleaned_data["intermediaries"])
        return warning


class WarningInline(ExtraRowsWhenNew, StackedInline[Warning, Case]):
    model = Warning
    form = WarningForm
    autocomplete_fields = ("issuer", "recipients")
    fieldsets = (
        (
            "Who warned whom",
            {"fields": (("issuer", "recipients"), "intermediaries", ("relation", "repeated"))},
        ),
        ("When", {"fields": (DATE_LINE, "before_incident")}),
        ("How", {"fields": (("channel", "conduit", "basis"),)}),
        (
            "What it said",
            {
                "fields": (
                    "content",
                    ("who_specificity", "target_specificity"),
                    ("place_specificity", "time_specificity"),
                )
            },
        ),
        ("Warned window", {"fields": (("window_start", "window_end"),)}),
        ("Response", {"fields": (("reception", "follow_up"), "issuer_action")}),
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[Warning]:
        warnings = super().get_queryset(request)
        return warnings.select_related("issuer").prefetch_related("intermediaries", "recipients")

    @display(description="Intermediaries", empty_value="None reported")
    def intermediaries(self, obj: Warning) -> str:
        """Return what a form shows that may only be read."""
        return in_order(str(actor) for actor in obj.passed_on_by)

    def get_formset(self, request: HttpRequest, obj: Case | None = None, **kwargs: Any) -> Any:
        """Offer the intermediaries like the other parties, with a button that adds an actor."""
        formset = super().get_formset(request, obj, **kwargs)
        if "intermediaries" in formset.form.base_fields:
            reference: Any = Intermediary._meta.get_field("actor")
            actors = self.admin_site.get_model_admin(Actor)
            formset.form.base_fields["intermediaries"] = OrderedKeysField(
                queryset=Actor.objects.all(),
                required=False,
                widget=AddRelated(
                    OrderedAutocompleteSelectMultiple(reference, self.admin_site),
                    reference.remote_field,
                    self.admin_site,
                    actors.has_add_permission(request),
                ),
                help_text="Who passed it on, in order. To move one to the end, remove it and "
                "choose it again. Leave empty if no source reports any.",
            )
        return formset


class IncidentForm(StatedTexts[Incident]):
    stated_texts = ("place", "target")

    def clean(self) -> dict[str, Any] | None:
        """Let the figures of an incident that did not happen not apply, as its date does not."""
        cleaned = super().clean()
        if self.cleaned_data.get("kind") in NOTHING_HAPPENED:
            for name in ("deaths_qualifier", "injured_qualifier"):
                if self.cleaned_data.get(name) == Qualifier.NOT_STATED:
                    self.cleaned_data[name] = Qualifier.NOT_APPLICABLE
        return cleaned


class IncidentInline(ExtraRowsWhenNew, StackedInline[Incident, Case]):
    model = Incident
    form = IncidentForm
    autocomplete_fields = ("country",)
    fieldsets = (
        (None, {"fields": ("kind",)}),
        ("When", {"fields": (DATE_LINE,)}),
        ("Where and whom", {"fields": (("place", "country"), "target")}),
        (
            "Harm",
            {"fields": (("deaths", "deaths_qualifier"), ("injured", "injured_qualifier"))},
        ),
        (None, {"fields": ("description",)}),
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[Incident]:
        return super().get_queryset(request).select_related("country")


class AssessmentFormSet(LabelledFormSet):
    """A formset whose rows share one list of exceptions, read with a single query."""

    @cached_property
    def exceptions(self) -> list[Any]:
        field: Any = self.form.base_fields["exception"]
        return list(field.choices)

    def add_fields(self, form: Any, index: int | None) -> None:
        super().add_fields(form, index)
        if "exception" in form.fields:  # the read-only form has no fields
            form.fields["exception"].choices = self.exceptions


class AssessmentInline(ExtraRows, TabularInline[ExceptionAssessment, Case]):
    model = ExceptionAssessment
    form = CasebookForm[ExceptionAssessment]
    formset = AssessmentFormSet
    verbose_name, verbose_name_plural = "exception", "exceptions"
    fields = ("exception", "status", "note")
    fold_help = False
    formfield_overrides = InvolvementInline.formfield_overrides

    def get_queryset(self, request: HttpRequest) -> QuerySet[ExceptionAssessment]:
        return super().get_queryset(request).select_related("exception")
