"""The gunicorn configuration of the demo."""

from __future__ import annotations

import signal
from typing import Any


def post_worker_init(worker: Any) -> None:
    """Ignore Ctrl-C in the worker; the master process handles it and stops the worker."""
    # A terminal sends SIGINT to both. The worker would then shut down twice at once and hang until
    # it is killed (seen with gunicorn 27.0 and threads).
    signal.signal(signal.SIGINT, signal.SIG_IGN)
