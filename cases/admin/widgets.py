"""Form fields and widgets of the admin."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.contrib.admin.widgets import (
    AdminTextareaWidget,
    AutocompleteMixin,
    AutocompleteSelect,
    AutocompleteSelectMultiple,
)
from django.core.exceptions import ValidationError
from django.forms import ModelMultipleChoiceField
from django.forms.utils import flatatt
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

LONGEST_KEY = 18
"""Digits. More could not be a key, and would overflow the database's integers."""


def is_key(value: object) -> bool:
    """Whether `value` can be the key of a record: a whole number that the database can hold."""
    text = str(value)
    return text.isascii() and text.isdigit() and len(text) <= LONGEST_KEY


class _Known(AutocompleteMixin):
    """Mixin: shows what is chosen without a query for each widget on the page.

    `known` holds the labels of records by key. What was posted but is no key is not looked up,
    because the page with the error message would then fail itself.
    """

    known: Mapping[str, str] = {}

    def optgroups(
        self, name: str, value: Sequence[str], attr: dict[str, Any] | None = None
    ) -> list[tuple[str | None, list[dict[str, Any]], int | None]]:
        keys = [key for key in value if is_key(key)]
        if not keys or not all(key in self.known for key in keys):
            return super().optgroups(name, keys, attr)
        widget: Any = self
        single = not (widget.is_required or widget.allow_multiple_selected)
        choices = [*([("", "")] if single else []), *((key, self.known[key]) for key in keys)]
        options = [
            widget.create_option(name, key, label, bool(key), index)
            for index, (key, label) in enumerate(choices)
        ]
        return [(None, options, 0)]


class KnownAutocompleteSelect(_Known, AutocompleteSelect):
    pass


class KnownAutocompleteSelectMultiple(_Known, AutocompleteSelectMultiple):
    pass


class LongSelect(forms.Select):
    """A select whose options are written out at once, where Django renders a template for each.

    Every claim offers every value of its case, so options grow with the square of a case's size.
    """

    def render(
        self, name: str, value: Any, attrs: dict[str, Any] | None = None, renderer: Any = None
    ) -> SafeString:
        context = self.get_context(name, value, attrs)["widget"]
        groups = []
        for title, options, __ in context["optgroups"]:
            written = format_html_join("", '<option value="{}"{}>{}</option>', map(_parts, options))
            groups.append(
                format_html('<optgroup label="{}">{}</optgroup>', title, written)
                if title
                else written
            )
        given = {"name": name, **context["attrs"]}
        return format_html("<select{}>{}</select>", flatatt(given), SafeString("".join(groups)))


def _parts(option: dict[str, Any]) -> tuple[object, str, object]:
    selected = SafeString(" selected") if option["selected"] else ""
    return option["value"], selected, option["label"]


class KeysField(ModelMultipleChoiceField[Any]):
    """Several records by key; refuses what cannot be a key before the database sees it."""

    def clean(self, value: Any) -> Any:
        for key in value or ():
            if not is_key(key):
                raise ValidationError(
                    self.error_messages["invalid_choice"],
                    code="invalid_choice",
                    params={"value": str(key)[:LONGEST_KEY]},
                )
        return super().clean(value)


class NamesField(forms.CharField):
    """A list of names, typed one a line."""

    widget = AdminTextareaWidget(attrs={"rows": 4})
    longest_name = 200

    def prepare_value(self, value: Any) -> Any:
        return "\n".join(value) if isinstance(value, list) else value

    def to_python(self, value: Any) -> Any:
        """Return the names without blank lines and repetitions, in the order typed."""
        lines = (super().to_python(value) or "").splitlines()
        return list(dict.fromkeys(line.strip() for line in lines if line.strip()))

    def validate(self, value: Any) -> None:
        super().validate(value)
        if any(len(name) > self.longest_name for name in value):
            raise ValidationError(f"A name has at most {self.longest_name} characters.")

    def run_validators(self, value: Any) -> None:
        """Hold the validators of text against the text that the names make."""
        super().run_validators(self.prepare_value(value))

    def has_changed(self, initial: Any, data: Any) -> bool:
        return bool(self.to_python(self.prepare_value(initial)) != self.to_python(data))
