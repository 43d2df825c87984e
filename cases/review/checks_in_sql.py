"""Cases with a coded value that no claim asserts, and with weak points, found by the database.

The record checks (`checks.py`, `weaknesses.py`) are the rule; they read whole cases. These
conditions pick the cases that are worth reading, so that a list need not check every case there is.
"""

from __future__ import annotations

from functools import reduce
from operator import or_
from typing import Any

from django.db.models import (
    BigIntegerField,
    Exists,
    F,
    Max,
    Min,
    Model,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
)
from django.db.models.functions import Coalesce
from django.db.models.lookups import Exact

from cases.models import (
    Case,
    Claim,
    ExceptionAssessment,
    Incident,
    Involvement,
    Note,
    Source,
    Warning,
)
from cases.models.claim import CLAIM_PARTS
from cases.models.incident import NOTHING_HAPPENED
from cases.models.vocabulary import ABSENT_VALUES, Stance

NOT_ARCHIVED = ~Q(url="") & Q(archived_url="")
"""A source that is read at an address which may die."""

_STATED: dict[str, Q] = {
    "issuer": Q(issuer__isnull=False),
    "country": Q(country__isnull=False),
    "date": ~Q(date_edtf=""),
    "window": Q(window_start__isnull=False) | Q(window_end__isnull=False),
    "deaths": Q(deaths__isnull=False),
    "injured": Q(injured__isnull=False),
}
"""When a value is no absence, for those that are not stored in one column of words."""


def _is_stated(model: type[Model], field: str) -> Q:
    if field == "recipients":
        through: Any = Warning.recipients.through
        return Q(Exists(through.objects.filter(warning=OuterRef("pk"))))
    return _STATED.get(field, ~Q(**{f"{field}__in": ABSENT_VALUES}))


def _asserting(**about: Any) -> QuerySet[Claim]:
    claims: QuerySet[Claim] = Claim.objects.filter(stance=Stance.ASSERTS, **about)
    return claims.order_by()


def _none(claims: QuerySet[Claim]) -> Q:
    return ~Q(Exists(claims))


def _lacking(model: type[Model], part: str, fields: tuple[str, ...]) -> Q:
    """Return the condition of a part of a case that one of its coded fields lacks a claim."""
    claims = _asserting(**{part: OuterRef("pk")}, case=OuterRef("case"))
    return reduce(
        or_,
        (_is_stated(model, name) & _none(claims.filter(field=name)) for name in fields),
    )


def _has(model: type[Model], condition: Q) -> Q:
    """Return the condition of a case that it has a part such as this."""
    return Q(Exists(model._default_manager.order_by().filter(condition, case=OuterRef("pk"))))


def lacks_evidence() -> Q:
    """Return the condition of a case that some coded value lacks a claim that asserts it."""
    own = _asserting(case=OuterRef("pk"), **{f"{part}__isnull": True for part in CLAIM_PARTS})
    of_itself = (
        _is_stated(Case, name) & _none(own.filter(field=name)) for name in Case.CODED_FIELDS
    )
    # A claim about a role, or about an exception as a whole, names no field.
    role = _asserting(involvement=OuterRef("pk"), case=OuterRef("case"), field="")
    exception = _asserting(assessment=OuterRef("pk"), case=OuterRef("case"))
    return reduce(
        or_,
        [
            *of_itself,
            _has(Warning, _lacking(Warning, "warning", Warning.CODED_FIELDS)),
            _has(Incident, _lacking(Incident, "incident", Incident.CODED_FIELDS)),
            _has(Involvement, _none(role)),
            _has(
                ExceptionAssessment,
                _is_stated(ExceptionAssessment, "status") & _none(exception),
            ),
        ],
    )


def is_weak() -> Q:
    """Return the condition of a case that it has weak points, or values that are only disputed."""
    return _from_one_source() | _only_disputed() | _undated() | _unarchived()


def _from_one_source() -> Q:
    """All claims have one origin: the first of them in the order of keys is the last as well."""
    claims = Claim.objects.filter(case=OuterRef("pk")).order_by().values("case")
    origin = Coalesce("source__derived_from_id", "source_id")
    first, last = (
        Subquery(claims.annotate(origin=end(origin)).values("origin")) for end in (Min, Max)
    )
    return Q(Exact(first, last))


def _only_disputed() -> Q:
    """A claim disputes what no other asserts. Of an exception there is but one value to dispute."""
    asserted = _asserting(case=OuterRef("case")).filter(
        Q(field=OuterRef("field")) | Q(assessment__isnull=False),
        *(Exact(_key(F(f"{part}_id")), _key(OuterRef(f"{part}_id"))) for part in CLAIM_PARTS),
    )
    return _has(Claim, Q(stance=Stance.DISPUTES) & _none(asserted))


def _key(reference: F) -> Coalesce:
    """Return a key that equals another also where both are missing."""
    return Coalesce(reference, Value(0), output_field=BigIntegerField())


def _undated() -> Q:
    happened = ~Q(kind__in=NOTHING_HAPPENED)
    return _has(Warning, Q(date_edtf="")) | _has(Incident, happened & Q(date_edtf=""))


def _unarchived() -> Q:
    sources = Source.objects.order_by().filter(NOT_ARCHIVED).values("pk")
    return _has(Claim, Q(source__in=sources)) | _has(
        Note, Q(source__in=sources) | Q(evidence__in=sources)
    )
