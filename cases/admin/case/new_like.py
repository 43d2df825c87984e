"""The form of a new case that begins like another one, for series of similar cases."""

from __future__ import annotations

import re
from typing import Any

from django.contrib import messages
from django.db.models import Model
from django.forms.models import model_to_dict
from django.http import HttpRequest, HttpResponse

from cases.admin.base import CasebookAdmin
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
    case: Case | None = getattr(request, "begins_like", None)
    relation = model._meta.get_field("case").remote_field.get_accessor_name()
    if case is None or relation not in OF_PARTS:
        return []
    return [_values(part, OF_PARTS[relation]) for part in getattr(case, relation).all()]


def _values(record: Model, names: tuple[str, ...]) -> dict[str, Any]:
    values = model_to_dict(record, fields=names)
    if isinstance(record, Warning):
        values["intermediaries"] = [actor.pk for actor in record.passed_on_by]
    return values


class BeginsLikeAnother(CasebookAdmin[Case]):
    """The form for a new case, filled in like another case: `?like=7`. It saves nothing."""

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        # Only the empty form: what is sent back is compared with the defaults of the models.
        if object_id is None and request.method == "GET" and LIKE in request.GET:
            case = self._case_named(request)
            if case is None:
                self.message_user(request, "There is no such case to begin with.", messages.WARNING)
            request.begins_like = case  # type: ignore[attr-defined]  # read by rows_like()
        return super().changeform_view(request, object_id, form_url, extra_context)

    def _case_named(self, request: HttpRequest) -> Case | None:
        key = request.GET[LIKE]
        case = Case.objects.for_detail().filter(pk=key).first() if is_key(key) else None
        allowed = case is not None and self.has_view_or_change_permission(request, case)
        return case if allowed else None

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        initial = super().get_changeform_initial_data(request)
        case: Case | None = getattr(request, "begins_like", None)
        return initial if case is None else {"title": marked_title(case), **_values(case, OF_CASE)}

    def get_formset_kwargs(
        self, request: HttpRequest, obj: Case, inline: Any, prefix: str
    ) -> dict[str, Any]:
        kwargs = super().get_formset_kwargs(request, obj, inline, prefix)
        if rows := rows_like(request, inline.model):
            kwargs["initial"] = rows
        return kwargs

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        context |= {"like": LIKE, "begins_like": getattr(request, "begins_like", None)}
        return super().render_change_form(request, context, *args, **kwargs)
