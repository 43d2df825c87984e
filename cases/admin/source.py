"""The admin of sources."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import Count, QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.text import capfirst

from cases.admin.tools.duplicates import OF_SOURCES
from cases.admin.tools.exporting import ExportsList
from cases.admin.tools.merging import MergesRecords
from cases.models import Source
from cases.models.folded import BY_FOLDED

from .change_form_state import ChangeFormState
from .citation import FILL, PASTED, filled_in
from .shared import ChangesCases


@admin.register(Source)
class SourceAdmin(ExportsList[Source], MergesRecords[Source], ChangesCases[Source]):
    duplicates = OF_SOURCES
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

    def add_view(
        self,
        request: HttpRequest,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """Show the form of a new source, or save it; its other button fills it in.

        The server answers that with the form filled in, and saves nothing. So it works without
        JavaScript, and what was typed is kept.
        """
        is_fill = request.method == "POST" and FILL in request.POST
        if not is_fill or not self.has_add_permission(request):
            return super().add_view(request, form_url, extra_context)
        ChangeFormState.of(request).filled = filled_in(request)
        try:
            # Django answers a GET with a form that has initial values and no errors.
            request.method = "GET"
            return super().add_view(request, form_url, extra_context)
        finally:
            request.method = "POST"

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        filled = ChangeFormState.of(request).filled
        return dict(filled.values) if filled else super().get_changeform_initial_data(request)

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        filled = ChangeFormState.of(request).filled
        context |= {"pasted": PASTED, "fill": FILL, "filled": filled}
        return super().render_change_form(request, context, *args, **kwargs)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Source]:
        sources: QuerySet[Source] = super().get_queryset(request)
        return sources.annotate(_claims=Count("claims"))

    @admin.display(description="published", ordering="published_earliest")
    def published_shown(self, obj: Source) -> str:
        return capfirst(str(obj.published))

    @admin.display(description="claims", ordering="_claims")
    def claims_drawn(self, obj: Any) -> int:
        return int(obj._claims)
