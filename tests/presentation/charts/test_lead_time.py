"""The picture of lead times: which warnings it shows, what it leaves out, and what it says."""

from __future__ import annotations

from typing import Any

import pytest
from defusedxml.ElementTree import fromstring

from cases.presentation.charts.drawing.renderer import svg_of
from cases.presentation.charts.lead_time import chart as lead_time
from cases.presentation.charts.lead_time.panels import MAX_LABELLED
from cases.presentation.charts.picture import NARROW, WIDE, Frame
from tests.support.factories import make_incident, make_warning

from .asking import make_public, picture_of, values

pytestmark = [pytest.mark.django_db, pytest.mark.once]

NAME = "lead-time"


def make_warned(warned: str, happened: str, title: str = "A case", **fields: Any) -> None:
    """Make a public case with a warning and an incident on these dates."""
    case = make_public(title=title)
    of_warning = {name: fields.pop(name) for name in [*fields] if name not in OF_INCIDENT}
    make_warning(case, date=warned, **of_warning)
    make_incident(case, date=happened, **fields)


OF_INCIDENT = ("deaths", "qualifier", "kind")


def test_warning_is_an_interval_with_the_deaths_as_printed() -> None:
    make_warned(
        "2024-03",
        "2024-04-02",
        deaths=130,
        qualifier="more_than",
        place_specificity="named",
        who_specificity="named",
        time_specificity="category",
    )
    picture = picture_of(NAME)
    columns = ("days_least", "days_most", "deaths", "deaths_least", "named")
    assert values(picture, *columns) == [(2, 32, "over 130 deaths", 131, 2)]
    assert picture.finding == (
        "1 warning in 1 of 1 case came 2 to 32 days before the incident, naming 2 of who, target, "
        "place and time."
    )
    assert "Left out" not in picture.caveat
    ((cell, *_),) = picture.rows
    assert cell.address.startswith("/cases/case-")


def test_warnings_that_came_later_or_in_unknown_order_are_counted_as_left_out() -> None:
    make_warned("2024-03-07", "2024-03-22")
    make_warned("2024-03", "2024-03-22")  # the order is unknown
    make_warned("2024-03-23", "2024-03-22")
    make_warned("2024-03", "2024-03-22", before_incident="no")
    make_warned("", "2024-03-22")
    make_public()
    picture = picture_of(NAME)
    assert len(picture.rows) == 1
    assert (
        "Left out: 1 case in which the dates do not tell whether warning or incident came first; "
        "2 cases in which the warning came with the incident or after it; "
        "1 case in which the date of the warning or of the incident is not stated; "
        "1 case without a warning." in picture.caveat
    )


def test_case_with_a_warning_that_came_first_is_shown_without_its_others() -> None:
    case = make_public()
    for date in ("2024-03-22", "2024-03-23", "2024"):
        make_warning(case, date=date)
    make_incident(case, date="2024-03-22")
    picture = picture_of(NAME)
    assert values(picture, "warning", "days_least", "days_most") == [(1, 0, 0)]
    assert "Left out: 2 other warnings of the cases shown" in picture.caveat


@pytest.mark.parametrize(
    ("deaths", "qualifier", "says", "least"),
    [
        (None, "not_stated", "deaths not stated", None),
        (None, "not_applicable", "deaths do not apply", None),
        (100, "about", "about 100 deaths", None),
        (1, "exact", "1 death", 1),
        (0, "exact", "0 deaths", 0),
        (7, "at_least", "at least 7 deaths", 7),
    ],
)
def test_deaths_are_a_lower_bound_or_said_to_be_missing(
    deaths: int | None, qualifier: str, says: str, least: int | None
) -> None:
    make_warned("2024-03-07", "2024-03-22", deaths=deaths, qualifier=qualifier)
    picture = picture_of(NAME)
    assert values(picture, "deaths", "deaths_least") == [(says, least)]
    for frame in (WIDE, NARROW):
        assert svg_of(picture.draw(frame))


def test_deaths_of_several_incidents_are_added_as_in_lists() -> None:
    case = make_public()
    make_warning(case, date="2024-03-07")
    make_incident(case, date="2024-03-22", deaths=130, qualifier="more_than")
    make_incident(case, date="2024-03-23", deaths=3, qualifier="exact")
    make_incident(case, date="2024-03-24", deaths=50, qualifier="about")
    assert values(picture_of(NAME), "deaths", "deaths_least") == [
        ("together at least 134 deaths", 134)
    ]


def test_no_lead_time_is_a_sentence() -> None:
    make_warned("2024-03-23", "2024-03-22")
    picture = picture_of(NAME)
    assert picture.is_empty
    assert picture.finding.startswith("No warning here came first")


def test_many_cases_are_a_sample_of_them(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lead_time, "MAX_CASES", 3)
    for day in (21, 20, 19, 18, 12):
        make_warned(f"2024-03-{day}", "2024-03-22")
    picture = picture_of(NAME)
    assert values(picture, "days_least") == [(1,), (3,), (10,)]
    assert "A sample of 3 of 5 cases" in picture.caveat
    assert picture.finding == (
        "In 5 of 5 cases a warning came before the incident; in a sample of 3, half of the "
        "warnings came at least 3 days before, as far as the dates allow to tell."
    )


@pytest.mark.parametrize("frame", [WIDE, NARROW])
@pytest.mark.parametrize("count", [MAX_LABELLED, MAX_LABELLED + 1])
def test_few_warnings_are_labelled_and_many_are_not(count: int, frame: Frame) -> None:
    for day in range(1, count + 1):
        make_warned(
            f"2024-03-{day:02}",
            "2024-03-22",
            title=f"A warning that was remarkable because of its very long title, number {day}",
            deaths=day if day % 2 else None,
            qualifier="exact" if day % 2 else "not_stated",
        )
    svg = svg_of(picture_of(NAME).draw(frame))
    assert svg.count("<a ") == count
    texts = "".join(element.text or "" for element in fromstring(svg).iter())
    assert texts.count("A warning that was") == (count if count <= MAX_LABELLED else 0)


@pytest.mark.parametrize("count", [MAX_LABELLED, MAX_LABELLED + 1])
def test_mark_is_at_the_height_of_its_deaths_though_it_lies_on_others(count: int) -> None:
    for _ in range(count):
        make_warned("2024-03-07", "2024-03-22", deaths=0, qualifier="exact")
    for frame in (WIDE, NARROW):
        _, panel, *_ = picture_of(NAME).draw(frame)["vconcat"]
        assert [one["y"] for one in panel["data"]["values"]] == [0] * count


@pytest.mark.parametrize(
    ("figures", "says"),
    [
        (
            [(5, "exact"), (7, "at_least")],
            "; of the 2 cases drawn, the one with the higher coded figure, at least 7 deaths, has "
            "its warning 1 day before, naming none of",
        ),
        (
            [(5, "exact"), (7, "exact"), (None, "not_stated")],
            "; of the 2 of 3 cases drawn that have a coded figure of deaths, the one with the "
            "higher coded figure, 7 deaths, ",
        ),
        ([(5, "exact"), (5, "exact")], "day before the incident, each naming none of"),
        ([(5, "exact"), (None, "not_stated")], "day before the incident, each naming none of"),
        ([(5, "exact"), (7, "exact"), (500, "about")], "before the incident, each naming none of"),
    ],
)
def test_finding_names_the_higher_figure_only_where_there_is_one(
    figures: list[tuple[int | None, str]], says: str
) -> None:
    for deaths, qualifier in figures:
        make_warned("2024-03-21", "2024-03-22", deaths=deaths, qualifier=qualifier)
    assert says in picture_of(NAME).finding


def test_each_reason_for_leaving_a_case_out_is_counted() -> None:
    make_warned("2024-03-07", "2024-03-22", kind="averted")
    make_warned("2024-03-07", "2024-03-22", kind="not_stated")
    make_warned("../2024-03-07", "2024-03-22", before_incident="yes")
    make_warned("2024-03-23", "2024-03-22", before_incident="yes")
    assert (
        "Left out: 1 case with a warning in which no incident was carried out; "
        "1 case with a warning in which no source says what happened; "
        "1 case in which the date of the warning or of the incident has no first or no last day; "
        "1 case in which the dates contradict the order that a source gives. "
        in picture_of(NAME).caveat
    )


def test_labels_without_room_are_numbers_with_a_key() -> None:
    for day in range(1, 9):
        make_warned("2024-03-01/2024-03-07", "2024-03-22", deaths=day, qualifier="exact")
    *_, key = picture_of(NAME).draw(WIDE)["vconcat"]
    lines = [one["encoding"]["text"]["value"] for one in key["layer"]]
    assert lines[0] == ["1"]
    assert lines[2] == ["15 to 21 days, names 0 of 4; 1 death"]
    assert len(lines) == 8 * 3
