"""What pictures say of the article's cases, worked out by hand, and how they are drawn."""

from __future__ import annotations

from typing import Any

import pytest

from cases.presentation.charts.picture import WIDE
from cases.presentation.charts.registry import CHARTS

from .asking import picture_of, values
from .snapshots import assert_as_before

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("demo"), pytest.mark.once]


@pytest.mark.parametrize(
    "name",
    [
        "lead-time",
        "reception-by-follow-up",
        "incident-by-channel",
        "by-year",
        "certainty",
        "specificity",
    ],
)
def test_picture_is_drawn_as_before(name: str) -> None:
    assert name in CHARTS
    assert_as_before(name, picture_of(name).draw(WIDE))


def test_lead_times() -> None:
    picture = picture_of("lead-time")
    columns = ("case", "warning", "lead_time", "deaths", "deaths_least", "named")
    assert values(picture, *columns) == [
        (
            "Reported US warning to Iran before the bombings in Kerman, 2024",
            *(1, "0 to 30 days", "95 deaths", 95, 0),
        ),
        (
            "US warnings before the attack on a Moscow concert hall, 2024",
            *(1, "15 days", "over 130 deaths", 131, 1),
        ),
        (
            "US warnings before the attack on a Moscow concert hall, 2024",
            *(2, "11 to 17 days", "over 130 deaths", 131, 1),
        ),
    ]
    assert picture.finding == (
        "3 warnings in 2 of 7 cases came 0 to 30 days before the incident; of the 2 cases drawn, "
        "the one with the higher coded figure, over 130 deaths, has 2 warnings 11 to 17 days "
        "before, each naming 1 of who, target, place and time."
    )
    assert (
        # Venezuela, Boston, Ukraine, Khashoggi and the embassies
        "Left out: 1 case with a warning in which no incident was carried out; "
        "1 case with a warning in which no source says what happened; "
        "1 case in which the date of the warning or of the incident has no first or no last day; "
        "2 cases without a warning." in picture.caveat
    )
    spec = picture.draw(WIDE)
    heights = {one["warning"]: one["y"] for view in spec["vconcat"] for one in _marks(view)}
    assert heights == {1: 131, 2: 131}  # both of Moscow are at the height of its deaths


def _marks(view: dict[str, Any]) -> list[dict[str, Any]]:
    values = view.get("data", {}).get("values", [])
    return [one for one in values if "Moscow" in one["case"]]


def test_lead_times_are_those_of_the_warnings_that_are_asked_for() -> None:
    public = picture_of("lead-time", "channel=public")
    assert values(public, "case", "warning") == [
        ("US warnings before the attack on a Moscow concert hall, 2024", 1)
    ]
    assert "1 other warning of the cases shown, not asked for" in public.caveat
    to_citizens = picture_of("lead-time", "recipient=us-citizens-in-moscow")
    assert values(to_citizens, "warning") == [(1,)]


def test_years() -> None:
    picture = picture_of("by-year")
    certain = {
        period: cases
        for period, date, cases in values(picture, "period", "date", "cases")
        if date == "Wholly within it"
    }
    assert certain == {
        "1998": 1,
        "2004": 1,
        "2013": 1,
        "2018": 1,
        "2022": 1,
        "2024": 2,
    }
    assert picture.finding == (
        "2 of 7 cases have dates that lie wholly within 2024, the most of any year; in 1 of them "
        "editors inferred it."
    )


def test_certainty() -> None:
    rows = values(picture_of("certainty"), "case", "certainty", "values", "cases")
    assert [row[1:] for row in rows if row[0] == "All"] == [
        ("Quoted", 13, 2),
        ("Stated", 65, 7),
        ("Attributed", 9, 3),
        ("Reportedly", 6, 2),
        ("Alleged", 2, 1),
        ("Unclear", 1, 1),
        ("Inferred", 26, 6),
        ("Not stated", 82, None),
    ]
    moscow = "US warnings before the attack on a Moscow concert hall, 2024"
    assert [row[1:3] for row in rows if row[0] == moscow] == [
        ("Quoted", 12),
        ("Stated", 17),
        ("Attributed", 1),
        ("Inferred", 12),
        ("Not stated", 11),
    ]


def test_finding_on_certainty_leaves_nothing_out() -> None:
    assert picture_of("certainty").finding == (
        "Of 204 coded values in 7 cases, 40% are not stated in the sources, 32% stated by a source "
        "in its own voice, 13% inferred by editors and 6% quoted; the other 9% are attributed, "
        "only reported, alleged or unclear."
    )


def test_specificity() -> None:
    picture = picture_of("specificity")
    assert picture.finding == (
        "Of 5 cases with a warning, a warning names the target in 2 (1 of them inferred by "
        "editors), who attacks in 1 (inferred by editors), the place in 1 and the time in none."
    )
    assert "2 cases without a warning are not here" in picture.caveat
