"""How the fields of records and of their parts appear in forms."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from typing import Any

from django import forms
from django.contrib.admin.options import BaseModelAdmin
from django.contrib.admin.utils import flatten_fieldsets
from django.contrib.admin.widgets import AdminTextareaWidget
from django.db import models
from django.http import HttpRequest
from django.template.loader import render_to_string

from cases.models.edtf import EXAMPLES
from cases.models.uncertain_date import EdtfField
from cases.models.vocabulary import Vocabulary

from .widgets import (
    AddRelated,
    DateExpressionInput,
    KeysField,
    KnownAutocompleteSelect,
    KnownAutocompleteSelectMultiple,
)

NOT_A_DAY = "There is no such day. Write a day as in 2024-03-07."

_VOCABULARIES = {vocabulary.help_text(): vocabulary for vocabulary in Vocabulary.__subclasses__()}


@cache
def folded(help_text: str) -> str:
    """Return a help text as HTML, closed if it is the one for dates or a vocabulary."""
    if help_text == EXAMPLES:
        context: dict[str, Any] = {"title": "How to write a date", "text": EXAMPLES}
    elif help_text in _VOCABULARIES:
        context = {"title": "What the values mean", "terms": list(_VOCABULARIES[help_text])}
    else:
        return help_text
    return render_to_string("admin/casebook/_folded_help.html", context)


def with_every_coded_field(model: Any, sections: Iterable[Any]) -> list[Any]:
    """Return the sections of a form, with the coded fields that none of them has at the end."""
    sections = list(sections)
    placed = flatten_fieldsets(sections)
    columns = {field.name for field in model._meta.get_fields() if not field.auto_created}
    coded = getattr(model, "CODED_FIELDS", ())
    rest = [name for name in coded if name in columns and name not in placed]
    return [*sections, ("Further", {"fields": rest})] if rest else sections


class Fields(BaseModelAdmin[Any]):
    """Mixin for pages and inlines: collapsed help, and autocompletion without a query a row."""

    fold_help = True
    formfield_overrides = {
        models.TextField: {"widget": AdminTextareaWidget(attrs={"rows": 3})},
        models.URLField: {"assume_scheme": "https"},
        models.DateField: {"error_messages": {"invalid": NOT_A_DAY}},
    }

    def formfield_for_dbfield(
        self, db_field: models.Field[Any, Any], request: HttpRequest, **kwargs: Any
    ) -> forms.Field | None:
        if isinstance(db_field, EdtfField):
            kwargs["widget"] = DateExpressionInput
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if field is not None and self.fold_help:
            field.help_text = folded(str(field.help_text))
        if field is not None:
            field.widget = AddRelated.in_place_of(field.widget, self.admin_site)
        return field

    def formfield_for_foreignkey(
        self, db_field: models.ForeignKey[Any, Any], request: HttpRequest, **kwargs: Any
    ) -> forms.ModelChoiceField[Any] | None:
        if db_field.name in self.get_autocomplete_fields(request):
            kwargs.setdefault("widget", KnownAutocompleteSelect(db_field, self.admin_site))
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def formfield_for_manytomany(
        self, db_field: models.ManyToManyField[Any, Any], request: HttpRequest, **kwargs: Any
    ) -> forms.ModelMultipleChoiceField[Any] | None:
        kwargs.setdefault("form_class", KeysField)
        if db_field.name in self.get_autocomplete_fields(request):
            kwargs.setdefault("widget", KnownAutocompleteSelectMultiple(db_field, self.admin_site))
        return super().formfield_for_manytomany(db_field, request, **kwargs)
