"""The pages for wrong addresses and a broken search, and redirects from former addresses."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.core.exceptions import DisallowedHost, RequestDataTooBig, TooManyFieldsSent
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.urls import is_valid_path
from django.utils.cache import patch_vary_headers

from cases.exchange.downloads.errors import PLAIN, absolute
from cases.index.public_names import is_public
from cases.models.slugs import Slugged
from cases.search import OutOfOrderError

from .headers import is_for_json, is_open_data

# The longest URL that is redirected to. Django refuses much longer redirects.
MAX_REDIRECT_LENGTH = 8_000

# Seconds after which a program should search again; somebody has to rebuild the search first.
RETRY_AFTER = 600


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer a wrong address with a page that offers ways to go on; programs with a sentence."""
    response: HttpResponse
    if is_for_json(request):
        response = JsonResponse({"errors": ["There is nothing at this address."]}, status=404)
    else:
        response = render(request, "404.html", status=404)
    # Every one, so that the address of a draft cannot be told from that of nothing.
    patch_vary_headers(response, ["Cookie"])
    return response


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer a request that Django refuses to read with the reason in words."""
    context = {
        "site_url": settings.SITE_URL,
        "is_wrong_host": isinstance(exception, DisallowedHost),
        "is_too_large": isinstance(exception, RequestDataTooBig | TooManyFieldsSent),
    }
    # Without the request, which other parts of a page could not read either.
    return HttpResponse(render_to_string("400.html", context), status=400)


class MovedError(Exception):
    """The address is a former one; `address` is the present one."""

    def __init__(self, address: str) -> None:
        self.address = address
        super().__init__(address)


class RedirectMovedMiddleware:
    """Redirects from the former address of a record, and from an address in capitals."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        # No view has this address, but perhaps one has it in small letters: `/Cases/`.
        small = request.path_info.lower()
        is_unknown = response.status_code == 404 and request.resolver_match is None
        if is_unknown and small != request.path_info and is_valid_path(small):
            return moved(request, small)
        return response

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        return moved(request, exception.address) if isinstance(exception, MovedError) else None


def moved(request: HttpRequest, address: str) -> HttpResponse:
    """Redirect to the present address of a record, with the query string of the request."""
    query = request.META.get("QUERY_STRING", "")
    whole = f"{address}?{query}" if query else address
    # A temporary redirect: the slug may change back. Only the number of a case is permanent.
    return redirect(whole if len(whole) <= MAX_REDIRECT_LENGTH else address)


class NotAllowedMiddleware:
    """Says in JSON, at an address of JSON, that it can only be read."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        if response.status_code != 405 or not is_for_json(request):
            return response
        sentence = f"This address can only be read: with {response['Allow']}."
        return JsonResponse(
            {"errors": [sentence]}, status=405, headers={"Allow": response["Allow"]}
        )


class SearchOutOfOrderMiddleware:
    """Answers 503 if the search index is missing or damaged, and leads to the list without it."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        return _out_of_order(request) if isinstance(exception, OutOfOrderError) else None


def _out_of_order(request: HttpRequest) -> HttpResponse:
    rest = request.GET.copy()
    rest.pop("q", None)
    address = f"{request.path}?{rest.urlencode()}" if rest else request.path
    response: HttpResponse
    sentence = "The search is out of order for now. Without “q” this address works:"
    if is_for_json(request):
        body = {"errors": [sentence], "mended": absolute(address)}
        response = JsonResponse(body, status=503)
    elif is_open_data(request):
        response = HttpResponse(f"{sentence}\n{absolute(address)}\n", PLAIN, 503)
    else:
        response = render(request, "503_search.html", {"address": address}, status=503)
    response["Retry-After"] = str(RETRY_AFTER)
    return response


def get_or_redirect(
    records: QuerySet[Any], slug: str, may_see: Callable[[Any], bool] = bool
) -> Any:
    """Return the record with this slug.

    Raises MovedError for a former slug, and for one in capitals; Http404 for an unknown slug, and
    for a record that the visitor may not see.
    """
    record = find_by_slug(records, slug)
    # A redirect to a record that the visitor may not see would reveal its present slug.
    if record is None or not may_see(record):
        raise Http404
    if record.slug != slug:
        raise MovedError(record.get_absolute_url())
    return record


def find_by_slug(records: QuerySet[Any], slug: str) -> Any:
    """Return the record that has or had this slug, or has it in small letters; None without one."""
    record = records.filter(slug=slug).first()
    if record is None:
        model: type[Slugged] = records.model
        spellings = dict.fromkeys((slug, slug.lower()))  # addresses are sometimes typed in capitals
        present = next(filter(None, map(model.current_slug, spellings)), slug.lower())
        record = records.filter(slug=present).first()
    return record


def get_public(records: QuerySet[Any], slug: str) -> Any:
    """Return the public actor or source with this slug; raises as `get_or_redirect()` does."""
    return get_or_redirect(records, slug, is_public)
