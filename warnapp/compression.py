"""Compression of responses. Static files are compressed when they are collected instead."""

from __future__ import annotations

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.middleware.gzip import GZipMiddleware

TEXT = ("text/", "application/json", "application/atom+xml", "application/xml", "image/svg+xml")


class CompressedTextMiddleware(GZipMiddleware):
    """Compresses text responses only.

    Compressing archives and pictures gains nothing, and costs their Content-Length. Against BREACH
    attacks on the CSRF token, Django's middleware adds a random number of bytes.
    """

    def process_response(
        self, request: HttpRequest, response: HttpResponseBase
    ) -> HttpResponseBase:
        if not response.get("Content-Type", "").startswith(TEXT):
            return response
        return super().process_response(request, response)
