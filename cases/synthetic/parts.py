"""One synthetic case with its warnings, incidents, roles and assessments, unsaved."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from cases.models import (
    Actor,
    Case,
    Claim,
    Directive,
    DirectiveException,
    ExceptionAssessment,
    Incident,
    Involvement,
    Note,
    Warning,
)
from cases.models.case_date import DATE_COLUMNS, NO_DATE
from cases.models.incident import MAX_PEOPLE, NOTHING_HAPPENED
from cases.models.relations import preset
from cases.models.synthetic_label import FIRST_NUMBER
from cases.models.uncertain_date import UncertainDate, derive_bounds
from cases.models.vocabulary import (
    NOT_APPLICABLE,
    NOT_STATED,
    ActorKind,
    CaseKind,
    CaseStatus,
    Channel,
    IncidentKind,
    Qualifier,
    Role,
    Specificity,
)

from . import words
from .cast import Cast
from .dates import UNKNOWN, Calendar, GivenDate
from .draws import Weighted, heavy_tailed, random_for
from .shares import (
    ASSESSMENTS,
    BODIES,
    CARRIED_OUT,
    CERTAIN_TO_HAPPEN,
    CHOICES,
    CLAIMANTS,
    INCIDENT_KINDS,
    INCIDENTS,
    INTERMEDIARIES,
    INTERMEDIARY_COUNTS,
    ISSUERS,
    KINDS,
    QUALIFIERS,
    RECIPIENT_COUNTS,
    RECIPIENTS,
    RECORDS,
    SHARE_ASSESSED,
    SPEAKERS,
    SPECIFICITIES,
    STATES,
    STATUSES,
    VICTIMS,
    WARNINGS,
)

EPOCH = dt.datetime(2016, 1, 1, tzinfo=dt.UTC)


@dataclass(frozen=True)
class World:
    """What all cases of one run share."""

    seed: int
    calendar: Calendar
    cast: Cast
    exceptions: Sequence[DirectiveException]


@dataclass
class CodedCase:
    """A case with all its parts and evidence, unsaved."""

    case: Case
    warnings: list[Warning] = field(default_factory=list)
    # The intermediaries, in order, and the recipients of each warning.
    intermediaries: list[list[Actor]] = field(default_factory=list)
    recipients: list[list[Actor]] = field(default_factory=list)
    incidents: list[Incident] = field(default_factory=list)
    involvements: list[Involvement] = field(default_factory=list)
    assessments: list[ExceptionAssessment] = field(default_factory=list)
    claims: list[Claim] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)

    @property
    def directives(self) -> list[Directive]:
        """The directives whose exceptions are assessed."""
        found = {part.exception.directive_id: part.exception.directive for part in self.assessments}
        return [found[key] for key in sorted(found)]

    def as_fetched(self) -> Case:
        """Return the case with its parts, which are stored, as `for_detail()` fetches it."""
        preset(self.case, "directives", self.directives)
        for name in ("warnings", "incidents", "involvements", "assessments", "claims", "notes"):
            preset(self.case, name, getattr(self, name))
        parties = zip(self.warnings, self.intermediaries, self.recipients, strict=True)
        for warning, intermediaries, recipients in parties:
            warning.preset_intermediaries(intermediaries)
            preset(warning, "recipients", recipients)
        return self.case

    @property
    def occurred(self) -> bool:
        return any(incident.occurred for incident in self.incidents)


class Coder:
    """Codes case `index` (from 1) of a world. The case depends on the seed and the index only."""

    def __init__(self, world: World, index: int) -> None:
        self.world, self.index = world, index
        self.rng = random_for(world.seed, "case", index)
        # The index in the calendar of a date near which everything in the case happens.
        self.place = world.calendar.draw(self.rng)
        self.kind = KINDS.draw(self.rng)
        self.coded = CodedCase(self._case())

    def code(self) -> CodedCase:
        """Return the case with its parts, without evidence."""
        for sequence in range(1, WARNINGS[self.kind].draw(self.rng) + 1):
            self._add_warning(sequence)
        count = INCIDENTS[self.kind].draw(self.rng)
        for sequence in range(1, count + 1):
            self.coded.incidents.append(self._incident(sequence, count))
        self._add_roles()
        self._add_assessments()
        self._date_and_title()
        return self.coded

    def chance(self, share: float) -> bool:
        return self.rng.random() < share

    def actor(self, kinds: Weighted[ActorKind]) -> Actor:
        return self.world.cast.actor(self.rng, self.index, kinds)

    # The case

    def _case(self) -> Case:
        rng = self.rng
        status = STATUSES.draw(rng)
        created = EPOCH + dt.timedelta(seconds=rng.randrange(8 * 365 * 86_400))
        published = created + dt.timedelta(hours=rng.randrange(1, 2_000))
        was_public = status in (CaseStatus.PUBLISHED, CaseStatus.WITHDRAWN)
        return Case(
            number=f"DTW-{FIRST_NUMBER - 1 + self.index}",
            slug=f"synthetic-case-{self.index}",
            kind=self.kind,
            summary=words.summary(rng),
            records_status=RECORDS.draw(rng),
            status=status,
            withdrawn_reason="Its source was made up." if status == CaseStatus.WITHDRAWN else "",
            created_at=created,
            updated_at=published + dt.timedelta(hours=rng.randrange(10_000)),
            published_at=published if was_public else None,
        )

    def _date_and_title(self) -> None:
        """Set the date that follows from the parts, and a title with its year."""
        case = self.coded.case
        date = derived_date(self.coded)
        for column in DATE_COLUMNS:
            setattr(case, column, getattr(date, column.removeprefix("date_")))
        year = date.edtf.lstrip("/")[:4]
        topic = words.from_pattern(self.rng, words.TITLES)
        case.title = f"Synthetic case: {topic}, {year or 'undated'} ({self.index})"

    # Warnings

    def _add_warning(self, sequence: int) -> None:
        rng = self.rng
        issuer = self.actor(ISSUERS)
        has_content = self.chance(0.62)
        columns: dict[str, Any] = {name: values.draw(rng) for name, values in CHOICES.items()}
        for name in ("who", "target", "place", "time"):
            columns[f"{name}_specificity"] = SPECIFICITIES[has_content].draw(rng)
        if columns["channel"] == Channel.PUBLIC and self.chance(0.7):
            columns |= {"reception": NOT_APPLICABLE, "follow_up": NOT_APPLICABLE}
        date = UNKNOWN
        if self.chance(0.66):
            date = self.world.calendar.near(rng, self.place)
        if columns["time_specificity"] == Specificity.NAMED and self.chance(0.5):
            columns |= self._window(date)
        self.coded.warnings.append(
            Warning(
                case=self.coded.case,
                sequence=sequence,
                issuer=issuer,
                content=words.content(rng) if has_content else NOT_STATED,
                **date.columns,
                **columns,
            )
        )
        count = RECIPIENT_COUNTS.draw(rng)
        cast = self.world.cast
        recipients = cast.several(rng, self.index, RECIPIENTS, count, [issuer])
        self.coded.recipients.append(recipients)
        self.coded.intermediaries.append(self._intermediaries(sequence, [issuer, *recipients]))

    def _intermediaries(self, sequence: int, parties: Sequence[Actor]) -> list[Actor]:
        # Drawn apart, so that all else in a case is as it was before there were intermediaries.
        rng = random_for(self.world.seed, "intermediaries", self.index, sequence)
        count = INTERMEDIARY_COUNTS.draw(rng)
        return self.world.cast.several(rng, self.index, INTERMEDIARIES, count, parties)

    def _window(self, date: GivenDate) -> dict[str, dt.date | None]:
        """Return the columns of a warned window that begins on or after the day of the warning."""
        if date is UNKNOWN:
            return {}
        start = date.some_day + dt.timedelta(days=self.rng.randrange(20))
        end = start + dt.timedelta(days=self.rng.randrange(15))
        return {
            "window_start": None if self.chance(0.1) else start,
            "window_end": None if self.chance(0.1) else end,
        }

    # Incidents

    def _incident(self, sequence: int, count: int) -> Incident:
        rng = self.rng
        is_alone_after_warning = self.kind not in CERTAIN_TO_HAPPEN and count == 1
        kind = (INCIDENT_KINDS if is_alone_after_warning else CARRIED_OUT).draw(rng)
        incident = Incident(case=self.coded.case, sequence=sequence, kind=kind)
        for name, scale in (("deaths", 1), ("injured", 3)):
            figure, qualifier = self._figure(kind, scale)
            setattr(incident, name, figure)
            setattr(incident, f"{name}_qualifier", qualifier)
        if kind != IncidentKind.NONE_REPORTED:
            self._place(incident)
        if self.chance(0.5):
            incident.description = words.sentence(rng)
        return incident

    def _place(self, incident: Incident) -> None:
        """Set date, place, country and target of an incident, each only with some probability."""
        rng = self.rng
        if self.chance(0.86):
            date = self.world.calendar.near(rng, self.place, later=True)
            for column, value in date.columns.items():
                setattr(incident, column, value)
        if self.chance(0.7):
            incident.place = words.from_pattern(rng, words.PLACES)
        if self.chance(0.75):
            incident.country = self.actor(STATES)
        if self.chance(0.55):
            incident.target = words.from_pattern(rng, words.TARGETS)

    def _figure(self, kind: IncidentKind, scale: int) -> tuple[int | None, Qualifier]:
        """Return a number of people and its qualifier; mostly small, occasionally in thousands."""
        if kind in NOTHING_HAPPENED:
            return None, Qualifier.NOT_APPLICABLE
        qualifier = QUALIFIERS.draw(self.rng)
        if qualifier == Qualifier.NOT_STATED:
            return None, qualifier
        if qualifier == Qualifier.EXACT and kind == IncidentKind.ATTACK and self.chance(0.15):
            return 0, qualifier
        return heavy_tailed(self.rng, min(MAX_PEOPLE, 20_000 * scale)) * scale, qualifier

    # Roles and assessments

    def _add_roles(self) -> None:
        """Add the roles that the kind of case requires, and others with some probability."""
        failed = self.kind == CaseKind.ALLEGED_FAILURE_TO_WARN
        shares: dict[Role, tuple[float, Weighted[ActorKind]]] = {
            Role.INTENDED_VICTIM: (1 if failed else 0.55, VICTIMS),
            Role.ACCUSED: (1 if failed else 0, BODIES),
            Role.CLAIMANT: (0.35 if self.coded.occurred else 0, CLAIMANTS),
            Role.ALLEGED_PERPETRATOR: (0.4 if self.coded.occurred else 0.05, CLAIMANTS),
            Role.SUBJECT: (0.06, VICTIMS),
            Role.POLICYMAKER: (0.9 if self.kind == CaseKind.POLICY_ORIGIN else 0, BODIES),
            Role.AUDIENCE: (0.6 if self.kind == CaseKind.STRATEGIC_DISCLOSURE else 0, VICTIMS),
            Role.SPEAKER: (0.3, SPEAKERS),
            Role.CONTEXT: (0.07, SPEAKERS),
        }
        for role, (share, kinds) in shares.items():
            if self.chance(share):
                self._add_role(role, kinds)

    def _add_role(self, role: Role, kinds: Weighted[ActorKind]) -> None:
        count = 2 if self.chance(0.1) else 1
        for actor in self.world.cast.several(self.rng, self.index, kinds, count):
            self.coded.involvements.append(
                Involvement(
                    case=self.coded.case,
                    actor=actor,
                    role=role,
                    note=words.sentence(self.rng) if self.chance(0.1) else "",
                )
            )

    def _add_assessments(self) -> None:
        if not (self.chance(SHARE_ASSESSED) and self.world.exceptions):
            return
        count = min(len(self.world.exceptions), 2 if self.chance(0.3) else 1)
        for exception in self.rng.sample(self.world.exceptions, count):
            self.coded.assessments.append(
                ExceptionAssessment(
                    case=self.coded.case,
                    exception=exception,
                    status=ASSESSMENTS.draw(self.rng),
                    note=words.sentence(self.rng) if self.chance(0.4) else "",
                )
            )


def derived_date(coded: CodedCase) -> UncertainDate:
    """Return the date that the case would derive from its parts once they are stored."""
    for part in (*coded.incidents, *coded.warnings):
        derive_bounds(part)
    known = [incident.date for incident in coded.incidents if incident.is_known_to_be]
    dates: list[UncertainDate] = known or [warning.date for warning in coded.warnings]
    return min(dates, key=lambda date: date.sort_key, default=NO_DATE)
