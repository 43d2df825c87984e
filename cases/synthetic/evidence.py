"""The claims and notes of a synthetic case."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from cases.models import Claim, Note
from cases.models.vocabulary import ABSENT_VALUES, Modality, Stance

from . import words
from .dates import UNKNOWN
from .parts import EPOCH, CodedCase, Coder, World
from .shares import (
    CLAIM_COUNTS,
    MODALITIES,
    NOTE_KINDS,
    SHARE_CONTESTED,
    SHARE_DECLINED,
    SHARE_NOTED,
    SPEAKERS,
)

# The column that shows whether a coded value is present, if it is not named like the field.
COLUMN_OF_FIELD = {
    "date": "date_edtf",
    "window": "window_end",
    "country": "country_id",
    "issuer": "issuer_id",
}

MISSING = {None, "", *ABSENT_VALUES}


@dataclass(frozen=True)
class Value:
    """A target of claims: a coded field of a part of the case, or the part as a whole."""

    # The claim's field for the part, such as `warning` or `incident`; "" for the case itself.
    part: str
    record: Any
    field: str

    @property
    def path(self) -> str:
        path = self.record.path if self.part else ""
        return ".".join(step for step in (path, self.field) if step)


def code_case(world: World, index: int) -> CodedCase:
    """Return case `index` (from 1) with all its parts, claims and notes, unsaved."""
    coder = Coder(world, index)
    coded = coder.code()
    values = _chosen(coder, list(_values(coded)))
    for value in values:
        _add_claim(coder, value, Stance.ASSERTS)
    if coder.chance(SHARE_CONTESTED):
        _add_claim(coder, coder.rng.choice(values), Stance.DISPUTES)
    elif coder.chance(SHARE_DECLINED):
        _add_claim(coder, coder.rng.choice(values), Stance.DECLINES)
    if coder.chance(SHARE_NOTED):
        coded.notes.append(_note(coder, values))
    return coded


def _values(coded: CodedCase) -> Iterator[Value]:
    """Yield the coded values of a case that are present."""
    yield Value("", coded.case, "kind")
    if coded.directives:
        yield Value("", coded.case, "directives")
    if coded.case.records_status not in ABSENT_VALUES:
        yield Value("", coded.case, "records_status")
    for warning, between in zip(coded.warnings, coded.intermediaries, strict=True):
        yield from (
            Value("warning", warning, name)
            for name in _present(warning)
            if between or name != "intermediaries"
        )
    for incident in coded.incidents:
        yield from (Value("incident", incident, name) for name in _present(incident))
    for involvement in coded.involvements:
        yield Value("involvement", involvement, "")
    for assessment in coded.assessments:
        if assessment.status not in ABSENT_VALUES:
            yield Value("assessment", assessment, "status")


def _present(record: Any) -> Iterator[str]:
    for name in record.CODED_FIELDS:
        # A warning always has recipients, but they are not stored yet and cannot be read here.
        # Neither can intermediaries, which only some have.
        is_unread = name in ("intermediaries", "recipients")
        if is_unread or getattr(record, COLUMN_OF_FIELD.get(name, name)) not in MISSING:
            yield name


def _chosen(coder: Coder, values: list[Value]) -> list[Value]:
    """Return the values that get a claim, in order; some occur twice if there are few."""
    count = CLAIM_COUNTS.draw(coder.rng)
    places = coder.rng.sample(range(len(values)), min(count, len(values)))
    places += coder.rng.choices(range(len(values)), k=count - len(places))
    return [values[place] for place in sorted(places)]


def _add_claim(coder: Coder, value: Value, stance: Stance) -> None:
    rng, coded = coder.rng, coder.coded
    modality = MODALITIES.draw(rng)
    has_quote = modality == Modality.QUOTED or coder.chance(0.12)
    has_speaker = coder.chance(0.75 if modality in SPOKEN else 0.12)
    date = coder.world.calendar.near(rng, coder.place, later=True) if coder.chance(0.2) else UNKNOWN
    claim = Claim(
        case=coded.case,
        sequence=len(coded.claims) + 1,
        field=value.field,
        stance=stance,
        modality=modality,
        speaker=coder.actor(SPEAKERS) if has_speaker else None,
        source=coder.world.cast.source(rng, coder.index),
        locator=f"¶{rng.randint(1, 40)}" if coder.chance(0.9) else f"p. {rng.randint(1, 300)}",
        quote=words.quote(rng) if has_quote else "",
        gist="" if has_quote and coder.chance(0.3) else words.sentence(rng),
        **date.columns,
    )
    if value.part:
        setattr(claim, value.part, value.record)
    coded.claims.append(claim)


SPOKEN = (Modality.QUOTED, Modality.ATTRIBUTED)


def _note(coder: Coder, values: list[Value]) -> Note:
    rng, cast = coder.rng, coder.world.cast
    return Note(
        slug=f"synthetic-note-{coder.index}",
        case=coder.coded.case,
        field="" if coder.chance(0.15) else rng.choice(values).path,
        kind=NOTE_KINDS.draw(rng),
        source=cast.source(rng, coder.index),
        locator=f"¶{rng.randint(1, 40)}" if coder.chance(0.8) else "",
        source_says="Nothing." if coder.chance(0.3) else words.sentence(rng),
        evidence_says=words.sentence(rng),
        evidence=cast.source(rng, coder.index),
        evidence_locator=f"p. {rng.randint(1, 300)}" if coder.chance(0.5) else "",
        noted_on=EPOCH.date() + dt.timedelta(days=rng.randrange(3650)),
    )
