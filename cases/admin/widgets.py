"""Form fields and widgets of the admin."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.contrib.admin.widgets import (
    AdminTextareaWidget,
    AdminTextInputWidget,
    AutocompleteMixin,
    AutocompleteSelect,
    AutocompleteSelectMultiple,
    RelatedFieldWidgetWrapper,
)
from django.core.exceptions import ValidationError
from django.forms import ModelMultipleChoiceField
from django.forms.widgets import ChoiceWidget
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from cases.models.edtf import meaning
from cases.models.folded import FoldedField
from cases.text.normalising import normalised_names

# Digits. A longer number would overflow the integers of the database.
MAX_KEY_DIGITS = 18


def is_key(value: object) -> bool:
    """Whether `value` can be a primary key: a whole number that fits into the database."""
    text = str(value)
    return text.isascii() and text.isdigit() and len(text) <= MAX_KEY_DIGITS


class _KnownLabels(AutocompleteMixin):
    """Mixin for autocompletion that shows the chosen records without a query for each widget.

    `known` holds the labels of records by key.
    """

    known: Mapping[str, str] = {}

    def optgroups(
        self, name: str, value: Sequence[str], attr: dict[str, Any] | None = None
    ) -> list[tuple[str | None, list[dict[str, Any]], int | None]]:
        # Looking up an invalid key would raise an error in the page that reports it.
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


class KnownAutocompleteSelect(_KnownLabels, AutocompleteSelect):
    pass


class KnownAutocompleteSelectMultiple(_KnownLabels, AutocompleteSelectMultiple):
    def build_attrs(
        self, base_attrs: dict[str, Any], extra_attrs: dict[str, Any] | None = None
    ) -> dict[str, Any]:
        # The button that clears all stands in a list of choices without being one, which screen
        # readers announce wrongly; each choice has a button of its own.
        attrs = super().build_attrs(base_attrs, extra_attrs)
        return attrs | {"data-allow-clear": "false"}


def control_of(field: forms.Field) -> Any:
    """Return the widget of a field, without the wrapper that puts buttons beside it."""
    widget = field.widget
    return widget.widget if isinstance(widget, RelatedFieldWidgetWrapper) else widget


class AddRelated(RelatedFieldWidgetWrapper):
    """A choice among records beside the green plus, whose pop-up begins with what the choice asks
    for: with the kind “State” where only states can be chosen.

    Django's buttons that change, delete and show a record are left out: a row has no space for
    them, and shared records should be changed on their own page.
    """

    def __init__(self, widget: ChoiceWidget, rel: Any, admin_site: Any, can_add: bool) -> None:
        super().__init__(widget, rel, admin_site, can_add_related=can_add)
        # The field of the pop-up that `pick.js` fills in with what was searched for in vain.
        named = [field.of[0] for field in rel.model._meta.fields if isinstance(field, FoldedField)]
        if named and isinstance(widget, AutocompleteMixin):
            self.widget.attrs["data-fills"] = named[0]

    @classmethod
    def in_place_of(cls, offered: Any, admin_site: Any) -> Any:
        """Return the widget that a form gets in place of what Django offers for a field."""
        if not isinstance(offered, RelatedFieldWidgetWrapper):
            return offered
        return cls(offered.widget, offered.rel, admin_site, offered.can_add_related)

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        limits = self.rel.limit_choices_to
        if limits and isinstance(limits, dict):  # Django also takes a Q or a function
            context["url_params"] += f"&{urlencode(limits)}"
        return context


class OrderedAutocompleteSelectMultiple(KnownAutocompleteSelectMultiple):
    """An autocompletion of several records that shows them in their given order.

    Browsers submit the chosen options in the order of the page, and `order.js` moves an option to
    the end when it is chosen. So the order of choosing is kept.
    """

    class Media:
        js = ["admin_casebook/order.js"]

    def optgroups(
        self, name: str, value: Sequence[str], attr: dict[str, Any] | None = None
    ) -> list[tuple[str | None, list[dict[str, Any]], int | None]]:
        keys = [key for key in value if is_key(key)]
        # Django would list records that it has to look up in the order of their names.
        if missing := [key for key in keys if key not in self.known]:
            choices: Any = self.choices
            found = {str(each.pk): str(each) for each in choices.queryset.filter(pk__in=missing)}
            self.known = {**self.known, **found}
        return super().optgroups(name, [key for key in keys if key in self.known], attr)

    def build_attrs(
        self, base_attrs: dict[str, Any], extra_attrs: dict[str, Any] | None = None
    ) -> dict[str, Any]:
        return super().build_attrs(base_attrs, extra_attrs) | {"data-ordered": "true"}


class KeysField(ModelMultipleChoiceField[Any]):
    """A choice of several records that rejects invalid keys before querying the database."""

    def clean(self, value: Any) -> Any:
        for key in value or ():
            if not is_key(key):
                raise ValidationError(
                    self.error_messages["invalid_choice"],
                    code="invalid_choice",
                    params={"value": str(key)[:MAX_KEY_DIGITS]},
                )
        return super().clean(value)


class OrderedKeysField(KeysField):
    """A choice of several records whose order counts; it cleans to a list in that order."""

    def clean(self, value: Any) -> Any:
        found = {str(record.pk): record for record in super().clean(value)}
        keys = [str(int(key)) for key in value or ()]
        return [found[key] for key in dict.fromkeys(keys)]

    def has_changed(self, initial: Any, data: Any) -> bool:
        before, after = ([str(key) for key in keys or ()] for keys in (initial, data))
        return not self.disabled and before != after


class DateExpressionInput(AdminTextInputWidget):
    """An input for a date, which says below it how its value is read.

    `dates.js` says the same while the date is typed, and asks about words without an expression.
    """

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        context["widget"]["attrs"]["data-read"] = reverse("admin:read_date")
        return context

    def render(
        self, name: str, value: Any, attrs: dict[str, Any] | None = None, renderer: Any = None
    ) -> SafeString:
        try:
            read = meaning(value) if value else ""
        except ValidationError:
            read = ""  # the field has an error that says so
        key = (attrs or {}).get("id", "")
        control = super().render(name, value, attrs, renderer)
        return format_html('{}<output class="date-read" for="{}">{}</output>', control, key, read)


class NamesField(forms.CharField):
    """A list of names, typed one per line."""

    widget = AdminTextareaWidget(attrs={"rows": 4})
    max_name_length = 200

    def prepare_value(self, value: Any) -> Any:
        return "\n".join(value) if isinstance(value, list) else value

    def to_python(self, value: Any) -> Any:
        """Return the names in the order typed, without blank lines and duplicates."""
        lines = (super().to_python(value) or "").splitlines()
        return normalised_names(lines)

    def validate(self, value: Any) -> None:
        super().validate(value)
        if any(len(name) > self.max_name_length for name in value):
            raise ValidationError(f"A name has at most {self.max_name_length} characters.")

    def run_validators(self, value: Any) -> None:
        """Run the validators of text on the joined names."""
        super().run_validators(self.prepare_value(value))

    def has_changed(self, initial: Any, data: Any) -> bool:
        return bool(self.to_python(self.prepare_value(initial)) != self.to_python(data))
