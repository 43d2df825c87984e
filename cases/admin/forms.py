"""Base classes of the forms of records and of their parts."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, ClassVar, TypeVar

from django.contrib.admin.widgets import AdminURLFieldWidget
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db import models
from django.forms import ModelForm, URLInput

from cases.models.relations import loaded
from cases.models.uncertain_date import BoundField
from cases.models.vocabulary import NOT_STATED

from .widgets import KnownAutocompleteSelect, KnownAutocompleteSelectMultiple, control_of

R = TypeVar("R", bound=models.Model)


class CasebookForm(ModelForm[R]):
    """A form that also validates derived days, and shows chosen records without more queries."""

    # The reasons why a first attempt to save these values failed; shown above the form.
    problems: ClassVar[Sequence[str]] = ()

    # Fields that are not in the form and are validated with it, because it may contradict them.
    also_validated: ClassVar[frozenset[str]] = frozenset()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            widget = control_of(field)
            if isinstance(widget, KnownAutocompleteSelect | KnownAutocompleteSelectMultiple):
                widget.known = {str(record.pk): str(record) for record in self._loaded(name)}
            elif isinstance(widget, AdminURLFieldWidget) and self.instance._state.adding:
                # Without Django's link to the address that the record “currently” has.
                widget.template_name = URLInput.template_name

    def _loaded(self, name: str) -> Iterator[models.Model]:
        """Yield the related records that are already loaded with the instance."""
        field: Any = self.instance._meta.get_field(name)
        if field.many_to_many:
            yield from loaded(self.instance, name)
        elif field.get_cached_value(self.instance, default=None) is not None:
            yield field.get_cached_value(self.instance)

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean()
        for problem in self.problems:
            self.add_error(None, problem)
        return cleaned

    def _update_errors(self, errors: ValidationError) -> None:
        """Show the error of a rule at a field that the rule is about, if the form has one."""
        placed: dict[str, list[ValidationError]] = {}
        for name, found in errors.update_error_dict({}).items():
            for error in found:
                place = self._place_of(error) if name == NON_FIELD_ERRORS else name
                placed.setdefault(place, []).append(error)
        super()._update_errors(ValidationError(placed))  # type: ignore[misc]  # not in the stubs

    def _place_of(self, error: ValidationError) -> str:
        """Return the first field of a rule that is left empty, or else its last; mark them all."""
        params: Mapping[str, Any] = error.params or {}
        columns = params.get("columns") or params.get("unique_check") or ()
        bounds = {f.name: f.edtf for f in self.instance._meta.fields if isinstance(f, BoundField)}
        names = {bounds.get(column, column) for column in columns}
        about = [name for name in self.fields if name in names]
        for name in about:
            control_of(self.fields[name]).attrs["aria-invalid"] = "true"
        empty = [name for name in about if self.cleaned_data.get(name) in (None, "", NOT_STATED)]
        return next(iter([*empty, *reversed(about)]), NON_FIELD_ERRORS)

    def _get_validation_exclusions(self) -> set[str]:
        """Include derived days and `also_validated`, which no form field holds, in the checks."""
        exclude: set[str] = super()._get_validation_exclusions()  # type: ignore[misc]  # not in the stubs
        bounds = (f for f in self.instance._meta.fields if isinstance(f, BoundField))
        derived = {bound.name for bound in bounds if bound.edtf not in exclude}
        return exclude - derived - self.also_validated


class StatedTexts(CasebookForm[R]):
    """A form with texts that are stored as “not_stated” if they are left empty."""

    stated_texts: ClassVar[tuple[str, ...]] = ()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in self.stated_texts:
            field = self.fields.get(name)
            if field is not None:  # the read-only form has no fields
                field.required = False
                field.help_text = "In our own words. Leave empty if no source says."
                if self.initial.get(name, field.initial) == NOT_STATED:
                    self.initial[name] = ""

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean()
        for name in self.stated_texts:
            if name in self.cleaned_data:
                self.cleaned_data[name] = self.cleaned_data[name] or NOT_STATED
        return cleaned
