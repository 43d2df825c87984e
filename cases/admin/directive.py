"""The admin of directives and their exceptions."""

from __future__ import annotations

from django.contrib import admin

from cases.models import Directive, DirectiveException

from .base import CasebookAdmin
from .shared import ChangesCases


@admin.register(Directive)
class DirectiveAdmin(CasebookAdmin[Directive]):
    list_display = ("code", "title", "issued_on", "issued_by")
    search_fields = ("code", "title")
    prepopulated_fields = {"slug": ("code",)}
    autocomplete_fields = ("source",)
    fieldsets = (
        (None, {"fields": ("code", "slug", "title", ("issued_on", "issued_by"))}),
        ("What it says", {"fields": ("statement", "source")}),
    )


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
