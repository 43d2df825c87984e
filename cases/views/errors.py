from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from ..models.slugs import Slugged


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer a wrong address with the ways on."""
    return render(request, "404.html", status=404)


def find(records: QuerySet[Any], slug: str) -> Any:
    """Return the record with this slug, or a redirect to the one that once had it.

    Raises Http404 for a slug that no record has or had.
    """
    record = records.filter(slug=slug).first()
    if record is not None:
        return record
    model: type[Slugged] = records.model
    current = records.filter(slug=model.current_slug(slug) or "").first()
    if current is None:
        raise Http404
    return redirect(current.get_absolute_url(), permanent=True)
