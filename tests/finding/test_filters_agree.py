"""List, table, matrix, files and every count agree with a brute-force reading of the records.

Random queries are asked of a dense little world, in which few actors and few values meet again and
again; the traps at the end are small enough to be worked out by hand.
"""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Callable, Iterator
from typing import Any
from unittest.mock import patch
from urllib.parse import parse_qsl, urlencode

import pytest
from django.db import connection, transaction
from django.db.models import QuerySet
from django.http import QueryDict
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st
from pytest_django.plugin import DjangoDbBlocker

from cases.finding import facets, index_filter, selection
from cases.finding.case_filter import FACETS as CASE_FACETS
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
    Version,
    Warning,
)
from cases.presentation.charts.case_set import CaseSet
from cases.presentation.charts.chart_filter import WAYS, ChartFilter
from cases.presentation.charts.picture import INFERRED
from cases.presentation.charts.registry import CHARTS
from cases.synthetic import make as make_synthetic_cases
from tests.support.brute_force import (
    FACETS,
    OF_ONE_ASSESSMENT,
    OF_ONE_ROLE,
    OF_ONE_WARNING,
    SORTS,
    Params,
    Record,
    days_before,
    facet_counts,
    matching,
    read_records,
)
from tests.support.downloads import in_api, in_csv, in_json
from tests.support.factories import (
    make_actor,
    make_case,
    make_directive,
    make_exception,
    make_incident,
    make_involvement,
    make_source,
    make_warning,
    show,
    show_all,
)
from tests.support.inferences import inferred_in, read_evidence
from tests.support.properties import tried

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("world"), pytest.mark.slow]

# --- A world in which much collides --------------------------------------------------------------

ACTORS = {
    "aland": ("state", None),
    "aland-ministry": ("government_body", "aland"),
    "aland-service": ("intelligence_service", "aland-ministry"),
    "aland-officer": ("official", "aland-service"),
    "borland": ("state", None),
    "borland-embassy": ("diplomatic_mission", "borland"),
    "borland-militia": ("armed_group", "borland"),
    "army": ("armed_group", None),
    "army-province": ("armed_group", "army"),
    "army-cell": ("armed_group", "army-province"),
    "army-press": ("media", "army"),
    "residents": ("collective", None),
    "cape": ("state", "aland"),  # where incidents happen, and nothing else
    "hermit": ("individual", None),  # in one case only
    "speaker": ("media", None),  # only speaks, and so is offered but has no case
}
"""The actors that are offered, with their kinds and parents, from the roots down."""

UNOFFERED = "draft-figure"
"""An actor that only unpublished cases name."""

FEATURED = [slug for slug in ACTORS if slug not in ("cape", "hermit", "speaker")]

SPECIFICITIES = ["named", "category", "not_stated", "absent"]

VALUES = {
    "issuer": [*ACTORS, "not_stated"],
    "intermediary": [*ACTORS, "not_stated"],
    "recipient": [*ACTORS, "not_stated"],
    "actor": [*ACTORS, "not_stated"],
    "armed_group": [slug for slug, (kind, _) in ACTORS.items() if kind == "armed_group"]
    + ["not_stated"],
    "role": ["subject", "accused", "context", "policymaker"],
    "speaker": [*ACTORS, "not_stated"],
    "source": ["gazette", "wire"],
    "country": ["aland", "borland", "cape", "not_stated", "not_applicable"],
    "precision": ["day", "month", "year", "span", "not_stated"],
    "kind": ["warning_given", "strategic_disclosure", "alleged_failure_to_warn", "policy_origin"],
    "before_incident": ["not_stated", "yes", "no"],
    "repeated": ["yes", "no", "not_stated"],
    "channel": ["public", "private", "not_stated"],
    "conduit": ["embassy_alert", "diplomatic", "not_stated", "police_visit"],
    **{f"specificity_{subject}": SPECIFICITIES for subject in ("who", "target", "place", "time")},
    "basis": ["duty_to_warn", "foreign_practice", "not_stated", "consular_alert"],
    "relation": ["ally", "adversary", "not_stated", "mixed"],
    "issuer_action": ["protection_given", "advice_only", "not_stated", "protection_offered"],
    "reception": ["accepted", "dismissed", "not_stated", "not_applicable"],
    "follow_up": ["acted", "unclear", "not_stated", "inadequate"],
    "incident": ["attack", "averted", "none_reported", "invasion", "not_stated"],
    "era": ["before_icd191", "after_icd191", "not_stated"],
    "directive": ["icd-191", "rule-2", "rule-of-drafts", "not_stated"],
    "exception": ["argued-often", "argued-once", "never-reported", "not_stated"],
    "assessment": ["argued", "withheld", "ruled_out", "officially_invoked"],
    "modality": ["quoted", "stated", "reported", "inferred", "alleged"],
    "contested": ["yes", "no"],
    "has_notes": ["yes", "no"],
    "records_status": ["none_reported", "released", "partly_released"],
}
"""What is asked for. The world uses the first three of a warning's values, so the last is rare."""

DATES = ["", "1998", "20XX", "2014/2016", "2015", "2015-07", "2015-07-20", "2015-07-21"]
DATES += ["2015-07-20~", "/2015-07-20", "/2015-07-21", "2015-07-20/", "2015-07-21/", "/2022-02"]
DATES += [
    "2024",
    "2024-03",
    "2024-XX",
    "2024-03-XX",
    "2024-03?",
    "2024-03-07",
    "2024-03-08~",
    "2024-03-07/2024-03-22",
    "2024-03-22",
]

TITLES = ["alpha", "Alpha", "Beta", "beta two", "Zulu", "zulu", "Ångström", "ångström", "Ärger"]

STAMPS = [dt.datetime(2025, month, 1, tzinfo=dt.UTC) for month in (1, 2, 3)]

STATUSES = ["published"] * 80 + ["draft", "in_review", "withdrawn"] * 5


class World:
    """The published cases; no list, because Hypothesis prints what a list holds at length."""

    def __init__(self, records: list[Record]) -> None:
        self.records = records
        self.evidence = read_evidence(records)


@pytest.fixture(scope="module")
def world(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[World]:
    """Make the world once for the tests of this module; see `demo` in conftest.py."""
    with django_db_blocker.unblock(), transaction.atomic():
        make_world(random.Random(191))  # noqa: S311 - a world to repeat, not a secret
        show_all()
        yield World(read_records())
        transaction.set_rollback(True)


def make_world(chance: random.Random) -> None:
    actors: dict[str, Actor] = {}
    for slug, (kind, parent) in {**ACTORS, UNOFFERED: ("collective", None)}.items():
        above = actors[parent] if parent else None
        actors[slug] = make_actor(slug=slug, name=slug.title(), kind=kind, parent=above)
    directive, *_ = [make_directive(slug=slug) for slug in VALUES["directive"][:3]]
    source = make_source(slug="gazette")
    wire = make_source(slug="wire")
    for slug in VALUES["exception"][:3]:
        make_exception(slug=slug, directive=directive)
    for number, status in enumerate(chance.sample(STATUSES, len(STATUSES))):
        case = make_public(
            title=chance.choice(TITLES),
            kind=chance.choice(VALUES["kind"]),
            records_status=chance.choice(VALUES["records_status"]),
            updated_at=chance.choice(STAMPS),
            status=status,
            withdrawn_reason="It was made up." if status == "withdrawn" else "",
        )
        featured = [actors[slug] for slug in FEATURED]
        if status != "published":
            featured += [actors[UNOFFERED]]
        add_parts(chance, case, featured)
        add_claims(chance, case, [source, wire])
        if chance.random() < 0.4:
            add_note(case, source, f"world-note-{number}")
    first, second = Case.objects.filter(status="published")[:2]
    make_involvement(first, actor=actors["hermit"], role="context")
    Claim.objects.filter(case=second).update(speaker=actors["speaker"])
    make_claims(second, source, [("kind", "stated", "asserts", {"speaker": actors["speaker"]})])
    # A note about no case, which is none of any case's either.
    add_note(None, source, "world-note-on-source")


def make_public(**fields: Any) -> Case:
    """Return a published case with nothing but what is given, as a test of reading needs it."""
    published: dict[str, Any] = {"status": "published", "published_at": STAMPS[0]}
    return make_case(**published | fields)


def add_parts(chance: random.Random, case: Case, actors: list[Actor]) -> None:
    """Give the case up to four warnings, up to three incidents, some roles and assessments."""
    for _ in range(chance.choice([0, 1, 1, 2, 2, 3, 4])):
        issuer, *others = chance.sample(actors, 6)
        parties = ("issuer", "intermediary", "recipient")
        coded = [name for name in OF_ONE_WARNING if name not in parties]
        make_warning(
            case,
            issuer=chance.choice([issuer, issuer, issuer, None]),
            intermediaries=others[3 : chance.choice([3, 3, 4, 5])],
            recipients=others[: chance.choice([0, 1, 1, 2, 3])],
            date=chance.choice(DATES),
            **{field_of(name): chance.choice(VALUES[name][:3]) for name in coded},
        )
    states = list(Actor.objects.filter(kind="state").order_by("slug"))
    for _ in range(chance.choice([0, 1, 1, 1, 2, 3])):
        kind = chance.choice(["attack", "attack", "invasion", "averted", "none_reported"])
        if chance.random() < 0.1:
            kind = "not_stated"
        uncounted = kind in ("averted", "none_reported") or chance.random() < 0.3
        make_incident(
            case,
            kind=kind,
            date=chance.choice(DATES),
            country=chance.choice([None, *states]),
            deaths=None if uncounted else chance.choice([0, 1, 2, 130]),
            qualifier="not_stated"
            if uncounted
            else chance.choice(["exact", "more_than", "at_least", "about"]),
        )
    for actor in chance.sample(actors, chance.choice([0, 0, 1, 2])):
        make_involvement(case, actor=actor, role=chance.choice(["subject", "accused", "context"]))
    rules = ["icd-191", "rule-2"] if case.status == "published" else ["rule-of-drafts"]
    rules = chance.sample(rules, chance.randrange(len(rules) + 1))
    case.directives.set(Directive.objects.filter(slug__in=rules))
    often, once, never, _ = VALUES["exception"]
    for slug, status, share in [
        (often, chance.choice(["argued", "withheld", "ruled_out", "not_reported"]), 0.5),
        (once, "argued" if case.status == "published" else "not_reported", 0.05),
        (never, "not_reported", 0.2),
    ]:
        if chance.random() < share:
            add_assessment(case, slug, status)


def field_of(name: str) -> str:
    """Return the field of a warning that a parameter asks about."""
    first, _, subject = name.partition("_")
    return f"{subject}_specificity" if first == "specificity" else name


def add_assessment(case: Case, slug: str, status: str) -> ExceptionAssessment:
    exception = DirectiveException.objects.get(slug=slug)
    return ExceptionAssessment.objects.create(case=case, exception=exception, status=status)


def add_claims(chance: random.Random, case: Case, sources: list[Source]) -> None:
    """Claim this and that, of few values, so that some are asserted and disputed."""
    subjects: list[tuple[str, dict[str, Any]]] = [("", {}), ("kind", {}), ("records_status", {})]
    for warning in case.warnings.all():
        subjects += [
            (field, {"warning": warning})
            for field in ("channel", "reception", "recipients", "date", "")
        ]
    for incident in case.incidents.all():
        subjects += [(field, {"incident": incident}) for field in ("kind", "country", "date", "")]
    subjects += [("", {"involvement": part}) for part in case.involvements.all()]
    subjects += [("status", {"assessment": part}) for part in case.assessments.all()]
    speakers = [None, *Actor.objects.filter(slug__in=FEATURED).order_by("slug")]
    for source in sources:
        made = []
        for _ in range(chance.choice([0, 1, 2, 3])):
            field, part = chance.choice(subjects)
            stance = chance.choice(["asserts", "asserts", "disputes", "declines"])
            said = part | {"speaker": chance.choice([None, chance.choice(speakers)])}
            modalities = [*VALUES["modality"][:4], *["inferred"] * 3]
            made.append((field, chance.choice(modalities), stance, said))
        make_claims(case, source, made)


def make_claims(case: Case, source: Source, claims: list[tuple[str, str, str, Any]]) -> None:
    """Add claims to a case: each the field, the modality, the stance, and the part it is about."""
    start = case.claims.count() + 1
    Claim.objects.bulk_create(
        Claim(
            case=case,
            source=source,
            sequence=sequence,
            locator="¶1",
            gist="So they say.",
            field=field,
            modality=modality,
            stance=stance,
            **part,
        )
        for sequence, (field, modality, stance, part) in enumerate(claims, start)
    )


def add_note(case: Case | None, source: Source, slug: str) -> None:
    Note.objects.create(
        case=case,
        slug=slug,
        kind="context",
        source=source,
        evidence=source,
        source_says="Nothing.",
        evidence_says="Something.",
    )


# --- Random queries ------------------------------------------------------------------------------

ASKED_DATES = ["0001", "1998", "2014-12-31", "2015", "2015-07", "2015-07-20", "2015-07-21"]
ASKED_DATES += ["2015-07-22", "2022-02", "2024", "2024-03", "2024-03-07", "2024-03-15", "9999"]

NAMES = [*VALUES, *OF_ONE_WARNING, *OF_ONE_WARNING, *2 * (*OF_ONE_ROLE, *OF_ONE_ASSESSMENT)]
"""The parameters; those that must meet in one part of a case more often than the others."""

FORMS = ["", "", "", "", "__all", "__not"]
"""The forms of a parameter, the plain one more often."""


@st.composite
def queries(draw: st.DrawFn) -> Params:
    """Draw a query that means something in all its parts."""
    params: Params = []
    for name in draw(st.lists(st.sampled_from(NAMES), max_size=4)):
        form = draw(st.sampled_from(FORMS))
        value = st.sampled_from(VALUES[name])
        params += [(name + form, given) for given in draw(st.lists(value, min_size=1, max_size=3))]
    if draw(st.integers(0, 2)) == 0:
        for name in draw(st.sampled_from([["date_from"], ["date_to"], ["date_from", "date_to"]])):
            params.append((name, draw(st.sampled_from(ASKED_DATES))))
        params += draw(st.sampled_from([[], [("date_match", "possible")], *[CERTAIN] * 2]))
    if draw(st.booleans()):
        params.append(("sort", draw(st.sampled_from(list(SORTS)))))
    start, end = dict(params).get("date_from"), dict(params).get("date_to")
    if start and end and start[: len(end)] > end[: len(start)]:  # a range that ends before it began
        params = [(name, value) for name, value in params if name != "date_to"]
    if any(name != "sort" for name, _ in params) and draw(st.integers(0, 5)) == 0:
        # Alone it would lead to its case. Some are of cases that are not published, or of none.
        params.append(("q", f"DTW-{draw(st.integers(1, 100)):04}"))
    return draw(st.permutations(params))


CERTAIN = [("date_match", "certain")]

DRAWN: list[Params] = [[], *([(name, way)] for name, ways in WAYS.items() for way in ways)]
"""The ways to draw a picture."""

PROPERTY = tried(30)


def ask(client: Client, path: str, params: Params) -> Any:
    """Return the context of a page that understood every part of the query."""
    response = client.get(f"{path}?{urlencode(params)}")
    assert response.status_code == 200
    assert response.context["query"].notices == []
    return response.context


def walk(client: Client, path: str, params: Params, per_page: int) -> list[str]:
    """Return the numbers of the cases on all pages, one after the other."""
    shown: list[str] = []
    page = 1
    while True:
        paging = [("per_page", str(per_page)), ("page", str(page))]
        context = ask(client, path, [*params, *paging])
        shown += [case.number for case in context["object_list"]]
        if not context["page_obj"].has_next():
            assert context["paginator"].count == len(shown)
            return shown
        assert len(context["object_list"]) == per_page
        page += 1


def of(thing: Any, name: str) -> Any:
    """Return a value of what a template is given: a dictionary, or an object with attributes."""
    return thing[name] if isinstance(thing, dict) else getattr(thing, name)


def complete_counts(client: Client, params: Params, name: str) -> dict[str, int]:
    """Return the counts on the page of one facet, those of no case left out."""
    options = ask(client, f"/facets/{name}/", params)["options"]
    counts = {of(option, "value"): of(option, "count") for option in options}
    assert len(counts) == len(options), "a value is listed twice"
    return {value: count for value, count in counts.items() if count}


SHOWN_AS: dict[str, tuple[str, Params]] = {
    "list": ("/cases/", []),
    "table": ("/cases/", [("view", "table")]),
    "matrix": ("/matrix/", []),
}


@PROPERTY
@given(shown_as=st.sampled_from(list(SHOWN_AS)), params=queries(), per_page=st.integers(1, 100))
def test_cases_random_query_shows_what_brute_force_finds_in_its_order(
    client: Client, world: World, shown_as: str, params: Params, per_page: int
) -> None:
    expected = matching(world.records, params)
    path, view = SHOWN_AS[shown_as]
    # At most three pages: what is to be tried is the seam between pages, not patience.
    per_page = max(per_page, -(-len(expected) // 3))
    assert walk(client, path, [*params, *view], per_page) == expected


@PROPERTY
@given(read=st.sampled_from([in_csv, in_json, in_api]), params=queries())
def test_files_random_query_hold_what_brute_force_finds_in_its_order(
    client: Client, world: World, read: Callable[[Client, str], list[str]], params: Params
) -> None:
    assert read(client, urlencode(params)) == matching(world.records, params)


@PROPERTY
@given(name=st.sampled_from(list(CHARTS)), params=queries(), way=st.sampled_from(DRAWN))
def test_charts_random_query_count_what_brute_force_finds_at_each_address(
    world: World, name: str, params: Params, way: Params
) -> None:
    shown = set(matching(world.records, params))
    picture = CHARTS[name](CaseSet(ChartFilter(QueryDict(urlencode([*params, *way])))))
    for cell in (cell for row in picture.rows for cell in row):
        path, _, query = cell.address.partition("?")
        if path == "/cases/":
            found = matching(world.records, parse_qsl(query))
            assert cell.value == len(found), cell.address
            assert shown.issuperset(found)
    if INFERRED in picture.columns:
        for *_, counted, inferred in picture.rows:
            asked = parse_qsl(counted.address.partition("?")[2])
            found = matching(world.records, asked) if counted.address else []
            expected = [number for number in found if inferred_in(world.evidence[number], asked)]
            assert inferred.value == len(expected), counted.address


@pytest.mark.parametrize("name", OF_ONE_WARNING)
def test_lead_times_are_those_of_the_warnings_that_match(world: World, name: str) -> None:
    values = {value for record in world.records for value in record.values[name]}
    for value in sorted(values):
        params = [(name, value)]
        picture = CHARTS["lead-time"](CaseSet(ChartFilter(QueryDict(urlencode(params)))))
        names = [column.name for column in picture.columns]
        at = [names.index(column) for column in ("case", "days_least", "days_most")]
        shown = [tuple(row[place].value for place in at) for row in picture.rows]
        assert sorted(shown) == sorted(days_before(world.records, params)), params


@PROPERTY
@given(params=queries())
def test_facets_random_query_shows_the_counts_of_brute_force(
    client: Client, world: World, params: Params
) -> None:
    compare_facets(client, world.records, params)


@PROPERTY
@given(params=queries(), offered=st.integers(1, 4), at_once=st.integers(1, 3))
def test_facets_of_few_values_offer_those_that_most_cases_have(
    client: Client, world: World, params: Params, offered: int, at_once: int
) -> None:
    with (
        patch.object(facets, "MAX_OFFERED", offered),
        patch.object(index_filter, "MAX_OFFERED", offered),
        patch.object(selection, "COUNTED_AT_ONCE", at_once),
    ):
        compare_facets(client, world.records, params)


def compare_facets(client: Client, records: list[Record], params: Params) -> None:
    """Compare every count that the list shows beside its cases."""
    context = ask(client, "/cases/", [*params, ("per_page", "1")])
    assert {of(facet, "name") for facet in context["facets"]} == set(FACETS)
    for facet in context["facets"]:
        name, options = of(facet, "name"), of(facet, "options")
        expected = facet_counts(records, params, name)
        shown = [of(option, "value") for option in options]
        assert len(shown) == len(set(shown)), name
        counts = {of(option, "value"): of(option, "count") for option in options}
        assert counts == {value: expected.get(value, 0) for value in shown}, name
        if CASE_FACETS[name].is_long:
            numbers = [number for value, number in expected.items() if value != "not_stated"]
            most = sorted(filter(None, numbers), reverse=True)[: facets.MAX_OFFERED]
            assert [counts[value] for value in shown][: len(most)] == most, name
            with_cases = sum(number > 0 for number in expected.values())
            assert of(facet, "more") == with_cases - sum(map(bool, counts.values())), name
        chosen = {of(option, "value") for option in options if of(option, "chosen")}
        assert chosen == {value for given, value in params if given == name}, name


@PROPERTY
@given(params=queries(), name=st.sampled_from(FACETS))
def test_facet_page_random_query_counts_every_value_as_brute_force_does(
    client: Client, world: World, params: Params, name: str
) -> None:
    assert complete_counts(client, params, name) == facet_counts(world.records, params, name)


# --- Other worlds --------------------------------------------------------------------------------


def some_query(chance: random.Random, records: list[Record]) -> Params:
    """Draw a query of values that some of the records have."""
    params = [("sort", chance.choice(list(SORTS)))]
    for name in chance.sample(FACETS, 2):
        values = sorted({value for record in records for value in record.values[name]})
        params += [(name + chance.choice(FORMS), chance.choice(values))]
    return params


def compare(client: Client, chance: random.Random, records: list[Record]) -> None:
    """Compare what one query of the records' values shows, in every way."""
    params = some_query(chance, records)
    expected = matching(records, params)
    for path, view in SHOWN_AS.values():
        assert walk(client, path, [*params, *view], 100) == expected, params
    assert in_csv(client, urlencode(params)) == expected, params
    compare_facets(client, records, params)
    name = chance.choice(FACETS)
    assert complete_counts(client, params, name) == facet_counts(records, params, name), params


@pytest.mark.once
def test_many_more_actors_than_a_facet_shows_agree(client: Client) -> None:
    make_synthetic_cases(60, seed=7)
    records = read_records()
    assert len({actor for record in records for actor in record.values["actor"]}) > 40
    chance = random.Random(7)  # noqa: S311 - to repeat
    for _ in range(8):
        compare(client, chance, records)


def one_of(chance: random.Random, model: Any, **conditions: Any) -> Any:
    return chance.choice(list(model.objects.filter(**conditions).order_by("pk")))


def recode_a_warning(chance: random.Random) -> None:
    warning = one_of(chance, Warning)
    warning.channel, warning.reception = chance.choice(VALUES["channel"]), "accepted"
    warning.save()


def redate_a_warning_and_an_incident(chance: random.Random) -> None:
    for part in (one_of(chance, Warning), one_of(chance, Incident)):
        part.date_edtf = chance.choice(DATES)
        part.date_basis = "stated" if part.date_edtf else "not_stated"
        part.save()


def delete_a_warning(chance: random.Random) -> None:
    one_of(chance, Warning, claims=None).delete()


def readdress_a_warning(chance: random.Random) -> None:
    recipients = Actor.objects.filter(slug__in=chance.sample(FEATURED, 2))
    one_of(chance, Warning).recipients.set(recipients)


def move_an_actor_within_the_tree(chance: random.Random) -> None:
    moved = Actor.objects.get(slug=chance.choice(["residents", "army-cell", "borland-embassy"]))
    moved.parent = Actor.objects.get(slug=chance.choice(["aland-service", "army", "borland"]))
    moved.save()


def turn_residents_into_an_armed_group_or_back(chance: random.Random) -> None:
    kind = chance.choice(["armed_group", "collective"])
    Actor.objects.filter(slug="residents").update(kind=kind)


def take_a_case_back(chance: random.Random) -> None:
    Case.objects.filter(pk=one_of(chance, Case, status="published").pk).update(status="draft")


def publish_a_case(chance: random.Random) -> None:
    case = one_of(chance, Case, status="draft")
    Case.objects.filter(pk=case.pk).update(status="published")
    show(case)


def rename_and_stamp_a_case(chance: random.Random) -> None:
    case = one_of(chance, Case, status="published")
    case.title, case.updated_at = "Mid", STAMPS[-1]
    case.kind, case.records_status = "policy_origin", "released"
    case.save()


def turn_claims_into_disputes(chance: random.Random) -> None:
    case = one_of(chance, Case, status="published")
    make_claims(case, Source.objects.all()[0], [("kind", "unclear", "asserts", {})])
    Claim.objects.filter(case=one_of(chance, Case)).update(stance="disputes")


def delete_a_note(chance: random.Random) -> None:
    Note.objects.filter(pk=one_of(chance, Note).pk).delete()


def report_of_an_exception(chance: random.Random) -> None:
    assessment = one_of(chance, ExceptionAssessment)
    assessment.status = chance.choice(["not_reported", "withheld"])
    assessment.save()


def apply_a_directive(chance: random.Random) -> None:
    one_of(chance, Case).directives.add(one_of(chance, Directive))


def lift_a_directive(chance: random.Random) -> None:
    one_of(chance, Case, status="published").directives.clear()


def recount_deaths(chance: random.Random) -> None:
    incident = one_of(chance, Incident, kind="attack")
    incident.deaths, incident.deaths_qualifier = 7, "more_than"
    incident.save()


def delete_a_whole_case(chance: random.Random) -> None:
    case = one_of(chance, Case, status="published")
    QuerySet(Version).filter(case=case).delete()
    case.delete()


def move_an_incident(chance: random.Random) -> None:
    incident = one_of(chance, Incident)
    incident.country = chance.choice([None, one_of(chance, Actor, kind="state")])
    incident.save()


def let_another_actor_speak(chance: random.Random) -> None:
    speaker = chance.choice([None, Actor.objects.get(slug=chance.choice(FEATURED))])
    Claim.objects.filter(pk=one_of(chance, Claim).pk).update(speaker=speaker)


def find_a_claim_in_another_source(chance: random.Random) -> None:
    Claim.objects.filter(pk=one_of(chance, Claim).pk).update(source=one_of(chance, Source))


def change_the_slug_of_a_source(chance: random.Random) -> None:
    Source.objects.filter(slug="wire").update(slug="cable")


def give_an_actor_another_role(chance: random.Random) -> None:
    part = one_of(chance, Involvement, role="subject")
    Involvement.objects.filter(pk=part.pk).update(role="intended_victim")


def involve_an_actor(chance: random.Random) -> None:
    actor = Actor.objects.get(slug=chance.choice(FEATURED))
    Involvement.objects.get_or_create(case=one_of(chance, Case), actor=actor, role="policymaker")


CHANGES: list[Callable[[random.Random], None]] = [
    recode_a_warning,
    redate_a_warning_and_an_incident,
    delete_a_warning,
    readdress_a_warning,
    move_an_actor_within_the_tree,
    turn_residents_into_an_armed_group_or_back,
    take_a_case_back,
    publish_a_case,
    rename_and_stamp_a_case,
    turn_claims_into_disputes,
    delete_a_note,
    report_of_an_exception,
    apply_a_directive,
    lift_a_directive,
    recount_deaths,
    delete_a_whole_case,
    involve_an_actor,
    move_an_incident,
    let_another_actor_speak,
    find_a_claim_in_another_source,
    change_the_slug_of_a_source,
    give_an_actor_another_role,
]


def test_random_changes_are_in_lists_and_counts_at_once(client: Client) -> None:
    chance = random.Random(191)  # noqa: S311 - to repeat
    for change in chance.sample(CHANGES, len(CHANGES)):
        change(chance)
        show_all()
        records = read_records()
        params = some_query(chance, records)
        assert walk(client, "/cases/", params, 100) == matching(records, params), change
        for name in chance.sample(FACETS, 2):
            expected = facet_counts(records, params, name)
            assert complete_counts(client, params, name) == expected, change


# --- The traps, worked out by hand ---------------------------------------------------------------


class Reading:
    """What brute force reads of the casebook, which it reads again after something was written.

    To read all cases takes several times as long as to ask a page about them.
    """

    records: list[Record] | None = None

    def now(self) -> list[Record]:
        if self.records is None:
            show_all()
            self.records = read_records()
        return self.records

    def forget(self) -> None:
        self.records = None

    def __call__(
        self, execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any
    ) -> Any:
        """Execute a statement."""
        if not sql.startswith("SELECT"):
            self.forget()
        return execute(sql, params, many, context)


READING = Reading()


@pytest.fixture(autouse=True)
def reading(db: None) -> Iterator[None]:
    READING.forget()
    with connection.execute_wrapper(READING):
        yield


def check(client: Client, query: str, expected: list[Case], **counts: dict[str, int]) -> None:
    """Compare what is shown, what brute force finds, and what was worked out by hand.

    Each query is put to one page and one file. All of them read the same set, and the random
    queries go through all pages.
    """
    params = [(name, value) for name, _, value in (pair.partition("=") for pair in query.split())]
    numbers = [case.number for case in expected]
    records = READING.now()
    assert matching(records, params) == numbers
    path, view = list(SHOWN_AS.values())[len(query) % len(SHOWN_AS)]
    assert walk(client, path, [*params, *view], 100) == numbers
    in_file = in_csv if len(query) % 2 else in_json
    assert in_file(client, urlencode(params)) == numbers
    for name, count in counts.items():
        assert facet_counts(records, params, name) == count
        assert complete_counts(client, params, name) == count


@pytest.mark.once
def test_warning_filters_hold_of_one_warning_in_list_and_counts(client: Client) -> None:
    issuer, told, public = make_actor(slug="i"), make_actor(slug="told"), make_actor(slug="public")
    case = make_public()
    make_warning(case, issuer=issuer, recipients=[told], channel="private", reception="dismissed")
    make_warning(case, issuer=issuer, recipients=[public], channel="public", reception="accepted")
    check(client, "issuer=i recipient=told channel=private", [case])
    check(client, "issuer=i recipient=public channel=private", [])
    check(client, "issuer=i recipient=told recipient=public channel=private", [case])
    check(client, "issuer=i recipient=told channel=private reception=accepted", [])
    # Counts are of cases with such a warning, not of those with one of each.
    check(
        client,
        "issuer=i recipient=public channel=private",
        [],
        channel={"public": 1},
        recipient={"told": 1},
        reception={},
    )
    # Filters of the case as a whole may match different warnings.
    check(client, "issuer=i channel__all=private channel__all=public", [case])
    check(client, "issuer=i recipient=public channel__all=private", [case])
    check(client, "issuer=i recipient=public channel__not=private", [])


@pytest.mark.once
def test_role_and_actor_hold_of_one_involvement_in_list_and_counts(client: Client) -> None:
    group = make_actor(slug="group", kind="armed_group")
    wing = make_actor(slug="wing", kind="armed_group", parent=group)
    issuer = make_actor(slug="i")
    both, apart, wings = (make_public() for _ in range(3))
    for case in (both, apart, wings):
        make_warning(case, issuer=issuer, recipients=[])
    make_involvement(both, actor=group, role="claimant")
    make_involvement(both, actor=issuer, role="accused")
    make_involvement(apart, actor=group, role="accused")
    make_involvement(apart, actor=issuer, role="claimant")
    make_involvement(wings, actor=wing, role="claimant")
    roles, everybody = {"claimant": 3, "accused": 2}, {"i": 3, "group": 3, "wing": 1}
    check(client, "issuer=i", [both, apart, wings], role=roles, actor=everybody)
    check(client, "issuer=i actor=group", [both, apart, wings], role={"claimant": 2, "accused": 1})
    claimants = {"group": 2, "wing": 1, "i": 1}
    check(client, "issuer=i role=claimant", [both, apart, wings], actor=claimants, role=roles)
    check(client, "issuer=i actor=group role=claimant", [both, wings], actor=claimants)
    check(
        client,
        "issuer=i actor=wing role=accused",
        [],
        actor={"group": 1, "i": 1},
        role={"claimant": 1},
    )
    check(client, "issuer=i actor=i role=accused role=claimant", [both, apart])
    # Whom a warning only names has no role of its own.
    check(client, "issuer=i actor=i role=claimant", [apart])
    # Filters of the case as a whole may match different actors.
    check(client, "issuer=i actor=group role__all=claimant role__all=accused", [both, apart])
    check(client, "issuer=i actor=group role__not=accused", [wings])
    check(client, "issuer=i actor__all=i role=accused", [both, apart])
    check(client, "issuer=i actor__not=wing role=claimant", [both, apart])


@pytest.mark.once
def test_country_not_stated_is_told_from_one_that_does_not_apply(client: Client) -> None:
    state, issuer = make_actor(slug="state", kind="state"), make_actor(slug="i")
    there, somewhere, nowhere, uncoded = (make_public() for _ in range(4))
    for case in (there, somewhere, nowhere, uncoded):
        make_warning(case, issuer=issuer)
    make_incident(there, country=state)
    make_incident(there)
    make_incident(somewhere, kind="averted")
    make_incident(nowhere, kind="none_reported")
    counts = {"state": 1, "not_stated": 2, "not_applicable": 1}
    check(client, "issuer=i", [there, somewhere, nowhere, uncoded], country=counts)
    check(client, "issuer=i country=state", [there], country=counts)
    check(client, "issuer=i country=not_stated", [there, somewhere])
    check(client, "issuer=i country=not_applicable", [nowhere])
    check(client, "issuer=i country__all=not_stated country__all=state", [there])
    check(client, "issuer=i country__not=not_stated", [nowhere, uncoded])
    # An actor that is only the place of an incident has no role.
    check(client, "actor=state", [])


@pytest.mark.once
def test_speaker_and_source_are_those_of_any_claim(client: Client) -> None:
    ministry = make_actor(slug="ministry")
    officer, issuer = make_actor(slug="officer", parent=ministry), make_actor(slug="i")
    daily, weekly = make_source(slug="daily"), make_source(slug="weekly")
    said, mixed, silent = (make_public() for _ in range(3))
    for case in (said, mixed, silent):
        make_warning(case, issuer=issuer)
    make_claims(said, daily, [("kind", "quoted", "asserts", {"speaker": officer})])
    make_claims(mixed, daily, [("kind", "stated", "asserts", {})])
    make_claims(mixed, weekly, [("kind", "quoted", "disputes", {"speaker": ministry})])
    speakers = {"ministry": 2, "officer": 1, "not_stated": 1}
    sources = {"daily": 2, "weekly": 1}
    check(client, "issuer=i", [said, mixed, silent], speaker=speakers, source=sources)
    check(client, "issuer=i speaker=ministry", [said, mixed], speaker=speakers)
    check(client, "issuer=i speaker=officer", [said], source={"daily": 1})
    check(client, "issuer=i speaker=not_stated", [mixed])
    check(client, "issuer=i speaker__not=not_stated", [said, silent])
    check(client, "issuer=i source=weekly", [mixed], source=sources)
    check(client, "issuer=i source__all=daily source__all=weekly", [mixed])
    check(client, "issuer=i source__not=weekly", [said, silent])


@pytest.mark.once
def test_precision_is_that_of_the_date_of_the_case(client: Client) -> None:
    issuer = make_actor(slug="i")
    dates = {
        "day": ["2024-03-07"],
        "month": ["2024-03", "2024-03-XX"],
        "year": ["2024", "2024-XX"],
        "span": ["2024-03-07/2024-03-22", "2024~", "/2024-02", "2024-02/", "202X"],
        "not_stated": [""],
    }
    cases: dict[str, list[Case]] = {}
    for precision, expressions in dates.items():
        for date in expressions:
            case = make_public()
            make_warning(case, issuer=issuer, date=date)
            cases.setdefault(precision, []).append(case)
    counts = {precision: len(found) for precision, found in cases.items()}
    for precision, found in cases.items():
        shown = ask(client, "/cases/", [("issuer", "i"), ("precision", precision)])
        assert {case.number for case in shown["object_list"]} == {case.number for case in found}
        assert complete_counts(client, [("issuer", "i")], "precision") == counts


@pytest.mark.once
def test_facet_leaves_its_own_selection_out_and_keeps_its_other_forms(client: Client) -> None:
    issuer = make_actor(slug="i")
    told, published = make_public(), make_public(kind="policy_origin")
    make_warning(told, issuer=issuer, channel="private")
    make_warning(published, issuer=issuer, channel="public")
    both, kinds = {"private": 1, "public": 1}, {"warning_given": 1, "policy_origin": 1}
    check(client, "issuer=i", [told, published], channel=both, kind=kinds)
    check(client, "issuer=i channel=private", [told], channel=both, kind={"warning_given": 1})
    check(client, "issuer=i channel=private channel=public", [told, published], channel=both)
    check(client, "issuer=i channel__not=private", [published], channel={"public": 1})
    check(client, "issuer=i channel__all=private", [told], channel={"private": 1})
    check(client, "issuer=i channel=public channel__not=public", [], channel={"private": 1})


@pytest.mark.once
def test_actor_filters_and_counts_include_grandchildren_not_parents(client: Client) -> None:
    top = make_actor(slug="top", kind="armed_group")
    middle = make_actor(slug="middle", kind="armed_group", parent=top)
    bottom = make_actor(slug="bottom", kind="armed_group", parent=middle)
    issuer = make_actor(slug="i")
    deep, high = make_public(), make_public()
    make_warning(deep, issuer=issuer, recipients=[bottom])
    make_involvement(deep, actor=bottom)
    make_warning(high, issuer=issuer, recipients=[top])
    make_involvement(high, actor=top)
    lineage = {"top": 2, "middle": 1, "bottom": 1}
    for name, others in {"recipient": {}, "actor": {"i": 2}, "armed_group": {}}.items():
        check(client, f"{name}=top", [deep, high])
        check(client, f"{name}=middle", [deep])
        check(client, f"{name}=bottom", [deep])
        check(client, f"issuer=i {name}=middle", [deep], **{name: lineage | others})
        check(client, f"issuer=i {name}__not=middle", [high])
    # A case that names both a group and its affiliate counts once for the group.
    make_involvement(deep, actor=top)
    check(client, "issuer=i", [deep, high], armed_group=lineage)


@pytest.mark.once
def test_open_and_missing_dates_match_possibly_or_certainly(client: Client) -> None:
    issuer = make_actor(slug="i")
    until, since, undated, exact = (make_public() for _ in range(4))
    dates = {until: "/2022-02", since: "2022-02/", undated: "", exact: "2022-02"}
    for case, date in dates.items():
        make_warning(case, issuer=issuer, date=date)
    eras = {"after_icd191": 2, "not_stated": 2}
    check(client, "issuer=i", [until, exact, since, undated], era=eras)
    check(client, "issuer=i sort=date", [since, exact, until, undated])
    # An open end reaches into any range; what is not stated reaches into none.
    check(client, "issuer=i date_from=0001", [until, exact, since])
    check(client, "issuer=i date_from=2023", [since], era={"after_icd191": 1})
    check(client, "issuer=i date_to=2022-01", [until], era={"not_stated": 1})
    check(client, "issuer=i date_from=2022-02-28 date_to=2022-02-28", [until, exact, since])
    certain = "issuer=i date_match=certain"
    check(client, certain, [until, exact, since, undated])
    check(client, f"{certain} date_from=2022-02", [exact, since])
    check(client, f"{certain} date_to=2022-02", [until, exact])
    check(client, f"{certain} date_from=2022-02 date_to=2022", [exact])
    check(client, f"{certain} date_from=2022-02 date_to=2022-02-27", [])


@pytest.mark.once
def test_case_is_contested_only_where_one_and_the_same_value_is(client: Client) -> None:
    issuer, source = make_actor(slug="i"), make_source()
    disputed, apart = make_public(), make_public()
    for case in (disputed, apart):
        for _ in range(2):
            make_warning(case, issuer=issuer)
    once, again = disputed.warnings.all()
    make_claims(disputed, source, [("channel", "stated", "asserts", {"warning": once})])
    make_claims(disputed, source, [("channel", "alleged", "disputes", {"warning": once})])
    once, again = apart.warnings.all()
    asserted: list[tuple[str, dict[str, Any]]] = [("channel", {"warning": once}), ("kind", {})]
    others: list[tuple[str, dict[str, Any]]] = [
        ("channel", {"warning": again}),
        ("channel", {}),
        ("", {"warning": again}),
        ("basis", {"warning": once}),
    ]
    for field, part in asserted:
        make_claims(apart, source, [(field, "stated", "asserts", part)])
    for field, part in others:
        make_claims(apart, source, [(field, "stated", "disputes", part)])
    make_claims(apart, source, [("kind", "stated", "declines", {})])
    check(client, "issuer=i contested=yes", [disputed], contested={"yes": 1, "no": 1})
    check(client, "issuer=i contested=no", [apart])
    check(client, "issuer=i contested__not=no", [disputed], modality={"stated": 1, "alleged": 1})
    # A claim for the basis of the other warning asserts that warning, disputed as a whole.
    make_claims(apart, source, [("basis", "stated", "asserts", {"warning": again})])
    check(client, "issuer=i contested=yes", [disputed, apart], contested={"yes": 2})


@pytest.mark.once
@pytest.mark.parametrize("whole", ["warning", "case"])
def test_case_is_contested_where_a_part_is_as_a_whole(client: Client, whole: str) -> None:
    case, source = make_public(), make_source()
    warning = make_warning(case, issuer=make_actor(slug="i"))
    part = {"warning": warning} if whole == "warning" else {}
    make_claims(case, source, [("", "stated", "disputes", part), ("", "stated", "declines", part)])
    check(client, "issuer=i contested=yes", [])
    field = "channel" if part else "kind"
    make_claims(case, source, [(field, "stated", "asserts", part)])
    check(client, "issuer=i contested=yes", [case], contested={"yes": 1})
    check(client, "issuer=i contested__not=yes", [])


@pytest.mark.once
def test_sorts_put_last_in_both_directions_what_they_cannot_go_by(client: Client) -> None:
    issuer = make_actor(slug="i")
    empty, early, late, twice, tied = (make_public() for _ in range(5))
    for case, warned, happened, deaths in [
        (empty, "", "", None),
        (early, "2020-01-01", "2020-01-11", 0),
        (late, "2024-01-01", "2024-01-06", 3),
        (twice, "2022-01-01/2022-01-05", "2022-01-07", 1),  # two to six days
        (tied, "2020-01-01", "2020-01-11", 1),
    ]:
        make_warning(case, issuer=issuer, date=warned)
        qualifier = "exact" if deaths is not None else "not_stated"
        make_incident(case, date=happened, deaths=deaths, qualifier=qualifier)
    make_warning(twice, issuer=issuer, date="2021-12-31/2022-01-04")  # three to seven days
    make_incident(twice, date="2023", deaths=2, qualifier="more_than")
    make_incident(twice, date="2023", deaths=90, qualifier="about")  # gives no bound
    for sort, expected in {
        "date": [early, tied, twice, late, empty],
        "-date": [late, twice, early, tied, empty],
        "lead_time": [twice, late, early, tied, empty],
        "-lead_time": [early, tied, twice, late, empty],
        "-deaths": [twice, late, tied, early, empty],
    }.items():
        check(client, f"issuer=i sort={sort}", expected)


@pytest.mark.once
def test_lead_time_sorts_put_an_unknown_order_between_the_computable_and_the_others(
    client: Client,
) -> None:
    issuer = make_actor(slug="i")
    made = [
        ("2024-01", "2024-01", "attack", "not_stated"),  # from 30 days before to 30 days after
        ("", "2024-01", "attack", "yes"),
        ("2024-01", "2024-01", "attack", "yes"),  # 0 to 30 days
        ("2011", "2013", "not_stated", "not_stated"),
        ("2023", "2024", "attack", "not_stated"),  # 1 to 730 days
        ("2024", "2024", "attack", "not_stated"),  # from 365 days before to 365 days after
        ("2024-02", "2024-01", "attack", "yes"),  # the dates contradict the source
        ("2024-02", "2024-01", "attack", "no"),  # from 59 days to 1 day after
    ]
    cases = [make_public() for _ in made]
    for case, (warned, happened, kind, before) in zip(cases, made, strict=True):
        make_warning(case, issuer=issuer, date=warned, before_incident=before)
        make_incident(case, date=happened, kind=kind)
    month, undated, first, untold, year_before, year, contradiction, after = cases
    last = [undated, untold, contradiction]
    check(client, "issuer=i sort=lead_time", [after, first, year_before, year, month, *last])
    check(client, "issuer=i sort=-lead_time", [year_before, first, after, year, month, *last])
    # What can be computed for one warning decides over what cannot for another.
    make_warning(year, issuer=issuer, date="2023-12-31")
    check(client, "issuer=i sort=-lead_time", [year_before, year, first, after, month, *last])
    # What a source tells is what days are counted to, however late it came.
    make_incident(untold, date="2015-01-01")
    computable = [untold, year_before, year, first, after]
    check(client, "issuer=i sort=-lead_time", [*computable, month, undated, contradiction])


def test_title_sort_minds_neither_case_nor_the_key_but_in_ties(client: Client) -> None:
    issuer = make_actor(slug="i")
    cases = [make_public(title=title) for title in ("beta", "Alpha", "alpha", "Zulu", "Beta")]
    for case in cases:
        make_warning(case, issuer=issuer)
    beta, alpha, alpha_too, zulu, beta_too = cases
    check(client, "issuer=i sort=title", [alpha, alpha_too, beta, beta_too, zulu])


def test_unpublished_cases_are_nowhere(client: Client) -> None:
    issuer, seen = make_actor(slug="i"), make_public()
    make_warning(seen, issuer=issuer, channel="public")
    for status in ("draft", "in_review", "withdrawn"):
        hidden = make_public(status=status, withdrawn_reason="It was made up.")
        make_warning(hidden, issuer=issuer, channel="private")
        make_involvement(hidden, actor=issuer)
    told = seen.warnings.get().recipients.get().slug  # whom the factory made up
    counts = {"channel": {"public": 1}, "kind": {"warning_given": 1}, "actor": {"i": 1, told: 1}}
    check(client, "issuer=i", [seen], **counts)
    check(client, "issuer=i channel=private", [], channel={"public": 1})
    # An actor that only unpublished cases name is not so much as a value.
    Case.objects.filter(pk=seen.pk).update(status="draft")
    for query in (f"issuer={UNOFFERED}", "issuer=i"):
        context = client.get(f"/cases/?{query}").context
        assert len(context["query"].notices) == 1
        assert context["paginator"].count == len(read_records())


@pytest.mark.once
def test_exception_of_which_nothing_is_reported_is_not_found(client: Client) -> None:
    issuer = make_actor(slug="i")
    known, silent = make_public(), make_public()
    for case, status in [(known, "ruled_out"), (silent, "not_reported")]:
        make_warning(case, issuer=issuer)
        add_assessment(case, "never-reported", status)
    exceptions = {"never-reported": 1, "not_stated": 1}
    check(client, "issuer=i exception=never-reported", [known], exception=exceptions)
    check(client, "issuer=i exception=not_stated", [silent], exception=exceptions)
    check(client, "issuer=i exception__not=never-reported", [silent], exception={"not_stated": 1})
    check(client, "issuer=i exception__not=not_stated", [known], exception={"never-reported": 1})


@pytest.mark.once
def test_exception_and_assessment_match_one_and_the_same_assessment(client: Client) -> None:
    issuer = make_actor(slug="i")
    argued, crossed, silent = make_public(), make_public(), make_public()
    assessed = [
        (argued, "argued-often", "argued"),
        (crossed, "argued-often", "withheld"),
        (crossed, "argued-once", "argued"),
        (silent, "argued-once", "not_reported"),
    ]
    for case in (argued, crossed, silent):
        make_warning(case, issuer=issuer)
    for case, exception, status in assessed:
        add_assessment(case, exception, status)
    both = {"argued-often": 1, "argued-once": 1}
    check(client, "issuer=i assessment=argued", [argued, crossed], exception=both)
    of_often = {"argued": 1, "withheld": 1}
    check(client, "issuer=i exception=argued-often", [argued, crossed], assessment=of_often)
    check(client, "issuer=i exception=argued-often assessment=argued", [argued], exception=both)
    check(client, "issuer=i exception=argued-once assessment=withheld", [])
    check(client, "issuer=i exception=not_stated assessment=argued", [])
    # What excludes or combines is about the case as a whole.
    check(client, "issuer=i assessment__all=argued assessment__all=withheld", [crossed])
    check(client, "issuer=i assessment__not=withheld", [argued, silent])
    check(client, "issuer=i assessment__not=withheld exception=argued-often", [argued])


@pytest.mark.once
def test_case_that_names_no_such_actor_is_found_by_not_stated(client: Client) -> None:
    issuer, source = make_actor(slug="i"), make_source()
    group = make_actor(slug="group", kind="armed_group")
    member = make_actor(slug="member", kind="individual", parent=group)
    told, untold, halfway, silent = (make_public() for _ in range(4))
    make_warning(told, issuer=issuer, recipients=[group])
    make_involvement(told, actor=member)
    for recipients in ([issuer], []):
        make_warning(halfway, issuer=issuer, recipients=recipients, channel="private")
    make_warning(untold, issuer=issuer, recipients=[], channel="public")
    make_involvement(untold, actor=issuer)
    make_claims(silent, source, [("kind", "stated", "asserts", {"speaker": issuer})])
    # A recipient is missing only where there is a warning; and of one and the same warning.
    told_to = {"group": 1, "i": 1, "not_stated": 2}
    check(client, "issuer=i", [told, untold, halfway], recipient=told_to)
    check(client, "issuer=i recipient=not_stated", [untold, halfway], recipient=told_to)
    check(client, "issuer=i recipient=not_stated recipient=i", [untold, halfway])
    check(client, "issuer=i recipient=not_stated channel=public", [untold])
    check(client, "issuer=i recipient__not=not_stated", [told])
    check(client, "issuer=i recipient__all=not_stated recipient__all=i", [halfway])
    # Whoever belongs to a group names it; to receive a warning is no role of an armed group.
    groups = {"group": 1, "not_stated": 2}
    check(client, "issuer=i armed_group=not_stated", [untold, halfway], armed_group=groups)
    check(client, "issuer=i armed_group__not=not_stated", [told], armed_group={"group": 1})
    # Who only speaks in a claim has no role in the case.
    Case.objects.filter(pk=silent.pk).update(title="Lonely")
    show(silent)
    for form, expected in {"actor": [silent.number], "actor__not": []}.items():
        found = client.get("/cases/", {"q": "lonely", form: "not_stated"}).context["object_list"]
        assert [case.number for case in found] == expected
    # A warning always has an issuer, and so the value finds none; it is a value all the same.
    check(client, "issuer=not_stated actor=i", [], issuer={"i": 3})
