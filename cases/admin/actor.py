"""Actors, and the warning of duplicates."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest

from ..models import Actor
from .base import CasebookAdmin, CasebookForm
from .widgets import NamesField


class ActorForm(CasebookForm[Actor]):
    aliases = NamesField(
        label="Other names",
        required=False,
        help_text="One a line. They find the actor in search, and warn of duplicates.",
    )


@admin.register(Actor)
class ActorAdmin(CasebookAdmin[Actor]):
    form = ActorForm
    list_display = ("name", "kind", "parent", "country")
    list_filter = ("kind", ("country", admin.RelatedOnlyFieldListFilter))
    list_select_related = ("parent", "country")
    show_facets = admin.ShowFacets.ALWAYS
    search_fields = ("name", "slug")
    search_help_text = "Name or another name"
    ordering = ("name",)
    prepopulated_fields = {"slug": ("name",)}
    autocomplete_fields = ("parent", "country")
    fieldsets = (
        (None, {"fields": ("name", "slug", "kind", "aliases")}),
        ("Where it belongs", {"fields": (("parent", "country"),)}),
        ("About it", {"fields": ("description", "wikidata_id")}),
    )

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Actor], bool]:
        """Find actors by their aliases too."""
        found, repeats = super().get_search_results(request, queryset, search_term)
        wanted = search_term.strip().casefold()
        if not wanted or "\0" in wanted:
            return found, repeats
        # SQLite keeps letters beyond ASCII as escapes in JSON, where no SQL would find them.
        listed = Actor.objects.exclude(aliases=[]).values_list("pk", "aliases")
        keys = [pk for pk, names in listed if any(wanted in name.casefold() for name in names)]
        return found | queryset.filter(pk__in=keys), repeats

    def save_model(self, request: HttpRequest, obj: Actor, form: Any, change: bool) -> None:
        super().save_model(request, obj, form, change)
        for other, name in namesakes(obj):
            self.message_user(
                request,
                f"“{name}” is also a name of {other} ({other.get_kind_display()}). "
                "If they are the same, keep one of the two.",
                messages.WARNING,
            )


def namesakes(actor: Actor) -> Iterator[tuple[Actor, str]]:
    """Yield every other actor that has a name or alias of `actor`, with that name."""
    own = {name.casefold(): name for name in (actor.name, *actor.aliases)}
    for other in Actor.objects.exclude(pk=actor.pk).only("name", "aliases", "kind"):
        for name in (other.name, *other.aliases):
            if name.casefold() in own:
                yield other, own[name.casefold()]
                break
