"""`load_demo`: loads the demo into an empty casebook, all of it, or changes nothing."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import pytest
import yaml
from django.conf import settings as project_settings
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from pytest_django import Settings

from cases.management.commands import load_demo
from cases.management.commands.load_demo import FIXTURES
from cases.models import Actor, Case, Directive, Source, Version
from tests.support.demo import load_demo as load
from tests.support.factories import make_actor, make_directive

pytestmark = [pytest.mark.django_db, pytest.mark.slow]

MOSCOW = "moscow-concert-hall-2024"
WRITES = ("INSERT", "UPDATE", "DELETE", "REPLACE")


def run(*options: str) -> str:
    """Run the command and return what it says."""
    said = io.StringIO()
    call_command("load_demo", *options, stdout=said)
    return said.getvalue()


def state() -> str:
    """Return everything that the casebook stores."""
    dump = io.StringIO()
    call_command("dumpdata", "cases", stdout=dump)
    return dump.getvalue()


def rows() -> list[dict[str, Any]]:
    """Return the records of the fixtures in their order."""
    folder = Path(project_settings.BASE_DIR) / "fixtures"
    files = ((folder / f"{name}.yaml").read_text(encoding="utf-8") for name in FIXTURES)
    return [row for text in files for row in yaml.safe_load(text)]


@pytest.fixture
def other_fixtures(tmp_path: Path, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Return a function that loads one other fixture instead of the demo's."""

    def put(everything: list[dict[str, Any]]) -> None:
        text = yaml.safe_dump(everything, allow_unicode=True, sort_keys=False)
        (tmp_path / "other.yaml").write_text(text, encoding="utf-8")
        settings.FIXTURE_DIRS = [tmp_path]
        monkeypatch.setattr(load_demo, "FIXTURES", ("other",))

    return put


def test_load_demo_on_an_empty_casebook_publishes_each_case_as_version_1() -> None:
    assert run() == "Loaded 7 cases of the demo, each as version 1.\n"
    versions = Version.objects.values_list("number", "change_note", "editor").distinct()
    assert list(versions.order_by()) == [(1, "First version, coded from one news article.", None)]
    assert Version.objects.count() == Case.objects.published().count() == 7
    for case in Case.objects.all():
        version = Version.objects.get(case=case)
        assert case.published_at is not None
        assert abs((case.published_at - version.made_at).total_seconds()) < 60, case.slug
        assert case.updated_at == case.published_at


def test_load_demo_again_leaves_what_editors_changed_writes_nothing_and_says_so() -> None:
    load()
    Actor.objects.filter(slug="john-kirby").update(description="Edited.")
    Case.objects.filter(slug=MOSCOW).update(slug="moscow-2024")
    before = state()
    with CaptureQueriesContext(connection) as queries:
        said = run()
    assert said.startswith("Nothing changed: the casebook already holds 7 cases")
    written = [
        query["sql"] for query in queries if query["sql"].lstrip().upper().startswith(WRITES)
    ]
    assert written == []
    assert state() == before


@pytest.mark.parametrize("model", [Actor, Source, Directive])
def test_load_demo_beside_any_other_record_changes_nothing(model: Any) -> None:
    if model is Actor:
        make_actor(slug="russia")
    elif model is Source:
        Source.objects.create(slug="daily-true-news", title="Ours", kind="press")
    else:
        make_directive(slug="ours")
    before = state()
    assert run().startswith("Nothing changed: the casebook already holds 0 cases")
    assert state() == before


@pytest.mark.once
def test_load_demo_of_a_case_with_problems_is_refused_and_adds_nothing(
    other_fixtures: Any,
) -> None:
    everything = [
        row
        for row in rows()
        if not (row["model"] == "cases.claim" and row["fields"]["field"] == "follow_up")
    ]
    before = state()
    other_fixtures(everything)
    with pytest.raises(CommandError) as refusal:
        run()
    assert f"{MOSCOW}: Warning 2, follow-up: “Little or none visible” has no claim" in (
        str(refusal.value)
    )
    assert state() == before


@pytest.mark.once
def test_load_demo_of_an_unknown_value_is_refused_and_adds_nothing(other_fixtures: Any) -> None:
    other_fixtures([_source("one"), _actor("group", kind="armed_groop")])
    with pytest.raises(CommandError, match="cannot be loaded, so nothing was"):
        run()
    assert not Source.objects.exists()


def test_load_demo_of_a_reference_to_nothing_is_refused_and_adds_nothing(
    other_fixtures: Any,
) -> None:
    other_fixtures([_actor("one", parent=["nobody"]), _actor("two", parent=["one"])])
    with pytest.raises(CommandError, match="cannot be loaded"):
        run()
    assert not Actor.objects.exists()


@pytest.mark.once
def test_load_demo_of_a_mistyped_field_is_refused(other_fixtures: Any) -> None:
    other_fixtures([_actor("one", knid="state")])
    with pytest.raises(CommandError, match="knid"):
        run()


@pytest.mark.once
def test_load_demo_without_its_fixtures_names_what_is_missing(
    tmp_path: Path, settings: Settings
) -> None:
    settings.FIXTURE_DIRS = [tmp_path]
    with pytest.raises(CommandError, match=r"No fixture named 'directive' found"):
        run()


@pytest.mark.once
def test_load_demo_asked_to_be_quiet_says_nothing() -> None:
    assert run("--verbosity", "0") == ""


def _source(slug: str) -> dict[str, Any]:
    return {"model": "cases.source", "fields": {"slug": slug, "title": slug, "kind": "press"}}


def _actor(slug: str, **fields: Any) -> dict[str, Any]:
    defaults = {"slug": slug, "name": slug, "kind": "state"}
    return {"model": "cases.actor", "fields": defaults | fields}
