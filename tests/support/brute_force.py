"""Which cases a query asks for, in the plainest Python: the judge of the filters, slow and sure.

Nothing here is shared with the code it judges: every case is read with all its parts, no SQL
condition narrows anything, and a query is answered by looking at one case after the other.
"""

from __future__ import annotations

import calendar
import datetime as dt
import unicodedata
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from cases.models import Actor, Case

Params = list[tuple[str, str]]
"""A query string as a list of names and values, in its order; `q` is the number of a case."""

Values = dict[str, set[str]]
"""For each parameter the values by which something is found."""

OF_ONE_WARNING = (
    "issuer",
    "intermediary",
    "recipient",
    "before_incident",
    "repeated",
    "channel",
    "conduit",
    "basis",
    "relation",
    "specificity_who",
    "specificity_target",
    "specificity_place",
    "specificity_time",
    "issuer_action",
    "reception",
    "follow_up",
)
"""The any-of filters of warnings: they must all match the same warning."""

OF_ONE_ROLE = ("actor", "role")
"""Where any of both is asked for, one actor must have the role; alone each is of the case."""

OF_ONE_ASSESSMENT = ("exception", "assessment")
"""Where any of both is asked for, one exception must have the status; alone each is of the case."""

OF_THE_CASE = (
    "kind",
    "armed_group",
    "incident",
    "country",
    "era",
    "precision",
    "directive",
    "speaker",
    "source",
    "modality",
    "contested",
    "has_notes",
    "records_status",
)

FACETS = (*OF_ONE_WARNING, *OF_ONE_ROLE, *OF_ONE_ASSESSMENT, *OF_THE_CASE)

UNNAMED = {"not_stated"}
"""In place of actors, directives or exceptions where a case names none."""

UNTOLD = ("none_reported", "averted", "not_stated")
"""The kinds of incident to which no days are counted."""

ICD_191_ISSUED = dt.date(2015, 7, 21)


@dataclass(frozen=True)
class Record:
    """A published case, taken apart.

    `warnings` has the values of each warning by itself, `roles` those of each involvement,
    `assessments` those of each of which something is reported, `values` those of the case as a
    whole.
    """

    pk: int
    number: str
    title: str
    updated_at: dt.datetime
    is_dated: bool
    earliest: dt.date | None
    latest: dt.date | None
    values: Values
    warnings: list[Values]
    roles: list[Values]
    assessments: list[Values]
    days: list[tuple[int, int, bool] | None]
    """The least and the greatest number of days of each warning, None if they cannot be told, and
    whether it is known which came first, the warning or the incident."""
    deaths: list[int]
    """The lower bound of each incident that has one."""

    @property
    def lead_times(self) -> list[tuple[int, int, bool]]:
        return [days for days in self.days if days is not None]


# --- Reading the records -------------------------------------------------------------------------


def read_records() -> list[Record]:
    """Return the published cases with everything that a query can ask of them."""
    actors = {actor.pk: actor for actor in Actor.objects.all()}
    cases = Case.objects.prefetch_related(
        "warnings__intermediaries",
        "warnings__recipients",
        "incidents",
        "involvements",
        "directives",
        "assessments__exception",
        "claims__source",
        "notes",
    )
    return [read_record(case, actors) for case in cases if case.status == "published"]


def read_record(case: Any, actors: dict[int, Any]) -> Record:
    warnings = [values_of_warning(warning, actors) for warning in case.warnings.all()]
    outcome = first_carried_out(case.incidents.all())
    days = [lead_time(warning, outcome) for warning in case.warnings.all()]
    bounds = [deaths_at_least(incident) for incident in case.incidents.all()]
    return Record(
        pk=case.pk,
        number=case.number,
        title=case.title,
        updated_at=case.updated_at,
        is_dated=case.date_edtf != "",
        earliest=case.date_earliest,
        latest=case.date_latest,
        values=values_of_case(case, warnings, actors),
        warnings=warnings,
        roles=[
            {"actor": found_by([part.actor_id], actors), "role": {part.role}}
            for part in case.involvements.all()
        ],
        assessments=assessments_of(case),
        days=days,
        deaths=[bound for bound in bounds if bound is not None],
    )


def first_carried_out(incidents: Iterable[Any]) -> Any:
    """Return the earliest incident that a source tells; one without a date comes last."""
    undated = (dt.date.max, dt.date.max)
    return min(
        (each for each in incidents if each.kind not in UNTOLD),
        key=lambda each: (
            (each.date_earliest or dt.date.min, each.date_latest or dt.date.max)
            if each.date_edtf
            else undated,
            each.sequence,
        ),
        default=None,
    )


def lead_time(warning: Any, incident: Any) -> tuple[int, int, bool] | None:
    """Return the fewest and the most days from a warning to an incident, and whether which came
    first is known; None if a day is missing, or if a source gives an order that no day allows."""
    if incident is None:
        return None
    first, last = warning.date_earliest, warning.date_latest
    earliest, latest = incident.date_earliest, incident.date_latest
    if None in (first, last, earliest, latest):
        return None
    fewest, most = (earliest - last).days, (latest - first).days
    if warning.before_incident == "yes":
        return (max(fewest, 0), most, True) if most >= 0 else None
    if warning.before_incident == "no":
        return (fewest, min(most, 0), True) if fewest <= 0 else None
    return fewest, most, fewest >= 0 or most < 0


def deaths_at_least(incident: Any) -> int | None:
    """Return how many died at least: “over 130” are 131; “about” and no figure give no bound."""
    if incident.deaths is None or incident.deaths_qualifier == "about":
        return None
    figure: int = incident.deaths
    return figure + 1 if incident.deaths_qualifier == "more_than" else figure


def found_by(keys: Iterable[int], actors: dict[int, Any]) -> set[str]:
    """Return the slugs that find any of the actors: their own, and those of all above them."""
    slugs = set()
    for key in keys:
        actor = actors[key]
        slugs.add(actor.slug)
        while actor.parent_id is not None:
            actor = actors[actor.parent_id]
            slugs.add(actor.slug)
    return slugs


def values_of_warning(warning: Any, actors: dict[int, Any]) -> Values:
    return {
        "issuer": found_by([warning.issuer_id] if warning.issuer_id else [], actors) or UNNAMED,
        "intermediary": found_by([step.actor_id for step in warning.intermediaries.all()], actors)
        or UNNAMED,
        "recipient": found_by([actor.pk for actor in warning.recipients.all()], actors) or UNNAMED,
        "before_incident": {warning.before_incident},
        "repeated": {warning.repeated},
        "channel": {warning.channel},
        "conduit": {warning.conduit},
        "basis": {warning.basis},
        "relation": {warning.relation},
        "specificity_who": {warning.who_specificity},
        "specificity_target": {warning.target_specificity},
        "specificity_place": {warning.place_specificity},
        "specificity_time": {warning.time_specificity},
        "issuer_action": {warning.issuer_action},
        "reception": {warning.reception},
        "follow_up": {warning.follow_up},
    }


def values_of_case(case: Any, warnings: list[Values], actors: dict[int, Any]) -> Values:
    of_any_warning = {
        name: {value for warning in warnings for value in warning[name]} for name in OF_ONE_WARNING
    }
    involved = found_by([part.actor_id for part in case.involvements.all()], actors)
    parties = ("issuer", "intermediary", "recipient")
    in_warnings = {slug for name in parties for slug in of_any_warning[name]} - UNNAMED
    armed_groups = {actor.slug for actor in actors.values() if actor.kind == "armed_group"}
    return of_any_warning | {
        "kind": {case.kind},
        "records_status": {case.records_status},
        "actor": involved | in_warnings or UNNAMED,
        "role": {part.role for part in case.involvements.all()},
        "armed_group": involved & armed_groups or UNNAMED,
        "incident": {incident.kind for incident in case.incidents.all()},
        "country": {
            slug for incident in case.incidents.all() for slug in countries(incident, actors)
        },
        "era": {era(*closed(case))},
        "precision": {precision(case.date_edtf)},
        "directive": {directive.slug for directive in case.directives.all()} or UNNAMED,
        "exception": {slug for part in assessments_of(case) for slug in part["exception"]}
        or UNNAMED,
        "assessment": {status for part in assessments_of(case) for status in part["assessment"]},
        "speaker": {slug for claim in case.claims.all() for slug in speakers(claim, actors)},
        "source": {claim.source.slug for claim in case.claims.all()},
        "modality": {claim.modality for claim in case.claims.all()},
        "contested": {"yes" if is_contested(case.claims.all()) else "no"},
        "has_notes": {"yes" if case.notes.all() else "no"},
    }


def assessments_of(case: Any) -> list[Values]:
    """Return the values of each assessment of which something is reported."""
    return [
        {"exception": {assessment.exception.slug}, "assessment": {assessment.status}}
        for assessment in case.assessments.all()
        if assessment.status != "not_reported"
    ]


def countries(incident: Any, actors: dict[int, Any]) -> set[str]:
    """Return the slugs that find the country of an incident, or why it has none."""
    if incident.country_id is not None:
        return found_by([incident.country_id], actors)
    return {"not_applicable"} if incident.kind == "none_reported" else UNNAMED


def speakers(claim: Any, actors: dict[int, Any]) -> set[str]:
    return UNNAMED if claim.speaker_id is None else found_by([claim.speaker_id], actors)


def precision(edtf: str) -> str:
    """Return the precision of a date by the length of what is stated of it: 2024-03 is a month."""
    if edtf == "":
        return "not_stated"
    if any(sign in edtf.replace("-XX", "") for sign in "/~?%X"):
        return "span"
    return {4: "year", 7: "month", 10: "day"}[len(edtf.replace("-XX", ""))]


def closed(case: Any) -> tuple[dt.date | None, dt.date | None]:
    """Return the first and last day of a case, where its other dates close an open end."""
    first, last = case.date_earliest, case.date_latest
    if case.date_edtf == "":
        return None, None
    incidents = [each for each in case.incidents.all() if each.kind != "none_reported"]
    parts = [*incidents, *case.warnings.all()]
    firsts = sorted(part.date_earliest for part in parts if part.date_earliest)
    lasts = sorted(part.date_latest for part in parts if part.date_latest)
    if first is None and firsts:
        first = firsts[0]
    if last is None and lasts:
        last = lasts[-1]
    return first, last


def era(earliest: dt.date | None, latest: dt.date | None) -> str:
    if latest is not None and latest < ICD_191_ISSUED:
        return "before_icd191"
    if earliest is not None and earliest >= ICD_191_ISSUED:
        return "after_icd191"
    return "not_stated"


def is_contested(claims: Iterable[Any]) -> bool:
    """Tell whether a claim disputes a value, or a part as a whole, that another asserts.

    Who asserts a value of a part asserts the part.
    """

    def asserts(claim: Any, disputing: Any) -> bool:
        ids = ("warning_id", "incident_id", "involvement_id", "assessment_id")
        if claim.stance != "asserts" or any(
            getattr(claim, name) != getattr(disputing, name) for name in ids
        ):
            return False
        is_of_whole = disputing.field == "" or disputing.assessment_id is not None
        return is_of_whole or claim.field == disputing.field

    return any(
        asserts(claim, disputing)
        for disputing in claims
        if disputing.stance == "disputes"
        for claim in claims
    )


# --- Answering a query ---------------------------------------------------------------------------


def matching(records: list[Record], params: Params) -> list[str]:
    """Return the numbers of the cases that `params` ask for, in the order they ask for."""
    found = [record for record in records if matches(record, params)]
    return [record.number for record in ordered(found, dict(params).get("sort", "-date"))]


def facet_counts(records: list[Record], params: Params, name: str) -> dict[str, int]:
    """Return how many cases there would be with each value as the only selection of a facet.

    Values without any case are left out. What else is asked, by `__all` and `__not` of the same
    facet too, is still asked.
    """
    others = [(given, value) for given, value in params if given != name]
    # One more condition never adds a case, so only these need be looked at again for each value.
    candidates = [record for record in records if matches(record, others)]
    counts = {
        value: sum(matches(record, [*others, (name, value)]) for record in candidates)
        for value in sorted({value for record in candidates for value in record.values[name]})
    }
    return {value: count for value, count in counts.items() if count}


def matches(record: Record, params: Params) -> bool:
    return (
        all(record.values[name] & values for name, values in criteria(params, OF_THE_CASE).items())
        and has_such_a_part(record.warnings, criteria(params, OF_ONE_WARNING))
        and has_both_in_one(record, record.roles, criteria(params, OF_ONE_ROLE))
        and has_both_in_one(record, record.assessments, criteria(params, OF_ONE_ASSESSMENT))
        and all(
            values <= record.values[name]
            for name, values in criteria(params, FACETS, "__all").items()
        )
        and not any(
            values & record.values[name]
            for name, values in criteria(params, FACETS, "__not").items()
        )
        and is_in_range(record, dict(params))
        and dict(params).get("q", record.number) == record.number
    )


def criteria(params: Params, names: Iterable[str], form: str = "") -> Values:
    """Return for each of `names` that is asked about in this form the values asked for."""
    return {
        name: {value for given, value in params if given == name + form}
        for name in names
        if name + form in dict(params)
    }


def has_such_a_part(parts: list[Values], conditions: Values) -> bool:
    """Tell whether some one warning, or role, has for each condition one of its values."""
    if not conditions:
        return True
    return any(all(part[name] & values for name, values in conditions.items()) for part in parts)


def has_both_in_one(record: Record, parts: list[Values], conditions: Values) -> bool:
    """Tell whether the case meets the condition, or if there are two, one of its parts both."""
    if len(conditions) == 2:
        return has_such_a_part(parts, conditions)
    return all(record.values[name] & values for name, values in conditions.items())


def is_in_range(record: Record, params: dict[str, str]) -> bool:
    """Tell whether the case's date overlaps the range asked for; if `certain`, lies within it."""
    if "date_from" not in params and "date_to" not in params:
        return True
    if not record.is_dated:
        return False
    if params.get("date_match") == "certain":
        return (
            "date_from" not in params
            or (record.earliest is not None and record.earliest >= first_day(params["date_from"]))
        ) and (
            "date_to" not in params
            or (record.latest is not None and record.latest <= last_day(params["date_to"]))
        )
    ends_before = (
        "date_from" in params
        and record.latest is not None
        and record.latest < first_day(params["date_from"])
    )
    starts_after = (
        "date_to" in params
        and record.earliest is not None
        and record.earliest > last_day(params["date_to"])
    )
    return not ends_before and not starts_after


def first_day(date: str) -> dt.date:
    """Return the first day of a year, a month or a day: 2024, 2024-03, 2024-03-22."""
    year, month, day = [*map(int, date.split("-")), 1, 1][:3]
    return dt.date(year, month, day)


def last_day(date: str) -> dt.date:
    given = [int(number) for number in date.split("-")]
    year = given[0]
    month = given[1] if len(given) > 1 else 12
    day = given[2] if len(given) > 2 else calendar.monthrange(year, month)[1]
    return dt.date(year, month, day)


def days_before(records: list[Record], params: Params) -> list[tuple[str, int, int]]:
    """Return the title of its case and the days of each warning that `params` ask for and that came
    before the incident."""
    conditions = criteria(params, OF_ONE_WARNING)
    return [
        (record.title, days[0], days[1])
        for record in records
        if matches(record, params)
        for warning, days in zip(record.warnings, record.days, strict=True)
        if has_such_a_part([warning], conditions) and days and days[2] and days[0] >= 0
    ]


# --- Sorting -------------------------------------------------------------------------------------


def folded(text: str) -> str:
    """Return a text without capitals and accents, as a reader looks it up.

    The stroke of ł is no accent to Unicode, and so is no part of its own.
    """
    letters = unicodedata.normalize("NFKD", text.casefold().replace("ł", "l"))
    return "".join(letter for letter in letters if not unicodedata.combining(letter))


def ordered(records: list[Record], sort: str) -> list[Record]:
    """Sort; what the sort has nothing to go by comes last in either direction, ties by key."""
    key = SORTS[sort]
    by_key = sorted(records, key=lambda record: record.pk)
    known = [record for record in by_key if key(record) is not None]
    unknown = [record for record in by_key if key(record) is None]
    # Python keeps the order of equals, with `reverse` too.
    return sorted(known, key=key, reverse=sort.startswith("-")) + unknown


def by_shortest(record: Record) -> Any:
    """Cases in which it is known which came first are before the others."""
    return min(((not known, least) for least, _, known in record.lead_times), default=None)


def by_longest(record: Record) -> Any:
    # The order is reversed, so that what comes first has the greatest key.
    return max(((known, most) for _, most, known in record.lead_times), default=None)


def by_begin(record: Record) -> Any:
    if not record.is_dated:
        return None
    return (record.earliest or record.latest, record.latest or record.earliest)


def by_end(record: Record) -> Any:
    if not record.is_dated:
        return None
    return (record.latest or record.earliest, record.earliest or record.latest)


SORTS: dict[str, Callable[[Record], Any]] = {
    "-date": by_end,
    "date": by_begin,
    "title": lambda record: folded(record.title),
    "-updated": lambda record: record.updated_at,
    "lead_time": by_shortest,
    "-lead_time": by_longest,
    "-deaths": lambda record: sum(record.deaths) if record.deaths else None,
}
