"""The log of requests, one line each, with an id that is also in the response; mail about errors.

A line has no personal data: neither address nor account, and the pattern of the route instead of
the address, which can hold a name or what somebody searched for.
"""

from __future__ import annotations

import logging
import secrets
import time
from collections.abc import Callable
from contextvars import ContextVar
from http import HTTPStatus

from django.core.mail import mail_admins
from django.http import HttpRequest
from django.http.response import HttpResponseBase

HEADER = "X-Request-ID"

# Seconds between two mails. While a database is away, every request fails.
BETWEEN_MAILS = 600

logger = logging.getLogger(__name__)

_current: ContextVar[str] = ContextVar("request_id", default="-")


def request_id() -> str:
    """Return the id of the request that this thread answers, "-" outside of requests."""
    return _current.get()


class RequestLogMiddleware:
    """Gives each request an id and logs method, route, status and milliseconds when it ends."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        # Not reset at the end, so that a file that breaks off while it is sent still has it.
        _current.set(secrets.token_hex(6))
        begin = time.monotonic()
        response = self.get_response(request)
        response.headers[HEADER] = request_id()
        match = request.resolver_match
        logger.info(
            "%s /%s %s %d ms",
            request.method if (request.method or "").isalpha() else "-",
            match.route if match else "?",
            response.status_code,
            (time.monotonic() - begin) * 1000,
        )
        return response


class WithRequestId(logging.Filter):
    """Adds `request_id` to each log record."""

    def filter(self, record: logging.LogRecord) -> bool:
        record.request_id = request_id()
        return True


class ErrorMailHandler(logging.Handler):
    """Mails errors to `ADMINS`, at most one in `BETWEEN_MAILS` seconds.

    Django's own handler adds the request with its cookies and what was typed into its form.
    """

    _last_sent = -float(BETWEEN_MAILS)

    def emit(self, record: logging.LogRecord) -> None:
        # A limit that was reached, or a database that is away, is no error of the casebook.
        if getattr(record, "status_code", 0) == HTTPStatus.SERVICE_UNAVAILABLE:
            return
        now = time.monotonic()
        if now - self._last_sent >= BETWEEN_MAILS:
            self._last_sent = now
            mail_admins("An error of the casebook", self.format(record), fail_silently=True)
