"""A real server stays up beside locks that are held, slow readers and a database that is away."""

from __future__ import annotations

import socket
import sqlite3
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing, contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.contrib.auth.hashers import PBKDF2PasswordHasher
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client

from cases.exchange.downloads.transfers import MAX_TRANSFERS
from cases.models import Actor
from tests.support.accounts import PASSWORD
from tests.support.admin_forms import Data, form_on, page_of
from tests.support.demo import load_demo
from tests.support.forwarder import Forwarder, forwarder
from tests.support.process_killing import (
    PATIENCE,
    SMALL_BUFFER,
    Browser,
    Process,
    ProcessDatabase,
    database_for_processes,
    process,
)
from warnapp.admin import MAX_SAVES
from warnapp.serving.unavailable import AWAY, BUSY

pytestmark = [pytest.mark.process, pytest.mark.slow, pytest.mark.django_db(transaction=True)]

WAITING = {"sqlite": "BEGIN IMMEDIATE", "postgresql": "pg_advisory_xact_lock("}


@contextmanager
def write_lock(database: ProcessDatabase) -> Iterator[None]:
    """Hold the write lock as somebody does who changed a row by SQL and went away."""
    change = "UPDATE cases_actor SET description = description"
    if database.file is not None:
        with closing(sqlite3.connect(database.file)) as holder:
            holder.execute(change)
            yield
    else:
        name = connection.settings_dict["NAME"]
        info = connection.connection.info
        with psycopg.connect(
            dbname=name, host=info.host, port=info.port, user=info.user, password=info.password
        ) as holder:
            holder.execute(change)
            yield
            holder.rollback()


def kept_on(page: Any) -> Data:
    assert page.status_code == 503
    assert page.headers["Retry-After"] == "5"
    return form_on(replace(page, status_code=200), "login-form")


def slow_reader(port: int) -> socket.socket:
    """Return a connection that asked for a file and read only the beginning of the answer."""
    reader = socket.socket()
    reader.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, SMALL_BUFFER)
    reader.settimeout(PATIENCE)
    reader.connect(("127.0.0.1", port))
    reader.sendall(b"GET /cases.json HTTP/1.1\r\nHost: localhost\r\n\r\n")
    assert reader.recv(15) == b"HTTP/1.1 200 OK"
    return reader


def test_server_stays_up(tmp_path: Path) -> None:
    load_demo()
    client = Client()
    client.force_login(User.objects.create_superuser("ed"))
    # The server does not know the fast hashes of the tests.
    password = PBKDF2PasswordHasher().encode(PASSWORD, "salt", iterations=1)
    User.objects.create(username="ann", password=password, is_staff=True)
    direct = database_for_processes(tmp_path)
    with ExitStack() as stack:
        database, way = direct, None
        if connection.vendor == "postgresql":
            database, way = stack.enter_context(forwarder(direct))
        server = stack.enter_context(process(database, tell=WAITING[connection.vendor]))
        server.start_server()
        browser = Browser(server.port, client)
        assert browser.get("/about/").status_code == 200
        slow_readers_leave_threads_for_pages(browser)
        saves_that_wait_leave_threads_for_pages(browser, server, direct)
        if way is not None:
            pages_come_back_with_the_database(browser, way)


def slow_readers_leave_threads_for_pages(browser: Browser) -> None:
    with ExitStack() as readers:
        for _ in range(MAX_TRANSFERS):
            readers.enter_context(slow_reader(browser.port))
        refused = browser.get("/cases.csv")
        assert (refused.status_code, refused.headers["Retry-After"]) == (503, "10")
        assert browser.get("/about/").status_code == 200
    # The server notices that they have gone when it goes on sending.
    answers = (browser.get("/cases.csv").status_code for _ in range(100))
    assert 200 in answers


def saves_that_wait_leave_threads_for_pages(
    browser: Browser, server: Process, database: ProcessDatabase
) -> None:
    actor = Actor.objects.first()
    assert actor is not None
    address = page_of(actor)
    form = form_on(browser.get(address), "actor_form") | {"description": "Typed"}
    name = {"username": "ann", "password": PASSWORD, "next": "/admin/"}
    stranger = Browser(browser.port, Client())
    sign_in = form_on(stranger.get("/admin/login/"), "login-form") | name
    with write_lock(database), ThreadPoolExecutor(MAX_SAVES + 1) as pool:
        saves = [pool.submit(browser.post, address, form) for _ in range(MAX_SAVES + 1)]
        for _ in range(MAX_SAVES):
            server.wait_until_about_to()
        assert browser.get("/about/").status_code == 200
        assert sum(save.done() for save in saves) <= 1, "the others wait for the lock"
        answer = stranger.post("/admin/login/", sign_in)
        pages = [save.result() for save in saves]
    for page in pages:
        assert BUSY in page.text
        assert kept_on(page)["description"] == "Typed"
    # On PostgreSQL nobody who signs in waits for those who save.
    if connection.vendor == "sqlite":
        assert BUSY in answer.text
        assert kept_on(answer)["username"] == "ann"
    else:
        assert answer.status_code == 302
    assert browser.post(address, kept_on(pages[0])).status_code == 302
    assert ("Typed",) in database.rows("SELECT description FROM cases_actor")


def pages_come_back_with_the_database(browser: Browser, way: Forwarder) -> None:
    address = "/admin/cases/actor/add/"
    form = form_on(browser.get(address), "actor_form") | {"description": "Typed"}
    way.stop()
    page = browser.get("/cases/")
    assert (page.status_code, page.headers["Retry-After"]) == (503, "5")
    assert AWAY in page.text
    assert browser.get("/healthz").status_code == 503
    page = browser.post(address, form)
    assert AWAY in page.text
    assert kept_on(page)["description"] == "Typed"
    way.start()
    assert browser.get("/cases/").status_code == 200
