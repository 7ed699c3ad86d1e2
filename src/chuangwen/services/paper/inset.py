"""A corner of a map where the numbers crowd is shown once more, larger (放大图). Pure; nothing is drawn here."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray

from chuangwen.domain.geo import ROUND_SCALES, Extent

CROWDED = 4.0
"""mm: numbered symbols nearer to each other than this cannot both be read."""
LEAST = 6
"""Fewer crowded symbols than this are left to leader lines."""
_STILL_CROWDED = 0.5  # share of the symbols: an inset that parts fewer is not worth its room


@dataclass(frozen=True, slots=True)
class Inset:
    """The `ground` that is shown again at 1:`denominator`, and how large it is on paper, mm."""

    ground: Extent
    denominator: float
    width: float
    height: float


def dense_corner(points: NDArray[np.float64], denominator: float, room: tuple[float, float], crowded: float = CROWDED, least: int = LEAST) -> Inset | None:
    """The ground worth an inset of at most `room` (mm) at two to four times the scale; None where nothing crowds, or an inset would not part it.

    `points`: (n, 2) metres of the numbered symbols of a map at 1:`denominator`.
    """
    if len(points) < least:
        return None
    near = points[_crowding(points, crowded * denominator / 1000)]
    for larger in (float(scale) for scale in ROUND_SCALES if denominator / 4 <= scale <= denominator / 2):
        edge = crowded * larger / 1000
        chosen = _fullest(near, np.array(room) * larger / 1000 - 2 * edge)
        if len(chosen) >= least and _crowding(chosen, edge).mean() <= _STILL_CROWDED:
            (x0, y0), (x1, y1) = (chosen.min(axis=0) - edge).tolist(), (chosen.max(axis=0) + edge).tolist()
            return Inset(Extent(x0, y0, x1, y1), larger, (x1 - x0) * 1000 / larger, (y1 - y0) * 1000 / larger)
    return None


def _fullest(points: NDArray[np.float64], size: NDArray[np.float64]) -> NDArray[np.float64]:
    """The points in the window of `size` (metres) that holds the most of them; windows begin at a point's west and another's south edge."""
    best = points[:0]
    for west in points[:, 0]:
        column = points[(points[:, 0] >= west) & (points[:, 0] <= west + size[0])]
        norths = np.sort(column[:, 1])
        counts = np.searchsorted(norths, norths + size[1], side="right") - np.arange(len(norths))
        if counts.max() > len(best):
            south = norths[int(counts.argmax())]
            best = column[(column[:, 1] >= south) & (column[:, 1] <= south + size[1])]
    return best


def _crowding(points: NDArray[np.float64], distance: float) -> NDArray[np.bool_]:
    """Which points have another one nearer than `distance`, (n,)."""
    spots = shapely.points(points)
    one, other = shapely.STRtree(spots).query(spots, predicate="dwithin", distance=distance)
    found = np.zeros(len(points), dtype=bool)
    found[one[one != other]] = True
    return found
