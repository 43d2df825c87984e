"""Records for tests, one plain function each. Whatever a test does not name has a sensible value.

`date` is an EDTF expression that the source states; "" stands for a date that is not stated.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import count
from typing import Any

from django.db.models import Max, Model, QuerySet

from cases.evidence.sheet import CodingSheet
from cases.models import (
    Actor,
    Case,
    Claim,
    Comment,
    Directive,
    DirectiveException,
    ExceptionAssessment,
    Incident,
    Involvement,
    Note,
    Source,
    Version,
    Warning,
)
from cases.record.building import record_of
from cases.record.stored import as_json, digest
from cases.review.steps import publish

_numbers = count(1)


def show(case: Case) -> None:
    """Let the public see a published case as its rows are now, in the version that it has.

    It changed when the case did. What a test stores without the admin makes no version, and the
    public reads versions.
    """
    found = Case.objects.published().for_detail().filter(pk=case.pk).first()
    if found is None:
        return
    record = as_json(record_of(found))
    values = {"record": record, "digest": digest(record), "made_at": found.updated_at}
    versions: QuerySet[Version] = QuerySet(Version)  # past the one that refuses every change
    number = versions.filter(case=case).aggregate(last=Max("number"))["last"]
    if number is None:
        Version.objects.create(case=case, number=1, change_note="First version.", **values)
    else:
        versions.filter(case=case, number=number).update(**values)


def show_all() -> None:
    """Let the public see every published case as its rows are now."""
    for case in Case.objects.published():
        show(case)


PARTS = {
    "warnings": "warning",
    "incidents": "incident",
    "involvements": "involvement",
    "assessments": "assessment",
}
"""The parts of a case, and what a claim calls each."""


def make_source(**fields: Any) -> Source:
    number = next(_numbers)
    defaults = {"slug": f"source-{number}", "title": f"Report {number}", "kind": "press"}
    return Source.objects.create(**defaults | fields)


def make_actor(**fields: Any) -> Actor:
    """Return an actor; unless a kind is given, a collective."""
    number = next(_numbers)
    defaults = {"slug": f"actor-{number}", "name": f"Actor {number}", "kind": "collective"}
    return Actor.objects.create(**defaults | fields)


def make_case(*, complete: bool = False, published: bool = False, **fields: Any) -> Case:
    """Return a draft without any parts.

    With `complete` it has a warning, an incident and a claimant, and claims for every value from
    two sources, so that it could be published as it is; with `published` it is.
    """
    number = next(_numbers)
    defaults = {
        "slug": f"case-{number}",
        "title": f"Case {number}",
        "kind": "warning_given",
        "summary": "A warning, and what came of it.",
    }
    case: Case = Case.objects.create(**defaults | fields)
    if complete or published:
        make_warning(case, date="2024-03-07", channel="private", reception="dismissed")
        make_incident(case, kind="attack", date="2024-03-22", deaths=130, qualifier="more_than")
        make_involvement(case, role="claimant")
        support(case)
        make_claim(case, "kind")  # a second source: the case has no weak points either
    if published:
        publish(case, None)
    elif "status" in fields:
        show(case)
    case.refresh_from_db()
    return case


def make_full_case() -> Case:
    """Return a complete draft with a row in every section of its form."""
    case = make_case(complete=True)
    make_assessment(case)
    make_note(case, field="warning-1.date")
    return case


def make_warning(
    case: Case,
    *,
    date: str = "",
    intermediaries: Sequence[Actor] = (),
    recipients: Iterable[Actor] | None = None,
    **fields: Any,
) -> Warning:
    """Return a warning of `case` from somebody to somebody; unless given, two collectives.

    With `issuer=None` no source names who gave it.
    """
    issuer = fields.pop("issuer") if "issuer" in fields else make_actor()
    warning = Warning.objects.create(case=case, issuer=issuer, **_stated(date) | fields)
    warning.recipients.set([make_actor()] if recipients is None else list(recipients))
    warning.set_intermediaries(intermediaries)
    show(case)
    return warning


def make_incident(
    case: Case,
    *,
    date: str = "",
    deaths: int | None = None,
    qualifier: str = "not_stated",
    **fields: Any,
) -> Incident:
    """Return an incident of `case`; `qualifier` is that of its deaths."""
    defaults = {"kind": "attack", "deaths": deaths, "deaths_qualifier": qualifier}
    incident = Incident.objects.create(case=case, **defaults | _stated(date) | fields)
    show(case)
    return incident


def make_involvement(
    case: Case, *, role: str = "speaker", actor: Actor | None = None
) -> Involvement:
    """Return a role of an actor in `case`; unless one is given, of an armed group."""
    actor = actor or make_actor(kind="armed_group")
    involvement = Involvement.objects.create(case=case, role=role, actor=actor)
    show(case)
    return involvement


def make_directive(**fields: Any) -> Directive:
    number = next(_numbers)
    defaults = {
        "slug": f"directive-{number}",
        "code": f"ICD {1_000 + number}",  # never the number of a real one
        "title": "Duty to warn",
        "issued_edtf": "2015-07-21",
        "issued_basis": "stated",
        "authority": "Its author",
        "statement": "Warn the intended victim.",
        "status": "published",
    }
    source = fields.pop("source", None) or make_source(kind="directive")
    return Directive.objects.create(source=source, **defaults | fields)


def make_exception(**fields: Any) -> DirectiveException:
    number = next(_numbers)
    defaults = {
        "slug": f"exception-{number}",
        "code": f"E.{number}",
        "order": number,
        "title": "No reasonable way",
        "statement": "There is no reasonable way to warn.",
        "status": "published",
    }
    directive = fields.pop("directive", None) or make_directive()
    return DirectiveException.objects.create(directive=directive, **defaults | fields)


def make_assessment(
    case: Case, *, exception: DirectiveException | None = None, status: str = "argued"
) -> ExceptionAssessment:
    """Return what `case` says of an exception, of whose directive it says that it applies."""
    exception = exception or make_exception()
    if exception.directive not in case.directives.all():
        case.directives.add(exception.directive)
        make_claim(case, "directives", modality="inferred")
    assessment = ExceptionAssessment.objects.create(case=case, exception=exception, status=status)
    show(case)
    return assessment


def make_claim(case: Case, about: str = "kind", **fields: Any) -> Claim:
    """Return a claim that asserts what `about` names: `kind`, `warning-1.channel`, `incident-1`."""
    # Only the name of a part has a hyphen; a value of the case itself needs no look at its parts.
    claim = _claim(case, about, _parts_of(case) if "-" in about else {}, **fields)
    claim.save()
    show(case)
    return claim


def support(case: Case, **fields: Any) -> list[Claim]:
    """Add a claim for every coded value of `case` that has none, all of them from one source."""
    source = fields.pop("source", None) or make_source()
    coded = detail(case)
    parts = _parts_of(coded)
    first = max((claim.sequence for claim in coded.claims.all()), default=0) + 1
    sheet = CodingSheet(record_of(coded))
    lacking = [value.path for value in sheet.values() if value.lacks_evidence]
    # In one statement: tests of what a public case is or does make hundreds of cases.
    claims = Claim.objects.bulk_create(
        _claim(case, path, parts, source=source, **{"sequence": sequence} | fields)
        for sequence, path in enumerate(lacking, first)
    )
    show(case)
    return claims


def _parts_of(case: Case) -> dict[str, dict[str, Model]]:
    """Return the parts of a case by their paths, each under the name that a claim has for it."""
    return {
        part.path: {name: part}
        for related, name in PARTS.items()
        for part in getattr(case, related).all()
    }


def _claim(case: Case, about: str, parts: dict[str, dict[str, Model]], **fields: Any) -> Claim:
    """Return a claim that is not stored yet."""
    path, _, field = about.rpartition(".")
    if about in parts:
        path, field = about, ""
    defaults = {"modality": "stated", "locator": "¶1", "gist": f"That it is so: {about}"}
    source = fields.pop("source", None) or make_source()
    subject = parts[path] if path else {}
    return Claim(case=case, source=source, field=field, **defaults | subject | fields)


def make_comment(case: Case, part: Any = None, field: str = "", **fields: Any) -> Comment:
    """Return an open comment of an editor on a field of a part, on the part, or on the case."""
    kind = part and part._meta.model_name.removeprefix("exception")
    place = {"part": kind, "part_key": part.pk} if part else {}
    defaults = {"text": "Who says so?", "field": field}
    comment: Comment = Comment.objects.create(case=case, **defaults | place | fields)
    return comment


def make_note(case: Case | None = None, **fields: Any) -> Note:
    """Return a note about a source and, if one is given, about a case."""
    number = next(_numbers)
    defaults = {
        "slug": f"note-{number}",
        "kind": "completion",
        "source_says": "Nothing.",
        "evidence_says": "Something.",
    }
    source = fields.pop("source", None) or make_source()
    evidence = fields.pop("evidence", None) or make_source()
    note: Note = Note.objects.create(
        case=case, source=source, evidence=evidence, **defaults | fields
    )
    if case is not None:
        show(case)
    return note


def detail(case: Case) -> Case:
    """Return the case with everything that a coding sheet reads."""
    found: Case = Case.objects.for_detail().get(pk=case.pk)
    return found


def _stated(date: str) -> dict[str, str]:
    return {"date_edtf": date, "date_basis": "stated" if date else "not_stated"}
