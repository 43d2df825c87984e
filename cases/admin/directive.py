"""The admin of directives and their exceptions."""

from __future__ import annotations

from django.contrib import admin
from django.utils.text import capfirst

from cases.models import Directive, DirectiveException

from .shared import ChangesCases


@admin.register(Directive)
class DirectiveAdmin(ChangesCases[Directive]):
    list_display = ("code", "title", "jurisdiction", "issued_shown", "authority")
    list_filter = (("jurisdiction", admin.RelatedOnlyFieldListFilter),)
    list_select_related = ("jurisdiction",)
    search_fields = ("code", "title")
    prepopulated_fields = {"slug": ("code",)}
    autocomplete_fields = ("jurisdiction", "source")
    fieldsets = (
        (None, {"fields": ("code", "slug", "title")}),
        ("Whose rule it is", {"fields": (("jurisdiction", "authority"),)}),
        ("When it was issued", {"fields": (("issued_words", "issued_edtf", "issued_basis"),)}),
        ("What it says", {"fields": ("statement", "limits", "source")}),
    )

    @admin.display(description="issued", ordering="issued_earliest", empty_value="Not stated")
    def issued_shown(self, obj: Directive) -> str:
        return capfirst(str(obj.issued))


@admin.register(DirectiveException)
class DirectiveExceptionAdmin(ChangesCases[DirectiveException]):
    list_display = ("code", "title", "text_status", "directive")
    list_display_links = ("code", "title")
    list_filter = ("directive", "text_status")
    list_select_related = ("directive",)
    search_fields = ("code", "title", "statement")
    ordering = ("directive", "order")
    prepopulated_fields = {"slug": ("title",)}
    autocomplete_fields = ("directive",)
    fieldsets = (
        (None, {"fields": (("directive", "code", "order"), "title", "slug")}),
        ("What it says", {"fields": ("statement", "text_status")}),
        ("In the seed article", {"fields": (("article_wording", "article_locator"),)}),
    )
