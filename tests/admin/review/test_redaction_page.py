"""The page of the admin on which a reviewer redacts a case."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse

from cases.models import Case, Redaction
from tests.support.admin_forms import form_on, messages_on, signed_in
from tests.support.factories import make_case

pytestmark = [pytest.mark.django_db, pytest.mark.once]

TYPED = {"texts": "Ada Quill\n\n Quill ", "replacement": "Person A", "reason": "She asked for it."}


@pytest.fixture
def case() -> Case:
    return make_case(published=True, title="The tip on Ada Quill", slug="ada-quill")


def redaction_of(case: Case) -> str:
    return reverse("admin:cases_case_redact", args=[case.pk])


def confirm(client: Client, case: Case, **changed: Any) -> Any:
    """Ask for the preview, then confirm what it shows."""
    shown = client.post(redaction_of(case), TYPED | {"preview": ""})
    data = form_on(shown, "redact_form") | {"confirm": ""} | changed
    return client.post(redaction_of(case), data, follow=True)


def test_redaction_is_previewed_and_then_confirmed(reviewer: Client, case: Case) -> None:
    page = reviewer.post(redaction_of(case), TYPED | {"preview": ""})
    assert "The tip on <del>Ada Quill</del><ins>Person A</ins>" in page.text
    assert Case.objects.get().title == "The tip on Ada Quill"
    done = confirm(reviewer, case)
    assert "Redacted in" in messages_on(done)
    stored = Case.objects.get()
    assert (stored.title, stored.slug) == ("The tip on Person A", "person-a")
    assert stored.versions.get(number=1).record["title"] == "The tip on Person A"
    log = LogEntry.objects.get(object_id=str(case.pk))
    assert "She asked for it." in log.get_change_message()
    assert "Quill" not in log.object_repr
    assert Redaction.objects.get().made_by is not None


def test_preview_begins_with_the_total_and_folds_the_log(reviewer: Client, case: Case) -> None:
    for_log = User.objects.create(username="logged")
    added = [{"added": {"name": "role", "object": "Ārāsh Qúill, once a spokesman"}}]
    LogEntry.objects.log_actions(for_log.pk, [case], CHANGE, added)
    typed = TYPED | {"texts": "Ārāsh Qúill\nAda Quill", "preview": ""}
    page = " ".join(reviewer.post(redaction_of(case), typed).text.split())
    assert page.index("places would be redacted") < page.index("redact_form")
    assert 'href="#confirm"' in page
    folded = page[page.index("<details>") : page.index("</details>")]
    assert "Added role " in folded
    assert "<del>“Ārāsh Qúill, </del><ins>“Person A, </ins>once a spokesman”" in folded
    assert ", what was done</th>" in folded
    assert ", name of the record</th>" in folded
    assert f"{case.number}, version 1, title</th>" in page
    assert not re.search(r"u0100|object repr|change message", page)


def test_confirmation_without_the_preview_writes_nothing(reviewer: Client, case: Case) -> None:
    page = reviewer.post(redaction_of(case), TYPED | {"confirm": ""})
    assert "Nothing was redacted" in messages_on(page)
    assert Case.objects.get().title == "The tip on Ada Quill"
    assert not Redaction.objects.exists()


def test_confirmation_of_something_else_writes_nothing(reviewer: Client, case: Case) -> None:
    assert "Nothing was redacted" in messages_on(confirm(reviewer, case, texts="Quill"))
    assert "correct the errors" in messages_on(confirm(reviewer, case, reason=""))
    assert Case.objects.get().title == "The tip on Ada Quill"
    assert not Redaction.objects.exists()


def test_confirmation_after_a_change_writes_nothing(reviewer: Client, case: Case) -> None:
    shown = reviewer.post(redaction_of(case), TYPED | {"preview": ""})
    Case.objects.update(summary="Quill was there.")
    data = form_on(shown, "redact_form") | {"confirm": ""}
    page = reviewer.post(redaction_of(case), data)
    assert "Nothing was redacted" in messages_on(page)
    assert "<del>Quill </del><ins>Person A </ins>was there." in page.text
    assert not Redaction.objects.exists()


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("texts", " \n ", "This field is required."),
        ("texts", "Q", "too short"),
        ("reason", "ada quill asked for it.", "This repeats what is to be struck"),
        ("replacement", "Ms Quill", "This repeats what is to be struck"),
    ],
)
def test_redaction_that_makes_no_sense_is_refused(
    reviewer: Client, case: Case, field: str, value: str, said: str
) -> None:
    page = reviewer.post(redaction_of(case), TYPED | {field: value, "confirm": ""})
    assert said in messages_on(page)
    assert not Redaction.objects.exists()


def test_redaction_of_a_text_that_is_nowhere_says_so(reviewer: Client, case: Case) -> None:
    page = reviewer.post(redaction_of(case), TYPED | {"texts": "Nobody", "preview": ""})
    assert "The text is nowhere in this case." in messages_on(page)


@pytest.mark.slow
def test_editor_may_not_redact_and_is_not_offered_to(case: Case) -> None:
    editor = signed_in("Editors")
    assert editor.get(redaction_of(case)).status_code == 403
    assert editor.post(redaction_of(case), TYPED | {"confirm": ""}).status_code == 403
    page = reverse("admin:cases_case_change", args=[case.pk])
    assert redaction_of(case) not in editor.get(page).text
    assert redaction_of(case) in signed_in("Reviewers").get(page).text
    assert editor.get(reverse("admin:cases_redaction_changelist")).status_code == 403


def test_log_of_redactions_is_shown_to_reviewers_and_not_edited(
    reviewer: Client, case: Case
) -> None:
    confirm(reviewer, case)
    made = Redaction.objects.get()
    page = reviewer.get(reverse("admin:cases_redaction_change", args=[made.pk]))
    assert made.text_digests[0] in page.text
    assert "Quill" not in page.text
    assert reviewer.get(reverse("admin:cases_redaction_add")).status_code == 403
    assert reviewer.get(f"/admin/cases/case/{case.pk}0/redact/").status_code == 404
