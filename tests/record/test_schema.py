"""The published schema: one type for each field, and every record is as it says."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client
from jsonschema import Draft202012Validator

from cases.models import Version
from tests.support.demo import load_demo
from tests.support.downloads import records
from tests.support.factories import (
    make_actor,
    make_assessment,
    make_case,
    make_claim,
    make_directive,
    make_incident,
    make_involvement,
    make_note,
    make_warning,
)

pytestmark = [pytest.mark.django_db, pytest.mark.once]


@pytest.fixture
def schema(client: Client) -> Any:
    return client.get("/schema/case.json").json()


def test_schema_is_open_data_at_the_address_that_files_name(client: Client) -> None:
    response = client.get("/schema/case.json")
    assert response["Access-Control-Allow-Origin"] == "*"
    assert response.json()["$id"] == records(client)["schema"]


def fields(schema: Any) -> Iterator[tuple[str, Any]]:
    """Yield every field of every object of a schema, with its name."""
    for name, defined in schema["$defs"].items():
        for field, described in defined["properties"].items():
            yield f"{name}.{field}", described


def types_of(described: Any) -> set[str]:
    """Return the types that a value can have, the name of a kind of object among them."""
    if "anyOf" in described:
        return set().union(*map(types_of, described["anyOf"]))
    if described.get("type") == "array":
        return {f"list of {' or '.join(sorted(types_of(described['items'])))}"}
    return {described.get("$ref") or described["type"]}


def test_no_field_has_values_of_two_types(schema: Any) -> None:
    found = {name: types_of(described) - {"null"} for name, described in fields(schema)}
    assert {name: types for name, types in found.items() if len(types) != 1} == {}
    # A list is never null, and neither is a text.
    nullable = {name for name, described in fields(schema) if "null" in types_of(described)}
    assert {next(iter(found[name])).partition(" ")[0] for name in nullable} <= {
        *("integer", "string", "#/$defs/ActorRef"),
    }
    days = {name for name in nullable if found[name] == {"string"}}
    assert {name.partition(".")[2] for name in days} == {"earliest", "latest", "start", "end"}


def test_every_field_is_always_there_and_described(schema: Any) -> None:
    for name, defined in schema["$defs"].items():
        assert defined["required"] == [*defined["properties"]], name
        assert defined["description"], name
    assert [name for name, described in fields(schema) if not described.get("description")] == []
    channel = schema["$defs"]["WarningRecord"]["properties"]["channel"]
    assert channel["enum"] == ["public", "private", "not_stated"]


def make_full_case() -> None:
    """Make a public case that has one of everything, and of most values an absent one."""
    case = make_case(published=True)
    case.directives.add(make_directive(issued_edtf="", issued_basis="not_stated"))
    make_warning(case, date="/2022-02", window_end="2024-03-09", recipients=[])
    case.warnings.filter(sequence=2).update(issuer=None)
    make_warning(case, time_specificity="absent")
    make_incident(case, kind="none_reported", qualifier="not_applicable")
    make_assessment(case)
    make_involvement(case)
    make_note(case, field="warning-1.date")
    make_claim(case, "warning-1.reception", speaker=make_actor(), stance="disputes")
    make_claim(case, "kind", modality="inferred")


@pytest.mark.slow
def test_every_record_is_valid_by_the_published_schema(client: Client, schema: Any) -> None:
    load_demo()
    make_full_case()
    call_command("make_synthetic", "--cases=12", verbosity=0)
    Draft202012Validator.check_schema(schema)
    published = Draft202012Validator(schema)
    cases = records(client)["cases"]
    assert len(cases) == 7 + 1 + 12
    for case in cases:
        published.validate(case)
    in_versions = Draft202012Validator(schema | {"$ref": "#/$defs/CaseRecord"})
    for version in Version.objects.all():
        in_versions.validate(version.record)


def test_codebook_has_every_object_and_field_of_the_schema(client: Client, schema: Any) -> None:
    page = client.get("/codebook/")
    listed = {
        f"{described.name}.{field.name}"
        for described in page.context["record_objects"]
        for field in described.fields
        if described.name != "File"  # the keys around the cases
    }
    known = {name for name, _ in fields(schema) if not name.startswith("CaseRecord.")}
    assert listed == known
    for described in page.context["record_objects"]:
        assert f'id="json.{described.name}"' in page.text
        for field in described.fields:
            assert field.description or f'id="{field.defined_at}"' in page.text, field.name
            assert not field.holds or f'id="json.{field.holds}"' in page.text, field.name
    assert '<a href="/schema/case.json">' in page.text
