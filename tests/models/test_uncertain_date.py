"""Uncertain dates: wording, comparing and storing them."""

from __future__ import annotations

import datetime as dt
import io
import json
from pathlib import Path

import pytest
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.db import IntegrityError, transaction
from hypothesis import given

from cases.models import Source, Warning
from cases.models.edtf import EXAMPLES
from tests.support.dates import date, day, days, write
from tests.support.factories import make_actor, make_case, make_incident, make_source, make_warning

Bounds = tuple[str | None, str | None]


# Wording and comparing


def test_date_not_stated_says_so_and_never_matches() -> None:
    missing = date("")
    assert str(missing) == "not stated"
    assert not missing.is_stated
    assert not missing.overlaps(None, None)
    assert not missing.lies_within(None, None)


def test_date_open_on_one_side_is_stated_but_not_bounded() -> None:
    assert date("/2022-02").is_stated


@pytest.mark.parametrize(
    ("expression", "start", "end", "possible", "certain"),
    [
        ("2024-03", "2024-03-01", "2024-03-31", True, True),
        ("2024-03", "2024-03-02", "2024-03-31", True, False),
        ("2024-03", "2024-03-31", "2024-04-30", True, False),
        ("2024-03", "2024-04-01", "2024-04-30", False, False),
        ("2024-03", None, "2024-03-31", True, True),
        ("2024-03", "2024-03-01", None, True, True),
        ("2024-03", None, "2024-02-29", False, False),
        ("2024-03", None, None, True, True),
        ("/2022-02", "2022-02-28", None, True, False),
        ("/2022-02", "2022-03-01", None, False, False),
        ("/2022-02", None, "2022-02-28", True, True),
        ("/2022-02", "1900-01-01", "2022-02-28", True, False),
        ("2022-02/", "2022-02-01", None, True, True),
        ("2022-02/", "2022-02-01", "2030-01-01", True, False),
        ("2022-02/", None, "2022-01-31", False, False),
    ],
)
def test_date_against_a_range_tells_possible_from_certain(
    expression: str, start: str | None, end: str | None, possible: bool, certain: bool
) -> None:
    assert date(expression).overlaps(day(start), day(end)) is possible
    assert date(expression).lies_within(day(start), day(end)) is certain


@pytest.mark.once
@given(days, days, days)
def test_date_that_certainly_falls_in_a_range_possibly_does(
    when: dt.date, one: dt.date, other: dt.date
) -> None:
    start, end = sorted([one, other])
    for form in ("%Y-%m-%d", "%Y-%m", "%Y"):
        uncertain = date(write(when, form))
        assert uncertain.overlaps(start, end) or not uncertain.lies_within(start, end)
        assert uncertain.overlaps(start, end) or not start <= when <= end


def test_sort_key_puts_open_starts_first_and_missing_dates_last() -> None:
    expressions = ["", "2024-03-22/", "2024-03-22", "2024", "2024-01", "2011", "/2022-02"]
    ordered = sorted((date(each) for each in expressions), key=lambda each: each.sort_key)
    assert [each.edtf for each in ordered] == [
        "/2022-02",
        "2011",
        "2024-01",
        "2024",
        "2024-03-22",
        "2024-03-22/",
        "",
    ]


# Storing


@pytest.mark.django_db
def test_bounds_follow_every_save() -> None:
    warning = make_warning(make_case(), date="2024-03")
    warning.refresh_from_db()
    assert (warning.date_earliest, warning.date_latest) == (day("2024-03-01"), day("2024-03-31"))
    warning.date_edtf = "/2022-02"
    warning.save()
    warning.refresh_from_db()
    assert (warning.date_earliest, warning.date_latest) == (None, day("2022-02-28"))


@pytest.mark.django_db
def test_bounds_entered_by_hand_are_overruled() -> None:
    source = make_source(
        published_edtf="2024",
        published_basis="stated",
        published_earliest=day("1999-01-01"),
        published_latest=day("1999-01-01"),
    )
    source.refresh_from_db()
    assert source.published.earliest == day("2024-01-01")
    assert source.published.latest == day("2024-12-31")


@pytest.mark.django_db
def test_bounds_follow_bulk_create() -> None:
    issuer = make_actor()
    Warning.objects.bulk_create(
        [
            Warning(
                case=make_case(), sequence=1, issuer=issuer, date_edtf="2004", date_basis="stated"
            )
        ]
    )
    warning = Warning.objects.get()
    assert (warning.date_earliest, warning.date_latest) == (day("2004-01-01"), day("2004-12-31"))


@pytest.mark.django_db
def test_bounds_follow_loaddata(tmp_path: Path) -> None:
    row = {
        "model": "cases.source",
        "fields": {
            "slug": "report",
            "title": "Report",
            "kind": "press",
            "published_edtf": "2024-03-25~",
            "published_basis": "stated",
        },
    }
    fixture = tmp_path / "report.json"
    fixture.write_text(json.dumps([row]))
    call_command("loaddata", fixture, stdout=io.StringIO())
    published = Source.objects.get(slug="report").published
    assert (published.earliest, published.latest) == (day("2024-03-24"), day("2024-03-26"))
    assert str(published) == "about 25 March 2024"


@pytest.mark.django_db
def test_saving_an_unreadable_expression_is_refused() -> None:
    case = make_case()
    with pytest.raises(ValidationError, match="not a date expression"):
        make_incident(case, date="next Friday")


@pytest.mark.django_db
def test_full_clean_names_the_field_of_an_unreadable_expression() -> None:
    source = make_source()
    source.published_edtf, source.published_basis = "next Friday", "stated"
    with pytest.raises(ValidationError) as refusal:
        source.full_clean()
    assert EXAMPLES in refusal.value.message_dict["published_edtf"][0]


@pytest.mark.django_db
@pytest.mark.parametrize(("edtf", "basis"), [("2024", "not_stated"), ("", "stated")])
def test_expression_and_basis_come_together_or_not_at_all(edtf: str, basis: str) -> None:
    fields = {"published_edtf": edtf, "published_basis": basis}
    with pytest.raises(IntegrityError), transaction.atomic():
        make_source(**fields)
    with pytest.raises(ValidationError, match="Give both a date expression and the basis"):
        Source(slug="report", title="Report", kind="press", **fields).full_clean()


@pytest.mark.django_db
def test_stored_bounds_in_the_wrong_order_are_refused() -> None:
    make_source(published_edtf="2024", published_basis="stated")
    with pytest.raises(IntegrityError), transaction.atomic():
        Source.objects.update(
            published_earliest=day("2024-02-01"), published_latest=day("2024-01-01")
        )
    Source.objects.update(published_earliest=day("2024-01-01"), published_latest=day("2024-01-01"))
