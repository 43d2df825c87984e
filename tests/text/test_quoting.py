"""Counting the words of a quote, and removing the marks around it."""

from __future__ import annotations

import pytest

from cases.text.quoting import count_words, without_marks


@pytest.mark.once
@pytest.mark.parametrize(
    ("quote", "without"),
    [
        ("“a warning”", "a warning"),
        ('"a warning"', "a warning"),
        ("““a warning””", "a warning"),
        ("‘it’s a warning’", "it’s a warning"),
        ("« a warning »", "a warning"),
        ("“A” and “B”", "“A” and “B”"),
        ("a “warning”", "a “warning”"),
        ("”", "”"),
        ("", ""),
    ],
)
def test_marks_around_the_whole_quote_are_removed(quote: str, without: str) -> None:
    assert without_marks(quote) == without


@pytest.mark.once
@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("We had a duty to warn them", 7),
        ("a state-of-the-art, al-Qaeda-linked cell", 4),
        ("a non‑US person’s e-mail", 4),  # with a hyphen that does not break
        ("warned—twice", 2),
        ("warned – twice", 2),
        ("they “ … remain unknown”", 3),
        ("in 2014–15, over 1,000 people", 5),
        ("", 0),
        ("—", 0),
    ],
)
def test_words_are_counted_as_a_person_counts_them(text: str, words: int) -> None:
    assert count_words(text) == words
