"""Versions in an older format of the record: shown, compared, restored, carried."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from django.db.models import QuerySet
from django.test import Client

from cases.models import Case, Version
from cases.record.stored import digest
from cases.review.restoring import restore
from cases.versions.making import make_version
from tests.exchange.test_bundle import bring_in
from tests.support.bundles import bundle_of
from tests.support.demo import load_demo
from tests.support.factories import detail
from tests.support.reading import words
from tests.support.records import case_record

pytestmark = pytest.mark.django_db

FORMAT_1 = json.loads(
    (Path(__file__).parents[1] / "record" / "format_1.json").read_text(encoding="utf-8")
)["DTW-0003"]


def load_older() -> Case:
    """Store the demo, with the version of one case in the format in which it was made."""
    load_demo()
    case: Case = Case.objects.get(number="DTW-0003")
    rows: QuerySet[Version] = QuerySet(Version)
    rows.filter(case=case).update(record=FORMAT_1, digest=digest(FORMAT_1))
    return case


def test_case_gets_no_version_because_its_latest_one_has_an_older_format() -> None:
    case = load_older()
    assert make_version(case, None, "Saved.") is None
    Case.objects.filter(pk=case.pk).update(title="Another title")
    version = make_version(case, None, "Renamed.")
    assert version is not None
    assert (version.number, version.record["format"]) == (2, 2)
    assert make_version(case, None, "Saved again.") is None


def test_case_gets_no_version_because_records_have_a_new_field() -> None:
    load_demo()
    case: Case = Case.objects.get(number="DTW-0003")
    rows: QuerySet[Version] = QuerySet(Version).filter(case=case)
    record = rows.get().record
    for warning in record["warnings"]:
        del warning["repeated"]  # as in a version from before this field, which had its default
    rows.update(record=record, digest=digest(record))
    assert make_version(case, None, "Saved.") is None
    case.warnings.update(repeated="yes")
    assert make_version(case, None, "Coded.") is not None


def test_version_of_an_older_format_is_shown_compared_and_restored(client: Client) -> None:
    case = load_older()
    before = case_record(detail(case))
    assert FORMAT_1["title"] in words(client.get("/cases/chavez-2004/v/1/"))
    Case.objects.filter(pk=case.pk).update(title="Another title")
    make_version(case, None, "Renamed.")
    history = client.get("/cases/chavez-2004/history/").context["versions"]
    changes = [difference.label for part in history[0].parts for difference in part.differences]
    assert changes == ["Title"]
    first = Version.objects.get(case=case, number=1)
    restored = restore(case, first, None, "It was right.").version
    assert restored is not None
    assert restored.record == case_record(detail(case)) == before
    assert (first.record, first.digest) == (FORMAT_1, digest(FORMAT_1))


@pytest.mark.slow
def test_version_of_an_older_format_comes_back_with_the_bundle() -> None:
    plan = bring_in(bundle_of(load_older))
    assert not plan.is_refused
    version = Version.objects.get(case__number="DTW-0003")  # and no other for the format
    assert (version.record, version.digest) == (FORMAT_1, digest(FORMAT_1))
