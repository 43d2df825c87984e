"""How the controls of Django's forms are written as HTML."""

from __future__ import annotations

from collections.abc import Callable
from html import escape
from typing import Any

from django.forms.renderers import DjangoTemplates
from django.http import HttpRequest
from django.utils.safestring import SafeString

Attributes = dict[str, Any]
Context = dict[str, Any]


class FormRenderer(DjangoTemplates):
    """Writes what a form repeats hundreds of times as Django's templates do, but in Python.

    Django renders a template for each control, one more for its attributes and one for each of its
    options. The form of a case has hundreds of controls and thousands of options.
    """

    def render(
        self, template_name: str, context: Context, request: HttpRequest | None = None
    ) -> str:
        write = WRITERS.get(template_name)
        return write(context) if write else super().render(template_name, context, request)


def _html(value: object) -> str:
    """Return a value as text, escaped unless it is a SafeString."""
    # Django's `conditional_escape` takes four times as long, because it looks for lazy texts first.
    text = value if isinstance(value, str) else str(value)
    return text if isinstance(text, SafeString) else escape(text)


def _attributes(attributes: Attributes) -> str:
    return "".join(
        f" {_html(name)}" if value is True else f' {_html(name)}="{_html(value)}"'
        for name, value in attributes.items()
        if value is not False
    )


def _input(context: Context) -> str:
    widget = context["widget"]
    given: Attributes = {"type": widget["type"], "name": widget["name"]}
    if widget["value"] is not None:
        given["value"] = widget["value"]
    return f"<input{_attributes(given)}{_attributes(widget['attrs'])}>"


def _textarea(context: Context) -> str:
    widget = context["widget"]
    given = _attributes({"name": widget["name"], **widget["attrs"]})
    # Browsers drop the first line break, so that one in the text would be lost without another.
    return f"<textarea{given}>\n{_html(widget['value'] or '')}</textarea>"


def _select(context: Context) -> str:
    widget = context["widget"]
    groups = []
    for title, options, __ in widget["optgroups"]:
        written = "".join(map(_option, options))
        groups.append(
            f'<optgroup label="{_html(title)}">{written}</optgroup>' if title else written
        )
    given = _attributes({"name": widget["name"], **widget["attrs"]})
    return f"<select{given}>{''.join(groups)}</select>"


def _option(option: Context) -> str:
    given = _attributes({"value": option["value"], **option["attrs"]})
    return f"<option{given}>{_html(option['label'])}</option>"


def _label(context: Context) -> str:
    if not context["use_tag"]:
        return _html(context["label"])
    tag = context["tag"]
    return f"<{tag}{_attributes(context['attrs'])}>{_html(context['label'])}</{tag}>"


def _errors(context: Context) -> str:
    errors = context["errors"]
    if not errors:
        return ""
    given: Attributes = {"class": context["error_class"]}
    if errors.field_id:
        given["id"] = f"{errors.field_id}_error"
    written = "".join(f"<li>{_html(error)}</li>" for error in errors)
    return f"<ul{_attributes(given)}>{written}</ul>"


WRITERS: dict[str, Callable[[Context], str]] = {
    "django/forms/label.html": _label,
    "django/forms/errors/list/ul.html": _errors,
    "django/forms/widgets/textarea.html": _textarea,
    "django/forms/widgets/select.html": _select,
    **{
        f"django/forms/widgets/{name}.html": _input
        for name in ("text", "number", "email", "url", "password", "hidden", "date", "checkbox")
    },
}
