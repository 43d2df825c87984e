"""An import killed in the middle, by command and in the admin, on a real database."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from django.contrib.auth.models import User
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from tests.support.admin_forms import form_on
from tests.support.bundles import edited, small_bundle
from tests.support.process_killing import Browser, database_for_processes, process

NOTE = "Corrected from the file."

pytestmark = [pytest.mark.process, pytest.mark.django_db(transaction=True)]


@pytest.mark.parametrize(
    "statement",
    [
        pytest.param('INSERT INTO "cases_claim"', marks=pytest.mark.once),
        'INSERT INTO "cases_import"',
    ],
)
def test_import_by_command_killed_in_the_middle_leaves_nothing_half_written(
    tmp_path: Path, statement: str
) -> None:
    path, again = tmp_path / "casebook.zip", tmp_path / "again.zip"
    path.write_bytes(small_bundle())
    database = database_for_processes(tmp_path)
    before = database.contents()
    with process(database, after=statement) as command:
        command.start_command("import_bundle", str(path), "--verbosity=0")
        command.wait_until_stalled()
    assert database.contents() == before

    for arguments in (["import_bundle", str(path)], ["export_bundle", str(again)]):
        with process(database) as command:
            command.start_command(*arguments, "--verbosity=0")
            assert command.wait() == 0
    assert again.read_bytes() == path.read_bytes()
    assert database.rows("SELECT COUNT(*) FROM cases_import") == [(1,)]


def test_server_killed_in_the_middle_of_an_import_leaves_nothing_half_written(
    tmp_path: Path,
) -> None:
    editor = Client()
    editor.force_login(User.objects.create_superuser("editor"))
    data = small_bundle()
    for content in (data, edited(data, "cases.csv", title="After")):
        file = SimpleUploadedFile("casebook.zip", content)
        page = editor.post(
            "/admin/cases/import/add/", {"subject": "bundle", "file": file}, follow=True
        )
        address = page.request["PATH_INFO"]
        form = form_on(page, "confirm_form") | {"note": NOTE}
        if content is data:
            assert editor.post(address, form).status_code == 302
    database = database_for_processes(tmp_path)
    before = database.contents()
    with (
        process(database, after='INSERT INTO "cases_version"') as server,
        ThreadPoolExecutor(1) as pool,
    ):
        server.start_server()
        browser = Browser(server.port, editor)
        form = form_on(browser.get(address), "confirm_form") | {"note": NOTE}
        answer = pool.submit(browser.post, address, form)
        server.wait_until_stalled()
        server.kill()
        with pytest.raises(OSError):  # noqa: PT011  # reset or closed, as it happens
            answer.result()
    assert database.contents() == before

    with process(database) as server:
        server.start_server()
        browser = Browser(server.port, editor)
        form = form_on(browser.get(address), "confirm_form") | {"note": NOTE}
        assert browser.post(address, form).status_code == 302
        assert "Imported" in browser.get(address).text
    assert database.rows("SELECT COUNT(*) FROM cases_version WHERE number = 2") == [(1,)]
