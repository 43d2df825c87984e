"""The picture of cases in time: certain and possible dates, undated cases, directives."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.test import Client

from cases.presentation.charts.by_year.periods import MAX_COLUMNS
from cases.presentation.charts.drawing.renderer import svg_of
from cases.presentation.charts.picture import NARROW, WIDE
from tests.support.factories import make_directive, make_incident

from .asking import make_public, picture_of, values

pytestmark = [pytest.mark.django_db, pytest.mark.once]

NAME = "by-year"


def make_dated(*dates: str) -> None:
    for date in dates:
        make_incident(make_public(), date=date)


def counts(query: str = "") -> dict[str, tuple[Any, ...]]:
    """Return the certain and the possible number for each period."""
    found: dict[str, dict[str, Any]] = {}
    for period, date, cases in values(picture_of(NAME, query), "period", "date", "cases"):
        found.setdefault(period, {})[date] = cases
    return {period: tuple(of_period.values()) for period, of_period in found.items()}


def test_vague_dates_are_certain_in_no_year_that_they_may_leave() -> None:
    make_dated("2020-05-01", "2020", "2020/2022", "")
    assert counts() == {"2020": (2, 3), "2021": (1,), "2022": (1,), "Undated": (1,)}
    assert picture_of(NAME).finding == (
        "2 of 4 cases have dates that lie wholly within 2020, the most of any year; 1 is undated."
    )


def test_years_without_cases_are_drawn_and_not_listed() -> None:
    make_dated("2020", "2023")
    assert counts() == {"2020": (1, 1), "2023": (1, 1)}
    columns = [one["period"] for one in picture_of(NAME).draw(WIDE)["data"]["values"]]
    assert columns == ["2020", "2021", "2022", "2023"]


def test_open_dates_may_lie_before_and_after_all_others() -> None:
    make_dated("2020", "/2021", "2020-05/")
    assert counts() == {
        "Before 2020": (1,),
        "2020": (1, 3),
        "2021": (2,),
        "After 2021": (1,),
    }
    make_dated("")
    picture = picture_of(NAME)
    in_order = [row[0] for row in picture.sorted_rows("period")]
    assert list(dict.fromkeys(cell.value for cell in in_order)) == [
        *("Before 2020", "2020", "2021", "After 2021", "Undated"),
    ]
    assert list(dict.fromkeys(cell.codes[0] for cell in in_order)) == [
        *("../2019", "2020", "2021", "2022/..", "not_stated"),
    ]


def test_dates_of_the_address_cut_years_and_are_not_widened() -> None:
    make_dated("2019", "2020-02", "2020-08", "2021-03-01", "2021-09")
    picture = picture_of(NAME, "date_from=2020-06&date_to=2021-06")
    assert values(picture, "period", "cases") == [
        ("2020", 1),
        ("2020", 1),
        ("2021", 1),
        ("2021", 1),
    ]
    addresses = [row[-2].address for row in picture.rows]
    assert "date_from=2020-06&date_to=2020" in addresses[0]
    assert "date_from=2021&date_to=2021-06" in addresses[2]


def test_certain_dates_alone_are_shown_if_they_are_asked_for() -> None:
    make_dated("2020", "2020/2021", "")
    assert counts("date_match=certain&date_from=2020&date_to=2021") == {
        "2020": (1,),
    }


@pytest.mark.parametrize(
    ("last", "query", "first"),
    [
        (1980 + MAX_COLUMNS - 1, "", "1980"),
        (1980 + MAX_COLUMNS, "", "1980s"),
        (1985, "period=decade", "1980s"),
        (1980 + MAX_COLUMNS, "period=year", "1980"),
        (2080, "period=year", "1980s"),
    ],
)
def test_columns_are_decades_if_there_are_many_or_they_are_asked_for(
    last: int, query: str, first: str
) -> None:
    make_dated("1980", str(last))
    picture = picture_of(NAME, query)
    assert picture.rows[0][0].value == first
    is_other = query == "period=year" and first == "1980s"
    assert ("too long" in picture.caveat) == is_other


def test_longest_time_is_drawn() -> None:
    make_dated("0001", "9999")
    picture = picture_of(NAME)
    assert len(picture.rows) < 2 * 2 * MAX_COLUMNS
    assert svg_of(picture.draw(NARROW))


def test_one_case_and_undated_cases_are_a_sentence() -> None:
    make_dated("")
    assert picture_of(NAME).finding == "The one case here has no date."
    assert counts() == {"Undated": (1,)}
    assert svg_of(picture_of(NAME).draw(WIDE))
    make_dated("2020")
    assert picture_of(NAME, "precision=year").finding == (
        "The date of the one case here lies wholly within 2020."
    )


def test_published_directives_are_marked_with_their_dates() -> None:
    make_dated("2010", "2020")
    make_directive(code="ICD 191", issued_edtf="2015-07-21")
    make_directive(code="Rule of 2012", issued_edtf="2012")
    make_directive(code="Draft", issued_edtf="2014", status="draft")
    make_directive(code="Old", issued_edtf="1990")
    svg = svg_of(picture_of(NAME).draw(WIDE))
    assert "ICD 191: 21 July 2015" in svg
    assert "Rule of 2012: 2012" in svg
    assert "Draft" not in svg
    assert "Old" not in svg


def test_page_offers_years_and_decades(client: Client) -> None:
    make_dated("2010", "2020")
    page = client.get(f"/charts/{NAME}/?incident=attack").content.decode()
    assert 'href="?incident=attack&amp;period=decade"' in page
    assert re.search(r'href="\?incident=attack&amp;period=year"\s+aria-current="true"', page)


def test_addresses_ask_for_cases_only(client: Client) -> None:
    make_dated("2010", "2020")
    for row in picture_of(NAME, "period=decade&view=table&sort=title&order=cases").rows:
        assert row[-2].address.startswith("/cases/?date_from=20")


def test_dates_that_no_date_names_have_a_column_for_what_is_open() -> None:
    make_dated("/2021", "2021")
    assert counts("date_to=2001-05") == {"Before 2001": (1,), "2001": (1,)}
