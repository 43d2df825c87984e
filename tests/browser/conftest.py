"""Chromium, driven by Playwright, in front of Django's live server.

Where there is no Chromium these tests are skipped; REQUIRE_BROWSER=1 makes that a failure.
"""

import os
import shutil
from collections.abc import Iterator
from importlib import import_module
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.apps import apps
from django.contrib.auth.models import Group, User
from django.db import connection
from playwright.sync_api import Browser, Page, Route, sync_playwright
from pytest_django.live_server_helper import LiveServer

PROGRAMS = ["chromium", "chromium-browser", "google-chrome"]

ARGUMENTS = [
    "--headless",
    "--no-sandbox",  # Chromium refuses to run as root otherwise
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    # No name leads anywhere but to this machine, whatever a page or the browser asks for.
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost, EXCLUDE 127.0.0.1",
]

PASSWORD = "a-long-enough-one"

LOOPBACK = {"localhost", "127.0.0.1", "::1"}


@pytest.fixture(scope="session")
def chromium() -> str:
    """Return the path of the browser: CHROMIUM if it is set, else the first one on the PATH."""
    named = os.environ.get("CHROMIUM")
    found = next(filter(None, map(shutil.which, [named] if named else PROGRAMS)), None)
    if found:
        return found
    reason = (
        f"CHROMIUM is set to '{named}', which is not a program"
        if named
        else f"none of {', '.join(PROGRAMS)} is on the PATH; install Chromium or set CHROMIUM"
    )
    if os.environ.get("REQUIRE_BROWSER") == "1":
        pytest.fail(f"REQUIRE_BROWSER=1, but {reason}")
    pytest.skip(reason)


# Playwright keeps an event loop running in this thread while it lives. Hence not for the session:
# the tests outside this folder are to run without a loop, and without the leave that is given here.
@pytest.fixture(scope="package")
def browser(chromium: str) -> Iterator[Browser]:
    """Return the browser, started once for the tests of this folder."""
    with pytest.MonkeyPatch.context() as patch:
        # Django would refuse every query beside a running loop; nothing is awaited here.
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=chromium, args=ARGUMENTS)
            yield browser
            browser.close()


@pytest.fixture
def page(browser: Browser, live_server: LiveServer) -> Iterator[Page]:
    """Return an empty page that takes addresses such as `/cases/` and reaches this machine only."""
    with browser.new_context(base_url=live_server.url) as context:
        context.route("**/*", _block_other_machines)
        yield context.new_page()


def _block_other_machines(route: Route) -> None:
    if urlsplit(route.request.url).hostname in LOOPBACK:
        route.continue_()
    else:
        route.abort("blockedbyclient")


@pytest.fixture
def groups(transactional_db: None) -> None:
    """Make the groups of the migration again: flushing the tables took them along."""
    migration = import_module("cases.migrations.0002_editor_groups")
    migration.create_groups(apps, connection.schema_editor())


@pytest.fixture
def editing(page: Page, groups: None) -> Page:
    """Return a page signed in as an editor."""
    sign_in(page, "editor", "Editors")
    return page


def sign_in(page: Any, name: str, group: str) -> None:
    """Sign a new member of `group` in."""
    user = User.objects.create_user(name, password=PASSWORD, is_staff=True)
    user.groups.add(Group.objects.get(name=group))
    page.goto("/admin/")
    page.fill("#id_username", name)
    page.fill("#id_password", PASSWORD)
    page.click("input[type=submit]")
