"""A read-only admin of the public versions."""

from __future__ import annotations

import json

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.html import format_html

from cases.admin.base import CasebookAdmin
from cases.models import Version


@admin.register(Version)
class VersionAdmin(CasebookAdmin[Version]):
    list_display = ("case", "number", "change_note", "editor", "made_at")
    list_display_links = ("case", "number")
    list_filter = ("made_at",)
    search_fields = ("case__number", "case__title", "change_note")
    ordering = ("-made_at", "-pk")
    fields = (
        ("case", "number"),
        "change_note",
        ("editor", "made_at"),
        ("withdrawn_at", "withdrawn_reason"),
        ("redacted_at", "redaction_reason"),
        "digest",
        "record_text",
    )
    readonly_fields = ("record_text",)

    @admin.display(description="record")
    def record_text(self, obj: Version) -> str:
        text = json.dumps(obj.record, ensure_ascii=False, indent=2)
        return format_html("<pre>{}</pre>", text)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Version]:
        """Leave out the records, which only the page of a version needs."""
        # The records of a page of the list would be several megabytes.
        return super().get_queryset(request).select_related("case", "editor").defer("record")

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Version | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Version | None = None) -> bool:
        return False
