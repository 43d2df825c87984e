"""The one form in which every text is stored."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cases.text.normalising import normalised, normalised_names

pytestmark = pytest.mark.once


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        (" Iran\u00a0 ", "Iran"),
        ("one\r\ntwo\rthree\x0bfour\u2028five \n", "one\ntwo\nthree\nfour\nfive"),
        ("one\r\n \r\n\r\n\r\ntwo", "one\n\ntwo"),
        ("two  spaces,\ta tab", "two spaces, a tab"),
        ("Hugo Cha\u0301vez", "Hugo Chávez"),
        ("e\u200b\u0301", "é"),
        ("a\x00b\x07c\x9f", "abc"),
        ("\ufeffBre\u00adnnan", "Brennan"),
        ("co\u200boperation be\u200ctween \u2060allies\u200e", "cooperation between allies"),
        ("US \u202ewocsoM\u202c \u2067", "US wocsoM"),
        ("\ud800\uffff", ""),
        *((blank, "") for blank in ("\u200b", "\u200b \u2060", "\u3164", "\u2800", "\ufe0f\u061c")),
    ],
)
def test_what_nobody_can_see_is_taken_out(typed: str, stored: str) -> None:
    assert normalised(typed, one_line=False) == stored


@pytest.mark.parametrize(
    "text",
    [
        "می‌خواهم",  # Persian: a letter that is not joined within a word
        "ه\u200d.",  # Arabic: a letter in its joined form
        "क्\u200dष",  # Hindi: half a letter
        "ภาษา\u200bไทย",  # Thai: where a line may end
        "أ \u200f! US",  # which side of the exclamation mark is right
        "👩\u200d💻 ❤\ufe0f\u200d🔥 1\ufe0f\u20e3",
        "\U0001f3f4\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f",  # England
        "葛\U000e0100",
        # typography
        "United\u00a0States, al\u2011Qaeda, 10\u202f000, “Moscow” – ’",
    ],
)
def test_what_can_be_seen_is_kept_as_it_was_typed(text: str) -> None:
    assert normalised(text, one_line=True) == text


def test_line_break_in_one_line_becomes_a_space() -> None:
    assert normalised("US warned Iran\r\n  before\n\nthe attack", one_line=True) == (
        "US warned Iran before the attack"
    )


def test_names_are_each_in_one_line_none_empty_and_none_twice() -> None:
    assert normalised_names([" FSB ", "F\u200bSB", "\u200b", "KGB\nof old"]) == [
        "FSB",
        "KGB of old",
    ]


HARD = st.text(
    st.sampled_from(
        "a1! \n\r\t\u0301\u200b\u200c\u200d\u200e\u061c\u00adאب\u064bक\u094dก😀❤\ufe0f#\u20e3"
    )
)


@given(st.text() | HARD, st.booleans())
def test_text_that_is_normalised_stays_as_it_is(text: str, one_line: bool) -> None:
    once = normalised(text, one_line=one_line)
    assert normalised(once, one_line=one_line) == once
    assert once == once.strip()
