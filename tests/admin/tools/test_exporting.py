"""Lists as workbooks: exported, edited, and imported again."""

from __future__ import annotations

import io
from typing import Any

import pytest
from django.contrib.auth.models import Permission
from django.test import Client
from openpyxl import Workbook, load_workbook

from cases.exchange.bundle.files import workbook
from cases.models import Actor, Case
from tests.support.admin_forms import messages_on, signed_in, user_of
from tests.support.admin_imports import confirm, told, upload
from tests.support.factories import make_actor, make_full_case, make_involvement

pytestmark = pytest.mark.django_db

TRICKY = "=1+1\n\n_x000D_ – ¶2"


def exported(client: Client, name: str, query: str = "") -> bytes:
    page = client.get(f"/admin/cases/{name}/{query}")
    address = f"/admin/cases/{name}/export/{query}"
    assert f'href="{address}"' in page.text
    response = client.get(address)
    assert f'filename="{name}s.xlsx"' in response["Content-Disposition"]
    return bytes(response.content)


def saved(book: Any) -> bytes:
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


@pytest.mark.slow
def test_exported_cases_are_edited_in_a_spreadsheet_and_imported_with_their_parts() -> None:
    case = make_full_case()
    Case.objects.update(summary=TRICKY)
    make_involvement(case)
    case.involvements.update(note="#REF!")
    client = signed_in("Editors")
    data = exported(client, "case")
    page = upload(client, "bundle", data, "cases.xlsx")
    assert "Nothing to import: the casebook has it all." in told(page)
    book = load_workbook(io.BytesIO(data))
    parts = ["involvements", "warnings", "incidents", "assessments", "claims", "notes"]
    assert book.sheetnames == ["cases", *parts]
    header = [cell.value for cell in book["cases"][1]]
    book["cases"].cell(2, header.index("title") + 1).value = "A better title"
    header = [cell.value for cell in book["involvements"][1]]
    book["involvements"].cell(2, header.index("note") + 1).value = "A better note"
    book.create_sheet("My sums")["A1"] = "=SUM(B1)"
    page = upload(client, "bundle", saved(book), "cases.xlsx")
    assert "0 added, 2 changed" in told(page)
    assert "Sheets that were not read: “My sums”." in told(page)
    confirm(client, page)
    case = Case.objects.get()
    assert (case.title, case.summary) == ("A better title", TRICKY)
    assert sorted(part.note for part in case.involvements.all()) == ["#REF!", "A better note"]


def test_exported_list_has_the_records_that_it_shows() -> None:
    make_actor(slug="a-state", kind="state", name="=A state", aliases=["One; two", "Three"])
    make_actor(slug="a-group", kind="armed_group")
    client = signed_in("Editors")
    data = exported(client, "actor", "?kind__exact=state")
    rows = list(load_workbook(io.BytesIO(data))["actors"].iter_rows(min_row=2, values_only=True))
    assert [row[0] for row in rows] == ["a-state"]
    Actor.objects.all().delete()
    confirm(client, upload(client, "actors", data, "actors.xlsx"))
    actor = Actor.objects.get()
    assert (actor.name, actor.aliases) == ("=A state", ["One; two", "Three"])


def test_list_that_is_too_long_for_a_workbook_or_private_is_not_exported(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    make_actor()
    client = signed_in("Editors")
    monkeypatch.setattr(workbook, "MAX_EXPORTED_CELLS", 7)
    page = client.get("/admin/cases/actor/export/?kind__exact=collective", follow=True)
    assert "These are too many records for one workbook." in messages_on(page)
    assert page.request["QUERY_STRING"] == "kind__exact=collective"
    outsider = signed_in()
    user_of(outsider).user_permissions.add(Permission.objects.get(codename="view_source"))
    assert outsider.get("/admin/cases/actor/export/").status_code == 403


def test_workbook_without_a_table_is_refused() -> None:
    page = upload(signed_in("Editors"), "bundle", saved(Workbook()), "empty.xlsx")
    assert "No sheet of the workbook is called like a table" in told(page)
