"""Form fields for texts, which ask whether something was typed only after normalising it."""

from __future__ import annotations

from typing import Any

from django import forms

from .normalising import normalised


class Normalises(forms.CharField):
    """Mixin: a form field that normalises its text before it validates it."""

    one_line = True

    def to_python(self, value: Any) -> Any:
        return super().to_python(self._normalised(value))

    def has_changed(self, initial: Any, data: Any) -> bool:
        return super().has_changed(self._normalised(initial), data)

    def _normalised(self, value: Any) -> Any:
        return normalised(value, one_line=self.one_line) if isinstance(value, str) else value


class LineField(Normalises):
    """A text in one line."""


class ProseField(Normalises):
    """A text that may have paragraphs."""

    one_line = False


class AddressField(Normalises, forms.URLField):
    """A web address."""


class SlugField(Normalises, forms.SlugField):
    """A slug."""
