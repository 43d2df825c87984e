"""`check_records`: a line for each problem, and a failure if the public sees one."""

from __future__ import annotations

import datetime as dt
import io

import pytest
from django.core.management import CommandError, call_command

from cases.models import Actor, Case, Incident, Source, Warning
from tests.support.demo import load_demo
from tests.support.factories import (
    make_actor,
    make_case,
    make_claim,
    make_incident,
    make_note,
    make_source,
    make_warning,
)

pytestmark = pytest.mark.django_db


def run(*options: str) -> tuple[list[str], str]:
    """Run the command and return its lines, and the refusal it ends with ("" for none)."""
    said, refusal = io.StringIO(), ""
    try:
        call_command("check_records", *options, stdout=said)
    except CommandError as error:  # ends the command with status 1
        refusal = str(error)
    return said.getvalue().splitlines(), refusal


def test_check_records_of_the_article_finds_weak_points_only() -> None:
    load_demo()
    (*lines, summary), refusal = run()
    assert refusal == ""
    assert summary.startswith("7 cases checked: 0 problems, 0 of them in public records. ")
    assert len(lines) == int(summary.split()[-3])
    assert {line.split(": ")[1] for line in lines} == {"weak"}
    assert "DTW-0002 kerman-2024: weak: There is only one source." in lines


def test_check_records_names_each_source_without_an_archived_address_once() -> None:
    source = make_source(title="Online", url="https://a.example/")
    for __ in range(2):
        make_claim(make_case(published=True), source=source)
    lines, refusal = run()
    expected = "weak: The source “Online” has no archived address. Add one, or say why it has none."
    assert lines[:-1] == [f"source {source.slug}: {expected}"]
    assert lines[-1].endswith("0 of them in public records. 1 weak point.")
    assert refusal == ""


def test_check_records_of_an_empty_casebook_finds_nothing() -> None:
    assert run() == (
        ["0 cases checked: 0 problems, 0 of them in public records. 0 weak points."],
        "",
    )


def test_check_records_names_the_problems_of_a_draft_without_failing() -> None:
    case = make_case()
    make_warning(case, channel="private")
    lines, refusal = run()
    assert refusal == ""
    assert (
        f"{case.number} {case.slug}: Warning 1, channel: “Private” has no claim that "
        "asserts it." in lines
    )
    assert lines[-1] == "1 case checked: 4 problems, 0 of them in public records. 1 weak point."


def test_check_records_of_published_cases_leaves_drafts_out() -> None:
    make_case(published=True)
    make_case()
    lines, refusal = run("--published")
    assert lines == ["1 case checked: 0 problems, 0 of them in public records. 0 weak points."]
    assert refusal == ""


def test_check_records_fails_on_a_problem_of_a_published_case() -> None:
    case = make_case(published=True)
    case.claims.filter(field="channel").delete()
    lines, refusal = run()
    assert len(lines) == 1
    assert lines[0].startswith(f"{case.number} {case.slug}: Warning 1, channel: ")
    assert refusal == "1 case checked: 1 problem, 1 of them in public records. 0 weak points."


def test_check_records_fails_on_a_published_case_without_a_version() -> None:
    case = make_case(complete=True)
    Case.objects.filter(pk=case.pk).update(status="published", published_at=case.updated_at)
    lines, refusal = run()
    expected = "It is published without a version, so the public does not see it."
    assert f"{case.number} {case.slug}: {expected}" in lines
    assert refusal


def test_check_records_names_stored_bounds_that_are_stale() -> None:
    case = make_case(published=True)
    Warning.objects.update(date_edtf="2024-03")
    source = make_source(published_edtf="2024", published_basis="stated")
    Source.objects.filter(pk=source.pk).update(published_earliest=dt.date(2024, 2, 1))
    lines, refusal = run()
    name = f"{case.number} {case.slug}"
    assert lines == [
        f"{name}: Warning 1, earliest possible day: 2024-03-07 is stored, but “2024-03” gives "
        "2024-03-01; save the record again.",
        f"{name}: Warning 1, latest possible day: 2024-03-07 is stored, but “2024-03” gives "
        "2024-03-31; save the record again.",
        f"source {source.slug}: Published earliest: 2024-02-01 is stored, but “2024” gives "
        "2024-01-01; save the record again.",
    ]
    assert "3 problems, 3 of them" in refusal


def test_check_records_names_a_case_date_that_is_stale() -> None:
    case = make_case(published=True)
    # A bulk write sends no signals, so nothing derives the date of the case.
    Incident.objects.bulk_create(
        [Incident(case=case, sequence=2, date_edtf="2001", date_basis="stated", kind="attack")]
    )
    lines, refusal = run("--published")
    assert (
        f"{case.number} {case.slug}: Date: it is not that of its incidents and warnings; "
        "save the case again." in lines
    )
    assert refusal
    Case.objects.get(pk=case.pk).save()
    assert not [line for line in run()[0] if "save the case again" in line]


def test_check_records_names_a_stored_date_that_cannot_be_read() -> None:
    case = make_case()
    make_incident(case, date="2024")
    Incident.objects.update(date_edtf="next Friday")
    lines, _ = run()
    assert [line for line in lines if "“next Friday” is not a date expression" in line]


def test_check_records_names_actors_in_a_cycle() -> None:
    one = make_actor()
    other = make_actor(parent=one)
    Actor.objects.filter(pk=one.pk).update(parent=other)
    lines, refusal = run()
    assert lines == [
        f"actor {one.slug}: Parent: This would make the actor an ancestor of itself.",
        f"actor {other.slug}: Parent: This would make the actor an ancestor of itself.",
    ]
    assert "2 problems, 2 of them" in refusal


def test_check_records_names_sources_derived_from_themselves() -> None:
    one = make_source()
    other = make_source(derived_from=one)
    Source.objects.filter(pk=one.pk).update(derived_from=other)
    lines, _ = run()
    assert len(lines) == 2
    assert "Derived from: This source would be derived from itself." in lines[0]


def test_check_records_names_a_note_about_a_value_that_is_gone() -> None:
    case = make_case(complete=True)
    make_note(case, field="warning-2.channel")
    make_note(case, field="warning-1.channel")
    lines, _ = run()
    assert lines[0] == (
        f"{case.number} {case.slug}: Note on Warning 2, channel: The case has no such value any "
        "more. Let the note be about another value, or delete it."
    )
    assert len(lines) == 2
