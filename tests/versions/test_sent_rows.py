"""What files are made of: the records of cases, taken one by one as the database sends them."""

from __future__ import annotations

from typing import Never

import pytest
from django.db import DatabaseError, connection
from django.db.models import F

from cases.models import Case, Version
from cases.record.classes import CaseRecord
from cases.versions.current import made_of_records
from cases.versions.sent_rows import as_sent
from tests.support.factories import make_case

pytestmark = pytest.mark.django_db


def made(record: CaseRecord, version: int) -> tuple[str, int]:
    return record.title, version


def test_records_come_in_the_order_of_the_keys_without_what_is_not_public() -> None:
    one, two, three = (make_case(published=True, title=title) for title in "ABC")
    draft = make_case(title="D")
    keys = [three.pk, one.pk, draft.pk, two.pk]
    assert made_of_records(keys, made) == [("C", 1), ("A", 1), ("B", 1)]
    assert made_of_records([], made) == []


def test_rows_that_are_not_taken_to_the_end_leave_the_connection_usable() -> None:
    keys = [make_case(published=True).pk for _ in range(3)]

    def refuse(record: CaseRecord, version: int) -> Never:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        made_of_records(keys, refuse)
    assert Case.objects.count() == 3
    rows = as_sent(Version.objects.order_by("case").values_list("case"))
    assert next(rows) == (keys[0],)
    del rows
    assert Case.objects.count() == 3


def test_a_row_is_taken_before_postgresql_has_made_the_next() -> None:
    if connection.vendor != "postgresql":
        pytest.skip("SQLite makes a row when it is taken, and divides by zero")
    keys = [make_case(published=True).pk for _ in range(3)]
    unsorted = Version.objects.order_by().annotate(part=1 / (F("case") - keys[-1]))
    rows = as_sent(unsorted.values_list("case", "part"))
    assert [next(rows)[0], next(rows)[0]] == keys[:-1]
    with pytest.raises(DatabaseError):
        next(rows)


def test_postgresql_keeps_records_as_they_were_written() -> None:
    version = Version.objects.get(case=make_case(published=True))
    assert isinstance(version.record, dict)
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT DISTINCT pg_typeof(record)::text FROM cases_version")
            assert cursor.fetchall() == [("json",)]
