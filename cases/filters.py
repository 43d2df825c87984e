"""Which cases, or notes, a query asks for; one CaseFilter stands behind all that shows cases.

Repeating a parameter means any of its values; `__all` means all of them, `__not` none of them.
Query strings are read in `query.py` first, so a filter here only ever sees values that exist.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable
from typing import Any

import django_filters
from django.core.exceptions import ValidationError
from django.db.models import Exists, Model, OuterRef, Q, QuerySet
from django.db.models.functions import Coalesce

from .models import (
    Actor,
    Case,
    Claim,
    DirectiveException,
    ExceptionAssessment,
    Incident,
    Involvement,
    Note,
    Source,
    Warning,
)
from .models.case import ICD_191_ISSUED
from .models.claim import PARTS
from .models.uncertain_date import parse
from .models.vocabulary import (
    ActorKind,
    AssessmentStatus,
    Basis,
    CaseKind,
    Channel,
    Era,
    FollowUp,
    IncidentKind,
    Modality,
    NoteKind,
    Reception,
    RecordsStatus,
    Relation,
    Stance,
)
from .query import ALL, NOT, Check, Choices, Query

YES_NO = (("yes", "Yes"), ("no", "No"))
POSSIBLE, CERTAIN = "possible", "certain"


class Choice(django_filters.MultipleChoiceFilter):  # type: ignore[misc]  # untyped package
    """A filter by values of a list; `having()` gives the condition that it means."""

    def having(self, values: list[str]) -> Q:
        """Return the condition of a record having any of the values."""
        return Q(**{f"{self.field_name}__in": values})


class PartChoice(Choice):
    """Cases with a part (a warning, an incident, a claim …) that has any of the values."""

    part: type[Model]

    def __init__(self, part: type[Model], **kwargs: Any) -> None:
        self.part = part
        super().__init__(**kwargs)

    def condition(self, values: list[str]) -> Q:
        """Return the condition of such a part."""
        return Q(**{f"{self.field_name}__in": values})

    def having(self, values: list[str]) -> Q:
        return Q(pk__in=self.part._default_manager.filter(self.condition(values)).values("case"))


class ActorChoice(PartChoice):
    """Cases with a part that names any of the actors, or a descendant of one.

    `kind` restricts the actors that are offered.
    """

    def __init__(self, part: type[Model], kind: str | None = None, **kwargs: Any) -> None:
        self.kind = kind
        super().__init__(part, choices=(), **kwargs)

    def condition(self, values: list[str]) -> Q:
        actors = Actor.objects.get_queryset().with_descendants(values)
        return Q(**{f"{self.field_name}__in": actors})


class AnyRoleChoice(ActorChoice):
    """Cases in which any of the actors has any role: by its involvements, or by a warning."""

    def having(self, values: list[str]) -> Q:
        actors = Actor.objects.get_queryset().with_descendants(values)
        parties = Warning.objects.filter(Q(issuer__in=actors) | Q(recipients__in=actors))
        roles = Involvement.objects.filter(actor__in=actors)
        return Q(pk__in=parties.values("case")) | Q(pk__in=roles.values("case"))


class ExceptionChoice(PartChoice):
    """Cases of which something is known about an exception; "not reported" is not such a thing."""

    def condition(self, values: list[str]) -> Q:
        return super().condition(values) & ~Q(status=AssessmentStatus.NOT_REPORTED)


class EraChoice(Choice):
    """Cases before or after ICD 191 was issued, by their derived dates."""

    def having(self, values: list[str]) -> Q:
        before, after = Q(date_latest__lt=ICD_191_ISSUED), Q(date_earliest__gte=ICD_191_ISSUED)
        # An open or missing bound makes a comparison NULL, and so must be asked for by name.
        is_told = Q(pk__in=Case.objects.filter(before | after).values("pk"))
        conditions = {
            Era.BEFORE_ICD191.value: before,
            Era.AFTER_ICD191.value: after,
            Era.NOT_STATED.value: ~is_told,
        }
        return _any(conditions[value] for value in values)


class YesNoChoice(Choice):
    """Cases that are, or are not, among `those`."""

    def __init__(self, those: str, **kwargs: Any) -> None:
        self.those = those
        super().__init__(choices=YES_NO, **kwargs)

    def having(self, values: list[str]) -> Q:
        those = Q(pk__in=QUESTIONS[self.those]())
        return _any(those if value == "yes" else ~those for value in values)


def _contested() -> QuerySet[Any]:
    """Return the keys of cases with a value that somebody asserts and somebody disputes."""
    # NULL equals nothing, so a part that is not there is compared as 0.
    parts = {f"at_{part}": Coalesce(f"{part}_id", 0) for part in PARTS}
    asserted = Claim.objects.annotate(**parts).filter(
        case=OuterRef("case"),
        field=OuterRef("field"),
        stance=Stance.ASSERTS,
        **{name: OuterRef(name) for name in parts},
    )
    disputed = Claim.objects.annotate(**parts).filter(stance=Stance.DISPUTES)
    contested: QuerySet[Any] = disputed.filter(Exists(asserted)).values("case")
    return contested


def _with_notes() -> QuerySet[Any]:
    """Return the keys of cases with an editorial note."""
    notes: QuerySet[Any] = Note.objects.filter(case__isnull=False).values("case")
    return notes


QUESTIONS: dict[str, Callable[[], QuerySet[Any]]] = {
    "contested": _contested,
    "has_notes": _with_notes,
}


def _any(conditions: Iterable[Q]) -> Q:
    result = Q(pk__in=())
    for condition in conditions:
        result |= condition
    return result


def _exceptions() -> list[tuple[str, str]]:
    return [(found.slug, str(found)) for found in DirectiveException.objects.all()]


class ChoiceFilterSet(django_filters.FilterSet):  # type: ignore[misc]  # untyped package
    """A FilterSet whose parameters come in three forms: any of, all of, none of the values."""

    @classmethod
    def mend(cls, query: Query) -> None:
        """Take out of `query` parts that contradict each other, with a sentence for each."""

    def filter_queryset(self, queryset: QuerySet[Any]) -> QuerySet[Any]:
        for name, filter_ in self.filters.items():
            if values := self.data.getlist(name):
                queryset = self.keep_any(queryset, filter_, values)
            for value in self.data.getlist(name + ALL):
                queryset = queryset.filter(filter_.having([value]))
            if values := self.data.getlist(name + NOT):
                queryset = queryset.exclude(filter_.having(values))
        return queryset

    def keep_any(
        self, queryset: QuerySet[Any], filter_: Choice, values: list[str]
    ) -> QuerySet[Any]:
        """Keep the records that have any of the values."""
        return queryset.filter(filter_.having(values))


class CaseFilter(ChoiceFilterSet):
    """Narrows down cases.

    What is asked of warnings is asked of one and the same warning: "private, to Russia" does not
    find a case whose private warning went elsewhere.
    """

    kind = Choice(choices=CaseKind.choices, label="Kind of case")
    actor = AnyRoleChoice(Involvement, label="Actor, in any role")
    issuer = ActorChoice(Warning, field_name="issuer", label="Issuer of a warning")
    recipient = ActorChoice(Warning, field_name="recipients", label="Recipient of a warning")
    armed_group = ActorChoice(
        Involvement, field_name="actor", kind=ActorKind.ARMED_GROUP, label="Armed group"
    )
    channel = PartChoice(Warning, choices=Channel.choices, label="Channel")
    basis = PartChoice(Warning, choices=Basis.choices, label="Basis")
    relation = PartChoice(Warning, choices=Relation.choices, label="Relation to the issuer")
    reception = PartChoice(Warning, choices=Reception.choices, label="Reception")
    follow_up = PartChoice(Warning, choices=FollowUp.choices, label="Follow-up")
    incident = PartChoice(
        Incident, field_name="kind", choices=IncidentKind.choices, label="Incident"
    )
    era = EraChoice(choices=Era.choices, label="Before or after ICD 191")
    exception = ExceptionChoice(
        ExceptionAssessment, field_name="exception__slug", choices=_exceptions, label="Exception"
    )
    modality = PartChoice(Claim, choices=Modality.choices, label="Firmness of a claim")
    contested = YesNoChoice("contested", label="Contested")
    has_notes = YesNoChoice("has_notes", label="With editorial notes")
    records_status = Choice(choices=RecordsStatus.choices, label="Requests for records")

    class Meta:
        model = Case
        fields: tuple[str, ...] = ()

    @classmethod
    def mend(cls, query: Query) -> None:
        start, end = _bound(query.data, "date_from"), _bound(query.data, "date_to")
        if start is not None and end is not None and start > end:
            query.notices.append(
                f"“date_from” ({query.data['date_from']}) is after “date_to” "
                f"({query.data['date_to']}); both were ignored."
            )
            del query.data["date_from"], query.data["date_to"]

    def filter_queryset(self, queryset: QuerySet[Case]) -> QuerySet[Case]:
        self.of_warning = Q()
        queryset = super().filter_queryset(queryset).filter(self._dates())
        if not self.of_warning:
            return queryset
        return queryset.filter(pk__in=Warning.objects.filter(self.of_warning).values("case"))

    def keep_any(
        self, queryset: QuerySet[Any], filter_: Choice, values: list[str]
    ) -> QuerySet[Any]:
        if isinstance(filter_, PartChoice) and filter_.part is Warning:
            self.of_warning &= filter_.condition(values)
            return queryset
        return super().keep_any(queryset, filter_, values)

    def _dates(self) -> Q:
        """Return the condition on the case's date: overlapping the range, or within it."""
        start, end = _bound(self.data, "date_from"), _bound(self.data, "date_to")
        if start is None and end is None:
            return Q()
        condition = ~Q(date_edtf="")
        if self.data.get("date_match") == CERTAIN:
            within = {"date_earliest__gte": start, "date_latest__lte": end}
            return condition & Q(**{name: day for name, day in within.items() if day})
        if start is not None:
            condition &= Q(date_latest__gte=start) | Q(date_latest=None)
        if end is not None:
            condition &= Q(date_earliest__lte=end) | Q(date_earliest=None)
        return condition


class MatrixFilter(CaseFilter):
    """Narrows down cases, or picks some by name."""

    case = Choice(field_name="slug", choices=(), label="Case")


DATE_LABELS = {"date_from": "From", "date_to": "Until", "date_match": "Dates that match"}
"""The parameters of CaseFilter that are typed freely, with their labels."""


def _bound(data: Any, name: str) -> dt.date | None:
    """Return the first day of `date_from` or the last of `date_to`; None where it is not given."""
    if not data.get(name):
        return None
    expression = parse(data[name])
    return expression.earliest if name == "date_from" else expression.latest


def check_date(name: str) -> Check:
    """Return the check of a date parameter: a year, a month or a day."""

    def check(value: str) -> None:
        try:
            expression = parse(value)
            is_plain = expression.earliest is not None and expression.latest is not None
        except ValidationError:
            is_plain = False
        if not is_plain:
            raise ValidationError(
                f"“{name}” is a year, a month or a day, such as 2024, 2024-03 or 2024-03-22; "
                "it was ignored."
            )

    return check


def check_date_match(value: str) -> None:
    if value not in (POSSIBLE, CERTAIN):
        raise ValidationError(
            f"“date_match” is “{POSSIBLE}” or “{CERTAIN}”; possible matches are shown."
        )


CASE_CHECKS: dict[str, Check] = {
    "date_from": check_date("date_from"),
    "date_to": check_date("date_to"),
    "date_match": check_date_match,
}


class NoteFilter(ChoiceFilterSet):
    kind = Choice(choices=NoteKind.choices, label="Kind of note")
    case = Choice(
        field_name="case__slug",
        choices=lambda: Case.objects.published().values_list("slug", "title"),
        label="Case",
    )
    source = Choice(
        field_name="source__slug",
        choices=lambda: Source.objects.public().values_list("slug", "title"),
        label="Source",
    )

    class Meta:
        model = Note
        fields: tuple[str, ...] = ()


def choices_of(filterset: django_filters.FilterSet) -> Choices:
    """Return for each filter its values with their labels; the actors are read once for all."""
    actors = None
    result: Choices = {}
    for name, filter_ in filterset.filters.items():
        if isinstance(filter_, ActorChoice):
            actors = actors if actors is not None else _public_actors()
            result[name] = {
                actor.slug: actor.name for actor in actors if filter_.kind in (None, actor.kind)
            }
        else:
            choices: Any = filter_.extra["choices"]
            result[name] = dict(choices() if callable(choices) else choices)
    return result


def _public_actors() -> list[Actor]:
    return sorted(Actor.objects.public(), key=lambda actor: (actor.name.casefold(), actor.pk))
