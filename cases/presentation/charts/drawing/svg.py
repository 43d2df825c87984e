"""The SVG of a picture: within a page, and as a file of its own."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple
from xml.etree import ElementTree as ET

from defusedxml.ElementTree import fromstring

from cases.presentation.charts.case_set import SITE

from .style import FONT, INK_SOFT, TOKENS

SVG, XLINK = "http://www.w3.org/2000/svg", "http://www.w3.org/1999/xlink"

# Pixels around a file, where letters may be wider than ours, and between picture and words.
_MARGIN, _GAP = 32, 14

# Tenths of a pixel are the least that can be seen, and the land has thousands of points.
_DIGITS = re.compile(r"(\.\d)\d+")
# What Vega draws as the ground of a group without one.
_NOTHING = ("", "M0,0h0v0h0Z")

_TOKEN_OF = {colour: name for name, colour in TOKENS.items()}
_COLOUR = re.compile("|".join(TOKENS.values()))

ET.register_namespace("", SVG)
ET.register_namespace("xlink", XLINK)


class Line(NamedTuple):
    """A line of text above or below a picture."""

    text: str
    size: int
    colour: str = INK_SOFT
    is_bold: bool = False

    @property
    def height(self) -> float:
        return round(self.size * 1.35)


@dataclass(frozen=True)
class Words:
    """What a file has above and below its picture, which are given this width at least."""

    above: Sequence[Line]
    below: Sequence[Line]
    width: float


def inline(svg: str, name: str, title: str, description: str) -> str:
    """Return a picture for a page: in the colours of the page, with links within the site.

    `name` begins its identifiers, which are unique in the page then.
    """
    root = _described(svg, name, title, description)
    root.set("class", "picture")
    background = root.find(f"{{{SVG}}}rect")
    if background is not None:  # the page has one
        root.remove(background)
    for link in root.iter(f"{{{SVG}}}a"):
        del link.attrib[f"{{{XLINK}}}href"]  # for older programs than browsers
    text = ET.tostring(root, encoding="unicode").replace(SITE, "")
    return _COLOUR.sub(lambda found: f"var(--{_TOKEN_OF[found[0]]})", text)


def standalone(svg: str, site: str, title: str, description: str, words: Words) -> str:
    """Return a picture as a file: in light colours, with links to `site`, and words around it."""
    root = _described(svg, "picture", title, description)
    width, height = float(root.get("width", "0")), float(root.get("height", "0"))
    above = sum(line.height for line in words.above) + (_GAP if words.above else 0)
    below = sum(line.height for line in words.below) + (_GAP if words.below else 0)
    whole = ET.Element(f"{{{SVG}}}svg", root.attrib)
    full = (max(width, words.width) + 2 * _MARGIN, above + height + below + 2 * _MARGIN)
    whole.set("width", f"{full[0]:g}")
    whole.set("height", f"{full[1]:g}")
    whole.set("viewBox", f"0 0 {full[0]:g} {full[1]:g}")
    ET.SubElement(whole, f"{{{SVG}}}rect", width="100%", height="100%", fill=TOKENS["surface"])
    _write(whole, words.above, _MARGIN)
    at = f"translate({_MARGIN},{_MARGIN + above:g})"
    group = ET.SubElement(whole, f"{{{SVG}}}g", transform=at)
    for child in root:
        (whole if child.tag in (f"{{{SVG}}}title", f"{{{SVG}}}desc") else group).append(child)
    _write(whole, words.below, _MARGIN + above + height + _GAP)
    return ET.tostring(whole, encoding="unicode").replace(SITE, site)


def size_of(svg: str) -> tuple[int, int]:
    """Return the width and the height of a picture in pixels."""
    root = fromstring(svg)
    return round(float(root.get("width", "0"))), round(float(root.get("height", "0")))


def _write(whole: ET.Element, lines: Sequence[Line], top: float) -> None:
    """Write lines of text, one below the other from a height."""
    for line in lines:
        text = ET.SubElement(
            whole,
            f"{{{SVG}}}text",
            {
                "x": f"{_MARGIN}",
                "y": f"{top + line.size:g}",
                "font-family": FONT,
                "font-size": f"{line.size}px",
                "font-weight": "bold" if line.is_bold else "normal",
                "fill": line.colour,
            },
        )
        text.text = line.text
        top += line.height


def _described(svg: str, name: str, title: str, description: str) -> ET.Element:
    """Return the picture with title, description and links that say where they lead."""
    root: ET.Element = fromstring(svg)
    for place, (tag, text) in enumerate((("title", title), ("desc", description))):
        element = ET.Element(f"{{{SVG}}}{tag}", id=f"{name}-{tag}")
        element.text = text
        root.insert(place, element)
    root.set("role", "group")
    root.set("aria-labelledby", f"{name}-title {name}-desc")
    _make_ids_unique(root, name)
    for link in root.iter(f"{{{SVG}}}a"):
        link.set("href", link.get(f"{{{XLINK}}}href", ""))
        link.set("aria-label", next((mark.get("aria-label", "") for mark in link), ""))
    # What Vega says of axes and legends would be read out as long lists; the table has the numbers.
    for element in root.iter():
        if element.tag != f"{{{SVG}}}a" and element is not root:
            for attribute in ("role", "aria-roledescription", "aria-label"):
                element.attrib.pop(attribute, None)
        element.attrib.pop("class", None)
        if "d" in element.attrib:
            element.set("d", _DIGITS.sub(r"\1", element.attrib["d"]))
    for parent in list(root.iter()):
        for child in list(parent):
            if child.get("d") in _NOTHING and not len(child):
                parent.remove(child)
    return root


def _make_ids_unique(root: ET.Element, name: str) -> None:
    for element in root.iter():
        if "id" in element.attrib and not element.attrib["id"].startswith(f"{name}-"):
            element.set("id", f"{name}-{element.attrib['id']}")
        for attribute, value in element.attrib.items():
            if value.startswith("url(#"):
                element.set(attribute, value.replace("url(#", f"url(#{name}-"))
