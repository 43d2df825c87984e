"""Reading from the database what the index of cases holds: a fixed number of plain queries."""

from __future__ import annotations

import datetime as dt
from array import array
from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import QuerySet

from cases.models import Case, Claim, ExceptionAssessment, Incident, Involvement, Note, Warning
from cases.models.case import ICD_191_ISSUED
from cases.models.claim import CLAIM_PARTS
from cases.models.incident import NOTHING_HAPPENED, lower_bound
from cases.models.vocabulary import AssessmentStatus, CaseStatus, Era, Stance
from cases.text.batches import in_batches
from cases.text.folding import fold

WHOLE = -1
"""In place of a layer: the case as a whole."""

OPEN_START, OPEN_END = dt.date.min.toordinal() - 1, dt.date.max.toordinal() + 1
"""In place of a day that an open date has not."""

UNKNOWN = float("inf")
"""Sorts after every figure, in both directions."""

Day = dt.date | None


@dataclass
class Facts:
    """What was read of some cases.

    `members[dimension, layer][value]` lists cases; `keys[sort][case]` is what sorts a case.
    """

    cases: array[int] = field(default_factory=lambda: array("I"))
    members: dict[tuple[str, int], dict[Any, array[int]]] = field(
        default_factory=lambda: defaultdict(lambda: defaultdict(lambda: array("I")))
    )
    keys: dict[str, dict[int, Any]] = field(default_factory=lambda: defaultdict(dict))

    def add(self, case: int, dimension: str, value: Any, layer: int = WHOLE) -> None:
        self.members[dimension, layer][value].append(case)

    def add_warning(self, case: int, layer: int, **values: Any) -> None:
        """Add the values of one warning, which are values of the case too."""
        for dimension, value in values.items():
            self.add(case, dimension, value)
            self.add(case, dimension, value, layer)

    def add_answers(self, question: str, yes: set[int]) -> None:
        for case in self.cases:
            self.add(case, question, "yes" if case in yes else "no")


def facts(cases: Collection[int] | None) -> Facts:
    """Read the published ones among `cases`, or all published ones."""
    found = Facts()
    for only in [None] if cases is None else in_batches(sorted(cases)):
        _read(found, only)
    return found


def _read(into: Facts, only: Sequence[int] | None) -> None:
    found = Facts()
    _read_cases(found, only)
    incidents = _read_incidents(found, only)
    _read_warnings(found, only, incidents)
    _read_parts(found, only)
    found.add_answers("contested", _contested(only))
    found.add_answers("has_notes", set(_of(Note, only).values_list("case", flat=True)))
    _merge(into, found)


def _merge(into: Facts, found: Facts) -> None:
    into.cases.extend(found.cases)
    for place, values in found.members.items():
        for value, members in values.items():
            into.members[place][value].extend(members)
    for sort, keys in found.keys.items():
        into.keys[sort].update(keys)


def _of(model: Any, only: Sequence[int] | None) -> QuerySet[Any]:
    """Return the parts of the published cases among `only`."""
    parts: QuerySet[Any] = model.objects.filter(case__status=CaseStatus.PUBLISHED).order_by()
    return parts if only is None else parts.filter(case__in=only)


def _read_cases(found: Facts, only: Sequence[int] | None) -> None:
    cases = Case.objects.published().order_by()
    if only is not None:
        cases = cases.filter(pk__in=only)
    columns = ("pk", "kind", "records_status", "title", "updated_at", "date_edtf")
    for pk, kind, records_status, title, updated_at, edtf, *bounds in cases.values_list(
        *columns, "date_earliest", "date_latest"
    ).iterator(10_000):
        found.cases.append(pk)
        found.add(pk, "kind", kind)
        found.add(pk, "records_status", records_status)
        earliest, latest = bounds
        found.add(pk, "era", _era(earliest, latest).value)
        if edtf:
            found.keys["earliest"][pk] = earliest.toordinal() if earliest else OPEN_START
            found.keys["latest"][pk] = latest.toordinal() if latest else OPEN_END
        found.keys["title"][pk] = (fold(title), pk)
        found.keys["-updated"][pk] = (-updated_at.timestamp(), pk)
        first, last = _days(earliest or latest, latest or earliest)
        found.keys["date"][pk] = (first, last, pk)
        found.keys["-date"][pk] = (_descending(last), _descending(first), pk)


def _days(*days: Day) -> tuple[float, ...]:
    return tuple(UNKNOWN if day is None else day.toordinal() for day in days)


def _descending(figure: float) -> float:
    return figure if figure == UNKNOWN else -figure


def _era(earliest: Day, latest: Day) -> Era:
    if latest is not None and latest < ICD_191_ISSUED:
        return Era.BEFORE_ICD191
    if earliest is not None and earliest >= ICD_191_ISSUED:
        return Era.AFTER_ICD191
    return Era.NOT_STATED


Span = tuple[Day, Day]


def _read_incidents(found: Facts, only: Sequence[int] | None) -> dict[int, Span]:
    """Return for each case the days of its earliest incident that was carried out."""
    deaths: dict[int, int] = {}
    first: dict[int, tuple[Any, Span]] = {}
    columns = ("case", "sequence", "kind", "country", "deaths", "deaths_qualifier", "date_edtf")
    for case, sequence, kind, country, figure, qualifier, edtf, *bounds in (
        _of(Incident, only).values_list(*columns, "date_earliest", "date_latest").iterator(10_000)
    ):
        found.add(case, "incident", kind)
        if country is not None:
            found.add(case, "country", country)
        least = lower_bound(figure, qualifier)
        if least is not None:
            deaths[case] = deaths.get(case, 0) + least
        if kind not in NOTHING_HAPPENED:
            span = (bounds[0], bounds[1])
            order = (*_order_in_time(edtf, *span), sequence)
            first[case] = min(first.get(case, (order, span)), (order, span))
    for case in found.cases:
        found.keys["-deaths"][case] = (-deaths[case] if case in deaths else UNKNOWN, case)
    return {case: span for case, (_, span) in first.items()}


def _order_in_time(edtf: str, earliest: Day, latest: Day) -> tuple[dt.date, dt.date]:
    """Order as `UncertainDate.sort_key` does."""
    if not edtf:
        return dt.date.max, dt.date.max
    return earliest or dt.date.min, latest or dt.date.max


def _read_warnings(found: Facts, only: Sequence[int] | None, incidents: dict[int, Span]) -> None:
    layers: dict[int, int] = {}
    layer_of: dict[int, tuple[int, int]] = {}
    shortest: dict[int, int] = {}
    longest: dict[int, int] = {}
    coded = ("repeated", "channel", "basis", "relation", "issuer_action", "reception", "follow_up")
    for pk, case, earliest, latest, issuer, *values in (
        _of(Warning, only)
        .order_by("case", "sequence")
        .values_list("pk", "case", "date_earliest", "date_latest", "issuer", *coded)
        .iterator(10_000)
    ):
        layer = layers[case] = layers.get(case, WHOLE) + 1
        layer_of[pk] = (case, layer)
        found.add_warning(case, layer, **dict(zip(coded, values, strict=True)))
        if issuer is not None:
            found.add_warning(case, layer, issuer=issuer)
            found.add(case, "actor", issuer)
        start, end = incidents.get(case, (None, None))
        if earliest and latest and start and end:
            shortest[case] = min(shortest.get(case, MAX_DAYS), (start - latest).days)
            longest[case] = max(longest.get(case, -MAX_DAYS), (end - earliest).days)
    recipients = _of_warnings(only).values_list("warning", "actor").iterator(10_000)
    for warning, actor in recipients:
        if warning not in layer_of:
            continue  # written since; the log of changes will bring it
        case, layer = layer_of[warning]
        found.add_warning(case, layer, recipient=actor)
        found.add(case, "actor", actor)
    for case in found.cases:
        found.keys["lead_time"][case] = (shortest.get(case, UNKNOWN), case)
        found.keys["-lead_time"][case] = (_descending(longest.get(case, UNKNOWN)), case)


MAX_DAYS = dt.date.max.toordinal()


def _of_warnings(only: Sequence[int] | None) -> QuerySet[Any]:
    """Return the recipients of the warnings of the published cases among `only`."""
    rows = Warning.recipients.through.objects.filter(
        warning__case__status=CaseStatus.PUBLISHED
    ).order_by()
    return rows if only is None else rows.filter(warning__case__in=only)


def _read_parts(found: Facts, only: Sequence[int] | None) -> None:
    """Read roles, assessments, and of claims how firm they are and who speaks."""
    roles = _of(Involvement, only).values_list("case", "actor").distinct()
    for case, actor in roles.iterator(10_000):
        found.add(case, "actor", actor)
        found.add(case, "armed_group", actor)
    assessments = _of(ExceptionAssessment, only).exclude(status=AssessmentStatus.NOT_REPORTED)
    for case, exception in assessments.values_list("case", "exception").iterator(10_000):
        found.add(case, "exception", exception)
    claims = _of(Claim, only)
    for case, modality in claims.values_list("case", "modality").distinct().iterator(10_000):
        found.add(case, "modality", modality)
    spoken = claims.filter(speaker__isnull=False).values_list("case", "speaker").distinct()
    for case, speaker in spoken.iterator(10_000):
        found.add(case, "speaker", speaker)


def _contested(only: Sequence[int] | None) -> set[int]:
    """Return the cases with a value that somebody asserts and somebody disputes."""
    disputed = set(_values(_of(Claim, only).filter(stance=Stance.DISPUTES)))
    asserted = _of(Claim, only).filter(
        stance=Stance.ASSERTS,
        case__in=Claim.objects.filter(stance=Stance.DISPUTES).values("case"),
    )
    return {value[0] for value in _values(asserted) if value in disputed}


def _values(claims: QuerySet[Any]) -> Iterator[tuple[Any, ...]]:
    """Yield for each claim its case and the value that it is about.

    What is said of an assessment as a whole is said of its status, its only value.
    """
    for case, name, assessment, *parts in claims.values_list(
        "case", "field", "assessment", *(part for part in CLAIM_PARTS if part != "assessment")
    ):
        yield case, name if assessment is None else "status", assessment, *parts
