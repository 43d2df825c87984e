"""The admin of actors."""

from __future__ import annotations

from django.contrib import admin

from cases.admin.tools.duplicates import OF_ACTORS
from cases.admin.tools.exporting import ExportsList
from cases.admin.tools.merging import MergesRecords
from cases.models import Actor
from cases.models.folded import BY_FOLDED

from .related_filter import RelatedFilter
from .shared import ChangesCases, SharedForm
from .widgets import NamesField


class ActorForm(SharedForm[Actor]):
    aliases = NamesField(
        label="Other names",
        required=False,
        help_text="One a line. They find the actor in search, and warn of duplicates.",
    )


@admin.register(Actor)
class ActorAdmin(ExportsList[Actor], MergesRecords[Actor], ChangesCases[Actor]):
    form = ActorForm
    duplicates = OF_ACTORS
    list_display = ("name", "kind", "parent", "country")
    list_filter = ("kind", ("country", RelatedFilter))
    list_select_related = ("parent", "country")
    actions = ["merge_selected"]
    show_facets = admin.ShowFacets.ALWAYS
    search_fields = ("folded",)
    search_help_text = "Beginnings of words of its name or another name"
    ordering = (BY_FOLDED, "pk")
    sorted_by_folded = "name"
    prepopulated_fields = {"slug": ("name",)}
    autocomplete_fields = ("parent", "country")
    fieldsets = (
        (None, {"fields": ("name", "slug", "kind", "aliases")}),
        ("Where it belongs", {"fields": (("parent", "country"),)}),
        ("About it", {"fields": ("description", "wikidata_id")}),
    )
