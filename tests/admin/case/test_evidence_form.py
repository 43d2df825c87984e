"""Evidence entered together with what it is about: on a new case, and for rows not saved yet."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from cases.models import Case, Claim, Note
from tests.support.admin_forms import Data, add_row, form_on, messages_on, signed_in
from tests.support.factories import make_actor, make_case, make_claim, make_exception, make_source

pytestmark = [pytest.mark.django_db, pytest.mark.once]

ADD = "/admin/cases/case/add/"


def typed_case(editor: Client, **values: Any) -> Data:
    """Return the form of a new case with a warning, an incident and a role."""
    return form_on(editor.get(ADD)) | {
        "title": "Kerman",
        "slug": "kerman",
        "kind": "warning_given",
        "summary": "A warning before an attack.",
        "involvements-0-actor": make_actor(kind="armed_group", slug="group").pk,
        "involvements-0-role": "claimant",
        "warnings-0-issuer": make_actor().pk,
        "warnings-0-recipients": [make_actor().pk],
        "warnings-0-channel": "private",
        "incidents-0-kind": "attack",
        **values,
    }


def add_claim(data: Data, about: str, **values: Any) -> None:
    claim = {"source": make_source().pk, "locator": "¶1", "modality": "stated", "gist": "So."}
    add_row(data, "claims", about=about, **(claim | values))


def change(case: Case) -> str:
    return reverse("admin:cases_case_change", args=[case.pk])


def data_for_script(page: Any) -> Any:
    found = re.search(
        r'<script id="evidence-data" type="application/json">(.*?)</script>', page.text
    )
    assert found is not None
    return json.loads(found[1])


@pytest.mark.slow
def test_new_case_with_the_evidence_for_its_rows_is_saved_at_once(editor: Client) -> None:
    exception = make_exception(slug="ground")
    data = typed_case(editor, directives=[exception.directive_id])
    add_row(data, "assessments", exception=exception.pk, status="argued")
    abouts = ("case", "kind", "warnings-0", "warnings-0.channel", "incidents-0.kind")
    for about in (*abouts, "involvements-0", "assessments-0.status"):
        add_claim(data, about)
    page = editor.post(ADD, data | {"_continue": "1"}, follow=True)
    assert "was added successfully" in messages_on(page)
    assert [claim.path_of_value for claim in Claim.objects.order_by("sequence")] == [
        "",
        "kind",
        "warning-1",
        "warning-1.channel",
        "incident-1.kind",
        "claimant-group",
        "exception-ground.status",
    ]
    assert form_on(page)["claims-3-about"] == "warning-1.channel"


@pytest.mark.slow
def test_claim_about_a_row_left_empty_is_refused(editor: Client) -> None:
    data = typed_case(editor, **{"incidents-0-kind": "not_stated"})
    add_claim(data, "incidents-0.kind")
    page = editor.post(ADD, data, follow=True)
    assert "The row that this is about is empty or was removed" in messages_on(page)
    assert not Case.objects.exists()
    assert form_on(page)["claims-0-gist"] == "So."


@pytest.mark.slow
def test_claim_about_a_row_that_is_not_there_is_refused(editor: Client) -> None:
    data = typed_case(editor)
    add_claim(data, "warnings-7.channel")
    assert "Select a valid choice" in messages_on(editor.post(ADD, data, follow=True))


def test_claim_about_a_row_with_an_error_keeps_what_it_is_about(editor: Client) -> None:
    data = typed_case(editor, **{"warnings-0-date_edtf": "March 7"})
    add_claim(data, "warnings-0.channel")
    page = editor.post(ADD, data, follow=True)
    assert "is not a date expression" in messages_on(page)
    assert form_on(page)["claims-0-about"] == "warnings-0.channel"


@pytest.mark.slow
@pytest.mark.usefixtures("team_of_one")
def test_public_case_gets_a_warning_with_its_evidence_in_one_version(editor: Client) -> None:
    case = make_case(complete=True, published=True)
    versions = case.versions.count()
    data = form_on(editor.get(change(case))) | {"change_note": "A second warning."}
    number = int(data["warnings-TOTAL_FORMS"])
    parties = {"issuer": make_actor().pk, "recipients": [make_actor().pk]}
    add_row(data, "warnings", **parties)
    for field in ("issuer", "recipients"):
        add_claim(data, f"warnings-{number}.{field}")
    page = editor.post(change(case), data | {"_continue": "1"}, follow=True)
    assert "is public" in messages_on(page)
    assert case.versions.count() == versions + 1
    warning = case.warnings.latest("sequence")
    assert [claim.path_of_value for claim in warning.claims.order_by("sequence")] == [
        f"{warning.path}.issuer",
        f"{warning.path}.recipients",
    ]


def test_note_on_a_typed_row_is_filed_under_its_value(editor: Client) -> None:
    data = typed_case(editor)
    note = {"kind": "context", "source_says": "So.", "evidence_says": "Not so."}
    sources = {"source": make_source().pk, "evidence": make_source().pk}
    add_row(data, "notes", field="warnings-0.channel", **note, **sources)
    add_row(data, "notes", field="involvements-0", **note, **sources)
    page = editor.post(ADD, data, follow=True)
    assert "was added successfully" in messages_on(page)
    assert [(note.field, note.slug) for note in Note.objects.order_by("pk")] == [
        ("warning-1.channel", "kerman-warning-1-channel"),
        ("claimant-group", "kerman-claimant-group"),
    ]


def test_note_on_a_row_left_empty_is_refused(editor: Client) -> None:
    data = typed_case(editor, **{"incidents-0-kind": "not_stated"})
    note = {"kind": "context", "source_says": "So.", "evidence_says": "Not so."}
    sources = {"source": make_source().pk, "evidence": make_source().pk}
    add_row(data, "notes", field="incidents-0.kind", **note, **sources)
    assert "is empty or was removed" in messages_on(editor.post(ADD, data, follow=True))


def test_rows_are_found_by_the_script_under_their_paths(editor: Client) -> None:
    case = make_case(complete=True)
    data = data_for_script(editor.get(change(case)))
    assert data["rows"]["warnings-0"] == "warning-1"
    assert ["channel", "Channel"] in data["parts"]["warnings"]["fields"]
    assert data["last"] is None


@pytest.mark.slow
def test_source_and_certainty_of_the_last_claim_are_offered_to_its_editor_only(
    editor: Client,
) -> None:
    source = make_source(title="The Daily")
    data = typed_case(editor)
    add_claim(data, "kind", source=source.pk, locator="¶4", modality="alleged")
    editor.post(ADD, data)
    offered = {"source": str(source.pk), "title": str(source), "locator": "¶4"}
    offered |= {"modality": "alleged"}
    assert data_for_script(editor.get(ADD))["last"] == offered
    assert data_for_script(signed_in("Editors").get(ADD))["last"] is None
    Claim.objects.all().delete()
    source.delete()
    assert data_for_script(editor.get(ADD))["last"] is None


@pytest.mark.parametrize(("asked", "given"), [("3", 3), ("500", 20), ("-1", 0), ("9" * 40, 0)])
@pytest.mark.slow
def test_rows_asked_for_stand_ready_without_a_script(
    editor: Client, asked: str, given: int
) -> None:
    case = make_case()
    make_claim(case, "kind")
    data = form_on(editor.get(change(case), {"rows": asked}))
    assert data["claims-TOTAL_FORMS"] == str(1 + given)
    page = editor.post(f"{change(case)}?rows={asked}", data | {"_continue": "1"}, follow=True)
    assert "was changed successfully" in messages_on(page)


def test_history_for_editors_leads_to_the_versions_of_a_public_case_only(editor: Client) -> None:
    public, draft = make_case(complete=True, published=True), make_case()
    leads = []
    for case in (public, draft):
        page = editor.get(reverse("admin:cases_case_history", args=[case.pk]))
        leads.append(reverse("admin:cases_case_versions", args=[case.pk]) in page.text)
    assert leads == [True, False]
