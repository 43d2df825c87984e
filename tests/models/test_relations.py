"""Following references, and reaching rows by the name of a relation."""

from __future__ import annotations

from typing import Any

import pytest

from cases.models import Actor, Case, Warning
from cases.models.relations import leads_in_a_circle, leads_to, rows_of
from tests.support.factories import make_actor, make_case, make_warning

pytestmark = pytest.mark.django_db


def test_rows_of_a_relation_are_all_rows_of_its_model() -> None:
    make_warning(make_case())
    assert list(rows_of(Case, "warnings")) == list(Warning.objects.all())


def test_reference_leads_to_what_is_above_and_not_to_the_record_itself() -> None:
    top = make_actor()
    middle = make_actor(parent=top)
    bottom = make_actor(parent=middle)
    assert leads_to(bottom, "parent", top)
    assert not leads_to(top, "parent", bottom)
    assert not leads_to(bottom, "parent", bottom)


def test_following_a_reference_takes_one_query_a_record(django_assert_num_queries: Any) -> None:
    top = make_actor()
    bottom = Actor.objects.get(pk=make_actor(parent=make_actor(parent=top)).pk)
    with django_assert_num_queries(2):
        assert leads_to(bottom, "parent", top)
    with django_assert_num_queries(0):
        assert not leads_in_a_circle(bottom, "parent")


def test_circle_is_found_whether_or_not_the_record_is_part_of_it() -> None:
    one = make_actor()
    other = make_actor(parent=one)
    below = make_actor(parent=other)
    assert not leads_in_a_circle(below, "parent")
    Actor.objects.filter(pk=one.pk).update(parent=other)
    for key in (one.pk, other.pk, below.pk):
        assert leads_in_a_circle(Actor.objects.get(pk=key), "parent")


def test_reference_in_a_circle_leads_to_every_record_of_it_and_to_no_other() -> None:
    one = make_actor()
    other = make_actor(parent=one)
    Actor.objects.filter(pk=one.pk).update(parent=other)
    one.refresh_from_db()
    assert leads_to(one, "parent", other)
    assert leads_to(one, "parent", one)
    assert not leads_to(one, "parent", make_actor())
