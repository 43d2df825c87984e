"""Real processes of the casebook on a real database, to be killed in the middle of their work.

A test that stores for good (`django_db(transaction=True)`) writes:

    database = database_for_processes(tmp_path)
    before = database.contents()
    with process(database, after='INSERT INTO "cases_claim"') as command:
        command.start_command("load_demo")  # or start_server()
        command.wait_until_stalled()
    assert database.contents() == before  # leaving the block has killed it
"""

from __future__ import annotations

import os
import select
import signal
import socket
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from http.client import HTTPConnection
from pathlib import Path
from typing import Any
from urllib.parse import urlencode, urlsplit, urlunsplit

from django.conf import settings
from django.db import connection
from django.test import Client

from .stalled_process import ABOUT_TO, REACHED

PATIENCE = 60
"""Seconds after which a process that says nothing is taken for hung."""

SMALL_BUFFER = 4_096
"""Bytes that a server has sent and its client has not read."""

PASSING = {"django_session", "sqlite_sequence", "axes_accesslog"}
"""Tables in which visits leave traces that are no part of the casebook."""

Contents = dict[str, list[str]]


@dataclass(frozen=True)
class ProcessDatabase:
    """A database that other processes can open: the test's own on PostgreSQL, a file on SQLite."""

    url: str
    file: Path | None

    def contents(self) -> Contents:
        """Return the rows of every table, in an order that does not depend on the database."""
        if self.file is None:
            with connection.cursor() as cursor:
                return _contents(cursor, connection.introspection.table_names(cursor))
        with closing(sqlite3.connect(self.file)) as opened:
            found = opened.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
            return _contents(opened.cursor(), [name for (name,) in found])

    def rows(self, sql: str) -> list[tuple[Any, ...]]:
        """Return the rows of a query."""
        if self.file is None:
            with connection.cursor() as cursor:
                cursor.execute(sql)
                return list(cursor.fetchall())
        with closing(sqlite3.connect(self.file)) as opened:
            return opened.execute(sql).fetchall()


def _contents(cursor: Any, tables: list[str]) -> Contents:
    contents = {}
    for table in set(tables) - PASSING:
        cursor.execute(f'SELECT * FROM "{table}"')  # noqa: S608  # the names are the schema's own
        contents[table] = sorted(map(repr, cursor.fetchall()))
    return contents


def database_for_processes(folder: Path) -> ProcessDatabase:
    """Return a database with what the test has stored so far.

    On SQLite it is a copy: what the test stores later is not in it, and what processes store is
    not in the test's own.
    """
    if connection.vendor == "postgresql":
        parts = urlsplit(os.environ["DATABASE_URL"])
        name = f"/{connection.settings_dict['NAME']}"
        return ProcessDatabase(urlunsplit(parts._replace(path=name)), None)
    file = folder / "casebook.sqlite3"
    connection.ensure_connection()
    with closing(sqlite3.connect(file)) as copy:
        connection.connection.backup(copy)
    return ProcessDatabase(f"sqlite:///{file}", file)


@dataclass
class Process:
    """A command or a server that waits where it was told to; `port` is the server's."""

    database: ProcessDatabase
    after: str = ""
    tell: str = ""
    port: int = 0
    _popen: subprocess.Popen[bytes] | None = None
    _told: int = -1
    _release: int = -1
    _listener: socket.socket | None = field(default=None, repr=False)

    def start_command(self, *arguments: str) -> None:
        """Start a management command."""
        self._start([sys.executable, "-m", "tests.support.stalled_process", *arguments])

    def start_server(self) -> None:
        """Start the production server, on a free port of this machine only."""
        self._listener = socket.create_server(("127.0.0.1", 0))
        # Handed on to each connection, so that a file of some kilobytes does not fit in between.
        self._listener.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, SMALL_BUFFER)
        self.port = self._listener.getsockname()[1]
        command = [
            *(
                sys.executable,
                "-m",
                "gunicorn",
                "warnapp.wsgi",
                "--config=python:tests.support.stalled_process",
            ),
            *(f"--bind=fd://{self._listener.fileno()}", "--workers=1", "--threads=4"),
            *("--log-level=warning", "--no-control-socket"),
        ]
        self._start(command, self._listener.fileno())

    def _start(self, command: list[str], *passed: int) -> None:
        self._told, out = os.pipe()
        waits, self._release = os.pipe()
        environment = {
            **os.environ,
            "REVIEW_BY_SECOND_PERSON": "off",  # a save of a public case is public at once
            "DATABASE_URL": self.database.url,
            "DEBUG": "on",  # so that static files need not be collected
            "STALL_AFTER": self.after,
            "STALL_TELL": self.tell,
            "STALL_OUT": str(out),
            "STALL_IN": str(waits),
        }
        self._popen = subprocess.Popen(  # arguments of our own
            command,
            cwd=settings.BASE_DIR,
            env=environment,
            pass_fds=(out, waits, *passed),
            start_new_session=True,  # to be killed with its workers
        )
        os.close(out)
        os.close(waits)

    def wait_until_stalled(self) -> None:
        """Return once the process waits after its statement; fails if it ends or hangs before."""
        self._wait_for(REACHED)

    def wait_until_about_to(self) -> None:
        """Return once the process is about to execute a statement that it was to tell of."""
        self._wait_for(ABOUT_TO)

    def _wait_for(self, word: bytes) -> None:
        while True:
            ready, __, __ = select.select([self._told], [], [], PATIENCE)
            assert ready, "the process did not come that far"
            told = os.read(self._told, 1)
            assert told, "the process ended before"
            if told == word:
                return

    def release(self) -> None:
        """Let the process go on."""
        os.write(self._release, b"g")

    def wait(self) -> int:
        """Wait until a command has ended, and return its status."""
        assert self._popen is not None
        return self._popen.wait(PATIENCE)

    def kill(self) -> None:
        """End the process and its workers at once, without a chance to tidy up."""
        if self._popen is not None:
            if self._popen.poll() is None:
                os.killpg(self._popen.pid, signal.SIGKILL)
            self._popen.wait()
            self._popen = None
            os.close(self._told)
            os.close(self._release)
        if self._listener is not None:
            self._listener.close()


@contextmanager
def process(database: ProcessDatabase, *, after: str = "", tell: str = "") -> Iterator[Process]:
    """Yield a process that is yet to be started, and kill it in the end.

    It waits after the first statement that contains `after`, and tells of statements that contain
    `tell` before it executes them.
    """
    started = Process(database, after, tell)
    try:
        yield started
    finally:
        started.kill()


@dataclass(frozen=True)
class Answer:
    """What a server answered."""

    status_code: int
    text: str
    headers: dict[str, str]


@dataclass
class Browser:
    """A signed-in browser in front of a server; takes the session of a test client."""

    port: int
    client: Client

    def get(self, address: str) -> Answer:
        return self._send("GET", address, None)

    def post(self, address: str, data: dict[str, Any]) -> Answer:
        return self._send("POST", address, urlencode(data, doseq=True))

    def _send(self, method: str, address: str, body: str | None) -> Answer:
        cookies = "; ".join(
            f"{name}={morsel.value}" for name, morsel in self.client.cookies.items()
        )
        headers = {"Host": "localhost", "Cookie": cookies}
        if body is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        with closing(HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)) as http:
            http.request(method, address, body, headers)
            response = http.getresponse()
            for name, value in response.getheaders():
                if name.lower() == "set-cookie":
                    self.client.cookies.load(value)
            text = response.read().decode()
            return Answer(response.status, text, dict(response.getheaders()))
