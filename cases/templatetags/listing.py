"""Tags for elements that a list has hundreds of, rendered in one call for speed."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

from cases.evidence.badges import bdi
from cases.finding.facets import Option

register = template.Library()

NONE, CHECKED = SafeString(' class="none"'), SafeString(" checked")


@register.simple_tag
def boxes(name: str, options: Iterable[Option]) -> SafeString:
    """Return a checkbox for each value of a facet, with its number of cases if there is one."""
    return SafeString("\n".join(_box(name, option) for option in options))


@lru_cache(maxsize=8_192)
def _box(name: str, option: Option) -> SafeString:
    # Kept: a list has hundreds, and most of them have the count that they had in another list.
    return format_html(
        '<label{}><input type="checkbox" name="{}" value="{}"{}> {} <span>{}</span></label>',
        NONE if option.count == 0 else "",
        name,
        option.value,
        CHECKED if option.chosen else "",
        bdi(option.text),
        "" if option.count is None else f"{option.count:,}",
    )


@register.simple_tag
def date_box(name: str, value: str, wrong: str) -> SafeString:
    """Return a box for a date; one whose date is `wrong` is described by what is wrong with it."""
    described = format_html(' aria-invalid="true" aria-describedby="wrong-{}"', name)
    return format_html(
        '<input type="text" name="{}" value="{}" size="10" placeholder="2024-03"{}>',
        name,
        value,
        described if wrong else "",
    )
