"""A new case that begins like another one."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from cases.models import Case
from tests.support.admin_forms import form_on, messages_on, page_of, user_of
from tests.support.factories import make_actor, make_assessment

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("demo")]

ADD = "/admin/cases/case/add/"


def form_like(client: Client, key: int | str) -> dict[str, Any]:
    return form_on(client.get(ADD, {"like": key}))


@pytest.mark.slow
def test_case_like_a_published_one_is_a_draft_without_its_past(editor: Client) -> None:
    first = Case.objects.get(slug="kerman-2024")
    warning, messengers = first.warnings.get(), [make_actor(), make_actor()]
    warning.set_intermediaries(messengers[::-1])
    make_assessment(first, status="argued")
    assert f'href="{ADD}?like={first.pk}"' in editor.get(page_of(first)).text
    data = form_like(editor, first.pk)
    assert (data["title"], data["slug"]) == (f"Copy of {first.number}: {first.title}", "")
    page = editor.post(f"{ADD}?like={first.pk}", data | {"slug": "new", "summary": "Another."})
    assert "Give this case a title of its own" in messages_on(page)

    data |= {"title": "Another case", "slug": "new", "summary": "Another."}
    editor.post(f"{ADD}?like={first.pk}", data, follow=True)
    case = Case.objects.get(slug="new")
    assert (case.status, case.published_at, case.published_by) == ("draft", None, None)
    assert (case.created_by, case.updated_by) == (user_of(editor), user_of(editor))
    assert case.number != first.number
    assert not case.versions.exists()
    assert not case.review_steps.exists()
    assert not case.claims.exists()
    assert not case.notes.exists()

    assert (case.kind, case.records_status) == (first.kind, "none_reported")
    assert set(case.directives.all()) == set(first.directives.all())
    roles, copied = (each.involvements.values_list("actor", "role") for each in (first, case))
    assert list(copied) == list(roles)
    begun = case.warnings.get()
    assert (begun.issuer, begun.passed_on_by) == (warning.issuer, messengers[::-1])
    assert set(begun.recipients.all()) == set(warning.recipients.all())
    assert (begun.channel, begun.conduit) == (warning.channel, warning.conduit)
    assert (begun.date_edtf, begun.content, begun.follow_up) == ("", "not_stated", "not_stated")
    incident, begun_incident = first.incidents.get(), case.incidents.get()
    assert begun_incident.kind == incident.kind
    assert (begun_incident.date_edtf, begun_incident.deaths) == ("", None)
    assert case.assessments.get().status == "not_reported"


@pytest.mark.parametrize("key", ["", "abc", "9" * 40, "999999", "\0"])
def test_case_like_none_that_is_there_begins_empty(editor: Client, key: str) -> None:
    page = editor.get(ADD, {"like": key})
    assert "There is no such case to begin with." in messages_on(page)
    assert form_on(page)["title"] == ""
