"""Load the contents of the case index from the database, in a fixed number of queries."""

from __future__ import annotations

import datetime as dt
from array import array
from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Exists, QuerySet

from cases.evidence.lead_time import KNOWN, ORDER_UNKNOWN, days_between
from cases.models import (
    Case,
    Claim,
    ExceptionAssessment,
    Incident,
    Intermediary,
    Involvement,
    Note,
    Warning,
)
from cases.models.claim import CLAIM_PARTS, asserting_same_value
from cases.models.edtf import precision_of
from cases.models.era import Span, bounded, icd_191_era_of
from cases.models.incident import UNMEASURED, lower_bound
from cases.models.vocabulary import (
    ABSENT_VALUES,
    NOT_APPLICABLE,
    NOT_STATED,
    AssessmentStatus,
    CaseStatus,
    IncidentKind,
    Modality,
    Stance,
)
from cases.text.batches import in_batches
from cases.text.folding import fold

# The layer number for values of the case as a whole; layers of warnings start at 0.
WHOLE = -1

# Ordinals that stand for the missing days of open dates.
OPEN_START, OPEN_END = dt.date.min.toordinal() - 1, dt.date.max.toordinal() + 1

# A sort key for missing values, which come last in both directions.
UNKNOWN = float("inf")

# Stands for the case itself beside the names of its parts, in `InferredFields`.
WHOLE_CASE = "case"

# The number of a warning within its case, or a role in a case.
Layer = int | str

# The dimensions that say how specific a warning was, with the fields that hold their values.
SPECIFICITIES = {
    f"specificity_{subject}": f"{subject}_specificity"
    for subject in ("who", "target", "place", "time")
}

# The dimensions with a column in the table of warnings, and that column.
CODED = {
    "before_incident": "before_incident",
    **{name: name for name in ("repeated", "channel", "conduit", "basis", "relation")},
    **SPECIFICITIES,
    **{name: name for name in ("issuer_action", "reception", "follow_up")},
}

# The field of a warning that each of its dimensions is read from, and that claims name.
FIELDS_OF_WARNING = CODED | {
    "issuer": "issuer",
    "intermediary": "intermediaries",
    "recipient": "recipients",
}

# The dimension of cases whose date is stated. It is not filtered itself: dates and eras are.
DATED = "dated"

# An incident dates its case before any warning does.
BY_INCIDENT, BY_WARNING = 0, 1

Day = dt.date | None

# The fields that editors inferred, by the kind and key of the part that has them.
InferredFields = dict[tuple[str, int], set[str]]


@dataclass
class Facts:
    """The values and sort keys of some cases.

    `members[dimension, layer][value]` lists the keys of the cases that have a value, once for
    each part that has it; `inferred` has the same form and lists those that editors inferred.
    `keys[sort][case]` is the sort key of a case.
    """

    cases: array[int] = field(default_factory=lambda: array("I"))
    members: dict[tuple[str, Layer], dict[Any, array[int]]] = field(
        default_factory=lambda: defaultdict(lambda: defaultdict(lambda: array("I")))
    )
    inferred: dict[tuple[str, Layer], dict[Any, array[int]]] = field(
        default_factory=lambda: defaultdict(lambda: defaultdict(lambda: array("I")))
    )
    keys: dict[str, dict[int, Any]] = field(default_factory=lambda: defaultdict(dict))
    dating: dict[int, tuple[Any, bool]] = field(default_factory=dict)
    """The order in time of the part that dates each case, and whether its date is inferred."""

    def add(
        self,
        case: int,
        dimension: str,
        value: Any,
        layer: Layer = WHOLE,
        *,
        is_inferred: bool = False,
    ) -> None:
        self.members[dimension, layer][value].append(case)
        # As in its badges, no certainty is said of a value that is absent.
        if is_inferred and value not in ABSENT_VALUES:
            self.inferred[dimension, layer][value].append(case)

    def add_warning(
        self, case: int, layer: int, inferred: Collection[str] = (), **values: Any
    ) -> None:
        """Add the values of one warning, to its layer and to the case as a whole.

        `inferred` are its fields whose values editors inferred.
        """
        for dimension, value in values.items():
            is_inferred = FIELDS_OF_WARNING[dimension] in inferred
            self.add(case, dimension, value, is_inferred=is_inferred)
            self.add(case, dimension, value, layer, is_inferred=is_inferred)

    def date_by(self, case: int, order: Any, *, is_inferred: bool) -> None:
        """Let a part date its case unless an earlier one does; see `cases.models.case.dated_by`."""
        if case not in self.dating or order < self.dating[case][0]:
            self.dating[case] = (order, is_inferred)

    def only_inferred(self) -> Iterator[tuple[tuple[str, Layer], Any, list[int]]]:
        """Yield the cases in which every part that has a value has it by inference."""
        for place, values in self.inferred.items():
            for value, cases in values.items():
                parts = Counter(self.members[place][value])
                yield place, value, [case for case, n in Counter(cases).items() if n == parts[case]]

    def add_yes_no(self, dimension: str, yes: set[int]) -> None:
        """Add "yes" for the cases in `yes` and "no" for all others."""
        for case in self.cases:
            self.add(case, dimension, "yes" if case in yes else "no")


def facts(cases: Collection[int] | None) -> Facts:
    """Return the facts of the published cases among `cases`, or of all published cases."""
    found = Facts()
    for keys in [None] if cases is None else in_batches(sorted(cases)):
        _merge(found, _read(keys))
    return found


def _read(only: Sequence[int] | None) -> Facts:
    found = Facts()
    inferred = _inferred_fields(only)
    # Lead times are measured to incidents, so these are read before the warnings.
    _read_cases(found, only, inferred)
    incidents = _read_incidents(found, only, inferred)
    _read_warnings(found, only, incidents, inferred)
    _read_parts(found, only, inferred)
    for case, (_, is_inferred) in found.dating.items():
        if case in found.keys["earliest"]:
            found.add(case, DATED, "yes", is_inferred=is_inferred)
    found.add_yes_no("contested", _contested(only))
    noted = _parts_of_published(Note, only).values_list("case", flat=True)
    found.add_yes_no("has_notes", set(noted))
    return found


def _merge(into: Facts, found: Facts) -> None:
    into.cases.extend(found.cases)
    for place, values in found.members.items():
        for value, members in values.items():
            into.members[place][value].extend(members)
    for place, values in found.inferred.items():
        for value, members in values.items():
            into.inferred[place][value].extend(members)
    for sort, keys in found.keys.items():
        into.keys[sort].update(keys)


def _parts_of_published(model: Any, only: Sequence[int] | None) -> QuerySet[Any]:
    """Return the rows of a model that belong to published cases, or to those among `only`."""
    parts: QuerySet[Any] = model.objects.filter(case__status=CaseStatus.PUBLISHED).order_by()
    return parts if only is None else parts.filter(case__in=only)


def _inferred_fields(only: Sequence[int] | None) -> InferredFields:
    """Return the coded fields that rest on editors' inferences alone, so that badges say so."""
    firmer = asserting_same_value().exclude(modality=Modality.INFERRED)
    claims = _parts_of_published(Claim, only).filter(
        ~Exists(firmer), stance=Stance.ASSERTS, modality=Modality.INFERRED
    )
    inferred: InferredFields = defaultdict(set)
    for case, name, *parts in claims.values_list("case", "field", *CLAIM_PARTS).iterator(10_000):
        kinds = zip(CLAIM_PARTS, parts, strict=True)
        part = next(((kind, key) for kind, key in kinds if key is not None), (WHOLE_CASE, case))
        # A claim about an assessment as a whole is about its status, its only value.
        inferred[part].add("status" if part[0] == "assessment" else name)
    return inferred


def _read_cases(found: Facts, only: Sequence[int] | None, inferred: InferredFields) -> None:
    cases = Case.objects.published().order_by()
    if only is not None:
        cases = cases.filter(pk__in=only)
    open_ended: dict[int, Span] = {}
    columns = ("pk", "kind", "records_status", "title", "updated_at", "date_edtf")
    for pk, kind, records_status, title, updated_at, edtf, *bounds in cases.values_list(
        *columns, "date_earliest", "date_latest"
    ).iterator(10_000):
        found.cases.append(pk)
        fields = inferred.get((WHOLE_CASE, pk), ())
        found.add(pk, "kind", kind, is_inferred="kind" in fields)
        found.add(pk, "records_status", records_status, is_inferred="records_status" in fields)
        earliest, latest = bounds
        # Computed here rather than by the models: building 100,000 instances takes too long.
        if edtf and (earliest is None or latest is None):
            open_ended[pk] = (earliest, latest)
        else:
            found.add(pk, "era", icd_191_era_of((earliest, latest)).value)
        found.add(pk, "precision", precision_of(edtf).value)
        if edtf:
            found.keys["earliest"][pk] = earliest.toordinal() if earliest else OPEN_START
            found.keys["latest"][pk] = latest.toordinal() if latest else OPEN_END
        found.keys["title"][pk] = (fold(title), pk)
        found.keys["-updated"][pk] = (-updated_at.timestamp(), pk)
        first, last = _order_in_lists(earliest, latest)
        found.keys["date"][pk] = (first, last, pk)
        found.keys["-date"][pk] = (_descending(last), _descending(first), pk)
    others = _spans_of_parts(list(open_ended))
    for pk, span in open_ended.items():
        found.add(pk, "era", icd_191_era_of(bounded(span, others[pk])).value)


def _spans_of_parts(cases: Sequence[int]) -> dict[int, list[Span]]:
    """Return the spans of the parts of each case, as `dates_of()` has them."""
    spans: dict[int, list[Span]] = defaultdict(list)
    for batch in in_batches(cases):
        for parts in (Incident.objects.exclude(kind=IncidentKind.NONE_REPORTED), Warning.objects):
            rows = parts.filter(case__in=batch).order_by()
            for case, *span in rows.values_list("case", "date_earliest", "date_latest"):
                spans[case].append((span[0], span[1]))
    return spans


def _order_in_lists(earliest: Day, latest: Day) -> tuple[float, float]:
    """Return what lists sort the date of a case by: its first and its last possible day.

    Unlike in `UncertainDate.sort_key`, an open end counts as the other end: in a list that begins
    with the newest, "before February 2022" would otherwise come after all other cases.
    """
    first, last = earliest or latest, latest or earliest
    if first is None or last is None:
        return UNKNOWN, UNKNOWN
    return first.toordinal(), last.toordinal()


def _descending(figure: float) -> float:
    return figure if figure == UNKNOWN else -figure


def _read_incidents(
    found: Facts, only: Sequence[int] | None, inferred: InferredFields
) -> dict[int, Span]:
    """Add the incidents; return the span of the incident that lead times are measured to, by case.

    It is the first that is said to have been carried out; see `first_occurrence()`.
    """
    deaths: dict[int, int] = {}
    first: dict[int, tuple[Any, Span]] = {}
    columns = ("case", "sequence", "kind", "country", "deaths", "deaths_qualifier", "date_edtf")
    for pk, case, sequence, kind, country, figure, qualifier, edtf, *bounds in (
        _parts_of_published(Incident, only)
        .values_list("pk", *columns, "date_earliest", "date_latest")
        .iterator(10_000)
    ):
        fields = inferred.get(("incident", pk), ())
        found.add(case, "incident", kind, is_inferred="kind" in fields)
        place = _no_country(kind) if country is None else country
        found.add(case, "country", place, is_inferred="country" in fields)
        least = lower_bound(figure, qualifier)
        if least is not None:
            deaths[case] = deaths.get(case, 0) + least
        span = (bounds[0], bounds[1])
        order = (*_order_in_time(edtf, *span), sequence)
        if kind != IncidentKind.NONE_REPORTED:
            found.date_by(case, (BY_INCIDENT, *order), is_inferred="date" in fields)
        if kind not in UNMEASURED:
            # `order` is unique within a case, so the spans, which may hold None, never compare.
            first[case] = min(first.get(case, (order, span)), (order, span))
    for case in found.cases:
        found.keys["-deaths"][case] = (-deaths[case] if case in deaths else UNKNOWN, case)
    return {case: span for case, (_, span) in first.items()}


def _no_country(kind: str) -> str:
    """Return why an incident has no country: nothing happened, or no source says where."""
    return NOT_APPLICABLE if kind == IncidentKind.NONE_REPORTED else NOT_STATED


def _order_in_time(edtf: str, earliest: Day, latest: Day) -> tuple[dt.date, dt.date]:
    """Return the same order as `UncertainDate.sort_key`."""
    if not edtf:
        return dt.date.max, dt.date.max
    return earliest or dt.date.min, latest or dt.date.max


def _read_warnings(
    found: Facts,
    only: Sequence[int] | None,
    incidents: dict[int, Span],
    inferred: InferredFields,
) -> None:
    layers: dict[int, int] = {}
    layer_of: dict[int, tuple[int, int]] = {}
    shortest: dict[int, tuple[int, int]] = {}
    longest: dict[int, tuple[int, int]] = {}
    dates = ("date_edtf", "date_earliest", "date_latest")
    for pk, case, edtf, earliest, latest, issuer, *values in (
        _parts_of_published(Warning, only)
        .order_by("case", "sequence")
        .values_list("pk", "case", *dates, "issuer", *CODED.values())
        .iterator(10_000)
    ):
        layer = layers[case] = layers.get(case, WHOLE) + 1
        layer_of[pk] = (case, layer)
        fields = inferred.get(("warning", pk), ())
        order = (BY_WARNING, *_order_in_time(edtf, earliest, latest), layer)
        found.date_by(case, order, is_inferred="date" in fields)
        coded = dict(zip(CODED, values, strict=True))
        found.add_warning(case, layer, fields, **coded)
        if issuer is not None:
            found.add_warning(case, layer, fields, issuer=issuer)
            found.add(case, "actor", issuer, is_inferred="issuer" in fields)
        if case in incidents:
            status, least, most = days_between(
                (earliest, latest), incidents[case], coded["before_incident"]
            )
            if least is not None and most is not None:
                group = LEAD_TIME_GROUPS[status]
                shortest[case] = min(shortest.get(case, NO_LEAD_TIME), (group, least))
                longest[case] = min(longest.get(case, NO_LEAD_TIME), (group, -most))
    for dimension, model in (
        ("intermediary", Intermediary),
        ("recipient", Warning.recipients.through),
    ):
        parties = model._default_manager.filter(
            warning__case__status=CaseStatus.PUBLISHED
        ).order_by()
        if only is not None:
            parties = parties.filter(warning__case__in=only)
        for warning, actor in parties.values_list("warning", "actor").iterator(10_000):
            if warning not in layer_of:
                continue  # written after the query above; the changelog has it for the next update
            case, layer = layer_of[warning]
            fields = inferred.get(("warning", warning), ())
            found.add_warning(case, layer, fields, **{dimension: actor})
            is_inferred = FIELDS_OF_WARNING[dimension] in fields
            found.add(case, "actor", actor, is_inferred=is_inferred)
    for case in found.cases:
        found.keys["lead_time"][case] = (*shortest.get(case, NO_LEAD_TIME), case)
        found.keys["-lead_time"][case] = (*longest.get(case, NO_LEAD_TIME), case)


# Cases are first sorted by how much is known of their lead time, in either direction.
LEAD_TIME_GROUPS = {KNOWN: 0, ORDER_UNKNOWN: 1}
NO_LEAD_TIME = (2, 0)


def _read_parts(found: Facts, only: Sequence[int] | None, inferred: InferredFields) -> None:
    """Add roles, directives, assessments, and the modalities, speakers and sources of claims."""
    roles = _parts_of_published(Involvement, only).values_list("pk", "case", "actor", "role")
    for pk, case, actor, role in roles.iterator(10_000):
        is_inferred = ("involvement", pk) in inferred
        found.add(case, "role", role, is_inferred=is_inferred)
        found.add(case, "actor", actor, role, is_inferred=is_inferred)
        found.add(case, "actor", actor, is_inferred=is_inferred)
        found.add(case, "armed_group", actor, is_inferred=is_inferred)
    directives = _parts_of_published(Case.directives.through, only)
    for case, directive in directives.values_list("case", "directive").iterator(10_000):
        is_inferred = "directives" in inferred.get((WHOLE_CASE, case), ())
        found.add(case, "directive", directive, is_inferred=is_inferred)
    assessments = _parts_of_published(ExceptionAssessment, only).exclude(
        status=AssessmentStatus.NOT_REPORTED
    )
    for pk, case, exception in assessments.values_list("pk", "case", "exception").iterator(10_000):
        found.add(case, "exception", exception, is_inferred=("assessment", pk) in inferred)
    claims = _parts_of_published(Claim, only)
    for case, modality in claims.values_list("case", "modality").distinct().iterator(10_000):
        found.add(case, "modality", modality)
    spoken = claims.values_list("case", "speaker").distinct()
    for case, speaker in spoken.iterator(10_000):
        found.add(case, "speaker", NOT_STATED if speaker is None else speaker)
    drawn = claims.values_list("case", "source").distinct()
    for case, source in drawn.iterator(10_000):
        found.add(case, "source", source)


def _contested(only: Sequence[int] | None) -> set[int]:
    """Return the cases with a contested value: one claim asserts it, another disputes it."""
    disputed = set(_values(_parts_of_published(Claim, only).filter(stance=Stance.DISPUTES)))
    asserted = _parts_of_published(Claim, only).filter(
        stance=Stance.ASSERTS,
        # Few cases have disputes, so most asserting claims need not be read.
        case__in=Claim.objects.filter(stance=Stance.DISPUTES).values("case"),
    )
    return {value[0] for value in _values(asserted) if value in disputed}


def _values(claims: QuerySet[Any]) -> Iterator[tuple[Any, ...]]:
    """Yield for each claim a tuple that identifies the value it is about; the case comes first."""
    # A claim about an assessment as a whole is about its status, its only value.
    for case, name, assessment, *parts in claims.values_list(
        "case", "field", "assessment", *(part for part in CLAIM_PARTS if part != "assessment")
    ):
        yield case, name if assessment is None else "status", assessment, *parts
