"""Pages are compressed on the way out; static files once, when they are collected."""

from __future__ import annotations

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.middleware.gzip import GZipMiddleware

TEXT = ("text/", "application/json", "application/atom+xml", "application/xml", "image/svg+xml")


class CompressedTextMiddleware(GZipMiddleware):
    """Compress texts, and leave archives and pictures, which would only lose their length.

    The length that Django adds at random keeps the secrets of a form from being guessed by it.
    """

    def process_response(
        self, request: HttpRequest, response: HttpResponseBase
    ) -> HttpResponseBase:
        if not response.get("Content-Type", "").startswith(TEXT):
            return response
        return super().process_response(request, response)
