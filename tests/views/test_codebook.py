"""The codebook, as a reader sees it: whatever it names, it defines."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.apps import apps
from django.test import Client

from cases.exchange.bundle.layout.tables import TABLES
from cases.exchange.codebook.files import ROW
from cases.exchange.tables.registry import TABLES as TIDY
from cases.finding.case_filter import FACETS, CaseFilter
from cases.finding.former_slugs import CASE_PARAMETER
from cases.models import Case
from cases.models.fields import Described
from cases.models.vocabulary import ABSENT_VALUES
from cases.review.steps import withdraw
from tests.support.downloads import table as table_rows
from tests.support.reading import words

pytestmark = [pytest.mark.once, pytest.mark.django_db, pytest.mark.usefixtures("demo")]


def own_definitions() -> dict[str, Described]:
    """Return the fields that have a definition of their own, by the names of model and field."""
    return {
        f"{model._meta.model_name}.{field.name}": field
        for model in apps.get_app_config("cases").get_models()
        for field in (*model._meta.local_fields, *model._meta.local_many_to_many)
        if isinstance(field, Described) and field.own_definition
    }


def test_codebook_names_the_table_of_each_entity_with_its_columns(client: Client) -> None:
    page = words(client.get("/codebook/"))
    assert (
        "In the data bundle : the table involvements.csv, in which a row is named by case, actor "
        "and role . Its columns: case, actor, role, note ." in page
    )
    for table in TABLES:
        assert table.is_single is (table.file_name in page)


def test_contents_of_the_codebook_lead_to_every_section(client: Client) -> None:
    text = client.get("/codebook/").text
    contents = text.partition('<nav class="contents"')[2].partition("</nav>")[0]
    assert 'href="#tables"' in contents
    sections = re.findall(r'<section class="entity" aria-labelledby="([^"]+)"', text)
    for name in sections:
        assert f'href="#{name}"' in contents


def test_codebook_tells_the_tables_of_the_bundle_from_those_of_lists(client: Client) -> None:
    response = client.get("/codebook/")
    assert "tables of a list have other columns" in words(response)
    assert '<a href="/cases.csv"><code>/cases.csv</code></a>' in response.text


def test_codebook_defines_every_field_and_tells_nobody_how_to_fill_it_in(client: Client) -> None:
    found = {}
    for entity in client.get("/codebook/").context["entities"]:
        for field in entity.fields:
            found[f"{entity.name}.{field.name}"] = field.description
    assert [name for name, text in found.items() if not text] == []
    to_an_editor = re.compile(r"\b(write|leave|give|one a line)\b", re.IGNORECASE)
    assert [name for name, text in found.items() if to_an_editor.search(text)] == []
    # The actors that passed a warning on are defined as a field of the warning.
    of_rows = {name for name in own_definitions() if name.startswith("intermediary.")}
    assert {*own_definitions()} - of_rows <= set(found)
    assert found["warning.intermediaries"] == own_definitions()["intermediary.actor"].definition


def test_definition_of_a_field_is_not_what_its_help_text_says_already() -> None:
    for name, field in own_definitions().items():
        assert field.help_text != field.own_definition, name


def test_codebook_defines_every_value_it_lists(client: Client) -> None:
    page = words(client.get("/codebook/"))
    for expected in ("over_130", "warning_given", "not_applicable", "lead_time", "window_covered"):
        assert (expected in page) is (expected != "over_130")


def test_codebook_defines_every_parameter_and_leads_to_its_values(client: Client) -> None:
    response = client.get("/codebook/")
    parameters = response.context["parameters"]
    understood = {*CaseFilter.declared_filters}
    assert {parameter.name for parameter in parameters} == understood | {CASE_PARAMETER}
    for parameter in parameters:
        assert f'id="parameter.{parameter.name}"' in response.text
        assert parameter.values or parameter.meaning
        assert not parameter.values or f'id="{parameter.defined}"' in response.text


def test_every_facet_leads_to_what_its_values_mean(client: Client) -> None:
    ids = set(re.findall(r'id="([^"]+)"', client.get("/codebook/").text))
    facets = client.get("/cases/").context["facets"]
    assert len(facets) == len(FACETS)
    assert {facet.codebook for facet in facets} <= ids


# --- How often each value occurs, and where ------------------------------------------------------


def fields(client: Client) -> dict[str, dict[str, Any]]:
    """Return the fields in `/codebook.json`, by the names of entity and field."""
    return {
        f"{entity['name']}.{field['name']}": field
        for entity in client.get("/codebook.json").json()["entities"]
        for field in entity["fields"]
    }


def test_codebook_counts_the_cases_with_each_value_as_the_list_does(client: Client) -> None:
    page = client.get("/codebook/").text
    counted = [
        (field["parameter"], one["value"], one["cases"])
        for field in fields(client).values()
        for one in field["values"]
        if field["parameter"]
    ]
    assert {"kind", "channel", "role", "modality", "era", "incident"} <= {
        parameter for parameter, *_ in counted
    }
    for parameter, value, count in counted:
        address = f"/cases/?{parameter}={value}"
        assert (f'href="{address}"' in page) is (count > 0)
    for parameter, value, count in counted:
        if parameter in ("channel", "role", "precision", "incident"):
            shown = client.get(f"/cases/?{parameter}={value}").context
            assert shown["paginator"].count == count, (parameter, value)


def test_codebook_counts_words_that_no_filter_is_about_in_the_records(client: Client) -> None:
    found = fields(client)
    records = json.loads(client.get("/cases.json").getvalue())["cases"]

    def count(name: str) -> dict[str, int]:
        return {one["value"]: one["cases"] for one in found[name]["values"]}

    counted = {
        name: field
        for name, field in found.items()
        if field["values"] and field["values"][0]["cases"] is not None and not field["parameter"]
    }
    assert {"claim.stance", "note.kind", "actor.kind", "incident.deaths_qualifier"} <= {*counted}
    for name, field in counted.items():
        if name in ("actor.kind", "source.kind", "source.published_basis"):  # of several places
            continue
        expected = {
            value: sum(value in set(values_at(case, field["key"])) for case in records)
            for value in count(name)
        }
        assert count(name) == expected, name
    roles = table_rows(client, name="involvements")
    for value, found_in in count("actor.kind").items():
        assert found_in == len({row["case"] for row in roles if row["actor_kind"] == value}), value
    # Records of cases do not have these.
    assert set(count("source.archiving").values()) == {None}
    assert set(count("case.status").values()) == {None}


def values_at(part: Any, key: str) -> Iterator[Any]:
    """Yield what the JSON of a case has at a place such as “warnings[].date.edtf”."""
    name, _, rest = key.partition(".")
    value = part[name.removesuffix("[]")]
    for one in value if name.endswith("[]") else [value]:
        if rest:
            yield from values_at(one, rest)
        else:
            yield one


def test_codebook_names_columns_and_keys_that_are_there(client: Client) -> None:
    columns = {f"{table.name}.{name}" for table in TIDY.values() for name in table.by_name}
    moscow = json.loads(client.get("/cases.json?q=DTW-0001").getvalue())["cases"][0]
    found = fields(client)
    for name, field in found.items():
        assert {*field["columns"]} <= columns, name
        if field["key"]:
            assert list(values_at(moscow, field["key"])), name
    every = {column for field in found.values() for column in field["columns"]}
    # The others are counts, addresses, versions, and what is computed from several fields.
    assert {one for one in columns if one.startswith("warnings.")} - every == {
        *("warnings.case_number", "warnings.case_version", "warnings.date_precision"),
        *("warnings.note_count", "warnings.contested", "warnings.address"),
    }
    assert found["warning.channel"]["parameter"] == "channel"
    assert found["warning.date_edtf"]["key"] == "warnings[].date.edtf"
    assert found["incident.deaths"]["unit"] == "persons"


def test_codebook_says_how_a_value_is_missing_as_files_have_it(client: Client) -> None:
    found = fields(client)
    missing = {name: field["missing"] for name, field in found.items()}
    assert missing["warning.reception"] == ["not_stated", "not_applicable"]
    assert missing["incident.kind"] == ["none_reported", "not_stated"]
    assert missing["incident.deaths"] == missing["warning.date_earliest"] == ["empty"]
    assert missing["warning.window_start"] == missing["warning.window_end"] == ["empty"]
    assert missing["incident.country"] == ["not_stated", "not_applicable"]
    assert missing["case.title"] == missing["warning.sequence"] == []
    for name, field in found.items():
        for column in field["columns"][:1]:
            table, _, of = column.partition(".")
            cells = {row[of] for row in table_rows(client, name=table)}
            # No cell is empty without the codebook saying so.
            assert "" not in cells or "empty" in field["missing"], name


@pytest.mark.parametrize("name", [*TIDY, "changes"])
def test_every_code_in_a_file_is_defined_where_its_column_points(client: Client, name: str) -> None:
    """Every code has a meaning, and the codes of what is absent are those that are announced."""
    book = list(csv.DictReader(io.StringIO(client.get("/codebook.csv").text, newline="")))
    meanings: dict[tuple[str, str], dict[str, str]] = {}
    for row in book:
        if row["value"] and row["entry"] in ("field", "column"):
            place = (row["entry"], f"{row['of']}.{row['name']}")
            meanings.setdefault(place, {})[row["value"]] = row["meaning"]
    found = table_rows(client, name=name)
    for row in book:
        if (row["entry"], row["of"], row["value"]) != ("column", name, ""):
            continue
        column, at = row["name"], row["defined_at"]
        place = ("field", at) if at else ("column", f"{name}.{column}")
        cells = {one[column] for one in found}
        missing = {*row["missing"].split(",")} - {""}
        assert "" not in cells or "empty" in missing, column
        assert (cells & ABSENT_VALUES) <= missing, column
        known = name in TIDY and TIDY[name].by_name[column].words
        if known or at or place in meanings:
            codes = {value for value, _ in known} if known else set()
            assert all(meanings[place][code] for code in (cells - {""}) | codes), column


def test_codebook_as_csv_has_a_row_for_every_entry_and_every_value(client: Client) -> None:
    response = client.get("/codebook.csv")
    assert response["Content-Type"].startswith("text/csv")
    assert response["Access-Control-Allow-Origin"] == "*"
    rows = list(csv.DictReader(io.StringIO(response.text, newline=""), strict=True))
    assert list(rows[0]) == list(ROW)
    entries = {(row["entry"], row["of"], row["name"]): row for row in rows if not row["value"]}
    assert len({tuple(row.values()) for row in rows}) == len(rows)
    for table in TIDY.values():
        for column in table.columns:
            assert entries["column", table.name, column.name]["meaning"] == column.meaning
    for parameter in client.get("/codebook/").context["parameters"]:
        assert ("parameter", "cases", parameter.name) in entries
    private = next(row for row in rows if (row["name"], row["value"]) == ("channel", "private"))
    found = client.get("/cases/?channel=private").context["paginator"].count
    assert (private["cases"], private["label"]) == (str(found), "Private")
    definitions = {f"{of}.{name}" for entry, of, name in entries if entry == "field"}
    for row in rows:
        assert (
            not row["defined_at"]
            or row["defined_at"] in definitions
            or (row["defined_at"].startswith("parameter."))
        ), row


def test_counts_of_the_codebook_follow_the_cases(client: Client) -> None:
    def asserted() -> int:
        (count,) = (
            one["cases"]
            for one in fields(client)["claim.stance"]["values"]
            if one["value"] == "asserts"
        )
        return int(count)

    before = asserted()
    etag = client.get("/codebook.json")["ETag"]
    assert client.get("/codebook.json", headers={"If-None-Match": etag}).status_code == 304
    withdraw(Case.objects.get(number="DTW-0001"), None, "A test.")
    assert asserted() == before - 1
