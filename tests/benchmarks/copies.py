"""Copy the synthetic cases of DATABASE_URL within PostgreSQL until there are TIMES as many.

    python -m tests.benchmarks.copies TIMES

For sizes at which making each case would take hours. A copy has keys, a number and an address of
its own; its words, values, actors and sources are those of its original, so that every value stays
in the same share of the cases. For measuring only: no trigger sees the copies and no foreign key is
checked, which needs the rights of a superuser.
"""

from __future__ import annotations

import sys
from typing import Any

import django


def main(times: int) -> None:
    django.setup()
    from django.db import connection

    copy_cases(times)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")


def copy_cases(times: int) -> None:
    from django.core.management.color import no_style
    from django.db import connection

    from cases.changelog import latest
    from cases.changelog.triggers import log_everything
    from cases.models import Case
    from cases.models.synthetic_label import synthetic_records
    from cases.search.engine import engine_of
    from cases.search.follow import set_watermark
    from cases.synthetic.removal import PARTS_OF_A_CASE

    cases = synthetic_records(Case).order_by()
    count = cases.count()
    models: dict[Any, str] = {Case: "pk", **dict(PARTS_OF_A_CASE)}
    # How far the keys of the first copies are from those of the originals.
    shifts = {
        model: found.pk
        for model in models
        if (found := model._default_manager.order_by("-pk").first())
    }
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        cursor.execute("SET synchronous_commit = off")
        cursor.execute("SET maintenance_work_mem = '1GB'")
        for model in shifts:
            originals = model._default_manager.filter(**{f"{models[model]}__in": cases})
            sql, parameters = originals.order_by().values("pk").query.sql_with_params()
            cursor.execute(f"CREATE TEMPORARY TABLE originals (key) AS {sql}", parameters)
            for number in range(1, times):
                cursor.execute(_copy(model, shifts, number, number * count))
            cursor.execute("DROP TABLE originals")
        for statement in connection.ops.sequence_reset_sql(no_style(), list(shifts)):
            cursor.execute(statement)
        cursor.execute("SET session_replication_role = origin")
    engine_of(connection).rebuild(connection)
    log_everything()
    set_watermark(latest())


def _copy(model: Any, shifts: dict[Any, int], number: int, cases: int) -> str:
    """Return the statement that makes the copies of a number; `cases` were there before them."""
    from cases.models import Case, Version

    def shifted(name: str) -> str:
        return f"'DTW-' || (substr({name}, 5)::bigint + {cases})"

    columns = {}
    for field in model._meta.concrete_fields:
        column = field.column
        owner = field.related_model if field.is_relation else model if field.primary_key else None
        columns[column] = f"{column} + {number * shifts[owner]}" if owner in shifts else column
    if "slug" in columns:
        columns["slug"] = f"slug || '-{number}'"
    if model is Case:
        columns["number"] = shifted("number")
    if model is Version:
        columns["record"] = (
            f"record::jsonb || jsonb_build_object('slug', (record->>'slug') || '-{number}', "
            "'number', " + shifted("record->>'number'") + ")"
        )
    table, key = model._meta.db_table, model._meta.pk.column
    return (
        f"INSERT INTO {table} ({', '.join(columns)}) SELECT {', '.join(columns.values())} "
        f"FROM {table} WHERE {key} IN (SELECT key FROM originals)"
    )


if __name__ == "__main__":
    main(int(sys.argv[1]))
