"""Warnings of likely duplicates, while a form is filled in and after it is saved."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import chain
from typing import Any, TypeVar

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import models
from django.http import HttpRequest, HttpResponse, JsonResponse, QueryDict
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html

from cases.admin.base import CasebookAdmin
from cases.admin.widgets import is_key
from cases.duplicates import Duplicate, like_actor, like_case, like_source, like_source_title
from cases.duplicates.finding import Event
from cases.models import Actor, Case, Incident, Source, Warning

R = TypeVar("R", bound=models.Model)


class NamesDuplicates(CasebookAdmin[R]):
    """An admin page that warns of likely duplicates of its record."""

    # The fields that identify a record; other changes cause no warning.
    identifying_fields: frozenset[str] = frozenset()

    # The models of the parts that identify a record.
    identifying_parts: tuple[type[models.Model], ...] = ()

    class Media:
        css = {"all": ["admin_casebook/duplicates.css"]}
        js = ["admin_casebook/duplicates.js"]

    def duplicates_of_input(self, typed: QueryDict, leave_out: int | None) -> list[Duplicate]:
        """Return the likely duplicates of the submitted values, excluding the record itself."""
        raise NotImplementedError

    def duplicates_of_record(self, record: R) -> list[Duplicate]:
        """Return the likely duplicates of a saved record."""
        raise NotImplementedError

    def get_urls(self) -> list[URLPattern]:
        name = f"cases_{self.opts.model_name}_duplicates"
        view = self.admin_site.admin_view(self.duplicates_view)
        return [path("duplicates/", view, name=name), *super().get_urls()]

    def duplicates_view(self, request: HttpRequest) -> JsonResponse:
        """Answer the script of the form, if the user may submit the form."""
        if not (self.has_add_permission(request) or self.has_change_permission(request)):
            raise PermissionDenied
        key = request.GET.get("key", "")
        found = self.duplicates_of_input(request.GET, int(key) if is_key(key) else None)
        return JsonResponse({"duplicates": [line_of(duplicate) for duplicate in found]})

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        super().save_related(request, form, formsets, change)
        changed = self.identifying_fields & set(form.changed_data) or any(
            formset.model in self.identifying_parts and formset.has_changed()
            for formset in formsets
        )
        if changed:
            # Not yet: the transaction of the save may still be rolled back.
            request.saved_record = form.instance  # type: ignore[attr-defined]  # read below

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """Warn of duplicates of the saved record, after its transaction."""
        response = super().changeform_view(request, object_id, form_url, extra_context)
        saved = getattr(request, "saved_record", None)
        if saved is not None and not hasattr(request, "save_problems"):
            for duplicate in self.duplicates_of_record(saved):
                self.message_user(request, _warning(saved, duplicate), messages.WARNING)
        return response


def line_of(duplicate: Duplicate) -> dict[str, str]:
    """Return what a form says of a likely duplicate."""
    return {
        "name": str(duplicate.record),
        "what": describe(duplicate.record),
        "reason": duplicate.reason,
        "address": address_of(duplicate.record),
    }


def _warning(saved: models.Model, duplicate: Duplicate) -> str:
    keys = f"{saved.pk},{duplicate.record.pk}"
    return format_html(
        'Possibly a duplicate of <a href="{}">{}</a> ({}). {} If they are the same, '
        '<a href="{}?records={}">merge them</a>.',
        address_of(duplicate.record),
        duplicate.record,
        describe(duplicate.record),
        duplicate.reason,
        reverse(f"admin:cases_{saved._meta.model_name}_merge"),
        keys,
    )


def describe(record: Actor | Case | Source) -> str:
    """Return the kind of an actor or source, or the status of a case."""
    label = record.get_status_display() if isinstance(record, Case) else record.get_kind_display()
    return str(label)


def address_of(record: models.Model) -> str:
    """Return the address of the admin page of a record."""
    return reverse(f"admin:cases_{record._meta.model_name}_change", args=[record.pk])


class ActorDuplicates(NamesDuplicates[Actor]):
    identifying_fields = frozenset({"name", "aliases"})

    def duplicates_of_input(self, typed: QueryDict, leave_out: int | None) -> list[Duplicate]:
        return like_actor(typed.getlist("name"), leave_out)

    def duplicates_of_record(self, record: Actor) -> list[Duplicate]:
        return like_actor([record.name, *record.aliases], record.pk)


class SourceDuplicates(NamesDuplicates[Source]):
    identifying_fields = frozenset({"title", "url", "archived_url"})

    def duplicates_of_input(self, typed: QueryDict, leave_out: int | None) -> list[Duplicate]:
        return like_sources(typed.getlist("address")[:2], typed.get("title", ""), leave_out)

    def duplicates_of_record(self, record: Source) -> list[Duplicate]:
        return like_sources([record.url, record.archived_url], record.title, record.pk)


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


class CaseDuplicates(NamesDuplicates[Case]):
    """Warns of cases with a similar title, or with an incident or warning at the same time."""

    identifying_fields = frozenset({"title"})
    identifying_parts = (Incident, Warning)

    def duplicates_of_input(self, typed: QueryDict, leave_out: int | None) -> list[Duplicate]:
        incidents = (value.partition("|") for value in typed.getlist("incident"))
        warnings = (value.partition("|") for value in typed.getlist("warning"))
        return like_case(
            typed.get("title", ""),
            [Event(date, place=place) for date, _, place in incidents],
            [Event(date, recipients=_keys(keys)) for date, _, keys in warnings],
            leave_out,
        )

    def duplicates_of_record(self, record: Case) -> list[Duplicate]:
        warnings = record.warnings.prefetch_related("recipients")
        return like_case(
            record.title,
            [Event(incident.date_edtf, incident.place) for incident in record.incidents.all()],
            [
                Event(
                    warning.date_edtf,
                    recipients=frozenset(actor.pk for actor in warning.recipients.all()),
                )
                for warning in warnings
            ],
            record.pk,
        )


def _keys(text: str) -> frozenset[int]:
    return frozenset(int(key) for key in text.split(",")[:20] if is_key(key))
