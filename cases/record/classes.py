"""The classes of the record of a case, in the order in which its JSON has them.

Each kind of value has one shape, whether it is known or not: a text is a text, a list is a list, a
date is an object with the same keys. Among coded values

- a text that is absent is the word for its absence: `not_stated`, `not_applicable`, …;
- a list that is absent is empty;
- an object that is absent has that word as its `state`, or as the `qualifier` of a figure, and null
  for its number, its days or its actor.

Every field has a default, so that a record from before the field existed can be read. What a field
means is said by the column of its model; only fields without a column define themselves here: see
`schema.py`. The `path` of a part names it in claims and notes, as that of its row does.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Annotated, Any

from django.urls import reverse
from msgspec import Meta, Struct

from cases.models.claim import anchor_of
from cases.models.incident import Happening, lower_bound
from cases.models.involvement import path_of_role
from cases.models.source import name_of_source
from cases.models.uncertain_date import PossibleDays
from cases.models.vocabulary import (
    ABSENT_VALUES,
    NONE_REPORTED,
    NOT_STATED,
    AssessmentStatus,
    CaseStatus,
    DateBasis,
    Era,
    Modality,
    Qualifier,
    Stance,
)

from .addresses import page_address

FORMAT = 2
"""The layout of records. Raise it when the shape of a value changes: see `older_shapes.py`."""

STATED = "stated"
STATES = (STATED, "not_stated", "not_applicable")
"""Whether an object has a value: “stated”, or else why it has none."""

SOURCE, ACTOR, EDITORS = "source", "actor", "editors"
SPEAKERS = (SOURCE, ACTOR, EDITORS)

UNNAMED = "Not named in this version"
"""The name of what a record mentions by its slug alone."""


def word(description: str, words: Sequence[str]) -> Meta:
    """Describe a text that is one of some words. Reading accepts others: a version may be older."""
    return Meta(description=description, extra_json_schema={"enum": [*words]})


State = Annotated[str, word("Whether there is a value, or else why there is none.", STATES)]
Place = Annotated[int, Meta(description="Its number within the case, from 1.")]


class RecordPart(Struct, frozen=True, kw_only=True, gc=False):
    """Any object within a record.

    Records hold texts, numbers and other records, never themselves, so the garbage collector need
    not look at them (`gc=False`); its looks took longer than reading the JSON of many cases.
    """


class CasePart(RecordPart, frozen=True, kw_only=True):
    """The case itself, or a part of it that claims and notes can be about."""

    @property
    def path(self) -> str:
        """Its name within the case, as claims and notes have it."""
        raise NotImplementedError


class DateRecord(PossibleDays, RecordPart, frozen=True, kw_only=True):
    """A date no more exact than a source gives it."""

    state: State = NOT_STATED
    words: Annotated[str, Meta(description="The words printed, for example “Friday”.")] = ""
    edtf: Annotated[
        str,
        Meta(
            description=(
                "The date in the Extended Date/Time Format (Library of Congress); empty if it is "
                "not stated."
            )
        ),
    ] = ""
    basis: Annotated[str, word("How the date is known.", DateBasis.values)] = NOT_STATED
    earliest: Annotated[
        dt.date | None,
        Meta(description="The first day that the date allows; null if it has no beginning."),
    ] = None
    latest: Annotated[
        dt.date | None,
        Meta(description="The last day that the date allows; null if it has no end."),
    ] = None


class ActorRef(RecordPart, frozen=True, kw_only=True):
    """An actor, under the name that it had at the time."""

    slug: str = ""
    name: str = UNNAMED
    kind: str = ""

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return page_address("actor_detail", self.slug)


class PartyRecord(RecordPart, frozen=True, kw_only=True):
    """The actor that a coded value names, if it names one."""

    state: State = NOT_STATED
    actor: Annotated[ActorRef | None, Meta(description="The actor; null if none is stated.")] = None


class SpeakerRecord(RecordPart, frozen=True, kw_only=True):
    """Who makes a claim."""

    kind: Annotated[
        str,
        word(
            "“actor”: somebody whose words the source gives; “source”: the source in its own "
            "voice; “editors”: the editors of the casebook infer it.",
            SPEAKERS,
        ),
    ] = SOURCE
    actor: Annotated[ActorRef | None, Meta(description="The actor; null for the others.")] = None


class FigureRecord(RecordPart, frozen=True, kw_only=True):
    """A number of people, as its qualifier says: 130 with “more_than” is over 130."""

    figure: Annotated[int | None, Meta(description="The number; null without one.")] = None
    qualifier: Annotated[
        str, word("How the number is meant, or why there is none.", Qualifier.values)
    ] = NOT_STATED


class WindowRecord(RecordPart, frozen=True, kw_only=True):
    """The days on which a warning asked people to take care, or expected the attack."""

    state: State = NOT_STATED
    start: Annotated[dt.date | None, Meta(description="The first day; null if it is open.")] = None
    end: Annotated[dt.date | None, Meta(description="The last day; null if it is open.")] = None


class SourceRef(RecordPart, frozen=True, kw_only=True):
    """A publication, as it was described at the time."""

    slug: str = ""
    title: str = UNNAMED
    kind: str = ""
    publisher: str = ""
    published: Annotated[DateRecord, Meta(description="When it was published.")] = DateRecord()
    url: str = ""
    archived_url: str = ""

    def __str__(self) -> str:
        return name_of_source(self.title, self.publisher)

    def get_absolute_url(self) -> str:
        return page_address("source_detail", self.slug)


class DirectiveRef(RecordPart, frozen=True, kw_only=True):
    """A directive that applies to the case."""

    slug: str = ""
    code: str = UNNAMED
    title: str = UNNAMED
    issued: Annotated[DateRecord, Meta(description="When it was issued.")] = DateRecord()

    def __str__(self) -> str:
        return self.code

    def get_absolute_url(self) -> str:
        return f"{reverse('exception_list')}#{self.slug}"


class ExceptionRef(RecordPart, frozen=True, kw_only=True):
    """An exception to the duty to warn."""

    slug: str = ""
    code: str = UNNAMED
    title: str = UNNAMED

    def __str__(self) -> str:
        return f"{self.code} {self.title}"


class InvolvementRecord(CasePart, frozen=True, kw_only=True):
    """The role of an actor in the case."""

    actor: ActorRef = ActorRef()
    role: str = ""
    note: str = ""

    @property
    def path(self) -> str:
        return path_of_role(self.role, self.actor.slug)


class WarningRecord(CasePart, frozen=True, kw_only=True):
    """One communication of a threat, from an issuer to one or several recipients."""

    sequence: Place = 0
    issuer: PartyRecord = PartyRecord()
    intermediaries: tuple[ActorRef, ...] = ()
    recipients: tuple[ActorRef, ...] = ()
    date: Annotated[DateRecord, Meta(description="When it was given.")] = DateRecord()
    before_incident: str = NOT_STATED
    repeated: str = NOT_STATED
    channel: str = NOT_STATED
    conduit: str = NOT_STATED
    basis: str = NOT_STATED
    relation: str = NOT_STATED
    content: str = NOT_STATED
    who_specificity: str = NOT_STATED
    target_specificity: str = NOT_STATED
    place_specificity: str = NOT_STATED
    time_specificity: str = NOT_STATED
    window: Annotated[
        WindowRecord,
        Meta(description="The days that it warned of. It does not apply if it named no time."),
    ] = WindowRecord()
    issuer_action: str = NOT_STATED
    reception: str = NOT_STATED
    follow_up: str = NOT_STATED

    def __str__(self) -> str:
        return f"Warning {self.sequence}"

    @property
    def path(self) -> str:
        return f"warning-{self.sequence}"


class IncidentRecord(Happening, CasePart, frozen=True, kw_only=True):
    """What happened, or is reported not to have happened.

    Of an incident that is reported not to have happened, place, date, country and target do not
    apply.
    """

    sequence: Place = 0
    kind: str = NOT_STATED
    date: Annotated[DateRecord, Meta(description="When it happened.")] = DateRecord()
    place: str = NOT_STATED
    country: PartyRecord = PartyRecord()
    target: str = NOT_STATED
    deaths: FigureRecord = FigureRecord()
    injured: FigureRecord = FigureRecord()
    description: str = ""

    def __str__(self) -> str:
        return f"Incident {self.sequence}"

    @property
    def path(self) -> str:
        return f"incident-{self.sequence}"

    @property
    def deaths_lower_bound(self) -> int | None:
        """The least number of deaths that the figure allows; None without a firm bound."""
        return lower_bound(self.deaths.figure, self.deaths.qualifier)


class AssessmentRecord(CasePart, frozen=True, kw_only=True):
    """What is known about one exception in the case."""

    exception: ExceptionRef = ExceptionRef()
    status: str = AssessmentStatus.NOT_REPORTED.value
    note: str = ""

    @property
    def path(self) -> str:
        return f"exception-{self.exception.slug}"


_ABOUT = (
    "The path of the value that it is about, such as “warning-1.channel” or “kind”; that of a "
    "part, such as “incident-1”; empty for the case as a whole."
)


class ClaimRecord(RecordPart, frozen=True, kw_only=True):
    """Evidence: who says what about which value, where it is printed, and how certain it is."""

    sequence: Place = 0
    about: Annotated[str, Meta(description=_ABOUT)] = ""
    speaker: Annotated[SpeakerRecord, Meta(description="Who says it.")] = SpeakerRecord()
    date: Annotated[
        DateRecord, Meta(description="When the speaker said it, if a source says so.")
    ] = DateRecord()
    stance: str = Stance.ASSERTS.value
    modality: str = ""
    source: SourceRef = SourceRef()
    locator: str = ""
    quote: str = ""
    gist: str = ""

    @property
    def value_path(self) -> str:
        """The path of the value that it is evidence for.

        A claim about an assessment as a whole is about its status, its only value.
        """
        is_of_assessment = self.about.startswith("exception-") and "." not in self.about
        return f"{self.about}.status" if is_of_assessment else self.about

    @property
    def is_in_words_of_source(self) -> bool:
        """Whether the quote is in the words of the source, although it names another speaker.

        Only a claim that is “quoted” has the words of its speaker.
        """
        return self.speaker.kind != SOURCE and self.modality != Modality.QUOTED

    @property
    def anchor(self) -> str:
        """The identifier in the page of the case under which the claim is shown."""
        return anchor_of(self.value_path) or "case-as-a-whole"


class NoteRecord(RecordPart, frozen=True, kw_only=True):
    """An editorial note: other evidence where a source errs, is silent or is contradicted."""

    slug: str = ""
    about: Annotated[str, Meta(description=_ABOUT)] = ""
    kind: str = ""
    source: SourceRef = SourceRef()
    locator: str = ""
    source_says: str = ""
    evidence_says: str = ""
    evidence: SourceRef = SourceRef()
    evidence_locator: str = ""


class CaseRecord(CasePart, frozen=True, kw_only=True):
    """Everything that is recorded of one case, with the names of what it shares with others."""

    format: Annotated[
        int,
        Meta(
            description="The layout of the record. It changes when the shape of a value does.",
            extra_json_schema={"const": FORMAT},
        ),
    ] = FORMAT
    number: str = ""
    slug: str = ""
    title: str = ""
    kind: str = ""
    summary: str = ""
    directives: tuple[DirectiveRef, ...] = ()
    records_status: str = NONE_REPORTED
    status: str = CaseStatus.PUBLISHED.value
    date: Annotated[
        DateRecord,
        Meta(
            description=(
                "The date of its earliest incident; without an incident, of its earliest warning."
            )
        ),
    ] = DateRecord()
    era: Annotated[
        str, word("Whether the case came before or after ICD 191, 21 July 2015.", Era.values)
    ] = Era.NOT_STATED.value
    involvements: Annotated[
        tuple[InvolvementRecord, ...],
        Meta(description="The roles of actors, by role and the slug of the actor."),
    ] = ()
    warnings: Annotated[
        tuple[WarningRecord, ...], Meta(description="The warnings, in their order in the case.")
    ] = ()
    incidents: Annotated[
        tuple[IncidentRecord, ...], Meta(description="The incidents, in their order in the case.")
    ] = ()
    assessments: Annotated[
        tuple[AssessmentRecord, ...],
        Meta(description="What is known of exceptions to the duty to warn, by their slugs."),
    ] = ()
    claims: Annotated[
        tuple[ClaimRecord, ...], Meta(description="The evidence, in its order in the case.")
    ] = ()
    notes: Annotated[
        tuple[NoteRecord, ...], Meta(description="The editorial notes, by their slugs.")
    ] = ()

    def __str__(self) -> str:
        return f"{self.number} {self.title}"

    @property
    def path(self) -> str:
        return ""

    def get_absolute_url(self) -> str:
        return page_address("case_detail", self.slug)

    def get_permanent_url(self) -> str:
        """Return the address to cite, which never changes."""
        return page_address("case_permanent", self.number)


def absence_in(value: Any) -> str:
    """Return the word for why a coded value of a record is absent; "" if it is given."""
    match value:
        case str():
            return value if value in ABSENT_VALUES else ""
        case DateRecord() | WindowRecord() | PartyRecord():
            return "" if value.state == STATED else value.state
        case FigureRecord():
            return "" if value.figure is not None else value.qualifier
    return "" if value else NOT_STATED
