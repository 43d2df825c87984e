"""The one reading of query parameters: which cases (or notes) an address asks for.

Repeating a parameter means any of its values. Parts of a query that mean nothing here are never
dropped in silence: `Query` sets them aside with a sentence for each.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import django_filters
from django.core.exceptions import ValidationError
from django.db.models import Q, QuerySet
from django.http import QueryDict

from .models import Actor, Case, Note, Source
from .models.vocabulary import (
    Basis,
    CaseKind,
    Channel,
    FollowUp,
    IncidentKind,
    NoteKind,
    Reception,
    RecordsStatus,
    Relation,
    Vocabulary,
)

MOST_SHOWN = 60
"""How many characters of a stranger's input a notice repeats."""


class AnyOf(django_filters.MultipleChoiceFilter):  # type: ignore[misc]  # untyped package
    """Keep the records that have any of the values; by a subquery, so that no row comes twice."""

    def __init__(self, vocabulary: type[Vocabulary], **kwargs: Any) -> None:
        self.vocabulary = vocabulary
        super().__init__(choices=vocabulary.choices, **kwargs)

    def filter(self, qs: QuerySet[Any], value: list[str]) -> QuerySet[Any]:
        if not value:
            return qs
        matching = qs.model._default_manager.filter(**{f"{self.field_name}__in": value})
        return qs.filter(pk__in=matching.values("pk"))


def _actor_choices() -> list[tuple[str, str]]:
    return list(Actor.objects.order_by("name").values_list("slug", "name"))


class InvolvesActor(django_filters.MultipleChoiceFilter):  # type: ignore[misc]  # untyped package
    """Keep the cases in which any of the actors, or of their descendants, has one of the roles."""

    def __init__(self, *paths: str, **kwargs: Any) -> None:
        self.paths = paths
        super().__init__(choices=_actor_choices, **kwargs)

    def filter(self, qs: QuerySet[Any], value: list[str]) -> QuerySet[Any]:
        if not value:
            return qs
        actors = Actor.objects.get_queryset().with_descendants(value)
        condition = Q()
        for path in self.paths:
            matching = Case.objects.filter(**{f"{path}__in": actors}).values("pk")
            condition |= Q(pk__in=matching)
        return qs.filter(condition)


ISSUER, RECIPIENT, ROLE = "warnings__issuer", "warnings__recipients", "involvements__actor"


class CaseFilter(django_filters.FilterSet):  # type: ignore[misc]  # untyped package
    """Stands behind everything that shows a set of cases."""

    kind = AnyOf(CaseKind, label="Kind of case")
    actor = InvolvesActor(ISSUER, RECIPIENT, ROLE, label="Actor, in any role")
    issuer = InvolvesActor(ISSUER, label="Issuer of a warning")
    recipient = InvolvesActor(RECIPIENT, label="Recipient of a warning")
    channel = AnyOf(Channel, field_name="warnings__channel", label="Channel")
    basis = AnyOf(Basis, field_name="warnings__basis", label="Basis")
    relation = AnyOf(Relation, field_name="warnings__relation", label="Relation to the issuer")
    reception = AnyOf(Reception, field_name="warnings__reception", label="Reception")
    follow_up = AnyOf(FollowUp, field_name="warnings__follow_up", label="Follow-up")
    incident = AnyOf(IncidentKind, field_name="incidents__kind", label="Incident")
    records_status = AnyOf(RecordsStatus, label="Requests for records")

    class Meta:
        model = Case
        fields: tuple[str, ...] = ()


class NoteFilter(django_filters.FilterSet):  # type: ignore[misc]  # untyped package
    kind = AnyOf(NoteKind, label="Kind of note")
    case = django_filters.MultipleChoiceFilter(
        field_name="case__slug",
        choices=lambda: Case.objects.published().values_list("slug", "title"),
        label="Case",
    )
    source = django_filters.MultipleChoiceFilter(
        field_name="source__slug",
        choices=lambda: Source.objects.values_list("slug", "title"),
        label="Source",
    )

    class Meta:
        model = Note
        fields: tuple[str, ...] = ()


Check = Callable[[str], None]


@dataclass(frozen=True)
class ActiveValue:
    """One value the list is narrowed to, with the address that goes on without it."""

    parameter: str
    label: str
    value: str
    text: str
    without: str


@dataclass
class Query:
    """A query string, read against a FilterSet.

    `data` holds what was understood, `notices` a sentence for each part that was not, `mended` the
    query string without those parts.
    """

    data: QueryDict
    notices: list[str] = field(default_factory=list)

    @property
    def mended(self) -> str:
        return self.data.urlencode()

    def active(self, filterset: django_filters.FilterSet, known: Choices) -> list[ActiveValue]:
        """Return the values in force, in the order of the filters."""
        found = []
        for name, choices in known.items():
            for value in self.data.getlist(name):
                label = str(filterset.filters[name].label)
                found.append(
                    ActiveValue(name, label, value, str(choices[value]), self._without(name, value))
                )
        return found

    def _without(self, name: str, value: str) -> str:
        rest = self.data.copy()
        rest.setlist(name, [kept for kept in rest.getlist(name) if kept != value])
        rest.pop("page", None)
        return rest.urlencode()


Choices = dict[str, dict[str, str]]
"""For each filter its values with their labels."""


def choices_of(filterset: django_filters.FilterSet) -> Choices:
    """Return for each filter its values with their labels; one query a list of actors."""
    actors: dict[str, str] | None = None
    result: dict[str, dict[str, str]] = {}
    for name, filter_ in filterset.filters.items():
        if isinstance(filter_, InvolvesActor):
            # Three filters offer the same actors: read them once.
            actors = actors if actors is not None else dict(_actor_choices())
            result[name] = actors
        else:
            choices: Any = filter_.extra["choices"]
            result[name] = dict(choices() if callable(choices) else choices)
    return result


def read_query(given: QueryDict, known: Choices, also: dict[str, Check]) -> Query:
    """Split a query string into what the choices `known` and `also` understand, and the rest.

    `also` maps further parameters to a check that raises ValidationError for a bad value; of those
    the last value counts, as in any form.
    """
    query = Query(QueryDict(mutable=True))
    for name, values in given.lists():
        if name in known:
            for value in dict.fromkeys(values):
                if value in known[name]:
                    query.data.appendlist(name, value)
                elif value:
                    query.notices.append(
                        f"“{shown(value)}” is not a value of “{name}”; it was ignored."
                    )
        elif name in also:
            try:
                also[name](values[-1])
                query.data[name] = values[-1]
            except ValidationError as error:
                query.notices.append(error.messages[0])
        else:
            query.notices.append(f"There is no parameter “{shown(name)}”; it was ignored.")
    return query


def shown(text: str) -> str:
    """Cut and clean a stranger's input for repeating it in a sentence."""
    printable = "".join(letter if letter.isprintable() else "�" for letter in text)
    return printable if len(printable) <= MOST_SHOWN else f"{printable[:MOST_SHOWN]}…"
