"""What was there before the town: the district's outline, the river, the brook, the lakes, the railway's course."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import plan
from chance import stream
from curves import parts, resampled, ring, spline, wobble
from shapely import LineString, Polygon, union_all
from shapely.geometry.base import BaseGeometry


@dataclass(frozen=True)
class Water:
    """One named piece of water."""

    name: str
    kind: str  # 河流, 溪流, 湖泊
    shape: Polygon


@dataclass(frozen=True)
class Land:
    """The ground the town stands on."""

    district: Polygon
    river_line: LineString
    brook_line: LineString
    railway: LineString
    waters: list[Water]
    islet: Polygon

    @property
    def water(self) -> BaseGeometry:
        """All water as one shape."""
        return union_all([w.shape for w in self.waters])


def _district() -> Polygon:
    """The outline follows ridges: a smooth ring, then pushed in and out as hills do."""
    rng = stream("district")
    outline = LineString(ring(plan.bent(plan.BOUNDARY), step=60.0).exterior.coords)
    s, xy, normal = resampled(outline, 35.0)
    fade = np.sin(np.pi * s / s[-1]) ** 0.2  # the ends of the ring must meet
    push = fade * wobble(rng, s, (3700, 1570, 610, 290, 140), (80, 60, 24, 13, 7))
    return Polygon(xy + normal * push[:, None]).buffer(0).simplify(1.5)


def _banks(line: LineString, half_width: float, topic: str) -> Polygon:
    """A stream whose two banks wander on their own, as water leaves them."""
    rng = stream(topic)
    s, xy, normal = resampled(line, 22.0)
    left, right = (half_width * (1 + wobble(rng, s, (1900, 830, 370, 160), (0.13, 0.09, 0.05, 0.03))) for _ in range(2))
    shape = Polygon(np.vstack([xy + normal * left[:, None], (xy - normal * right[:, None])[::-1]])).buffer(0)
    return max(parts(shape, Polygon), key=lambda p: p.area).simplify(0.8)


def make_land() -> Land:
    """Lay out the ground."""
    district = _district()
    river_line, brook_line, railway = (spline(plan.bent(points)) for points in (plan.RIVER, plan.BROOK, plan.RAILWAY))
    islet = ring(plan.bent(plan.ISLET), step=12.0)
    river = _banks(river_line, plan.RIVER_HALF_WIDTH, "river").union(islet.buffer(70)).difference(islet)
    river = river.buffer(15).buffer(-30).buffer(15)  # round the corners that the islet's arms leave
    brook = _banks(brook_line, plan.BROOK_HALF_WIDTH, "brook").difference(river)
    waters = [
        Water("示江", "河流", max(parts(river.intersection(district), Polygon), key=lambda p: p.area)),
        Water("文溪", "溪流", max(parts(brook.intersection(district), Polygon), key=lambda p: p.area)),
        *(Water(name, "湖泊", ring(plan.bent(points), step=10.0)) for name, points in plan.LAKES.items()),
    ]
    return Land(district, river_line, brook_line, railway.intersection(district), waters, islet)
