"""A road's sheets: straight strips in which it runs from left to right, joined by match lines (domain.md 6.3). Pure; nothing is drawn here."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

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
_LEAST_MATCH = 8.0  # mm: how far a match line goes to each side, however near another bend is
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
        path = _Path(road, _STEP * denominator / 1000)
        runs = path.runs(room)
        if len(runs) <= most:
            break
    found = []
    for at, (first, last) in enumerate(runs):
        part = _placed(path.xy[first : last + 1], room, denominator)
        before = _match(path, first, at, part, width, height) if at else None
        after = _match(path, last, at + 2, part, width, height) if at + 1 < len(runs) else None
        found.append(Strip(at + 1, part, float(path.metres[first]), float(path.metres[last]), before, after))
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


class _Path:
    """A road as many near places, `step` metres apart, its vertices among them; each of its pieces apart, for a jump is no road."""

    def __init__(self, road: Alignment, step: float) -> None:
        self.length, self._step = road.length, step
        pieces = np.split(np.arange(len(road.xy)), np.flatnonzero(~road.joined) + 1)
        places = []
        for piece in pieces:
            along = road.along[piece]
            metres = np.unique(np.concatenate([np.linspace(along[0], along[-1], math.ceil((along[-1] - along[0]) / step) + 1), along]))
            places.append((metres, np.column_stack([np.interp(metres, along, road.xy[piece, axis]) for axis in (0, 1)])))
        self.metres = np.concatenate([metres for metres, _xy in places])
        self.xy = np.concatenate([xy for _metres, xy in places])
        self._starts = np.cumsum([0, *(len(metres) for metres, _xy in places)])

    def runs(self, room: tuple[float, float]) -> list[tuple[int, int]]:
        """The first and last place of each strip: as few strips as fit, then as even as that number allows."""
        found = self._cut(room, self.length)
        low, high = self.length / len(found), self.length
        while high - low > self._step:
            middle = (low + high) / 2
            even = self._cut(room, middle)
            if len(even) <= len(found):
                found, high = even, middle
            else:
                low = middle
        return found

    def way(self, at: int, near: float) -> NDArray[np.float64]:
        """How the road runs around a place, from `near` metres before to as many after, as far as its piece goes."""
        start, end = self._piece(at)
        metres = np.clip([self.metres[at] - near, self.metres[at] + near], self.metres[start], self.metres[end - 1])
        before, after = np.column_stack([np.interp(metres, self.metres[start:end], self.xy[start:end, axis]) for axis in (0, 1)])
        found: NDArray[np.float64] = after - before
        return found

    def _piece(self, at: int) -> tuple[int, int]:
        piece = int(np.searchsorted(self._starts, at, side="right"))
        return int(self._starts[piece - 1]), int(self._starts[piece])

    def _cut(self, room: tuple[float, float], longest: float) -> list[tuple[int, int]]:
        """Each strip takes as many places as fit the room, `longest` metres at most, one place at least; none ends on a jump."""
        found, start, last = [], 0, len(self.xy) - 1
        while start < last:
            good = start + 1
            bad = max(int(np.searchsorted(self.metres, self.metres[start] + longest + 1e-6)), good + 1)
            if self._fits(start, bad - 1, room):
                good = bad - 1
            while bad - good > 1:
                middle = (good + bad) // 2
                good, bad = (middle, bad) if self._fits(start, middle, room) else (good, middle)
            if good in self._starts and good - 1 > start:
                good -= 1
            found.append((start, good))
            start = good + 1 if good + 1 in self._starts else good
        return found

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


def _match(path: _Path, at: int, number: int, part: MapPart, width: float, height: float) -> MatchLine:
    """The match line at a place: square to the way the road takes around it, so that both strips draw one line of the ground."""
    middle, onward = on_paper(part, width, height, np.array([path.xy[at], path.xy[at] + path.way(at, OVERLAP * part.denominator / 1000)]))
    across = np.array([-(onward - middle)[1], (onward - middle)[0]])
    unit = across / (np.hypot(*across) or 1.0)
    road = on_paper(part, width, height, path.xy)
    ends = [middle + unit * way * _reach(road - middle, unit * way, width + height) for way in (-1, 1)]
    line = shapely.clip_by_rect(LineString(ends), 0, 0, width, height)
    (x0, y0), *_between, (x1, y1) = sorted(line.coords, key=lambda one: (one[1], one[0]))
    return MatchLine(number, float(path.metres[at]), ((x0, y0), (x1, y1)))


def _reach(road: NDArray[np.float64], way: NDArray[np.float64], far: float) -> float:
    """How far a match line goes to one side, mm: past the paper, but not onto another bend of the road; `road` as seen from its middle."""
    along, aside = road @ way, road @ np.array([-way[1], way[0]])
    on = np.flatnonzero((aside[:-1] <= 0) != (aside[1:] <= 0))
    met = along[on] + (along[on + 1] - along[on]) * aside[on] / (aside[on] - aside[on + 1])
    met = met[met > _LEAST_MATCH]
    return float(met.min()) - _LEAST_MATCH / 2 if len(met) else far
