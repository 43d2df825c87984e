"""The admin of actors."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from cases.admin.tools.duplicates import ActorDuplicates
from cases.admin.tools.exporting import ExportsList
from cases.admin.tools.merging import MergesRecords
from cases.models import Actor

from .shared import ChangesCases, SharedForm
from .widgets import NamesField


class ActorForm(SharedForm[Actor]):
    aliases = NamesField(
        label="Other names",
        required=False,
        help_text="One a line. They find the actor in search, and warn of duplicates.",
    )


@admin.register(Actor)
class ActorAdmin(ExportsList[Actor], MergesRecords[Actor], ChangesCases[Actor], ActorDuplicates):
    form = ActorForm
    list_display = ("name", "kind", "parent", "country")
    list_filter = ("kind", ("country", admin.RelatedOnlyFieldListFilter))
    list_select_related = ("parent", "country")
    actions = ["merge_selected"]
    show_facets = admin.ShowFacets.ALWAYS
    search_fields = ("name", "slug")
    search_help_text = "Name or another name"
    ordering = ("name",)
    prepopulated_fields = {"slug": ("name",)}
    autocomplete_fields = ("parent", "country")
    fieldsets = (
        (None, {"fields": ("name", "slug", "kind", "aliases")}),
        ("Where it belongs", {"fields": (("parent", "country"),)}),
        ("About it", {"fields": ("description", "wikidata_id")}),
    )

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Actor], bool]:
        """Find actors by their aliases too."""
        found, repeats = super().get_search_results(request, queryset, search_term)
        wanted = search_term.strip().casefold()
        if not wanted or "\0" in wanted:
            return found, repeats
        # SQLite stores non-ASCII letters in JSON as escapes, so SQL cannot search them.
        listed = Actor.objects.exclude(aliases=[]).values_list("pk", "aliases")
        keys = [pk for pk, names in listed if any(wanted in name.casefold() for name in names)]
        return found | queryset.filter(pk__in=keys), repeats
