"""Tidy tables: one value in each cell, keys that join, and every row of the cases on the page."""

from __future__ import annotations

import csv
import datetime as dt
import io
import re
from typing import Any

import pytest
from django.test import Client
from django.utils.html import escape

from cases import changelog
from cases.evidence.variables import VARIABLES
from cases.exchange.bundle.layout.cells import is_formula, unguard
from cases.exchange.tables.case_row import is_of
from cases.exchange.tables.registry import TABLES
from cases.exchange.tables.table import DATE, INTEGER
from cases.models import Case, Claim, Warning
from cases.models.vocabulary import ABSENT_VALUES
from tests.support.downloads import table
from tests.support.factories import make_assessment, make_case, make_exception, show

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("demo"), pytest.mark.once]

NAMES = list(TABLES)


def rows(client: Client, name: str, number: str) -> list[dict[str, str]]:
    """Return the rows that a table has for a case."""
    column = "number" if name == "cases" else "case_number"
    return [row for row in table(client, name=name) if row[column] == number]


def values(found: list[dict[str, str]], *columns: str) -> list[tuple[str, ...]]:
    return [tuple(row[column] for column in columns) for row in found]


# --- Rows ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize(
    "query", ["", "sort=title", "relation=adversary&incident=attack", "q=attack"]
)
def test_table_has_the_rows_of_the_cases_of_the_page_in_its_order(
    client: Client, name: str, query: str
) -> None:
    page = client.get(f"/cases/?{query}")
    shown = [case.slug for case in page.context["object_list"]]
    records = {case.slug: case for case in page.context["object_list"]}
    found = [row["case"] for row in table(client, query, name)]
    assert list(dict.fromkeys(found)) == [slug for slug in shown if slug in found]
    parts = {
        "warnings": "warnings",
        "incidents": "incidents",
        "assessments": "assessments",
        "applied_directives": "directives",
        "claims": "claims",
        "notes": "notes",
    }
    if name in parts:
        expected = {slug: len(getattr(records[slug], parts[name])) for slug in shown}
        assert {slug: found.count(slug) for slug in shown} == expected
    elif name == "cases":
        assert found == shown


@pytest.mark.parametrize("name", NAMES)
def test_key_tells_the_rows_of_a_table_apart_and_joins_it_to_its_case(
    client: Client, name: str
) -> None:
    found = table(client, name=name)
    assert found
    keys = values(found, *TABLES[name].key)
    assert len(set(keys)) == len(keys)
    cases = {row["case"]: row for row in table(client)}
    prefix = "" if name == "cases" else "case_"
    for row in found:
        case = cases[row["case"]]
        assert row[f"{prefix}number"] == case["number"]
        assert row[f"{prefix}version"] == case["version"] == "1"


def test_rows_about_a_warning_or_an_incident_join_its_row(client: Client) -> None:
    for name in ("warning", "incident"):
        there = set(values(table(client, name=f"{name}s"), "case", name))
        for other in {"claims", "notes", "involvements"} - (
            {"involvements"} if name == "incident" else set()
        ):
            named = [row for row in table(client, name=other) if row[name]]
            assert named
            assert set(values(named, "case", name)) <= there


def test_addresses_of_rows_lead_to_what_they_are_about(client: Client) -> None:
    pages = {row["number"]: client.get(f"/cases/{row['case']}/").text for row in table(client)}
    for name in NAMES:
        for row in table(client, name=name):
            number, _, fragment = row["address"].rpartition("/id/")[2].partition("/")
            assert not fragment or f'id="{fragment.lstrip("#")}"' in pages[number], row["address"]


# --- What the sources say, typed -----------------------------------------------------------------


def test_incident_has_figures_with_their_qualifier_and_lower_bound(client: Client) -> None:
    figures = ("deaths", "deaths_qualifier", "deaths_lower_bound", "injured", "injured_qualifier")
    assert values(rows(client, "incidents", "DTW-0001"), *figures) == [
        ("130", "more_than", "131", "", "not_stated")
    ]
    ((deaths, qualifier),) = values(
        rows(client, "incidents", "DTW-0003"), "deaths", "deaths_qualifier"
    )
    assert (deaths, qualifier) == ("", "not_applicable")
    incidents = table(client, name="incidents")
    assert sum(int(row["deaths_lower_bound"] or 0) for row in incidents) == 227


def test_warning_has_its_lead_time_as_an_interval_or_says_why_there_is_none(
    client: Client,
) -> None:
    def lead_times(number: str) -> list[tuple[str, ...]]:
        columns = ("lead_time_status", "lead_time_minimum", "lead_time_maximum")
        return values(rows(client, "warnings", number), *columns)

    assert lead_times("DTW-0001") == [("known", "15", "15"), ("known", "11", "17")]
    assert lead_times("DTW-0002") == [("known", "0", "30")]  # the source says which came first
    assert lead_times("DTW-0004") == [("not_stated", "", "")]  # the incident is not told
    assert lead_times("DTW-0006") == [("not_stated", "", "")]  # its warning has an open start
    assert lead_times("DTW-0003") == [("not_applicable", "", "")]
    assert lead_times("DTW-0005") == []  # it has no warning
    Warning.objects.filter(case__number="DTW-0002").update(before_incident="not_stated")
    show(Case.objects.get(number="DTW-0002"))
    assert lead_times("DTW-0002") == [("order_unknown", "-30", "30")]


def test_each_warning_has_a_row_with_its_own_values(client: Client) -> None:
    moscow = rows(client, "warnings", "DTW-0001")
    expected = {
        "warning": ("1", "2"),
        "channel": ("public", "private"),
        "first_recipient": ("us-citizens-in-moscow", "russian-officials"),
        "recipient_count": ("1", "1"),
        "relation": ("own_nationals", "adversary"),
        "relation_modality": ("stated", "inferred"),
        "reception": ("not_applicable", "dismissed"),
        "place_specificity": ("named", "named"),
        "window_state": ("stated", "not_stated"),
        "window_start": ("2024-03-07", ""),
        "window_covered": ("no", "not_stated"),
    }
    assert {name: tuple(row[name] for row in moscow) for name in expected} == expected
    assert "unspecified reports" in moscow[0]["content"]


def test_every_actor_in_every_role_has_a_row(client: Client) -> None:
    columns = ("actor", "actor_name", "role", "warning", "role_modality")
    ukraine = values(rows(client, "involvements", "DTW-0006"), *columns)
    recipients = {row[0]: row[1:] for row in ukraine if row[2] == "recipient"}
    assert set(recipients) == {"russia", "ukraine", "us-allies"}
    assert recipients["russia"][:3] == ("Russia", "recipient", "1")
    (warning,) = rows(client, "warnings", "DTW-0006")
    assert (warning["recipient_count"], warning["first_recipient"]) == ("3", "russia")
    roles = values(rows(client, "involvements", "DTW-0001"), "role", "actor")
    assert ("speaker", "vladimir-putin") in roles
    assert ("issuer", "us-embassy-moscow") in roles


def test_dates_are_as_printed_in_edtf_and_as_bounds(client: Client) -> None:
    columns = ("date_printed", "date_edtf", "date_earliest", "date_latest", "date_precision")
    (kerman,) = values(rows(client, "warnings", "DTW-0002"), *columns)
    assert kerman[1:] == ("2024-01", "2024-01-01", "2024-01-31", "month")
    (ukraine,) = values(rows(client, "warnings", "DTW-0006"), *columns)
    assert ukraine[1:] == ("/2022-02", "", "2022-02-28", "span")
    (chavez,) = values(rows(client, "incidents", "DTW-0003"), *columns)
    assert chavez == ("", "not_applicable", "", "", "not_stated")
    (moscow,) = values(rows(client, "cases", "DTW-0001"), *columns)
    assert moscow == ("Friday", "2024-03-22", "2024-03-22", "2024-03-22", "day")


def test_claim_names_its_value_its_speaker_and_where_it_is_printed(client: Client) -> None:
    claims = rows(client, "claims", "DTW-0001")
    deaths = next(row for row in claims if row["about"] == "incident-1.deaths")
    assert (deaths["incident"], deaths["warning"], deaths["field"]) == ("1", "", "incident.deaths")
    assert (deaths["value"], deaths["label"]) == ("over 130", "Incident 1, deaths")
    assert deaths["source"] == "daily-true-news"
    kirby = [row for row in claims if row["speaker"] == "john-kirby"]
    assert kirby
    assert {row["speaker_kind"] for row in kirby} == {"actor"}
    assert {row["speaker_name"] for row in kirby} == {"John Kirby"}
    source = [row for row in claims if row["speaker_kind"] == "source"]
    assert {row["speaker"] for row in source} == {"not_stated"}


def test_case_counts_its_parts_and_says_whether_it_is_contested(client: Client) -> None:
    (moscow,) = rows(client, "cases", "DTW-0001")
    for name in ("warnings", "incidents", "involvements", "assessments", "claims", "notes"):
        column = f"{name.removesuffix('s')}_count"
        if name != "involvements":  # those of warnings are not the case's own
            assert moscow[column] == str(len(rows(client, name, "DTW-0001")))
    claim = Claim.objects.get(case__number="DTW-0002", incident__isnull=False, field="deaths")
    claim.pk, claim.sequence, claim.stance = None, 999, "disputes"
    claim.save()
    show(claim.case)
    for name in ("cases", "incidents"):
        contested = [row["case"] for row in table(client, name=name) if row["contested"] == "yes"]
        assert contested == ["kerman-2024"]
    assert {row["contested"] for row in table(client, name="warnings")} == {"no"}


def test_warning_and_incident_count_the_notes_on_them_and_their_values(client: Client) -> None:
    notes = table(client, name="notes")
    assert {note["about"].partition(".")[2] for note in notes} >= {"deaths"}
    for name, key in (("warnings", "warning"), ("incidents", "incident")):
        counts = {
            (row["case"], row[key]): int(row["note_count"]) for row in table(client, name=name)
        }
        about = [(note["case"], note[key]) for note in notes if note[key]]
        assert counts == {place: about.count(place) for place in counts}
    kerman = rows(client, "incidents", "DTW-0002")[0]
    assert (kerman["deaths"], kerman["note_count"]) == ("95", "4")  # two of them on the deaths


def test_note_on_another_warning_whose_number_begins_alike_is_not_counted() -> None:
    class Numbered:
        path = "warning-1"

    assert is_of(Numbered(), "warning-1.channel")  # type: ignore[arg-type]  # only its path is read
    assert not is_of(Numbered(), "warning-10.channel")  # type: ignore[arg-type]


def test_assessment_of_an_exception_has_a_row(client: Client) -> None:
    exception = make_exception(slug="of-no-use")
    make_assessment(Case.objects.get(number="DTW-0005"), exception=exception, status="withheld")
    found = values(table(client, name="assessments"), "case_number", "exception", "status")
    assert found == [
        ("DTW-0001", "already-aware", "ruled_out"),
        ("DTW-0005", "of-no-use", "withheld"),
    ]


def test_absent_value_is_not_certain(client: Client) -> None:
    """A claim may say that the source is silent; that makes no value certain, as on the page."""
    assert Claim.objects.filter(field="conduit", warning__conduit="not_stated").exists()
    for name in ("cases", "warnings", "incidents", "assessments"):
        for row in table(client, name=name):
            for column, cell in row.items():
                if column.endswith("_modality") and cell != "not_stated":
                    value = row.get(column.removesuffix("_modality"), "")
                    assert value not in ABSENT_VALUES, (column, row)


def test_certainty_of_a_lead_time_is_that_of_the_weakest_value_it_rests_on(
    client: Client,
) -> None:
    def certainties(number: str, field: str = "lead_time") -> list[str]:
        return [row[f"{field}_modality"] for row in rows(client, "warnings", number)]

    assert certainties("DTW-0003") == certainties("DTW-0004") == ["not_stated"]
    assert certainties("DTW-0002") == ["inferred"]
    assert certainties("DTW-0001", "window_covered") == ["inferred", "not_stated"]
    Claim.objects.filter(case__number="DTW-0002", field="before_incident").delete()
    show(Case.objects.get(number="DTW-0002"))
    assert certainties("DTW-0002") == ["not_stated"]


def test_cells_have_the_type_and_the_words_of_their_column(client: Client) -> None:
    for name, known in TABLES.items():
        for row in table(client, name=name):
            for column in known.columns:
                cell = row[column.name]
                assert cell or not column.is_required, column.name
                if column.type == INTEGER and cell:
                    assert re.fullmatch("-?[0-9]+", cell)
                if column.type == DATE and cell:
                    dt.date.fromisoformat(cell)
                if column.words and cell:
                    assert cell in dict(column.words), column.name


# --- Choosing columns, and Excel -----------------------------------------------------------------


def test_columns_are_chosen_by_name_in_the_order_given(client: Client) -> None:
    found = table(client, "columns=case,warning,reception,%20channel,case", "warnings")
    assert list(found[0]) == ["case", "warning", "reception", "channel"]
    assert len(found) == 6
    repeated = table(client, "columns=case&columns=warning,reception&columns=case", "warnings")
    assert list(repeated[0]) == ["case", "warning", "reception"]


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("columns=case,chanel", "There is no column “chanel”; perhaps “channel” is meant."),
        ("columns=" + "%00x" * 300, "There is no column “"),
        ("excel=yes", "“excel” is 1 for a file that Excel opens as UTF-8, otherwise 0."),
        ("excel=1&channel=loud", "“loud”"),
    ],
)
def test_address_of_a_table_refuses_what_it_does_not_understand(
    client: Client, query: str, words: str
) -> None:
    response = client.get(f"/warnings.csv?{query}")
    assert response.status_code == 400
    assert words in response.text
    assert len(response.text.splitlines()) == 2
    mended = response.text.splitlines()[-1].partition("/warnings.csv")[2]
    assert client.get(f"/warnings.csv{mended}").status_code == 200


def test_unknown_column_is_answered_with_those_there_are(client: Client) -> None:
    text = client.get("/incidents.csv?columns=nonsense").text
    names = text.splitlines()[0].partition("The columns are: ")[2].removesuffix(".")
    assert names.split(", ") == list(TABLES["incidents"].by_name)


def test_json_and_pages_know_no_columns_of_a_table(client: Client) -> None:
    for address in ("/cases.json", "/api/v1/cases/"):
        response = client.get(f"{address}?columns=case")
        assert response.status_code == 400
        (error,) = response.json()["errors"]
        assert error == "Only the CSV tables of cases have the parameter “columns”."


@pytest.mark.parametrize("address", ["/codebook.csv", "/codebook.json", "/data/cases.csv"])
def test_file_without_parameters_refuses_one(client: Client, address: str) -> None:
    response = client.get(f"{address}?columns=case")
    assert response.status_code == 400
    assert "Only the CSV tables of cases have the parameter" in response.text
    assert client.get(f"{address}?utm_source=letter").status_code == 200


def test_file_for_excel_begins_with_a_byte_order_mark_and_others_do_not(client: Client) -> None:
    marked = client.get("/cases.csv?excel=1").getvalue()
    assert marked.startswith(b"\xef\xbb\xbfcase,")
    assert client.get("/cases.csv").getvalue() == marked[3:]
    assert client.get("/cases.csv?excel=0").getvalue() == marked[3:]


def test_name_of_a_file_says_the_version_and_what_was_asked(client: Client) -> None:
    version = changelog.latest()

    def name(address: str) -> str:
        return client.head(address)["Content-Disposition"].partition("filename=")[2].strip('"')

    assert name("/cases.csv") == f"duty-to-warn-cases-version-{version}.csv"
    assert name("/warnings.csv?channel=private&q=%22the attack%22&columns=case&sort=title") == (
        f"duty-to-warn-warnings-version-{version}-channel-private-q-the-attack.csv"
    )
    long = name(
        "/cases.json?"
        + "&".join(f"actor={slug}" for slug in ("russia",) * 2 + ("iran",))
        + "&q="
        + "+".join(["internationally"] * 12)
    )
    assert len(long) < 160
    assert long.endswith("-and-more.json")


# --- CSV as a format -----------------------------------------------------------------------------


@pytest.mark.parametrize("name", NAMES)
def test_csv_is_as_rfc_4180_has_it_in_utf_8(client: Client, name: str) -> None:
    text = client.get(f"/{name}.csv").getvalue().decode("utf-8")
    assert text.startswith("case,")
    assert text.endswith("\r\n")
    lines = list(csv.reader(io.StringIO(text, newline=""), strict=True))
    assert {len(line) for line in lines} == {len(TABLES[name].columns)}
    for nothing in ("None", "nan", "NaT", "1970-01-01", "<"):
        assert not any(nothing in cell.split() for line in lines for cell in line)


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1+1", "@SUM(A1)", "'=x", 'a "b", c;d\\e f'])
def test_no_cell_is_run_by_a_spreadsheet_and_every_text_comes_back(
    client: Client, text: str
) -> None:
    case = Case.objects.get(number="DTW-0007")
    case.incidents.update(place=text)
    Case.objects.filter(pk=case.pk).update(title=text)
    show(Case.objects.get(pk=case.pk))
    assert [unguard(row["title"]) for row in rows(client, "cases", "DTW-0007")] == [text]
    assert {unguard(row["place"]) for row in rows(client, "incidents", "DTW-0007")} == {text}
    for name in NAMES:
        for row in table(client, name=name):
            for column, cell in row.items():
                assert not is_formula(cell) or re.fullmatch("-[0-9]+", cell), column


def test_negative_number_stays_a_number(client: Client) -> None:
    case = make_case(published=True)
    case.warnings.update(
        date_edtf="2024-03-30", date_earliest="2024-03-30", date_latest="2024-03-30"
    )
    show(case)
    assert values(rows(client, "warnings", case.number), "lead_time_minimum") == [("-8",)]


# --- The codebook --------------------------------------------------------------------------------


def test_tables_have_every_variable_and_the_codebook_defines_every_column(client: Client) -> None:
    columns = {name: set(known.by_name) for name, known in TABLES.items()}
    for variable in VARIABLES.values():
        if variable.field != "era":  # it follows from the date of the case
            assert f"{variable.field}_modality" in columns[f"{variable.part}s"], variable.name
    text = client.get("/codebook/").text
    for known in TABLES.values():
        assert len(known.by_name) == len(known.columns)
        for column in known.columns:
            start = f'<div id="{known.name}.{column.name}">'
            defined = text.partition(start)[2].partition("</div>")[0]
            assert escape(column.meaning) in defined
            assert f"<code>{column.name}</code>" in defined
            assert not column.defined_at or f'id="{column.defined_at}"' in text, column


def test_claims_of_a_source_are_rows_of_the_table_of_claims(client: Client) -> None:
    def claims(address: str) -> dict[tuple[str, str], Any]:
        text = client.get(address).getvalue().decode()
        return {(row["case"], row["claim"]): row for row in csv.DictReader(io.StringIO(text))}

    every = claims("/claims.csv")
    found = claims("/sources/daily-true-news/claims.csv?modality=alleged")
    assert found
    assert found.items() <= every.items()
    expected = [row for row in every.values() if row["modality"] == "alleged"]
    assert len(found) == sum(row["source"] == "daily-true-news" for row in expected)
