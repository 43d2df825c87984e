"""Every public page, held against the Nu HTML checker: a Java program, run once for all of them.

Where Java or the checker is missing this is skipped; REQUIRE_BROWSER=1 makes that a failure.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from pathlib import Path, PurePath

import pytest
from django.conf import settings
from django.contrib.auth.models import User
from django.test import Client, RequestFactory
from django.views.defaults import permission_denied, server_error

from cases.models import Case
from tests.support.public_pages import MISSING, PAGES, STATES, STYLEGUIDE

CHECKER = Path(settings.BASE_DIR, ".ci", "node_modules", "vnu-jar", "build", "dist", "vnu.jar")


@pytest.fixture(scope="session")
def checker() -> list[str]:
    """Return the command that checks the HTML files or folders named after it."""
    java = shutil.which("java")
    missing = "there is no java on the PATH" if java is None else ""
    if not CHECKER.exists():
        missing = "the checker is missing: npm ci --ignore-scripts --prefix .ci installs it"
    if missing and os.environ.get("REQUIRE_BROWSER") == "1":
        pytest.fail(f"REQUIRE_BROWSER=1, but {missing}")
    if missing:
        pytest.skip(missing)
    return [str(java), "-jar", str(CHECKER), "--format", "json", "--stdout", "--exit-zero-always"]


def errors(checker: list[str], pages: dict[str, str], folder: Path) -> list[str]:
    """Return each error and warning in the pages, which are given by their addresses."""
    addresses = {}
    for number, (address, text) in enumerate(pages.items()):
        file = folder / f"{number}.html"
        file.write_text(text)
        addresses[file.name] = address
    report = subprocess.run([*checker, str(folder)], capture_output=True, text=True, check=True)
    return [
        f"{addresses[PurePath(found['url']).name]}: {found['message']} {found.get('extract', '')}"
        for found in json.loads(report.stdout)["messages"]
        if found["type"] != "info" or found.get("subType") == "warning"
    ]


@pytest.mark.html
@pytest.mark.once
@pytest.mark.usefixtures("db", "demo")
def test_html_of_every_page_is_valid(
    checker: list[str], client: Client, rf: RequestFactory, tmp_path: Path
) -> None:
    pages = {address: client.get(address).text for address in [*PAGES, *STATES, MISSING]}
    pages["failure"] = server_error(rf.get("/")).content.decode()
    pages["refusal"] = permission_denied(rf.get("/"), PermissionError()).content.decode()
    client.force_login(User.objects.create_user("maker", is_staff=True))
    pages[STYLEGUIDE] = client.get(STYLEGUIDE).text
    Case.objects.filter(number="DTW-0001").update(
        status="withdrawn", withdrawn_reason="It was counted <twice>."
    )
    pages["withdrawn"] = client.get("/id/DTW-0001/").text
    assert errors(checker, pages, tmp_path) == []


@pytest.mark.html
@pytest.mark.once
def test_html_that_is_wrong_is_found(checker: list[str], tmp_path: Path) -> None:
    page = "<!doctype html><html lang=en><title>A</title><p id=a>a<p id=a>b"
    [first, *_] = errors(checker, {"/wrong/": page}, tmp_path)
    assert first.startswith("/wrong/: Duplicate ID “a”")
