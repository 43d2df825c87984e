"""Answers while the database is busy or away: 503 in words, and a form that was sent comes back.

Nothing here queries the database. The site's view for errors in other views begins here, because
the database can fail anywhere, in middleware too.
"""

from __future__ import annotations

import sqlite3
import sys

from django.db import DatabaseError, InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.urls import reverse
from django.views.decorators.cache import never_cache

from cases.changelog.trial import LOCKED

from .request_log import request_id

BUSY = "Somebody else is saving at the moment, so the database is busy."
AWAY = "The database does not answer at the moment."

# Seconds after which a program should try again.
RETRY_AFTER = 5

# Besides locks, a transaction that another one got in the way of.
_BUSY_IN_POSTGRESQL = {*LOCKED, "40001"}
# A transaction that was idle too long; psycopg does not raise OperationalError for it.
_RESTED = "25P03"
_BUSY_IN_SQLITE = {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED}
# A file that cannot be opened, read or written, or a full disk. Other codes are faults of ours.
_AWAY_IN_SQLITE = {
    sqlite3.SQLITE_CANTOPEN,
    sqlite3.SQLITE_IOERR,
    sqlite3.SQLITE_FULL,
    sqlite3.SQLITE_READONLY,
}


def why_unavailable(error: BaseException | None) -> str:
    """Return BUSY or AWAY for an error that passes without a change to the code, otherwise ""."""
    if not isinstance(error, DatabaseError | InterfaceError):
        return ""
    cause = error.__cause__
    if isinstance(cause, sqlite3.Error):
        code = getattr(cause, "sqlite_errorcode", 0) & 0xFF  # without the details
        return BUSY if code in _BUSY_IN_SQLITE else AWAY if code in _AWAY_IN_SQLITE else ""
    state = getattr(cause, "sqlstate", None)
    if state in _BUSY_IN_POSTGRESQL:
        return BUSY
    passes = isinstance(error, OperationalError | InterfaceError) or state == _RESTED
    return AWAY if passes else ""


def server_error(request: HttpRequest) -> HttpResponse:
    """Answer a request that failed: 503 if the database was busy or away, otherwise 500."""
    if reason := why_unavailable(sys.exc_info()[1]):
        return unavailable(request, reason)
    # The id is in the log, beside the error.
    return HttpResponse(render_to_string("500.html", {"request_id": request_id()}), status=500)


@never_cache
def unavailable(request: HttpRequest, reason: str) -> HttpResponse:
    """Return a 503 response; to a form of the admin it holds everything that was typed."""
    from . import kept_input  # imported here, because the settings name a view of that module

    # Set by Django once the form's token was found right: a form of another site is not offered.
    is_ours = getattr(request, "csrf_processing_done", False)
    in_admin = request.path.startswith(reverse("admin:index"))
    typed = request.method == "POST" and is_ours and in_admin
    if not typed or request.path == reverse("admin:logout"):
        response = HttpResponse(render_to_string("503.html", {"reason": reason}), status=503)
    elif request.path == reverse("admin:login"):
        response = kept_input.sign_in_again(request, reason)
    else:
        response = kept_input.not_saved(request, reason)
    response["Retry-After"] = str(RETRY_AFTER)
    return response
