"""The places in the form of a case where values are edited, to link problems to them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any

from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from cases.admin.base import SaveRefusedError
from cases.evidence.problem import Problem
from cases.models import Case
from cases.review.checks import NotPublishableError

INLINES = ("involvements", "warnings", "incidents", "assessments", "claims", "notes")
OWN_FIELDS = {
    "title",
    "slug",
    "kind",
    "directives",
    "summary",
    "records_status",
    "change_note",
}
# The anchor for problems of the case as a whole, which its claims can fix.
WHOLE = "claims-group"

# The control to link to, for fields that take up several columns.
CONTROLS = {"date": "date_edtf", "published": "published_edtf", "window": "window_start"}

# The prefix of the row in the form, such as `warnings-0`, for each part of a case, by path.
Prefixes = dict[str, str]


def rows_of(case: Case) -> Prefixes:
    """Return the rows of a stored case, which must be fetched with `for_detail()`."""
    return {
        part.path: f"{related}-{place}"
        for related in INLINES
        for place, part in enumerate(getattr(case, related).all())
    }


def rows_in(formsets: Iterable[Any]) -> Prefixes:
    """Return the rows of a submitted form."""
    return {
        row.instance.path: row.prefix
        for formset in formsets
        if formset.prefix in INLINES
        for row in formset.forms
        if row.instance.pk is not None and row not in formset.deleted_forms
    }


def anchor_in(rows: Prefixes, path: str) -> str:
    """Return the id of the control for the value at `path`, or else of its row or section."""
    if path in rows:
        return rows[path]
    part, _, field = path.rpartition(".")
    if not part:
        return f"id_{field}" if field in OWN_FIELDS else WHOLE
    if part not in rows:
        return WHOLE
    return f"id_{rows[part]}-{_control(part, field)}"


def _control(part: str, field: str) -> str:
    """Return the name of the control in its row for a field of the model."""
    if part.startswith("claim-") and field == "field":
        return "about"
    # Problems of a derived bound are fixed in the expression that it is derived from.
    stem = field.removesuffix("_earliest").removesuffix("_latest")
    return CONTROLS.get(stem, field)


def linked(problem: Problem, rows: Prefixes, page: str = "") -> SafeString:
    """Return a problem as a link to where it can be fixed; `page` "" is the present page."""
    if (record := problem.record) is not None:
        page = reverse(f"admin:cases_{record._meta.model_name}_change", args=[record.pk])
        field = f"#id_{CONTROLS.get(problem.field, problem.field)}" if problem.field else ""
        return format_html('<a href="{}{}">{}</a>', page, field, str(problem))
    anchor = problem.section or anchor_in(rows, problem.path)
    return format_html('<a href="{}#{}">{}</a>', page, anchor, str(problem))


def linked_to_case(problems: Iterable[Problem], case: Case) -> list[SafeString]:
    """Return problems as links to the form of a case fetched with `for_detail()`."""
    rows, page = rows_of(case), reverse("admin:cases_case_change", args=[case.pk])
    return [linked(problem, rows, page) for problem in problems]


@contextmanager
def linking_problems_to_form(formsets: Iterable[Any]) -> Iterator[None]:
    """Raise SaveRefusedError, with links to the rows of this form, for a NotPublishableError."""
    try:
        yield
    except NotPublishableError as error:
        rows = rows_in(formsets)
        raise SaveRefusedError(*(linked(problem, rows) for problem in error.problems)) from error
