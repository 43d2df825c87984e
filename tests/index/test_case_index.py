"""The index of cases: it follows every change, and equals one that is made anew."""

from __future__ import annotations

import random
from typing import Any
from unittest import mock

import pytest
from django.db import OperationalError, connection
from django.db.models import Value
from django.db.models.functions import Concat
from django.http import QueryDict
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from cases import search, synthetic
from cases.finding.case_filter import CaseFilter
from cases.finding.place_in_list import place_of
from cases.finding.selection import SORTS
from cases.index import case_index, contents, loading, order
from cases.index.case_index import ACTORS, WARNING_DIMENSIONS, CaseIndex
from cases.index.public_names import only_public
from cases.models import (
    Actor,
    Case,
    Claim,
    Directive,
    DirectiveException,
    Incident,
    Source,
    Warning,
)
from cases.models.vocabulary import AssessmentStatus, Role
from tests.support.factories import (
    make_actor,
    make_assessment,
    make_case,
    make_claim,
    make_involvement,
    make_source,
    make_warning,
    show,
    show_all,
)

pytestmark = pytest.mark.django_db

DIMENSIONS = (
    *ACTORS,
    *WARNING_DIMENSIONS,
    *("kind", "incident", "era", "directive", "exception", "modality", "contested", "has_notes"),
    *("records_status", "precision", "role", "source", "assessment"),
    loading.ORDER,
)


def picture(index: CaseIndex) -> dict[str, Any]:
    """Return everything that can be asked of an index, without empty sets."""
    found: dict[str, Any] = {"cases": set(index.cases), "actors": index.actor_choices()}
    for name in DIMENSIONS:
        for layer in range(loading.WHOLE, 6):
            sets = {
                value: set(cases) for value, cases in index.having(name, layer).items() if cases
            }
            found[f"{name} {layer}"] = sets
            firm = index.not_inferred(name, layer)
            found[f"firm {name} {layer}"] = {v: set(cases) for v, cases in firm.items() if cases}
    for role in Role.values:
        named = index.having("actor", role)
        found[f"actor as {role}"] = {slug: set(cases) for slug, cases in named.items() if cases}
    for status in AssessmentStatus.values:
        named = index.not_inferred("exception", status)
        found[f"{status} firm"] = {slug: set(cases) for slug, cases in named.items() if cases}
    found["sources"] = index.source_choices()
    for sort in set(SORTS) - {"relevance"}:
        found[sort] = list(index.ordered(index.cases, sort))
    found["totals"] = dict(index.totals_of(index.cases))
    found["days"] = (index.days_of(index.cases), index.open_dates(index.cases))
    for certain in (True, False):
        found[f"dated {certain}"] = set(index.dated(700_000, 735_000, certain=certain))
    return found


@pytest.fixture
def collection() -> None:
    synthetic.make(cases=60, seed=5)


def edit(chance: random.Random) -> None:
    """Make a change, each time by another way of writing."""
    case = chance.choice(list(Case.objects.order_by("pk")))
    warning = chance.choice(list(Warning.objects.order_by("pk")))
    incident = chance.choice(list(Incident.objects.order_by("pk")))
    actor = chance.choice(list(Actor.objects.order_by("pk")))
    status = chance.choice(["published", "draft", "in_review"])
    chance.choice(
        [
            lambda: Case.objects.filter(pk=case.pk).update(title=f"Other {chance.random()}"),
            lambda: Case.objects.filter(pk=case.pk).update(status=status),
            lambda: Warning.objects.filter(pk=warning.pk).update(channel="public"),
            lambda: warning.recipients.add(make_actor(name="Newcomer")),
            lambda: Incident.objects.filter(pk=incident.pk).update(
                deaths=5, deaths_qualifier="exact", kind="attack"
            ),
            lambda: make_warning(case, date="2001", issuer=actor),
            lambda: make_case(published=True),
            lambda: Actor.objects.filter(pk=actor.pk).update(name="Renamed"),
            lambda: make_assessment(case, status=chance.choice(["argued", "not_reported"])),
            lambda: case.directives.set(list(Directive.objects.all())[:2]),
            lambda: Directive.objects.update(slug=Concat("slug", Value("-x"))),
            lambda: make_warning(case, date=chance.choice(["/2019", "2014/", "2016"])),
            lambda: DirectiveException.objects.update(slug=Concat("slug", Value("-later"))),
            lambda: Claim.objects.filter(case=case).update(modality="alleged"),
            lambda: Claim.objects.filter(case=case).update(speaker=actor),
            lambda: Claim.objects.filter(case=case).update(source=make_source()),
            lambda: Source.objects.update(title=Concat("title", Value(", later"))),
            lambda: Incident.objects.filter(pk=incident.pk).update(country=actor),
            lambda: make_involvement(case, role="context"),
            lambda: make_warning(case, date="2002", conduit="phone", who_specificity="named"),
            lambda: Case.objects.filter(pk=case.pk, versions=None).delete(),
        ]
    )()


@pytest.mark.usefixtures("collection")
@pytest.mark.parametrize("seed", range(3))
@pytest.mark.slow
def test_index_that_followed_changes_equals_one_made_anew(seed: int) -> None:
    index = case_index.current()
    picture(index)  # what was derived must not outlive the change
    chance = random.Random(seed)  # noqa: S311 - a repeatable choice, no secret
    for _ in range(15):
        for _ in range(3):
            edit(chance)
        show_all()
        followed = case_index.current()
        assert followed is index
        assert picture(followed) == picture(CaseIndex.made_anew())


def test_index_without_a_change_asks_one_query(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    make_case(published=True)
    case_index.current()
    with django_assert_num_queries(1):
        case_index.current()


def test_index_reads_again_only_what_changed(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    case = make_case(published=True)
    case_index.current()
    Case.objects.filter(pk=case.pk).update(title="Other")
    # The number of the last change; the changes; the versions of the cases that changed.
    with django_assert_num_queries(3):
        case_index.current()


def test_very_many_changed_cases_are_sorted_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(order, "MAX_MOVED", 1)
    cases = [make_case(published=True, title=title) for title in ("Zebra", "Ant", "Mole")]
    index = case_index.current()
    for case, title in zip(cases, ("Bee", "Cat", "Dog"), strict=True):
        Case.objects.filter(pk=case.pk).update(title=title)
    show_all()
    assert case_index.current() is index
    in_order = list(index.ordered(index.cases, "title"))
    assert in_order == [case.pk for case in cases]


def test_index_follows_the_slug_of_an_exception() -> None:
    case, silent = make_case(published=True), make_case(published=True)
    assessment = make_assessment(case, status="argued")
    index = case_index.current()
    unnamed = {"not_stated": {silent.pk}}
    assert named(index) == {assessment.exception.slug: {case.pk}} | unnamed
    DirectiveException.objects.filter(pk=assessment.exception.pk).update(slug="other")
    show(case)  # a change of a slug makes a version of each case that mentions it
    assert case_index.current() is index
    assert named(index) == {"other": {case.pk}} | unnamed
    assessment.delete()
    show(case)
    assert named(case_index.current()) == {"not_stated": {case.pk, silent.pk}}


def named(index: CaseIndex) -> dict[str, set[int]]:
    """Return the cases by the exceptions of which something is reported."""
    return {slug: set(cases) for slug, cases in index.having("exception").items() if cases}


def test_index_follows_an_actor_that_joins_another() -> None:
    group, affiliate = make_actor(slug="group"), make_actor(slug="affiliate")
    case = make_case(published=True)
    make_warning(case, issuer=affiliate)
    assert "group" not in case_index.current().having("issuer")
    Actor.objects.filter(pk=affiliate.pk).update(parent=group)
    assert list(case_index.current().having("issuer")["group"]) == [case.pk]
    assert "group" in case_index.current().actor_choices()


def test_index_survives_a_circle_of_parents() -> None:
    one, two = make_actor(slug="one"), make_actor(slug="two")
    case = make_case(published=True)
    make_warning(case, issuer=one)
    Actor.objects.filter(pk=one.pk).update(parent=two)
    Actor.objects.filter(pk=two.pk).update(parent=one)
    issuers = case_index.current().having("issuer")
    assert case.pk in issuers["one"]
    assert case.pk in issuers["two"]


def test_index_never_has_what_is_not_published() -> None:
    case = make_case(published=True)
    make_claim(case, speaker=make_actor(slug="secret-speaker"))
    assert "secret-speaker" in case_index.current().actor_choices()
    Case.objects.filter(pk=case.pk).update(status="withdrawn", withdrawn_reason="A mistake.")
    index = case_index.current()
    assert not index.cases
    assert index.actor_choices() == {}
    assert not any(cases for name in DIMENSIONS for cases in index.having(name).values())


class Watched:
    """A lock that tells whether it is held; nothing else of the index is to be touched without."""

    def __init__(self) -> None:
        self.depth = 0

    def __enter__(self) -> None:
        self.depth += 1

    def __exit__(self, *error: object) -> None:
        self.depth -= 1


def watched(
    monkeypatch: pytest.MonkeyPatch, place: Any, name: str, lock: Watched, seen: list[str]
) -> None:
    """Let a method note its name if it is called while the lock is held, and fail otherwise."""
    method = getattr(place, name)

    def call(*arguments: Any, **named: Any) -> Any:
        assert lock.depth, f"{name} without the lock"
        seen.append(name)
        return method(*arguments, **named)

    monkeypatch.setattr(place, name, call)


def test_index_changes_only_while_its_lock_is_held(monkeypatch: pytest.MonkeyPatch) -> None:
    case = make_case(published=True)
    index = case_index.current()
    lock, seen = Watched(), list[str]()
    monkeypatch.setattr(index, "reading", lock)
    for name in ("remove", "add"):
        watched(monkeypatch, contents.Contents, name, lock, seen)
    Case.objects.filter(pk=case.pk).update(title="Other")
    assert case_index.current() is index
    assert seen == ["remove", "add"]


def test_query_reads_the_index_only_while_its_lock_is_held(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    case = make_case(published=True, title="A market")
    query = CaseFilter(QueryDict("q=market&kind=warning_given&channel=private"))
    lock, seen = Watched(), list[str]()
    monkeypatch.setattr(query.index, "reading", lock)
    for name in ("having", "ordered", "actor_choices"):
        watched(monkeypatch, query.index, name, lock, seen)
    assert list(query.keys[:25]) == [case.pk]
    assert query.counts("reception")["dismissed"] == 1
    place = place_of(case.pk, query, 25)
    assert place is not None
    assert set(seen) == {"having", "ordered", "actor_choices"}


def test_pages_count_cases_of_exceptions_and_actors_only_while_the_lock_is_held(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_assessment(make_case(published=True), status="withheld")
    index = case_index.current()
    lock, seen = Watched(), list[str]()
    monkeypatch.setattr(index, "reading", lock)
    watched(monkeypatch, index, "having", lock, seen)
    slug = DirectiveException.objects.get().slug
    for address in ("/exceptions/", f"/exceptions/{slug}/", "/actors/"):
        assert client.get(address).status_code == 200
    assert len(seen) >= 3


def test_dates_are_compared_only_while_the_lock_is_held(monkeypatch: pytest.MonkeyPatch) -> None:
    make_case(published=True)
    query = CaseFilter(QueryDict("date_from=2099"))
    lock, seen = Watched(), list[str]()
    monkeypatch.setattr(query.index, "reading", lock)
    watched(monkeypatch, query.index, "dated", lock, seen)
    assert len(query.keys) == 0
    assert seen


def test_change_that_cannot_be_read_leaves_the_index_as_it_was(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    case = make_case(published=True)
    index = case_index.current()
    Case.objects.filter(pk=case.pk).update(title="Other")
    failing = mock.patch.object(case_index, "facts", side_effect=OperationalError("gone"))
    with failing, pytest.raises(OperationalError):
        case_index.current()
    assert set(index.cases) == {case.pk}
    assert case_index.current() is index
    assert set(index.cases) == {case.pk}


def test_change_is_read_without_the_lock(monkeypatch: pytest.MonkeyPatch) -> None:
    case = make_case(published=True)
    index = case_index.current()
    lock, depths = Watched(), list[int]()
    monkeypatch.setattr(index, "reading", lock)

    def read(*arguments: Any) -> Any:
        depths.append(lock.depth)
        return loading.facts(*arguments)

    monkeypatch.setattr(case_index, "facts", read)
    Case.objects.filter(pk=case.pk).update(title="Other")
    assert case_index.current() is index
    assert depths == [0]


def test_filters_offer_the_actors_that_have_a_page(collection: None) -> None:
    public = {actor.slug for actor in only_public(Actor.objects.all())}
    assert set(case_index.current().actor_choices()) == public


def test_query_searches_without_the_lock(monkeypatch: pytest.MonkeyPatch) -> None:
    make_case(published=True, title="A market")
    query = CaseFilter(QueryDict("q=market"))
    lock = Watched()
    monkeypatch.setattr(query.index, "reading", lock)
    criteria: list[int] = []
    ask = search._ask

    def match(*arguments: Any, **named: Any) -> Any:
        criteria.append(lock.depth)
        return ask(*arguments, **named)

    monkeypatch.setattr(search, "_ask", match)
    assert len(query.keys[:25]) == 1
    assert query.keys.around(0) is None
    assert set(criteria) == {0}
    assert len(criteria) >= 2  # anywhere, and at least in titles


def test_index_is_prepared_when_the_server_starts(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    make_case(published=True)
    with mock.patch.object(connection, "close"):  # the test's own
        case_index.prepare()
    with django_assert_num_queries(1):
        assert len(case_index.current().cases) == 1


def test_server_starts_without_its_database(caplog: pytest.LogCaptureFixture) -> None:
    failing = mock.patch.object(case_index, "current", side_effect=OperationalError("gone"))
    with failing, mock.patch.object(connection, "close"):
        case_index.prepare()
    assert "will be made at the first list: gone" in caplog.text
