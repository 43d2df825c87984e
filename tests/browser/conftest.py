"""Chromium, driven by Playwright, in front of Django's live server with the cases of the article.

Where there is no Chromium these tests are skipped; REQUIRE_BROWSER=1 makes that a failure.
Server and cases are there once for all tests of this folder; what writes asks for `live_demo`.
"""

import os
import shutil
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.contrib.auth.models import Group, User
from django.contrib.contenttypes.models import ContentType
from django.core.management import call_command
from django.db import connection, connections
from django.test import Client
from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Page,
    Playwright,
    expect,
    sync_playwright,
)
from pytest_django.live_server_helper import LiveServer
from pytest_django.plugin import DjangoDbBlocker

from cases import changelog
from cases.finding import claim_filter, public_notes
from cases.index import case_index
from tests.support.demo import load_demo

# The shell, where there is one, draws pages as Chromium does, without windows: in two thirds of the
# time, compared with `test_theme.py` on a machine of two cores.
PROGRAMS = ["chromium-headless-shell", "chromium", "chromium-browser", "google-chrome"]

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

# Milliseconds. What takes longer failed; a machine with other work may need a large part of it.
MAX_WAIT = 120_000
expect.set_options(timeout=MAX_WAIT)

# How Chromium and htmx say that an answer was 404 or 500 or did not come, and that axe styled the
# page that it looks at. `test_every_page.py` watches that pages keep the policy themselves.
EXPECTED = (
    "Failed to load resource: ",
    "htmx: htmx:error: Failed to fetch",
    "Applying inline style violates the following Content Security Policy directive",
)

PASSWORD = "a-long-enough-one"


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
def playwright(chromium: str) -> Iterator[Playwright]:
    """Return what drives the browser. While a loop runs Django has other connections in a thread
    than without one, so that it is there before anything here asks the database, and goes last."""
    with pytest.MonkeyPatch.context() as patch:
        # Django would refuse every query beside a running loop; nothing is awaited here.
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
        with sync_playwright() as playwright:
            yield playwright


@pytest.fixture(scope="package")
def site(
    playwright: Playwright, django_db_setup: None, django_db_blocker: DjangoDbBlocker
) -> Iterator[LiveServer]:
    """Return the server; the seven cases are committed, for its threads to see."""
    with django_db_blocker.unblock():
        load_demo()
        _keep_database()
        server = LiveServer("localhost")
        yield server
        wait_for_requests()
        server.stop()
        empty_database()
        # Left open, ours would keep PostgreSQL from dropping the database of the tests.
        connections.close_all()


@pytest.fixture(scope="package")
def browser(chromium: str, playwright: Playwright, site: LiveServer) -> Iterator[Browser]:
    """Return the browser, started once for the tests of this folder; it goes before the server,
    so that none of its connections is open when that stops."""
    browser = playwright.chromium.launch(executable_path=chromium, args=ARGUMENTS)
    yield browser
    browser.close()


def wait_for_requests() -> None:
    """Wait for the threads of the server: one that ended after it could not close its database."""
    for thread in threading.enumerate():
        if "process_request_thread" in thread.name:
            thread.join(timeout=30)


@pytest.fixture(autouse=True)
def db(site: LiveServer) -> None:
    """Stand in for pytest-django's: it makes the database for tests that name one of this name,
    and would keep in a transaction of its own what the server's threads are to see."""


@pytest.fixture
def live_server() -> None:
    """Refuse pytest-django's server, which would empty the tables that all tests here share."""
    pytest.fail("Tests in a browser share a server: ask for `site` instead of `live_server`.")


_kept = sqlite3.connect(":memory:", check_same_thread=False)


def _keep_database() -> None:
    if connection.vendor == "sqlite":
        connection.ensure_connection()
        connection.connection.backup(_kept)


@pytest.fixture
def live_demo(site: LiveServer) -> Iterator[None]:
    """Bring the database back after a test that changes it; SQLite copies its pages in no time."""
    yield
    wait_for_requests()  # a save that a test did not wait for would change what is brought back
    if connection.vendor == "sqlite":
        _kept.backup(connection.connection)
        forget()
    else:
        empty_database()
        load_demo()


@pytest.fixture
def live_empty(live_demo: None) -> None:
    """Begin with nothing, for a test of a casebook's first steps."""
    empty_database()


def empty_database() -> None:
    """Empty all tables, and forget what was counted in them."""
    call_command("flush", interactive=False, verbosity=0)
    forget()


def forget() -> None:
    """Forget what this process has read from a database that is another one now."""
    changelog.forget()
    case_index.forget()
    public_notes.forget()
    claim_filter.forget()
    # Emptied tables are filled with content types of other keys.
    ContentType.objects.clear_cache()


@pytest.fixture
def page(browser: Browser, site: LiveServer) -> Iterator[Page]:
    """Return an empty page that takes addresses such as `/cases/`.

    It reaches this machine only, by an argument of the browser. A route that aborts requests would
    cost each of them some milliseconds, and the browser its cache.
    """
    with new_context(browser, site) as context:
        yield context.new_page()


@pytest.fixture
def plain(browser: Browser, site: LiveServer) -> Iterator[Page]:
    """Return a page without JavaScript."""
    with new_context(browser, site, java_script_enabled=False) as context:
        yield context.new_page()


@contextmanager
def new_context(browser: Browser, site: LiveServer, **options: Any) -> Iterator[BrowserContext]:
    """Return what a reader has who asks for less motion: else a test would measure a page that
    still scrolls or fades over.

    Fails if a script of any page in it, a pop-up included, raises an error or prints one.
    """
    errors: list[str] = []

    def note(message: ConsoleMessage) -> None:
        # Tests ask for pages that are missing, or let the server fail, on purpose.
        if message.type == "error" and not message.text.startswith(EXPECTED):
            errors.append(message.text)

    with browser.new_context(base_url=site.url, reduced_motion="reduce", **options) as context:
        context.set_default_timeout(MAX_WAIT)
        context.on("console", note)
        context.on("weberror", lambda error: errors.append(str(error.error)))
        yield context
    assert errors == []


@pytest.fixture
def staff_page(page: Page, site: LiveServer) -> Page:
    """Return a page signed in as staff, which sees the style guide."""
    user, _ = User.objects.get_or_create(username="maker", defaults={"is_staff": True})
    sign_in(page, user, site)
    return page


@pytest.fixture
def editing(live_demo: None, page: Page, site: LiveServer) -> Page:
    """Return a page signed in as an editor; it closes before the database is brought back."""
    sign_in(page, new_member("editor", "Editors"), site)
    return page


@pytest.fixture
def reviewing(live_demo: None, browser: Browser, site: LiveServer) -> Iterator[Page]:
    """Return a page of another browser, in which a reviewer is signed in."""
    with new_context(browser, site) as context:
        page = context.new_page()
        sign_in(page, new_member("reviewer", "Reviewers"), site)
        yield page


def new_member(name: str, group: str) -> User:
    """Return a new account of staff in `group`."""
    user = User.objects.create_user(name, password=PASSWORD, is_staff=True)
    user.groups.add(Group.objects.get(name=group))
    return user


def sign_in(page: Page, user: User, site: LiveServer) -> None:
    """Sign in without the form, which has tests of its own."""
    client = Client()
    client.force_login(user)
    cookie = client.cookies["sessionid"]
    page.context.add_cookies([{"name": "sessionid", "value": cookie.value, "url": site.url}])
