"""Who signed in, and who changed what: to look at only."""

from __future__ import annotations

from typing import Any

from axes.models import AccessFailureLog, AccessLog
from django.contrib import admin
from django.contrib.admin.models import LogEntry
from django.db.models import Model, QuerySet
from django.http import HttpRequest


class LogAdmin(admin.ModelAdmin[Any]):
    """A log that the admin shows and nobody edits in it, whatever permissions they have."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False


@admin.register(LogEntry)
class LogEntryAdmin(LogAdmin):
    """Every change that was made in the admin."""

    list_display = ("action_time", "user", "content_type", "object_repr", "told")
    list_display_links = ("action_time",)
    list_filter = ("action_time", "action_flag", "content_type")
    search_fields = ("object_repr", "change_message", "user__username")
    fields = ("action_time", "user", "content_type", "object_id", "object_repr", "told")
    readonly_fields = ("told",)

    @admin.display(description="change")
    def told(self, obj: LogEntry) -> str:
        """Word the change as the history of its record does."""
        return obj.get_change_message() or str(obj.get_action_flag_display())

    def get_queryset(self, request: HttpRequest) -> QuerySet[LogEntry]:
        return super().get_queryset(request).select_related("user", "content_type")


@admin.register(AccessLog)
class SignInAdmin(LogAdmin):
    """Every sign-in that succeeded."""

    list_display = ("attempt_time", "username", "ip_address", "logout_time")
    list_filter = ("attempt_time",)
    search_fields = ("username", "ip_address")
    fields = ("attempt_time", "username", "ip_address", "user_agent", "logout_time")


@admin.register(AccessFailureLog)
class FailedSignInAdmin(LogAdmin):
    """Every sign-in that failed."""

    list_display = ("attempt_time", "username", "ip_address", "locked_out")
    list_filter = ("attempt_time", "locked_out")
    search_fields = ("username", "ip_address")
    fields = ("attempt_time", "username", "ip_address", "user_agent", "locked_out")
