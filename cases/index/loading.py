"""Load the contents of the case index from the database, in a fixed number of queries."""

from __future__ import annotations

import datetime as dt
from array import array
from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import QuerySet

from cases.models import Case, Claim, ExceptionAssessment, Incident, Involvement, Note, Warning
from cases.models.claim import CLAIM_PARTS
from cases.models.era import Span, bounded, icd_191_era_of
from cases.models.incident import NOTHING_HAPPENED, lower_bound
from cases.models.uncertain_date import precision_of
from cases.models.vocabulary import (
    NOT_APPLICABLE,
    NOT_STATED,
    AssessmentStatus,
    CaseStatus,
    IncidentKind,
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

# The number of a warning within its case, or a role in a case.
Layer = int | str

# The dimensions that say how specific a warning was, with the fields that hold their values.
SPECIFICITIES = {
    f"specificity_{subject}": f"{subject}_specificity"
    for subject in ("who", "target", "place", "time")
}

# The dimensions with a column in the table of warnings, and that column.
CODED = {
    **{name: name for name in ("repeated", "channel", "conduit", "basis", "relation")},
    **SPECIFICITIES,
    **{name: name for name in ("issuer_action", "reception", "follow_up")},
}

Day = dt.date | None


@dataclass
class Facts:
    """The values and sort keys of some cases.

    `members[dimension, layer][value]` lists the keys of the cases that have a value.
    `keys[sort][case]` is the sort key of a case.
    """

    cases: array[int] = field(default_factory=lambda: array("I"))
    members: dict[tuple[str, Layer], dict[Any, array[int]]] = field(
        default_factory=lambda: defaultdict(lambda: defaultdict(lambda: array("I")))
    )
    keys: dict[str, dict[int, Any]] = field(default_factory=lambda: defaultdict(dict))

    def add(self, case: int, dimension: str, value: Any, layer: Layer = WHOLE) -> None:
        self.members[dimension, layer][value].append(case)

    def add_warning(self, case: int, layer: int, **values: Any) -> None:
        """Add the values of one warning, to its layer and to the case as a whole."""
        for dimension, value in values.items():
            self.add(case, dimension, value)
            self.add(case, dimension, value, layer)

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
    # Lead times are measured to incidents, so these are read before the warnings.
    _read_cases(found, only)
    incidents = _read_incidents(found, only)
    _read_warnings(found, only, incidents)
    _read_parts(found, only)
    found.add_yes_no("contested", _contested(only))
    noted = _parts_of_published(Note, only).values_list("case", flat=True)
    found.add_yes_no("has_notes", set(noted))
    return found


def _merge(into: Facts, found: Facts) -> None:
    into.cases.extend(found.cases)
    for place, values in found.members.items():
        for value, members in values.items():
            into.members[place][value].extend(members)
    for sort, keys in found.keys.items():
        into.keys[sort].update(keys)


def _parts_of_published(model: Any, only: Sequence[int] | None) -> QuerySet[Any]:
    """Return the rows of a model that belong to published cases, or to those among `only`."""
    parts: QuerySet[Any] = model.objects.filter(case__status=CaseStatus.PUBLISHED).order_by()
    return parts if only is None else parts.filter(case__in=only)


def _read_cases(found: Facts, only: Sequence[int] | None) -> None:
    cases = Case.objects.published().order_by()
    if only is not None:
        cases = cases.filter(pk__in=only)
    open_ended: dict[int, Span] = {}
    columns = ("pk", "kind", "records_status", "title", "updated_at", "date_edtf")
    for pk, kind, records_status, title, updated_at, edtf, *bounds in cases.values_list(
        *columns, "date_earliest", "date_latest"
    ).iterator(10_000):
        found.cases.append(pk)
        found.add(pk, "kind", kind)
        found.add(pk, "records_status", records_status)
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


def _read_incidents(found: Facts, only: Sequence[int] | None) -> dict[int, Span]:
    """Add the incidents; return the date span of each case's first incident carried out."""
    deaths: dict[int, int] = {}
    first: dict[int, tuple[Any, Span]] = {}
    columns = ("case", "sequence", "kind", "country", "deaths", "deaths_qualifier", "date_edtf")
    for case, sequence, kind, country, figure, qualifier, edtf, *bounds in (
        _parts_of_published(Incident, only)
        .values_list(*columns, "date_earliest", "date_latest")
        .iterator(10_000)
    ):
        found.add(case, "incident", kind)
        found.add(case, "country", _no_country(kind) if country is None else country)
        least = lower_bound(figure, qualifier)
        if least is not None:
            deaths[case] = deaths.get(case, 0) + least
        if kind not in NOTHING_HAPPENED:
            span = (bounds[0], bounds[1])
            order = (*_order_in_time(edtf, *span), sequence)
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


def _read_warnings(found: Facts, only: Sequence[int] | None, incidents: dict[int, Span]) -> None:
    layers: dict[int, int] = {}
    layer_of: dict[int, tuple[int, int]] = {}
    shortest: dict[int, int] = {}
    longest: dict[int, int] = {}
    for pk, case, earliest, latest, issuer, *values in (
        _parts_of_published(Warning, only)
        .order_by("case", "sequence")
        .values_list("pk", "case", "date_earliest", "date_latest", "issuer", *CODED.values())
        .iterator(10_000)
    ):
        layer = layers[case] = layers.get(case, WHOLE) + 1
        layer_of[pk] = (case, layer)
        found.add_warning(case, layer, **dict(zip(CODED, values, strict=True)))
        if issuer is not None:
            found.add_warning(case, layer, issuer=issuer)
            found.add(case, "actor", issuer)
        start, end = incidents.get(case, (None, None))
        # The same bounds as those of `Warning.lead_time()`.
        if earliest and latest and start and end:
            shortest[case] = min(shortest.get(case, MAX_DAYS), (start - latest).days)
            longest[case] = max(longest.get(case, -MAX_DAYS), (end - earliest).days)
    recipients = Warning.recipients.through.objects.filter(
        warning__case__status=CaseStatus.PUBLISHED
    ).order_by()
    if only is not None:
        recipients = recipients.filter(warning__case__in=only)
    for warning, actor in recipients.values_list("warning", "actor").iterator(10_000):
        if warning not in layer_of:
            continue  # written after the query above; the changelog has it for the next update
        case, layer = layer_of[warning]
        found.add_warning(case, layer, recipient=actor)
        found.add(case, "actor", actor)
    for case in found.cases:
        found.keys["lead_time"][case] = (shortest.get(case, UNKNOWN), case)
        found.keys["-lead_time"][case] = (_descending(longest.get(case, UNKNOWN)), case)


# More days than there can be between two dates.
MAX_DAYS = dt.date.max.toordinal()


def _read_parts(found: Facts, only: Sequence[int] | None) -> None:
    """Add roles, directives, assessments, and the modalities, speakers and sources of claims."""
    roles = _parts_of_published(Involvement, only).values_list("case", "actor", "role")
    for case, actor, role in roles.iterator(10_000):
        found.add(case, "role", role)
        found.add(case, "actor", actor, role)
        found.add(case, "actor", actor)
        found.add(case, "armed_group", actor)
    directives = _parts_of_published(Case.directives.through, only)
    for case, directive in directives.values_list("case", "directive").iterator(10_000):
        found.add(case, "directive", directive)
    assessments = _parts_of_published(ExceptionAssessment, only).exclude(
        status=AssessmentStatus.NOT_REPORTED
    )
    for case, exception in assessments.values_list("case", "exception").iterator(10_000):
        found.add(case, "exception", exception)
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
