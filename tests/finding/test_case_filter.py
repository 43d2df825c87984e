"""`CaseFilter` as a FilterSet: its form checks the address, and `qs` has the cases."""

from __future__ import annotations

import dataclasses

import pytest
from django.http import QueryDict
from pytest_django import DjangoAssertNumQueries

from cases.finding.case_filter import CaseFilter, ComparisonFilter
from cases.finding.note_filter import NoteFilter
from cases.index import case_index
from cases.models import Case
from tests.support.factories import show

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("demo")]

MOSCOW = "moscow-concert-hall-2024"


def test_form_has_an_error_for_each_part_that_is_not_understood_and_keeps_the_rest() -> None:
    cases = CaseFilter(QueryDict("sort=size&kind=policy_origin&kind=x&colour=red&sort=date"))
    assert not cases.is_valid()
    assert set(cases.form.errors) == {"sort", "kind", "colour"}
    assert cases.form.cleaned_data == {"sort": ["date"], "kind": ["policy_origin"]}
    assert cases.query.cleaned == "sort=date&kind=policy_origin"
    assert cases.query.notices == cases.form.notices
    assert CaseFilter(QueryDict("kind=policy_origin&utm_source=x")).is_valid()


def test_qs_has_the_keys_of_the_published_cases_in_their_order_without_a_query(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    Case.objects.filter(slug="kerman-2024").update(status="draft")
    case_index.current()
    cases = CaseFilter(QueryDict("incident=attack&kind=warning_given&sort=date")).qs
    oldest_first = Case.objects.published().order_by("date_earliest")
    expected = [
        case.pk
        for case in oldest_first
        if case.kind == "warning_given" and case.incidents.filter(kind="attack")
    ]
    assert len(cases) == len(expected) > 0
    with django_assert_num_queries(0):
        assert cases[:25] == expected


def test_reading_an_address_gives_the_same_whatever_was_asked_first() -> None:
    address = QueryDict("q=attack+-x%22&sort=relevance&case=kerman-2024&page=9")
    read, found_first = ComparisonFilter(address), ComparisonFilter(address)
    assert list(found_first.keys) == list(read.keys)
    assert found_first.query == read.read()
    assert found_first.answer == found_first.query


def test_what_was_read_of_an_address_cannot_be_changed() -> None:
    query = CaseFilter(QueryDict("kind=policy_origin&page=2")).query
    with pytest.raises(dataclasses.FrozenInstanceError):
        query.data = QueryDict()  # type: ignore[misc]  # the mistake that is tried
    with pytest.raises(AttributeError):
        query.data["page"] = "1"


def test_notes_of_a_case_whose_slug_is_null_are_found_by_it() -> None:
    # django-filter asks by this word for records without a value.
    case = Case.objects.get(slug=MOSCOW)
    Case.objects.filter(pk=case.pk).update(slug="null")
    show(case)
    found = NoteFilter(QueryDict("case=null&kind__not=x")).qs
    noted = {note.slug for note in case.notes.all()}
    assert {public.note.slug for public in found} == noted != set()
    assert NoteFilter(QueryDict("case__all=null&case__all=kerman-2024")).qs == []
