"""The picture of certainty: coded values of all cases, of each, and cases with such a claim."""

from __future__ import annotations

from typing import Any

import pytest

from cases.presentation.charts.certainty import chart as certainty
from cases.presentation.charts.drawing.renderer import svg_of
from cases.presentation.charts.picture import WIDE
from tests.support.factories import make_claim, make_warning

from .asking import make_public, picture_of, values

pytestmark = [pytest.mark.django_db, pytest.mark.once]

NAME = "certainty"
MODALITIES = ("quoted", "stated", "attributed", "reported", "inferred")
CODED: dict[str, Any] = {
    "relation": "ally",
    "channel": "private",
    "reception": "accepted",
    "follow_up": "acted",
    "repeated": "yes",
}


def test_value_counts_once_with_its_most_certain_claim() -> None:
    case = make_public(title="A case")
    make_claim(case, modality="alleged")
    make_claim(case, modality="quoted")
    picture = picture_of(NAME)
    assert values(picture, "case", "certainty", "values", "of", "cases") == [
        ("All", "Quoted", 1, 3, 1),
        ("All", "Not stated", 2, 3, None),
        ("A case", "Quoted", 1, 3, None),
        ("A case", "Not stated", 2, 3, None),
    ]
    # One case is all of them, so it has no bar of its own.
    assert "<a " not in svg_of(picture.draw(WIDE))
    assert picture.finding == (
        "Of 3 coded values in 1 case, 67% are not stated in the sources and 33% quoted."
    )


def test_contested_value_counts_apart_and_leads_to_contested_cases() -> None:
    case = make_public()
    make_claim(case, modality="quoted")
    make_claim(case, modality="quoted", stance="disputes")
    picture = picture_of(NAME)
    assert values(picture, "certainty", "values", "cases")[0] == ("Contested", 1, 1)
    assert "contested=yes" in picture.rows[0][-1].address


def test_cases_beyond_the_first_have_no_bar_of_their_own(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(certainty, "MAX_CASES", 2)
    for title in "abc":
        make_public(title=title)
    picture = picture_of(NAME, "sort=title")
    assert {title for (title,) in values(picture, "case")} == {"All", "a", "b"}
    assert "Only the first 2 of 3 cases in the order of the list" in picture.caveat
    assert svg_of(picture.draw(WIDE)).count("<a ") == 2


def test_parts_that_are_not_named_are_summed() -> None:
    case = make_public()
    make_warning(case, **CODED)
    for path, modality in zip(CODED, MODALITIES, strict=True):
        make_claim(case, f"warning-1.{path}", modality=modality)
    assert picture_of(NAME).finding == (
        "Of 22 coded values in 1 case, 64% are not stated in the sources, 14% without a claim, 5% "
        "quoted and 5% stated by a source in its own voice; the other 14% are attributed, only "
        "reported or inferred by editors."
    )


def test_no_case_is_a_sentence() -> None:
    assert picture_of(NAME).is_empty
    assert picture_of(NAME).finding == "No value is coded here."
