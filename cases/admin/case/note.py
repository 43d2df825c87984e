"""The admin of editorial notes. Notes on a case are written on the page of the case."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from cases.admin.base import user_of
from cases.admin.forms import CasebookForm
from cases.admin.related_filter import RelatedFilter
from cases.admin.tools.exporting import ExportsList
from cases.models import Case, Note
from cases.review.second_person import record_edit


class NoteForm(CasebookForm[Note]):
    also_validated = frozenset({"case", "field"})  # read-only here


@admin.register(Note)
class NoteAdmin(ExportsList[Note]):
    """The admin of all notes; new ones are about a directive, an exception or a source.

    A note on a public case is part of its versions. It can be changed only on the page of the case,
    where the change is checked and gets a change note.
    """

    form = NoteForm
    list_display = ("slug", "kind", "subject", "source", "noted_on")
    list_filter = ("kind", ("source", RelatedFilter))
    list_select_related = ("case", "directive", "exception", "source")
    show_facets = admin.ShowFacets.ALWAYS
    search_fields = ("folded",)
    autocomplete_fields = ("directive", "exception", "source", "evidence")
    readonly_fields = ("case", "field", "author")
    about = ("directive", "exception")
    fieldsets = (
        ("About", {"fields": (about, "slug", "kind")}),
        ("The source", {"fields": (("source", "locator"), "source_says")}),
        ("The other evidence", {"fields": (("evidence", "evidence_locator"), "evidence_says")}),
        (None, {"fields": ("noted_on",)}),
    )

    def get_fieldsets(self, request: HttpRequest, obj: Note | None = None) -> Any:
        (title, options), *others = super().get_fieldsets(request, obj)
        if obj is None or obj.case_id is None:
            text = "Leave both empty for a note on the source itself. Notes on a case: on its page."
            return [(title, {**options, "description": text}), *others]
        return [(title, {"fields": (("case", "field"), "slug", "kind")}), *others]

    def has_change_permission(self, request: HttpRequest, obj: Note | None = None) -> bool:
        return super().has_change_permission(request, obj) and not _is_in_versions(obj)

    def has_delete_permission(self, request: HttpRequest, obj: Note | None = None) -> bool:
        return super().has_delete_permission(request, obj) and not _is_in_versions(obj)

    def save_model(self, request: HttpRequest, obj: Note, form: Any, change: bool) -> None:
        if not change:
            obj.author = user_of(request)
        super().save_model(request, obj, form, change)
        if obj.case is not None and form.changed_data:
            record_edit(obj.case, user_of(request))

    def delete_model(self, request: HttpRequest, obj: Note) -> None:
        """Delete a note, and record that as an edit of its case."""
        case = obj.case
        super().delete_model(request, obj)
        if case is not None:
            record_edit(case, user_of(request))

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[Note]) -> None:
        cases = list(Case.objects.filter(notes__in=queryset).distinct())
        super().delete_queryset(request, queryset)
        for case in cases:
            record_edit(case, user_of(request))


def _is_in_versions(note: Note | None) -> bool:
    return note is not None and note.case is not None and note.case.is_public
