"""The picture of how specific warnings were: counts of cases by value, and what it says."""

from __future__ import annotations

import pytest

from tests.support.factories import make_warning

from .asking import make_public, picture_of, values

pytestmark = [pytest.mark.django_db, pytest.mark.once]

NAME = "specificity"


def test_case_counts_for_each_value_of_its_warnings() -> None:
    case = make_public()
    make_warning(case, place_specificity="named")
    make_warning(case, place_specificity="absent", who_specificity="category")
    make_public()
    picture = picture_of(NAME)
    assert values(picture, "subject", "specificity", "cases") == [
        ("Who attacks", "Kind only", 1),
        ("Who attacks", "Not stated", 1),
        ("Target", "Not stated", 1),
        ("Place", "Named", 1),
        ("Place", "Absent", 1),
        ("Time", "Not stated", 1),
    ]
    assert picture.finding == ("In the one case with a warning, a warning names the place.")
    assert "1 case without a warning is not here" in picture.caveat


def test_values_that_the_address_leaves_out_are_not_there() -> None:
    case = make_public()
    make_warning(case, place_specificity="named")
    make_warning(case, place_specificity="absent")
    picture = picture_of(NAME, "specificity_place=absent")
    places = [row for row in values(picture, "subject", "specificity") if row[0] == "Place"]
    assert places == [("Place", "Absent")]
    assert "the place" not in picture.finding


def test_no_warning_is_a_sentence() -> None:
    make_public()
    assert picture_of(NAME).is_empty
    assert picture_of(NAME).finding == "No case here has a warning."
