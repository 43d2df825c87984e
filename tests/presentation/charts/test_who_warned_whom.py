"""The picture of who warned whom: the article's cases by hand, small sets, and nested actors."""

from __future__ import annotations

import random
from itertools import combinations
from typing import Any

import pytest
from django.http import QueryDict

from cases import synthetic
from cases.models import Case
from cases.models.vocabulary import Reception
from cases.presentation.charts import who_warned_whom
from cases.presentation.charts.case_set import CaseSet
from cases.presentation.charts.chart_filter import ChartFilter
from cases.presentation.charts.drawing.style import SURFACE
from cases.presentation.charts.picture import NARROW, WIDE, Picture
from cases.presentation.charts.who_warned_whom import MAX_PAIRS, WHO_WARNED_WHOM
from tests.support.factories import make_actor, make_case, make_warning, show

from .snapshots import assert_as_before

pytestmark = pytest.mark.django_db


def picture(query: str = "") -> Picture:
    return WHO_WARNED_WHOM(CaseSet(ChartFilter(QueryDict(query))))


def said(shown: Picture) -> set[tuple[Any, ...]]:
    return {tuple(cell.value for cell in row[:4]) for row in shown.rows}


def totals(shown: Picture) -> dict[str, Any]:
    rows = said(shown)
    return {f"{issuer} → {to}": n for issuer, to, reception, n in rows if reception == "All"}


def case_without_warnings() -> Case:
    case = make_case(published=True)
    case.claims.all().delete()
    case.warnings.all().delete()
    return case


@pytest.mark.usefixtures("demo")
def test_article_names_who_warned_whom() -> None:
    shown = picture("group=actor")
    assert totals(shown) == {
        "United States → Russia": 2,
        "Federal Security Service → US officials": 1,
        "US Embassy in Moscow → US citizens in Moscow": 1,
        "US officials → Government of Venezuela": 1,
        "US officials → Iranian officials": 1,
        "US officials → Russian officials": 1,
        "United States → US allies": 1,
        "United States → Ukraine": 1,
    }
    assert ("United States", "Russia", "Dismissed", 1) in said(shown)
    assert ("United States", "Russia", "Not stated", 1) in said(shown)
    assert ("US officials", "Government of Venezuela", "Disbelieved", 1) in said(shown)
    assert shown.finding == (
        "In 2 of 7 cases a warning by “United States” went to “Russia”, the most frequent pair "
        "with both sides named; in 1 of them editors inferred it."
    )
    assert "each with all that belong to it" in shown.caveat


@pytest.mark.usefixtures("demo")
def test_article_by_state_adds_up_agencies_and_officials() -> None:
    shown = picture()
    assert totals(shown) == {
        "United States → Russia": 2,
        "Russia → United States": 1,
        "United States → Iran": 1,
        "United States → US allies": 1,
        "United States → US citizens in Moscow": 1,
        "United States → Ukraine": 1,
        "United States → Venezuela": 1,
    }
    assert said(shown) == said(picture("group=state"))
    assert all("group=" not in cell.address for row in shown.rows for cell in row)


@pytest.mark.usefixtures("demo")
def test_address_that_asks_for_a_party_has_only_that() -> None:
    assert totals(picture("recipient=russia&recipient=iran&group=actor")) == {
        "United States → Russia": 2,
        "US officials → Russia": 1,
        "US officials → Iran": 1,
    }


@pytest.mark.usefixtures("demo")
def test_one_case_and_none_are_said_in_words() -> None:
    assert picture("incident=invasion&recipient=ukraine").finding == (
        "In the one case here a warning by “United States” went to “Ukraine”; editors inferred it."
    )
    nothing = picture("kind=policy_origin&reception=dismissed")
    assert nothing.is_empty
    assert nothing.finding.startswith("No case here")


def test_unnamed_parties_are_shown_and_last_among_equals() -> None:
    case = case_without_warnings()
    make_warning(case, issuer=None, recipients=[make_actor(name="Aland", slug="aland")])
    make_warning(case, issuer=make_actor(name="Zed", slug="zed"), recipients=[])
    show(case)
    shown = picture(f"case={case.slug}")
    assert totals(shown) == {"None named → Aland": 1, "Zed → None named": 1}
    assert shown.finding.startswith("No case here has a warning whose issuer and recipient")


def test_nested_actors_stand_as_named_and_count_what_belongs_to_them() -> None:
    group = make_actor(name="Group", slug="group", kind="armed_group")
    branch = make_actor(name="Branch", slug="branch", kind="armed_group", parent=group)
    cell = make_actor(name="Cell", slug="cell", kind="armed_group", parent=branch)
    state = make_actor(name="State", slug="state", kind="state")
    ministry = make_actor(name="Ministry", slug="ministry", parent=state)
    case, other = case_without_warnings(), case_without_warnings()
    # Of one case the same pair by state twice, which counts once.
    make_warning(case, issuer=ministry, recipients=[cell], reception="accepted")
    make_warning(case, issuer=state, recipients=[group, cell], reception="dismissed")
    make_warning(other, issuer=state, recipients=[ministry])
    for each in (case, other):
        show(each)
    both = f"case={case.slug}&case={other.slug}"
    shown = picture(f"{both}&group=actor")
    assert totals(shown) == {
        "Ministry → Cell": 1,
        "State → Cell": 1,
        "State → Group": 1,
        "State → Ministry": 1,
    }
    assert ("State", "Cell", "Accepted", 1) in said(shown)
    assert picture(f"case={case.slug}&group=actor").finding == (
        "In the one case here, warnings went between 3 pairs of actors."
    )
    assert "several parts of a bar" in shown.caveat
    assert totals(picture(both)) == {"State → Group": 1, "State → State": 1}


@pytest.mark.once
def test_large_set_shows_the_most_frequent_pairs_and_says_what_is_left_out() -> None:
    synthetic.make(cases=150, seed=4)
    for group in ("actor", "state"):
        cases = CaseSet(ChartFilter(QueryDict(f"group={group}")))
        shown_actors = who_warned_whom._Shown(cases, by_state=group == "state")
        pairs, number = cases.pairs("issuer", "recipient", shown_actors, 10**6)
        assert number == len(pairs) > MAX_PAIRS
        chance = random.Random(4)  # noqa: S311 - to repeat
        for issuer, recipient in chance.sample(sorted(pairs), 12):
            found = cases.having({"issuer": issuer, "recipient": recipient})
            assert found.count == pairs[issuer, recipient]
        shown = WHO_WARNED_WHOM(cases)
        counts = list(totals(shown).values())
        assert len(counts) == MAX_PAIRS
        assert sorted(counts) == sorted(pairs.values())[-MAX_PAIRS:]
        assert f"{number - MAX_PAIRS} more are not" in shown.caveat
        assert shown.sample == f"the {MAX_PAIRS} most frequent of {number} pairs"


def test_receptions_differ_in_lightness() -> None:
    stated = [
        _mixed(who_warned_whom._LOOKS[one])
        for one in (Reception.ACCEPTED, Reception.DISBELIEVED, Reception.DISMISSED)
    ]
    for one, other in combinations(stated, 2):
        lighter, darker = max(one, other), min(one, other)
        assert (lighter + 0.05) / (darker + 0.05) > 1.8


def _mixed(look: who_warned_whom._Look) -> float:
    """Return the luminance of a fill on the surface."""
    parts = (
        (int(look.fill[at : at + 2], 16) * look.opacity, int(SURFACE[at : at + 2], 16))
        for at in (1, 3, 5)
    )
    channels = [(part + below * (1 - look.opacity)) / 255 for part, below in parts]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


@pytest.mark.usefixtures("demo")
def test_specification_is_as_before() -> None:
    assert_as_before("who-warned-whom", picture().draw(WIDE))
    assert_as_before("who-warned-whom-narrow", picture().draw(NARROW))
