"""Makes a process of the casebook wait in the middle of its work, where a test then kills it.

No test, and nothing that the site uses: `process_killing.py` starts processes with this module in
them: `python -m tests.support.stalled_process COMMAND …`, or as the configuration of gunicorn.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from typing import Any

ABOUT_TO, REACHED = b"a", b"r"


class Stall:
    """Runs around every statement: says when one is about to come, and waits after another.

    STALL_AFTER is part of the statement to wait after, STALL_TELL of those to tell of before they
    are executed. What is told goes into the pipe STALL_OUT; a byte from STALL_IN ends the wait.
    """

    def __init__(self) -> None:
        self.after, self.tell = os.environ["STALL_AFTER"], os.environ["STALL_TELL"]
        self.out, self.input = int(os.environ["STALL_OUT"]), int(os.environ["STALL_IN"])

    def __call__(
        self, execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any
    ) -> Any:
        if self.tell and self.tell in sql:
            os.write(self.out, ABOUT_TO)
        result = execute(sql, params, many, context)
        if self.after and self.after in sql:
            self.after = ""  # once
            os.write(self.out, REACHED)
            os.read(self.input, 1)
        return result

    def watch(self, connection: Any, **kwargs: Any) -> None:
        if self not in connection.execute_wrappers:
            connection.execute_wrappers.append(self)


def install() -> None:
    from django.db.backends.signals import connection_created

    connection_created.connect(Stall().watch, weak=False)


def post_worker_init(worker: Any) -> None:
    """Receive a worker of gunicorn that is about to serve."""
    from django.conf import settings

    # It was on while the settings were read, so that static files need not be collected. Errors are
    # answered as on a public site.
    settings.DEBUG = False
    install()


if __name__ == "__main__":
    from django.core.management import execute_from_command_line

    install()
    execute_from_command_line(["manage.py", *sys.argv[1:]])
