"""Who sees and does what in the admin."""

from __future__ import annotations

import pytest
from django.contrib import admin
from django.contrib.auth.models import Permission, User
from django.db import models
from django.test import Client
from django.urls import reverse

from cases.models import Case, Counter, FormerSlug, Merge, Note, Redaction, Version
from tests.support.admin_forms import form_on, signed_in
from tests.support.factories import (
    make_assessment,
    make_case,
    make_claim,
    make_exception,
    make_note,
)

pytestmark = [pytest.mark.django_db, pytest.mark.once]

MODELS = [model for model in admin.site._registry if model._meta.app_label == "cases"]


def admin_page(model: type[models.Model], page: str, *args: object) -> str:
    return reverse(f"admin:cases_{model._meta.model_name}_{page}", args=args)


@pytest.mark.parametrize("model", MODELS)
def test_pages_for_reviewer_are_served(model: type[models.Model]) -> None:
    case = make_case(published=True)
    make_exception()
    make_note(case)
    make_note(make_case())
    reviewer = signed_in("Reviewers")
    assert reviewer.get(admin_page(model, "changelist")).status_code == 200
    for record in model._default_manager.all():
        assert reviewer.get(admin_page(model, "change", record.pk)).status_code == 200
        assert reviewer.get(admin_page(model, "history", record.pk)).status_code == 200
    adding = reviewer.get(admin_page(model, "add")).status_code
    assert adding == (403 if model in (Merge, Redaction, Version) else 200)


@pytest.mark.parametrize("model", MODELS)
def test_pages_for_anonymous_visitor_lead_to_the_sign_in(
    client: Client, model: type[models.Model]
) -> None:
    for page in ("changelist", "add"):
        response = client.get(admin_page(model, page))
        assert response.status_code == 302
        assert response["Location"].startswith("/admin/login/")


@pytest.mark.parametrize("name", ["submit", "publish"])
def test_step_by_anonymous_visitor_asks_to_sign_in(client: Client, name: str) -> None:
    case = make_case(complete=True)
    response = client.post(f"/admin/cases/case/{case.pk}/{name}/")
    assert response.status_code == 403
    assert "Sign in and go on" in response.text
    assert Case.objects.get().status == "draft"


def test_internal_tables_are_not_in_the_admin() -> None:
    assert not {Counter, FormerSlug} & set(MODELS)


def test_publication_by_editor_is_refused_and_not_offered() -> None:
    editor, case = signed_in("Editors"), make_case(complete=True)
    assert editor.post(f"/admin/cases/case/{case.pk}/publish/").status_code == 403
    chosen = {"action": "publish_selected", "_selected_action": [case.pk]}
    assert editor.post(admin_page(Case, "changelist"), chosen).status_code == 403
    assert Case.objects.get().status == "draft"
    page = editor.get(admin_page(Case, "changelist")).text
    assert "submit_selected" in page
    assert "publish_selected" not in page
    assert "withdraw_selected" not in page


def test_withdrawal_by_editor_is_refused() -> None:
    editor, case = signed_in("Editors"), make_case(published=True)
    path = f"/admin/cases/case/withdraw/?cases={case.pk}"
    assert editor.get(path).status_code == 403
    assert editor.post(path, {"reason": "Why."}).status_code == 403
    chosen = {"action": "withdraw_selected", "_selected_action": [case.pk]}
    assert editor.post(admin_page(Case, "changelist"), chosen).status_code == 403


def test_submission_by_staff_without_permission_is_refused() -> None:
    case = make_case()
    path = f"/admin/cases/case/{case.pk}/submit/"
    assert signed_in().post(path).status_code == 403


def test_case_for_staff_who_may_only_look_is_shown_without_controls() -> None:
    case = make_case(published=True)
    make_assessment(case)
    make_claim(case, "kind")
    make_note(case, field="warning-1.date")
    client = signed_in()
    user = User.objects.get()
    user.user_permissions.set(Permission.objects.filter(codename__startswith="view_"))
    page = client.get(admin_page(Case, "change", case.pk))
    assert page.status_code == 200
    assert "warning-1.channel" in page.text
    assert 'name="title"' not in page.text
    assert client.post(admin_page(Case, "change", case.pk)).status_code == 403


def test_status_and_number_sent_with_a_case_are_left_as_they_are() -> None:
    case = make_case()
    editor = signed_in("Editors")
    data = form_on(editor.get(admin_page(Case, "change", case.pk)))
    data |= {"title": "New", "status": "published", "number": "DTW-9999"}
    editor.post(admin_page(Case, "change", case.pk), data)
    changed = Case.objects.get()
    assert (changed.title, changed.status, changed.number) == ("New", "draft", case.number)


def test_version_for_reviewer_is_only_shown() -> None:
    version = make_case(published=True).versions.get()
    reviewer = signed_in("Reviewers")
    page = reviewer.get(admin_page(Version, "change", version.pk))
    assert version.digest in page.text
    assert "_save" not in page.text
    assert reviewer.post(admin_page(Version, "change", version.pk)).status_code == 403
    assert reviewer.post(admin_page(Version, "delete", version.pk)).status_code == 403


def test_note_on_public_case_is_changed_on_its_case_only() -> None:
    public, draft = make_note(make_case(published=True)), make_note(make_case())
    reviewer = signed_in("Reviewers")
    for note, status in ((public, 403), (draft, 200)):
        assert reviewer.post(admin_page(Note, "change", note.pk)).status_code == status
        assert reviewer.get(admin_page(Note, "delete", note.pk)).status_code == status


def test_page_of_the_application_leads_to_the_first_page_for_those_who_may_sign_in(
    client: Client,
) -> None:
    assert signed_in("Editors").get("/admin/cases/")["Location"] == "/admin/"
    assert client.get("/admin/cases/")["Location"].startswith("/admin/login/")
