"""Where texts lie: beside their marks, and on nothing else."""

from __future__ import annotations

import pytest

from cases.presentation.charts.lead_time.places import Box, Symlog, free_place

pytestmark = pytest.mark.once

ROOM = Box(0, 0, 300, 200)


def test_symlog_scale_is_undone_by_its_values() -> None:
    scale = Symlog(most=400, start=10, end=290, first=0, last=300)
    assert scale.at(0) == 10
    assert scale.at(400) == pytest.approx(290)
    for pixel in (0, 10, 100, 300):
        value = scale.value(pixel)
        assert value < 0 or scale.at(value) == pytest.approx(pixel)


def test_text_lies_beside_its_marks_where_that_is_free() -> None:
    own = Box(100, 95, 110, 105)
    assert free_place((80, 20), own, [own], ROOM) == Box(118, 90, 198, 110)
    right = Box(118, 0, 300, 200)
    assert free_place((80, 20), own, [own, right], ROOM) == Box(12, 90, 92, 110)
    level = Box(0, 90, 300, 110)
    assert free_place((80, 20), own, [own, level], ROOM) == Box(65, 65, 145, 85)
    assert free_place((80, 20), own, [ROOM], ROOM) is None
    assert free_place((400, 20), own, [own], ROOM) is None
