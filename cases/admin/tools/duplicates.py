"""Warnings of likely duplicates, while a form is filled in and after it is saved."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Any, TypeVar

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import models
from django.http import HttpRequest, JsonResponse, QueryDict
from django.template.loader import render_to_string
from django.urls import URLPattern, path, reverse

from cases.admin.base import CasebookAdmin
from cases.admin.widgets import is_key
from cases.duplicates import Duplicate, like_actor, like_case, like_source, like_source_title
from cases.duplicates.finding import Event
from cases.models import Actor, Case, Incident, Source, Warning

R = TypeVar("R", bound=models.Model)


@dataclass(frozen=True)
class DuplicateRules:
    """How the likely duplicates of a record are found, and which changes ask for that."""

    of_input: Callable[[QueryDict, int | None], list[Duplicate]]
    """From the submitted values, excluding the record with a key."""

    of_record: Callable[[Any], list[Duplicate]]
    """From a saved record."""

    fields: frozenset[str]
    """The fields that identify a record; changes of others cause no warning."""

    parts: tuple[type[models.Model], ...] = ()
    """The models of the parts that identify a record."""


class NamesDuplicates(CasebookAdmin[R]):
    """An admin page that warns of likely duplicates of its record."""

    duplicates: DuplicateRules

    class Media:
        css = {"all": ["admin_casebook/duplicates.css"]}
        js = ["admin_casebook/duplicates.js"]

    def get_urls(self) -> list[URLPattern]:
        name = f"cases_{self.opts.model_name}_duplicates"
        view = self.admin_site.admin_view(self.duplicates_view)
        return [path("duplicates/", view, name=name), *super().get_urls()]

    def duplicates_view(self, request: HttpRequest) -> JsonResponse:
        """Answer the script of the form, if the user may submit the form."""
        if not (self.has_add_permission(request) or self.has_change_permission(request)):
            raise PermissionDenied
        key = request.GET.get("key", "")
        found = self.duplicates.of_input(request.GET, int(key) if is_key(key) else None)
        return JsonResponse({"duplicates": [line_of(duplicate) for duplicate in found]})

    def after_save(self, request: HttpRequest, form: Any, formsets: Sequence[Any]) -> None:
        """Warn of duplicates of the saved record, if something changed that identifies it."""
        super().after_save(request, form, formsets)
        if self.duplicates.fields & set(form.changed_data) or any(
            formset.model in self.duplicates.parts and formset.has_changed() for formset in formsets
        ):
            for duplicate in self.duplicates.of_record(form.instance):
                self.message_user(request, _warning(form.instance, duplicate), messages.WARNING)


def line_of(duplicate: Duplicate) -> dict[str, str]:
    """Return what a form says of a likely duplicate."""
    return {
        "name": str(duplicate.record),
        "what": describe(duplicate.record),
        "reason": duplicate.reason,
        "address": address_of(duplicate.record),
    }


def _warning(saved: models.Model, duplicate: Duplicate) -> str:
    merging = reverse(f"admin:cases_{saved._meta.model_name}_merge")
    merge_address = f"{merging}?records={saved.pk},{duplicate.record.pk}"
    context = {"found": line_of(duplicate), "merge_address": merge_address}
    return render_to_string("admin/casebook/tools/_possible_duplicate.html", context)


def describe(record: Actor | Case | Source) -> str:
    """Return the kind of an actor or source, or the status of a case."""
    label = record.get_status_display() if isinstance(record, Case) else record.get_kind_display()
    return str(label)


def address_of(record: models.Model) -> str:
    """Return the address of the admin page of a record."""
    return reverse(f"admin:cases_{record._meta.model_name}_change", args=[record.pk])


def like_sources(
    addresses: Iterable[str], title: str, leave_out: int | None = None
) -> list[Duplicate]:
    """Return the sources with one of the addresses or the title, each once."""
    found: dict[int, Duplicate] = {}
    for duplicate in chain(
        *(like_source(address, leave_out) for address in addresses),
        like_source_title(title, leave_out),
    ):
        found.setdefault(duplicate.record.pk, duplicate)
    return [*found.values()]


def _of_typed_case(typed: QueryDict, leave_out: int | None) -> list[Duplicate]:
    incidents = (value.partition("|") for value in typed.getlist("incident"))
    warnings = (value.partition("|") for value in typed.getlist("warning"))
    return like_case(
        typed.get("title", ""),
        [Event(date, place=place) for date, _, place in incidents],
        [Event(date, recipients=_keys(keys)) for date, _, keys in warnings],
        leave_out,
    )


def _of_saved_case(case: Case) -> list[Duplicate]:
    return like_case(
        case.title,
        [Event(incident.date_edtf, incident.place) for incident in case.incidents.all()],
        [
            Event(
                warning.date_edtf,
                recipients=frozenset(actor.pk for actor in warning.recipients.all()),
            )
            for warning in case.warnings.prefetch_related("recipients")
        ],
        case.pk,
    )


def _keys(text: str) -> frozenset[int]:
    return frozenset(int(key) for key in text.split(",")[:20] if is_key(key))


OF_ACTORS = DuplicateRules(
    of_input=lambda typed, leave_out: like_actor(typed.getlist("name"), leave_out),
    of_record=lambda actor: like_actor([actor.name, *actor.aliases], actor.pk),
    fields=frozenset({"name", "aliases"}),
)
OF_SOURCES = DuplicateRules(
    of_input=lambda typed, leave_out: like_sources(
        typed.getlist("address")[:2], typed.get("title", ""), leave_out
    ),
    of_record=lambda source: like_sources(
        [source.url, source.archived_url], source.title, source.pk
    ),
    fields=frozenset({"title", "url", "archived_url"}),
)
# Cases with a similar title, or with an incident or a warning at the same time.
OF_CASES = DuplicateRules(
    of_input=_of_typed_case,
    of_record=_of_saved_case,
    fields=frozenset({"title"}),
    parts=(Incident, Warning),
)
