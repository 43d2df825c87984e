"""The tree of actors: who belongs to whom, upwards and downwards."""

from __future__ import annotations

from typing import Any

import pytest
from pyroaring import BitMap

from cases.models import Actor
from cases.models.actor_tree import ActorTree
from tests.support.factories import make_actor

STATE, SERVICE, UNIT, VISITOR = 1, 2, 3, 4


@pytest.fixture
def tree() -> ActorTree:
    """A unit of a service of a state, and somebody who lives in that state."""
    return ActorTree(
        [
            (STATE, "state", "State", "state", None, None),
            (SERVICE, "service", "Service", "government_body", STATE, None),
            (UNIT, "unit", "Ünit", "government_body", SERVICE, None),
            (VISITOR, "visitor", "Visitor", "individual", None, STATE),
        ]
    )


def test_ancestors_include_parents_at_any_distance_and_countries(tree: ActorTree) -> None:
    assert tree.with_ancestors([UNIT]) == {UNIT, SERVICE, STATE}
    assert tree.with_ancestors([VISITOR]) == {VISITOR, STATE}


def test_ancestors_of_an_unknown_actor_are_none(tree: ActorTree) -> None:
    assert tree.with_ancestors([99]) == set()


def test_descendants_include_parts_at_any_depth_and_no_nationals(tree: ActorTree) -> None:
    assert tree.with_descendants([STATE]) == {STATE, SERVICE, UNIT}
    assert tree.with_descendants(tree.keys(["service", "visitor"])) == {SERVICE, UNIT, VISITOR}


def test_cases_are_gathered_from_descendants(tree: ActorTree) -> None:
    found = tree.gather(
        {"unit": BitMap([7]), "state": BitMap([8]), "visitor": BitMap(), "gone": BitMap([9])}
    )
    assert found == {"unit": BitMap([7]), "service": BitMap([7]), "state": BitMap([7, 8])}


def test_choices_are_the_named_with_their_ancestors_by_name(tree: ActorTree) -> None:
    assert list(tree.choices(["unit", "gone"])) == ["service", "state", "unit"]
    assert tree.kind("state") == "state"


def test_walks_end_in_a_cycle() -> None:
    rows = [(1, "a", "A", "state", 2, 1), (2, "b", "B", "state", 1, 2)]
    tree = ActorTree(rows)
    assert tree.with_ancestors([1]) == tree.with_descendants([1]) == {1, 2}
    assert tree.gather({"a": BitMap([5])}) == {"a": BitMap([5]), "b": BitMap([5])}


@pytest.mark.django_db
def test_tree_of_any_queryset_has_all_actors_in_one_query(
    django_assert_num_queries: Any,
) -> None:
    below = make_actor(parent=make_actor(slug="top"))
    with django_assert_num_queries(1):
        tree = Actor.objects.none().tree()
    assert tree.with_descendants(tree.keys(["top"])) >= {below.pk}
