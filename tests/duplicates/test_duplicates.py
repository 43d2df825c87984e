"""Likely duplicates: which names, addresses and cases are called the same, and which are not."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cases.duplicates import like_actor, like_case, like_source, like_source_title
from cases.duplicates.alike import names_alike, titles_alike
from cases.duplicates.finding import Event
from cases.duplicates.sounds import words_of
from cases.duplicates.urls import page_of
from cases.models import Actor, Case
from tests.support.factories import make_actor, make_case, make_incident, make_source, make_warning
from tests.support.name_pairs import DIFFERENT, KNOWN_TO_BE_MISSED, SAME, pairs


def alike(one: str, other: str) -> bool:
    return names_alike(words_of(one), words_of(other))


@pytest.mark.parametrize(("one", "other"), pairs(SAME))
def test_name_under_another_spelling_is_called_the_same(one: str, other: str) -> None:
    assert alike(one, other)
    assert alike(other, one)


@pytest.mark.parametrize(("one", "other"), pairs(DIFFERENT))
def test_name_of_somebody_else_is_not_called_the_same(one: str, other: str) -> None:
    assert not alike(one, other)
    assert not alike(other, one)


def test_pairs_that_are_missed_are_known() -> None:
    """The guide says which spellings aliases are for; whoever makes them found says so there."""
    missed = [pair for pair in pairs(KNOWN_TO_BE_MISSED) if not alike(*pair)]
    assert missed == pairs(KNOWN_TO_BE_MISSED)


@given(st.text(max_size=60), st.text(max_size=60))
def test_any_two_names_are_compared_alike_from_both_sides(one: str, other: str) -> None:
    words = words_of(one)
    assert names_alike(words, words) == bool(words)
    assert alike(one, other) in (True, False)


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("Warning to Iran before the Kerman attack", "US warned Iran of Kerman bombing", True),
        ("Crocus City Hall", "Krokus City Hall attack", True),
        ("Warning to Iran before the attack", "Warning to Iraq before the attack", False),
        ("Warning to Iran before the Kerman attack", "Warning to Russia before Moscow", False),
        ("Embassy warning in Moscow, 2024", "Embassy warning in Kabul, 2024", False),
        ("", "", False),
    ],
)
def test_title_is_like_another_if_they_share_most_words_that_tell(
    one: str, other: str, same: bool
) -> None:
    assert titles_alike(words_of(one), words_of(other)) is same


@pytest.mark.parametrize(
    "address",
    [
        "http://www.example.org/news/2024/kerman-attack",
        "https://example.org/news/2024/kerman-attack/",
        "https://EXAMPLE.org/news/2024/kerman-attack#comments",
        "https://m.example.org/news/2024/kerman-attack?utm_source=x&utm_campaign=y&fbclid=1",
        "https://example.org:443/news/2024/kerman-attack?gclid=1",
        "example.org/news/2024/kerman%2Dattack",
        "https://example.org/news/2024/kerman-attack/index.html",
        "https://web.archive.org/web/20240105000000/https://example.org/news/2024/kerman-attack",
    ],
)
@pytest.mark.django_db
def test_source_at_the_same_address_is_found(address: str) -> None:
    source = make_source(url="https://example.org/news/2024/kerman-attack")
    make_source(url="https://example.org/news/2024/kerman-attack-2")
    (found,) = like_source(address)
    assert found.record == source
    assert like_source(address, leave_out=source.pk) == []


@pytest.mark.parametrize(
    "address",
    [
        "https://example.org/story?id=8",
        "https://example.org/Story?id=7",
        "https://other.example.org/story?id=7",
        "https://example.org/",
        "",
        "no address",
        "http://[",
        "javascript:alert(1)",
        "a\0b.org/x",
    ],
)
@pytest.mark.django_db
def test_source_at_another_address_is_not_found(address: str) -> None:
    make_source(url="https://example.org/story?id=7")
    assert like_source(address) == []


@pytest.mark.django_db
def test_source_is_found_by_the_first_page_of_its_site_and_by_a_parameter() -> None:
    home, story = make_source(url="https://example.org"), make_source(url="http://a.org/?p=1&q=2")
    make_source(url="https://example.org/other")
    assert [found.record for found in like_source("http://www.example.org/")] == [home]
    assert [found.record for found in like_source("https://a.org?q=2&p=1&utm_id=3")] == [story]


@pytest.mark.django_db
def test_source_of_the_same_title_is_found_however_it_is_written() -> None:
    source = make_source(title="US “warned” Iran: the Kérman bombings")
    make_source(title="US warned Iran: the Kerman bombings, again")
    make_source(title="Press briefing")
    (found,) = like_source_title("U.S. Warned Iran - The Kerman Bombings")
    assert (found.record, found.reason) == (source, "It has the same title.")
    assert like_source_title(source.title, leave_out=source.pk) == []
    assert like_source_title("Press briefing") == []  # says too little


def test_page_of_an_address_keeps_what_tells_it_apart() -> None:
    assert page_of("https://www.example.org/a/?b=1&utm_source=c") == "example.org/a?b=1"


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("typed", "reason"),
    [
        ("Daesch", "is spelled like “Daesh”"),
        ("état islamique", "is also a name of Islamic State"),
        ("Islamc State", "is spelled like “Islamic State”"),
        ("State, Islamic", "is spelled like “Islamic State”"),
    ],
)
def test_actor_is_found_by_any_of_its_names(typed: str, reason: str) -> None:
    actor = make_actor(name="Islamic State", aliases=["Daesh", "État islamique"])
    make_actor(name="Islamic Republic of Iran")
    (found,) = like_actor([typed])
    assert (found.record, reason in found.reason) == (actor, True)
    assert like_actor([typed], leave_out=actor.pk) == []


@pytest.mark.django_db
def test_person_is_found_by_the_surname_and_a_body_is_not() -> None:
    person = make_actor(name="Jamal Khashoggi", kind="individual")
    make_actor(name="Family Khashoggi", kind="collective")
    assert [found.record for found in like_actor(["Chaschukdschi"])] == [person]


@pytest.mark.django_db
def test_actor_renamed_or_gone_is_found_as_it_is_now() -> None:
    actor = make_actor(name="Tamerlan Tsarnaev")
    assert like_actor(["Tamerlan Zarnajew"])
    Actor.objects.filter(pk=actor.pk).update(name="Somebody else", aliases=[])
    assert like_actor(["Tamerlan Zarnajew"]) == []
    assert like_actor(["Somebody Else"])
    actor.delete()
    assert like_actor(["Somebody Else"]) == []


@pytest.mark.django_db
@pytest.mark.parametrize("typed", ["", " ", "…", "\0", "x" * 5_000, "a b " * 2_000, "'", "1", "%_"])
def test_actor_sought_by_nonsense_is_not_found(typed: str) -> None:
    make_actor(name="Islamic State", aliases=["Daesh"])
    assert like_actor([typed] * 50) == []


@pytest.mark.django_db
def test_case_is_found_by_the_words_of_its_title() -> None:
    case = make_case(title="US warned Iran of the Kerman bombing")
    make_case(title="US warned Russia of the Moscow shooting")
    (found,) = like_case("Warning to Iran before Kerman")
    assert (found.record, found.reason) == (case, "It has a title like this.")
    assert like_case(case.title, leave_out=case.pk) == []


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("date", "place", "hit"),
    [
        ("2024-01-03", "Kerman", True),
        ("2024-01", "Kirman, Iran", True),
        ("2024-01-04", "Kerman", False),
        ("2024", "Kerman", False),  # a whole year tells nothing
        ("2024-01-03", "Moscow", False),
        ("2024-01-03", "not_stated", False),
        ("2024-01-03", "", False),
        ("January", "Kerman", False),
        ("", "Kerman", False),
        ("0001-01-01", "Kerman", False),
        ("9999-12-31", "Kerman", False),
    ],
)
def test_case_is_found_by_date_and_place_of_its_incident(date: str, place: str, hit: bool) -> None:
    case = make_case(title="One")
    make_incident(case, date="2024-01-03", place="Kerman")
    found = like_case("Another", incidents=[Event(date, place=place)])
    assert [duplicate.record for duplicate in found] == [case] * hit


@pytest.mark.django_db
def test_case_is_found_by_date_and_recipient_of_its_warning() -> None:
    case, iran = make_case(title="One"), make_actor(name="Iran")
    make_warning(case, date="2024-01-01~", recipients=[iran, make_actor()])
    same = Event("2024-01-02", recipients=frozenset({iran.pk, 0}))
    (found,) = like_case("Another", warnings=[same])
    assert (found.record, found.reason) == (case, "It has a warning of that date to Iran.")
    other = Event("2024-01-02", recipients=frozenset({make_actor().pk}))
    assert like_case("Another", warnings=[other]) == []


@pytest.mark.django_db
def test_search_for_duplicates_takes_as_many_queries_among_many_as_among_few(
    django_assert_num_queries: Any,
) -> None:
    iran = make_actor(name="Iran")
    for rows in (1, 20):
        for _ in range(rows):
            case = make_case(title="US warned Iran of Kerman")
            make_incident(case, date="2024-01-03", place="Kerman")
            make_warning(case, date="2024-01-02", recipients=[iran])
            make_actor(name="Tamerlan Tsarnaev")
            make_source(url="https://example.org/a-page")
        like_actor(["x"]), like_case("x")  # brings the words up to date
        with django_assert_num_queries(2):  # the version of the dataset, the actors
            assert like_actor(["Tamerlan Zarnajew"])
        with django_assert_num_queries(1):  # the sources
            assert like_source("https://example.org/a-page")
        incident = Event("2024-01-03", place="Kerman")
        warning = Event("2024-01-02", recipients=frozenset({iran.pk}))
        with django_assert_num_queries(5):  # incidents, warnings, version, titles, the cases
            assert like_case("Kerman warning to Iran", [incident], [warning])
    assert len(like_case("US warned Iran of Kerman")) == 5
    assert Case.objects.count() == 21
