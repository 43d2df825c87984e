"""The land of the world and the middle of each country, from the boundaries of Natural Earth.

They are public domain, and the package `mapcraft` ships them (1:50 million, as TopoJSON). Its data
are read once by each process, and none of its code. The land is thinned to what a picture shows.
"""

from __future__ import annotations

import gzip
import json
import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.metadata import distribution
from itertools import accumulate, pairwise
from typing import Any

from cases.text.folding import fold

CREDIT = "Made with Natural Earth."

_FILE = "mapcraft/packs/world-countries-2024.json.gz"

# Degrees: how far apart the points of a coast are at least, how large an island is, and how far
# south the land goes, which leaves out Antarctica.
_APART, _LARGE_ENOUGH, _SOUTH = 1.4, 2.2, -57.0

# Names of states that Natural Earth calls otherwise, folded.
_OTHER_NAMES = {
    "britain": "united kingdom",
    "burma": "myanmar",
    "cape verde": "cabo verde",
    "congo-brazzaville": "congo",
    "congo-kinshasa": "dem. rep. congo",
    "czech republic": "czechia",
    "democratic republic of congo": "dem. rep. congo",
    "dr congo": "dem. rep. congo",
    "east timor": "timor-leste",
    "great britain": "united kingdom",
    "ivory coast": "cote d'ivoire",
    "palestinian territories": "palestine",
    "republic of congo": "congo",
    "republic of ireland": "ireland",
    "republic of the congo": "congo",
    "swaziland": "eswatini",
    "united states": "united states of america",
    "vatican city": "vatican",
}

Point = tuple[float, float]
Ring = list[Point]


@dataclass(frozen=True)
class World:
    """The land as GeoJSON, and a point within each country by its folded names."""

    land: dict[str, Any]
    middles: dict[str, Point]

    def middle(self, name: str) -> Point | None:
        """Return the longitude and latitude of a point in a country; None if it is not known."""
        folded = fold(name).replace("’", "'").removeprefix("the ")
        return self.middles.get(_OTHER_NAMES.get(folded, folded))


@cache
def world() -> World:
    """Return the world, which is read on the first call."""
    with gzip.open(
        str(distribution("mapcraft").locate_file(_FILE)), "rt", encoding="utf-8"
    ) as file:
        pack = json.load(file)
    topology, regions = pack["topology"], pack["regions"]
    arcs = [_decoded(arc, topology["transform"]) for arc in topology["arcs"]]
    objects = {name: one["geometries"] for name, one in topology["objects"].items()}
    polygons = [
        rings for geometry in objects["land"] for rings in _thinned(_polygons(geometry, arcs))
    ]
    middles: dict[str, Point] = {}
    for geometry in objects["countries"]:
        names = regions.get(geometry.get("id"), {}).get("aliases", [])
        outlines = [_unrolled(rings[0]) for rings in _polygons(geometry, arcs)]
        # That of Antarctica goes around the pole, and so does not end where it begins.
        closed = [ring for ring in outlines if abs(ring[0][0] - ring[-1][0]) < 1]
        middle = _middle(max(closed, key=_area))
        for name in (*names, geometry["properties"]["name"]):
            # A code of two letters or a number is no name of ours.
            if len(name) > 2 and not name.isdigit():
                middles.setdefault(fold(name).replace("’", "'"), middle)
    return World({"type": "MultiPolygon", "coordinates": polygons}, middles)


def _decoded(arc: Sequence[Sequence[int]], transform: dict[str, Any]) -> Ring:
    """Return the points of an arc, which TopoJSON writes as steps from one to the next."""
    (across, up), (west, south) = transform["scale"], transform["translate"]
    xs, ys = map(accumulate, zip(*arc, strict=True))
    return [(x * across + west, y * up + south) for x, y in zip(xs, ys, strict=True)]


def _polygons(geometry: dict[str, Any], arcs: Sequence[Ring]) -> Iterator[list[Ring]]:
    """Yield the rings of each polygon of a geometry, the outline first."""
    several = geometry["arcs"] if geometry["type"] == "MultiPolygon" else [geometry["arcs"]]
    for polygon in several:
        yield [_joined(ring, arcs) for ring in polygon]


def _joined(numbers: Iterable[int], arcs: Sequence[Ring]) -> Ring:
    """Return the ring that some arcs make; the complement of a number is its arc reversed."""
    ring: Ring = []
    for number in numbers:
        points = arcs[number] if number >= 0 else arcs[~number][::-1]
        ring += points[1:] if ring else points
    return ring


def _thinned(polygons: Iterable[list[Ring]]) -> Iterator[list[list[Point]]]:
    """Yield the polygons that a picture of the world shows, with as many points as it shows."""
    for rings in polygons:
        shown = [_thin(ring) for ring in rings if _extent(ring) >= _LARGE_ENOUGH]
        if shown and max(y for _, y in shown[0]) > _SOUTH:
            yield [ring for ring in shown if len(ring) > 3]


def _extent(ring: Ring) -> float:
    xs, ys = [x for x, _ in ring], [y for _, y in ring]
    return max(max(xs) - min(xs), max(ys) - min(ys))


def _thin(ring: Ring) -> list[Point]:
    kept = [ring[0]]
    for point in ring[1:-1]:
        if math.dist(point, kept[-1]) >= _APART:
            kept.append(point)
    return [(round(x, 1), round(y, 1)) for x, y in (*kept, ring[0])]


def _unrolled(ring: Ring) -> Ring:
    """Return a ring whose longitudes go on beyond 180 degrees where they start again."""
    steps = ((u - x + 180) % 360 - 180 for (x, _), (u, _) in pairwise(ring))
    longitudes = accumulate(steps, initial=ring[0][0])
    return [(x, y) for x, (_, y) in zip(longitudes, ring, strict=True)]


def _area(ring: Ring) -> float:
    """Return the area of a ring on earth, in a unit of its own."""
    sines = [math.sin(math.radians(y)) for _, y in ring]
    edges = zip(pairwise(ring), pairwise(sines), strict=True)
    return abs(sum((u - x) * (one + other) for ((x, _), (u, _)), (one, other) in edges))


def _middle(ring: Ring) -> Point:
    """Return the centre of gravity of a country; if that is outside, a point within beside it."""
    # Seen from one of its points, so that nothing is lost of the middle of a small island.
    west, south = ring[0]
    seen = [(x - west, y - south) for x, y in ring]
    weights = [x * v - u * y for (x, y), (u, v) in pairwise(seen)]
    lon, lat = (
        start
        + sum(
            w * (one[axis] + other[axis])
            for w, (one, other) in zip(weights, pairwise(seen), strict=True)
        )
        / (3 * sum(weights))
        for axis, start in enumerate((west, south))
    )
    # Where the parallel through the centre enters and leaves the country.
    ends = sorted(
        x + (lat - y) * (u - x) / (v - y)
        for (x, y), (u, v) in pairwise(ring)
        if (y > lat) != (v > lat)
    )
    spans = list(zip(ends[::2], ends[1::2], strict=True))
    if not any(west <= lon <= east for west, east in spans):
        west, east = max(spans, key=lambda span: span[1] - span[0])
        lon = (west + east) / 2
    return round((lon + 180) % 360 - 180, 2), round(lat, 2)
