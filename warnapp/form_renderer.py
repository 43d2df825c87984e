"""How the controls of Django's forms are written as HTML."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.forms.renderers import DjangoTemplates
from django.http import HttpRequest
from django.utils.html import conditional_escape, format_html, format_html_join
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


def _attributes(attributes: Attributes) -> SafeString:
    return SafeString(
        "".join(
            f" {conditional_escape(name)}"
            if value is True
            else f' {conditional_escape(name)}="{conditional_escape(str(value))}"'
            for name, value in attributes.items()
            if value is not False
        )
    )


def _input(context: Context) -> SafeString:
    widget = context["widget"]
    given: Attributes = {"type": widget["type"], "name": widget["name"]}
    if widget["value"] is not None:
        given["value"] = widget["value"]
    return format_html("<input{}{}>", _attributes(given), _attributes(widget["attrs"]))


def _textarea(context: Context) -> SafeString:
    widget = context["widget"]
    given = _attributes({"name": widget["name"], **widget["attrs"]})
    # Browsers drop the first line break, so that one in the text would be lost without another.
    return format_html("<textarea{}>\n{}</textarea>", given, widget["value"] or "")


def _select(context: Context) -> SafeString:
    widget = context["widget"]
    groups = []
    for title, options, __ in widget["optgroups"]:
        written = format_html_join("", "<option{}>{}</option>", map(_option, options))
        groups.append(
            format_html('<optgroup label="{}">{}</optgroup>', title, written) if title else written
        )
    given = _attributes({"name": widget["name"], **widget["attrs"]})
    return format_html("<select{}>{}</select>", given, SafeString("".join(groups)))


def _option(option: Context) -> tuple[SafeString, object]:
    return _attributes({"value": option["value"], **option["attrs"]}), option["label"]


def _label(context: Context) -> SafeString:
    if not context["use_tag"]:
        return conditional_escape(context["label"])
    given = _attributes(context["attrs"])
    return format_html("<{0}{1}>{2}</{0}>", context["tag"], given, context["label"])


def _errors(context: Context) -> SafeString:
    errors = context["errors"]
    if not errors:
        return SafeString("")
    given: Attributes = {"class": context["error_class"]}
    if errors.field_id:
        given["id"] = f"{errors.field_id}_error"
    written = format_html_join("", "<li>{}</li>", ((error,) for error in errors))
    return format_html("<ul{}>{}</ul>", _attributes(given), written)


WRITERS: dict[str, Callable[[Context], SafeString]] = {
    "django/forms/label.html": _label,
    "django/forms/errors/list/ul.html": _errors,
    "django/forms/widgets/textarea.html": _textarea,
    "django/forms/widgets/select.html": _select,
    **{
        f"django/forms/widgets/{name}.html": _input
        for name in ("text", "number", "email", "url", "password", "hidden", "date", "checkbox")
    },
}
