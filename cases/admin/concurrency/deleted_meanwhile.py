"""Keeping the input of a form whose record was deleted in the meantime."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.contrib.admin.models import DELETION, LogEntry
from django.http import HttpRequest, QueryDict
from django.template.response import TemplateResponse

from cases.admin.change_form_state import ChangeFormState

from .addresses import key_in
from .log_entries import entries_about
from .merge_forms import ChangedPart, lines_of, path_of, readdress, typed_rows
from .state import FIELD, Rows, records_of, state_in

DELETED = "Nothing was saved: the record was deleted."


def deletion_context(modeladmin: Any, object_id: str) -> dict[str, Any]:
    """Return what a page says of the deletion of its record."""
    deletion = _deletion(modeladmin, object_id)
    return {
        "gone": modeladmin.opts.verbose_name,
        "gone_name": deletion.object_repr if deletion else "",
        "deletion": deletion,
    }


def typed_as_text(
    modeladmin: Any, request: HttpRequest, context: dict[str, Any]
) -> TemplateResponse:
    """Show what was typed to an editor who may not add a record."""
    context["typed_parts"] = [*_own(modeladmin, request), *_rows(modeladmin, request)]
    context |= modeladmin.admin_site.each_context(request)
    context |= {"title": "Not saved", "opts": modeladmin.opts, "media": modeladmin.media}
    return TemplateResponse(request, "admin/casebook/concurrency/deleted_meanwhile.html", context)


def make_form_of_new(modeladmin: Any, request: HttpRequest, object_id: str) -> None:
    """Let the submitted form be that of a new record, which comes back and is not saved yet."""
    request.POST = _as_new(modeladmin, request, object_id)  # type: ignore[assignment]  # may be any
    ChangeFormState.of(request).problems = [DELETED]


def _deletion(modeladmin: Any, object_id: str) -> LogEntry | None:
    key = key_in(object_id)
    if key is None:
        return None
    deletions = entries_about(modeladmin.model, key).filter(action_flag=DELETION)
    found: LogEntry | None = deletions.select_related("user").first()
    return found


def _formsets(modeladmin: Any, request: HttpRequest) -> Iterator[tuple[Any, Any]]:
    """Yield the empty formsets of a new record, each with its inline."""
    obj = modeladmin.model()
    for formset_class, inline in modeladmin.get_formsets_with_inlines(request, None):
        prefix = formset_class.get_default_prefix()
        options = modeladmin.get_formset_kwargs(request, obj, inline, prefix)
        for name in ("data", "files", "save_as_new"):
            options.pop(name, None)
        yield (
            formset_class(**options | {"queryset": formset_class.model._default_manager.none()}),
            inline,
        )


def _own(modeladmin: Any, request: HttpRequest) -> Iterator[ChangedPart]:
    form = modeladmin.get_form(request, None)()
    values = list(lines_of(request.POST, form))
    if values:
        yield ChangedPart(f"The {modeladmin.opts.verbose_name}", "typed", values)


def _rows(modeladmin: Any, request: HttpRequest) -> Iterator[ChangedPart]:
    for formset, inline in _formsets(modeladmin, request):
        for number, prefix in enumerate(typed_rows(formset, request.POST) or (), start=1):
            form = formset.form(prefix=prefix, **formset.get_form_kwargs(None))
            values = list(lines_of(request.POST, form))
            if values:
                yield ChangedPart(f"{inline.verbose_name} {number}", "typed", values)


def _as_new(modeladmin: Any, request: HttpRequest, object_id: str) -> QueryDict:
    """Return the submitted data as the form of a new record would send it."""
    data = request.POST.copy()
    rows = _seen_rows(modeladmin, request, object_id)
    moved = {}
    for formset, __ in _formsets(modeladmin, request):
        # All rows of a new record are new, so none may have the key of a stored one.
        data[f"{formset.prefix}-INITIAL_FORMS"] = "0"
        parts = records_of(formset.model, rows)
        for prefix in typed_rows(formset, request.POST) or ():
            key = "".join(data.pop(f"{prefix}-{formset.model._meta.pk.name}", ()))
            data.pop(f"{prefix}-{formset.fk.name}", None)
            if key in parts:
                moved[path_of(parts[key])] = prefix
    readdress(data, moved)
    return data


def _seen_rows(modeladmin: Any, request: HttpRequest, object_id: str) -> Rows:
    """Return the rows that the page was filled with; {} if they are unknown."""
    key = key_in(object_id)
    if key is None:
        return {}
    seen = state_in(request.POST.get(FIELD, ""), modeladmin.model, key)
    return seen.rows if seen is not None else {}
