"""Carrying out an import or an undoing: for its plan or for good, with its progress on the page."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from threading import BoundedSemaphore
from typing import Any

from django.contrib import messages
from django.contrib.admin import ModelAdmin
from django.db import DatabaseError
from django.http import HttpRequest, HttpResponseBase, HttpResponseRedirect, StreamingHttpResponse
from django.template.loader import render_to_string
from django.urls import reverse

from cases.changelog.trial import InTheWayError
from cases.exchange.bundle.importing.planned import PlanChangedError, PlannedWork, reports_progress
from cases.exchange.bundle.importing.recording import record_plan
from cases.models import Import

CHANGED_MEANWHILE = (
    "Nothing was done: the casebook changed since this page was opened, and what it showed is no "
    "longer true. Below is what would be done now."
)
FAILED = "Nothing was done: the database could not save it. Try again."
TOO_MANY = (
    "Nothing was checked or done: other files are being checked or imported at the moment. "
    "Try again when they are done."
)
IN_THE_WAY = (
    "Nothing was checked or done: others keep saving the same records. Try again in a minute."
)
PLAN_GONE = (
    "Nothing was done: this plan is not kept any more. You made another one since, or did not "
    "confirm it within a day. Begin again."
)
ERRORS = (CHANGED_MEANWHILE, FAILED, TOO_MANY, IN_THE_WAY, PLAN_GONE)

# How often a check begins again because others save the same records.
MAX_TRIES = 5
AGAIN = "Somebody else is saving the same records: the check begins again."

# Files that a process checks or imports at the same time: each keeps a core busy. See “Staying up”
# in docs/operations.md.
MAX_IMPORTS = 1
_imports = BoundedSemaphore(MAX_IMPORTS)

# The change note of the versions of a dry run, which are rolled back.
DRY_RUN = "Dry run"
# The places in the template for the lines of progress and for the link behind them.
PROGRESS, OUTCOME = "<!-- progress -->", "<!-- outcome -->"

# Makes the work of an import or an undoing from the note, `permits`, `expected` and so on.
Make = Callable[..., PlannedWork]

logger = logging.getLogger(__name__)


def make_plan(request: HttpRequest, record: Import, make: Make) -> Iterator[str]:
    """Make and store the plan of an import or an undoing, yielding the progress."""
    for _ in range(MAX_TRIES):
        trial = make(DRY_RUN, dry_run=True, permits=request.user.has_perm)
        try:
            yield from map(str, trial.progress())
        except InTheWayError:
            yield AGAIN
        except PlanChangedError:  # somebody else undid the import meanwhile
            return
        else:
            record_plan(record, trial.plan)
            record.save()
            return
    yield IN_THE_WAY


def do_as_planned(
    request: HttpRequest, record: Import, make: Make, doing: PlannedWork
) -> Iterator[str]:
    """Do the work, yielding the progress; make the new plan if it is not what was shown."""
    try:
        yield from map(str, doing.progress())
    except PlanChangedError:
        # If it was confirmed twice, it is done: there is no new plan to show.
        try:
            record.refresh_from_db()
        except Import.DoesNotExist:
            record.pk = None
            yield PLAN_GONE
            return
        if not (record.is_applied or (record.undoes and record.undoes.undone_by)):
            yield from make_plan(request, record, make)
            yield CHANGED_MEANWHILE


def carry_out(
    import_admin: ModelAdmin[Import],
    request: HttpRequest,
    record: Import,
    rows: int,
    work: Iterator[str],
) -> HttpResponseBase:
    """Do the work and redirect to its result; stream the progress if it has many rows."""
    if reports_progress(rows):
        return _stream(import_admin, request, record, work)
    for sentence in _safely(work):
        if sentence in ERRORS:
            import_admin.message_user(request, sentence, messages.ERROR)
    return HttpResponseRedirect(address_of(record))


def frame(import_admin: ModelAdmin[Import], request: HttpRequest, title: str) -> dict[str, Any]:
    """Return what each page about imports shows around its content."""
    return {
        **import_admin.admin_site.each_context(request),
        "title": title,
        "opts": import_admin.opts,
        "media": import_admin.media,
    }


def address_of(record: Import) -> str:
    """Return the address of an import, or of the page before if it is not stored."""
    if record.pk is None and record.undoes is not None:
        return address_of(record.undoes)
    if record.pk is None:
        return reverse("admin:cases_import_add")
    return reverse("admin:cases_import_rows", args=[record.pk])


def _stream(
    import_admin: ModelAdmin[Import], request: HttpRequest, record: Import, work: Iterator[str]
) -> HttpResponseBase:
    context = frame(import_admin, request, f"{record}: under way")
    page = render_to_string("admin/casebook/tools/import_progress.html", context, request)
    before, _, rest = page.partition(PROGRESS)
    between, _, after = rest.partition(OUTCOME)

    def parts() -> Iterator[str]:
        yield before
        goes_on = True
        for sentence in _safely(work):
            goes_on = goes_on and sentence not in ERRORS
            line = {"sentence": sentence}
            yield render_to_string("admin/casebook/tools/_import_progress_line.html", line)
        yield between
        outcome = {"goes_on": goes_on, "address": address_of(record)}
        yield render_to_string("admin/casebook/tools/_import_outcome.html", outcome)
        yield after

    # Otherwise nginx would buffer the lines of progress, and our middleware compress them.
    return StreamingHttpResponse(parts(), headers={"X-Accel-Buffering": "no"})


def _safely(work: Iterator[str]) -> Iterator[str]:
    """Yield from `work`, and the sentence FAILED for a database error such as a lock timeout.

    Yields only the sentence TOO_MANY if too many others are at work.
    """
    if not _imports.acquire(blocking=False):
        yield TOO_MANY
        return
    try:
        yield from work
    except DatabaseError:
        logger.exception("An import failed.")
        yield FAILED
    finally:
        _imports.release()
