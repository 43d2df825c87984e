"""The page of the exceptions: what each case says of each, and that silence stays useful."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from cases.index import case_index
from cases.models import Case, Claim, DirectiveException, ExceptionAssessment
from cases.presentation import case_by_exception
from cases.views import exceptions
from tests.support.factories import (
    make_actor,
    make_assessment,
    make_claim,
    make_directive,
    make_exception,
    show,
    show_all,
)
from tests.support.reading import words

pytestmark = [pytest.mark.django_db, pytest.mark.once, pytest.mark.usefixtures("demo")]

VIOLENT = "violent-actor"
NUMBERS = [f"DTW-000{number}" for number in range(1, 8)]


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
    show_all()


def row_of(client: Client, number: str) -> str:
    """Return the words of the row of a case in the table of cases by exceptions."""
    table = client.get("/exceptions/").text.partition('<table class="stacks by-exception">')[2]
    row = next(row for row in table.split("<tr>") if number in row)
    return " ".join(re.sub(r"<[^>]*>", " ", row).split())


def section_of(client: Client, slug: str) -> str:
    """Return the words of the section of a directive."""
    text = client.get("/exceptions/").text.partition(f'<section aria-labelledby="{slug}">')[2]
    return " ".join(re.sub(r"<[^>]*>", " ", text.partition("</section>")[0]).split())


def shown(response: Any) -> list[str]:
    """Return the numbers of the cases in the table of the only directive."""
    (found,) = response.context["directives"]
    return [row.case.number for row in found.rows]


def test_exceptions_by_case_has_the_one_ground_that_the_article_rules_out(client: Client) -> None:
    page = words(client.get("/exceptions/"))
    assert "1 of 3 cases to which ICD 191 applies says something of an exception." in page
    assert page.count("Not reported for any of the 6") == 2
    moscow = row_of(client, "DTW-0001")
    assert "Ruled out Not reported" in moscow
    assert moscow.count("Not reported") == 5
    assert "no case reports an exception" not in page.lower()


def test_exceptions_by_case_all_silent_says_so_once_a_case(client: Client) -> None:
    forget_assessments()
    page = words(client.get("/exceptions/"))
    assert "None of the 3 cases to which ICD 191 applies reports that an exception" in page
    assert page.count("Not reported for any of the 6") == 3
    assert "“not reported” means that no source of the case says anything of it" in page


def test_exceptions_by_case_shows_what_is_known_of_the_duty(client: Client) -> None:
    moscow = row_of(client, "DTW-0001")
    assert "After ICD 191" in moscow
    assert "Kind: Warning given Warning 2, basis" in moscow
    assert moscow.endswith("Warning 2, basis: Duty to warn")
    assert "Warning 1, basis" not in moscow  # not stated: nothing is known
    khashoggi = row_of(client, "DTW-0005")
    assert "Requests for records: Requested, no response Reportedly" in khashoggi
    assert "More in a note" in khashoggi
    kerman = row_of(client, "DTW-0002")
    assert "Warning, basis: Not stated in the sources More in a note" in kerman


def test_exceptions_by_case_leads_to_the_evidence_of_each_value(client: Client) -> None:
    table = client.get("/exceptions/").text.partition('<table class="stacks by-exception">')[2]
    for case in Case.objects.published().filter(directives__slug="icd-191"):
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
    assert "1 of 4 cases to which ICD 191 applies says something" in words(response)
    assert shown(response)[0] == "DTW-0007"
    row = row_of(client, "DTW-0007")
    assert "Withheld Reportedly" in row
    assert row.count("Not reported") == 5
    assert f'href="/cases/?exception={VIOLENT}">1 case</a>' in response.text


def test_exceptions_by_case_coded_as_not_reported_is_silence(client: Client) -> None:
    forget_assessments()
    make_assessment(
        Case.objects.get(number="DTW-0007"),
        exception=DirectiveException.objects.get(slug=VIOLENT),
        status="not_reported",
    )
    assert "None of the 4 cases to which" in words(client.get("/exceptions/"))
    assert "Not reported for any of the 6" in row_of(client, "DTW-0007")


def test_exceptions_by_case_leaves_out_what_drafts_say(client: Client) -> None:
    forget_assessments()
    assess("DTW-0007")
    Case.objects.filter(number="DTW-0007").update(status="draft")
    page = words(client.get("/exceptions/"))
    assert "None of the 3 cases to which" in page
    assert "DTW-0007" not in page
    assert "Withheld" not in page.partition("What silence means")[0].partition("Case by case")[2]


def test_exceptions_by_case_of_many_cases_shows_the_first_and_says_so(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(case_by_exception, "MAX_CASES", 2)
    forget_assessments()
    assess("DTW-0007")
    response = client.get("/exceptions/")
    assert shown(response) == ["DTW-0007", "DTW-0001"]
    assert "Showing the 2 with the most information, then the newest" in words(response)


def test_exceptions_page_without_a_case_says_so(client: Client) -> None:
    Case.objects.update(status="draft")
    page = words(client.get("/exceptions/"))
    assert "No published case says that ICD 191 applies to it." in page


def test_exceptions_page_of_a_directive_without_exceptions_still_reads(client: Client) -> None:
    make_directive(code="ICD 999")
    page = words(client.get("/exceptions/"))
    assert "ICD 999: the limits ICD 999 lists no exceptions." in page
    assert "No published case says that ICD 999 applies to it." in page


def test_exceptions_page_of_a_rule_with_limits_states_them(client: Client) -> None:
    council = make_actor(name="Council of States", kind="collective")
    directive = make_directive(
        slug="rule-2",
        code="Rule 2",
        jurisdiction=council,
        limits="As far as it can.",
        issued_edtf="2009",
    )
    case = Case.objects.get(number="DTW-0003")
    case.directives.set([directive])
    show(case)
    section = section_of(client, "rule-2")
    assert "Duty to warn, Council of States, issued 2009 by Its author" in section
    assert "Rule 2: the limits Rule 2 lists no exceptions, but states limits. As far as" in section
    assert "Rule 2 applies to 1 case." in section
    assert "DTW-0003" in section
    assert "Not reported" not in section


def test_exceptions_page_groups_by_directive_and_crosses_only_cases_it_applies_to(
    client: Client,
) -> None:
    second = make_exception(directive=make_directive(slug="rule-2", code="Rule 2"), title="Secrets")
    make_assessment(Case.objects.get(number="DTW-0003"), exception=second, status="withheld")
    make_claim(Case.objects.get(number="DTW-0003"), "directives", modality="stated")
    make_claim(Case.objects.get(number="DTW-0003"), f"exception-{second.slug}.status")
    icd, rule = section_of(client, "icd-191"), section_of(client, "rule-2")
    assert "1 of 3 cases to which ICD 191 applies says" in icd
    assert "Editors inferred that it applies in 3 of 3." in icd
    assert {number for number in NUMBERS if number in icd} == {"DTW-0001", "DTW-0002", "DTW-0005"}
    assert "Secrets" not in icd
    assert "1 of 1 case to which Rule 2 applies says something of an exception." in rule
    assert "Editors inferred" not in rule
    assert {number for number in NUMBERS if number in rule} == {"DTW-0003"}
    assert "DTW-0003 · Before Rule 2" in rule
    assert "Already aware" not in rule
    page = words(client.get(f"/exceptions/{VIOLENT}/"))
    assert "3 cases to which ICD 191 applies say nothing of it." in page


def test_exceptions_page_queries_do_not_grow_with_what_cases_say(
    client: Client, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    for number in ("DTW-0001", "DTW-0005", "DTW-0007"):
        assess(number)
    client.get("/about/")  # caches whether there are synthetic cases
    case_index.current()  # made once a process
    # The version of the dataset, twice, and again for the notice on synthetic cases; directives,
    # their exceptions and notes; the records of the cases.
    with django_assert_max_num_queries(7):
        client.get("/exceptions/")


def test_exception_page_counts_the_cases_that_say_nothing_of_it(client: Client) -> None:
    assert "3 cases to which ICD 191 applies say nothing of it." in words(
        client.get(f"/exceptions/{VIOLENT}/")
    )
    assess("DTW-0005")
    page = words(client.get(f"/exceptions/{VIOLENT}/"))
    assert "2 other cases to which ICD 191 applies say nothing of it." in page
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
