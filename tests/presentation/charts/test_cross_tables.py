"""Tables of two variables: what they say of ties and of one case, and what their totals count."""

from __future__ import annotations

import pytest

from cases.models import Case
from cases.presentation.charts.picture import WIDE
from tests.support.factories import make_claim, make_incident, make_warning

from .asking import make_public, picture_of, values

pytestmark = [pytest.mark.django_db, pytest.mark.once]

RECEPTION, INCIDENT = "reception-by-follow-up", "incident-by-channel"


def make_received(reception: str, follow_up: str, case: Case | None = None) -> Case:
    case = case or make_public()
    make_warning(case, reception=reception, follow_up=follow_up)
    return case


def test_finding_is_of_the_cases_that_state_both() -> None:
    make_received("accepted", "acted")
    make_public()
    assert picture_of(RECEPTION).finding == (
        "In the one case in which both the reception and the follow-up have a value, the reception "
        "“Accepted” goes with the follow-up “Acted”."
    )
    make_received("accepted", "acted")
    make_received("accepted", "not_stated")
    assert picture_of(RECEPTION).finding == (
        "In 2 of 4 cases both the reception and the follow-up have a value; in each of these, the "
        "reception “Accepted” goes with the follow-up “Acted”."
    )
    make_received("dismissed", "acted")
    assert picture_of(RECEPTION).finding == (
        "In 3 of 5 cases both the reception and the follow-up have a value; most often, in 2 of "
        "these, the reception “Accepted” goes with the follow-up “Acted”."
    )
    make_received("dismissed", "acted")
    assert picture_of(RECEPTION).finding == (
        "In 4 of 6 cases both the reception and the follow-up have a value; no reception goes with "
        "a follow-up in more than 2 of these."
    )


def test_one_case_of_several_pairs_has_no_most_frequent_one() -> None:
    make_received("dismissed", "acted", make_received("accepted", "acted"))
    assert picture_of(RECEPTION).finding == (
        "The one case in which both the reception and the follow-up have a value has 2 pairs of "
        "them."
    )


def test_number_says_how_many_of_its_cases_editors_inferred() -> None:
    weak, firm = make_received("accepted", "acted"), make_received("accepted", "acted")
    make_claim(weak, "warning-1.reception", modality="inferred")
    make_claim(firm, "warning-1.reception", modality="stated")
    picture = picture_of(RECEPTION)
    assert values(picture, "reception", "follow_up", "cases", "inferred") == [
        ("Accepted", "Acted", 2, 1),
        ("Accepted", "All", 2, 1),
        ("All", "Acted", 2, 0),
    ]
    assert picture.finding.endswith(
        "“Acted”; in 1 of them editors inferred at least one of the two."
    )
    marks = [mark["says"] for mark in picture.draw(WIDE)["data"]["values"]]
    assert "Reception: Accepted: 2 cases; in 1 of them editors inferred it" in marks
    assert "Follow-up: Acted: 2 cases" in marks


def test_totals_count_cases_that_have_both_variables() -> None:
    warned, unwarned, nothing = make_public(), make_public(), make_public()
    make_incident(warned, kind="attack")
    make_warning(warned, channel="private")
    make_incident(unwarned, kind="attack")
    make_incident(unwarned, kind="invasion")
    make_warning(nothing, channel="public")
    picture = picture_of(INCIDENT)
    assert values(picture, "incident", "channel", "cases") == [
        ("Attack", "Private", 1),
        ("Attack", "All", 1),
        ("All", "Private", 1),
    ]
    codes = [tuple(cell.codes[0] for cell in row[:2]) for row in picture.rows]
    assert codes == [("attack", "private"), ("attack", "all"), ("all", "private")]


def test_number_has_a_star_if_editors_inferred_it_in_each_of_its_cases() -> None:
    weak, firm = make_received("accepted", "acted"), make_received("dismissed", "acted")
    make_claim(weak, "warning-1.reception", modality="inferred")
    make_claim(firm, "warning-1.reception", modality="stated")
    picture = picture_of(RECEPTION)
    numbers = {mark["says"]: mark["number"] for mark in picture.draw(WIDE)["data"]["values"]}
    assert numbers["Reception: Accepted; Follow-up: Acted: 1 case; editors inferred it"] == "1*"
    assert numbers["Reception: Dismissed; Follow-up: Acted: 1 case"] == "1"
    assert numbers["Follow-up: Acted: 2 cases"] == "2"
    assert picture.caveat.endswith("* Editors inferred it in each of these cases.")
