"""Undoing an import: everything is as before, or it is refused with the reason."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.contrib.auth.models import User
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from cases.exchange.bundle.files.reading import Limits
from cases.exchange.bundle.files.uploaded import BUNDLE, read_file
from cases.exchange.bundle.importing import written_rows
from cases.exchange.bundle.importing.plan import CHANGED, KEPT, ImportedChange
from cases.exchange.bundle.importing.recording import RecordedImporter, new_record, new_undoing
from cases.merging import merge
from cases.models import Actor, Case, Claim, Source, Version, Warning
from cases.review.redacting import redact
from cases.review.redaction_finder import preview
from cases.review.redaction_plan import RedactionOrder
from cases.review.steps import publish, send_back, submit
from tests.support.bundles import bundle_of, export, rows_of, texts
from tests.support.factories import (
    make_actor,
    make_case,
    make_claim,
    make_comment,
    make_full_case,
    make_source,
    make_warning,
    support,
)
from tests.support.undone_imports import SOURCE, bring_in, coded_draft, reasons, take_back

pytestmark = pytest.mark.django_db


def rows() -> dict[str, list[dict[str, str]]]:
    """Return all tables of the casebook, without the times at which cases were changed."""
    tables = {name: rows_of(text) for name, text in texts(export()).items() if "csv" in name}
    for row in tables["cases.csv"]:
        del row["updated_at"]
    return tables


def test_undone_import_of_everything_leaves_nothing_and_its_numbers_are_not_used_again() -> None:
    def make() -> None:
        case = make_full_case()
        state = make_actor(kind="state")
        bloc = make_actor(parent=make_actor(), country=state)
        Actor.objects.filter(pk=state.pk).update(parent=bloc)  # a circle
        make_warning(case, intermediaries=[make_actor()])
        make_source(derived_from=make_source())
        case.slug = "renamed"
        case.save()

    data, before = bundle_of(make), export()
    record = new_record(BUNDLE, "casebook.zip", data, None)
    done = RecordedImporter(record, read_file(BUNDLE, data, Limits.of_settings()), "All").run()
    assert reasons(done) == ""
    number = Case.objects.get().number
    assert {entry["table"] for entry in record.written} == {
        name.removesuffix(".csv") for name, text in texts(data).items() if len(rows_of(text))
        if name.endswith(".csv")
    }  # fmt: skip
    plan = take_back(record)
    assert reasons(plan) == ""
    assert export() == before
    assert make_case().number > number


def test_undone_import_puts_changed_rows_back_with_all_that_they_list() -> None:
    case = make_full_case()
    make_warning(case, intermediaries=[make_actor(slug="b"), make_actor(slug="a")])
    make_actor(slug="else")
    before = rows()
    changed: dict[str, list[dict[str, str]]] = {
        "sources": [{"slug": before["sources.csv"][0]["slug"], "title": "T", "accessed_on": ""}],
        "actors": [{"slug": "a", "name": "A", "aliases": "One; Two", "parent": "else"}],
        "cases": [{"slug": case.slug, "title": "T", "directives": "not_stated"}],
        "warnings": [
            {
                **{"case": case.slug, "sequence": "2", "issuer": "else", "recipients": "b"},
                **{"intermediaries": "a", "date_edtf": "2024-05", "date_basis": "stated"},
            }
        ],
        "incidents": [{"case": case.slug, "sequence": "1", "deaths": "7", "place": "Town"}],
        "claims": [
            {"case": case.slug, "sequence": "1", "about": "incident-1.place", "quote": "Else"}
        ],
    }
    record = bring_in(None, **changed)
    assert rows() != before
    plan = take_back(record)
    assert reasons(plan) == ""
    assert {row.action for row in plan.rows} == {CHANGED}
    (warning,) = [row for row in plan.rows if row.table == "warnings"]
    assert ImportedChange("intermediaries", "a", "b; a") in warning.changes
    assert rows() == before


# What is in the way


def published() -> None:
    case = Case.objects.get(slug="new")
    make_warning(case, date="2024-03-07")
    support(case)
    publish(case, None)


def merged() -> None:
    merge(make_source(title="The paper"), Source.objects.get(slug="another"), None, "The same.")


def kept() -> None:
    """Merge a source into an imported one, which stays as it was."""
    same = make_source(**SOURCE | {"slug": "other"})
    merge(Source.objects.get(slug="another"), same, None, "The same.")


IN_THE_WAY: list[tuple[Callable[[], object], str]] = [
    (
        lambda: Source.objects.filter(slug="another").update(title="Corrected"),
        "sources, row 3: It was changed since the import.",
    ),
    (
        lambda: Warning.objects.get().recipients.add(make_actor()),
        "warnings, row 2: It was changed since the import.",
    ),
    (lambda: Claim.objects.all().delete(), "claims, row 2: It was deleted since the import."),
    (
        lambda: make_claim(
            make_case(slug="x"), source=Source.objects.get(slug="another"), gist="G"
        ),
        "sources, row 3: “DTW-0002: Claim 1: kind” refers to it.",
    ),
    (
        lambda: make_warning(Case.objects.get(slug="new")),
        "cases, row 2: “DTW-0001: Warning 2” refers to it.",
    ),
    (
        lambda: submit(Case.objects.get(), None),
        "cases, row 2: DTW-0001 was submitted for review since the import.",
    ),
    (published, "cases, row 2: DTW-0001 was published since the import."),
    (merged, "sources, row 3: It was merged into The paper. Undo that first."),
    (kept, "sources, row 3: A report was merged into it. Undo that first."),
]


@pytest.mark.parametrize(("change", "reason"), IN_THE_WAY)
def test_import_is_not_undone_after_a_change_of_what_it_added(
    change: Callable[[], object], reason: str
) -> None:
    record = coded_draft()
    change()
    before = export()
    assert reasons(take_back(record)).startswith(reason)
    assert export() == before


def test_undoing_asks_as_often_for_many_rows_in_the_way_as_for_one() -> None:
    def queries(name: str, count: int) -> int:
        slugs = [f"{name}-{number}" for number in range(count)]
        record = bring_in(
            sources=[SOURCE | {"slug": slug} for slug in slugs],
            actors=[{"slug": slug, "name": slug, "kind": "police"} for slug in slugs],
        )
        case = make_case()
        for slug in slugs:
            make_warning(make_case(), recipients=[Actor.objects.get(slug=slug)])
            role = case.involvements.create(actor=make_actor(), role="subject")
            make_claim(case, role.path, source=Source.objects.get(slug=slug), gist="G")
        with CaptureQueriesContext(connection) as captured:
            assert len(reasons(take_back(record)).splitlines()) == 2 * count
        return len(captured)

    assert queries("one", 1) == queries("many", 5)


def test_import_is_undone_although_a_case_was_commented_on_submitted_and_sent_back() -> None:
    record = coded_draft()
    make_comment(Case.objects.get(), Warning.objects.get())
    submit(Case.objects.get(), None)
    send_back(Case.objects.get(), None, "Too thin.")
    plan = take_back(record)
    assert reasons(plan) == ""
    assert [row.remark for row in plan.rows if row.remark] == ["with 1 comment."]
    assert plan.summary().endswith("Deleted with the cases: 1 comment.")
    assert not Case.objects.exists()


def test_import_is_undone_although_the_account_of_who_made_it_is_gone() -> None:
    user = User.objects.create_superuser("importer")
    record = coded_draft(user)
    assert Case.objects.get().created_by == user
    user.delete()
    record.refresh_from_db()
    assert reasons(take_back(record)) == ""
    assert not Case.objects.exists()


def test_import_before_an_update_that_changed_columns_is_refused_with_that_reason(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    record = bring_in(sources=[SOURCE])
    monkeypatch.setattr(written_rows, "NOT_COMPARED", written_rows.NOT_COMPARED | {"publisher"})
    assert "The casebook was updated since the import" in reasons(take_back(record))


def test_former_value_that_is_gone_is_not_put_back() -> None:
    parent = make_actor()
    make_actor(slug="body", parent=parent)
    record = bring_in(actors=[{"slug": "body", "parent": ""}])
    parent.delete()
    assert "a record that was deleted" in reasons(take_back(record))


@pytest.mark.parametrize(
    ("status", "reason"),
    [
        ("published", "The import published it, and what was public is kept for good."),
        ("withdrawn", "The import withdrew it. A reviewer can reinstate it instead."),
    ],
)
def test_step_that_the_public_saw_is_not_taken_back(status: str, reason: str) -> None:
    case = make_case(complete=True, published=status == "withdrawn")
    record = bring_in(cases=[{"slug": case.slug, "status": status, "withdrawn_reason": "R"}])
    assert reasons(take_back(record)).startswith(f"cases, row 2: {reason}")


def test_submission_for_review_is_taken_back() -> None:
    case = make_case(complete=True)
    record = bring_in(cases=[{"slug": case.slug, "status": "in_review"}])
    (row,) = take_back(record).rows
    assert "status: “in_review” → “draft”" in str(row)
    case.refresh_from_db()
    assert case.status == "draft"
    assert [step.reason for step in case.review_steps.all()] == ["All wrong", ""]


# Public cases


@pytest.mark.usefixtures("team_of_one")
def test_undoing_a_correction_of_a_public_case_makes_a_version_and_counts_as_an_edit() -> None:
    case = make_case(published=True)
    user = User.objects.create_superuser("editor")
    record = bring_in(cases=[{"slug": case.slug, "title": "Wrong"}])
    plan = take_back(record, user)
    assert plan.versions == [f"{case.number} version 3"]
    version = Version.objects.get(case=case, number=3)
    assert (version.change_note, version.editor) == ("All wrong", user)
    assert version.record == Version.objects.get(case=case, number=1).record
    case.refresh_from_db()
    assert case.updated_by == user


def test_source_that_a_version_names_stays_with_what_it_refers_to() -> None:
    case = make_case(published=True)
    claim = case.claims.latest("sequence")
    record = bring_in(
        sources=[
            SOURCE | {"derived_from": ""},
            SOURCE | {"slug": "reprint", "derived_from": "a-report"},
        ],
        claims=[{"case": case.slug, "sequence": str(claim.sequence), "source": "reprint"}],
    )
    plan = take_back(record)
    remarks = {row.key: row.remark for row in plan.rows if row.action == KEPT}
    assert remarks == {
        "reprint": f"version 2 of {case.number} names it.",
        "a-report": "“A report”, which stays, refers to it.",
    }
    claim.refresh_from_db()
    assert claim.source.slug not in remarks
    assert Source.objects.filter(slug__in=remarks).count() == 2


def test_import_is_not_undone_if_a_public_case_could_not_stay_public() -> None:
    case = make_case(published=True)
    claim = case.claims.get(warning__isnull=False, field="channel")
    record = bring_in(
        warnings=[{"case": case.slug, "sequence": "1", "channel": "not_stated"}],
    )
    claim.delete()
    assert f"{case.number} cannot be published" in reasons(take_back(record))
    assert Version.objects.filter(case=case).count() == 2


# Twice, and redacted


def test_import_is_undone_once() -> None:
    record = bring_in(sources=[SOURCE])
    take_back(record)
    second = new_undoing(record, None)
    second.applied_at = timezone.now()
    with pytest.raises(IntegrityError), transaction.atomic():
        second.save()


def test_redaction_strikes_former_values_and_undoing_brings_none_back() -> None:
    case = make_case(complete=True, summary="Ada Quill was told.")
    record = bring_in(cases=[{"slug": case.slug, "summary": "Nobody is named."}])
    order = RedactionOrder(("Quill",), "[redacted]", "She asked for it.")
    redact(case, None, order, preview(case, order).digest())
    record.refresh_from_db()
    assert reasons(take_back(record)) == ""
    assert Case.objects.get().summary == "Ada [redacted] was told."
