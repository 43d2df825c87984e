"""Dates as people write them, read into EDTF, refused, and echoed with the days they mean."""

from __future__ import annotations

import pytest
from django.core.exceptions import ValidationError
from hypothesis import example, given
from hypothesis import strategies as st

from cases.models import Source
from cases.models.edtf import meaning, parse
from cases.models.written_dates import to_edtf


@pytest.mark.parametrize(
    ("expression", "texts"),
    [
        ("2019-05-07", ["7 May 2019", "May 7, 2019", "7th of May, 2019", "Tuesday, 7 May 2019"]),
        ("2019-05-17", ["17.5.2019", "17/05/2019", "5/17/2019", "2019-5-17", "2019/05/17"]),
        ("2019-05-05", ["5.5.2019", "5 may 2019"]),
        ("2022-11", ["November 2022", "Nov. 2022", "in November 2022", "2022-11"]),
        ("2019", ["2019", " 2019 ", "in 2019"]),
        ("199X", ["1990s"]),
        ("2024-03-07/2024-03-09", ["7–9 March 2024", "7 to 9 March 2024", "March 7-9, 2024"]),
        ("2024-03-07/2024-03-09", ["between 7 and 9 March 2024", "2024-03-07 to 2024-03-09"]),
        ("2024-03-30/2024-04-02", ["30 March to 2 April 2024", "March 30 to April 2, 2024"]),
        ("2022/2023", ["2022-2023", "from 2022 to 2023"]),
        ("/2019-04", ["in or before April 2019", "by April 2019", "until April 2019"]),
        ("/2019-04-30", ["before May 2019", "on or before 30 April 2019"]),
        ("2019-05-08/", ["after 7 May 2019", "since 8 May 2019"]),
        ("2019-05-07~", ["about 7 May 2019", "c. 7 May 2019"]),
        ("2019%", ["about 2019?", "around 2019 (uncertain)"]),
        ("/2022-02", ["/2022-02"]),
    ],
)
def test_common_form_of_a_date_is_read(expression: str, texts: list[str]) -> None:
    assert {to_edtf(text) for text in texts} == {expression}


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("03/07/2024", "“03/07/2024” can be 3 July 2024 or 7 March 2024."),
        ("7.5.2019", "“7.5.2019” can be 7 May 2019 or 5 July 2019."),
        ("early 2019", "“Early” has no agreed first and last day."),
        ("spring of 2019", "“Spring” has no agreed first and last day."),
        ("Friday, 7 May 2019", "7 May 2019 was a Tuesday, not a Friday."),
        ("31 February 2020", "There is no 31 February."),
        ("next Friday", "“next Friday” is not a date expression"),
        ("maypole 2019", "“maypole 2019” is not a date expression"),
        ("1.2.0000", "There is no year 0."),
        ("2021 to 2019", "“2021 to 2019” ends before it begins."),
        ("before about 2019", "“before about 2019” is not a date expression"),
    ],
)
def test_date_that_is_vague_or_ambiguous_is_refused_in_words(text: str, sentence: str) -> None:
    with pytest.raises(ValidationError) as refusal:
        to_edtf(text)
    assert refusal.value.messages[0].startswith(sentence)


@pytest.mark.once
@pytest.mark.parametrize("sign", ["", "~", "%"])
def test_date_as_the_casebook_prints_it_is_read_back(sign: str) -> None:
    for begin, end in (
        ("2024-03-07", "2024-03-09"),
        ("2024-01", "2024-03"),
        ("2022-12", "2024-03"),
    ):
        one, other = begin + sign, end + sign
        for expression in (one, f"{one}/{other}", f"/{other}", f"{one}/"):
            printed = parse(expression)
            assert parse(to_edtf(printed.text)) == printed


@pytest.mark.once
@given(st.text() | st.text(alphabet="0123456789 ./-–?to may,by", max_size=30))
@example("before 0001")
@example("after 9999")
def test_any_text_is_read_or_refused(text: str) -> None:
    try:
        expression = to_edtf(text)
    except ValidationError:
        return
    if expression:
        parse(expression)


@pytest.mark.parametrize(
    ("expression", "echo"),
    [
        ("2022-11", "November 2022 = 1–30 November 2022"),
        ("2019", "2019 = 1 January – 31 December 2019"),
        ("2019-05-07", "7 May 2019"),
        ("2024-03-07/2024-03-09", "7 to 9 March 2024"),
        ("2024-03-08~", "About 8 March 2024 = 7–9 March 2024"),
        ("/2022-02", "In or before February 2022 = on or before 28 February 2022"),
        ("2024-03-22/", "On or after 22 March 2024"),
    ],
)
def test_meaning_of_a_date_names_its_days(expression: str, echo: str) -> None:
    assert meaning(expression) == echo


def test_validation_of_a_record_converts_a_written_date() -> None:
    source = Source(published_edtf="November 2022", published_basis="stated")
    source.clean_fields(exclude={"slug", "title", "kind"})
    assert source.published_edtf == "2022-11"
    assert str(source.published_latest) == "2022-11-30"
