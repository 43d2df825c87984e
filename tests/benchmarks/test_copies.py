"""Copies of synthetic cases: each is a whole case of its own, under the same values."""

from collections import Counter

import pytest
from django.db import connection

from cases.finding.case_filter import FACETS
from cases.index.case_index import CaseIndex
from cases.models import Case
from cases.models.synthetic_label import synthetic_records
from cases.search.rebuilding import check
from cases.synthetic import make
from cases.synthetic.removal import PARTS_OF_A_CASE
from cases.versions.current import current_cases, public_keys
from cases.versions.making import make_versions
from tests.support.factories import make_full_case

from .copies import copy_cases

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.usefixtures("demo", "superuser"),
    pytest.mark.slow,
    pytest.mark.skipif(connection.vendor != "postgresql", reason="is made in PostgreSQL only"),
]

MADE, TIMES = 30, 3


@pytest.fixture
def superuser() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT rolsuper FROM pg_roles WHERE rolname = current_user")
        if cursor.fetchone() != (True,):
            pytest.skip("needs the rights of a superuser")


def counts() -> Counter[tuple[str, str]]:
    """Return the number of cases with each value of each facet, and of rows of each model."""
    index = CaseIndex.made_anew()
    values = {(name, value): n for name in FACETS for value, n in index.counts(name).items()}
    rows = {(str(model), ""): model._default_manager.count() for model, _ in PARTS_OF_A_CASE}
    return Counter(values | rows | {("cases", ""): Case.objects.count()})


def test_copies_are_whole_cases_of_their_own() -> None:
    real = counts()
    make(MADE)
    made = counts() - real
    copy_cases(TIMES)
    copies = synthetic_records(Case)

    assert counts() - real == Counter({key: TIMES * count for key, count in made.items()})
    assert copies.count() == TIMES * MADE
    numbers = set(copies.values_list("number", flat=True))
    assert numbers == {f"DTW-{900_000_000 + number}" for number in range(1, TIMES * MADE + 1)}
    # The search finds each, by the words of its original, and the public record names its case.
    checked = check()
    assert checked.index_was_intact
    assert not checked.missing
    assert not checked.superfluous
    names = dict(Case.objects.values_list("pk", "slug"))
    assert {
        key: one.record.slug for key, one in current_cases(public_keys())
    }.items() <= names.items()
    # Rows refer to rows of their own case, as they do in the record. A note has another address.
    whole = Case.objects.published().filter(pk__in=copies.values("pk"), notes=None)
    assert make_versions(whole, None, "Read again.") == []


def test_records_can_be_added_to_copies() -> None:
    make(MADE)
    copy_cases(TIMES)
    for _ in range(10):
        make_full_case()
