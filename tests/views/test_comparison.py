"""The comparison table."""

from __future__ import annotations

import re
from html import escape
from urllib.parse import urlencode

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from cases.evidence.variables import VARIABLES
from cases.index import case_index
from cases.models import Case, Claim
from cases.presentation.comparison import DEFAULT_VARIABLES
from tests.support.coding_sheets import sheet_of
from tests.support.factories import show
from tests.support.reading import words

pytestmark = [pytest.mark.once, pytest.mark.django_db, pytest.mark.usefixtures("demo")]


def test_matrix_shows_the_same_cases_as_the_list(client: Client) -> None:
    for query in ("", "kind=warning_given&sort=title", "channel__not=public&date_from=2004"):
        shown = [row.case.number for row in client.get(f"/matrix/?{query}").context["rows"]]
        listed = [case.number for case in client.get(f"/cases/?{query}").context["object_list"]]
        assert shown == listed


def test_matrix_of_chosen_cases_shows_only_them(client: Client) -> None:
    response = client.get("/matrix/?case=kerman-2024&case=chavez-2004")
    assert {row.case.slug for row in response.context["rows"]} == {"kerman-2024", "chavez-2004"}
    assert "2 of 7 cases" in words(response)


def test_matrix_offers_to_compare_some_of_its_cases_alone(client: Client) -> None:
    text = client.get("/matrix/?kind=warning_given&sort=title&column=deaths").text
    boxes = re.findall(r'<input type="checkbox" name="case" value="([\w-]+)" form="pick">', text)
    assert len(boxes) == 4
    form = text.partition('id="pick"')[2].partition("</form>")[0]
    kept = re.findall(r'<input type="hidden" name="(\w+)" value="(\w+)">', form)
    # The filters are met anyhow.
    assert kept == [("sort", "title"), ("column", "deaths"), ("layout", "columns")]
    criteria = [*kept, *(("case", slug) for slug in boxes[:2])]
    picked = client.get(f"/matrix/?{urlencode(criteria)}")
    assert [row.case.slug for row in picked.context["rows"]] == boxes[:2]
    assert "2 of 7 cases picked by name" in words(picked)


def test_matrix_of_one_case_has_nothing_to_tick(client: Client) -> None:
    assert 'form="pick"' not in client.get("/matrix/?case=kerman-2024").text
    assert 'id="pick"' not in client.get("/matrix/?case=kerman-2024").text


@pytest.mark.parametrize("case", ["nobody", "%00", "x" * 5000])
def test_matrix_of_an_unknown_case_says_so(client: Client, case: str) -> None:
    page = words(client.get(f"/matrix/?case={case}"))
    assert "is not a value of “case”" in page


def test_matrix_leaves_out_a_case_that_is_not_published(client: Client) -> None:
    Case.objects.filter(slug="kerman-2024").update(status="draft")
    response = client.get("/matrix/?case=kerman-2024")
    assert "is not a value of “case”" in words(response)
    assert "kerman" not in {row.case.slug for row in response.context["rows"]}


@pytest.mark.slow
def test_matrix_words_each_value_as_the_case_page_does_and_leads_to_it(client: Client) -> None:
    text = client.get("/matrix/").text
    for case in Case.objects.for_detail():
        page = client.get(case.get_absolute_url()).text
        for row in client.get(f"/matrix/?case={case.slug}").context["rows"]:
            for _, entries in row.cells:
                for entry in entries:
                    anchor = entry.anchor
                    assert f'id="{anchor}"' in page
                    assert f'href="{case.get_absolute_url()}?view=matrix#{anchor}"' in text
        sheet = sheet_of(case)
        cells = {column.name: entries for column, entries in row.cells}
        assert [entry.reading.text for entry in cells["reception"]] == [
            value.text
            for section in sheet.warnings
            for value in section.values
            if value.field == "reception"
        ]


def test_matrix_cell_of_a_value_that_is_worked_out_leads_to_its_very_row(client: Client) -> None:
    query = "column=era&column=lead_time&column=window_covered"
    text = client.get(f"/matrix/?{query}").text
    page = client.get("/cases/moscow-concert-hall-2024/").text
    for anchor, label in [
        ("case-icd-191", "ICD 191"),
        ("warning-2-lead-time", "Lead time"),
        ("warning-2-window-covered-the-incident", "Window covered the incident"),
    ]:
        assert re.search(rf'href="/cases/moscow-concert-hall-2024/\?[^"#]*#{anchor}"', text)
        assert (
            f'<div class="coded-label">{label}</div><div class="coded-body" id="{anchor}">' in page
        )


def test_matrix_leads_to_a_case_within_its_cases_and_the_case_back_to_it(client: Client) -> None:
    query = "recipient=russia&recipient=iran&sort=title&column=deaths&per_page=1"
    shown = client.get(f"/matrix/?{query}&page=2")
    row = shown.context["rows"][0]
    assert row.address == f"{row.case.get_absolute_url()}?{query}&view=matrix"
    assert f'href="{escape(row.address)}"' in shown.text
    assert f'href="{escape(row.address)}#incident-1-deaths"' in shown.text
    case = client.get(row.address)
    place = case.context["place"]
    assert (place.number, place.count) == (2, 3)
    assert f'href="{escape(f"{place.next.get_absolute_url()}?{query}&view=matrix")}"' in case.text
    assert f'href="{escape(f"/matrix/?{query}&page=2")}#{row.case.number}"' in case.text
    assert "Back to the comparison" in case.text
    back = client.get(place.back)
    assert [one.case for one in back.context["rows"]] == [row.case]
    assert f'id="{row.case.number}"' in back.text


def test_matrix_of_chosen_cases_is_kept_from_case_to_case(client: Client) -> None:
    query = "case=kerman-2024&case=chavez-2004&sort=title"
    first, second = client.get(f"/matrix/?{query}").context["rows"]
    response = client.get(first.address)
    place = response.context["place"]
    assert (place.number, place.count, place.next.slug) == (1, 2, second.case.slug)
    assert "Case 1 of 2 picked by name" in words(response)
    assert "could not be used" not in words(response)
    assert place.back == f"/matrix/?{query}"
    last = client.get(f"{place.next.get_absolute_url()}?{place.within}").context["place"]
    assert (last.number, last.previous.slug, last.next) == (2, first.case.slug, None)


def test_case_outside_the_comparison_that_it_is_asked_within_leads_to_it(client: Client) -> None:
    response = client.get("/cases/boston-2013/?case=kerman-2024")
    assert "not in your comparison of 1 case picked by name. Back to the comparison" in words(
        response
    )
    assert response.context["place"].back == "/matrix/?case=kerman-2024"


def test_list_asked_for_the_view_of_the_comparison_leads_there(client: Client) -> None:
    response = client.get("/cases/?view=matrix&kind=warning_given&case=kerman-2024")
    assert response["Location"] == "/matrix/?kind=warning_given&case=kerman-2024"
    assert client.get("/cases/?view=matrix")["Location"] == "/matrix/"
    too_long = client.get("/cases/", {"view": "matrix", "q": "x" * 9_000})
    assert too_long.status_code == 200
    assert client.get("/cases.csv?view=matrix").status_code == 200


@pytest.mark.parametrize(
    ("view", "narrowed"), [("cards", "view=cards"), ("table", "view=table"), ("matrix", "")]
)
def test_matrix_understands_the_view_of_the_list_without_changing(
    client: Client, view: str, narrowed: str
) -> None:
    response = client.get(f"/matrix/?view={view}")
    assert response.context["query"].notices == []
    assert response.context["columns"] == client.get("/matrix/").context["columns"]
    assert response.context["canonical"] == ""
    assert response.context["list_query"] == narrowed


def test_matrix_asked_for_a_view_that_there_is_not_says_so(client: Client) -> None:
    assert "“view” is one of: cards, table, matrix" in words(client.get("/matrix/?view=map"))


def test_worked_out_values_read_the_same_in_table_comparison_and_case(client: Client) -> None:
    columns = "column=lead_time&column=window_covered"
    listed = client.get(f"/cases/?view=table&{columns}").context["rows"]
    compared = client.get(f"/matrix/?{columns}").context["rows"]
    seen = set()
    for row, beside in zip(listed, compared, strict=True):
        page = client.get(row.case.get_absolute_url()).text
        for (_, entries), (_, others) in zip(row.cells.values, beside.cells, strict=True):
            forms = [(entry.reading.form, entry.reading.text) for entry in entries]
            assert forms == [(other.reading.form, other.reading.text) for other in others]
            for form, text in forms:
                assert f'<span class="{form}">{text}</span>' in page
            seen |= set(forms)
    assert ("absent absent-not_stated", "Not computable") in seen
    assert ("absent absent-not_stated", "Not stated in the sources") in seen
    assert ("absent absent-not_applicable", "Does not apply") in seen
    assert ("value", "No: it ended 13 days before") in seen


def test_matrix_says_of_which_warning_a_value_is(client: Client) -> None:
    page = words(client.get("/matrix/?case=moscow-concert-hall-2024"))
    assert "Warning 1: Public" in page
    assert "Warning 2: Private" in page
    assert "Warning 1: No: it ended 13 days before" in page


def test_matrix_marks_where_other_evidence_says_more_or_otherwise(client: Client) -> None:
    kerman = words(client.get("/matrix/?case=kerman-2024&column=channel&column=kind"))
    assert "Not stated in the sources More in a note" in kerman
    assert "Warning given Reportedly Contradicted by a note" in kerman
    moscow = words(client.get("/matrix/?case=moscow-concert-hall-2024&column=follow_up"))
    assert "Little or none visible Contradicted by 3 notes" in moscow


def test_comparison_says_which_cases_are_on_this_page(client: Client) -> None:
    page = words(client.get("/matrix/?layout=columns&per_page=3&page=2"))
    assert "All 7 cases (4 to 6 on this page)" in page
    page = words(client.get("/matrix/?kind=warning_given&per_page=2"))
    assert "of 7 cases (1 to 2 on this page) in which" in page
    assert "on this page" not in words(client.get("/matrix/"))


def test_comparison_without_a_ticked_case_says_that_it_has_all(client: Client) -> None:
    said = "No case is ticked, so all are shown."
    assert said in words(client.get("/matrix/?layout=columns"))
    assert said not in words(client.get("/matrix/?case=chavez-2004&case=kerman-2024"))


@pytest.mark.parametrize("address", ["/matrix/", "/cases/kerman-2024/", "/cases/boston-2013/"])
def test_key_explains_every_mark_of_the_page_and_leads_to_the_codebook(
    client: Client, address: str
) -> None:
    claim = Claim.objects.get(case__slug="kerman-2024", incident__isnull=False, field="deaths")
    claim.pk, claim.sequence, claim.stance = None, 999, "disputes"
    claim.save()
    show(claim.case)
    page, _, key = client.get(address).text.partition('id="key"')
    marks = re.compile(r'<span class="badge\b[^>]*>(.+?)</span>')
    used = {re.sub(r"\d+ notes", "a note", mark) for mark in marks.findall(page)}
    assert "Inferred" in used
    assert ("Completed by editors" in used) is ("boston" not in address)
    assert ("Contradicted by a note" in used) is ("boston" not in address)
    assert ("Contested" in used) is ("boston" not in address)
    assert used <= set(marks.findall(key))
    for absence in ("Not stated", "Does not apply", "Withheld", "Not computable"):
        assert f">{absence}</span>" in key
    codebook = client.get("/codebook/").text
    defined = re.findall(r'href="/codebook/#([^"]+)"', key)
    assert len(defined) == 5
    assert all(f'id="{fragment}"' in codebook for fragment in defined)


def test_matrix_fills_what_a_case_has_no_part_for(client: Client) -> None:
    row = client.get("/matrix/?case=khashoggi-2018").context["rows"][0]
    assert len(row.cells) == len(DEFAULT_VARIABLES)
    page = words(client.get("/matrix/?case=khashoggi-2018"))
    assert "No warning coded" in page
    assert (
        "Does not apply" not in page.partition("What the marks mean")[0]
    )  # there is no warning that something could not apply to


def test_matrix_shows_the_chosen_columns_in_their_own_order(client: Client) -> None:
    response = client.get("/matrix/?column=deaths&column=era&column=reception")
    assert [column.name for column in response.context["columns"]] == ["era", "reception", "deaths"]
    page = words(response)
    assert "Before ICD 191" in page
    assert "over 130" in page
    assert "Duty to warn" not in page.partition("Choose the columns")[2].partition("Case Era")[2]
    ticked = re.findall(r'name="column" value="(\w+)" checked', response.text)
    assert ticked == ["era", "reception", "deaths"]


def test_matrix_offers_every_column_and_keeps_the_filters_with_them(client: Client) -> None:
    text = client.get("/matrix/?kind=warning_given&column=deaths").text
    form = text.partition('id="choose-columns"')[2].partition("</form>")[0]
    assert set(re.findall(r'name="column" value="(\w+)"', form)) == set(VARIABLES)
    assert '<input type="hidden" name="kind" value="warning_given">' in form
    assert (
        'href="/matrix/?column=deaths"' in text
    )  # the chip takes its filter away, not the columns


def test_matrix_column_that_is_not_there_is_told_and_all_are_shown(client: Client) -> None:
    response = client.get("/matrix/?column=nonsense")
    assert "“nonsense” is not a value of “column”" in words(response)
    assert [column.name for column in response.context["columns"]] == list(DEFAULT_VARIABLES)


def test_matrix_leads_back_to_the_list_with_its_columns(client: Client) -> None:
    text = client.get("/matrix/?era=after_icd191&column=basis").text
    assert 'href="/cases/?era=after_icd191&amp;column=basis&amp;view=table"' in text


def test_matrix_is_named_after_what_it_shows_and_belongs_to_the_cases(client: Client) -> None:
    text = client.get("/matrix/?reception=dismissed").text
    assert "<title>Comparison of cases: reception Dismissed – " in text
    assert 'href="/cases/" aria-current="true"' in text


def test_matrix_without_a_match_offers_a_way_back(client: Client) -> None:
    page = words(client.get("/matrix/?kind=policy_origin&reception=dismissed"))
    assert "Compare all 7 cases" in page


QUERIES_OF_THE_MATRIX = 10
"""The cases named, twice, and their titles; the records of the cases on the page; the version of
the dataset, four times; and what is cached by it: the passages that notes about no case challenge,
and whether there are synthetic cases."""


@pytest.mark.parametrize("query", ["", "per_page=1", "case=kerman-2024"])
def test_matrix_queries_do_not_grow_with_the_cases(
    client: Client, django_assert_max_num_queries: DjangoAssertNumQueries, query: str
) -> None:
    case_index.current()  # made once a process
    with django_assert_max_num_queries(QUERIES_OF_THE_MATRIX):
        client.get(f"/matrix/?{query}")


# Cases as columns


def beside(client: Client, query: str) -> dict[tuple[str, str], list[str]]:
    """Return the texts that stand side by side, by group and variable; “” where nothing does."""
    found = {}
    for group in client.get(f"/matrix/?layout=columns&{query}").context["groups"]:
        for line in group.lines:
            found[group.title, line.variable.name] = [
                entry.reading.text if entry else "" for _, entry in line.cells
            ]
    return found


def test_cases_as_columns_say_the_same_as_their_rows_with_each_warning_on_a_line(
    client: Client,
) -> None:
    query = "case=moscow-concert-hall-2024&case=kerman-2024&case=khashoggi-2018&sort=title"
    rows = client.get(f"/matrix/?{query}").context["rows"]
    lines = beside(client, query)
    assert {name for _, name in lines} == set(DEFAULT_VARIABLES)
    for nth, row in enumerate(rows):
        for column, entries in row.cells:
            texts = [texts[nth] for (_, name), texts in lines.items() if name == column.name]
            assert [text for text in texts if text] == [entry.reading.text for entry in entries]
    order = [row.case.slug for row in rows]
    channels = dict(zip(order, lines["Warning 2", "channel"], strict=True))
    assert channels == {
        "moscow-concert-hall-2024": "Private",
        "kerman-2024": "",
        "khashoggi-2018": "",
    }
    page = words(client.get(f"/matrix/?layout=columns&{query}"))
    assert page.count("No warning 2 coded") == 2
    assert page.count("No warning 1 coded") == 1


def test_cases_as_columns_without_any_warning_say_so_once_a_case(client: Client) -> None:
    page = words(client.get("/matrix/?layout=columns&case=khashoggi-2018&case=embassies-1998"))
    assert page.partition("What the marks mean")[0].count("No warning coded") == 2


def test_cases_as_columns_are_six_a_page_and_lead_back_to_their_page(client: Client) -> None:
    first = client.get("/matrix/?layout=columns&sort=title&per_page=25")
    assert len(first.context["rows"]) == 6
    assert "Side by side, a page has at most 6 cases." in words(first)
    last = client.get("/matrix/?layout=columns&sort=title&page=2").context["rows"]
    assert len(last) == 1
    place = client.get(last[0].address).context["place"]
    assert place.back == "/matrix/?layout=columns&sort=title&page=2"
    assert f'id="{last[0].case.number}"' in client.get(place.back).text


def test_layout_of_the_comparison_is_switched_in_its_address(client: Client) -> None:
    text = client.get("/matrix/?sort=title").text
    assert 'href="?sort=title&amp;layout=columns"' in text
    assert client.get("/matrix/?layout=rows").context["canonical"] == ""
    assert client.get("/matrix/?layout=columns").context["canonical"] == "layout=columns"
    assert "“layout” is one of: rows, columns." in words(client.get("/matrix/?layout=diagonal"))
    assert client.get("/cases.csv?layout=columns").status_code == 200
    assert client.get("/cases/?layout=columns").context["canonical"] == ""


@pytest.mark.parametrize(
    ("address", "count"), [("/cases/", 7), ("/cases/?view=table", 7), ("/cases/kerman-2024/", 1)]
)
def test_cases_are_ticked_for_comparison_where_they_are_shown(
    client: Client, address: str, count: int
) -> None:
    text = client.get(address).text
    assert (
        len(re.findall(r'<input type="checkbox" name="case" value="[\w-]+" form="pick">', text))
        == count
    )
    form = text.partition('id="pick"')[2].partition("</form>")[0]
    assert 'action="/matrix/"' in form
    assert re.findall(r'<input type="hidden" name="(\w+)" value="(\w+)">', form) == [
        ("layout", "columns")
    ]


def test_version_of_a_case_is_not_ticked_for_comparison(client: Client) -> None:
    assert 'id="pick"' not in client.get("/cases/chavez-2004/v/1/").text
