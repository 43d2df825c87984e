"""Read-only logs: sign-ins, failed sign-ins, and changes made in the admin."""

from __future__ import annotations

from typing import Any

from axes.models import AccessFailureLog, AccessLog
from django.contrib import admin
from django.contrib.admin.models import LogEntry
from django.db.models import Model, QuerySet
from django.http import HttpRequest

from .related_filter import RelatedFilter


class LogAdmin(admin.ModelAdmin[Any]):
    """A read-only admin, whatever permissions the user has."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False


@admin.register(LogEntry)
class LogEntryAdmin(LogAdmin):
    """The log of changes made in the admin."""

    list_display = ("action_time", "user", "content_type", "object_repr", "change_text")
    list_display_links = ("action_time",)
    list_filter = ("action_time", "action_flag", ("content_type", RelatedFilter))
    search_fields = ("object_repr", "change_message", "user__username")
    fields = ("action_time", "user", "content_type", "object_id", "object_repr", "change_text")
    readonly_fields = ("change_text",)

    @admin.display(description="change")
    def change_text(self, obj: LogEntry) -> str:
        """Return the change in the words that the history of its record uses."""
        return obj.get_change_message() or str(obj.get_action_flag_display())

    def get_queryset(self, request: HttpRequest) -> QuerySet[LogEntry]:
        return super().get_queryset(request).select_related("user", "content_type")


@admin.register(AccessLog)
class SignInAdmin(LogAdmin):
    """The log of successful sign-ins."""

    list_display = ("attempt_time", "username", "ip_address", "signed_out")
    list_filter = ("attempt_time",)
    search_fields = ("username", "ip_address")
    fields = ("attempt_time", "username", "ip_address", "user_agent", "signed_out")
    readonly_fields = ("signed_out",)

    @admin.display(description="signed out", ordering="logout_time")
    def signed_out(self, obj: AccessLog) -> Any:
        return obj.logout_time


@admin.register(AccessFailureLog)
class FailedSignInAdmin(LogAdmin):
    """The log of failed sign-ins."""

    list_display = ("attempt_time", "username", "ip_address", "locked_out")
    list_filter = ("attempt_time", "locked_out")
    search_fields = ("username", "ip_address")
    fields = ("attempt_time", "username", "ip_address", "user_agent", "locked_out")
