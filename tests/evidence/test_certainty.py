"""How many coded values are quoted, stated, …, inferred, contested or not stated."""

from __future__ import annotations

from collections import Counter

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from cases import synthetic
from cases.evidence.certainty import (
    CONTESTED,
    NO_CLAIM,
    Certainty,
    certainty_of,
    counts_as,
)
from cases.evidence.sheet import CodingSheet
from cases.models import Case, Claim
from cases.models.vocabulary import NONE_REPORTED, NOT_APPLICABLE, NOT_STATED
from cases.presentation import figures
from tests.support.coding_sheets import sheet_of
from tests.support.factories import (
    make_assessment,
    make_case,
    make_claim,
    make_incident,
    make_warning,
    show,
    support,
)
from tests.support.reading import words

pytestmark = [pytest.mark.once, pytest.mark.django_db]


@pytest.mark.parametrize(
    ("modality", "absence", "is_contested", "counted"),
    [
        ("quoted", "", False, "quoted"),
        ("inferred", "", False, "inferred"),
        ("stated", "", True, CONTESTED),
        ("stated", NOT_STATED, True, CONTESTED),
        ("stated", NOT_STATED, False, NOT_STATED),
        ("", NONE_REPORTED, False, NOT_STATED),
        ("stated", NOT_APPLICABLE, False, NOT_APPLICABLE),
        ("", "", False, NO_CLAIM),
    ],
)
def test_value_counts_once_by_the_rule(
    modality: str, absence: str, is_contested: bool, counted: str
) -> None:
    assert counts_as(modality, absence, is_contested=is_contested) == counted


def test_shares_leave_out_what_does_not_apply() -> None:
    certainty = Certainty({"stated": 3, "inferred": 1, NOT_STATED: 4, NOT_APPLICABLE: 9})
    assert (certainty.total, certainty.given, certainty.not_applicable) == (8, 4, 9)
    rows = {row.name: row for row in certainty.rows}
    assert rows["inferred"].share == 12.5
    assert rows["inferred"].share_of_given == 25
    assert rows[NOT_STATED].share_of_given is None
    assert rows["quoted"].count == 0
    assert NO_CLAIM not in rows
    assert NOT_APPLICABLE not in rows
    assert [row.name for row in certainty.present] == ["stated", "inferred", NOT_STATED]
    assert Certainty({}).rows[0].share is None
    assert {row.label for row in Certainty({"hearsay": 1}).present} == {"Hearsay"}


def make_collection() -> None:
    synthetic.make(cases=60, seed=4)
    case = make_case(published=True, records_status="released")
    make_warning(case, recipients=[], time_specificity="absent")
    make_warning(case, window_end="2024-05-01", time_specificity="named")
    make_incident(case, kind="none_reported")
    make_incident(case, deaths=0, qualifier="exact")
    make_assessment(case, status="withheld")
    make_assessment(case, status="not_reported")
    support(case, modality="alleged")
    make_claim(case, "warning-1.channel", stance="disputes")
    make_claim(case, "warning-2.relation", modality="inferred")
    make_claim(case, "records_status", stance="disputes")
    Claim.objects.filter(assessment__isnull=False).update(field="")


def by_the_sheet(sheet: CodingSheet) -> Counter[str]:
    """Count the coded values of a case as its coding sheet has them, one by one."""
    return Counter(
        counts_as(value.modality, value.absence, is_contested=value.is_contested)
        for value in sheet.values()
    )


@pytest.mark.usefixtures("demo")
@pytest.mark.slow
def test_counts_of_a_case_and_of_the_collection_are_those_of_coding_sheets() -> None:
    make_collection()
    summed: Counter[str] = Counter()
    for case in Case.objects.published().order_by("pk"):
        sheet = sheet_of(case)
        assert certainty_of(sheet.evidence).counts == by_the_sheet(sheet)
        summed += by_the_sheet(sheet)
    assert figures.collection_certainty().counts == summed
    assert min(summed[name] for name in (CONTESTED, "inferred", NOT_APPLICABLE, NO_CLAIM)) > 0


@pytest.mark.usefixtures("demo")
@pytest.mark.slow
def test_pages_show_the_counts_of_a_case_and_of_the_collection(client: Client) -> None:
    for case in Case.objects.published():
        certainty = certainty_of(sheet_of(case).evidence)
        counted = ", ".join(f"{row.count} {row.label.lower()}" for row in certainty.present)
        said = f"{certainty.total} coded values: {counted}"
        assert said in words(client.get(case.get_absolute_url()))
    whole = figures.collection_certainty()
    page = words(client.get("/about/"))
    assert f"{whole.total} coded values of 7 cases" in page
    for row in whole.rows:
        assert f"{row.label} {row.count} {row.share:.1f} %" in page


@pytest.mark.usefixtures("demo")
def test_counts_of_the_collection_are_kept_until_it_changes(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    before = figures.collection_certainty()
    with django_assert_num_queries(1):  # the version of the dataset
        assert figures.collection_certainty() == before
    claim = Claim.objects.filter(modality="quoted", case__status="published").first()
    assert claim is not None
    make_claim(claim.case, claim.path_of_value, stance="disputes")
    show(claim.case)
    after = figures.collection_certainty()
    assert after.counts[CONTESTED] == before.counts.get(CONTESTED, 0) + 1


def test_about_without_a_case_says_so(client: Client) -> None:
    Case.objects.update(status="draft")
    assert "No case is published yet." in words(client.get("/about/"))
