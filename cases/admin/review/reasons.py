"""Forms for the reason of a step."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib.admin.widgets import AdminTextareaWidget

from cases.text.form_fields import ProseField

from .taking_steps import ReasonPrompt

CHANGED = "The weak points changed meanwhile. Look at them again, then publish."


class ReasonForm(forms.Form):
    reason = ProseField(max_length=2000, widget=AdminTextareaWidget(attrs={"rows": 4}))

    def __init__(self, asking: ReasonPrompt, data: Any = None) -> None:
        super().__init__(data)
        self.fields["reason"].help_text = asking.help
        self.fields["reason"].error_messages["required"] = asking.missing


class WeighForm(ReasonForm):
    """A reason to publish despite weak points; invalid if those changed since they were shown."""

    seen = forms.CharField(required=False)

    def __init__(self, asking: ReasonPrompt, data: Any = None, *, shown: str) -> None:
        super().__init__(asking, data)
        self.shown = shown

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean()
        if self.cleaned_data.get("seen") != self.shown:
            self.add_error(None, CHANGED)
        return cleaned
