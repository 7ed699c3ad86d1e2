"""The rings of an area as plain arrays that can be changed vertex by vertex and put together again."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import shapely

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from shapely.geometry.base import BaseGeometry

    Points = NDArray[np.float64]

SAME_M = 1e-3
"""Vertices nearer than this are one: coordinates of zones are known to the millimetre (facts.md 19)."""


@dataclass(frozen=True, slots=True)
class Rings:
    """`rings`: (k, 2) metres each, without the closing point; `part` says of which part each is, its shell first. `multi`: it was a multi-polygon."""

    rings: tuple[Points, ...]
    part: tuple[int, ...]
    multi: bool

    @classmethod
    def of(cls, area: BaseGeometry) -> Rings:
        """The rings of a polygon or multi-polygon, heights dropped."""
        rings, part = [], []
        for number, one in enumerate(shapely.get_parts(area).tolist()):
            for ring in (one.exterior, *one.interiors):
                rings.append(shapely.get_coordinates(ring)[:-1])
                part.append(number)
        return cls(tuple(rings), tuple(part), shapely.get_type_id(area) == 6)

    def area(self) -> BaseGeometry:
        """The area again; may be invalid."""
        polygons = []
        for number in range(max(self.part, default=-1) + 1):
            mine = [shapely.linearrings(ring) for ring, part in zip(self.rings, self.part, strict=True) if part == number]
            polygons.append(shapely.polygons(mine[0], holes=mine[1:] or None))
        return shapely.multipolygons(polygons) if self.multi else polygons[0]

    def with_ring(self, number: int, ring: Points) -> Rings:
        """The same with one ring changed."""
        return Rings((*self.rings[:number], ring, *self.rings[number + 1 :]), self.part, self.multi)

    def node(self, point: Points) -> Rings:
        """The same with a vertex exactly at `point` (2,): a vertex within a millimetre is put there, else a side that passes there gets one more."""
        found = self
        for number, ring in enumerate(self.rings):
            near = np.flatnonzero(np.hypot(*(ring - point).T) <= SAME_M)
            if len(near):
                if not np.array_equal(ring[near[0]], point):
                    changed = ring.copy()
                    changed[near] = point
                    found = found.with_ring(number, changed)
                continue
            share, away = along(ring, np.roll(ring, -1, axis=0), point)
            side = int(np.argmin(away))
            if away[side] <= SAME_M and 0 < share[side] < 1:
                found = found.with_ring(number, np.insert(ring, side + 1, point, axis=0))
        return found


def along(start: Points, end: Points, point: Points) -> tuple[Points, Points]:
    """How far along each side (n,) the foot of `point` lies, 0 to 1, and how many metres `point` is away from the side."""
    way = end - start
    length2 = np.maximum((way * way).sum(axis=1), 1e-12)
    share = np.clip(((point - start) * way).sum(axis=1) / length2, 0, 1)
    return share, np.hypot(*(start + share[:, None] * way - point).T)
