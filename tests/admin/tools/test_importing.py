"""Importing in the admin: upload, what it would do, and doing exactly that."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Permission, User
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone
from openpyxl import Workbook

from cases.admin.tools import import_progress
from cases.changelog.trial import InTheWayError
from cases.exchange.bundle.importing import planned
from cases.models import Case, Directive, Import, Source, Version
from cases.review.steps import withdraw
from tests.support.admin_forms import form_on, messages_on, signed_in
from tests.support.admin_imports import ADD, confirm, streamed, told, upload
from tests.support.bundles import edited, small_bundle, table
from tests.support.factories import (
    make_actor,
    make_case,
    make_directive,
    make_source,
)

pytestmark = pytest.mark.django_db


LIST = reverse("admin:cases_import_changelist")
SOURCE = {"slug": "a-report", "title": "A report", "kind": "press"}


def test_editor_imports_a_table_after_seeing_what_it_would_do() -> None:
    client = signed_in("Editors")
    page = upload(client, "sources", table([SOURCE]))
    assert "Nothing is imported yet. Confirm to import 1 row: 1 added, 0 changed." in told(page)
    assert "sources, row 2 a-report A report" in told(page)
    assert not Source.objects.exists()
    waiting = f'<a href="{page.request["PATH_INFO"]}">file.csv</a>'
    assert waiting in client.get(ADD).text
    assert "file.csv" not in signed_in("Editors").get(ADD).text
    done = confirm(client, page, note="A report that was missing")
    assert "Imported on" in told(done)
    assert "file.csv" not in client.get(ADD).text
    assert Source.objects.get().title == "A report"
    address = reverse("admin:cases_source_change", args=[Source.objects.get().pk])
    assert f'<a href="{address}"><code>a-report</code></a>' in done.text
    record = Import.objects.get()
    assert (record.note, bytes(record.content)) == ("A report that was missing", b"")
    (entry,) = LogEntry.objects.all()
    assert entry.change_message == "1 row: 1 added, 0 changed."


def discarding(page: Any) -> str:
    """Return the address to which the button that discards an upload posts."""
    (address,) = re.findall(r'action="([^"]*/discard/)"', page.text)
    return str(address)


@pytest.mark.parametrize("kind", ["press", "refused"])
def test_upload_that_waits_or_is_refused_is_found_in_the_list_and_discarded(kind: str) -> None:
    client, other = signed_in("Editors"), signed_in("Editors")
    page = upload(client, "sources", table([SOURCE | {"kind": kind}]))
    address = discarding(page)
    assert discarding(client.get(ADD)) == discarding(client.get(LIST)) == address
    assert f'href="{page.request["PATH_INFO"]}"' in client.get(LIST).text
    assert "file.csv" not in other.get(LIST).text
    other.post(address)
    client.get(address)
    assert Import.objects.exists()
    done = client.post(address, follow=True)
    assert "The upload of file.csv was discarded." in messages_on(done)
    assert not Import.objects.exists()
    assert "There is no such upload any more" in messages_on(client.post(address, follow=True))


def test_import_that_was_done_is_not_discarded() -> None:
    client = signed_in("Editors")
    page = upload(client, "sources", table([SOURCE]))
    address = discarding(page)
    done = confirm(client, page)
    assert "/discard/" not in done.text
    client.post(address)
    assert Import.objects.applied().exists()


def test_discarding_is_closed_to_who_may_not_import() -> None:
    page = upload(signed_in("Editors"), "sources", table([SOURCE]))
    assert signed_in().post(discarding(page)).status_code == 403


def test_list_of_imports_says_several_tables_of_a_bundle() -> None:
    client = signed_in("Editors")
    Import.objects.create(subject="bundle", file_name="all.xlsx", applied_at=timezone.now())
    page = client.get(LIST, {"subject": "bundle"})
    assert "bundle" not in told(page)
    assert "several tables" in told(page)


def test_editor_who_imports_a_file_again_is_told_that_there_is_nothing() -> None:
    client = signed_in("Editors")
    confirm(client, upload(client, "sources", table([SOURCE])))
    page = upload(client, "sources", table([SOURCE]))
    assert "Nothing to import: the casebook has it all." in told(page)
    assert "confirm_form" not in page.text
    assert LogEntry.objects.count() == 1
    assert Import.objects.applied().count() == 1


def test_dry_run_shows_old_and_new_values() -> None:
    make_source(**SOURCE | {"title": "An older title"})
    page = upload(signed_in("Editors"), "sources", table([SOURCE]))
    assert "title An older title → becomes A report" in told(page)


def test_row_of_a_part_names_its_case_and_leads_there() -> None:
    case = make_case(title="A threatened exile")
    row = {"case": case.slug, "sequence": "1", "issuer": "none", "recipients": "none"}
    page = upload(signed_in("Editors"), "warnings", table([row]))
    assert f"warnings, row 2 {case.slug} 1 {case}" in told(page)
    assert f'href="{reverse("admin:cases_case_change", args=[case.pk])}"' in page.text


def test_refused_row_names_row_and_column_and_how_to_mend_it() -> None:
    case, actor = make_case(), make_actor()
    row = {
        "case": case.slug,
        "sequence": "1",
        "issuer": actor.slug,
        "recipients": make_actor().slug,
        "channel": "pubic",
    }
    page = upload(signed_in("Editors"), "warnings", table([row]))
    assert "The file cannot be imported: nothing was written." in told(page)
    assert "warnings, row 2" in told(page)
    assert "channel : “pubic” is not a value; did you mean “public”?" in told(page)
    assert "confirm_form" not in page.text


def test_reason_that_repeats_is_told_once_with_its_rows() -> None:
    rows = [SOURCE | {"slug": f"report-{n}", "kind": "novel"} for n in range(3)]
    page = upload(signed_in("Editors"), "sources", table(rows))
    assert "What is wrong sources, rows 2–4, column kind: “novel” is not a value; " in told(page)


def test_import_is_refused_if_the_casebook_changed_so_that_it_would_do_something_else() -> None:
    make_source(**SOURCE | {"title": "An older title"})
    client = signed_in("Editors")
    page = upload(client, "sources", table([SOURCE]))
    Source.objects.update(title="Corrected meanwhile")
    again = confirm(client, page)
    assert "the casebook changed since this page was opened" in messages_on(again)
    assert "Corrected meanwhile → becomes A report" in told(again)
    assert Source.objects.get().title == "Corrected meanwhile"
    assert "Imported on" in told(confirm(client, again))
    assert Source.objects.get().title == "A report"


def test_import_goes_on_if_the_casebook_changed_elsewhere() -> None:
    client = signed_in("Editors")
    page = upload(client, "sources", table([SOURCE]))
    make_source()
    assert "Imported on" in told(confirm(client, page))


def test_import_confirmed_twice_is_done_once() -> None:
    client = signed_in("Editors")
    page = upload(client, "sources", table([SOURCE]))
    data = form_on(page, "confirm_form")
    confirm(client, page)
    again = client.post(page.request["PATH_INFO"], data, follow=True)
    assert "This was imported already." in messages_on(again)
    assert LogEntry.objects.count() == 1


def test_import_without_a_note_is_not_done() -> None:
    client = signed_in("Editors")
    page = confirm(client, upload(client, "sources", table([SOURCE])), note=" ")
    assert "Say what changes and why; the public reads it." in messages_on(page)
    assert not Source.objects.exists()


# Who may


def test_import_is_closed_to_staff_of_no_group() -> None:
    client = signed_in()
    assert client.get(ADD).status_code == 403
    assert upload(client, "sources", table([SOURCE])).status_code == 403
    assert client.get("/admin/cases/import/template/sources.csv").status_code == 403
    assert not Import.objects.exists()


def test_upload_of_somebody_else_is_not_found() -> None:
    page = upload(signed_in("Editors"), "sources", table([SOURCE]))
    other = signed_in("Reviewers")
    assert other.get(page.request["PATH_INFO"]).status_code == 404
    data = form_on(page, "confirm_form")
    assert other.post(page.request["PATH_INFO"], data).status_code == 404
    assert not Source.objects.exists()


def test_import_that_was_done_is_shown_to_others_and_deleted_by_nobody() -> None:
    client = signed_in("Editors")
    page = confirm(client, upload(client, "sources", table([SOURCE])))
    other = signed_in("Reviewers", is_superuser=True)
    assert "A report" in told(other.get(page.request["PATH_INFO"]))
    record = Import.objects.get()
    assert other.get(f"/admin/cases/import/{record.pk}/delete/").status_code == 403
    assert "file.csv" in told(other.get(reverse("admin:cases_import_changelist")))


CASE = {"slug": "new", "title": "New", "kind": "strategic_disclosure", "summary": "A summary."}


@pytest.mark.parametrize("status", ["published", "withdrawn"])
def test_editor_may_not_import_a_case_as(status: str) -> None:
    row = CASE | {"status": status}
    page = upload(signed_in("Editors"), "cases", table([row]))
    assert f"status : Your account may not make a case “{status}”" in told(page)


def test_editor_may_not_change_by_import_why_a_case_was_withdrawn() -> None:
    case = make_case(published=True)
    withdraw(case, None, "It was another case.")
    row = {"slug": case.slug, "withdrawn_reason": "Something else."}
    page = upload(signed_in("Editors"), "cases", table([row]))
    assert "withdrawn_reason : The public sees this; your account may not change it." in (
        told(page)
    )
    page = upload(signed_in("Reviewers"), "cases", table([row]))
    assert "It was another case. → becomes Something else." in told(page)


def test_editor_imports_a_draft_and_it_has_a_number_and_its_editor() -> None:
    client = signed_in("Editors")
    confirm(client, upload(client, "cases", table([CASE])))
    case = Case.objects.get()
    assert (case.number, case.status) == ("DTW-0001", "draft")
    assert case.created_by is not None
    assert case.created_by.username == case.updated_by.username == "editors-1"


def test_editor_imports_directives_in_draft_only() -> None:
    make_source(slug="s")
    row = {
        "slug": "d",
        "code": "D",
        "title": "T",
        "issued_edtf": "2015-07-21",
        "issued_basis": "stated",
        "authority": "B",
        "statement": "S",
        "source": "s",
    }
    editor, reviewer = signed_in("Editors"), signed_in("Reviewers")
    assert "1 added" in told(upload(editor, "directives", table([row])))
    public = table([row | {"status": "published"}])
    assert "Your account may not publish this" in told(upload(editor, "directives", public))
    assert "A second person has to publish it" in told(upload(reviewer, "directives", public))


def test_published_directive_is_changed_by_an_import_of_reviewers_only() -> None:
    make_directive(slug="d")
    changed = table([{"slug": "d", "title": "Other"}])
    editor, reviewer = signed_in("Editors"), signed_in("Reviewers")
    assert "or change what is published" in told(upload(editor, "directives", changed))
    assert "1 changed" in told(upload(reviewer, "directives", changed))
    hidden = table([{"slug": "d", "status": "draft"}])
    assert "an import cannot make it “draft”" in told(upload(reviewer, "directives", hidden))


def test_parts_of_a_case_are_imported_by_those_who_may_change_the_case() -> None:
    case = make_case(complete=True)
    row = {"case": case.slug, "sequence": "1", "channel": "public"}
    client = signed_in()
    user = User.objects.get()
    user.user_permissions.set(
        Permission.objects.filter(codename__in=["add_import", "change_warning"])
    )
    page = upload(client, "warnings", table([row]))
    assert "Your account may not change warnings" in told(page)
    user.user_permissions.add(Permission.objects.get(codename="change_case"))
    assert "1 changed" in told(upload(client, "warnings", table([row])))


def test_reviewer_may_not_publish_by_import_what_they_changed_last() -> None:
    case = make_case(complete=True)
    row = {"slug": case.slug, "title": "Another title", "status": "published"}
    page = upload(signed_in("Reviewers"), "cases", table([row]))
    assert "You made the last change, so a different reviewer" in told(page)
    case.refresh_from_db()
    assert case.status == "draft"


@pytest.mark.usefixtures("team_of_one")
def test_editor_corrects_a_public_case_by_import_with_a_note_and_a_version() -> None:
    case = make_case(published=True)
    client = signed_in("Editors")
    page = upload(client, "cases", table([{"slug": case.slug, "title": "Corrected"}]))
    assert f"It would make these versions: {case.number} version 2" in told(page)
    assert "Say what changes and why" in told(confirm(client, page, note=""))
    confirm(client, page, note="A typing error in the title")
    version = Version.objects.get(case=case, number=2)
    assert version.change_note == "A typing error in the title"
    assert version.editor is not None


def test_import_that_waits_says_which_cases_get_a_correction() -> None:
    case = make_case(published=True)
    client = signed_in("Editors")
    page = upload(client, "cases", table([{"slug": case.slug, "title": "Corrected"}]))
    assert f"These cases get a correction: {case.number}." in told(page)
    assert "gets a correction in draft: readers see it, with this sentence" in told(page)
    assert "these versions" not in told(page)
    done = confirm(client, page, note="A typing error in the title")
    assert f"These cases got a correction: {case.number}." in told(done)


# Bundles and workbooks


@pytest.mark.slow
@pytest.mark.once
def test_superuser_imports_a_bundle_into_an_empty_casebook() -> None:
    data = small_bundle()
    client = signed_in(is_superuser=True)
    done = confirm(client, upload(client, "bundle", data, "casebook.zip"))
    assert "Imported on" in told(done)
    assert "file.csv" not in client.get(ADD).text
    assert Case.objects.published().count() == 1
    assert Version.objects.count() == 1


@pytest.mark.once
@pytest.mark.slow
def test_reviewer_brings_in_no_versions(settings: Any) -> None:
    settings.REVIEW_BY_SECOND_PERSON = False
    page = upload(signed_in("Reviewers"), "bundle", small_bundle(), "casebook.zip")
    assert "Your account may not add versions" in told(page)


@pytest.mark.once
@pytest.mark.slow
def test_versions_in_a_bundle_let_no_reviewer_publish_a_directive_alone() -> None:
    root = signed_in(is_superuser=True)
    confirm(root, upload(root, "bundle", small_bundle(), "casebook.zip"))
    Directive.objects.update(status="draft")
    page = upload(signed_in("Reviewers"), "bundle", small_bundle(), "casebook.zip")
    assert "A second person has to publish it" in told(page)


@pytest.mark.usefixtures("early_progress")
@pytest.mark.slow
def test_long_import_tells_its_progress_while_it_goes_on() -> None:
    client = signed_in("Editors")
    rows = [SOURCE | {"slug": f"report-{number}"} for number in range(120)]
    response = client.post(
        ADD,
        {"subject": "sources", "file": SimpleUploadedFile("long.csv", table(rows).encode())},
        headers={"accept-encoding": "gzip"},  # compressed, the lines would wait for each other
    )
    text = streamed(response)
    assert "<li>25 of 120 rows: sources</li>" in text
    assert 'id="go-on"' in text
    record = Import.objects.get()
    page = client.get(reverse("admin:cases_import_rows", args=[record.pk]))
    assert "120 rows: 120 added" in told(page)
    assert "1 to 100 of 120" in told(page)
    response = client.post(page.request["PATH_INFO"], form_on(page, "confirm_form"))
    assert "100 of 120 rows" in streamed(response)
    assert Source.objects.count() == 120
    assert LogEntry.objects.count() == 1


@pytest.mark.usefixtures("early_progress")
@pytest.mark.slow
def test_long_import_whose_reader_goes_away_writes_nothing() -> None:
    client = signed_in("Editors")
    rows = [SOURCE | {"slug": f"report-{number}"} for number in range(120)]
    upload_page = client.post(
        ADD, {"subject": "sources", "file": SimpleUploadedFile("long.csv", table(rows).encode())}
    )
    streamed(upload_page)
    address = reverse("admin:cases_import_rows", args=[Import.objects.get().pk])
    data = form_on(client.get(address), "confirm_form")
    response: Any = client.post(address, data)
    lines: Any = iter(response)
    while b"<li>50 of" not in next(lines):
        pass
    response._iterator.close()  # as the server does; the client keeps its connection
    assert not Source.objects.exists()
    assert not Import.objects.get().is_applied


# Others at the same time


def in_the_way(times: int) -> Callable[[], None]:
    """Return a function that says so many times that somebody waits for the check."""
    left = iter(range(times))

    def give_way() -> None:
        if next(left, None) is not None:
            raise InTheWayError

    return give_way


@pytest.mark.parametrize("times", [import_progress.MAX_TRIES - 1, import_progress.MAX_TRIES])
def test_check_begins_again_if_others_save_the_same_records(
    monkeypatch: pytest.MonkeyPatch, times: int
) -> None:
    monkeypatch.setattr(planned, "ROWS_BETWEEN_PAUSES", 1)
    monkeypatch.setattr(planned, "give_way", in_the_way(times))
    page = upload(signed_in("Editors"), "sources", table([SOURCE]))
    if times < import_progress.MAX_TRIES:
        assert "1 row: 1 added, 0 changed." in told(page)
    else:
        assert "others keep saving the same records" in messages_on(page)
        assert not Import.objects.exists()


def test_file_beside_as_many_as_may_be_imported_at_once_is_refused() -> None:
    client = signed_in("Editors")
    for _ in range(import_progress.MAX_IMPORTS):
        assert import_progress._imports.acquire(blocking=False)
    try:
        page = upload(client, "sources", table([SOURCE]))
    finally:
        import_progress._imports.release(import_progress.MAX_IMPORTS)
    assert "other files are being checked or imported" in messages_on(page)
    assert not Import.objects.exists()
    assert "1 row: 1 added" in told(upload(client, "sources", table([SOURCE])))


def workbook(*lines: list[Any], title: str = "sources") -> bytes:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = title
    for line in lines:
        sheet.append(line)
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def test_page_of_imports_offers_a_file_and_templates() -> None:
    page = signed_in("Editors").get(ADD)
    assert 'href="/admin/cases/import/template/claims.xlsx"' in page.text
    assert "At most 20 MB" in told(page)


@pytest.mark.once
@pytest.mark.slow
def test_bundle_of_a_changed_case_shows_it_among_what_stays() -> None:
    data = small_bundle()
    client = signed_in(is_superuser=True)
    confirm(client, upload(client, "bundle", data, "casebook.zip"))
    page = upload(client, "bundle", edited(data, "cases.csv", title="Else"), "casebook.zip")
    plan = re.search(r"(\d+) rows: 0 added, 1 changed, (\d+) as they are\.", told(page))
    assert plan
    assert int(plan[1]) == int(plan[2]) + 1
