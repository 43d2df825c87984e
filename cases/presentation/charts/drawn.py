"""Pictures as they are sent: counted once for each address and version, and drawn when needed."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from functools import lru_cache

from django.conf import settings
from django.http import QueryDict
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.functional import cached_property

from cases.finding.description import described
from cases.models.synthetic_label import synthetic_cases_are_public
from cases.versions.announcements import last_change

from .case_set import SITE, CaseSet
from .chart_filter import ChartFilter
from .drawing.renderer import png_of, svg_of
from .drawing.style import INK, INK_SOFT, SMALL_TEXT, TEXT, styled
from .drawing.svg import Line, Words, inline, size_of, standalone
from .drawing.text_width import wrapped
from .picture import NARROW, WIDE, Frame, Picture, Spec
from .registry import CHARTS

# Pictures that a process keeps.
KEPT = 128

# What only a whole specification has.
_OF_WHOLE = ("$schema", "config", "background", "padding")

# Pixels.
TITLE_SIZE = 18

NOTHING = "No case here has what this picture is about."
TEST_DATA = "Test data: synthetic cases. "
LICENCE = "CC BY 4.0, https://creativecommons.org/licenses/by/4.0/"
UNKNOWN_CASES = "Cases that never became public cannot be counted."


@dataclass(frozen=True)
class DrawnPicture:
    """A picture with its specification for each frame; it holds nothing that could change.

    `described` says which cases it is of, `version` in which version of the dataset, which is of
    the day `issued`, and `query` is the query string of its address. `is_test_data` says whether
    the collection has synthetic cases.
    """

    picture: Picture
    wide: Spec
    narrow: Spec
    described: str
    version: int
    issued: dt.date | None
    query: str
    is_test_data: bool

    @property
    def source(self) -> str:
        """The line below the picture: where it is from, of how many cases, and what to mind."""
        issued = f" of {date_format(self.issued, 'j F Y')}" if self.issued else ""
        return (
            f"{TEST_DATA if self.is_test_data else ''}{settings.SITE_NAME}, dataset version "
            f"{self.version}{issued}: {self.described}. {self.picture.caveat} {UNKNOWN_CASES}"
        )

    @property
    def alternative(self) -> str:
        """The text for who cannot see it."""
        return f"{self.picture.finding} The table has the same numbers."

    @cached_property
    def svg_wide(self) -> str:
        """The SVG for a page, on a wide screen; raises RenderingError."""
        return self._inline(self.wide, "")

    @cached_property
    def svg_narrow(self) -> str:
        """The SVG for a page, on a narrow screen; raises RenderingError."""
        return self._inline(self.narrow, "narrow-")

    def _inline(self, spec: Spec, prefix: str) -> str:
        picture = self.picture
        return inline(svg_of(spec), f"{prefix}{picture.name}", picture.title, self.alternative)

    def specification(self, site: str) -> Spec:
        """Return the specification as a file: with its title, its source, and links to `site`."""
        drawing = {key: one for key, one in self.wide.items() if key not in _OF_WHOLE}
        whole = {key: one for key, one in self.wide.items() if key in _OF_WHOLE}
        title, finding, source = self._texts(site)
        above = {"text": title, "subtitle": finding, "frame": "bounds"}
        below = {
            "text": source,
            "orient": "bottom",
            "frame": "bounds",
            "fontSize": SMALL_TEXT,
            "fontWeight": "normal",
            "lineHeight": 17,
            "color": INK_SOFT,
        }
        spec = whole | {
            "padding": 16,
            "description": self.picture.finding,
            "usermeta": {"source": " ".join(self._sources(site)), "address": self._address(site)},
            # A view has one title, so that the one of the whole is what stands below.
            "title": below,
            "vconcat": [drawing | {"title": above}],
        }
        return {key: _with_site(one, site) for key, one in spec.items()}

    def svg(self, site: str) -> str:
        """Return the SVG as a file of its own; raises RenderingError."""
        title, finding, source = self._texts(site)
        words = Words(
            above=[
                *(Line(line, TITLE_SIZE, INK, is_bold=True) for line in title),
                *(Line(line, TEXT) for line in finding),
            ],
            below=[Line(line, SMALL_TEXT) for line in source],
            width=WIDE.width,
        )
        return standalone(svg_of(self.wide), site, self.picture.title, self.alternative, words)

    @cached_property
    def size(self) -> tuple[int, int]:
        """The width and the height of its files in pixels; raises RenderingError."""
        return size_of(self.svg(""))

    def png(self, site: str) -> bytes:
        """Return the picture as PNG; raises RenderingError."""
        return png_of(self.svg(site))

    def _texts(self, site: str) -> tuple[list[str], list[str], list[str]]:
        """Return the lines of the title, of the finding and of the source."""
        title = wrapped(self.picture.title, TITLE_SIZE, WIDE.width)
        finding = wrapped(self.picture.finding, TEXT, WIDE.width)
        source = [
            line for text in self._sources(site) for line in wrapped(text, SMALL_TEXT, WIDE.width)
        ]
        return title, finding, source

    def _sources(self, site: str) -> list[str]:
        """Return what a file says of itself, which may be all that its reader has."""
        return [self.source, self._address(site), LICENCE]

    def _address(self, site: str) -> str:
        query = f"?{self.query}" if self.query else ""
        return f"{site}{reverse('chart', args=[self.picture.name])}{query}"


def _with_site(value: object, site: str) -> object:
    match value:
        case str():
            return value.replace(SITE, site)
        case dict():
            return {key: _with_site(one, site) for key, one in value.items()}
        case list():
            return [_with_site(one, site) for one in value]
    return value


def drawn_picture(name: str, cases: ChartFilter) -> DrawnPicture:
    """Return the picture of a name for the cases that an address asks for."""
    # What a search finds may follow the records later, so that the version does not say it.
    if "q" in cases.query.data:
        return _drawn(name, cases)
    return _kept(cases.version, name, cases.query_of(name))


@lru_cache(maxsize=KEPT)
def _kept(version: int, name: str, query: str) -> DrawnPicture:
    """Draw the picture at an address; `version` keeps those of other versions apart."""
    return _drawn(name, ChartFilter(QueryDict(query)))


def _drawn(name: str, cases: ChartFilter) -> DrawnPicture:
    case_set = CaseSet(cases)
    picture = CHARTS[name](case_set)

    def spec(frame: Frame) -> Spec:
        return _nothing(frame) if picture.is_empty else picture.draw(frame)

    words = described(cases)
    if picture.drawn not in (None, len(cases.keys)):
        words = f"{words}; {picture.drawn:,} {'is' if picture.drawn == 1 else 'are'} drawn"
    # Of an address that asks for cases without notes, `having()` would count others.
    has_notes = case_set.asks_for("has_notes", "yes")
    noted = case_set.having({"has_notes": "yes"}).count if has_notes else 0
    if noted and not picture.is_empty:
        where = f", in {noted:,} of them," if len(case_set) > 1 else ""
        words = f"{words}. Notes that challenge or complete values{where} are not drawn"
    return DrawnPicture(
        picture.without_drawing(),
        spec(WIDE),
        spec(NARROW),
        words,
        cases.version,
        last_change(),
        cases.query_of(name),
        synthetic_cases_are_public(),
    )


def _nothing(frame: Frame) -> Spec:
    """Return what files have of a picture without anything to draw: a sentence."""
    mark = {"type": "text", "align": "left", "baseline": "middle", "text": NOTHING}
    place = {"x": {"value": 0}, "y": {"value": 10}}
    drawing = {"data": {"values": [{}]}, "mark": mark, "encoding": place}
    return styled({"width": frame.width, "height": 20, "padding": 0} | drawing, frame)
