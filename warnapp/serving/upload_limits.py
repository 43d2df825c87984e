"""A limit on the size of what a request sends, before any of it is read.

Django limits only forms without their files, which it writes into the temporary folder.
"""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.contrib import admin
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import render

from cases.exchange.bundle.files.reading import MEGABYTE, in_megabytes


class UploadLimitMiddleware:
    """Answers 413 to a request that is too large for its sender.

    Forms have to fit for everybody, because a form that is sent after its session ended is kept.
    Only somebody who may use the admin can send a file to import with it.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        # Django reads no more than this, and nothing of a request that does not state its length.
        length = _length(request)
        if length <= settings.FORM_MAX_MEGABYTES * MEGABYTE:
            return self.get_response(request)
        has_account = admin.site.has_permission(request)
        largest_file = settings.IMPORT_MAX_MEGABYTES if has_account else 0
        if length <= (settings.FORM_MAX_MEGABYTES + largest_file) * MEGABYTE:
            return self.get_response(request)
        context = {
            "length": in_megabytes(length),
            "most": largest_file or settings.FORM_MAX_MEGABYTES,
            "has_account": has_account,
        }
        return render(request, "413.html", context, status=413)


def _length(request: HttpRequest) -> int:
    try:
        return int(request.META.get("CONTENT_LENGTH") or 0)
    except ValueError:
        return 0  # as Django reads it
