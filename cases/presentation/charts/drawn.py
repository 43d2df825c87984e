"""Pictures as they are sent: counted once for each address and version, and drawn when needed."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from django.conf import settings
from django.http import QueryDict
from django.utils.functional import cached_property

from cases.finding.description import described

from .case_set import SITE, CaseSet
from .chart_filter import ChartFilter
from .drawing.renderer import png_of, svg_of
from .drawing.style import TEXT
from .drawing.svg import inline, standalone, wrapped
from .picture import NARROW, WIDE, Frame, Picture, Spec
from .registry import CHARTS

# Pictures that a process keeps.
KEPT = 128

# Parameters that change nothing in a picture.
_IDLE = ("page", "per_page", "view", "column", "layout", "order")

UNKNOWN_CASES = "Cases that never became public cannot be counted."


@dataclass(frozen=True)
class DrawnPicture:
    """A picture with its specification for each frame; it holds nothing that could change.

    `described` says which cases it is of, `version` in which version of the dataset.
    """

    picture: Picture
    wide: Spec
    narrow: Spec
    described: str
    version: int

    @property
    def source(self) -> str:
        """The line below the picture: where it is from, of how many cases, and what to mind."""
        return (
            f"{settings.SITE_NAME}, dataset version {self.version}: {self.described}. "
            f"{self.picture.caveat} {UNKNOWN_CASES}"
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
        picture = self.picture
        title = {"text": picture.title, "subtitle": wrapped(picture.finding, WIDE.width, TEXT)}
        usermeta = {"source": self.source, "address": site}
        spec = self.wide | {"title": title, "description": picture.finding, "usermeta": usermeta}
        return {key: _with_site(one, site) for key, one in spec.items()}

    def svg(self, site: str) -> str:
        """Return the SVG as a file of its own; raises RenderingError."""
        spec = self.specification(SITE)
        picture = self.picture
        return standalone(svg_of(spec), site, picture.title, self.alternative, self.source)

    def png(self, site: str) -> bytes:
        """Return the picture as PNG; raises RenderingError."""
        return png_of(self.svg(site))


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
    return _kept(cases.version, name, cases.query.without(*_IDLE))


@lru_cache(maxsize=KEPT)
def _kept(version: int, name: str, query: str) -> DrawnPicture:
    """Draw the picture at an address; `version` tells it from that of other versions."""
    return _drawn(name, ChartFilter(QueryDict(query)))


def _drawn(name: str, cases: ChartFilter) -> DrawnPicture:
    picture = CHARTS[name](CaseSet(cases))

    def spec(frame: Frame) -> Spec:
        return {} if picture.is_empty else picture.draw(frame)

    words = described(cases)
    if picture.drawn not in (None, len(cases.keys)):
        words = f"{words}; {picture.drawn:,} {'is' if picture.drawn == 1 else 'are'} drawn"
    return DrawnPicture(picture.without_drawing(), spec(WIDE), spec(NARROW), words, cases.version)
