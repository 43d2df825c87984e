"""How pages write what changed in a value."""

from __future__ import annotations

from collections.abc import Iterable

from django import template
from django.template.defaultfilters import linebreaksbr
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from cases.versions.differences import Piece

register = template.Library()

FORMS = {"added": "<ins>{}</ins>", "removed": "<del>{}</del>", "": "{}"}
EMPTY = SafeString('<span class="import-empty">empty</span>')


@register.simple_tag
def rewritten(pieces: Iterable[Piece]) -> SafeString:
    """Return a long text with its line breaks, what was added to it and removed from it."""
    return format_html_join(
        "",
        "{}",
        ((format_html(FORMS[piece.kind], linebreaksbr(piece.text)),) for piece in pieces),
    )


@register.simple_tag
def replaced(old: str, new: str) -> SafeString:
    """Return what an import found in a cell and what it writes there, on one line."""
    return format_html(
        '{} <span aria-hidden="true">→</span><span class="visually-hidden">becomes</span> {}',
        format_html("<del>{}</del>", old) if old else EMPTY,
        format_html("<ins>{}</ins>", new) if new else EMPTY,
    )
