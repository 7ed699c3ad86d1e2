"""Parks, squares and the green along the water."""

from __future__ import annotations

from dataclasses import dataclass

import plan
from curves import parts, ring
from land import Land
from roads import Network
from shapely import Polygon, union_all
from shapely.geometry.base import BaseGeometry


@dataclass(frozen=True)
class Green:
    """A named green area, square or playing field."""

    name: str
    kind: str  # 公园, 广场, 绿地, 运动场
    shape: Polygon


def _largest(geometry: BaseGeometry) -> Polygon:
    whole = max(parts(geometry, Polygon), key=lambda p: p.area)
    rounded = max(parts(whole.buffer(-2).buffer(2, quad_segs=3), Polygon), key=lambda p: p.area)
    return rounded.intersection(whole).simplify(0.3).buffer(0)


def make_greens(land: Land, network: Network) -> list[Green]:
    """All parks and squares, cut back from roads and water."""
    roads, water = network.surface(3.0), land.water

    def left_over(outline: BaseGeometry) -> Polygon:
        return _largest(outline.intersection(land.district.buffer(-15)).difference(roads).difference(water.buffer(1.0)))

    lake = next(w.shape for w in land.waters if w.name == "镜湖")
    greens = [Green("镜湖公园", "公园", left_over(lake.buffer(170, quad_segs=6)))]
    for name, points in {**plan.RESERVED, **plan.WATERSIDE}.items():
        square = name.endswith("广场")
        greens.append(Green(name, "广场" if square else "公园", left_over(Polygon(plan.bent(points)) if square else ring(plan.bent(points)))))
    bank = land.river_line.buffer(150, quad_segs=4).intersection(land.district).difference(water.buffer(1.0)).difference(roads)
    bank = bank.difference(union_all([g.shape for g in greens]).buffer(1.0))
    for i, strip in enumerate(sorted((p for p in parts(bank, Polygon) if p.area > 15_000), key=lambda p: p.centroid.x), start=1):
        greens.append(Green(f"示江沿岸绿地{i}", "绿地", strip.simplify(0.5).buffer(0)))
    greens.append(Green("江心洲", "绿地", _largest(land.islet.difference(roads).difference(water.buffer(1.0)))))
    return greens
