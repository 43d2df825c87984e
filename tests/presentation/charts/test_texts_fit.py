"""Texts stay within their pictures even where the fonts of the site are missing.

Their widths are measured in the widest of the usual fonts, as `width_of` does.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from defusedxml.ElementTree import fromstring
from django.http import QueryDict

from cases.presentation.charts.chart_filter import ChartFilter
from cases.presentation.charts.drawing.text_width import width_of, wrapped
from cases.presentation.charts.drawn import drawn_picture
from cases.presentation.charts.registry import CHARTS

SVG = "{http://www.w3.org/2000/svg}"
ENDS = {"start": (0.0, 1.0), "middle": (0.5, 0.5), "end": (1.0, 0.0)}


def extents(svg: str) -> Iterator[tuple[str, float, float]]:
    """Yield each level text with its left and its right end, from that of the picture."""
    root = fromstring(svg)

    def below(element: object, x: float) -> Iterator[tuple[str, float, float]]:
        for child in element:  # type: ignore[attr-defined]
            transform = child.get("transform", "")
            if "rotate(-90" in transform:
                continue
            moved = re.match(r"translate\(([-\d.]+)", transform)
            at = x + (float(moved[1]) if moved else 0.0)
            if child.tag == f"{SVG}text":
                size = float(child.get("font-size", "11px").removesuffix("px"))
                is_bold = child.get("font-weight") == "bold"
                lines = [child.text or "", *(span.text or "" for span in child)]
                before, _ = ENDS[child.get("text-anchor", "start")]
                for line in lines:
                    width = width_of(line, size, bold=is_bold)
                    yield line, at - width * before, at + width * (1 - before)
            else:
                yield from below(child, at)

    yield from below(root, 0.0)


@pytest.mark.django_db
@pytest.mark.usefixtures("demo")
@pytest.mark.parametrize("name", CHARTS)
@pytest.mark.parametrize("query", ["", "group=actor", "case=moscow-concert-hall-2024"])
def test_texts_stay_within_the_picture(name: str, query: str) -> None:
    drawn = drawn_picture(name, ChartFilter(QueryDict(query)))
    if drawn.picture.is_empty:
        return
    for svg in (drawn.svg_wide, drawn.svg_narrow):
        width = float(fromstring(svg).get("viewBox").split()[2])
        assert [one for one in extents(svg) if one[1] < -6 or one[2] > width + 6] == []


def test_lines_of_a_caption_are_no_wider_than_the_picture() -> None:
    lines = wrapped("WHO WARNED WHOM of an imminent attack " * 12, 12, 340)
    assert all(width_of(line, 12) <= 340 for line in lines)
    assert " ".join(lines).split() == ("WHO WARNED WHOM of an imminent attack " * 12).split()


@pytest.mark.django_db
@pytest.mark.usefixtures("demo")
@pytest.mark.parametrize("name", CHARTS)
def test_title_and_caption_of_a_file_stay_within_it(name: str) -> None:
    svg = drawn_picture(name, ChartFilter(QueryDict(""))).svg("https://casebook.example")
    width = float(fromstring(svg).get("viewBox").split()[2])
    # As wide as the others, whatever its labels.
    assert 760 <= width <= 790
    assert [one for one in extents(svg) if one[1] < 0 or one[2] > width] == []
