"""Rows of the database, taken one by one as it sends them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import QuerySet


def as_sent(rows: QuerySet[Any, tuple[Any, ...]]) -> Iterator[tuple[Any, ...]]:
    """Yield the rows of a `values_list()` as the database sends them; one query.

    Django waits until PostgreSQL has sent all rows. Here the caller works on a row while PostgreSQL
    makes the next. Values are those of psycopg, not converted by Django.

    Ask nothing else of the connection before the last row: that query would wait for ever.
    """
    if connection.vendor != "postgresql":
        yield from rows.iterator(chunk_size=10)
        return
    try:
        sql, values = rows.query.sql_with_params()
    except EmptyResultSet:  # none can match, and Django asks nothing either
        return
    if connection.queries_logged:  # as Django logs its own, which tests count
        connection.queries_log.append({"sql": sql, "time": "0"})
    with connection.cursor() as cursor, connection.wrap_database_errors:
        yield from cursor.stream(sql, values)
