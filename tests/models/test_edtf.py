"""Reading the dates that EDTF expresses: their days and their words."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from edtf import parse_edtf
from hypothesis import given
from hypothesis import strategies as st

from cases.models import edtf
from cases.models.edtf import EXAMPLES, MAX_LENGTH, day_text, parse, precision_of
from tests.support.dates import day, days, write

Bounds = tuple[str | None, str | None]


@pytest.mark.parametrize(
    ("expression", "bounds", "words"),
    [
        ("2024-03-07", ("2024-03-07", "2024-03-07"), "7 March 2024"),
        ("2024-03", ("2024-03-01", "2024-03-31"), "March 2024"),
        ("2004", ("2004-01-01", "2004-12-31"), "2004"),
        ("199X", ("1990-01-01", "1999-12-31"), "1990s"),
        ("19XX", ("1900-01-01", "1999-12-31"), "1900 to 1999"),
        ("2024-03-XX", ("2024-03-01", "2024-03-31"), "March 2024"),
        ("2024-XX", ("2024-01-01", "2024-12-31"), "2024"),
        ("2024-XX-XX", ("2024-01-01", "2024-12-31"), "2024"),
        ("2024-02-29", ("2024-02-29", "2024-02-29"), "29 February 2024"),
        ("2023-02", ("2023-02-01", "2023-02-28"), "February 2023"),
        ("1900-02", ("1900-02-01", "1900-02-28"), "February 1900"),
        ("0001", ("0001-01-01", "0001-12-31"), "1"),
        ("9999-12-31", ("9999-12-31", "9999-12-31"), "31 December 9999"),
    ],
)
def test_parse_plain_date_gives_bounds_and_words(
    expression: str, bounds: Bounds, words: str
) -> None:
    parsed = parse(expression)
    assert (parsed.earliest, parsed.latest) == (day(bounds[0]), day(bounds[1]))
    assert parsed.text == words


@pytest.mark.parametrize(
    ("precision", "expressions"),
    [
        ("day", ["2024-03-07", "2024-03-07/2024-03-07"]),
        ("month", ["2024-03", "2024-03-XX", "2024-03/2024-03"]),
        ("year", ["2024", "2024-XX", "2024-XX-XX"]),
        ("span", ["2024-03-07/2024-03-22", "2024/2025", "199X", "19XX"]),
        ("span", ["2024-03-07~", "2024-03?", "2024%", "2024~/2024~"]),
        ("span", ["/2024-03", "2024-03/", "../2024", "2024/.."]),
        ("not_stated", [""]),
    ],
)
def test_precision_is_that_of_the_expression(precision: str, expressions: list[str]) -> None:
    for expression in expressions:
        assert precision_of(expression) == precision, expression
        if expression:
            parse(expression)  # raises for an expression that cannot be stored


@pytest.mark.parametrize(
    ("expression", "bounds", "words"),
    [
        ("2024-03-08~", ("2024-03-07", "2024-03-09"), "about 8 March 2024"),
        ("2024-02-29~", ("2024-02-28", "2024-03-01"), "about 29 February 2024"),
        ("2023-12-31~", ("2023-12-30", "2024-01-01"), "about 31 December 2023"),
        ("2024-01~", ("2023-12-01", "2024-02-29"), "about January 2024"),
        ("2024-12~", ("2024-11-01", "2025-01-31"), "about December 2024"),
        ("2022~", ("2021-01-01", "2023-12-31"), "about 2022"),
        ("2004?", ("2003-01-01", "2005-12-31"), "2004 (uncertain)"),
        ("2004%", ("2003-01-01", "2005-12-31"), "about 2004 (uncertain)"),
        ("2004-06%", ("2004-05-01", "2004-07-31"), "about June 2004 (uncertain)"),
    ],
)
def test_parse_approximation_widens_by_one_unit_of_its_precision(
    expression: str, bounds: Bounds, words: str
) -> None:
    parsed = parse(expression)
    assert (parsed.earliest, parsed.latest) == (day(bounds[0]), day(bounds[1]))
    assert parsed.text == words


@pytest.mark.parametrize(
    ("expression", "bounds", "words"),
    [
        ("2024-03-07/2024-03-09", ("2024-03-07", "2024-03-09"), "7 to 9 March 2024"),
        ("2024-01/2024-03", ("2024-01-01", "2024-03-31"), "January to March 2024"),
        ("2024-01-30/2024-02-02", ("2024-01-30", "2024-02-02"), "30 January to 2 February 2024"),
        ("1999-12/2000-01", ("1999-12-01", "2000-01-31"), "December 1999 to January 2000"),
        ("2022-06/2022-06", ("2022-06-01", "2022-06-30"), "June 2022"),
        ("1990~/2000", ("1989-01-01", "2000-12-31"), "about 1990 to 2000"),
        ("/2022-02", (None, "2022-02-28"), "in or before February 2022"),
        ("../2022-02", (None, "2022-02-28"), "in or before February 2022"),
        ("/2022-02~", (None, "2022-03-31"), "in or before about February 2022"),
        ("2024-03-22/", ("2024-03-22", None), "on or after 22 March 2024"),
        ("2024-03-22/..", ("2024-03-22", None), "on or after 22 March 2024"),
    ],
)
def test_parse_interval_leaves_open_ends_unbounded(
    expression: str, bounds: Bounds, words: str
) -> None:
    parsed = parse(expression)
    assert (parsed.earliest, parsed.latest) == (day(bounds[0]), day(bounds[1]))
    assert parsed.text == words


@pytest.mark.parametrize(
    "expression",
    [
        "",
        " ",
        "next Friday",
        "March 7",
        "7/3/2024",
        "2024-3-7",
        "20240307",
        "-0044",
        "Y170000002",
        "2001-21",
        "[1667,1668]",
        "2024-03-07T10:00:00Z",
        "2024-XX-05",
        "2024-X1",
        "2024-1X",
        "1XXX",
        "XXXX",
        "00XX",
        "2024S2",
        "2004?-06-11",
        "199X~",
        "2024-03-XX~",
        "~",
        "/",
        "..",
        "../..",
        "2024/2025/2026",
        " 2024",
        "2024\n",
        "2024\x00",
        "\x00",
        "２０２４",
        "2024-03–07",
        "2024" * 11,
        "2024-03-07/" * 100,
    ],
)
def test_parse_unreadable_expression_is_refused_with_examples(expression: str) -> None:
    with pytest.raises(ValidationError) as refusal:
        parse(expression)
    assert EXAMPLES in refusal.value.messages[0]
    assert "2024-03-07" in EXAMPLES


@pytest.mark.parametrize(
    ("expression", "sentence"),
    [
        ("2024-02-30", "There is no 30 February."),
        ("2023-02-29", "There is no 29 February in 2023."),
        ("1900-02-29", "There is no 29 February in 1900."),
        ("2024-03-07/2024-04-31", "There is no 31 April."),
        ("2024-13-45", "There is no month 13."),
        ("2024-00", "There is no month 0."),
        ("0000", "There is no year 0."),
        ("2024-06-31~", "There is no 31 June."),
        ("2001-21", "“2001-21” is not a date expression"),  # spring, in EDTF
    ],
)
def test_parse_day_that_no_calendar_has_is_named(expression: str, sentence: str) -> None:
    with pytest.raises(ValidationError) as refusal:
        parse(expression)
    assert refusal.value.messages[0].startswith(sentence)


@pytest.mark.parametrize("expression", ["2024-03-09/2024-03-07", "2024/2023", "2024-03/2024-01"])
def test_parse_interval_that_ends_before_it_begins_is_refused(expression: str) -> None:
    with pytest.raises(ValidationError, match="ends before it begins"):
        parse(expression)


@pytest.mark.parametrize(
    "expression", ["0001~", "0001-01~", "0001-01-01~", "9999~", "9999-12~", "9999-12-31~", "9999%"]
)
def test_parse_widening_past_the_calendar_is_refused(expression: str) -> None:
    with pytest.raises(ValidationError, match="not a date expression"):
        parse(expression)


@pytest.mark.parametrize("expression", ["2024-X1", "2024-03-1X"])
def test_parse_refusal_prints_nothing(expression: str, capsys: Any) -> None:
    with pytest.raises(ValidationError):
        parse(expression)
    assert capsys.readouterr().out == ""


@pytest.mark.once
@given(st.text() | st.text(alphabet="0123456789-/X~?%.YTZ[]{}, u", max_size=MAX_LENGTH))
@pytest.mark.slow
def test_parse_any_text_is_read_or_refused(text: str) -> None:
    try:
        parsed = parse(text)
    except ValidationError:
        return
    assert parsed.text
    if parsed.earliest and parsed.latest:
        assert parsed.earliest <= parsed.latest


forms = st.sampled_from(["%Y-%m-%d", "%Y-%m", "%Y"])
signs = st.sampled_from(["", "~", "?", "%"])


@pytest.mark.once
@given(days, forms, signs)
@pytest.mark.slow
def test_parse_any_day_month_or_year_contains_it(when: dt.date, form: str, sign: str) -> None:
    parsed = parse(write(when, form) + sign)
    assert parsed.earliest is not None
    assert parsed.latest is not None
    assert parsed.earliest <= when <= parsed.latest
    assert str(when.year) in parsed.text


@pytest.mark.once
@given(days, days, forms)
@pytest.mark.slow
def test_parse_any_interval_runs_from_its_first_end_to_its_last(
    one: dt.date, other: dt.date, form: str
) -> None:
    first, last = sorted([one, other])
    parsed = parse(f"{write(first, form)}/{write(last, form)}")
    assert parsed.earliest is not None
    assert parsed.latest is not None
    assert parsed.earliest <= first <= last <= parsed.latest


def test_day_text_has_no_leading_zero() -> None:
    assert day_text(dt.date(2024, 3, 7)) == "7 March 2024"


@pytest.mark.once
@given(st.dates(min_value=dt.date(1, 1, 1)), st.sampled_from([4, 7, 10]))
@pytest.mark.slow
def test_parse_plain_date_agrees_with_edtf(day: dt.date, length: int) -> None:
    expression = day.isoformat()[:length]
    assert parse(expression) == edtf._single(parse_edtf(expression))
