"""Optimistic locking: a page saves or deletes a record only in the state that its editor saw.

An editor who saves second gets the form back as typed, sees who changed what, and can then save
again. `CasebookAdmin` compares the state under the write lock, in the transaction of the save.
"""

from __future__ import annotations

from typing import Any

from django.contrib.admin import ModelAdmin
from django.contrib.admin.options import TO_FIELD_VAR
from django.db import models
from django.http import HttpRequest, QueryDict

from cases.admin.change_form_state import ChangeFormState

from .addresses import key_in, unquoted
from .log_entries import LogLine, entries_since
from .merge_forms import Conflict, conflict_between
from .state import FIELD, State, read_state, state_in

REFUSED = "Nothing was saved: the record was changed since this page was opened."


def record_named(page: ModelAdmin[Any], request: HttpRequest, object_id: str) -> Any:
    """Return the record that an address names, or None."""
    to_field = request.POST.get(TO_FIELD_VAR, request.GET.get(TO_FIELD_VAR))
    if to_field and not page.to_field_allowed(request, to_field):
        to_field = None  # Django refuses it later
    return page.get_object(request, unquoted(object_id), to_field)


def stored_state(page: ModelAdmin[Any], request: HttpRequest, object_id: str) -> State | None:
    """Return the present state of the record that an address names; None if it cannot be one."""
    if TO_FIELD_VAR in request.GET:
        obj = record_named(page, request, object_id)
        return None if obj is None else _state_of(page, obj.pk)
    key = key_in(object_id)
    return None if key is None else _state_of(page, key)


def merge_if_changed(page: ModelAdmin[Any], request: HttpRequest, obj: models.Model) -> None:
    """Merge the form with what another editor saved since it was filled, and let it be refused."""
    state = ChangeFormState.of(request)
    now, seen = _states(page, request, obj)
    state.stored = now
    # Nobody has saved a change since, so the form can be saved as it is.
    if seen is not None and seen.rows == now.rows:
        return
    state.conflict = conflict_between(page, request, obj, seen, now)
    state.conflict.entries = _since(seen, now, request)
    state.problems = [REFUSED]
    # Django now validates the merged data.
    request.POST = state.conflict.data  # type: ignore[assignment]  # may be any


def refuse_deletion_if_changed(
    page: ModelAdmin[Any], request: HttpRequest, obj: models.Model
) -> dict[str, Any]:
    """Ask for confirmation again if a record changed since; return what the page then says."""
    now, seen = _states(page, request, obj)
    ChangeFormState.of(request).stored = now
    if seen is not None and seen.rows == now.rows:
        return {}
    request.POST = QueryDict()  # an empty POST shows the confirmation page
    return {"entries": _since(seen, now, request), "not_deleted": True}


def state_context(request: HttpRequest) -> dict[str, Any]:
    """Return the context for the hidden field with the state, and the conflict if there is one."""
    state = ChangeFormState.of(request)
    token = state.stored.token() if state.stored is not None else ""
    return {"state_field": FIELD, "state": token, "conflict": state.conflict}


def show_conflict(context: dict[str, Any], conflict: Conflict) -> None:
    """Mark the values on a page that both editors changed, and name the record as it is stored."""
    context["subtitle"] = conflict.name
    rows = [row for group in context["inline_admin_formsets"] for row in group.formset.forms]
    for form in [context["adminform"].form, *rows]:
        _mark_clashes(form, conflict)


def _state_of(page: ModelAdmin[Any], key: int) -> State:
    """Return the present state of a record, with the parts that its page edits."""
    parts = []
    for inline in page.inlines:
        (parent,) = (
            field.name
            for field in inline.model._meta.concrete_fields
            if field.related_model is page.model
        )
        parts.append((inline.model, parent))
    return read_state(page.model, key, parts)


def _states(
    page: ModelAdmin[Any], request: HttpRequest, obj: models.Model
) -> tuple[State, State | None]:
    """Return the present state, and the one that the page was made from; None if unknown."""
    seen = state_in(request.POST.get(FIELD, ""), page.model, obj.pk)
    return _state_of(page, obj.pk), seen


def _since(seen: State | None, now: State, request: HttpRequest) -> list[LogLine]:
    """Return the changes to the record since the page was made; [] if that state is unknown."""
    if seen is None:
        return []
    return list(entries_since(now.model, now.key, seen.last_entry, request))


def _mark_clashes(form: Any, conflict: Conflict) -> None:
    """Add an error with the stored value to each field that both editors changed."""
    for name in form.fields:
        value = conflict.clashes.get(form.add_prefix(name))
        if value is not None:
            form.add_error(name, f"What you typed is kept here. Stored now: “{value.after}”")
