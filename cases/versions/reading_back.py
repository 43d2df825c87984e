"""Read a case back from the nested record of a version.

The inverse of `record.py`: `case_record(case_as_of(record)) == record`. The instances are unsaved
and must not be saved; pages, differences and restoring use them. Versions are kept forever, so
records of older shapes are read too: a missing key gets its default, and a value that was removed
from its vocabulary is kept.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django.db.models import Model

from cases.evidence.values import READERS
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
    Source,
    Warning,
)
from cases.models.vocabulary import ABSENT_VALUES, NOT_APPLICABLE, NOT_STATED, CaseStatus, Qualifier

Json = dict[str, Any]

DATE_PARTS = ("words", "edtf", "basis", "earliest", "latest")
FIGURES = ("deaths", "injured")

# A mentioned record: nested, or only its slug as in the oldest versions, or missing.
Named = Json | str | None
UNNAMED = "Not named in this version"


def case_as_of(record: Json) -> Case:
    """Return the case that a nested record describes, as if fetched with `for_detail()`."""
    return _Snapshot(record).case


def named_in(case: Case) -> list[Actor | Source]:
    """Return each actor and source that a case and its parts name, once."""
    found: list[Actor | Source | None] = []
    for warning in case.warnings.all():
        found += [*filter(None, [warning.issuer]), *warning.recipients.all()]
        found += warning.passed_on_by
    found += [incident.country for incident in case.incidents.all()]
    found += [part.actor for part in case.involvements.all()]
    for claim in case.claims.all():
        found += [claim.speaker, claim.source]
    for note in case.notes.all():
        found += [note.source, note.evidence]
    return list(dict.fromkeys(filter(None, found)))


class _Snapshot:
    """Builds the unsaved instances of one case.

    Their primary keys are negative, so that they never equal those of stored records.
    """

    def __init__(self, record: Json) -> None:
        self._shared: dict[tuple[type[Model], str], Any] = {}
        self.case = Case(
            pk=-1,
            status=record.get("status", CaseStatus.PUBLISHED),
            **_texts(record, "number", "slug", "title", "kind", "summary", "records_status"),
            **_date(record.get("date")),
        )
        directives = record.get("directives", NOT_STATED)
        known = [] if isinstance(directives, str) else [self._directive(one) for one in directives]
        _set_prefetched(self.case, "directives", Directive, known)
        warnings = [self._warning(part) for part in _with_sequence(record.get("warnings", []))]
        incidents = [self._incident(part) for part in _with_sequence(record.get("incidents", []))]
        involvements = [
            self._part(
                Involvement,
                place,
                actor=self._actor(part.get("actor")),
                **_texts(part, "role", "note"),
            )
            for place, part in enumerate(record.get("involvements", []), start=1)
        ]
        assessments = [
            self._assessment(place, part)
            for place, part in enumerate(record.get("assessments", []), start=1)
        ]
        _set_prefetched(self.case, "warnings", Warning, warnings)
        _set_prefetched(self.case, "incidents", Incident, incidents)
        _set_prefetched(self.case, "involvements", Involvement, involvements)
        _set_prefetched(self.case, "assessments", ExceptionAssessment, assessments)
        parts = {part.path: part for part in [*warnings, *incidents, *involvements, *assessments]}
        # Claims point at parts by path, so they are built after all parts.
        claims = [self._claim(part, parts) for part in _with_sequence(record.get("claims", []))]
        notes = [self._note(place, part) for place, part in enumerate(record.get("notes", []), 1)]
        _set_prefetched(self.case, "claims", Claim, claims)
        _set_prefetched(self.case, "notes", Note, notes)

    def _part(self, model: type[Any], nth: int, **fields: Any) -> Any:
        return model(pk=-nth, case=self.case, **fields)

    def _warning(self, part: Json) -> Warning:
        warning: Warning = self._part(
            Warning,
            part["sequence"],
            sequence=part["sequence"],
            issuer=None if part.get("issuer") == NOT_STATED else self._actor(part.get("issuer")),
            **_coded(Warning, part),
            **_window(part.get("window")),
        )
        recipients = part.get("recipients", NOT_STATED)
        known = [] if isinstance(recipients, str) else [self._actor(actor) for actor in recipients]
        _set_prefetched(warning, "recipients", Actor, known)
        between = part.get("intermediaries", NOT_STATED)
        # Versions from before there were intermediaries have none.
        actors = [] if isinstance(between, str) else [self._actor(actor) for actor in between]
        warning.preset_intermediaries(actors)
        return warning

    def _incident(self, part: Json) -> Incident:
        country = part.get("country", NOT_STATED)
        figures: Json = {}
        for name in FIGURES:
            figures |= _figure(name, part.get(name, NOT_STATED))
        incident: Incident = self._part(
            Incident,
            part["sequence"],
            sequence=part["sequence"],
            description=part.get("description", ""),
            country=None if isinstance(country, str) else self._actor(country),
            **_coded(Incident, part),
            **figures,
        )
        return incident

    def _assessment(self, place: int, part: Json) -> ExceptionAssessment:
        assessment: ExceptionAssessment = self._part(
            ExceptionAssessment,
            place,
            exception=self._shared_instance(
                DirectiveException, _identity(part.get("exception"), "code", "title")
            ),
            status=part.get("status", NOT_STATED),
            note=part.get("note", ""),
        )
        return assessment

    def _claim(self, part: Json, parts: dict[str, Any]) -> Claim:
        about, _, field = part.get("about", "").partition(".")
        subject = parts.get(about)
        speaker = part.get("speaker", "source")
        claim: Claim = self._part(
            Claim,
            part["sequence"],
            sequence=part["sequence"],
            field=field if subject else part.get("about", ""),  # else about the case itself
            speaker=None if isinstance(speaker, str) else self._actor(speaker),
            source=self._source(part.get("source")),
            **_texts(part, "stance", "modality", "locator", "quote", "gist"),
            **_date(part.get("date")),
        )
        if subject is not None:
            setattr(claim, _CLAIM_PARTS[type(subject)], subject)
        return claim

    def _note(self, place: int, part: Json) -> Note:
        note: Note = self._part(
            Note,
            place,
            field=part.get("about", ""),
            source=self._source(part.get("source")),
            evidence=self._source(part.get("evidence")),
            **_texts(
                part,
                *("slug", "kind", "locator", "source_says", "evidence_says", "evidence_locator"),
            ),
        )
        return note

    def _actor(self, actor: Named) -> Actor:
        instance: Actor = self._shared_instance(Actor, _identity(actor, "name"))
        return instance

    def _directive(self, directive: Named) -> Directive:
        fields = _identity(directive, "code", "title")
        fields |= _date(fields.pop("issued", NOT_STATED), "issued")
        instance: Directive = self._shared_instance(Directive, fields)
        return instance

    def _source(self, source: Named) -> Source:
        fields = _identity(source, "title")
        fields |= _date(fields.pop("published", NOT_STATED), "published")
        instance: Source = self._shared_instance(Source, fields)
        return instance

    def _shared_instance(self, model: type[Any], fields: Json) -> Any:
        """Return one instance for each slug, so that one actor or source is one instance."""
        key = model, fields["slug"]
        if key not in self._shared:
            # Unknown keys of a record are ignored: a column may have been removed since.
            names = {
                field.name
                for field in model._meta.concrete_fields
                if not (field.is_relation or field.primary_key)
            }
            known = {name: value for name, value in fields.items() if name in names}
            self._shared[key] = model(pk=-len(self._shared) - 1, **known)
        return self._shared[key]


_CLAIM_PARTS: dict[type[Model], str] = {
    Warning: "warning",
    Incident: "incident",
    Involvement: "involvement",
    ExceptionAssessment: "assessment",
}


def _set_prefetched(record: Any, name: str, model: type[Any], related: Iterable[Any]) -> None:
    """Make `record.name.all()` return `related`, as a prefetch would."""
    # Django has no public way to do this for unsaved instances.
    rows = model._default_manager.all()
    rows._result_cache = list(related)
    rows._prefetch_done = True
    if not hasattr(record, "_prefetched_objects_cache"):
        record._prefetched_objects_cache = {}
    record._prefetched_objects_cache[name] = rows


def _with_sequence(parts: list[Json]) -> list[Json]:
    """Return the parts with a `sequence`; it defaults to the part's position from 1."""
    return [{"sequence": place} | part for place, part in enumerate(parts, start=1)]


def _identity(value: Named, *names: str) -> Json:
    """Return the slug and the columns `names` of a mentioned record.

    In the oldest versions the value is only a slug; a missing value gets UNNAMED columns.
    """
    if isinstance(value, dict):
        return {"slug": "", **dict.fromkeys(names, UNNAMED)} | value
    return {"slug": value or "", **dict.fromkeys(names, value or UNNAMED)}


def _texts(part: Json, *names: str) -> Json:
    return {name: part[name] for name in names if name in part}


def _coded(model: type[Any], part: Json) -> Json:
    """Return the columns of the coded fields that hold a text, a vocabulary's value or a date."""
    columns = _date(part.get("date"))
    for name in model.CODED_FIELDS:
        value = part.get(name)
        if isinstance(value, str) and name not in _STORED_OTHERWISE:
            # "not_applicable" is derived from the kind of incident and is never stored.
            is_missing = name in READERS and value == NOT_APPLICABLE
            columns[name] = NOT_STATED if is_missing else value
    return columns


# Coded fields that are relations or span several columns; others build them.
_STORED_OTHERWISE = (
    *("issuer", "intermediaries", "recipients", "country", "date", "window"),
    *FIGURES,
)


def _date(value: Any, prefix: str = "date") -> Json:
    if not isinstance(value, dict):
        return {}
    columns = {f"{prefix}_{part}": value.get(part, "") for part in DATE_PARTS}
    for bound in ("earliest", "latest"):
        columns[f"{prefix}_{bound}"] = _day(value.get(bound))
    return columns


def _window(value: Any) -> Json:
    if not isinstance(value, dict):
        return {}
    return {f"window_{end}": _day(value.get(end)) for end in ("start", "end")}


def _day(value: str | None) -> dt.date | None:
    return dt.date.fromisoformat(value) if value else None


def _figure(name: str, value: Any) -> Json:
    if isinstance(value, dict) and "figure" in value:
        qualifier = value.get("qualifier", Qualifier.EXACT)
        return {name: value["figure"], f"{name}_qualifier": qualifier}
    is_absent = isinstance(value, str) and value in ABSENT_VALUES
    return {name: None, f"{name}_qualifier": value if is_absent else NOT_STATED}
