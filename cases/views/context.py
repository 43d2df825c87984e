"""The context that every page gets."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest

from cases.changelog import until_changed
from cases.models.synthetic_label import synthetic_cases_are_public

# The navigation: first segment of the path, name of the view, label.
SECTIONS = (
    ("cases", "case_list", "Cases"),
    ("charts", "charts", "Charts"),
    ("actors", "actor_list", "Actors"),
    ("exceptions", "exception_list", "Exceptions"),
    ("sources", "source_list", "Sources"),
    ("notes", "note_list", "Notes"),
    ("data", "data", "Data"),
    ("codebook", "codebook", "Codebook"),
    ("about", "about", "About"),
)


_has_synthetic_cases = until_changed(synthetic_cases_are_public)


def site(request: HttpRequest) -> dict[str, object]:
    """Return the name and address of the site, its sections, and the section of the page."""
    return {
        "site_name": settings.SITE_NAME,
        "site_url": settings.SITE_URL.rstrip("/"),
        "sections": SECTIONS,
        "has_synthetic_cases": _has_synthetic_cases,
        "current_section": request.path_info.strip("/").split("/")[0],
    }
