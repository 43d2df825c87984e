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

from .models import Actor, Case, Involvement, Note, Source, Warning
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

MOST_VALUES = 40
"""How many values of one parameter are read; each is repeated in the address of every other."""

MOST_SHOWN = 60
"""How many characters of a stranger's input a notice repeats."""


class AnyOf(django_filters.MultipleChoiceFilter):  # type: ignore[misc]  # untyped package
    """Keep the records that have any of the values; by a subquery, so that no row comes twice."""

    def __init__(self, vocabulary: type[Vocabulary], **kwargs: Any) -> None:
        super().__init__(choices=vocabulary.choices, **kwargs)

    def filter(self, qs: QuerySet[Any], value: list[str]) -> QuerySet[Any]:
        if not value:
            return qs
        matching = qs.model._default_manager.filter(self.condition(value))
        return qs.filter(pk__in=matching.values("pk"))

    def condition(self, value: list[str]) -> Q:
        return Q(**{f"{self.field_name}__in": value})


class WarningHas(AnyOf):
    """Keep the cases with a warning that has any of the values (see CaseFilter)."""


class ActorFilter(django_filters.MultipleChoiceFilter):  # type: ignore[misc]  # untyped package
    """Asks for actors by slug; their descendants are found too."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(choices=_actor_choices, **kwargs)

    def condition(self, value: list[str]) -> Q:
        actors = Actor.objects.get_queryset().with_descendants(value)
        return Q(**{f"{self.field_name}__in": actors})


class WarningParty(ActorFilter):
    """Keep the cases with a warning from, or to, any of the actors (see CaseFilter)."""


class InvolvesActor(ActorFilter):
    """Keep the cases in which any of the actors has any role at all."""

    def filter(self, qs: QuerySet[Any], value: list[str]) -> QuerySet[Any]:
        if not value:
            return qs
        actors = Actor.objects.get_queryset().with_descendants(value)
        parties = Warning.objects.filter(Q(issuer__in=actors) | Q(recipients__in=actors))
        roles = Involvement.objects.filter(actor__in=actors)
        return qs.filter(Q(pk__in=parties.values("case")) | Q(pk__in=roles.values("case")))


def _actor_choices() -> list[tuple[str, str]]:
    actors = Actor.objects.public().values_list("slug", "name")
    return sorted(actors, key=lambda choice: choice[1].casefold())


class CaseFilter(django_filters.FilterSet):  # type: ignore[misc]  # untyped package
    """Stands behind everything that shows a set of cases.

    What is asked of warnings is asked of one and the same warning: "private, to Russia" does not
    find a case whose private warning went elsewhere.
    """

    kind = AnyOf(CaseKind, label="Kind of case")
    actor = InvolvesActor(label="Actor, in any role")
    issuer = WarningParty(field_name="issuer", label="Issuer of a warning")
    recipient = WarningParty(field_name="recipients", label="Recipient of a warning")
    channel = WarningHas(Channel, label="Channel")
    basis = WarningHas(Basis, label="Basis")
    relation = WarningHas(Relation, label="Relation to the issuer")
    reception = WarningHas(Reception, label="Reception")
    follow_up = WarningHas(FollowUp, label="Follow-up")
    incident = AnyOf(IncidentKind, field_name="incidents__kind", label="Incident")
    records_status = AnyOf(RecordsStatus, label="Requests for records")

    class Meta:
        model = Case
        fields: tuple[str, ...] = ()

    def filter_queryset(self, queryset: QuerySet[Case]) -> QuerySet[Case]:
        of_warning = Q()
        for name, value in self.form.cleaned_data.items():
            filter_ = self.filters[name]
            if not isinstance(filter_, WarningHas | WarningParty):
                queryset = filter_.filter(queryset, value)
            elif value:
                of_warning &= filter_.condition(value)
        if not of_warning:
            return queryset
        return queryset.filter(pk__in=Warning.objects.filter(of_warning).values("case"))


class NoteFilter(django_filters.FilterSet):  # type: ignore[misc]  # untyped package
    kind = AnyOf(NoteKind, label="Kind of note")
    case = django_filters.MultipleChoiceFilter(
        field_name="case__slug",
        choices=lambda: Case.objects.published().values_list("slug", "title"),
        label="Case",
    )
    source = django_filters.MultipleChoiceFilter(
        field_name="source__slug",
        choices=lambda: Source.objects.public().values_list("slug", "title"),
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
        if isinstance(filter_, ActorFilter):
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
            chosen = list(dict.fromkeys(values))
            if len(chosen) > MOST_VALUES:
                query.notices.append(
                    f"Only the first {MOST_VALUES} values of “{name}” were used, of {len(chosen)}."
                )
            for value in chosen[:MOST_VALUES]:
                if value in known[name]:
                    query.data.appendlist(name, value)
                else:
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
