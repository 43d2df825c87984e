"""The admin of sources."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import Count, QuerySet
from django.http import HttpRequest
from django.utils.text import capfirst

from cases.admin.tools.duplicates import SourceDuplicates
from cases.admin.tools.exporting import ExportsList
from cases.admin.tools.merging import MergesRecords
from cases.models import Source
from cases.models.folded import BY_FOLDED

from .citation import FillsFromCitation
from .shared import ChangesCases


@admin.register(Source)
class SourceAdmin(
    ExportsList[Source],
    MergesRecords[Source],
    ChangesCases[Source],
    SourceDuplicates,
    FillsFromCitation,
):
    add_form_template = "admin/casebook/source/add_form.html"
    list_display = ("title", "publisher", "kind", "published_shown", "claims_drawn")
    list_filter = ("kind",)
    actions = ["merge_selected"]
    show_facets = admin.ShowFacets.ALWAYS
    search_fields = ("folded",)
    search_help_text = "Beginnings of words of its title, publisher, author, address or date"
    ordering = (BY_FOLDED, "pk")
    sorted_by_folded = "title"
    prepopulated_fields = {"slug": ("publisher", "title")}
    autocomplete_fields = ("derived_from",)
    fieldsets = (
        (None, {"fields": ("title", "slug", "kind", ("publisher", "author"))}),
        (
            "Published",
            {"fields": (("published_words", "published_edtf", "published_basis"),)},
        ),
        ("Where it is found", {"fields": ("url", ("archived_url", "archiving"), "accessed_on")}),
        ("About it", {"fields": ("derived_from", "description")}),
        (
            "Its paragraphs",
            {"fields": ("paragraphs", "paragraphs_without_claims")},
        ),
    )

    class Media:
        css = {"all": ["admin_casebook/citation.css"]}
        js = ["admin_casebook/citation.js"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Source]:
        sources: QuerySet[Source] = super().get_queryset(request)
        return sources.annotate(_claims=Count("claims"))

    @admin.display(description="published", ordering="published_earliest")
    def published_shown(self, obj: Source) -> str:
        return capfirst(str(obj.published))

    @admin.display(description="claims", ordering="_claims")
    def claims_drawn(self, obj: Any) -> int:
        return int(obj._claims)
