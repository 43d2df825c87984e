"""The form of a new case that begins like another one, for series of similar cases."""

from __future__ import annotations

import re
from typing import Any

from django.contrib import messages
from django.contrib.admin import ModelAdmin
from django.db.models import Model
from django.forms.models import model_to_dict
from django.http import HttpRequest

from cases.admin.change_form_state import ChangeFormState
from cases.admin.widgets import is_key
from cases.models import Case, Warning

# The parameter of the address with the key of the other case.
LIKE = "like"

# What the cases of a series have in common: who is in them, and by which practice. Only the sources
# of one case say what happened there, what a warning said and what came of it.
OF_CASE = ("kind", "directives")
# By the relation of a case to its parts.
OF_PARTS = {
    "involvements": ("actor", "role"),
    "warnings": (
        "issuer",
        "intermediaries",
        "recipients",
        "relation",
        "channel",
        "conduit",
        "basis",
    ),
    "incidents": ("kind", "country"),
    "assessments": ("exception",),
}

_MARK = re.compile(r"Copy of DTW-[0-9]+: ")


def marked_title(case: Case) -> str:
    """Return the title that a case like this one begins with; the form refuses it."""
    return f"Copy of {case.number}: {case.title}"


def is_marked(title: str) -> bool:
    return _MARK.match(title) is not None


def rows_like(request: HttpRequest, model: Any) -> list[dict[str, Any]]:
    """Return the values with which rows of `model` begin; none unless another case was named."""
    case = ChangeFormState.of(request).begins_like
    relation = model._meta.get_field("case").remote_field.get_accessor_name()
    if case is None or relation not in OF_PARTS:
        return []
    return [_values(part, OF_PARTS[relation]) for part in getattr(case, relation).all()]


def _values(record: Model, names: tuple[str, ...]) -> dict[str, Any]:
    values = model_to_dict(record, fields=names)
    if isinstance(record, Warning):
        values["intermediaries"] = [actor.pk for actor in record.passed_on_by]
    return values


def case_in_address(case_admin: ModelAdmin[Case], request: HttpRequest) -> Case | None:
    """Return the case that a new one begins like: `?like=7`. Without one, a message says so."""
    key = request.GET.get(LIKE)
    # Only the empty form: what is sent back is compared with the defaults of the models.
    if key is None or request.method != "GET":
        return None
    case: Case | None = Case.objects.for_detail().filter(pk=key).first() if is_key(key) else None
    if case is not None and case_admin.has_view_or_change_permission(request, case):
        return case
    case_admin.message_user(request, "There is no such case to begin with.", messages.WARNING)
    return None


def values_like(case: Case) -> dict[str, Any]:
    """Return the values with which a case begins that is like another one."""
    return {"title": marked_title(case), **_values(case, OF_CASE)}
