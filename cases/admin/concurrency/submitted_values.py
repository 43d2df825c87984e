"""The values of a form, as a browser submits them and as text for a person."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django import forms

from cases.admin.widgets import OrderedKeysField, control_of, is_key
from cases.text.normalising import normalised

# The values that a browser submits for one control; a multiple choice has several.
Sent = list[str]

NOTHING = "nothing"
GONE = "a record that is gone"
# Controls of a formset row that are not values of its record.
OWN_CONTROLS = ("id", "DELETE", "ORDER")


def count_rows_sent(prefix: str, data: Mapping[str, Any]) -> int:
    """Return the number of submitted rows of a formset: its highest row number, from 1."""
    numbers = (
        name.removeprefix(f"{prefix}-").partition("-")[0]
        for name in data
        if name.startswith(f"{prefix}-")
    )
    return max((int(number) + 1 for number in numbers if is_key(number)), default=0)


def names_in(form: forms.BaseForm) -> list[str]:
    """Return the names of the fields of a form that are values of its record."""
    return [
        name
        for name, field in form.fields.items()
        if name not in OWN_CONTROLS and not isinstance(field, forms.models.InlineForeignKeyField)
    ]


def shown(form: forms.BaseForm, name: str) -> Sent:
    """Return what a browser would submit for a field of an unbound form if nothing is typed."""
    value = control_of(form.fields[name]).format_value(form[name].value())
    if value is None:
        return []
    return [str(each) for each in value] if isinstance(value, list | tuple) else [str(value)]


def is_same(one: Sent, other: Sent, *, is_ordered: bool = False) -> bool:
    """Whether two submitted values are equal, ignoring empty ones and what nobody can see.

    The order of several values is ignored too, unless they are those of a field `is_ordered`.
    """
    first, second = _plain(one), _plain(other)
    return first == second if is_ordered else sorted(first) == sorted(second)


def is_ordered(form: forms.BaseForm, name: str) -> bool:
    """Whether the order of the values of a field counts."""
    return isinstance(form.fields[name], OrderedKeysField)


def words(form: forms.BaseForm, name: str, sent: Sent) -> str:
    """Return submitted values as text: labels of choices, names of records, "nothing" for none."""
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


def _plain(sent: Sent) -> list[str]:
    return [text for value in sent if (text := normalised(value, one_line=False))]


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
