"""Controls are written as Django's own templates write them, but for white space."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django import forms
from django.contrib.admin.widgets import AdminTextareaWidget
from django.forms.renderers import DjangoTemplates, get_default_renderer
from django.forms.utils import ErrorList
from django.utils.safestring import SafeString

from warnapp.form_renderer import WRITERS, FormRenderer

HOSTILE = "<b>\"&' \u202e\n\nend"
CHOICES = [
    ("", "---------"),
    (1, HOSTILE),
    (HOSTILE, SafeString("<i>safe</i>")),
    ("Group " + HOSTILE, [("a", "A"), ("b", "B")]),
]
ATTRIBUTES = {"id": "id_x", "required": True, "disabled": False, "data-x": HOSTILE, "rows": 1_000}
CONTROLS = [
    *(forms.TextInput(), forms.NumberInput(), forms.EmailInput(), forms.URLInput()),
    *(forms.PasswordInput(render_value=True), forms.HiddenInput(), forms.DateInput()),
    *(forms.CheckboxInput(), forms.Textarea(), AdminTextareaWidget()),
    *(forms.Select(choices=CHOICES), forms.SelectMultiple(choices=CHOICES)),
]


def condensed(markup: str) -> str:
    """Return HTML without the white space that Django's templates leave between tags."""
    return re.sub(r">\n\s*<", "><", markup).strip()


def test_default_renderer_is_ours() -> None:
    assert isinstance(get_default_renderer(), FormRenderer)


@pytest.mark.parametrize("control", CONTROLS, ids=lambda control: type(control).__name__)
@pytest.mark.parametrize("value", [None, "", 0, 12_345, True, HOSTILE, SafeString("<i>"), "1", "b"])
def test_control_is_written_as_django_writes_it(control: Any, value: Any) -> None:
    given = [value] if isinstance(control, forms.SelectMultiple) else value
    for attributes in ({}, ATTRIBUTES):
        ours = control.render("n&me", given, attributes, renderer=FormRenderer())
        theirs = control.render("n&me", given, attributes, renderer=DjangoTemplates())
        assert condensed(ours) == condensed(theirs)


@pytest.mark.parametrize("field_id", [None, "id_x"])
@pytest.mark.parametrize("errors", [[], ["Wrong."], [HOSTILE, SafeString("<i>safe</i>")]])
def test_errors_are_written_as_django_writes_them(errors: list[str], field_id: str | None) -> None:
    def written(renderer: DjangoTemplates) -> str:
        return str(ErrorList(errors, renderer=renderer, field_id=field_id))

    assert written(FormRenderer()) == written(DjangoTemplates())


@pytest.mark.parametrize("tag", [None, "legend"])
@pytest.mark.parametrize("label", ["Title", HOSTILE])
def test_label_is_written_as_django_writes_it(label: str, tag: str | None) -> None:
    def written(renderer: DjangoTemplates) -> list[str]:
        form = forms.Form(renderer=renderer)
        form.fields["x"] = forms.CharField(label=label)
        hidden = forms.Form(renderer=renderer, auto_id=False)
        hidden.fields["x"] = forms.CharField(label=label)
        shown = [each["x"].label_tag(attrs={"class": HOSTILE}, tag=tag) for each in (form, hidden)]
        return [str(each) for each in shown]

    assert written(FormRenderer()) == written(DjangoTemplates())


def test_every_writer_is_for_a_template_of_django() -> None:
    for name in WRITERS:
        DjangoTemplates().get_template(name)
