from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from cases.models.slugs import Slugged


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer a wrong address with the ways on."""
    return render(request, "404.html", status=404)


def find(records: QuerySet[Any], slug: str, may_see: Callable[[Any], bool] = bool) -> Any:
    """Return the record with this slug, or a redirect to the one that once had it.

    Raises Http404 for a slug that no record has or had, or whose record the visitor may not see:
    a redirect would give its present slug away. The redirect is not for ever, since a slug may
    change back; the lasting address of a case is that of its number.
    """
    record = records.filter(slug=slug).first()
    if record is not None:
        return record
    model: type[Slugged] = records.model
    current = records.filter(slug=model.current_slug(slug) or "").first()
    if current is None or not may_see(current):
        raise Http404
    return redirect(current)
