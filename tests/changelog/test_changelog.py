"""The log of changes: no way of writing gets past it."""

from __future__ import annotations

from collections.abc import Callable
from io import StringIO
from types import SimpleNamespace
from typing import Any

import pytest
from django.apps import apps
from django.core import serializers
from django.core.management import call_command
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from pytest_django import DjangoAssertNumQueries

from cases import changelog
from cases.changelog import triggers
from cases.models import (
    Actor,
    Case,
    Change,
    Claim,
    DirectiveException,
    Note,
    Source,
    Version,
    Warning,
)
from cases.models.vocabulary import CaseStatus
from cases.review.restoring import restore
from cases.review.steps import withdraw
from cases.versions.making import make_version
from tests.support.factories import (
    make_actor,
    make_case,
    make_claim,
    make_exception,
    make_note,
    make_warning,
)

pytestmark = pytest.mark.django_db

MIGRATED: list[Any] = [(SimpleNamespace(app_label="cases"), False)]
"""The plan of a migration of the casebook's tables."""


@pytest.fixture
def case() -> Case:
    return make_case(complete=True)


def logged(write: Callable[[], Any]) -> set[tuple[str, int]]:
    """Return what the log says of one write."""
    before = changelog.latest()
    write()
    return set(changelog.since(before))


def test_log_every_table_of_content_is_followed() -> None:
    unseen = {"cases_change", "cases_searchdocument", "cases_counter", "cases_formerslug"}
    unseen |= {"cases_import", "cases_merge", "cases_redaction", "cases_reviewstep"}
    unseen |= {"cases_comment", "cases_indexsnapshot", "cases_release"}
    tables = {model._meta.db_table for model in apps.get_app_config("cases").get_models()} | {
        "cases_warning_recipients",
        "cases_case_directives",
    }
    assert set(changelog.FOLLOWED) == tables - unseen


def test_log_follows_save_and_update_and_bulk_writes(case: Case) -> None:
    mine = (changelog.CASE, case.pk)
    assert mine in logged(case.save)
    assert logged(lambda: Case.objects.filter(pk=case.pk).update(title="Other")) == {mine}
    claim = case.claims.first()
    copies = [Claim(**{**_columns(claim), "sequence": number}) for number in (900, 901)]
    assert logged(lambda: Claim.objects.bulk_create(copies)) == {mine}
    assert logged(lambda: Claim.objects.filter(sequence__gte=900).delete()) == {mine}


def _columns(record: Any) -> dict[str, Any]:
    return {
        field.attname: getattr(record, field.attname)
        for field in record._meta.fields
        if field.attname != "id"
    }


def test_log_follows_recipients_added_and_taken_away(case: Case) -> None:
    warning = Warning.objects.get(case=case)
    other, mine = make_actor(), (changelog.CASE, case.pk)
    assert logged(lambda: warning.recipients.add(other)) == {mine}
    assert logged(lambda: warning.recipients.remove(other)) == {mine}


def test_log_names_both_cases_of_a_part_that_moved(case: Case) -> None:
    other = make_case()
    warning = make_warning(other)
    moved = logged(lambda: Warning.objects.filter(pk=warning.pk).update(case=case, sequence=9))
    assert moved == {(changelog.CASE, case.pk), (changelog.CASE, other.pk)}


def test_log_follows_actors_sources_exceptions_and_notes(case: Case) -> None:
    actor, exception, note = make_actor(), make_exception(), make_note(case)
    source = make_claim(case).source
    assert logged(lambda: Actor.objects.filter(pk=actor.pk).update(name="N")) == {
        (changelog.ACTOR, actor.pk)
    }
    assert logged(lambda: Source.objects.filter(pk=source.pk).update(title="T")) == {
        ("source", source.pk)
    }
    assert logged(lambda: DirectiveException.objects.filter(pk=exception.pk).update(title="T")) == {
        (changelog.EXCEPTION, exception.pk)
    }
    assert logged(lambda: Note.objects.filter(pk=note.pk).update(source_says="S")) == {
        (changelog.CASE, case.pk),
        ("note", note.pk),
    }
    alone = make_note()
    key = alone.pk
    assert logged(Note.objects.filter(pk=key).delete) == {("note", key)}


def test_log_follows_deletion_of_a_whole_case(case: Case) -> None:
    key = case.pk
    assert (changelog.CASE, key) in logged(case.delete)


def test_log_follows_loaddata(case: Case, tmp_path: Any) -> None:
    path = tmp_path / "cases.json"
    path.write_text(serializers.serialize("json", [case]))
    assert logged(lambda: call_command("loaddata", str(path), verbosity=0)) == {
        (changelog.CASE, case.pk)
    }


def test_log_follows_plain_sql(case: Case) -> None:
    def write() -> None:
        with connection.cursor() as cursor:
            cursor.execute("UPDATE cases_case SET title = 'By hand' WHERE id = %s", [case.pk])

    assert logged(write) == {(changelog.CASE, case.pk)}


def test_log_has_one_row_a_record_with_its_last_change(case: Case) -> None:
    other = make_case()
    Case.objects.filter(pk=case.pk).update(title="Last")
    rows = Change.objects.filter(record=changelog.CASE, object_id__in=[case.pk, other.pk])
    assert [row.object_id for row in rows.order_by("pk")] == [other.pk, case.pk]


def test_log_goes_back_with_its_transaction(case: Case) -> None:
    before = changelog.latest()

    with transaction.atomic():
        Case.objects.update(status=CaseStatus.DRAFT, title="Never")
        assert changelog.latest() > before
        transaction.set_rollback(True)
    assert changelog.latest() == before


def test_log_rises_with_every_change(case: Case) -> None:
    seen = [changelog.latest()]
    for title in ("A", "B", "B"):
        Case.objects.filter(pk=case.pk).update(title=title)
        seen.append(changelog.latest())
    assert sorted(set(seen)) == seen


def test_migrate_makes_the_triggers_anew(case: Case) -> None:
    triggers.remove("default")
    assert logged(case.save) == set()
    found = logged(lambda: call_command("migrate", verbosity=0, stdout=StringIO()))
    assert (changelog.EVERYTHING, 0) in found  # what was written without them is not known
    assert (changelog.CASE, case.pk) in logged(case.save)
    assert logged(lambda: call_command("migrate", verbosity=0, stdout=StringIO())) == set()


def test_log_says_that_anything_may_have_changed_after_a_migration() -> None:
    found = logged(lambda: triggers.after_migrate(None, "default", plan=MIGRATED))
    assert found == {(changelog.EVERYTHING, 0)}
    assert logged(lambda: triggers.after_migrate(None, "default", plan=[])) == set()


def test_migrate_without_a_migration_leaves_the_triggers_until_it_makes_them_anew(
    case: Case,
) -> None:
    triggers.before_migrate(None, "default", plan=[])
    assert (changelog.CASE, case.pk) in logged(case.save)
    triggers.before_migrate(None, "default", plan=MIGRATED)
    assert logged(case.save) == set()
    triggers.after_migrate(None, "default", plan=MIGRATED)
    assert (changelog.CASE, case.pk) in logged(case.save)


@pytest.mark.skipif(connection.vendor == "sqlite", reason="every transaction begins with its turn")
@pytest.mark.parametrize(
    "write",
    [
        lambda case: withdraw(case, None, "It was made up."),
        lambda case: make_version(case, None, "Again."),
        lambda case: restore(case, case.versions.get(number=1), None, "It was right."),
    ],
)
def test_writer_takes_its_turn_before_it_locks_a_row(write: Callable[[Case], object]) -> None:
    """Whoever locked a row first would wait for one who waits for that row."""
    case = make_case(complete=True, published=True)
    Case.objects.filter(pk=case.pk).update(title="Another")
    with CaptureQueriesContext(connection) as queries:
        write(case)
    statements = [query["sql"] for query in queries]
    turn = next(place for place, sql in enumerate(statements) if "pg_advisory_xact_lock" in sql)
    locking = ("UPDATE", "INSERT", "DELETE")
    assert not [sql for sql in statements[:turn] if sql.startswith(locking) or "FOR UPDATE" in sql]
    assert [sql for sql in statements[turn:] if sql.startswith(locking) or "FOR UPDATE" in sql]


def test_what_is_kept_until_something_changes_is_read_again_after_that(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    case = make_case(published=True, title="A title")

    @changelog.until_changed
    def titles() -> list[str]:
        return [version.record["title"] for version in Version.objects.current()]

    assert titles() == ["A title"]
    with django_assert_num_queries(1):
        assert titles() == ["A title"]
    Case.objects.filter(pk=case.pk).update(title="Another title")
    make_version(case, None, "Clearer.")
    assert titles() == ["Another title"]
