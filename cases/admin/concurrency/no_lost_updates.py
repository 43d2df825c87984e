"""Optimistic locking: a page saves or deletes a record only in the state that its editor saw."""

from __future__ import annotations

from typing import Any, TypeVar

from django.contrib.admin import ModelAdmin
from django.contrib.admin.options import TO_FIELD_VAR
from django.contrib.admin.utils import unquote
from django.db import models, transaction
from django.http import HttpRequest, HttpResponse, QueryDict

from cases.admin.widgets import is_key
from cases.changelog.locks import acquire_write_lock

from .deleted_meanwhile import answer_for_deleted
from .log_entries import LogLine, entries_since
from .merge_forms import Conflict, conflict_between
from .state import FIELD, State, read_state, state_in

R = TypeVar("R", bound=models.Model)

REFUSED = "Nothing was saved: the record was changed since this page was opened."


class NoLostUpdates(ModelAdmin[R]):
    """Mixin for the pages of a record: compares the state that the editor saw with the stored one.

    An editor who saves second gets the form back as typed, sees who changed what, and can then save
    again. The check and the save are one transaction under the write lock.
    """

    change_form_template = "admin/casebook/change_form.html"
    delete_confirmation_template = "admin/casebook/concurrency/delete_confirmation.html"

    class Media:
        css = {"all": ["admin_casebook/conflict.css"]}

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        if object_id is None:
            return super().changeform_view(request, object_id, form_url, extra_context)
        if request.method != "POST":
            self._remember_state(request, object_id)
            return super().changeform_view(request, object_id, form_url, extra_context)
        with transaction.atomic():
            acquire_write_lock()
            obj = self._record_named(request, object_id)
            if self.has_change_permission(request, obj):
                if obj is None:
                    return answer_for_deleted(self, request, object_id)
                self._merge_if_changed(request, obj)
            return super().changeform_view(request, object_id, form_url, extra_context)

    def delete_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Ask for confirmation again if the record changed since the first confirmation page."""
        if request.method != "POST":
            self._remember_state(request, object_id)
            return super().delete_view(request, object_id, extra_context)
        with transaction.atomic():
            acquire_write_lock()
            obj = self._record_named(request, object_id)
            if obj is not None:
                now, seen = self._states(request, obj)
                if seen is None or seen.rows != now.rows:
                    entries = _since(seen, now, request)
                    extra_context = {
                        **(extra_context or {}),
                        "entries": entries,
                        "not_deleted": True,
                    }
                    request.POST = QueryDict()  # an empty POST shows the confirmation page
            return super().delete_view(request, object_id, extra_context)

    def render_change_form(
        self,
        request: HttpRequest,
        context: dict[str, Any],
        add: bool = False,
        change: bool = False,
        form_url: str = "",
        obj: R | None = None,
    ) -> HttpResponse:
        context |= self._state_context(request)
        if context.get("conflict") or "gone" in context:
            context["errors"] = ()  # the panel about the conflict replaces them
        if conflict := context.get("conflict"):
            context["subtitle"] = conflict.name  # the stored name, not the one that was typed
            forms = [formset.formset.forms for formset in context["inline_admin_formsets"]]
            for form in [context["adminform"].form, *(row for rows in forms for row in rows)]:
                _mark_clashes(form, conflict)
        return super().render_change_form(request, context, add, change, form_url, obj)

    def render_delete_form(self, request: HttpRequest, context: dict[str, Any]) -> HttpResponse:
        return super().render_delete_form(request, context | self._state_context(request))

    def state_of(self, key: int) -> State:
        """Return the present state of a record, with the parts that its page edits."""
        parts = []
        for inline in self.inlines:
            (parent,) = (
                field.name
                for field in inline.model._meta.concrete_fields
                if field.related_model is self.model
            )
            parts.append((inline.model, parent))
        return read_state(self.model, key, parts)

    def _remember_state(self, request: HttpRequest, object_id: str) -> None:
        """Read the state before the form is filled, so that changes in between count as unseen."""
        if TO_FIELD_VAR in request.GET:
            obj = self._record_named(request, object_id)
            key = obj.pk if obj is not None else None
        else:
            key = int(unquote(object_id)) if is_key(unquote(object_id)) else None
        if key is not None:
            request.record_state = self.state_of(key)  # type: ignore[attr-defined]  # read by _state_context()

    def _record_named(self, request: HttpRequest, object_id: str) -> R | None:
        to_field = request.POST.get(TO_FIELD_VAR, request.GET.get(TO_FIELD_VAR))
        if to_field and not self.to_field_allowed(request, to_field):
            to_field = None  # Django refuses it later
        return self.get_object(request, unquote(object_id), to_field)

    def _states(self, request: HttpRequest, obj: R) -> tuple[State, State | None]:
        """Return the present state, and the one that the page was made from; None if unknown."""
        now = self.state_of(obj.pk)
        request.record_state = now  # type: ignore[attr-defined]  # read by _state_context()
        return now, state_in(request.POST.get(FIELD, ""), self.model, obj.pk)

    def _merge_if_changed(self, request: HttpRequest, obj: R) -> None:
        now, seen = self._states(request, obj)
        # Nobody has saved a change since, so the form can be saved as it is.
        if seen is not None and seen.rows == now.rows:
            return
        conflict = conflict_between(self, request, obj, seen, now)
        conflict.entries = _since(seen, now, request)
        # Django now validates the merged data, and get_form() makes it fail with this message.
        request.POST = conflict.data  # type: ignore[assignment]  # may be any
        request.conflict = conflict  # type: ignore[attr-defined]  # read by _state_context()
        request.save_problems = [REFUSED]  # type: ignore[attr-defined]  # read by get_form()

    def _state_context(self, request: HttpRequest) -> dict[str, Any]:
        state: State | None = getattr(request, "record_state", None)
        return {
            "state_field": FIELD,
            "state": state.token() if state is not None else "",
            "conflict": getattr(request, "conflict", None),
        }


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
            form.add_error(name, f"Stored now: “{value.after}”. What you typed is kept here.")
