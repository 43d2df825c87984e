"""Word the coded values of records, and of the rows from which records are made.

Pages, tables, differences and checks all read values here, so absent values, uncertain dates and
qualified figures have the same wording everywhere.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from django.core.exceptions import FieldDoesNotExist
from django.utils.text import capfirst
from msgspec import Struct

from cases.models import Case, ExceptionAssessment, Incident, Warning
from cases.models.claim import READING_LABELS
from cases.models.edtf import day_text, parse
from cases.models.fields import Described
from cases.models.vocabulary import (
    NOT_APPLICABLE,
    NOT_STATED,
    Qualifier,
    Role,
    Vocabulary,
    WindowCovered,
)
from cases.record.building import value_of
from cases.record.classes import (
    ActorRef,
    DateRecord,
    DirectiveRef,
    FigureRecord,
    IncidentRecord,
    PartyRecord,
    RecordPart,
    WarningRecord,
    WindowRecord,
    absence_in,
)
from cases.record.columns import MODELS
from cases.text.bidi import isolated
from cases.text.folding import fold

from .lead_time import days_after_window, lead_time, window_covered

ABSENT_TEXT = {
    NOT_STATED: "Not stated in the sources",
    NOT_APPLICABLE: "Does not apply",
}

# The text of a derived value whose inputs are too vague to compute it.
NOT_COMPUTABLE = "Not computable"

# The models of the records whose values have a path, by the beginning of the path.
PART_MODELS: dict[str, type[Any]] = {"": Case, "warning": Warning, "incident": Incident}

# The first column of each coded field that is stored in several columns.
COLUMN_OF_FIELD = {"date": "date_words", "window": "window_start"}

# The vocabulary of each coded field that has one, by model.
VOCABULARIES: dict[type[Any], dict[str, type[Vocabulary]]] = {
    model: {
        field.name: field.vocabulary
        for field in model._meta.concrete_fields
        if isinstance(field, Described) and field.vocabulary and field.name in model.CODED_FIELDS
    }
    for model in (Case, Warning, Incident, ExceptionAssessment)
}


# A Struct, because a list makes hundreds: it takes a tenth of the time of a frozen dataclass.
class Reading(Struct, frozen=True):
    """A value as the record of a case has it, and as text, with what it names in the casebook."""

    value: Any
    text: str
    definition: str = ""
    actors: tuple[ActorRef, ...] = ()
    directives: tuple[DirectiveRef, ...] = ()

    @property
    def absence(self) -> str:
        """The word for why nothing is stated, reported or applicable; "" if a value is given."""
        return absence_in(self.value)

    @property
    def is_absent(self) -> bool:
        return bool(self.absence)

    @property
    def form(self) -> str:
        """The CSS classes of the value; each kind of absence has its own class."""
        return f"absent absent-{self.absence}" if self.is_absent else "value"


# The reading of a warning without intermediaries. Sources seldom say that there were none.
NO_INTERMEDIARIES = Reading((), "None reported")


def label_of(model: Any, name: str) -> str:
    """Return the label of a coded field of a model or of a row; raises FieldDoesNotExist."""
    if name in READING_LABELS:
        return READING_LABELS[name]
    return capfirst(str(model._meta.get_field(name).verbose_name))


def label_of_path(path: str) -> str:
    """Return the label of the value at a path, as the page of the case has it.

    For example "Warning 1, channel". A path to a value that no longer exists is spelled out.
    """
    part, _, field = path.rpartition(".")
    model = PART_MODELS.get(re.sub(r"-\d+$", "", part))
    if model is None or "-" in field:
        # Paths of roles and assessments end in a slug: "accused-iran", "exception-imminent".
        roles = (role for role in Role if path.startswith(f"{role.replace('_', '-')}-"))
        if role := next(roles, None):
            return str(role.label)
        return capfirst(path.replace("-", " ").replace(".", ", ").replace("_", " "))
    try:
        label = label_of(model, field)
    except FieldDoesNotExist:
        label = field.replace("_", " ")
    return name_in_part(capfirst(part.replace("-", " ")), label) if part else capfirst(label)


def name_in_part(part: str, label: str) -> str:
    """Return the name of a value with that of its part: "Warning 1, channel"."""
    is_word = label[1:2].islower()  # not a code, such as “E.3.a”
    return f"{part}, {label[:1].lower() if is_word else label[:1]}{label[1:]}"


def vocabulary_of(model: type[Any], name: str) -> type[Vocabulary]:
    """Return the vocabulary of a coded field; raises KeyError for a field without one."""
    return VOCABULARIES[model][name]


def column_of(name: str) -> str:
    """Return the column under which the codebook lists a coded field."""
    return COLUMN_OF_FIELD.get(name, name)


def read(part: RecordPart, name: str) -> Reading:
    """Return the reading of one coded field of a case or of one of its parts."""
    model, value = MODELS[type(part)], getattr(part, name)
    text, definition = text_of(model, name, value), _definition_of(model, name, value)
    if name == "directives":
        return Reading(value, text, definition, directives=tuple(oldest_first(value)))
    return Reading(value, text, definition, _actors(name, value))


def _actors(name: str, value: Any) -> tuple[ActorRef, ...]:
    """Return the actors that a value names, in the order in which pages list them."""
    if isinstance(value, PartyRecord):
        return () if value.actor is None else (value.actor,)
    if not isinstance(value, tuple):
        return ()
    return value if name == "intermediaries" else tuple(by_name(value))


def text_in_row(row: Any, name: str) -> str:
    """Return the text of one coded field of a row."""
    return text_of(type(row), name, value_of(row, name))


def absent(status: str) -> Reading:
    """Return the reading of an absent value; `status` says why it is absent."""
    return Reading(status, ABSENT_TEXT[status])


def text_of(model: type[Any], name: str, value: Any) -> str:
    """Return the text of a coded value of a record; `model` is that of the part it belongs to."""
    absence = absence_in(value)
    if name == "intermediaries":
        return in_order(actor.name for actor in value) or NO_INTERMEDIARIES.text
    if absence and not isinstance(value, str):
        # A version may have a reason that nobody knows today.
        return ABSENT_TEXT.get(absence, ABSENT_TEXT[NOT_STATED])
    match value:
        case str():
            return _word(model, name, value)
        case DateRecord():
            return capfirst(str(value))
        case WindowRecord():
            return _window_text(value)
        case FigureRecord(figure=int(figure)):
            return figure_text(figure, value.qualifier)
        case PartyRecord():
            return value.actor.name if value.actor else ABSENT_TEXT[NOT_STATED]
        case _ if name == "directives":
            return ", ".join(directive.code for directive in oldest_first(value))
    return ", ".join(isolated(actor.name) for actor in by_name(value))


def _word(model: type[Any], name: str, value: str) -> str:
    """Return the label of a value of a vocabulary, or a text itself."""
    if value in ABSENT_TEXT:
        return ABSENT_TEXT[value]
    if name not in VOCABULARIES[model]:
        return value
    member = _member(model, name, value)
    # A version may have a value that was removed from the vocabulary since.
    return capfirst(value.replace("_", " ")) if member is None else str(member.label)


def _member(model: type[Any], name: str, value: Any) -> Vocabulary | None:
    """Return the member of its vocabulary that a value is; None for a value without one."""
    vocabulary = VOCABULARIES[model].get(name)
    try:
        return vocabulary(value) if vocabulary is not None else None
    except ValueError:
        return None


def _definition_of(model: type[Any], name: str, value: Any) -> str:
    """Return what a word of a vocabulary means; "" for what needs no explanation."""
    if isinstance(value, FigureRecord):
        is_known = value.figure is not None and value.qualifier in Qualifier.values
        return Qualifier(value.qualifier).definition if is_known else ""
    member = _member(model, name, value)
    return "" if member is None or value in ABSENT_TEXT else member.definition


def by_name(actors: Iterable[ActorRef]) -> list[ActorRef]:
    """Sort actors whose order says nothing, such as recipients; records have them by slug."""
    return sorted(actors, key=lambda actor: (fold(actor.name), actor.slug))


def oldest_first(directives: Iterable[DirectiveRef]) -> list[DirectiveRef]:
    """Sort directives by the day of issue; records have them by slug."""
    return sorted(directives, key=lambda one: (*one.issued.sort_key, one.slug))


def in_order(names: Iterable[str]) -> str:
    """Return the names of those who passed a warning on, in order: "CIA, then PST"."""
    return ", then ".join(map(isolated, names))


def figure_text(figure: int, qualifier: str) -> str:
    """Return a figure with its qualifier, such as "over 130"; an exact one has none."""
    if qualifier == Qualifier.EXACT:
        return f"{figure:,}"
    # A version may have a qualifier that was removed from the vocabulary since.
    is_known = qualifier in Qualifier.values
    label = str(Qualifier(qualifier).label) if is_known else qualifier.replace("_", " ")
    return f"{label.lower()} {figure:,}"


def _window_text(window: WindowRecord) -> str:
    start, end = window.start, window.end
    if start is not None and end is not None:
        if start == end:
            return day_text(start)
        return parse(f"{start.isoformat()}/{end.isoformat()}").text
    if end is not None:
        return f"Until {day_text(end)}"
    return f"From {day_text(start)}" if start is not None else ABSENT_TEXT[NOT_STATED]


def read_lead_time(warning: WarningRecord, incident: IncidentRecord | None) -> Reading:
    """Return the reading of the days from a warning to an incident."""
    days = lead_time(warning, incident)
    return Reading(days.status, capfirst(str(days)))


def read_window_covered(warning: WarningRecord, incident: IncidentRecord | None) -> Reading:
    """Return the reading of whether the warned window contained an incident.

    If the window ended before the incident, the text gives the days between.
    """
    covered = window_covered(warning, incident)
    # There is a window, so the dates are too vague; "not stated" would blame the sources.
    if covered == WindowCovered.NOT_STATED and not absence_in(warning.window):
        return Reading(covered.value, NOT_COMPUTABLE, covered.definition)
    if covered in ABSENT_TEXT:
        return absent(covered.value)
    gap = days_after_window(warning, incident)
    if covered == WindowCovered.NO and gap.minimum is not None and gap.minimum > 0:
        return Reading(covered.value, f"No: it ended {gap} before", covered.definition)
    return Reading(covered.value, str(covered.label), covered.definition)
