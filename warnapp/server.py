"""The gunicorn configuration: `gunicorn warnapp.wsgi --config=python:warnapp.server`."""

from __future__ import annotations

import os
import signal
from functools import cache
from typing import Any

from django.template.loader import render_to_string
from gunicorn.http.errors import LimitRequestLine
from gunicorn.util import write_nonblock
from gunicorn.workers.gthread import ThreadWorker

# The most that gunicorn takes. Its default of 4,094 is less than all filters of a list together.
limit_request_line = 8190

# Two sites of one user would share its path, and nothing uses it.
control_socket_disable = True


class Worker(ThreadWorker):  # type: ignore[misc]  # gunicorn has no types
    """A worker with threads that stops at once, and says when an address is too long."""

    def handle_quit(self, sig: int, frame: Any) -> None:
        """Stop at Ctrl-C, even while the site is loading or a reader takes long to read."""
        # Leaving the usual way waits for all threads. What is not committed is rolled back.
        os._exit(0)

    def handle_error(self, req: Any, client: Any, addr: Any, exc: Exception) -> None:
        """Answer an address that is too long with a page in our words."""
        if not isinstance(exc, LimitRequestLine):
            super().handle_error(req, client, addr, exc)
            return
        try:
            write_nonblock(client, _too_long())
        except OSError:
            self.log.debug("The client had gone.")


worker_class = Worker


@cache
def _too_long() -> bytes:
    """Return the response to an address that is too long, which never reaches the application."""
    page = render_to_string("414.html").encode()
    headers = (
        "HTTP/1.1 414 URI Too Long\r\n"
        "Connection: close\r\n"
        "Content-Type: text/html; charset=utf-8\r\n"
        f"Content-Length: {len(page)}\r\n\r\n"
    )
    return headers.encode() + page


def when_ready(server: Any) -> None:
    """Let the master process have Ctrl-C, which the demo has held back since before it started."""
    # A terminal sends it to the workers too. They leave it to the master, which stops them: two
    # signals at once made one of them hang.
    os.register_at_fork(after_in_child=_leave_ctrl_c_to_the_master)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGINT})


def _leave_ctrl_c_to_the_master() -> None:
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    # Until the worker has a handler of its own it would have that of the master.
    signal.signal(signal.SIGQUIT, lambda *_: os._exit(0))
