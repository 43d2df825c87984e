"""Health checks: `/healthz` says whether the database answers, `/readyz` whether the site works.

They are asked from inside, past the proxy and with any host, so a middleware answers them before
any other looks at the request. A 503 lists what is wrong, one sentence a line, without secrets.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

from django.contrib.staticfiles.finders import get_finders
from django.contrib.staticfiles.storage import staticfiles_storage
from django.db import Error, connection
from django.db.migrations.loader import MigrationLoader
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase

from cases import search

# Bytes free on the disk of a SQLite file below which writing may soon fail.
LITTLE_SPACE = 50 * 1024 * 1024


class HealthMiddleware:
    """Answers the addresses of `CHECKS` to everybody, whatever the host."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        check = CHECKS.get(request.path_info)
        if check is None or request.method not in {"GET", "HEAD"}:
            return self.get_response(request)
        try:
            problems = list(check())
        except Error:
            problems = ["The database does not answer."]
        text = "".join(f"{line}\n" for line in problems or ["ok"])
        headers = {"Content-Type": "text/plain; charset=utf-8", "Cache-Control": "no-store"}
        return HttpResponse(text, status=503 if problems else 200, headers=headers)


def _ask_database() -> Iterator[str]:
    """Raise an error of the database unless it answers a query."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    yield from ()


def _problems() -> Iterator[str]:
    """Yield what keeps the site from working; raises an error of the database if that is away."""
    yield from _ask_database()
    if _has_to_migrate():
        yield "Migrations have not been applied: run manage.py migrate."
    elif not search.is_working():
        yield "The search index is out of order: run manage.py rebuild_search."
    if _lacks_static_files():
        yield "Static files are missing: run manage.py collectstatic, then restart."
    if not _can_write():
        yield "The database cannot be written."


def _has_to_migrate() -> bool:
    loader = MigrationLoader(connection)
    return any(node not in loader.applied_migrations for node in loader.graph.nodes)


def _lacks_static_files() -> bool:
    """Whether pages can fail because a file is not in the manifest that this process has read."""
    collected = getattr(staticfiles_storage, "hashed_files", None)
    if collected is None:
        return False  # without a manifest no page needs one
    files = (path for finder in get_finders() for path, _ in finder.list([]))
    return any(Path(path).as_posix() not in collected for path in files)


def _can_write() -> bool:
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SHOW transaction_read_only")
            return str(cursor.fetchone()[0]) == "off"
    file = Path(connection.settings_dict["NAME"])
    if not file.is_file():
        return True  # in memory
    # A write would have to wait for the write lock. SQLite needs the folder for its other files.
    has_space = shutil.disk_usage(file.parent).free >= LITTLE_SPACE
    return has_space and all(os.access(path, os.W_OK) for path in (file, file.parent))


CHECKS: dict[str, Callable[[], Iterator[str]]] = {"/healthz": _ask_database, "/readyz": _problems}
