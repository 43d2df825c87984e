"""The comparison with Datasette: both lists are of the same cases, in the same order."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from urllib.parse import urlencode

import pytest
from django.db import transaction
from django.http import QueryDict
from pytest_django.plugin import DjangoDbBlocker

from cases.finding.case_filter import CaseFilter
from cases.index import case_index
from cases.synthetic import make

from .datasette_file import ONE_WORD, conditions, sort_column, write_file
from .queries import Pairs, SharedMix

pytestmark = [pytest.mark.django_db, pytest.mark.slow, pytest.mark.once]


@pytest.fixture(scope="module")
def file(
    demo: None, django_db_blocker: DjangoDbBlocker, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[sqlite3.Connection]:
    path = tmp_path_factory.mktemp("datasette") / "cases.db"
    with django_db_blocker.unblock(), transaction.atomic():
        make(60)
        case_index.forget()  # what the test before saw in its transaction was taken back
        write_file(path)
        with closing(sqlite3.connect(path)) as connection:
            yield connection
        transaction.set_rollback(True)


def in_file(file: sqlite3.Connection, pairs: Pairs) -> list[int]:
    where = " AND ".join(["TRUE", *conditions(pairs)])
    order = sort_column(dict(pairs).get("sort", ""))
    return [key for (key,) in file.execute(f"SELECT id FROM cases WHERE {where} ORDER BY {order}")]


def on_site(pairs: Pairs) -> list[int]:
    return list(CaseFilter(QueryDict(urlencode(pairs))).keys)


def test_file_has_the_cases_of_every_drawn_list_in_their_order(file: sqlite3.Connection) -> None:
    drawn = [pairs for kind, pairs in SharedMix().pairs(150) if "search" not in kind]
    assert len({len(on_site(pairs)) for pairs in drawn}) > 10
    for pairs in drawn:
        assert in_file(file, pairs) == on_site(pairs), pairs


def test_file_tells_datasette_the_values_that_each_facet_counts(file: sqlite3.Connection) -> None:
    for name, values in SharedMix().choices.items():
        words = f"({name})" if name in ONE_WORD else f"(SELECT value FROM json_each({name}))"
        for value in values:
            found = file.execute(f"SELECT id FROM cases WHERE ? IN {words}", [value])
            assert {key for (key,) in found} == set(on_site([(name, value)])), (name, value)


def test_file_is_searched_for_the_words_of_cases(file: sqlite3.Connection) -> None:
    found = file.execute("SELECT rowid FROM cases_fts WHERE cases_fts MATCH 'Moscow'")
    assert {key for (key,) in found} == set(on_site([("q", "Moscow")])) != set()
