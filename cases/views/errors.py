"""The page for wrong addresses, and redirects from the former address of a record."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.cache import patch_vary_headers

from cases.models.slugs import Slugged


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer a wrong address with a page that offers ways to go on."""
    response = render(request, "404.html", status=404)
    # Every one, so that the address of a draft cannot be told from that of nothing.
    patch_vary_headers(response, ["Cookie"])
    return response


class MovedError(Exception):
    """The record has another slug today; `address` is its present one."""

    def __init__(self, address: str) -> None:
        self.address = address
        super().__init__(address)


class RedirectMovedMiddleware:
    """Turns a MovedError from any view into a redirect."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        # A temporary redirect: the slug may change back. Only the number of a case is permanent.
        return redirect(exception.address) if isinstance(exception, MovedError) else None


def get_or_redirect(
    records: QuerySet[Any], slug: str, may_see: Callable[[Any], bool] = bool
) -> Any:
    """Return the record with this slug; raises MovedError for a former slug.

    Raises Http404 for an unknown slug, and for a former slug of a record that the visitor may not
    see.
    """
    record = records.filter(slug=slug).first()
    if record is not None:
        return record
    model: type[Slugged] = records.model
    current = records.filter(slug=model.current_slug(slug) or "").first()
    # A redirect to a record that the visitor may not see would reveal its present slug.
    if current is None or not may_see(current):
        raise Http404
    raise MovedError(current.get_absolute_url())
