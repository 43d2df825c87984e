"""Undoing an import in the admin: what would be taken back, and taking back exactly that."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.admin.models import LogEntry
from django.test import Client
from django.urls import reverse

from cases.admin.tools import import_progress
from cases.models import Case, Comment, Import, Source
from cases.review.steps import withdraw
from tests.support.admin_forms import form_on, messages_on, signed_in, user_of
from tests.support.admin_imports import confirm, streamed, told, upload
from tests.support.bundles import table
from tests.support.factories import make_case, make_claim, make_comment, make_source
from tests.support.undone_imports import SOURCE, bring_in, coded_draft

pytestmark = pytest.mark.django_db

LIST = reverse("admin:cases_import_changelist")


def imported(client: Client, subject: str, *rows: dict[str, str]) -> Import:
    page = confirm(client, upload(client, subject, table(rows)))
    assert "Imported on" in told(page)
    return Import.objects.applied().get(undoes=None)


def undo(client: Client, record: Import) -> Any:
    """Press “Undo this import …”, and return the page that it leads to."""
    return client.post(reverse("admin:cases_import_undo", args=[record.pk]), follow=True)


def test_editor_undoes_an_import_after_seeing_what_would_be_taken_back() -> None:
    client = signed_in("Editors")
    make_source(**SOURCE | {"title": "An older title"})
    record = imported(client, "sources", SOURCE, SOURCE | {"slug": "another"})
    page = undo(client, record)
    assert "Nothing is undone yet." in told(page)
    assert "2 rows: 1 deleted, 1 put back." in told(page)
    assert "sources, row 3 another A report" in told(page)
    deleted = reverse("admin:cases_source_change", args=[Source.objects.get(slug="another").pk])
    assert f'href="{deleted}"' in page.text
    put_back = client.get(page.request["PATH_INFO"], {"show": "changed"})
    assert "title A report → becomes An older title" in told(put_back)
    assert Source.objects.filter(title="A report").count() == 2

    done = confirm(client, page, note="The wrong file")
    assert "Undone on" in told(done)
    assert "“The import of file.csv was undone: The wrong file”" in told(done)
    assert "sources, row 3 another A report (deleted)" in told(done)
    assert f'href="{deleted}"' not in done.text
    assert Source.objects.get().title == "An older title"
    said = told(client.get(reverse("admin:cases_import_rows", args=[record.pk])))
    assert "by editors-1: “The import of file.csv was undone: The wrong file”" in said
    assert "Undoing the import of file.csv" in told(client.get(LIST))
    assert LogEntry.objects.count() == 3  # the import, its undoing, and that it was undone
    assert "This import was undone already." in messages_on(undo(client, record))


def test_undoing_that_is_refused_names_the_row_and_leads_to_what_is_in_the_way() -> None:
    client = signed_in("Editors")
    record = imported(client, "sources", SOURCE)
    case = make_case()
    make_claim(case, source=Source.objects.get())
    page = undo(client, record)
    assert "The import cannot be undone: nothing was changed." in told(page)
    assert f"sources, row 2 a-report A report “{case.number}: Claim 1: kind” refers to it." in told(
        page
    )
    assert f'href="{reverse("admin:cases_case_change", args=[case.pk])}"' in page.text
    assert "confirm_form" not in page.text


def test_undoing_is_planned_again_if_the_casebook_changed_meanwhile() -> None:
    client = signed_in("Editors")
    page = undo(client, imported(client, "sources", SOURCE))
    Source.objects.update(title="Corrected")
    again = confirm(client, page, note="Wrong")
    assert "the casebook changed since this page was opened" in messages_on(again)
    assert "It was changed since the import." in told(again)
    assert Source.objects.get().title == "Corrected"


@pytest.mark.slow
def test_undoing_is_planned_again_if_a_draft_was_commented_on_meanwhile() -> None:
    client = signed_in("Editors")
    page = undo(client, coded_draft(user_of(client)))
    make_comment(Case.objects.get())
    again = confirm(client, page, note="Wrong")
    assert "the casebook changed since this page was opened" in messages_on(again)
    assert f"cases, row 2 new {Case.objects.get()} With 1 comment." in told(again)
    assert Comment.objects.exists()


def test_plan_of_undoing_that_was_replaced_is_not_carried_out() -> None:
    client = signed_in("Editors")
    record = imported(client, "sources", SOURCE)
    first = undo(client, record)
    undo(client, record)  # in another tab
    page = confirm(client, first, note="Wrong")
    assert "this plan is not kept any more" in messages_on(page)
    assert page.request["PATH_INFO"] == LIST
    assert Source.objects.exists()


@pytest.mark.parametrize("streams", [False, True])
def test_plan_of_undoing_that_is_replaced_while_it_is_carried_out_is_answered_with_a_sentence(
    monkeypatch: pytest.MonkeyPatch, streams: bool
) -> None:
    client = signed_in("Editors")
    record = imported(client, "sources", SOURCE)
    page = undo(client, record)

    def replace(rows: int) -> bool:
        """Stand in for what is asked before the work begins."""
        Import.objects.filter(applied_at=None).delete()
        return streams

    monkeypatch.setattr(import_progress, "reports_progress", replace)
    data = form_on(page, "confirm_form") | {"note": "Wrong"}
    answer = client.post(page.request["PATH_INFO"], data)
    address = reverse("admin:cases_import_rows", args=[record.pk])
    if streams:
        text = streamed(answer)
        assert "this plan is not kept any more" in text
        assert f'href="{address}"' in text
    else:
        assert answer["Location"] == address
        assert "this plan is not kept any more" in messages_on(client.get(address))
    assert Source.objects.exists()


def test_undoing_confirmed_by_two_is_done_once() -> None:
    client, other = signed_in("Editors"), signed_in("Reviewers")
    record = imported(client, "sources", SOURCE)
    page, second = undo(client, record), undo(other, record)
    data = form_on(second, "confirm_form") | {"note": "Wrong"}
    confirm(client, page, note="Wrong")
    again = other.post(second.request["PATH_INFO"], data, follow=True)
    assert "This import was undone already." in messages_on(again)
    assert Import.objects.applied().filter(undoes=record).count() == 1


def test_undoing_without_a_reason_is_not_done() -> None:
    client = signed_in("Editors")
    page = confirm(client, undo(client, imported(client, "sources", SOURCE)), note=" ")
    assert "Say why; the log and the public versions show it." in messages_on(page)
    assert Source.objects.exists()


@pytest.mark.usefixtures("early_progress")
@pytest.mark.slow
def test_long_undoing_tells_its_progress() -> None:
    client = signed_in("Editors")
    rows = [SOURCE | {"slug": f"report-{number}"} for number in range(120)]
    record = bring_in(user_of(client), sources=rows)
    text = streamed(client.post(reverse("admin:cases_import_undo", args=[record.pk])))
    assert "<li>25 of 120 rows: comparing sources</li>" in text
    assert "<li>25 of 120 rows: deleting sources</li>" in text
    assert 'id="go-on"' in text


# Who may


@pytest.mark.slow
def test_drafts_that_somebody_else_imported_are_taken_back_by_who_may_delete_them() -> None:
    client, editor, reviewer = signed_in("Editors"), signed_in("Editors"), signed_in("Reviewers")
    record = coded_draft(user_of(client))
    said = told(undo(editor, record))
    assert "Your account may not delete cases; ask somebody who may." in said
    assert "5 rows: 5 deleted, 0 put back." in told(undo(client, record))
    confirm(reviewer, undo(reviewer, record), note="Wrong")
    assert not Case.objects.exists()
    assert not Source.objects.exists()


def test_editor_does_not_take_back_what_only_reviewers_may_change() -> None:
    case, reviewer = make_case(published=True), signed_in("Reviewers")
    withdraw(case, None, "It was another case.")
    record = imported(reviewer, "cases", {"slug": case.slug, "withdrawn_reason": "A slip."})
    assert "Your account may not change cases" in told(undo(signed_in("Editors"), record))
    assert "0 deleted, 1 put back." in told(undo(reviewer, record))


def test_undoing_is_closed_to_who_may_not_import() -> None:
    record = imported(signed_in("Editors"), "sources", SOURCE)
    other = signed_in()
    assert undo(other, record).status_code == 403
    assert not Import.objects.filter(undoes=record).exists()


def test_import_without_what_undoing_takes_says_that_it_cannot_be_undone() -> None:
    client = signed_in("Editors")
    record = imported(client, "sources", SOURCE)
    Import.objects.update(written=[])
    page = undo(client, record)
    assert "This import cannot be undone" in messages_on(page)
    assert "undo_form" not in page.text
