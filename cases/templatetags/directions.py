"""The filter `bdi`, which every template has without loading it."""

from __future__ import annotations

from django import template
from django.utils.safestring import SafeString

from cases.evidence import badges

register = template.Library()


@register.filter
def bdi(typed: object) -> SafeString:
    """Return a name, title or quote; one from right to left moves nothing beside it."""
    return badges.bdi(str(typed))
