"""How long the web server waits for the database and for a client.

A worker has a few threads. Each wait is bounded, so that locks that others hold, and clients that
do not read, cannot take all of them. Commands are not bound: `migrate` or an import may take long.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

# Seconds that a statement waits for a lock.
LOCK_WAIT = 5
# Seconds that a statement may take, and a transaction may rest between two of them.
STATEMENT_TIME, IDLE_TIME = 30, 60
# Seconds in which a client has to take or send the next piece of data.
CLIENT_WAIT = 30

Application = Callable[[dict[str, Any], Any], Iterable[bytes]]


def limit_database(config: dict[str, Any]) -> None:
    """Change an entry of DATABASES so that its connections do not wait long."""
    options = config["OPTIONS"]
    if config["ENGINE"] == "django.db.backends.sqlite3":
        options["timeout"] = LOCK_WAIT
        return
    limits = {
        "lock_timeout": LOCK_WAIT,
        "statement_timeout": STATEMENT_TIME,
        "idle_in_transaction_session_timeout": IDLE_TIME,
    }
    ours = " ".join(f"-c {name}={seconds}s" for name, seconds in limits.items())
    # Options of DATABASE_URL come last and take precedence.
    options["options"] = f"{ours} {options.get('options', '')}".strip()


def limit_clients(application: Application) -> Application:
    """Return the application with a timeout on the connection of each request.

    gunicorn's threads have none. The timeout bounds each piece of an answer as a whole, and each
    wait for the next bytes of a form.
    """

    def bounded(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        connection = environ.get("gunicorn.socket")
        if connection is not None:
            connection.settimeout(CLIENT_WAIT)
        return application(environ, start_response)

    return bounded
