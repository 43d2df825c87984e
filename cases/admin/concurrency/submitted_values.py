"""The values of a form as its page sends them, and as a person reads them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.contrib.admin.widgets import RelatedFieldWidgetWrapper

from cases.admin.widgets import is_key

Sent = list[str]
"""What a browser sends of one control: several values of a multiple choice, one of others."""

NOTHING = "nothing"
GONE = "a record that is gone"
OWN_CONTROLS = ("id", "DELETE", "ORDER")
"""Controls of a row that are about the row, not in it."""


def rows_sent(prefix: str, data: Mapping[str, Any]) -> int:
    """Return how many rows a page sent of a formset: the highest of them, counted from 1."""
    numbers = (
        name.removeprefix(f"{prefix}-").partition("-")[0]
        for name in data
        if name.startswith(f"{prefix}-")
    )
    return max((int(number) + 1 for number in numbers if is_key(number)), default=0)


def names_in(form: forms.BaseForm) -> list[str]:
    """Return the names of the fields of a form, or of a row, that are its record's values."""
    return [
        name
        for name, field in form.fields.items()
        if name not in OWN_CONTROLS and not isinstance(field, forms.models.InlineForeignKeyField)
    ]


def shown(form: forms.BaseForm, name: str) -> Sent:
    """Return what an unbound form would send of a field if nothing were typed."""
    widget = _widget(form, name)
    value = widget.format_value(form[name].value())
    if value is None:
        return []
    return [str(each) for each in value] if isinstance(value, list | tuple) else [str(value)]


def is_same(one: Sent, other: Sent) -> bool:
    """Whether two controls say the same; ends of lines and empty values make no difference."""
    return _plain(one) == _plain(other)


def words(form: forms.BaseForm, name: str, sent: Sent) -> str:
    """Word what a control says: labels of choices, names of records, "nothing" for none."""
    values = [value for value in sent if value.strip()]
    field: Any = form.fields[name]
    if isinstance(field, forms.ModelChoiceField):
        values = list(_names(field, values))
    elif isinstance(field, forms.ChoiceField):
        labels = _labels(field.choices)
        values = [labels.get(value, value) for value in values]
    return ", ".join(values) or NOTHING


def label_in(form: forms.BaseForm, name: str) -> str:
    return str(form[name].label)


def _widget(form: forms.BaseForm, name: str) -> Any:
    widget = form.fields[name].widget
    return widget.widget if isinstance(widget, RelatedFieldWidgetWrapper) else widget


def _plain(sent: Sent) -> list[str]:
    return sorted(value.replace("\r\n", "\n").strip() for value in sent if value.strip())


def _names(field: Any, values: Iterable[str]) -> Iterable[str]:
    keys = [value for value in values if is_key(value)]
    found = {str(record.pk): str(record) for record in field.queryset.filter(pk__in=keys)}
    return (found.get(value, GONE) for value in values)


def _labels(choices: Any) -> dict[str, str]:
    labels: dict[str, str] = {}
    for value, label in choices:
        if isinstance(label, list | tuple):
            labels |= _labels(label)
        else:
            labels[str(value)] = str(label)
    return labels
