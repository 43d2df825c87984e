"""SQL conditions that find cases with unsupported values, notes about nothing or weak points.

`checks.py` and `weaknesses.py` define the rules, but they read whole cases. These conditions let
the work queue find such cases without reading all of them. A test keeps both in agreement.
"""

from __future__ import annotations

from functools import partial, reduce
from operator import or_
from typing import Any

from django.db.models import (
    BigIntegerField,
    CharField,
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
from django.db.models.functions import Cast, Coalesce, Concat, Replace
from django.db.models.lookups import Exact

from cases.models import (
    Case,
    Claim,
    Comment,
    ExceptionAssessment,
    Incident,
    Intermediary,
    Involvement,
    Note,
    Source,
    Warning,
)
from cases.models.claim import CLAIM_PARTS
from cases.models.incident import NOTHING_HAPPENED
from cases.models.vocabulary import (
    ABSENT_VALUES,
    NOT_STATED,
    Archiving,
    IncidentKind,
    Modality,
    Specificity,
    Stance,
)

# A source with an address but no archived copy, where nobody has said why.
NOT_ARCHIVED = ~Q(url="") & Q(archived_url="", archiving=Archiving.NOT_ANSWERED)

# The conditions under which a field is stated, for fields that are not one text column.
_STATED: dict[str, Q] = {
    "issuer": Q(issuer__isnull=False),
    "country": Q(country__isnull=False),
    "date": ~Q(date_edtf=""),
    "window": Q(window_start__isnull=False) | Q(window_end__isnull=False),
    "deaths": Q(deaths__isnull=False),
    "injured": Q(injured__isnull=False),
}


def _is_stated(model: type[Model], field: str) -> Q:
    """Return the condition that a record states a value for a coded field."""
    if field == "recipients":
        through: Any = Warning.recipients.through
        return Q(Exists(through.objects.filter(warning=OuterRef("pk"))))
    if field == "intermediaries":
        return Q(Exists(Intermediary.objects.filter(warning=OuterRef("pk"))))
    if field == "directives":
        applied: Any = Case.directives.through
        return Q(Exists(applied.objects.filter(case=OuterRef("pk"))))
    return _STATED.get(field, ~Q(**{f"{field}__in": ABSENT_VALUES}))


def _asserting(**about: Any) -> QuerySet[Claim]:
    claims: QuerySet[Claim] = Claim.objects.filter(stance=Stance.ASSERTS, **about)
    return claims.order_by()


def _none(claims: QuerySet[Claim]) -> Q:
    return ~Q(Exists(claims))


def _lacking(model: type[Model], part: str, fields: tuple[str, ...]) -> Q:
    """Return the condition that a part of a case has a stated field without an asserting claim."""
    # The case is compared too: a claim of another case is no evidence.
    claims = _asserting(**{part: OuterRef("pk")}, case=OuterRef("case"))
    return reduce(
        or_,
        (_is_stated(model, name) & _none(claims.filter(field=name)) for name in fields),
    )


def _has(model: type[Model], condition: Q) -> Q:
    """Return the condition that a case has a part of this model that meets `condition`."""
    return Q(Exists(model._default_manager.order_by().filter(condition, case=OuterRef("pk"))))


def lacks_evidence() -> Q:
    """Return the condition that a case has a coded value which no claim asserts."""
    # A claim about the case itself points at no part.
    own = _asserting(case=OuterRef("pk"), **{f"{part}__isnull": True for part in CLAIM_PARTS})
    of_itself = (
        _is_stated(Case, name) & _none(own.filter(field=name)) for name in Case.CODED_FIELDS
    )
    # A claim about a role names no field, and one about an exception need not name its only field.
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


def has_note_about_nothing() -> Q:
    """Return the condition that a case has a note on a value that it does not have."""
    joined = partial(Concat, output_field=CharField())
    number = Cast("sequence", CharField())
    role = Replace("role", Value("_"), Value("-"))
    paths: dict[Any, Concat] = {
        Warning: joined(Value("warning-"), number),
        Incident: joined(Value("incident-"), number),
        Involvement: joined(role, Value("-"), "actor__slug"),
        ExceptionAssessment: joined(Value("exception-"), "exception__slug"),
    }
    gone = ~Q(field__in=("", *Case.CODED_FIELDS))
    for model, path in paths.items():
        ends = ("", *(f".{name}" for name in model.CODED_FIELDS))
        named = (Exact(joined(path, Value(end)), OuterRef("field")) for end in ends)
        parts = model.objects.order_by().filter(reduce(or_, map(Q, named)), case=OuterRef("case"))
        gone &= ~Q(Exists(parts))
    return _has(Note, gone)


def is_weak() -> Q:
    """Return the condition that a case has at least one weak point."""
    return reduce(
        or_,
        (
            *(_from_one_source(), _only_disputed(), _silent(), _without_words(), _undated()),
            *(_sources(), _commented()),
        ),
    )


def _commented() -> Q:
    open_ones = Comment.objects.open().filter(is_by_reviewer=True, case=OuterRef("pk"))
    return Q(Exists(open_ones.order_by()))


def _from_one_source() -> Q:
    # All claims go back to one source if the lowest and the highest key of the origins are equal.
    claims = Claim.objects.filter(case=OuterRef("pk")).order_by().values("case")
    origin = Coalesce("source__derived_from_id", "source_id")
    first, last = (
        Subquery(claims.annotate(origin=end(origin)).values("origin")) for end in (Min, Max)
    )
    return Q(Exact(first, last))


def _only_disputed() -> Q:
    # Claims about an exception need not name a field, because it has only one. A part that is
    # disputed as a whole is asserted by a claim about any of its values.
    asserted = _asserting(case=OuterRef("case")).filter(
        Q(field=OuterRef("field")) | Q(assessment__isnull=False) | Exact(OuterRef("field"), ""),
        *(Exact(_key(F(f"{part}_id")), _key(OuterRef(f"{part}_id"))) for part in CLAIM_PARTS),
    )
    return _has(Claim, Q(stance=Stance.DISPUTES) & _none(asserted))


def _silent() -> Q:
    """Return the condition that a claim asserts something of a value that is not stated."""
    asserting = _asserting().exclude(modality=Modality.UNCLEAR)
    own = asserting.filter(case=OuterRef("pk"), field="directives")
    condition = ~_is_stated(Case, "directives") & Q(Exists(own))
    for model, part in ((Warning, "warning"), (Incident, "incident")):
        about = asserting.filter(**{part: OuterRef("pk")}, case=OuterRef("case"))
        condition |= _has(
            model,
            reduce(
                or_,
                (
                    _is_silent(model, name) & Q(Exists(about.filter(field=name)))
                    for name in model.CODED_FIELDS
                ),
            ),
        )
    return condition


def _is_silent(model: type[Model], field: str) -> Q:
    """Return the condition that a coded field reads as not stated."""
    if field in ("deaths", "injured"):
        return Q(**{f"{field}__isnull": True, f"{field}_qualifier": NOT_STATED})
    if field == "window":
        return ~_STATED[field] & ~Q(time_specificity=Specificity.ABSENT)
    if model is Incident and field != "kind":  # what did not happen has no place or date
        return ~_is_stated(model, field) & ~Q(kind=IncidentKind.NONE_REPORTED)
    if field in _STATED or field in ("recipients", "intermediaries"):
        return ~_is_stated(model, field)
    return Q(**{field: NOT_STATED})


def _without_words() -> Q:
    without_quote = Q(modality=Modality.QUOTED, quote="")
    return _has(Claim, without_quote | (~Q(date_words="") & Q(date_edtf="")))


def _key(reference: F) -> Coalesce:
    # NULL never equals NULL in SQL, and 0 is no primary key.
    return Coalesce(reference, Value(0), output_field=BigIntegerField())


def _undated() -> Q:
    happened = ~Q(kind__in=NOTHING_HAPPENED)
    return _has(Warning, Q(date_edtf="")) | _has(Incident, happened & Q(date_edtf=""))


def _sources() -> Q:
    uncoded = ~Q(published_words="") & Q(published_edtf="")
    sources = Source.objects.order_by().filter(NOT_ARCHIVED | uncoded).values("pk")
    return _has(Claim, Q(source__in=sources)) | _has(
        Note, Q(source__in=sources) | Q(evidence__in=sources)
    )
