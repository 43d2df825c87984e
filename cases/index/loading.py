"""From the records of public cases to the contents of the index: values, and keys to sort by."""

from __future__ import annotations

import datetime as dt
from array import array
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

from cases.evidence.case_evidence import CaseEvidence
from cases.evidence.certainty import certainty_of
from cases.evidence.lead_time import (
    KNOWN,
    ORDER_UNKNOWN,
    lead_time,
    order_or_reason,
    window_covered,
)
from cases.evidence.variables import CASE, INCIDENT, WARNING, words_of
from cases.models.edtf import Day, precision_of
from cases.models.vocabulary import ABSENT_VALUES, NOT_STATED, AssessmentStatus, Modality
from cases.record.classes import (
    ActorRef,
    AssessmentRecord,
    CasePart,
    CaseRecord,
    IncidentRecord,
    InvolvementRecord,
    PartyRecord,
    WarningRecord,
)
from cases.text.folding import fold
from cases.versions.current import Current, current_cases, public_keys

# The layer number for values of the case as a whole; layers of warnings start at 0.
WHOLE = -1

# Ordinals that stand for the missing days of open dates.
OPEN_START, OPEN_END = dt.date.min.toordinal() - 1, dt.date.max.toordinal() + 1

# A sort key for missing values, which come last in both directions: more than any day or figure.
UNKNOWN = OPEN_END + 1

# Two numbers of days are one sort key, which needs less memory than a pair: the first times this,
# and the second, which is less than half of it in either direction.
DAYS = 2**24

# How many cases are read before they are added to the index.
READ_TOGETHER = 50_000

# The number of a warning within its case; a role in a case; the status of an exception; what is
# counted.
Layer = int | str

# The dimensions of warnings that hold a word, and the field that each is read from.
CODED = words_of(WARNING)

# The same of cases and of incidents.
WORDS_OF_CASE, WORDS_OF_INCIDENT = words_of(CASE), words_of(INCIDENT)

# The dimensions that hold actors, and their fields. A source may leave out any of them.
PARTIES = {"issuer": "issuer", "intermediary": "intermediaries", "recipient": "recipients"}

# The field of a warning that each of its dimensions is read from, and that claims name.
FIELDS_OF_WARNING = PARTIES | CODED

# The dimension of cases whose date is stated. It is not filtered itself: dates and eras are.
DATED = "dated"

# The dimension of whether a warning came before the incident, or why that is not counted in days.
# It is not filtered either, and only in the layers of warnings.
ORDER = "order"

# Cases are first sorted by how much is known of their lead time, in either direction.
LEAD_TIME_GROUPS = {KNOWN: 0, ORDER_UNKNOWN: 1}
NO_LEAD_TIME = 2 * DAYS

# What is counted in each case, besides its coded values by certainty. Deaths are the sum of the
# lower bounds of its figures, and DEADLY is 1 if it has such a figure.
WARNINGS, CLAIMS, DEATHS, DEADLY = "warnings", "claims", "deaths", "deadly"

# The dimension of these counts: its layers are what is counted, and its values the numbers.
COUNTED = "counted"


@dataclass
class Facts:
    """The values and sort keys of some cases.

    `members[dimension, layer][value]` lists the keys of the cases that have a value, once for
    each part that has it; `inferred` has the same form and lists those that editors inferred.
    What cases share is named by its slug. `keys[sort][case]` is the sort key of a case: a whole
    number, or a text.
    """

    cases: array[int] = field(default_factory=lambda: array("I"))
    members: dict[tuple[str, Layer], dict[str, array[int]]] = field(
        default_factory=lambda: defaultdict(lambda: defaultdict(lambda: array("I")))
    )
    inferred: dict[tuple[str, Layer], dict[str, array[int]]] = field(
        default_factory=lambda: defaultdict(lambda: defaultdict(lambda: array("I")))
    )
    keys: dict[str, dict[int, Any]] = field(default_factory=lambda: defaultdict(dict))

    def only_inferred(self) -> Iterator[tuple[tuple[str, Layer], str, list[int]]]:
        """Yield the cases in which every part that has a value has it by inference."""
        for place, values in self.inferred.items():
            for value, cases in values.items():
                parts = Counter(self.members[place][value])
                yield place, value, [case for case, n in Counter(cases).items() if n == parts[case]]


def facts(cases: Collection[int]) -> Facts:
    """Return the facts of the public cases among some."""
    return facts_of(current_cases(cases))


def all_facts() -> Iterator[Facts]:
    """Yield the facts of all public cases, of some thousands at a time to save memory."""
    cases = current_cases(public_keys())
    while (found := facts_of(islice(cases, READ_TOGETHER))).cases:
        yield found


def facts_of(cases: Iterable[tuple[int, Current]]) -> Facts:
    """Return the facts of some records by the keys of their cases."""
    found = Facts()
    for key, current in cases:
        _Reader(found, key, current).read()
    return found


class _Reader:
    """Adds what the record of one case says to the facts."""

    def __init__(self, found: Facts, key: int, current: Current) -> None:
        self._found = found
        self._key = key
        self._record: CaseRecord = current.record
        self._changed_at = current.version.changed_at
        self._evidence = CaseEvidence(current.record)
        # In most cases editors inferred nothing, which need not be asked of each value.
        self._has_inferences = any(
            claim.modality == Modality.INFERRED for claim in current.record.claims
        )

    def read(self) -> None:
        record = self._record
        self._found.cases.append(self._key)
        self._add_case(record)
        for layer, warning in enumerate(record.warnings):
            self._add_warning(warning, layer)
        for incident in record.incidents:
            self._add_incident(incident)
        for involvement in record.involvements:
            self._add_involvement(involvement)
        for assessment in record.assessments:
            self._add_assessment(assessment)
        self._add_claims(record)
        for name, word in set(_other_words(self._evidence)):
            self._add(name, word)
        self._add_keys(record)
        self._add_counts(record)

    def _add(
        self, dimension: str, value: str, layer: Layer = WHOLE, *, is_inferred: bool = False
    ) -> None:
        self._found.members[dimension, layer][value].append(self._key)
        # As in its badges, no certainty is said of a value that is absent.
        if is_inferred and value not in ABSENT_VALUES:
            self._found.inferred[dimension, layer][value].append(self._key)

    def _is_inferred(self, part: CasePart, field: str = "") -> bool:
        if not self._has_inferences:
            return False
        return self._evidence.status(part, field).modality == Modality.INFERRED

    def _add_case(self, record: CaseRecord) -> None:
        for dimension, name in WORDS_OF_CASE.items():
            is_inferred = self._is_inferred(record, name)
            self._add(dimension, getattr(record, name), is_inferred=is_inferred)
        is_inferred = self._is_inferred(record, "directives")
        for directive in record.directives:
            self._add("directive", directive.slug, is_inferred=is_inferred)
        self._add("era", record.era)
        self._add("precision", precision_of(record.date.edtf).value)
        if record.date.is_stated:
            self._add(DATED, "yes", is_inferred=self._is_inferred(record, "date"))
        self._add("contested", "yes" if self._evidence.is_contested else "no")
        self._add("has_notes", "yes" if record.notes else "no")

    def _add_warning(self, warning: WarningRecord, layer: int) -> None:
        for dimension, name in FIELDS_OF_WARNING.items():
            is_inferred = self._is_inferred(warning, name)
            for value in _values_in(warning, name):
                self._add(dimension, value, is_inferred=is_inferred)
                self._add(dimension, value, layer, is_inferred=is_inferred)
                if dimension in PARTIES:
                    self._add("actor", value, is_inferred=is_inferred)

    def _add_incident(self, incident: IncidentRecord) -> None:
        for dimension, name in (*WORDS_OF_INCIDENT.items(), ("country", "country")):
            for value in _values_in(incident, name):
                self._add(dimension, value, is_inferred=self._is_inferred(incident, name))
            if name == "country" and incident.country.actor is None:
                self._add(dimension, incident.country.state)

    def _add_involvement(self, involvement: InvolvementRecord) -> None:
        is_inferred, actor = self._is_inferred(involvement), involvement.actor.slug
        self._add("role", involvement.role, is_inferred=is_inferred)
        self._add("actor", actor, involvement.role, is_inferred=is_inferred)
        self._add("actor", actor, is_inferred=is_inferred)
        self._add("armed_group", actor, is_inferred=is_inferred)

    def _add_assessment(self, assessment: AssessmentRecord) -> None:
        if assessment.status != AssessmentStatus.NOT_REPORTED:
            is_inferred = self._is_inferred(assessment, "status")
            exception = assessment.exception.slug
            self._add("exception", exception, is_inferred=is_inferred)
            self._add("exception", exception, assessment.status, is_inferred=is_inferred)

    def _add_claims(self, record: CaseRecord) -> None:
        said = dict.fromkeys(
            [
                *(("modality", claim.modality) for claim in record.claims),
                *(("source", claim.source.slug) for claim in record.claims),
                *(
                    ("speaker", claim.speaker.actor.slug if claim.speaker.actor else NOT_STATED)
                    for claim in record.claims
                ),
                *(("cited", note.source.slug) for note in record.notes),
                *(("cited", note.evidence.slug) for note in record.notes),
            ]
        )
        for dimension, value in said:
            self._add(dimension, value)

    def _add_keys(self, record: CaseRecord) -> None:
        keys, key, date = self._found.keys, self._key, record.date
        if date.is_stated:
            keys["earliest"][key] = date.earliest.toordinal() if date.earliest else OPEN_START
            keys["latest"][key] = date.latest.toordinal() if date.latest else OPEN_END
        first, last = _order_in_lists(date.earliest, date.latest)
        keys["date"][key] = first * DAYS + last
        keys["-date"][key] = _descending(last) * DAYS + _descending(first)
        keys["title"][key] = fold(record.title)
        keys["-updated"][key] = -round(self._changed_at.timestamp() * 1_000_000)
        shortest = longest = NO_LEAD_TIME
        for layer, warning in enumerate(record.warnings):
            days = lead_time(warning, self._evidence.occurrence)
            self._add(ORDER, order_or_reason(warning, self._evidence.occurrence), layer)
            if days.minimum is not None and days.maximum is not None:
                group = LEAD_TIME_GROUPS[days.status] * DAYS
                shortest = min(shortest, group + days.minimum)
                longest = min(longest, group - days.maximum)
        keys["lead_time"][key] = shortest
        keys["-lead_time"][key] = longest
        deaths = _deaths(record)
        keys["-deaths"][key] = UNKNOWN if deaths is None else -deaths

    def _add_counts(self, record: CaseRecord) -> None:
        counts = Counter(certainty_of(self._evidence).counts)
        counts[WARNINGS], counts[CLAIMS] = len(record.warnings), len(record.claims)
        deaths = _deaths(record)
        if deaths is not None:
            counts[DEATHS], counts[DEADLY] = deaths, 1
        for name, number in counts.items():
            self._add(COUNTED, str(number), name)


def _values_in(part: WarningRecord | IncidentRecord, name: str) -> tuple[str, ...]:
    """Return the words in a field of a part, or the slugs of the actors that it names."""
    value = getattr(part, name)
    if isinstance(value, PartyRecord):
        return () if value.actor is None else (value.actor.slug,)
    return (value,) if isinstance(value, str) else tuple(actor.slug for actor in value)


def _other_words(evidence: CaseEvidence) -> Iterator[tuple[str, str]]:
    """Yield words that no filter is about, under the names of their fields in the codebook."""
    record = evidence.record
    yield "case.date_basis", record.date.basis
    for directive in record.directives:
        yield "directive.issued_basis", directive.issued.basis
    for warning in record.warnings:
        yield "warning.date_basis", warning.date.basis
        yield "warning.window_covered", window_covered(warning, evidence.occurrence).value
        yield from _kinds_of(warning.issuer.actor, *warning.intermediaries, *warning.recipients)
    for incident in record.incidents:
        yield "incident.date_basis", incident.date.basis
        yield "incident.deaths_qualifier", incident.deaths.qualifier
        yield "incident.injured_qualifier", incident.injured.qualifier
    for involvement in record.involvements:
        yield from _kinds_of(involvement.actor)
    for assessment in record.assessments:
        yield "exceptionassessment.status", assessment.status
    for claim in record.claims:
        yield "claim.date_basis", claim.date.basis
        yield "claim.stance", claim.stance
    for note in record.notes:
        yield "note.kind", note.kind
    sources = (
        *(claim.source for claim in record.claims),
        *(source for note in record.notes for source in (note.source, note.evidence)),
    )
    for source in sources:
        yield "source.kind", source.kind
        yield "source.published_basis", source.published.basis


def _kinds_of(*actors: ActorRef | None) -> Iterator[tuple[str, str]]:
    """Yield the kinds of actors with a role, which `/involvements.csv` has in a column."""
    return (("actor.kind", actor.kind) for actor in actors if actor)


def _deaths(record: CaseRecord) -> int | None:
    bounds = (incident.deaths_lower_bound for incident in record.incidents)
    known = [bound for bound in bounds if bound is not None]
    return sum(known) if known else None


def _order_in_lists(earliest: Day, latest: Day) -> tuple[int, int]:
    """Return what lists sort the date of a case by: its first and its last possible day.

    Unlike in `UncertainDate.sort_key`, an open end counts as the other end: in a list that begins
    with the newest, "before February 2022" would otherwise come after all other cases.
    """
    first, last = earliest or latest, latest or earliest
    if first is None or last is None:
        return UNKNOWN, UNKNOWN
    return first.toordinal(), last.toordinal()


def _descending(day: int) -> int:
    return day if day == UNKNOWN else -day
