"""The Equal Earth projection, as the drawing engine has it, so that texts can be placed."""

from __future__ import annotations

import math
from dataclasses import dataclass

from cases.presentation.charts.picture import Spec

from .world import Point

# The most northern and southern latitude of the map, the meridian in its middle, and how far it
# goes from there, so that no land is cut.
_NORTH, _SOUTH, _CENTRE, _FAR = 83.7, -56.0, 11, 177

# Its polynomial, by Šavrič, Patterson and Jenny (2018).
_A, _B, _C, _D = 1.340264, -0.081106, 0.000893, 0.003796
_ROOT = math.sqrt(3) / 2


@dataclass(frozen=True)
class Projection:
    """The projection at a width in pixels. It keeps areas in proportion."""

    width: int

    @property
    def scale(self) -> float:
        return self.width / 2 / _projected(_FAR, 0)[0]

    @property
    def equator(self) -> float:
        """How far down the equator is."""
        return self.scale * _projected(0, _NORTH)[1]

    @property
    def height(self) -> int:
        return round(self.equator - self.scale * _projected(0, _SOUTH)[1])

    def __call__(self, place: Point) -> Point:
        """Return where a longitude and latitude is in the picture."""
        longitude, latitude = place
        x, y = _projected((longitude - _CENTRE + 180) % 360 - 180, latitude)
        return self.width / 2 + self.scale * x, self.equator - self.scale * y

    @property
    def spec(self) -> Spec:
        return {
            "type": "equalEarth",
            "rotate": [-_CENTRE, 0],
            "scale": round(self.scale, 2),
            "translate": [self.width / 2, round(self.equator, 2)],
        }


def _projected(longitude: float, latitude: float) -> Point:
    angle = math.asin(_ROOT * math.sin(math.radians(latitude)))
    square = angle**2
    sixth = square**3
    slope = _ROOT * (_A + 3 * _B * square + sixth * (7 * _C + 9 * _D * square))
    x = math.radians(longitude) * math.cos(angle) / slope
    return x, angle * (_A + _B * square + sixth * (_C + _D * square))
