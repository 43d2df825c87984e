"""What a reader was misled by: values shown without a mark, or with one that could be misread."""

from __future__ import annotations

import re

import pytest
from django.test import Client

from cases import synthetic
from cases.models import Case, Incident
from tests.support.factories import make_actor, make_case, make_claim, make_involvement, show
from tests.support.reading import words

pytestmark = [pytest.mark.once, pytest.mark.django_db, pytest.mark.usefixtures("demo")]


def test_box_and_head_of_a_case_say_how_firm_what_is_read_first_is(client: Client) -> None:
    def box(slug: str) -> str:
        text = words(client.get(f"/cases/{slug}/"))
        return text.partition("Outcome")[2].partition("Chain Coding")[0]

    assert "Targeted killing, 1 death Inferred" in box("khashoggi-2018")
    assert "US officials to Government of Venezuela Attributed" in box("chavez-2004")
    assert "Lead time: 0 to 30 days Inferred Completed by editors" in box("kerman-2024")
    assert "Deaths: Not stated in the sources More in a note" in box("boston-2013")
    moscow = box("moscow-concert-hall-2024")
    assert "No: it ended 13 days before Inferred" in moscow
    assert "Reception: Dismissed Inferred" in moscow
    assert "Follow-up: Little or none visible Contradicted by 3 notes" in moscow
    kerman = words(client.get("/cases/kerman-2024/"))
    assert (
        "Warning given Reportedly Contradicted by a note · "
        "January 2024, after ICD 191 Inferred Completed by editors"
    ) in kerman


def test_table_marks_the_date_of_a_case(client: Client) -> None:
    table = words(client.get("/cases/?view=table&column=kind"))
    for dated in ("2013 Inferred", "2004 Attributed", "January 2024 Inferred Completed by editors"):
        assert dated in table
    assert "22 March 2024 Completed by editors" in table


@pytest.mark.parametrize(
    ("slug", "value", "evidence"),
    [
        ("khashoggi-2018", "Date 2018", r"1 claim, 1 note"),
        ("kerman-2024", "Date January 2024 Reportedly Completed by editors", r"1 claim, 1 note"),
        # The note on this day only has its year, which is coded.
        (
            "moscow-concert-hall-2024",
            "Date 7 March 2024 Completed by editors",
            r"\d claims?, 1 note",
        ),
    ],
)
def test_note_that_gives_a_value_more_exactly_is_in_its_evidence(
    client: Client, slug: str, value: str, evidence: str
) -> None:
    sheet = words(client.get(f"/cases/{slug}/")).partition("Coding sheet")[2]
    assert re.search(f"{value} {evidence}", sheet)


@pytest.mark.parametrize("address", ["/cases/", "/cases/boston-2013/"])
def test_marks_of_a_date_stand_behind_the_era_that_is_worked_out_from_it(
    client: Client, address: str
) -> None:
    assert "Warning given · 2013, before ICD 191 Inferred " in words(client.get(address))
    by_case = words(client.get("/exceptions/"))
    assert "DTW-0002 · After ICD 191 Inferred Completed by editors Not reported" in by_case


@pytest.mark.parametrize(
    ("edtf", "said"),
    [
        ("2015", "2015, before or after ICD 191 not stated"),
        ("", "Date not stated in the sources More in a note"),
    ],
)
def test_case_whose_date_does_not_tell_its_era_says_so_once(
    client: Client, edtf: str, said: str
) -> None:
    basis = "stated" if edtf else "not_stated"
    incident = Incident.objects.get(case__number="DTW-0005")
    incident.date_edtf, incident.date_basis = edtf, basis
    incident.save()
    show(incident.case)
    assert f"· {said} Under the Trump administration" in words(client.get("/cases/"))
    assert f"· {said} Alleged failure" in words(client.get("/cases/khashoggi-2018/"))


def test_statement_and_claim_tell_a_date_that_was_completed(client: Client) -> None:
    page = words(client.get("/cases/moscow-concert-hall-2024/"))
    assert "19 March 2024 Completed by editors “Three days before the attack”" in page
    assert "Vladimir Putin, 19 March 2024 Completed by editors Quoted" in page


@pytest.mark.parametrize("view", ["cards", "table"])
@pytest.mark.parametrize("asked", ["contested=yes", "contested__all=yes", "contested__not=no"])
def test_list_of_contested_cases_names_the_values_that_are(
    client: Client, view: str, asked: str
) -> None:
    kerman = Case.objects.get(slug="kerman-2024")
    make_claim(kerman, "incident-1.deaths", stance="disputes")
    make_claim(kerman, "warning-1.channel", stance="disputes")  # which nobody asserts
    make_claim(kerman, "incident-1.kind", stance="declines")
    text = client.get(f"/cases/?{asked}&view={view}&column=deaths").text
    named = re.findall(r'href="/cases/kerman-2024/\?[^"#]*#(in[\w-]+|w[\w-]+)">([^<]*)</a>', text)
    assert named == [("incident-1-deaths", "Incident 1, deaths")]
    assert re.search(r'95(?: deaths)? <span class="badge badge-against"[^>]*>Contested', text)
    assert "Incident 1, deaths" not in words(client.get(f"/cases/?contested__not=yes&view={view}"))
    assert "Incident 1, deaths" not in words(client.get(f"/cases/?view={view}"))


def test_list_names_a_contested_exception_role_and_case_as_a_whole(client: Client) -> None:
    case = make_case(published=True, complete=True)
    role = make_involvement(case, actor=make_actor(), role="accused")
    for about in (role.path, ""):
        make_claim(case, about)
        make_claim(case, about, stance="disputes")
    page = words(client.get("/cases/?contested=yes"))
    assert "Contested Accused of not warning · The case as a whole" in page


def test_synthetic_case_that_is_public_is_not_said_to_be_unpublished(client: Client) -> None:
    Case.objects.update(status="draft")
    synthetic.make(cases=5, seed=5)
    case = Case.objects.published().first()
    assert case
    assert "not published yet" not in client.get(case.get_absolute_url()).text
    assert "Version 1" in words(client.get(f"{case.get_absolute_url()}history/"))
    for address in ("/", "/changes/"):
        page = words(client.get(address))
        assert "Changes of synthetic cases are not listed." in page
        assert "published yet" not in page


@pytest.mark.parametrize(
    ("deaths", "qualifier", "said"),
    [
        (1, "exact", "1 death"),
        (1, "at_least", "at least 1 death"),
        (2, "exact", "2 deaths"),
        (130, "more_than", "over 130 deaths"),
    ],
)
def test_one_death_is_counted_in_the_singular(
    client: Client, deaths: int, qualifier: str, said: str
) -> None:
    case = Case.objects.get(number="DTW-0002")
    case.incidents.update(deaths=deaths, deaths_qualifier=qualifier)
    show(case)
    for address in ("/cases/?armed_group=islamic-state", "/cases/kerman-2024/"):
        assert f"Attack, {said} " in words(client.get(address)), address
