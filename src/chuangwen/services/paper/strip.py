"""A road's sheets: straight strips in which it runs from left to right, joined by match lines (domain.md 6.3). Pure; nothing is drawn here."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry import LineString

from chuangwen.services.paper.chainage import Alignment
from chuangwen.services.paper.sheet import MapPart

SCALES = (1_000, 1_500, 2_000)
"""The N of 1:N that a strip map may have, the largest scale first."""
OVERLAP = 10.0
"""Paper beyond each match line on which the road goes on, mm."""
BESIDE = 18.0
"""Paper that stays free above and below the road for what stands beside it, mm."""
_STEP = 3.0  # mm: how finely a road is followed
_LEAST_HEIGHT = 0.3  # share of a low frame in which the road may lie all the same
_OPEN = 0.5  # share of a stretch's size: one whose ends are nearer to each other is a loop and has no way from start to end


@dataclass(frozen=True, slots=True)
class MatchLine:
    """Where a strip ends and strip `number` goes on: across the road at `metres` from its start. `ends`: of the line on the frame, mm, y down."""

    number: int
    metres: float
    ends: tuple[tuple[float, float], tuple[float, float]]


@dataclass(frozen=True, slots=True)
class Strip:
    """One strip: its map, the stretch of road (metres from the start) for which it stands, and its match lines; None at the road's own ends."""

    number: int
    map: MapPart
    start: float
    end: float
    before: MatchLine | None = None
    after: MatchLine | None = None


def strips(road: Alignment, width: float, height: float, scales: Sequence[float] = SCALES, most: int = 4) -> list[Strip]:
    """The strips of a road on frames of `width` × `height` mm, at the largest of `scales` that needs no more than `most`; the last scale takes any number.

    A strip ends where the road would leave the frame or come nearer to its long edges than `BESIDE`: a straight road fills the width, a sharp bend starts
    a new strip, a loop that fits is one. All strips are about equally long.
    """
    for denominator in sorted(scales):
        room = _room(width, height, denominator)
        stretches = _stretches(road, room, denominator)
        if len(stretches) <= most:
            break
    found = []
    for at, (start, end) in enumerate(stretches):
        part = _placed(road.between(start, end), room, denominator)
        before = _match(road, start, at, part, width, height) if at else None
        after = _match(road, end, at + 2, part, width, height) if at + 1 < len(stretches) else None
        found.append(Strip(at + 1, part, start, end, before, after))
    return found


def on_paper(part: MapPart, width: float, height: float, points: NDArray[np.float64]) -> NDArray[np.float64]:
    """Where points (n, 2) in metres lie on the frame of a map part, mm, y down."""
    turn = math.radians(part.rotation)
    east, north = (np.asarray(points, dtype=np.float64).reshape(-1, 2) - part.centre).T * (1000 / part.denominator)
    x, y = east * math.cos(turn) + north * math.sin(turn), north * math.cos(turn) - east * math.sin(turn)
    return np.column_stack([width / 2 + x, height / 2 - y])


def _room(width: float, height: float, denominator: float) -> tuple[float, float]:
    """Metres that a stretch may be long and high."""
    return (width - 2 * OVERLAP) * denominator / 1000, max(height - 2 * BESIDE, height * _LEAST_HEIGHT) * denominator / 1000


def _stretches(road: Alignment, room: tuple[float, float], denominator: float) -> list[tuple[float, float]]:
    """The stretches of all strips: as few as fit, then as even as that number allows."""
    step = _STEP * denominator / 1000
    path = _Path(np.unique(np.concatenate([np.linspace(0, road.length, math.ceil(road.length / step) + 1), road.along])), road)
    cuts = path.cut(room, road.length)
    low, high = road.length / (len(cuts) - 1), road.length
    while high - low > step:
        middle = (low + high) / 2
        if len(path.cut(room, middle)) <= len(cuts):
            high = middle
        else:
            low = middle
    return [(float(path.metres[one]), float(path.metres[other])) for one, other in pairwise(path.cut(room, high))]


class _Path:
    """A road as many near places, its vertices among them."""

    def __init__(self, metres: NDArray[np.float64], road: Alignment) -> None:
        self.metres = metres
        self.xy = road.point(metres)

    def cut(self, room: tuple[float, float], longest: float) -> list[int]:
        """Where strips begin and end: each takes as many places as fit the room, `longest` metres at most, one place at least."""
        cuts, last = [0], len(self.xy) - 1
        while cuts[-1] < last:
            start = cuts[-1]
            good = start + 1
            bad = max(int(np.searchsorted(self.metres, self.metres[start] + longest + 1e-6)), good + 1)
            if self._fits(start, bad - 1, room):
                good = bad - 1
            while bad - good > 1:
                middle = (good + bad) // 2
                good, bad = (middle, bad) if self._fits(start, middle, room) else (good, middle)
            cuts.append(good)
        return cuts

    def _fits(self, start: int, end: int, room: tuple[float, float]) -> bool:
        xy = self.xy[start : end + 1]
        if np.ptp(xy, axis=0).max() > math.hypot(*room):
            return False
        size = np.ptp(_turned(xy, _heading(xy, room)), axis=0)
        return bool(size[0] <= room[0] + 1e-6 and size[1] <= room[1] + 1e-6)


def _heading(xy: NDArray[np.float64], room: tuple[float, float]) -> float:
    """The direction, radians from east, that is to run to the right: from the first place to the last; else that in which it is lowest."""
    way, span = xy[-1] - xy[0], float(np.hypot(*np.ptp(xy, axis=0)))
    straight = math.atan2(way[1], way[0])
    if np.hypot(*way) > _OPEN * span:
        size = np.ptp(_turned(xy, straight), axis=0)
        if size[0] <= room[0] and size[1] <= room[1]:
            return straight
    hull = shapely.convex_hull(shapely.multipoints(xy))
    if hull.geom_type != "Polygon":
        return straight
    edges = np.diff(np.asarray(hull.exterior.coords), axis=0)
    units = edges / np.hypot(*edges.T)[:, None]
    across = np.asarray(hull.exterior.coords) @ np.stack([-units[:, 1], units[:, 0]])
    long = units[int(np.ptp(across, axis=0).argmin())]
    ahead = way if np.hypot(*way) > _OPEN * span else xy[len(xy) // 2] - xy[0]
    return math.atan2(*(long[::-1] if long @ ahead >= 0 else -long[::-1]))


def _turned(xy: NDArray[np.float64], heading: float) -> NDArray[np.float64]:
    """Places (n, 2) in metres along and across a direction."""
    cosine, sine = math.cos(heading), math.sin(heading)
    return np.column_stack([xy[:, 0] * cosine + xy[:, 1] * sine, xy[:, 1] * cosine - xy[:, 0] * sine])


def _placed(xy: NDArray[np.float64], room: tuple[float, float], denominator: float) -> MapPart:
    """The map part in whose middle a stretch lies."""
    heading = _heading(xy, room)
    turned = _turned(xy, heading)
    middle = _turned((turned.min(axis=0) + turned.max(axis=0))[None] / 2, -heading)[0]
    return MapPart((float(middle[0]), float(middle[1])), denominator, math.degrees(heading))


def _match(road: Alignment, metres: float, number: int, part: MapPart, width: float, height: float) -> MatchLine:
    """The match line at a chainage: square to the way the road takes around it, so that both strips draw one line of the ground."""
    near = OVERLAP * part.denominator / 1000
    middle, before, after = on_paper(part, width, height, road.point(np.array([metres, max(metres - near, 0), min(metres + near, road.length)])))
    across = np.array([-(after - before)[1], (after - before)[0]])
    far = across / (np.hypot(*across) or 1.0) * (width + height)
    line = shapely.clip_by_rect(LineString([middle - far, middle + far]), 0, 0, width, height)
    (x0, y0), *_between, (x1, y1) = sorted(line.coords, key=lambda one: (one[1], one[0]))
    return MatchLine(number, metres, ((x0, y0), (x1, y1)))
