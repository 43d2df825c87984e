"""How long the web server waits."""

from __future__ import annotations

import socket
from pathlib import Path
from typing import Any

import pytest

from warnapp import environment
from warnapp.serving import waits

pytestmark = pytest.mark.once


def test_server_waits_for_a_lock_in_sqlite_for_seconds_only() -> None:
    config = environment.database({}, Path())
    waits.limit_database(config)
    assert config["OPTIONS"]["timeout"] == 5


@pytest.mark.parametrize("own", ["", "-c lock_timeout=1s"])
def test_server_limits_its_statements_in_postgresql_except_as_the_address_says(own: str) -> None:
    query = "?options=-c%20lock_timeout%3D1s" if own else ""
    url = f"postgres://db.example/casebook{query}"
    config = environment.database({"DATABASE_URL": url}, Path())
    waits.limit_database(config)
    assert config["OPTIONS"]["options"].split("-c ")[1:] == [
        "lock_timeout=5s ",
        "statement_timeout=30s ",
        f"idle_in_transaction_session_timeout=60s{' ' if own else ''}",
        *(["lock_timeout=1s"] if own else []),
    ]


def test_client_that_does_not_read_is_given_up() -> None:
    seen = []

    def application(environ: dict[str, Any], start_response: Any) -> list[bytes]:
        seen.append(environ["gunicorn.socket"].gettimeout())
        return []

    ours, theirs = socket.socketpair()
    with ours, theirs:
        waits.limit_clients(application)({"gunicorn.socket": ours}, None)
    assert seen == [30]
    # Another server is left alone.
    assert waits.limit_clients(lambda environ, start_response: [b"page"])({}, None) == [b"page"]
