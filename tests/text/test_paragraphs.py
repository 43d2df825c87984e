"""Paragraph numbers in locators, and the reasons that editors give for paragraphs."""

from __future__ import annotations

import pytest

from cases.text.paragraphs import grouped, paragraphs_in, read_reasons


@pytest.mark.parametrize(
    ("locator", "numbers"),
    [
        ("¶9", {9}),
        ("¶3, ¶5", {3, 5}),
        ("¶3, 5 and 7", {3, 5, 7}),
        ("¶4–6", {4, 5, 6}),
        ("¶¶4-¶6", {4, 5, 6}),
        ("¶21–99999", {21, 22}),
        ("¶0", set()),
        ("¶23", set()),
        ("¶1234567", set()),
        ("p. 9", set()),
        ("p. 9, ¶2", {2}),
        ("H", set()),
        ("", set()),
    ],
)
def test_locator_names_its_paragraphs_up_to_the_last(locator: str, numbers: set[int]) -> None:
    assert paragraphs_in(locator, 22) == numbers


def test_reasons_are_read_line_by_line_and_wrong_lines_returned() -> None:
    text = "¶2: General: no case.\n\n  ¶4–5, 7: Repeats ¶3. \n¶9:\nNothing\n¶23: Too far."
    reasons, wrong = read_reasons(text, 22)
    assert reasons == {2: "General: no case."} | dict.fromkeys((4, 5, 7), "Repeats ¶3.")
    assert wrong == ["¶9:", "Nothing", "¶23: Too far."]


def test_neighbours_with_the_same_reason_are_grouped() -> None:
    reasons = {2: "General.", 3: "General.", 5: "Repeats."}
    assert grouped([8, 2, 3, 5, 6, 7], reasons) == [
        (2, "¶2–3", "General."),
        (5, "¶5", "Repeats."),
        (6, "¶6–8", ""),
    ]
