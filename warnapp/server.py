"""How gunicorn serves the demo."""

from __future__ import annotations

import signal
from typing import Any


def post_worker_init(worker: Any) -> None:
    """Leave Ctrl-C to the master, which stops its worker in order.

    A terminal sends it to both; the worker would shut down twice at once and hang until it is
    killed (seen with gunicorn 27.0 and threads).
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)
