"""Which values editors inferred of what a query asks for, in the plainest Python.

What a value is inferred by is asked of the badges of the coding sheet; what matches, of the records
that the brute force reads.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from cases.evidence.sheet import CodingSheet
from cases.index.loading import DATED, FIELDS_OF_WARNING
from cases.models import Actor, Case
from cases.record.building import record_of
from tests.support.brute_force import (
    OF_ONE_ASSESSMENT,
    OF_ONE_ROLE,
    OF_ONE_WARNING,
    Params,
    Record,
    Values,
    countries,
    criteria,
    found_by,
)

ABOUT_DATE = ("era", "precision", "date_from", "date_to")


@dataclass(frozen=True)
class Evidence:
    """A case with the record of the brute force, and the paths of the values that are inferred."""

    case: Case
    record: Record
    inferred: frozenset[str]
    actors: dict[int, Actor]

    @property
    def has_inferred_date(self) -> bool:
        return "date" in self.inferred


# Of a part: the values that a filter finds it by, and whether editors inferred them.
Parts = Iterable[tuple[set[str], bool]]


def read_evidence(records: list[Record]) -> dict[str, Evidence]:
    """Return the evidence of the cases, by their number."""
    cases = {case.pk: case for case in Case.objects.published().for_detail()}
    actors = {actor.pk: actor for actor in Actor.objects.all()}
    return {
        each.number: Evidence(cases[each.pk], each, inferred_paths(cases[each.pk]), actors)
        for each in records
    }


def inferred_paths(case: Case) -> frozenset[str]:
    """Return the paths of the values whose badge says that they are inferred; “date” of the case.

    The date of a case is derived, so that the sheet does not list it.
    """
    sheet = CodingSheet(record_of(case))
    paths = {
        value.path
        for value in sheet.values()
        if not value.is_absent and value.evidence_status.modality == "inferred"
    }
    date = sheet.evidence.status(sheet.record, "date")
    if sheet.record.date.is_stated and date.modality == "inferred":
        paths.add("date")
    return frozenset(paths)


def parts_of(each: Evidence, name: str, of_warning: Values) -> Parts:
    """Yield the parts of a case that can match a filter, in the plainest way.

    Of warnings only those that meet all that is asked `of_warning`.
    """
    case, record, weak, actors = each.case, each.record, each.inferred, each.actors
    if name in OF_ONE_WARNING:
        for warning, values in zip(case.warnings.all(), record.warnings, strict=True):
            if all(values[other] & wanted for other, wanted in of_warning.items()):
                path = f"{warning.path}.{FIELDS_OF_WARNING[name]}"
                yield values[name], path in weak and not values[name] & {"not_stated"}
    elif name in ("incident", "country"):
        for incident in case.incidents.all():
            if name == "incident":
                yield {incident.kind}, f"{incident.path}.kind" in weak
            else:
                yield countries(incident, actors), f"{incident.path}.country" in weak
    elif name in ("kind", "records_status"):
        yield {getattr(case, name)}, name in weak
    elif name == "directive":
        # One value of the case, whatever the number of directives.
        yield record.values[name], "directives" in weak
    elif name in OF_ONE_ASSESSMENT:
        for assessment in case.assessments.all():
            if assessment.status != "not_reported":
                said = assessment.exception.slug if name == "exception" else assessment.status
                yield {said}, f"{assessment.path}.status" in weak
    elif name in ("role", "actor", "armed_group"):
        for part in case.involvements.all():
            own = {part.role} if name == "role" else found_by([part.actor_id], actors)
            yield own, part.path in weak
    if name == "actor":
        for warning in case.warnings.all():
            if warning.issuer_id:
                yield found_by([warning.issuer_id], actors), f"{warning.path}.issuer" in weak
            for actor in warning.recipients.all():
                yield found_by([actor.pk], actors), f"{warning.path}.recipients" in weak
            for actor in warning.passed_on_by:
                yield found_by([actor.pk], actors), f"{warning.path}.intermediaries" in weak


def inferred_in(each: Evidence, params: Params) -> set[str]:
    """Return the filters whose every match in a case is inferred."""
    found = set()
    asked = {name for name, _ in params}
    if each.has_inferred_date and asked & {*ABOUT_DATE, "era__all", "precision__all"}:
        found.add(DATED)
    of_warning = criteria(params, OF_ONE_WARNING)
    together = [pair for pair in (OF_ONE_ROLE, OF_ONE_ASSESSMENT) if {*pair} <= asked]
    for one, other in together:
        subject = _matching_both(each, criteria(params, (one, other)))
        if subject and all(subject):
            found.add("role" if "role" in (one, other) else "assessment")
    both = {name for pair in together for name in pair}
    for given in asked - both:
        name, _, form = given.partition("__")
        if form == "not" or name in ABOUT_DATE:
            continue
        wanted = [value for other, value in params if other == given]
        for values in [{value} for value in wanted] if form else [{*wanted}]:
            parts = parts_of(each, name, {} if form else of_warning)
            matching = [weak for own, weak in parts if own & values]
            if matching and all(matching):
                found.add(name)
    return found


def _matching_both(each: Evidence, wanted: Values) -> list[bool]:
    """Return of each role, or assessment, that has both values asked for, if it is inferred."""
    names = list(wanted)
    parts = zip(*(parts_of_one(each, name) for name in names), strict=True)
    return [
        of_part[0][1]
        for of_part in parts
        if all(own & wanted[name] for name, (own, _) in zip(names, of_part, strict=True))
    ]


def parts_of_one(each: Evidence, name: str) -> list[tuple[set[str], bool]]:
    """Return the roles, or assessments, by themselves."""
    if name != "actor":
        return list(parts_of(each, name, {}))
    return [
        (found_by([part.actor_id], each.actors), part.path in each.inferred)
        for part in each.case.involvements.all()
    ]
