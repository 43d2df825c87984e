"""Pictures: their colours, their links, and what happens when one cannot be drawn."""

from __future__ import annotations

import os
import re
import zlib
from pathlib import Path

import pytest
from defusedxml.ElementTree import fromstring
from django.conf import settings
from django.http import QueryDict

from cases.presentation.charts.chart_filter import ChartFilter
from cases.presentation.charts.drawing import renderer
from cases.presentation.charts.drawing.renderer import Renderer, RenderingError
from cases.presentation.charts.drawing.style import TOKENS
from cases.presentation.charts.drawing.text_width import width_of, wrapped
from cases.presentation.charts.drawn import drawn_picture
from cases.presentation.charts.picture import Cell, Column, Picture
from cases.presentation.charts.registry import CHARTS

A = "{http://www.w3.org/2000/svg}a"


def pixels(png: bytes) -> bytes:
    """Return what a PNG stores of its pixels: the bytes of all its IDAT chunks, unpacked."""
    at, packed = 8, b""
    while at < len(png):
        length, kind = int.from_bytes(png[at : at + 4]), png[at + 4 : at + 8]
        packed += png[at + 8 : at + 8 + length] if kind == b"IDAT" else b""
        at += length + 12
    return zlib.decompress(packed)


def extent(shape: str) -> float:
    """Return how wide a path is whose points are written with their places, in pixels."""
    places = [float(place) for place in re.findall(r"[ML](-?[\d.]+),", shape)]
    return max(places) - min(places) if places else 0.0


def test_colours_are_the_light_ones_of_the_style_sheet() -> None:
    sheet = Path(settings.BASE_DIR, "static/css/tokens.css").read_text(encoding="utf-8")
    light = dict(re.findall(r"--([a-z-]+): light-dark\((#[0-9a-f]{6}),", sheet))
    assert {name: light[name] for name in TOKENS} == TOKENS


@pytest.mark.django_db
@pytest.mark.usefixtures("demo")
@pytest.mark.parametrize("name", CHARTS)
def test_picture_names_itself_and_links_within_the_site(name: str) -> None:
    drawn = drawn_picture(name, ChartFilter(QueryDict("recipient=russia&recipient=iran")))
    for svg in (drawn.svg_wide, drawn.svg_narrow):
        root = fromstring(svg)
        texts = [element.text for element in root.iter() if element.tag.endswith(("title", "desc"))]
        assert texts == [drawn.picture.title, drawn.alternative]
        links = list(root.iter(A))
        assert links
        # One stop of Tab for each mark.
        stops = [(link.get("href"), link.get("aria-label")) for link in links]
        assert len(stops) == len(set(stops))
        assert all(link.get("href", "").startswith("/") for link in links)
        assert all(link.get("aria-label") for link in links)
        # Each where the reader sees what it is of, and not over the whole picture.
        shapes = [mark.get("d") for link in links for mark in link if mark.get("d")]
        width = float(root.get("viewBox", "").split()[2])
        drawn_wide = [shape for shape in set(shapes) if shapes.count(shape) > 3 and len(shape) > 60]
        assert [shape for shape in drawn_wide if extent(shape) > width / 2] == []
        # In the colours of the page alone, and without styles that its policy forbids.
        assert "#" not in re.sub(r"url\(#|href=\"[^\"]*\"", "", svg)
        assert "style=" not in svg


@pytest.mark.django_db
@pytest.mark.usefixtures("demo")
@pytest.mark.parametrize("name", CHARTS)
def test_file_needs_nothing_from_elsewhere(name: str) -> None:
    drawn = drawn_picture(name, ChartFilter(QueryDict()))
    svg = drawn.svg("https://casebook.example")
    root = fromstring(svg)
    assert "var(--" not in svg
    assert "invalid" not in svg
    texts = " ".join(element.text or "" for element in root.iter() if element.tag.endswith("text"))
    assert drawn.picture.title in texts
    assert "dataset version" in texts
    png = drawn.png("https://casebook.example")
    assert png.startswith(b"\x89PNG")
    assert len(set(pixels(png))) > 50, "the picture is blank"


def test_renderer_stops_a_picture_that_takes_too_long_and_draws_the_next(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    drawing = Renderer()
    svg = '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>'
    with monkeypatch.context() as patch:
        patch.setattr(renderer, "MAX_SECONDS", 0.0)
        with pytest.raises(RenderingError, match="not drawn within"):
            drawing.ask({"svg": svg})
    assert drawing.ask({"svg": svg})
    drawing.stop()


def test_renderer_that_is_started_draws_also_in_a_process_forked_from_its_own() -> None:
    drawing = Renderer()
    drawing.start()
    svg = '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>'
    if (child := os.fork()) == 0:
        drawn = bool(drawing.ask({"svg": svg}))
        drawing.stop()
        os._exit(0 if drawn else 1)
    assert drawing.ask({"svg": svg})
    assert os.waitpid(child, 0)[1] == 0
    assert drawing.ask({"svg": svg})
    drawing.stop()


def test_renderer_says_what_is_wrong_with_a_specification() -> None:
    drawing = Renderer()
    with pytest.raises(RenderingError):
        drawing.ask({"spec": {"mark": "no such mark"}})
    drawing.stop()


def test_rows_are_sorted_by_a_column_with_missing_values_last() -> None:
    columns = [Column("name", "Name"), Column("cases", "Cases", is_number=True)]
    rows = [(Cell("b"), Cell(None)), (Cell("C"), Cell(2)), (Cell("a"), Cell(10))]
    picture = Picture("any", "Any", "Finding.", "Caveat.", columns, rows, lambda frame: {})

    def names(order: str) -> list[object]:
        return [row[0].value for row in picture.sorted_rows(order)]

    assert names("name") == ["a", "b", "C"]
    assert names("-cases") == ["a", "C", "b"]
    assert names("cases") == ["C", "a", "b"]
    assert names("nonsense") == ["b", "C", "a"]


def test_texts_with_a_number_are_sorted_by_it() -> None:
    rows = [(Cell("10 days", sort=10),), (Cell(None),), (Cell("2 days", sort=2),)]
    columns = [Column("days", "Days")]
    picture = Picture("any", "Any", "Finding.", "Caveat.", columns, rows, lambda frame: {})
    assert [row[0].value for row in picture.sorted_rows("days")] == ["2 days", "10 days", None]


def test_words_around_a_file_fit_in_wider_fonts_too() -> None:
    text = "The sources say so. " * 20 + "https://casebook.example/charts/?recipient=" + "r" * 300
    lines = wrapped(text, 12, 720)
    assert "".join(lines).replace(" ", "") == text.replace(" ", "")
    assert all(width_of(line, 12) <= 720 for line in lines)
    assert wrapped("", 12, 720) == []


@pytest.mark.django_db
@pytest.mark.usefixtures("demo")
@pytest.mark.parametrize("name", CHARTS)
def test_file_has_room_around_its_picture_and_its_words(name: str) -> None:
    root = fromstring(drawn_picture(name, ChartFilter(QueryDict())).svg("https://casebook.example"))
    width = float(root.get("width", "0"))
    for text in (one for one in root if one.tag.endswith("text")):
        size = float(text.get("font-size", "0").removesuffix("px"))
        assert float(text.get("x", "0")) + width_of(text.text or "", size) <= width
