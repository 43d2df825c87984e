"""The codebook, as a reader sees it: whatever it names, it defines."""

from __future__ import annotations

import re

import pytest
from django.apps import apps
from django.test import Client

from cases.exchange.bundle.layout.tables import TABLES
from cases.finding.case_filter import FACETS, CaseFilter
from cases.finding.former_slugs import CASE_PARAMETER
from cases.models.fields import Described
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
