"""Striking texts from prose, slugs and addresses."""

from __future__ import annotations

import unicodedata

import pytest

from cases.text.striking import Striker


def strike(text: str, *texts: str, is_loose: bool = False) -> str:
    return Striker(texts, "[redacted]", is_loose=is_loose).strike(text)


@pytest.mark.parametrize(
    ("text", "struck"),
    [
        ("Ali was warned.", "[redacted] was warned."),
        ("Alice was warned by Ali's aide.", "Alice was warned by [redacted]'s aide."),
        ("ali", "ali"),
        ("Natali", "Natali"),
        ("(Ali)", "([redacted])"),
        ("AliAli", "AliAli"),
        ("", ""),
    ],
)
def test_strike_takes_whole_words_as_written(text: str, struck: str) -> None:
    assert strike(text, "Ali") == struck


def test_strike_takes_the_longest_text_first() -> None:
    assert strike("Jane Doe and Jane", "Jane", "Jane Doe") == "[redacted] and [redacted]"


def test_strike_takes_any_white_space_between_words() -> None:
    assert strike("Jane\n Doe, Jane\u00a0Doe", "Jane Doe") == "[redacted], [redacted]"


@pytest.mark.parametrize(
    "text", [unicodedata.normalize("NFC", "Zoë came."), unicodedata.normalize("NFD", "Zoë came.")]
)
def test_strike_takes_accents_however_they_are_encoded(text: str) -> None:
    assert strike(text, unicodedata.normalize("NFC", "Zoë")) == "[redacted] came."
    assert strike(text, "Zoe") == text


@pytest.mark.parametrize("text", ["ZOË", "zoe", "Zoë", "Zoe\u0308"])
def test_strike_loosely_ignores_case_and_accents(text: str) -> None:
    assert strike(f"{text} came.", "Zoë", is_loose=True) == "[redacted] came."


def test_strike_loosely_ignores_kinds_of_dash_and_apostrophe() -> None:
    assert strike("O’Neil–Ray", "O'Neil-Ray", is_loose=True) == "[redacted]"


@pytest.mark.parametrize(
    ("text", "struck"),
    [
        ("See https://example.org/2024/jane-doe-killed?x=1 and more.", "See [redacted] and more."),
        ("See https://example.org/Jane%20Doe", "See [redacted]"),
        ("See https://example.org/jane", "See https://example.org/jane"),
        ("case jane-doe-2024", "case [redacted]-2024"),
    ],
)
def test_strike_takes_slugs_and_addresses_within_prose(text: str, struck: str) -> None:
    assert strike(text, "Jane Doe") == struck


def test_strike_leaves_a_word_that_is_only_like_the_slug_of_a_name() -> None:
    assert strike("They will come; Will came.", "Will") == "They will come; [redacted] came."


@pytest.mark.parametrize(
    ("slug", "struck"),
    [
        ("jane-doe", "redacted"),
        ("warning-to-jane-doe-2024", "warning-to-redacted-2024"),
        ("zoe", "redacted"),
        ("zoela", "zoela"),
        ("janet-doe", "janet-doe"),
    ],
)
def test_strike_slug_ignores_case_and_accents(slug: str, struck: str) -> None:
    assert Striker(["Jane Doe", "Zoë"], "[redacted]").strike_slug(slug) == struck


def test_strike_slug_uses_the_slug_of_the_replacement() -> None:
    assert Striker(["Jane Doe"], "Person A").strike_slug("jane-doe") == "person-a"
    assert Striker(["Jane Doe"], "—").strike_slug("jane-doe") == "redacted"


def test_strike_address_leaves_none_that_holds_a_text() -> None:
    striker = Striker(["Doe"], "[redacted]")
    assert striker.strike_address("https://example.org/jane-doe.html") == ""
    assert striker.strike_address("https://example.org/does") == "https://example.org/does"


def test_excerpt_is_around_the_first_place() -> None:
    text = f"{'a ' * 60}Jane Doe{' b' * 60}"
    excerpt = Striker(["Jane Doe"], "").excerpt(text, 4)
    assert excerpt == "…a a Jane Doe b b…"
