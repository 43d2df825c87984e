"""The page of the exceptions: what each case says of each, and that silence stays useful."""

from __future__ import annotations

import re

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from cases.index import case_index
from cases.models import Case, Claim, DirectiveException, ExceptionAssessment
from cases.presentation import case_by_exception
from cases.views import exceptions
from tests.support.factories import make_assessment, make_claim, make_directive
from tests.support.reading import words

pytestmark = [pytest.mark.django_db, pytest.mark.once, pytest.mark.usefixtures("demo")]

VIOLENT = "violent-actor"


def assess(number: str, slug: str = VIOLENT, status: str = "withheld") -> None:
    """Code what the case of this number says of an exception."""
    exception = DirectiveException.objects.get(slug=slug)
    case = Case.objects.get(number=number)
    make_assessment(case, exception=exception, status=status)
    make_claim(case, f"exception-{slug}.status", modality="reported")


def forget_assessments() -> None:
    """Take away what the cases of the article say of exceptions."""
    Claim.objects.exclude(assessment=None).delete()
    ExceptionAssessment.objects.all().delete()


def row_of(client: Client, number: str) -> str:
    """Return the words of the row of a case in the table of cases by exceptions."""
    table = client.get("/exceptions/").text.partition('<table class="stacks by-exception">')[2]
    row = next(row for row in table.split("<tr>") if number in row)
    return " ".join(re.sub(r"<[^>]*>", " ", row).split())


def test_exceptions_by_case_has_the_one_ground_that_the_article_rules_out(client: Client) -> None:
    page = words(client.get("/exceptions/"))
    assert "1 of 7 cases says something of an exception." in page
    assert page.count("Not reported for any of the 6") == 6
    moscow = row_of(client, "DTW-0001")
    assert "Ruled out Quoted" in moscow
    assert moscow.count("Not reported") == 5
    assert "no case reports an exception" not in page.lower()


def test_exceptions_by_case_all_silent_says_so_once_a_case(client: Client) -> None:
    forget_assessments()
    page = words(client.get("/exceptions/"))
    assert "None of the 7 cases reports that an exception was invoked" in page
    assert page.count("Not reported for any of the 6") == 7
    assert "“not reported” means that no source of the case says anything of it" in page


def test_exceptions_by_case_shows_what_is_known_of_the_duty(client: Client) -> None:
    moscow = row_of(client, "DTW-0001")
    assert "After ICD 191" in moscow
    assert "Kind: Warning given Stated" in moscow
    assert "Warning 2, basis: Duty to warn Quoted" in moscow
    assert "Warning 1, basis" not in moscow  # not stated: nothing is known
    khashoggi = row_of(client, "DTW-0005")
    assert "Requests for records: Requested, no response Reported" in khashoggi
    assert "Completed by a note" in khashoggi
    kerman = row_of(client, "DTW-0002")
    assert "Warning, basis: Not stated in the sources Completed by a note" in kerman


def test_exceptions_by_case_leads_to_the_evidence_of_each_value(client: Client) -> None:
    table = client.get("/exceptions/").text.partition('<table class="stacks by-exception">')[2]
    for case in Case.objects.published():
        address = case.get_absolute_url()
        page = client.get(address).text
        anchors = re.findall(f'href="{address}#([^"]+)"', table)
        assert anchors
        for anchor in anchors:
            assert f' id="{anchor}"' in page, (address, anchor)


def test_exceptions_by_case_that_says_something_shows_each_cell_and_comes_first(
    client: Client,
) -> None:
    forget_assessments()
    assess("DTW-0007")
    response = client.get("/exceptions/")
    assert "1 of 7 cases says something of an exception." in words(response)
    assert response.context["found"].rows[0].case.number == "DTW-0007"
    row = row_of(client, "DTW-0007")
    assert "Withheld Reported" in row
    assert row.count("Not reported") == 5
    assert f'href="/cases/?exception={VIOLENT}">1 case</a>' in response.text


def test_exceptions_by_case_coded_as_not_reported_is_silence(client: Client) -> None:
    forget_assessments()
    make_assessment(
        Case.objects.get(number="DTW-0007"),
        exception=DirectiveException.objects.get(slug=VIOLENT),
        status="not_reported",
    )
    assert "None of the 7 cases reports" in words(client.get("/exceptions/"))
    assert "Not reported for any of the 6" in row_of(client, "DTW-0007")


def test_exceptions_by_case_leaves_out_what_drafts_say(client: Client) -> None:
    forget_assessments()
    assess("DTW-0007")
    Case.objects.filter(number="DTW-0007").update(status="draft")
    page = words(client.get("/exceptions/"))
    assert "None of the 6 cases reports" in page
    assert "DTW-0007" not in page
    assert "Withheld" not in page.partition("What silence means")[0].partition("Case by case")[2]


def test_exceptions_by_case_of_many_cases_shows_the_first_and_says_so(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(case_by_exception, "MAX_CASES", 2)
    forget_assessments()
    assess("DTW-0007")
    response = client.get("/exceptions/")
    assert [row.case.number for row in response.context["found"].rows] == ["DTW-0007", "DTW-0001"]
    assert "Shown are the 2 that say most or are newest" in words(response)


def test_exceptions_page_without_a_case_says_so(client: Client) -> None:
    Case.objects.update(status="draft")
    assert "No case is published yet." in words(client.get("/exceptions/"))


def test_exceptions_page_of_a_directive_without_exceptions_still_reads(client: Client) -> None:
    make_directive(code="ICD 999")
    assert "ICD 999: the grounds" in words(client.get("/exceptions/"))


def test_exceptions_page_queries_do_not_grow_with_what_cases_say(
    client: Client, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    for number in ("DTW-0001", "DTW-0005", "DTW-0007"):
        assess(number)
    case_index.current()  # made once a process
    # Who says something; version of the dataset twice; exceptions of the filter; the cases with six
    # kinds of parts, intermediaries and recipients; directives, exceptions, notes; synthetic cases.
    with django_assert_max_num_queries(17):
        client.get("/exceptions/")


def test_exception_page_counts_the_cases_that_say_nothing_of_it(client: Client) -> None:
    assert "7 cases say nothing of it." in words(client.get(f"/exceptions/{VIOLENT}/"))
    assess("DTW-0005")
    page = words(client.get(f"/exceptions/{VIOLENT}/"))
    assert "6 other cases say nothing of it." in page
    assert "Withheld Alleged failure to warn Jamal Khashoggi, 2018" in page


def test_exception_page_of_many_cases_shows_the_first_and_leads_to_all(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(exceptions, "MAX_CASES", 1)
    assess("DTW-0005")
    assert "The first" not in words(client.get(f"/exceptions/{VIOLENT}/"))
    assess("DTW-0007")
    response = client.get(f"/exceptions/{VIOLENT}/")
    assert "The first 1 of 2 are shown." in words(response)
    assert f'href="/cases/?exception={VIOLENT}"' in response.text


def test_exception_page_marks_its_place_among_the_others(client: Client) -> None:
    text = client.get(f"/exceptions/{VIOLENT}/").text
    assert f'href="/exceptions/{VIOLENT}/" aria-current="page"' in text
    assert text.count('aria-current="page"') == 2  # here, and at the end of the trail
    assert 'rel="prev" href="/exceptions/armed-conflict/"' in text
    assert 'rel="prev"' not in client.get("/exceptions/already-aware/").text
