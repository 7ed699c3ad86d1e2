"""Places along a road: 桩号 K0+000, and on which side of it they lie (domain.md 6.3). Pure, in metres of the project's CRS."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from chuangwen.text import _

_AT_ONCE = 2_000_000  # pairs of point and stretch looked at together
_GAP = 0.05  # metres: ends of parts that are nearer than this meet
_ON_THE_AXIS = 0.5  # metres: nearer to the line than this is on neither side


@dataclass(frozen=True)
class Alignment:
    """A road's line as it was drawn, from start to end: `xy` (n, 2) metres, `joined` (n - 1,) false where it jumps from one part of a multiple line to the
    next. A jump has no length: chainage counts what was drawn.
    """

    xy: NDArray[np.float64]
    joined: NDArray[np.bool_]

    @classmethod
    def of(cls, line: BaseGeometry | None) -> Alignment:
        """The alignment of a line, in the direction it was drawn. Parts of a multiple line follow each other by nearness, from the first one whose start
        meets no other; one that was drawn against the way is turned round.

        Raises `ValueError` where there is no line of any length.
        """
        found = shapely.get_parts(shapely.force_2d(line)).tolist() if line is not None else []
        parts = [np.asarray(part.coords) for part in found if part.geom_type in ("LineString", "LinearRing") and part.length > 0]
        if not parts:
            raise ValueError(line)
        chain = [parts.pop(next((at for at, part in enumerate(parts) if _apart(part[0], parts[:at] + parts[at + 1 :]) > _GAP), 0))]
        while parts:
            end = chain[-1][-1]
            at = min(range(len(parts)), key=lambda at: _apart(end, [parts[at]]))
            part = parts.pop(at)
            chain.append(part if np.hypot(*(part[0] - end)) <= np.hypot(*(part[-1] - end)) else part[::-1])
        joined = [np.append(np.ones(len(part) - 1, dtype=bool), meets) for part, meets in zip(chain, _meetings(chain), strict=True)]
        return cls(np.concatenate(chain), np.concatenate(joined)[:-1])

    @cached_property
    def along(self) -> NDArray[np.float64]:
        """(n,) metres from the start to each vertex."""
        lengths = np.where(self.joined, np.hypot(*np.diff(self.xy, axis=0).T), 0.0)
        return np.concatenate([[0.0], np.cumsum(lengths)])

    @property
    def length(self) -> float:
        """Of all that was drawn, metres."""
        return float(self.along[-1])

    def point(self, metres: NDArray[np.float64] | float) -> NDArray[np.float64]:
        """Easting and northing (…, 2) at so many metres from the start; beyond the ends: the ends."""
        at, rest = self._stretch(np.asarray(metres, dtype=np.float64))
        found: NDArray[np.float64] = self.xy[at] + rest[..., None] * self._direction[at]
        return found

    def direction(self, metres: NDArray[np.float64] | float) -> NDArray[np.float64]:
        """The way the road runs there: unit vectors (…, 2), east and north."""
        found: NDArray[np.float64] = self._direction[self._stretch(np.asarray(metres, dtype=np.float64))[0]]
        return found

    def between(self, start: float, end: float) -> NDArray[np.float64]:
        """The vertices (m, 2) from one chainage to another, both ends included."""
        inside = (self.along > start) & (self.along < end)
        return np.concatenate([self.point(start)[None], self.xy[inside], self.point(end)[None]])

    def locate(self, points: NDArray[np.float64]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """For points (m, 2): metres from the start to the nearest place of the road (m,), and how far they lie off it (m,), positive to the left of the
        way from start to end. The sign at a bend's outer corner is that of the stretch that the point lies ahead of or behind.
        """
        points = np.asarray(points, dtype=np.float64).reshape(-1, 2)
        step = max(_AT_ONCE // max(len(self.xy), 1), 1)
        found = [self._nearest(points[start : start + step]) for start in range(0, len(points), step)]
        if not found:
            return np.empty(0), np.empty(0)
        return np.concatenate([one[0] for one in found]), np.concatenate([one[1] for one in found])

    @cached_property
    def _direction(self) -> NDArray[np.float64]:
        """(n - 1, 2) unit vectors of the stretches; those without length run as the one before."""
        steps = np.diff(self.xy, axis=0)
        lengths = np.hypot(*steps.T)
        good = self.joined & (lengths > 0)
        last = np.maximum.accumulate(np.where(good, np.arange(len(steps)), int(np.argmax(good))))
        units: NDArray[np.float64] = steps[last] / lengths[last, None]
        return units

    def _stretch(self, metres: NDArray[np.float64]) -> tuple[NDArray[np.intp], NDArray[np.float64]]:
        """The stretch at a chainage, and the metres from its beginning."""
        metres = np.clip(metres, 0.0, self.length)
        at = np.clip(np.searchsorted(self.along, metres, side="right") - 1, 0, len(self.joined) - 1)
        at = np.where(self.joined[at] | (at == 0), at, at - 1)  # at a jump: the end of the part before
        return at, metres - self.along[at]

    def _nearest(self, points: NDArray[np.float64]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        starts, ends = self.xy[:-1][self.joined], self.xy[1:][self.joined]
        steps, offsets = ends - starts, points[:, None, :] - starts
        squares = np.maximum((steps**2).sum(axis=1), 1e-12)
        share = np.clip((offsets * steps).sum(axis=2) / squares, 0.0, 1.0)
        away = offsets - share[..., None] * steps
        distance = np.hypot(away[..., 0], away[..., 1])
        best = distance.argmin(axis=1)
        rows = np.arange(len(points))
        way, off = steps[best], away[rows, best]
        left = way[:, 0] * off[:, 1] - way[:, 1] * off[:, 0]
        metres = self.along[:-1][self.joined][best] + share[rows, best] * np.sqrt(squares[best])
        return metres, np.where(left < 0, -1.0, 1.0) * distance[rows, best]


def _apart(end: NDArray[np.float64], parts: list[NDArray[np.float64]]) -> float:
    """Metres from a place to the nearest end of some parts."""
    return min((float(np.hypot(*(part[at] - end))) for part in parts for at in (0, -1)), default=np.inf)


def _meetings(chain: list[NDArray[np.float64]]) -> list[bool]:
    """Whether each part goes on in the next without a gap."""
    return [*(bool(np.hypot(*(other[0] - one[-1])) <= _GAP) for one, other in pairwise(chain)), False]


@dataclass(frozen=True, slots=True)
class Post:
    """A mark of the chainage on the map: where, and what is written there."""

    metres: float
    text: str
    point: tuple[float, float]


def chainage_text(metres: float) -> str:
    """K1+005: kilometres and metres from the start, to the metre."""
    whole = max(round(metres), 0)
    return f"K{whole // 1000}+{whole % 1000:03d}"


def posts(road: Alignment, start: float, end: float, every: float = 100.0) -> list[Post]:
    """The marks of a stretch, at every full hundred metres and at the road's own two ends; none nearer to an end than a third of the distance."""
    inner = np.arange(0.0, road.length, every)
    inner = inner[(inner > 0) & (road.length - inner >= every / 3)]
    places = [0.0, *inner.tolist(), road.length]
    return [Post(at, chainage_text(at), (float(road.point(at)[0]), float(road.point(at)[1]))) for at in places if start - 1e-6 <= at <= end + 1e-6]


def side_text(offset: float) -> str:
    """左侧 or 右侧 on the way from start to end; '' on the road itself."""
    if abs(offset) < _ON_THE_AXIS:
        return ""
    return _("左侧") if offset > 0 else _("右侧")


def compass_text(road: Alignment, metres: float, offset: float) -> str:
    """北侧, 东侧, 南侧 or 西侧: the same side in words for those who stand there; '' on the road itself."""
    if abs(offset) < _ON_THE_AXIS:
        return ""
    east, north = road.direction(metres)
    turned = (-north, east) if offset > 0 else (north, -east)
    if abs(turned[0]) > abs(turned[1]):
        return _("东侧") if turned[0] > 0 else _("西侧")
    return _("北侧") if turned[1] > 0 else _("南侧")
