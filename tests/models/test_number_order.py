"""Past DTW-9999 a number has one digit more, and still comes after those before it."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from cases.finding.public_notes import public_notes
from tests.support.admin_forms import signed_in
from tests.support.factories import (
    make_actor,
    make_assessment,
    make_case,
    make_claim,
    make_exception,
    make_note,
)

pytestmark = pytest.mark.django_db

FIRST, LAST = "DTW-9999", "DTW-10000"


def make_cases(**evidence: Any) -> list[Any]:
    """Return two published cases, the last made first, with a claim each."""
    cases = [make_case(published=True, number=number) for number in (LAST, FIRST)]
    for case in cases:
        make_claim(case, **{"gist": f"Said in {case.number}."} | evidence)
    return cases


def in_order(text: str) -> bool:
    return text.index(FIRST) < text.index(LAST)


def test_list_in_the_admin_begins_with_the_last_number() -> None:
    make_cases()
    assert not in_order(signed_in("Editors").get("/admin/cases/case/").text)


def test_cases_that_show_an_actor_are_named_from_the_first() -> None:
    actor = make_actor()
    make_cases(speaker=actor)
    assert in_order(signed_in("Editors").get(f"/admin/cases/actor/{actor.pk}/change/").text)


def test_passages_of_an_actor_are_listed_from_the_newest_case(client: Client) -> None:
    actor = make_actor()
    make_cases(speaker=actor)
    page = client.get(actor.get_absolute_url())
    assert not in_order(page.text[page.text.index("Said in DTW") :])


@pytest.mark.slow
def test_cases_of_an_exception_are_listed_from_the_first(client: Client) -> None:
    exception = make_exception()
    for case in make_cases():
        make_assessment(case, exception=exception, status="withheld")
    shown = client.get(exception.get_absolute_url()).context["assessments"]
    assert [case.number for case, _ in shown] == [FIRST, LAST]


def test_notes_on_cases_are_listed_from_the_first() -> None:
    for case in make_cases():
        make_note(case)
    assert [public.case.number for public in public_notes() if public.case] == [FIRST, LAST]


def test_records_are_checked_from_the_first(capsys: pytest.CaptureFixture[str]) -> None:
    exception = make_exception()
    for case in make_cases():
        make_assessment(case, exception=exception, status="withheld")
    with pytest.raises(CommandError):
        call_command("check_records")
    assert in_order(capsys.readouterr().out)
