"""The OpenAPI document: valid, complete, and true of whatever is asked and answered."""

from __future__ import annotations

import json
from typing import Any

import pytest
import schemathesis
from django.core.wsgi import get_wsgi_application
from django.test import Client
from django.urls import URLResolver, get_resolver
from hypothesis import given
from hypothesis import strategies as st
from openapi_spec_validator import validate
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    negative_data_rejection,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from cases.api.document import document as document_of_api
from cases.exchange.tables.registry import TABLES
from cases.finding.case_filter import ComparisonFilter
from cases.finding.filters import Choice
from tests.support.properties import tried
from warnapp.serving import api_limit

pytestmark = [pytest.mark.usefixtures("db", "demo"), pytest.mark.once]


@pytest.fixture
def document(client: Client) -> Any:
    response = client.get("/api/v1/schema/")
    assert response.status_code == 200
    return json.loads(response.content)


def test_document_is_valid_and_describes_all_that_it_names(document: Any) -> None:
    validate(document)
    assert document["openapi"].startswith("3.1")
    paths = document["paths"]
    operations = [operation for path in paths.values() for operation in path.values()]
    assert {method for path in paths.values() for method in path} == {"get"}
    for described in [
        *operations,
        *(
            parameter
            for each in operations
            for parameter in each["parameters"]
            if "in" in parameter
        ),
        *document["components"]["parameters"].values(),
        *document["components"]["schemas"].values(),
        *(
            field
            for schema in document["components"]["schemas"].values()
            for field in schema["properties"].values()
            if "$ref" not in field
        ),
    ]:
        assert described.get("description"), described
    # Each address of the API, the document itself and the way to its page aside.
    resolver = get_resolver("cases.urls")
    (api,) = (
        each
        for each in resolver.url_patterns
        if isinstance(each, URLResolver) and each.namespace == "api"
    )
    assert len(paths) == len({str(each.pattern) for each in api.url_patterns} - {""})


def test_document_has_each_parameter_of_the_list_with_its_values(document: Any) -> None:
    parameters = document["components"]["parameters"]
    assert set(parameters) == set(ComparisonFilter.base_filters)
    channel = parameters["channel"]
    filter_ = ComparisonFilter.base_filters["channel"]
    assert isinstance(filter_, Choice)
    values = dict(filter_.extra["choices"])
    assert channel["schema"]["items"]["enum"] == list(values)
    for value, label in values.items():
        assert f"`{value}`: {label}." in channel["description"]
    assert "enum" not in parameters["actor"]["schema"]["items"]  # it grows with the collection


def test_document_has_each_column_of_the_tables(document: Any) -> None:
    schemas = document["components"]["schemas"]
    for name, table in TABLES.items():
        assert list(schemas[name]["properties"]) == [column.name for column in table.columns]
    assert schemas["incidents"]["properties"]["deaths"]["type"] == ["integer", "null"]
    assert schemas["warnings"]["properties"]["window_end"]["format"] == "date"


PATHS = [
    path
    for path, operations in document_of_api()["paths"].items()
    if operations["get"]["parameters"]  # without any, nothing can be drawn
]
MODES = [GenerationMode.POSITIVE, GenerationMode.NEGATIVE]


@pytest.mark.slow
@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("path", PATHS)
@tried(10)
@given(data=st.data())
def test_schemathesis_finds_no_failure(
    path: str, mode: GenerationMode, data: st.DataObject
) -> None:
    """Without its own plugin for pytest, which does not run under this version."""
    api_limit.limit.forget()
    schema = schemathesis.openapi.from_dict(document_of_api())
    schema.app = get_wsgi_application()
    case = data.draw(schema[path]["GET"].as_strategy(generation_mode=mode))
    # Slugs of the demo, so that not each address leads nowhere.
    if "case" in case.path_parameters and data.draw(st.booleans()):
        case.path_parameters["case"] = data.draw(st.sampled_from(["chavez-2004", "DTW-0001"]))
    # Not `positive_data_acceptance`: no schema can say that “date_from” is not after “date_to”, or
    # list the actors of the day. Such requests are refused with 400, as documented.
    checks = [
        not_a_server_error,
        status_code_conformance,
        content_type_conformance,
        response_headers_conformance,
        response_schema_conformance,
    ]
    # What forms leave empty is not asked for.
    asked = (value if isinstance(value, list) else [value] for value in case.query.values())
    if all(value and all(value) for value in asked):
        checks.append(negative_data_rejection)
    case.call_and_validate(headers={"Accept-Encoding": "identity"}, checks=checks)


def test_page_names_every_address_without_javascript(client: Client) -> None:
    page = client.get("/api/docs/").text
    listed = page.partition("<noscript>")[2].partition("</noscript>")[0]
    paths = client.get("/api/v1/schema/").json()["paths"]
    assert paths
    assert all(f"<code>{path}</code>" in listed for path in paths)
