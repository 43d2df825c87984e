"""The write lock: one transaction writes at a time."""

from __future__ import annotations

from django.db import connection

ONE_WRITER = 1912015
"""The key of PostgreSQL's advisory lock. Any number, as long as nothing else uses it.

Under this lock changes are numbered in the order of their commits.
"""

ON_TRIAL = "coalesce(current_setting('cases.on_trial', true) = 'yes', false)"
"""SQL of PostgreSQL: whether the transaction is a trial."""


def acquire_write_lock() -> None:
    """Wait until nobody else is writing, and let nobody else write until this transaction ends.

    For a transaction that reads, decides and then writes: what it has read stays true. Acquire the
    lock before any row is locked; otherwise two transactions could each wait for the other. A trial
    (trial.py) does not wait.
    """
    if connection.vendor == "postgresql":  # on SQLite every transaction begins with its write lock
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT pg_advisory_xact_lock(%s) WHERE NOT {ON_TRIAL}", [ONE_WRITER])
