"""A second directive beside ICD 191: what is said of each, and that neither changes the other."""

from __future__ import annotations

import pytest
from django.test import Client

from cases.models import Case, Directive
from tests.support.downloads import in_csv, records, table
from tests.support.factories import (
    make_actor,
    make_assessment,
    make_claim,
    make_directive,
    make_exception,
    show,
    show_all,
)
from tests.support.lists import counts, numbers, sentence
from tests.support.reading import words

pytestmark = [pytest.mark.django_db, pytest.mark.once, pytest.mark.usefixtures("demo")]

MOSCOW, KERMAN, CHAVEZ, KHASHOGGI = "DTW-0001", "DTW-0002", "DTW-0003", "DTW-0005"


@pytest.fixture
def second() -> Directive:
    """Return a directive of another jurisdiction, which applies to one case of the article."""
    council = make_actor(name="Council of States", kind="collective")
    directive = make_directive(
        slug="rule-2", code="Rule 2", title="On warnings", jurisdiction=council, issued_edtf="2009"
    )
    exception = make_exception(directive=directive, title="Secrets")
    case = Case.objects.get(number=CHAVEZ)
    make_assessment(case, exception=exception, status="withheld")
    make_claim(case, f"exception-{exception.slug}.status")
    make_claim(case, "directives", modality="stated")
    return directive


ERAS = {"before_icd191": 3, "after_icd191": 4, "not_stated": 0}


def test_second_directive_changes_nothing_that_is_said_of_icd_191(
    client: Client, second: Directive
) -> None:
    assert "unless one of six exceptions applies" in words(client.get("/"))
    assert "one of its six exceptions" in words(client.get("/about/"))
    assert counts(client, "", "era") == ERAS
    page = words(client.get("/cases/"))
    assert "Before or after ICD 191" in page
    assert "1998, before ICD 191" in page
    # A case to which only another directive applies is not told by ICD 191.
    assert "2004, before ICD 191" not in page
    page = words(client.get("/cases/chavez-2004/"))
    assert "before ICD 191" not in page
    assert "Before Rule 2" in page
    assert table(client, "era=before_icd191")[1]["era"] == "before_icd191"


def test_exceptions_of_two_directives_are_grouped(client: Client, second: Directive) -> None:
    page = words(client.get("/exceptions/"))
    icd, _, rule = page.partition("ICD 191: the grounds")[2].partition("Rule 2: the grounds")
    if not rule:  # the older one comes first
        rule, _, icd = page.partition("Rule 2: the grounds")[2].partition("ICD 191: the grounds")
    assert MOSCOW in icd
    assert CHAVEZ not in icd
    assert "Secrets" not in icd
    assert CHAVEZ in rule
    assert MOSCOW not in rule


def test_directive_filter_finds_the_cases_to_which_it_applies(
    client: Client, second: Directive
) -> None:
    assert set(numbers(client, "directive=icd-191")) == {MOSCOW, KERMAN, KHASHOGGI}
    assert numbers(client, "directive=rule-2") == [CHAVEZ]
    assert len(numbers(client, "directive=not_stated")) == 3
    assert numbers(client, "directive__all=icd-191&directive__all=rule-2") == []
    assert CHAVEZ in numbers(client, "directive__not=icd-191")
    assert counts(client, "", "directive") == {"icd-191": 3, "rule-2": 1, "not_stated": 3}


def test_directive_filter_is_described_and_can_be_removed(client: Client) -> None:
    assert "in which the applicable directive is “ICD 191”" in sentence(client, "directive=icd-191")
    text = sentence(client, "directive__not=icd-191")
    assert "no applicable directive is “ICD 191”" in text
    assert "no directive is known to apply" in sentence(client, "directive=not_stated")
    page = words(client.get("/cases/?directive=icd-191"))
    assert "Applicable directive ICD 191" in page.replace(":", "")


def test_directive_that_is_not_stored_is_reported(client: Client) -> None:
    page = words(client.get("/cases/?directive=rule-9"))
    assert "“rule-9” is not a value of “directive”" in page


def test_former_slug_of_a_directive_still_filters(client: Client) -> None:
    directive = Directive.objects.get()
    directive.slug = "icd-191-2015"
    directive.save()
    show_all()
    assert set(numbers(client, "directive=icd-191")) == {MOSCOW, KERMAN, KHASHOGGI}


def test_directives_are_a_column_of_every_list_and_file(client: Client, second: Directive) -> None:
    moscow = Case.objects.get(number=MOSCOW)
    moscow.directives.add(second)
    show(moscow)
    page = words(client.get("/cases/?view=table&column=directive"))
    assert "Rule 2, ICD 191" in page
    assert "Rule 2, ICD 191 Inferred" in words(client.get("/matrix/?column=directive"))
    rows = {row["number"]: row for row in table(client)}
    assert rows[MOSCOW]["directive_count"] == "2"
    assert rows[MOSCOW]["directives_modality"] == "inferred"
    assert rows["DTW-0004"]["directive_count"] == "0"
    applied = table(client, name="applied_directives")
    assert [row["directive"] for row in applied if row["case_number"] == MOSCOW] == [
        "icd-191",
        "rule-2",
    ]
    assert set(in_csv(client, "directive=icd-191")) == {MOSCOW, KERMAN, KHASHOGGI}
    found = {case["number"]: case for case in records(client)["cases"]}
    assert [one["slug"] for one in found[MOSCOW]["directives"]] == ["icd-191", "rule-2"]
    assert found["DTW-0004"]["directives"] == []


def test_case_page_shows_the_directives_with_their_evidence(client: Client) -> None:
    page = words(client.get("/cases/moscow-concert-hall-2024/"))
    assert "Applicable directives ICD 191 Inferred 2 claims" in page
    assert "We had a duty to warn them" in page
    chavez = words(client.get("/cases/chavez-2004/"))
    assert "Applicable directives Not stated in the sources" in chavez


def test_case_page_says_for_each_directive_whether_the_case_came_before_it(
    client: Client, second: Directive
) -> None:
    page = words(client.get("/cases/chavez-2004/"))
    assert "Rule 2 Before Rule 2" in page
    assert "ICD 191 Before ICD 191" not in page
    chavez = Case.objects.get(number=CHAVEZ)
    chavez.directives.add(Directive.objects.get(slug="icd-191"))
    show(chavez)
    page = words(client.get("/cases/chavez-2004/"))
    assert "ICD 191 Before ICD 191" in page
    assert "Rule 2 Before Rule 2" in page
    second.issued_edtf, second.issued_basis = "2004", "stated"
    second.save()
    show(chavez)
    assert "Rule 2 Not stated" in words(client.get("/cases/chavez-2004/"))
    assert "Rule 2" not in words(client.get("/cases/kerman-2024/"))


def test_codebook_defines_the_directives_of_a_case(client: Client) -> None:
    text = client.get("/codebook/").text
    for anchor in ("case.directives", "directive.jurisdiction", "directive.issued_edtf"):
        assert f'id="{anchor}"' in text
    assert 'id="parameter.directive"' in text


def test_directive_without_exceptions_comes_after_those_with_some(client: Client) -> None:
    make_directive(code="Article 5", slug="article-5", limits="None.", issued_edtf="1978")
    page = words(client.get("/exceptions/")).partition("Exceptions to the duty to warn")[2]
    assert page.index("Article 5:") > page.index("ICD 191: the grounds")
