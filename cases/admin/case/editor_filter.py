"""A filter of the list of cases by who made or edited them."""

from __future__ import annotations

from typing import Any

from django.contrib.admin import ModelAdmin, SimpleListFilter
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse

from cases.admin.widgets import is_key
from cases.models import Case
from cases.models.vocabulary import CaseStatus
from cases.review.work_queue import editors, is_of

ME = "me"


class EditorFilter(SimpleListFilter):
    """Keeps the cases that somebody made or edited last, as the work queue does."""

    title = "editor"
    parameter_name = "editor"

    def lookups(self, request: HttpRequest, model_admin: ModelAdmin[Any]) -> list[tuple[str, str]]:
        # The list makes its filters once more for the counts of each of them.
        known = request.__dict__.setdefault("editors", editors())
        others = ((str(user.pk), user.get_username()) for user in known if user != request.user)
        return [(ME, "Me"), *others]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Case]) -> QuerySet[Case]:
        value = request.user.pk if self.value() == ME else self.value()
        if not is_key(value):
            return queryset
        return queryset.filter(is_of(value))


def my_drafts() -> str:
    """Return the address of “My drafts”: the drafts that its reader made or edited last."""
    return f"{reverse('admin:cases_case_changelist')}?editor={ME}&status__exact={CaseStatus.DRAFT}"
