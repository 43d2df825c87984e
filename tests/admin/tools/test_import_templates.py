"""The templates for imports: what they hold, and that a filled one is imported."""

from __future__ import annotations

import csv
import io
from typing import Any

import pytest
from openpyxl import load_workbook

from cases.exchange.bundle.layout.tables import BY_NAME, SINGLE
from cases.models import Claim, Note
from tests.support.admin_forms import signed_in
from tests.support.admin_imports import confirm, told, upload
from tests.support.factories import make_full_case, make_involvement

pytestmark = [pytest.mark.django_db, pytest.mark.once]


@pytest.mark.parametrize("name", [table.name for table in SINGLE])
@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_template_has_the_columns_and_imports_as_nothing(name: str, form: str) -> None:
    client = signed_in("Editors")
    response = client.get(f"/admin/cases/import/template/{name}.{form}")
    assert f'filename="{name}-template.{form}"' in response["Content-Disposition"]
    if form == "xlsx":
        book = load_workbook(io.BytesIO(response.content))
        assert book.sheetnames == [name, "Columns", "Vocabulary"]
        header = [cell.value for cell in book[name][1]]
        assert header == [column.name for column in BY_NAME[name].columns]
        choices = book[name].data_validations.dataValidation
        assert {(rule.showErrorMessage, rule.errorStyle) for rule in choices} <= {(True, "warning")}
        assert choices or name in ("directives",)
    page = upload(client, name, response.content, f"t.{form}")
    assert "0 rows: 0 added, 0 changed." in told(page)


@pytest.mark.parametrize("name", [table.name for table in SINGLE])
@pytest.mark.parametrize("form", ["csv", "xlsx"])
@pytest.mark.slow
def test_template_filled_in_is_confirmed_and_imported(name: str, form: str) -> None:
    row = row_to_add(name)
    client = signed_in("Reviewers")
    template = client.get(f"/admin/cases/import/template/{name}.{form}").content
    records = BY_NAME[name].model.objects
    before = records.count()
    page = upload(client, name, filled(template, row, form), f"t.{form}")
    done = confirm(client, page)
    assert "Imported on" in told(done)
    assert records.count() == before + 1


def row_to_add(name: str) -> dict[str, str]:
    """Return the cells of a record that is not there, but for what the casebook sets itself."""
    case = make_full_case()
    make_involvement(case)
    form = BY_NAME[name]
    record: Any = form.model.objects.order_by("pk")[0]
    row = {
        column.name: "" if column.on_adding_only else column.write(record)
        for column in form.columns
    }
    if "slug" in row:
        own = {"slug": "another", "code": "No. 9", "order": "9", "number": "", "status": "draft"}
        return row | {name: value for name, value in own.items() if name in row}
    Claim.objects.all().delete()
    Note.objects.all().delete()
    if name != "claims":
        record.delete()
    return row


def filled(template: bytes, row: dict[str, str], form: str) -> bytes:
    """Return a template with a row under its head and its explanations."""
    if form == "csv":
        text = template.decode("utf-8-sig")
        file = io.StringIO(text)
        header = next(csv.reader(file))
        file.seek(0, io.SEEK_END)
        csv.writer(file).writerow([row[name] for name in header])
        return file.getvalue().encode()
    book = load_workbook(io.BytesIO(template))
    sheet = book.worksheets[0]
    sheet.append([row[str(cell.value)] for cell in sheet[1]])
    changed = io.BytesIO()
    book.save(changed)
    return changed.getvalue()
