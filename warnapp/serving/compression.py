"""Compression of responses. Static files are compressed when they are collected instead."""

from __future__ import annotations

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.middleware.gzip import GZipMiddleware
from django.utils.cache import patch_vary_headers

TEXT = ("text/", "application/json", "application/atom+xml", "application/xml", "image/svg+xml")


class CompressedTextMiddleware(GZipMiddleware):
    """Compresses text responses only.

    Compressing archives and pictures gains nothing, and costs their Content-Length. Against BREACH
    attacks on the CSRF token, Django's middleware adds a random number of bytes. What is shown
    while it is made is not compressed, because compressed lines would wait until there are many.
    """

    def process_response(
        self, request: HttpRequest, response: HttpResponseBase
    ) -> HttpResponseBase:
        if response.status_code == 304:
            # It stands for a response that was compressed, and has no type of its own.
            patch_vary_headers(response, ["Accept-Encoding"])
        at_once = response.get("X-Accel-Buffering") == "no"
        # A part of a file that is compressed on the way would be no part of the file.
        in_parts = response.has_header("Accept-Ranges")
        if at_once or in_parts or not response.get("Content-Type", "").startswith(TEXT):
            return response
        return super().process_response(request, response)
