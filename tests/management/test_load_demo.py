"""`load_demo`: adds what is missing, keeps what was edited, and says which."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import pytest
import yaml
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from pytest_django import Settings

from cases.management.demo_data import FIXTURES, rows
from cases.models import Actor, Case, Claim, Incident, Note, Source, Version, Warning
from cases.review.steps import withdraw
from cases.versions.making import make_version
from tests.support.factories import make_case, make_claim

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("demo")]

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


def clear() -> None:
    """Empty the casebook, past the protection of its public versions."""
    Version.objects.all()._raw_delete(using="default")
    Note.objects.all().delete()
    Case.objects.all().delete()


@pytest.fixture
def other_fixtures(tmp_path: Path, settings: Settings) -> Any:
    """Return a function that puts other fixtures in the place of the demo's."""

    def put(everything: list[dict[str, Any]]) -> None:
        for name in FIXTURES:
            (tmp_path / f"{name}.yaml").write_text("")
        text = yaml.safe_dump(everything, allow_unicode=True, sort_keys=False)
        (tmp_path / "article.yaml").write_text(text, encoding="utf-8")
        settings.FIXTURE_DIRS = [tmp_path]

    return put


def test_load_demo_on_an_empty_casebook_says_what_it_added() -> None:
    clear()
    said = run()
    assert "Added" in said
    assert "Made 7 versions: DTW-0001 version 1, DTW-0002 version 1" in said
    versions = Version.objects.values_list("number", "change_note", "editor").distinct()
    assert list(versions.order_by()) == [(1, "First version, coded from the seed article.", None)]
    assert make_case().number == "DTW-0008"


def test_load_demo_again_changes_nothing_and_says_so() -> None:
    before = state()
    with CaptureQueriesContext(connection) as queries:
        said = run()
    assert said == f"Nothing changed: {len(list(rows()))} records of the demo were already here.\n"
    written = [
        query["sql"] for query in queries if query["sql"].lstrip().upper().startswith(WRITES)
    ]
    assert written == []
    assert state() == before


def test_load_demo_with_reset_and_nothing_edited_changes_nothing() -> None:
    before = state()
    assert run("--reset").startswith("Nothing changed")
    assert state() == before


def test_load_demo_keeps_and_names_an_edited_record() -> None:
    Actor.objects.filter(slug="john-kirby").update(description="Edited.")
    Claim.objects.filter(case__slug=MOSCOW, sequence=3).update(gist="Edited.")
    before = state()
    said = run()
    assert "Kept 2 records as edited here" in said
    assert f"actor john-kirby, claim {MOSCOW} 3." in said
    assert state() == before


def test_load_demo_keeps_edited_recipients() -> None:
    warning = Warning.objects.get(case__slug=MOSCOW, sequence=2)
    warning.recipients.add(Actor.objects.get(slug="vladimir-putin"))
    assert "Kept 1 record as edited here (--reset would" in run()
    assert warning.recipients.count() == 2
    said = run("--reset")
    assert f"Brought 1 record back to the fixtures: warning {MOSCOW} 2." in said
    assert [actor.slug for actor in warning.recipients.all()] == ["russian-officials"]


def test_load_demo_with_reset_brings_back_the_fixtures_with_a_new_version() -> None:
    before = Version.objects.get(case__slug=MOSCOW)
    incident = Incident.objects.get(case__slug=MOSCOW)
    incident.deaths, incident.deaths_qualifier = 144, "exact"
    incident.date_edtf = "2024-03"
    incident.save()
    said = run("--reset")
    assert f"Brought 1 record back to the fixtures: incident {MOSCOW} 1." in said
    incident.refresh_from_db()
    assert (incident.deaths, incident.deaths_qualifier) == (130, "more_than")
    assert incident.case.date_edtf == "2024-03-22"
    # The record is that of the first version again, so there is nothing for a second to tell.
    assert Version.objects.get(case__slug=MOSCOW) == before
    Case.objects.filter(slug=MOSCOW).update(summary="Edited.")
    run("--reset")
    assert Version.objects.filter(case__slug=MOSCOW).count() == 1


def test_case_of_the_demo_became_public_with_its_first_version() -> None:
    for case in Case.objects.all():
        version = Version.objects.get(case=case)
        assert case.published_at is not None
        assert abs((case.published_at - version.made_at).total_seconds()) < 60, case.slug
        assert case.updated_at == case.published_at


def test_load_demo_with_reset_after_a_version_of_the_edit_makes_the_next() -> None:
    case = Case.objects.get(slug=MOSCOW)
    updated_at = case.updated_at
    case.title = "Edited"
    case.save()
    make_version(case, None, "Another title.")
    assert "Made 1 version: DTW-0001 version 3." in run("--reset")
    version = Version.objects.get(case=case, number=3)
    assert version.change_note == "Brought back to the coding of the seed article."
    assert version.digest == Version.objects.get(case=case, number=1).digest
    case.refresh_from_db()
    assert case.updated_at > updated_at


def test_load_demo_puts_back_what_was_deleted_and_says_so() -> None:
    Claim.objects.get(case__slug=MOSCOW, sequence=5).delete()
    said = run()
    assert said.startswith("Added 1 record that was not here (anything an editor had deleted")
    assert f"claim {MOSCOW} 5." in said
    assert Claim.objects.filter(case__slug=MOSCOW, sequence=5).exists()
    assert Version.objects.filter(case__slug=MOSCOW).count() == 1


def test_load_demo_leaves_records_of_editors_alone() -> None:
    case = make_case(complete=True)
    claim = make_claim(Case.objects.get(slug=MOSCOW), "kind")
    run("--reset")
    assert Case.objects.filter(pk=case.pk, status="draft").exists()
    assert Claim.objects.filter(pk=claim.pk).exists()
    assert not Version.objects.filter(case=case).exists()


def test_load_demo_follows_a_record_to_its_new_slug() -> None:
    case = Case.objects.get(slug=MOSCOW)
    case.slug = "moscow-2024"
    case.save()
    actor = Actor.objects.get(slug="us-officials")
    actor.slug = "american-officials"
    actor.save()
    before = state()
    said = run()
    assert "Kept 2 records as edited here" in said
    assert state() == before
    assert "Brought" not in run("--reset")
    assert Case.objects.get(number="DTW-0001").slug == MOSCOW
    assert Case.current_slug("moscow-2024") == MOSCOW
    assert run().startswith("Nothing changed")


def test_load_demo_keeps_a_withdrawn_case_withdrawn_until_reset() -> None:
    withdraw(Case.objects.get(slug=MOSCOW), None, "A doubt.")
    assert "Kept 1 record" in run()
    assert Case.objects.get(slug=MOSCOW).status == "withdrawn"
    assert "Brought 1 record back" in run("--reset")
    stored = Case.objects.get(slug=MOSCOW)
    assert (stored.status, stored.withdrawn_reason) == ("published", "")


def test_load_demo_onto_a_number_in_use_is_refused_and_adds_nothing() -> None:
    clear()
    taken = make_case(number="DTW-0003", title="Ours")
    before = state()
    with pytest.raises(CommandError, match="DTW-0003 is the number of another case here, “Ours”"):
        run()
    assert state() == before
    assert Case.objects.get() == taken


def test_load_demo_of_a_case_with_problems_is_refused_and_adds_nothing(
    other_fixtures: Any,
) -> None:
    everything = [
        row
        for row in rows()
        if not (row["model"] == "cases.claim" and row["fields"]["field"] == "follow_up")
    ]
    clear()
    before = state()
    other_fixtures(everything)
    with pytest.raises(CommandError) as refusal:
        run()
    assert f"{MOSCOW}: warning-2.follow_up: “Follow-up: None visible” has no claim" in str(
        refusal.value
    )
    assert state() == before


def test_load_demo_of_an_invalid_record_is_refused_by_its_name(other_fixtures: Any) -> None:
    other_fixtures([_source("one"), _actor("group", kind="armed_groop")])
    with pytest.raises(CommandError, match="actor group: Value 'armed_groop' is not"):
        run()
    assert not Source.objects.filter(slug="one").exists()


def test_load_demo_takes_records_in_any_order(other_fixtures: Any) -> None:
    everything = list(rows())
    before = {case.slug for case in Case.objects.all()}
    clear()
    other_fixtures(list(reversed(everything)))
    run()
    assert {case.slug for case in Case.objects.published()} == before
    assert run().startswith("Nothing changed")


def test_load_demo_of_a_reference_to_nothing_is_refused_by_name(other_fixtures: Any) -> None:
    other_fixtures([_actor("one", parent=["nobody"]), _actor("two", parent=["one"])])
    with pytest.raises(CommandError, match="in no fixture: actor one, actor two"):
        run()


def test_load_demo_of_a_mistyped_field_is_refused(other_fixtures: Any) -> None:
    other_fixtures([_actor("one", knid="state")])
    with pytest.raises(CommandError, match="knid"):
        run()


def test_load_demo_without_its_fixtures_names_what_is_missing(
    tmp_path: Path, settings: Settings
) -> None:
    settings.FIXTURE_DIRS = [tmp_path]
    with pytest.raises(CommandError, match=r"There is no directive\.yaml"):
        run()


def test_load_demo_finds_what_loaddata_loaded_unchanged() -> None:
    clear()
    call_command("loaddata", *FIXTURES, stdout=io.StringIO())
    said = run()
    assert said.startswith("Made 7 versions")
    assert "Added" not in said
    assert "Kept" not in said


def test_load_demo_asked_to_be_quiet_says_nothing() -> None:
    assert run("--verbosity", "0") == ""


def _source(slug: str) -> dict[str, Any]:
    return {"model": "cases.source", "fields": {"slug": slug, "title": slug, "kind": "press"}}


def _actor(slug: str, **fields: Any) -> dict[str, Any]:
    defaults = {"slug": slug, "name": slug, "kind": "state"}
    return {"model": "cases.actor", "fields": defaults | fields}
