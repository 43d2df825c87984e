"""Tags for elements that a list has hundreds of, rendered in one call for speed."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from functools import lru_cache

from django import template
from django.template.loader import render_to_string
from django.utils.html import conditional_escape, format_html, format_html_join
from django.utils.safestring import SafeString

from cases.evidence.badges import bdi
from cases.finding.facets import Facet, Option
from cases.presentation.cards import Line
from cases.presentation.keeping import kept

register = template.Library()

NONE, CHECKED = SafeString(' class="none"'), SafeString(" checked")

# A placeholder for what differs between lists. No text on a page contains this character.
GAP = "\0"


@register.simple_tag
def facet_box(facet: Facet, open_facets: Collection[str], query: str) -> SafeString:
    """Return a facet of the form beside a list; the page of all its values keeps the `query`.

    The facet is open if one of its values is chosen or `open_facets` has its name.
    """
    is_open = facet.is_chosen or facet.name in open_facets
    first, *rest = _frame(
        facet.name, facet.label, facet.hint, facet.codebook, bool(facet.others), is_open
    )
    gaps: list[str] = [boxes(facet.name, facet.options)]
    if facet.others:
        gaps += [conditional_escape(f"?{query}") if query else "", conditional_escape(facet.others)]
    return SafeString(first + "".join(gap + part for gap, part in zip(gaps, rest, strict=True)))


@kept(at_most=256)
def _frame(
    name: str, label: str, hint: str, codebook: str, has_others: bool, is_open: bool
) -> list[str]:
    """Return the HTML of a facet, split at its gaps: boxes, query, label of the other values."""
    facet = Facet(
        name=name,
        label=label,
        options=(),
        codebook=codebook,
        others=GAP if has_others else "",
        hint=hint,
    )
    context = {"facet": facet, "is_open": is_open, "boxes": GAP, "query": GAP}
    return render_to_string("case_list/_facet.html", context).split(GAP)


@register.simple_tag
def boxes(name: str, options: Iterable[Option]) -> SafeString:
    """Return a checkbox for each value of a facet, with its number of cases if there is one."""
    return SafeString(
        "\n".join(
            f"<label{NONE if one.count == 0 else ''}>"
            f"{_box(name, one.value, one.text, one.chosen)} "
            f"<span>{'' if one.count is None else f'{one.count:,}'}</span></label>"
            for one in options
        )
    )


@lru_cache(maxsize=8_192, typed=True)
def _box(name: str, value: str, text: str, is_chosen: bool) -> SafeString:
    # Cached without the count: other lists show the same boxes with other counts.
    return format_html(
        '<input type="checkbox" name="{}" value="{}"{}> {}',
        name,
        value,
        CHECKED if is_chosen else "",
        bdi(text),
    )


@register.simple_tag
def tick(slug: str, title: str, words: str = "Compare") -> SafeString:
    """Return the box by which a case is ticked."""
    return format_html(
        '<label class="pick no-print"><input type="checkbox" name="case" value="{}" form="pick"> '
        '<span>{}<span class="visually-hidden">: {}</span></span></label>',
        slug,
        words,
        bdi(title),
    )


@register.simple_tag
def card_lines(lines: Iterable[Line]) -> SafeString:
    """Return lines of the list of facts of a card."""
    return format_html_join("", "<div><dt>{}</dt><dd>{}</dd></div>", lines)


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
