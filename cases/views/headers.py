"""Headers of every response: who may store it."""

from __future__ import annotations

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.middleware.http import ConditionalGetMiddleware
from django.utils.cache import has_vary_header


class ResponseHeadersMiddleware(ConditionalGetMiddleware):
    """Sets the headers that follow from who may see a response; answers conditional requests.

    A page that has no ETag from its view gets one of its contents.
    """

    def process_response(
        self, request: HttpRequest, response: HttpResponseBase
    ) -> HttpResponseBase:
        _set_cache_control(response)
        return super().process_response(request, response)


def _set_cache_control(response: HttpResponseBase) -> None:
    """Let public pages be stored, but not shown without asking; never store what is not public."""
    # Vary names the cookie if the response depends on who has signed in, as that of a draft does.
    if not has_vary_header(response, "Cookie"):  # type: ignore[arg-type]
        response.headers.setdefault("Cache-Control", "no-cache")
    elif "no-store" not in response.get("Cache-Control", ""):
        response.headers["Cache-Control"] = "private, no-store"
        response.headers.pop("ETag", None)
