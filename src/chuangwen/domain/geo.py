"""Plane facts of Chinese maps: the 3-degree zones of CGCS2000 (domain.md 7.1), extents, round scales."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

GEOGRAPHIC = 4490
"""CGCS2000 in degrees."""

ROUND_SCALES = (500, 1_000, 2_000, 2_500, 5_000, 10_000, 15_000, 20_000, 25_000, 50_000, 100_000, 200_000, 500_000, 1_000_000)
"""The N of 1:N that offices know (domain.md 6.1)."""


def zone_number(longitude: float) -> int:
    """The 3-degree zone of a longitude: round(λ / 3)."""
    return round(longitude / 3)


def project_epsg(longitude: float) -> int:
    """EPSG code of the CGCS2000 3-degree Gauss-Krüger system without zone prefix: 4509 + zone, 4534–4554 (domain.md 7.1)."""
    return 4509 + min(max(zone_number(longitude), 25), 45)


def is_project_epsg(code: int) -> bool:
    """Whether a project may be kept in this CRS."""
    return 4534 <= code <= 4554


def central_meridian(epsg: int) -> int:
    """Degrees east of a project CRS."""
    return 3 * (epsg - 4509)


@dataclass(frozen=True, slots=True)
class Extent:
    """A rectangle in metres of the project's CRS, easting first."""

    x0: float
    y0: float
    x1: float
    y1: float

    @property
    def width(self) -> float:
        """Metres east to west."""
        return self.x1 - self.x0

    @property
    def height(self) -> float:
        """Metres north to south."""
        return self.y1 - self.y0

    @property
    def centre(self) -> tuple[float, float]:
        """The middle."""
        return (self.x0 + self.x1) / 2, (self.y0 + self.y1) / 2

    def grown(self, margin: float) -> Extent:
        """Larger by `margin` metres on each side."""
        return Extent(self.x0 - margin, self.y0 - margin, self.x1 + margin, self.y1 + margin)

    def joined(self, other: Extent) -> Extent:
        """The smallest extent that holds both."""
        return Extent(min(self.x0, other.x0), min(self.y0, other.y0), max(self.x1, other.x1), max(self.y1, other.y1))

    def meets(self, other: Extent) -> bool:
        """Whether the two touch."""
        return self.x0 <= other.x1 and other.x0 <= self.x1 and self.y0 <= other.y1 and other.y0 <= self.y1


def extent_of(bounds: NDArray[np.float64]) -> Extent | None:
    """The extent of (n, 4) bounds, nan rows left out; None where nothing is there."""
    import numpy as np

    good = bounds[~np.isnan(bounds).any(axis=1)] if len(bounds) else bounds
    if not len(good):
        return None
    return Extent(float(good[:, 0].min()), float(good[:, 1].min()), float(good[:, 2].max()), float(good[:, 3].max()))


def round_scale(denominator: float) -> int:
    """The nearest round scale that shows at least as much ground: 1:3 120 → 1:5 000."""
    for scale in ROUND_SCALES:
        if scale >= denominator * (1 - 1e-9):
            return scale
    return ROUND_SCALES[-1]


def scale_text(denominator: float) -> str:
    """1:5 000 with a thin gap, as maps write it."""
    return f"1:{denominator:,.0f}".replace(",", " ")


_MEAN_RADIUS = 6_371_000.0
_FALSE_EASTING = 500_000.0


def point_scale(easting: float) -> float:
    """By how much a project CRS enlarges the ground at an easting (metres): 1 + Δ²/2R², Δ from the central meridian (GB/T 18314; R the earth's mean radius).

    1.0003 at 150 km from the meridian: what "1:5 000" on a sheet is wrong by.
    """
    return 1 + (easting - _FALSE_EASTING) ** 2 / (2 * _MEAN_RADIUS**2)
