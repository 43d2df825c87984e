"""The admin of directives and their exceptions."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.text import capfirst

from cases.admin.tools.exporting import ExportsList
from cases.models import Directive, DirectiveException
from cases.review.rules import PUBLISH_RULES, make_draft, publish_rule

from .base import user_of
from .related_filter import RelatedFilter
from .shared import ChangesCases

R = TypeVar("R", bound=Directive | DirectiveException)

PUBLICATION: tuple[str, Any] = (
    "Publication",
    {
        "fields": (("status", "updated_by"),),
        "description": (
            "The public does not see a draft. To publish it, a reviewer who did not make the last "
            "change selects it in the list and chooses “Publish”."
        ),
    },
)


class RuleAdmin(ExportsList[R], ChangesCases[R]):
    """The admin of directives and exceptions: editors change drafts, reviewers publish them."""

    readonly_fields = ("status", "updated_by")
    actions = ("publish_selected", "make_draft_selected")

    def has_publish_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm(PUBLISH_RULES)

    def has_change_permission(self, request: HttpRequest, obj: R | None = None) -> bool:
        """Leave what is published to those who may publish it."""
        is_public = obj is not None and obj.is_published
        allowed = super().has_change_permission(request, obj)
        return allowed and (not is_public or self.has_publish_permission(request))

    def get_view_on_site_url(self, obj: R | None = None) -> str | None:
        if obj is not None and not type(obj).objects.published().filter(pk=obj.pk).exists():
            return None
        return super().get_view_on_site_url(obj)

    def save_model(self, request: HttpRequest, obj: R, form: Any, change: bool) -> None:
        if form.has_changed():
            obj.updated_by = user_of(request)
        super().save_model(request, obj, form, change)

    @admin.action(permissions=["publish"], description="Publish")
    def publish_selected(self, request: HttpRequest, queryset: QuerySet[R]) -> None:
        self._step(
            request, queryset, "published", lambda rule: publish_rule(rule, user_of(request))
        )

    @admin.action(permissions=["publish"], description="Make a draft again")
    def make_draft_selected(self, request: HttpRequest, queryset: QuerySet[R]) -> None:
        self._step(request, queryset, "made a draft", make_draft)

    def _step(
        self,
        request: HttpRequest,
        rules: QuerySet[R],
        participle: str,
        act: Callable[[R], None],
    ) -> None:
        """Take a step with each record by itself, and report on each."""
        for rule in rules:
            try:
                act(rule)
            except ValidationError as error:
                reasons = " ".join(error.messages)
                text = f"{rule} was not {participle}. {reasons}"
                self.message_user(request, text, messages.ERROR)
            else:
                self.log_change(request, rule, participle.capitalize())
                self.message_user(request, f"{rule} was {participle}.", messages.SUCCESS)


@admin.register(Directive)
class DirectiveAdmin(RuleAdmin[Directive]):
    list_display = ("code", "title", "jurisdiction", "issued_shown", "authority", "status")
    list_filter = (
        "status",
        ("jurisdiction", RelatedFilter),
    )
    list_select_related = ("jurisdiction",)
    search_fields = ("folded",)
    sorted_by_folded = "code"
    prepopulated_fields = {"slug": ("code",)}
    autocomplete_fields = ("jurisdiction", "source")
    fieldsets = (
        (None, {"fields": ("code", "slug", "title")}),
        ("Whose rule it is", {"fields": (("jurisdiction", "authority"),)}),
        ("When it was issued", {"fields": (("issued_words", "issued_edtf", "issued_basis"),)}),
        ("What it says", {"fields": ("statement", "limits", "source")}),
        PUBLICATION,
    )

    @admin.display(description="issued", ordering="issued_earliest", empty_value="Not stated")
    def issued_shown(self, obj: Directive) -> str:
        return capfirst(str(obj.issued))


@admin.register(DirectiveException)
class DirectiveExceptionAdmin(RuleAdmin[DirectiveException]):
    list_display = ("code", "title", "text_status", "directive", "status")
    list_display_links = ("code", "title")
    list_filter = ("status", "directive", "text_status")
    list_select_related = ("directive",)
    search_fields = ("folded",)
    ordering = ("directive", "order")
    sorted_by_folded = "code"
    prepopulated_fields = {"slug": ("title",)}
    autocomplete_fields = ("directive",)
    fieldsets = (
        (None, {"fields": (("directive", "code", "order"), "title", "slug")}),
        ("What it says", {"fields": ("statement", "text_status")}),
        ("In the Daily True News article", {"fields": (("article_wording", "article_locator"),)}),
        PUBLICATION,
    )
