"""What coordinates can be, by their size alone (domain.md 7.3): degrees, Gauss-Krüger with or without a zone prefix, swapped, in kilometres or millimetres."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    Points = NDArray[np.float64]
    Mask = NDArray[np.bool_]

DEGREES, WORLD, CM, ZONE3, ZONE6, MERCATOR = "degrees", "world", "cm", "zone3", "zone6", "mercator"


@dataclass(frozen=True, slots=True)
class Reading:
    """One way to read the numbers. After swapping (`swap`) and multiplying by `factor` they are of `kind`; `zone` is the prefix, 0 for none.

    `share`: how many of the usable points fit, 0–1.
    """

    kind: str
    swap: bool = False
    factor: float = 1.0
    zone: int = 0
    share: float = 1.0

    def straight(self, points: Points) -> Points:
        """`points` (n, 2) with easting or longitude first, in metres or degrees."""
        turned = points[:, ::-1] if self.swap else points
        with np.errstate(over="ignore"):  # damaged files hold numbers like 1e308
            return turned * self.factor if self.factor != 1.0 else turned

    def raw(self, points: Points) -> Points:
        """The inverse of `straight`: as the file has them."""
        turned = points / self.factor if self.factor != 1.0 else points
        return turned[:, ::-1] if self.swap else turned

    @property
    def is_plain(self) -> bool:
        """Whether the numbers are taken as they stand."""
        return not self.swap and self.factor == 1.0

    def fits(self, points: Points) -> Mask:
        """Which points can be read this way, (n,)."""
        straight = self.straight(points)
        with np.errstate(invalid="ignore"):
            fits = _TESTS[self.kind](straight[:, 0], straight[:, 1])
            return np.asarray(fits & (straight[:, 0] // 1e6 == self.zone)) if self.zone else np.asarray(fits)


def _northing(y: NDArray[np.float64]) -> Mask:
    return np.asarray((y >= 1.9e6) & (y <= 6.0e6))


def _zoned(x: NDArray[np.float64], first: int, last: int) -> Mask:
    inside = x % 1e6
    return np.asarray((x // 1e6 >= first) & (x // 1e6 <= last) & _easting(inside))


def _easting(x: NDArray[np.float64]) -> Mask:
    """500 km and half a zone: of six degrees, in the south of the country, that is 319 km."""
    return np.asarray((x >= 1.7e5) & (x <= 8.3e5))


_TESTS: dict[str, Callable[[NDArray[np.float64], NDArray[np.float64]], Mask]] = {
    DEGREES: lambda x, y: np.asarray((x >= 73) & (x <= 136) & (y >= 3) & (y <= 54)),
    CM: lambda x, y: _easting(x) & _northing(y),
    ZONE3: lambda x, y: _zoned(x, 25, 45) & _northing(y),
    ZONE6: lambda x, y: _zoned(x, 13, 23) & _northing(y),
    MERCATOR: lambda x, y: np.asarray((x >= 8.1e6) & (x <= 15.03e6) & (y >= 2.0e6) & (y <= 7.2e6)),
    WORLD: lambda x, y: np.asarray((np.abs(x) <= 180) & (np.abs(y) <= 90)),
}
WAYS = (
    [(kind, False, 1.0) for kind in (DEGREES, CM, ZONE3, MERCATOR, ZONE6)]
    + [(kind, True, 1.0) for kind in (DEGREES, CM, ZONE3, MERCATOR, ZONE6)]
    + [(kind, swap, factor) for factor in (1e3, 1e-3) for swap in (False, True) for kind in (CM, ZONE3, ZONE6)]
    + [(WORLD, False, 1.0)]
)
"""(kind, swap, factor) in the order of preference: Mercator before a 6-degree prefix, for their overlap (zones 13–15) is Xinjiang as one and the populous
east as the other."""


_SOME, _NEARLY_ALL = 0.25, 0.95
"""How many points must fit a way. Small numbers of a local drawing fit the whole world's degrees by chance: there nearly all must."""


_LOOK = 10_000  # points are enough to tell the share to a hundredth; not every nth, for rows may alternate


def usable(points: Points) -> Mask:
    """Finite and not the 0, 0 of a blank cell, (n,)."""
    return np.asarray(np.isfinite(points).all(axis=1) & ~(points == 0).all(axis=1))


def readings(points: Points) -> list[Reading]:
    """The ways to read `points` (n, 2) that fit at least a quarter of the usable ones, best first: by how many fit, then by preference."""
    points = points[usable(points)]
    if not len(points):
        return []
    if len(points) > _LOOK:
        points = points[np.random.default_rng(0).choice(len(points), _LOOK, replace=False)]
    found = []
    for kind, swap, factor in WAYS:
        way = Reading(kind, swap, factor)
        fits = way.fits(points)
        share = float(fits.mean())
        if share >= (_NEARLY_ALL if kind == WORLD else _SOME):
            zone = 0
            if kind in (ZONE3, ZONE6):
                zones, counts = np.unique((way.straight(points)[fits][:, 0] // 1e6).astype(int), return_counts=True)
                zone, share = int(zones[counts.argmax()]), float(counts.max() / len(points))
            found.append(Reading(kind, swap, factor, zone, share))
    return sorted(found, key=lambda reading: -round(reading.share, 2))
