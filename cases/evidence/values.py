"""Read one coded value from its record, as plain JSON and as text.

Pages, tables, records and checks all read values here, so absent values, uncertain dates and
qualified figures have the same wording everywhere.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import FieldDoesNotExist
from django.utils.text import capfirst

from cases.models import Actor, Case, Directive, ExceptionAssessment, Incident, Warning
from cases.models.edtf import day_text, parse
from cases.models.uncertain_date import UncertainDate
from cases.models.vocabulary import (
    ABSENT_VALUES,
    NOT_APPLICABLE,
    NOT_STATED,
    AssessmentStatus,
    Basis,
    BeforeIncident,
    CaseKind,
    Channel,
    Conduit,
    FollowUp,
    IncidentKind,
    IssuerAction,
    Qualifier,
    Reception,
    RecordsStatus,
    Relation,
    Repeated,
    Role,
    Specificity,
    Vocabulary,
    WindowCovered,
)
from cases.text.bidi import isolated

ABSENT_TEXT = {
    NOT_STATED: "Not stated in the sources",
    NOT_APPLICABLE: "Does not apply",
}

# The text of a derived value whose inputs are too vague to compute it.
NOT_COMPUTABLE = "Not computable"

# Labels of coded fields that span several columns or read better than the column's own name.
READING_LABELS = {
    "intermediaries": "Intermediaries",
    "recipients": "Recipients",
    "date": "Date",
    "window": "Warned window",
    "content": "What it said",
}

# The models of the records whose values have a path, by the beginning of the path.
PART_MODELS: dict[str, type[Any]] = {"": Case, "warning": Warning, "incident": Incident}

# The first column of each coded field that is stored in several columns.
COLUMN_OF_FIELD = {"date": "date_words", "window": "window_start"}

# The vocabulary of each coded field that has one, by model.
VOCABULARIES: dict[type[Any], dict[str, type[Vocabulary]]] = {
    Case: {"kind": CaseKind, "records_status": RecordsStatus},
    Warning: {
        "channel": Channel,
        "conduit": Conduit,
        "basis": Basis,
        "relation": Relation,
        "who_specificity": Specificity,
        "target_specificity": Specificity,
        "place_specificity": Specificity,
        "time_specificity": Specificity,
        "before_incident": BeforeIncident,
        "repeated": Repeated,
        "issuer_action": IssuerAction,
        "reception": Reception,
        "follow_up": FollowUp,
    },
    Incident: {"kind": IncidentKind},
    ExceptionAssessment: {"status": AssessmentStatus},
}


@dataclass(frozen=True)
class Reading:
    """A value as plain JSON and as text, with the actors or directives that it names."""

    value: Any
    text: str
    definition: str = ""
    actors: tuple[Actor, ...] = ()
    directives: tuple[Directive, ...] = ()

    @property
    def is_absent(self) -> bool:
        """Whether the value records that something is not stated, reported or applicable."""
        return isinstance(self.value, str) and self.value in ABSENT_VALUES

    @property
    def form(self) -> str:
        """The CSS classes of the value; each kind of absence has its own class."""
        return f"absent absent-{self.value}" if self.is_absent else "value"


# The reading of a warning without intermediaries. Sources seldom say that there were none.
NO_INTERMEDIARIES = Reading(NOT_STATED, "None reported")


def label_of(record: Any, name: str) -> str:
    """Return the label of a coded field; raises FieldDoesNotExist for an unknown one."""
    if name in READING_LABELS:
        return READING_LABELS[name]
    return capfirst(str(record._meta.get_field(name).verbose_name))


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
    return f"{capfirst(part.replace('-', ' '))}, {label.lower()}" if part else capfirst(label)


def vocabulary_of(model: type[Any], name: str) -> type[Vocabulary]:
    """Return the vocabulary of a coded field; raises KeyError for a field without one."""
    return VOCABULARIES[model][name]


def column_of(name: str) -> str:
    """Return the column under which the codebook lists a coded field."""
    return COLUMN_OF_FIELD.get(name, name)


def read(record: Any, name: str) -> Reading:
    """Return the reading of one coded field of a record."""
    return READERS.get(name, _read_choice)(record, name)


def absent(status: str) -> Reading:
    """Return the reading of an absent value; `status` says why it is absent."""
    return Reading(status, ABSENT_TEXT[status])


def _read_choice(record: Any, name: str) -> Reading:
    value = getattr(record, name)
    if value in ABSENT_TEXT:
        return absent(value)
    vocabulary = vocabulary_of(type(record), name)
    # A version may have a value that was removed from the vocabulary since.
    if value not in vocabulary.values:
        return Reading(value, capfirst(value.replace("_", " ")))
    member = vocabulary(value)
    return Reading(value, str(member.label), member.definition)


def _read_text(record: Any, name: str) -> Reading:
    value = getattr(record, name)
    if value == NOT_STATED:
        return absent(reason_for_absence(record))
    return Reading(value, value)


def _read_actor(record: Any, name: str) -> Reading:
    actor: Actor | None = getattr(record, name)
    if actor is None:
        return absent(reason_for_absence(record))
    return Reading(actor.slug, actor.name, actors=(actor,))


def _read_actors(record: Any, name: str) -> Reading:
    actors = tuple(getattr(record, name).all())
    if not actors:
        return absent(NOT_STATED)
    names = ", ".join(isolated(actor.name) for actor in actors)
    return Reading([actor.slug for actor in actors], names, actors=actors)


def _read_intermediaries(warning: Warning, name: str) -> Reading:
    actors = tuple(warning.passed_on_by)
    if not actors:
        return NO_INTERMEDIARIES
    names = in_order(actor.name for actor in actors)
    return Reading([actor.slug for actor in actors], names, actors=actors)


def in_order(names: Iterable[str]) -> str:
    """Return the names of those who passed a warning on, in order: "CIA, then PST"."""
    return ", then ".join(map(isolated, names))


def _read_directives(record: Any, name: str) -> Reading:
    directives = tuple(getattr(record, name).all())
    if not directives:
        return absent(NOT_STATED)
    slugs = [directive.slug for directive in directives]
    return Reading(slugs, ", ".join(map(str, directives)), directives=directives)


def _read_date(record: Any, name: str) -> Reading:
    date: UncertainDate = getattr(record, name)
    if not date.is_stated:
        return absent(reason_for_absence(record))
    return Reading(date_value(date), capfirst(str(date)))


def date_value(date: UncertainDate) -> dict[str, Any]:
    """Return a date as plain JSON; an open end is null."""
    return {
        "words": date.words,
        "edtf": date.edtf,
        "basis": date.basis,
        "earliest": date.earliest and date.earliest.isoformat(),
        "latest": date.latest and date.latest.isoformat(),
    }


def _read_figure(record: Any, name: str) -> Reading:
    figure, qualifier = getattr(record, name), getattr(record, f"{name}_qualifier")
    if figure is None:  # the qualifier then holds the reason
        return absent(qualifier)
    return Reading(
        {"figure": figure, "qualifier": qualifier},
        figure_text(figure, qualifier),
        Qualifier(qualifier).definition if qualifier in Qualifier.values else "",
    )


def figure_text(figure: int, qualifier: str) -> str:
    """Return a figure with its qualifier, such as "over 130"; an exact one has none."""
    if qualifier == Qualifier.EXACT:
        return f"{figure:,}"
    # A version may have a qualifier that was removed from the vocabulary since.
    is_known = qualifier in Qualifier.values
    label = str(Qualifier(qualifier).label) if is_known else qualifier.replace("_", " ")
    return f"{label.lower()} {figure:,}"


def window_value(record: Any) -> dict[str, Any] | None:
    """Return the warned window as plain JSON with an open end as null; None without a window."""
    start, end = record.window_start, record.window_end
    if start is None and end is None:
        return None
    return {"start": start and start.isoformat(), "end": end and end.isoformat()}


def _read_window(record: Any, name: str) -> Reading:
    start, end, value = record.window_start, record.window_end, window_value(record)
    if value is None:
        # A warning that named no time has no window; otherwise the sources do not state it.
        named_no_time = record.time_specificity == Specificity.ABSENT
        return absent(NOT_APPLICABLE if named_no_time else NOT_STATED)
    if start is None:
        return Reading(value, f"Until {day_text(end)}")
    if end is None:
        return Reading(value, f"From {day_text(start)}")
    if start == end:
        return Reading(value, day_text(start))
    return Reading(value, parse(f"{start.isoformat()}/{end.isoformat()}").text)


def read_lead_time(warning: Warning, incident: Incident | None) -> Reading:
    """Return the reading of the days from a warning to an incident."""
    lead_time = warning.lead_time(incident)
    return Reading(lead_time.status, capfirst(str(lead_time)))


def read_window_covered(warning: Warning, incident: Incident | None) -> Reading:
    """Return the reading of whether the warned window contained an incident.

    If the window closed before the incident, the text gives the days between.
    """
    covered = warning.window_covered(incident)
    # There is a window, so the dates are too vague; "not stated" would blame the sources.
    if covered == WindowCovered.NOT_STATED and window_value(warning):
        return Reading(covered.value, NOT_COMPUTABLE, covered.definition)
    if covered in ABSENT_TEXT:
        return absent(covered.value)
    gap = warning.days_after_window(incident)
    if covered == WindowCovered.NO and gap.minimum is not None and gap.minimum > 0:
        return Reading(covered.value, f"No: it had closed {gap} before", covered.definition)
    return Reading(covered.value, str(covered.label), covered.definition)


def reason_for_absence(record: Any) -> str:
    """Return why a value of the record is absent: NOT_STATED or NOT_APPLICABLE."""
    # An incident that did not happen has no place or date that a source could state.
    if isinstance(record, Incident) and not record.is_known_to_be:
        return NOT_APPLICABLE
    return NOT_STATED


# The reader of each coded field that is not a plain value of a vocabulary.
READERS: dict[str, Callable[[Any, str], Reading]] = {
    "issuer": _read_actor,
    "country": _read_actor,
    "intermediaries": _read_intermediaries,
    "recipients": _read_actors,
    "directives": _read_directives,
    "date": _read_date,
    "content": _read_text,
    "place": _read_text,
    "target": _read_text,
    "window": _read_window,
    "deaths": _read_figure,
    "injured": _read_figure,
}
