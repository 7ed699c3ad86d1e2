"""What part of the ground is shown, how large, and how fine the device is: one value for screen and paper.

Everything is in millimetres of the picture, origin at its top left, y down. A device is a scale and nothing more.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import cos, radians, sin

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry import Polygon

from chuangwen.domain.geo import Extent

SCREEN_DOTS_PER_MM = 96 / 25.4
"""Logical dots of a millimetre on screen. Multiply by the window's device pixel ratio."""

SMALLEST_DENOMINATOR = 50.0
LARGEST_DENOMINATOR = 20_000_000.0
_SINGLE_POINT = 1_000.0  # the scale at which an extent without size is shown
_MM_PER_M = 1_000.0


@dataclass(frozen=True, slots=True)
class MapView:
    """`centre`: easting, northing in metres of the project's CRS. `denominator`: the N of 1:N. `width`, `height`: of the frame, mm.

    `dots_per_mm` only says which details can be seen. `mono`: for a black-and-white printer. `min_feature`: mm; areas below it are drawn as
    plain squares in one go (screens with very many features). `halo`: how the light rim of labels is made: `outline` (widened glyphs, right
    everywhere), `marker` (text of `draw.HALO_ALPHA`, which `render.halo` turns into a stroke), or `none`.

    `rotation`: degrees by which the map is turned clockwise on the paper. North then points so far to the right of straight up, and a line whose
    direction on the ground is `rotation` degrees counter-clockwise from east (`degrees(atan2(dy, dx))`) runs from left to right. Frame, lettering,
    point symbols and hatches stay upright to the reader.

    `text_floor`: mm; no label is written smaller (A4: 2.12 mm are 6 pt, A0: 2.83 mm are 8 pt).
    """

    centre: tuple[float, float]
    denominator: float
    width: float
    height: float
    dots_per_mm: float = SCREEN_DOTS_PER_MM
    mono: bool = False
    min_feature: float = 0.0
    halo: str = "outline"
    rotation: float = 0.0
    text_floor: float = 0.0

    @classmethod
    def showing(cls, extent: Extent, width: float, height: float, dots_per_mm: float = SCREEN_DOTS_PER_MM, margin: float = 0.05) -> MapView:
        """The view that holds all of `extent`, with a free `margin` (share of the frame) on each side. A single point is shown at 1:1 000."""
        free = 1 - 2 * margin
        wanted = max(extent.width / (width * free), extent.height / (height * free)) * _MM_PER_M
        return cls(extent.centre, _limited(wanted or _SINGLE_POINT), width, height, dots_per_mm)

    @property
    def metres_per_mm(self) -> float:
        """Ground metres under one millimetre of the picture."""
        return self.denominator / _MM_PER_M

    @property
    def dot(self) -> float:
        """Size of a dot of the device, mm."""
        return 1 / self.dots_per_mm

    @property
    def extent(self) -> Extent:
        """The ground inside the frame; of a turned map the smallest extent that holds its frame."""
        half_width, half_height = self.width * self.metres_per_mm / 2, self.height * self.metres_per_mm / 2
        if self.rotation:
            c, s = (abs(share) for share in self.axes)
            half_width, half_height = half_width * c + half_height * s, half_width * s + half_height * c
        x, y = self.centre
        return Extent(x - half_width, y - half_height, x + half_width, y + half_height)

    @property
    def frame(self) -> Polygon:
        """The frame as it lies on the ground, metres."""
        corners = ((0.0, self.height), (self.width, self.height), (self.width, 0.0), (0.0, 0.0))
        return shapely.Polygon([self.to_ground(x, y) for x, y in corners])

    @property
    def axes(self) -> tuple[float, float]:
        """Cosine and sine of the rotation: the direction on the ground (east, north) that runs to the right on paper."""
        turn = radians(self.rotation)
        return cos(turn), sin(turn)

    def to_paper(self, xy: NDArray[np.float64]) -> NDArray[np.float64]:
        """Ground coordinates (n, 2) in metres → millimetres of the picture (n, 2), y down."""
        paper = np.array(xy, dtype=np.float64).reshape(-1, 2)
        paper -= self.centre
        if self.rotation:
            c, s = self.axes
            paper = paper @ np.array([[c, -s], [s, c]])
        paper *= (1 / self.metres_per_mm, -1 / self.metres_per_mm)
        paper += (self.width / 2, self.height / 2)
        return paper

    def to_ground(self, x_mm: float, y_mm: float) -> tuple[float, float]:
        """Millimetres of the picture → easting, northing in metres."""
        x, y = self.centre
        dx, dy = self._on_ground(x_mm - self.width / 2, y_mm - self.height / 2)
        return x + dx, y + dy

    def moved(self, dx_mm: float, dy_mm: float) -> MapView:
        """The view after the picture was dragged by so many millimetres: what was at (x, y) is at (x + dx, y + dy)."""
        x, y = self.centre
        dx, dy = self._on_ground(dx_mm, dy_mm)
        return replace(self, centre=(x - dx, y - dy))

    def _on_ground(self, dx_mm: float, dy_mm: float) -> tuple[float, float]:
        """A step on paper as metres east and north."""
        c, s = self.axes
        return (dx_mm * c + dy_mm * s) * self.metres_per_mm, (dx_mm * s - dy_mm * c) * self.metres_per_mm

    def zoomed(self, factor: float, at_mm: tuple[float, float] | None = None) -> MapView:
        """Larger by `factor` (2: twice as large); the ground under `at_mm` (default: the middle) stays where it is."""
        closer = self.at_scale(self.denominator / factor)
        if at_mm is None:
            return closer
        here, there = self.to_ground(*at_mm), closer.to_ground(*at_mm)
        return replace(closer, centre=(self.centre[0] + here[0] - there[0], self.centre[1] + here[1] - there[1]))

    def at_scale(self, denominator: float) -> MapView:
        """The same middle at 1:`denominator`, kept within 1:50 and 1:20 000 000."""
        return replace(self, denominator=_limited(denominator))

    def resized(self, width: float, height: float) -> MapView:
        """The same middle and scale in a frame of another size (mm)."""
        return replace(self, width=width, height=height)


def _limited(denominator: float) -> float:
    return min(max(denominator, SMALLEST_DENOMINATOR), LARGEST_DENOMINATOR)
