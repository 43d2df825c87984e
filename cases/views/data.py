"""`/data/`: everything public as files, as it is and in named releases."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import partial
from http import HTTPStatus
from pathlib import Path

from django.http import HttpRequest, HttpResponse, HttpResponseNotModified, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import http_date, parse_etags
from django.views.decorators.http import require_safe

from cases.exchange.bundle.layout.describing import RIGHTS
from cases.exchange.citations.cited import cited_release
from cases.exchange.citations.files import CitationFile, citation_texts
from cases.exchange.dataset.current import Files, NotReadyError
from cases.exchange.dataset.editions import Edition
from cases.exchange.dataset.json_ld import catalogue, of_release, type_of
from cases.exchange.dataset.making import BUNDLE, SQLITE, FileFacts
from cases.exchange.dataset.releases import delta, first_checksums, since_then
from cases.exchange.downloads.errors import PLAIN, absolute, refused, too_many
from cases.exchange.downloads.transfers import TooManyTransfersError, Transfer
from cases.exchange.tables.csv_file import guarded, lines
from cases.exchange.tables.registry import TABLES, WHICH_ROWS
from cases.exchange.tables.xlsx_file import MAX_CASES
from cases.finding.list_filters import NoFilter
from cases.index import case_index
from cases.models import Release

from .citations import citation_file
from .downloads import CSV

# Seconds after which to ask again for files that have to be made.
RETRY_AFTER = 60
# Bytes that are read and sent at once, without counting as a download.
MAX_AT_ONCE = 2_000_000
CHUNK = 256 * 1024
# Changed cases that the page of a release lists of each kind.
MAX_LISTED = 200

_RANGE = re.compile(r"bytes=(\d{0,18})-(\d{0,18})", re.ASCII)

ABOUT_FILES = {
    BUNDLE: "All tables with keys, their descriptions, every version and every note, as a "
    "Frictionless Data Package. It can be imported into a casebook of your own.",
    SQLITE: "A database for Datasette or any SQLite program: the tidy tables with actors, sources, "
    "directives and exceptions, joined views, and full-text search.",
    "cases.json": "One nested record for each case.",
    **{f"{table.name}.csv": table.about for table in TABLES.values()},
}


@require_safe
def data(request: HttpRequest) -> HttpResponse:
    """Show what can be taken home: files of the dataset as it is, and releases."""
    edition = _edition(Files())
    context = {
        "edition": edition,
        "files": _listed(edition),
        "releases": Release.objects.all(),
        "max_in_workbook": MAX_CASES,
        "is_workbook_small": len(case_index.current().cases) <= MAX_CASES,
        "rights": RIGHTS,
        "which_rows": WHICH_ROWS,
        "json_ld": catalogue(edition),
        "site": absolute(""),
    }
    return render(request, "data/data.html", context)


@require_safe
def data_file(request: HttpRequest, name: str) -> HttpResponseBase:
    """Send a file of the dataset as it is, or a part of it."""
    return _file(request, Files(), name)


@require_safe
def release_page(request: HttpRequest, name: str) -> HttpResponse:
    """Show a release: its files, and how it differs from the one before."""
    release = Release.objects.filter(name=name).first()
    if release is None:
        return _no_release(request, name)
    edition = _edition(Files(release))
    context = {
        "release": release,
        "before": release.before,
        "edition": edition,
        "files": _listed(edition),
        "first_checksums": first_checksums(release, edition),
        "delta": delta(release),
        "since_then": since_then(release),
        "max_listed": MAX_LISTED,
        "rights": RIGHTS,
        "json_ld": of_release(release.name, edition),
    }
    address = partial(_citation_address, release)
    context |= citation_texts(cited_release(release), address)
    return render(request, "data/release.html", context)


def _citation_address(release: Release, file: CitationFile) -> str:
    return reverse("release_citation", args=[release.name, file])


@require_safe
def release_citation(request: HttpRequest, name: str, citation: CitationFile) -> HttpResponse:
    """Send the citation of a release."""
    release = Release.objects.filter(name=name).first()
    if release is None:
        return _no_release(request, name)
    return citation_file(cited_release(release), citation)


@require_safe
def release_delta(request: HttpRequest, name: str) -> HttpResponse:
    """Send how a release differs from the one before, as a table."""
    release = Release.objects.filter(name=name).first()
    if release is None:
        return _no_release(request, name)
    if refusal := refused(request, NoFilter(request.GET).query):
        return refusal
    found = delta(release)
    if found is None:
        text = f"Release {name} is the first, so there is nothing that it differs from.\n"
        return HttpResponse(text, PLAIN, HTTPStatus.NOT_FOUND)
    file_name = f"duty-to-warn-release-{name}-delta.csv"
    return HttpResponse(
        lines([guarded(cell) for cell in row] for row in found.rows()),
        content_type=CSV,
        headers={"Content-Disposition": f'attachment; filename="{file_name}"'},
    )


@require_safe
def release_file(request: HttpRequest, name: str, file: str) -> HttpResponseBase:
    """Send a file of a release, or a part of it."""
    release = Release.objects.filter(name=name).first()
    if release is None:
        return _no_release(request, name)
    return _file(request, Files(release), file)


def _edition(files: Files) -> Edition | None:
    try:
        return files.get()
    except NotReadyError:
        return None


def _listed(edition: Edition | None) -> list[tuple[FileFacts, str]]:
    return [(file, ABOUT_FILES.get(file.name, "")) for file in edition.files] if edition else []


def _no_release(request: HttpRequest, name: str) -> HttpResponse:
    names = list(Release.objects.values_list("name", flat=True))
    context = {"name": name, "names": names}
    return render(request, "data/no_release.html", context, status=HTTPStatus.NOT_FOUND)


def _file(request: HttpRequest, files: Files, name: str) -> HttpResponseBase:
    """Send a file; says in words if there is none of this name, or none at the moment."""
    if refusal := refused(request, NoFilter(request.GET).query):
        return refusal
    try:
        edition = files.get()
        if facts := edition.file(name):
            return _send(request, files, edition, facts)
    except (NotReadyError, FileNotFoundError):  # or another process has just made the next ones
        text = "The files are being made. Try again in a minute.\n"
        headers = {"Retry-After": str(RETRY_AFTER)}
        return HttpResponse(text, PLAIN, HTTPStatus.SERVICE_UNAVAILABLE, headers=headers)
    names = ", ".join(one.name for one in edition.files)
    text = f"There is no file “{name[:100]}” here. The files are: {names}.\n"
    return HttpResponse(text, PLAIN, HTTPStatus.NOT_FOUND)


def _send(
    request: HttpRequest, files: Files, edition: Edition, facts: FileFacts
) -> HttpResponseBase:
    etag = f'"{facts.sha256}"'
    headers = {
        "ETag": etag,
        "Accept-Ranges": "bytes",
        "Last-Modified": http_date(edition.made_at.timestamp()),
    }
    known = parse_etags(request.headers.get("If-None-Match", ""))
    if known and ("*" in known or etag in known):
        return HttpResponseNotModified(headers=headers)
    state = f"release-{files.release.name}" if files.release else f"version-{edition.version}"
    headers |= {
        "Content-Type": type_of(facts.name),
        "Content-Disposition": f'attachment; filename="duty-to-warn-{state}-{facts.name}"',
    }
    wanted = _wanted(request, etag, facts.size)
    if wanted is None:
        text = (
            f"The file has {facts.size:,} bytes, and this range has none of them. Ask for "
            f"bytes=0-{facts.size - 1}, or for the whole file without “Range”.\n"
        )
        return HttpResponse(
            text,
            PLAIN,
            HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE,
            headers={"Content-Range": f"bytes */{facts.size}", "Accept-Ranges": "bytes"},
        )
    status = HTTPStatus.OK
    if len(wanted) < facts.size:
        status = HTTPStatus.PARTIAL_CONTENT
        headers["Content-Range"] = f"bytes {wanted.start}-{wanted.stop - 1}/{facts.size}"
    headers["Content-Length"] = str(len(wanted))
    if request.method == "HEAD":
        return HttpResponse(status=status, headers=headers)
    parts = partial(_parts, edition.path(facts.name), wanted)
    if len(wanted) <= MAX_AT_ONCE:
        return HttpResponse(b"".join(parts()), status=status, headers=headers)
    try:
        return StreamingHttpResponse(Transfer(parts), status=status, headers=headers)
    except TooManyTransfersError:
        return too_many()


def _wanted(request: HttpRequest, etag: str, size: int) -> range | None:
    """Return the bytes that a request wants; None if the file has none of them.

    Several ranges, and what is no range of bytes, may be answered with the whole file (RFC 9110).
    """
    whole = range(size)
    asked = _RANGE.fullmatch(request.headers.get("Range", "").replace(" ", ""))
    if asked is None or request.headers.get("If-Range", etag) != etag:
        return whole
    first, last = asked.groups()
    if not (first or last):
        return whole
    if not first:  # the last bytes
        return whole[-int(last) :] if int(last) and size else None
    if last and int(last) < int(first):
        return whole
    found = whole[int(first) : int(last) + 1 if last else size]
    return found if len(found) else None


def _parts(path: Path, wanted: range) -> Iterator[bytes]:
    """Return the parts of a file; it is opened at once, and stays so if its name goes away."""
    file = path.open("rb")

    def read() -> Iterator[bytes]:
        with file:
            file.seek(wanted.start)
            left = len(wanted)
            while left and (part := file.read(min(CHUNK, left))):
                left -= len(part)
                yield part

    return read()
