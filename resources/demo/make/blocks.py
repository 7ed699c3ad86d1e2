"""Blocks: what the roads, streams, the railway, the ridges and the district's outline cut the ground into.

A block's `face` reaches to the middle of the roads around it, so faces share their boundaries exactly and zones can be
put together from them. Its `ground` is what can be built on.
"""

from __future__ import annotations

from dataclasses import dataclass

import plan
from curves import heading, parts, spline
from land import Land
from quarters import quarter_of
from roads import GRID, Edge, Network
from shapely import LineString, Point, Polygon, STRtree, polygonize, union_all
from shapely.geometry.base import BaseGeometry

_PAVEMENT = 4.0  # metres between a road's edge and the nearest wall or fence


@dataclass(frozen=True)
class Block:
    """One piece of ground between roads."""

    number: int
    face: Polygon
    ground: Polygon
    quarter: str
    edges: tuple[Edge, ...]

    @property
    def front(self) -> Edge:
        """The most important road along the block."""
        return max(self.edges, key=lambda e: (e.road.width, e.line.length))

    @property
    def angle(self) -> float:
        """How the buildings stand: along the longest street that runs roughly east and west, so that they face south."""
        level = [(e.line.length, a) for e in self.edges if abs(a := _level(heading(e.line, self.ground.centroid))) < 0.6]
        return max(level)[1] if level else 0.0


def _level(angle: float) -> float:
    """The direction folded into ±90°."""
    while angle > 1.5708:
        angle -= 3.14159265
    while angle < -1.5708:
        angle += 3.14159265
    return angle


def faces(network: Network, land: Land) -> list[Polygon]:
    """The faces, from west to east."""
    lines = [e.line for e in network.edges]
    ridges = [spline(plan.bent(points)) for points in plan.RIDGES]
    cuts = [*lines, *ridges, land.river_line, land.brook_line, land.railway]
    inside = union_all([*(c.intersection(land.district) for c in cuts[len(lines) :]), *lines, land.district.exterior], grid_size=GRID)
    found = [f for f in parts(polygonize(parts(inside, LineString)), Polygon) if land.district.contains(f.representative_point())]
    return sorted(found, key=lambda f: (round(f.centroid.x, 1), round(f.centroid.y, 1)))


def make_blocks(network: Network, land: Land, kept_free: BaseGeometry) -> list[Block]:
    """All blocks with a road, with the ground that neither road, water, railway nor green takes."""
    tree = STRtree([e.line for e in network.edges])
    taken = union_all([land.water.buffer(12), land.railway.buffer(25), kept_free.buffer(5)])
    blocks: list[Block] = []
    for number, face in enumerate(faces(network, land)):
        around = tuple(network.edges[int(i)] for i in sorted(tree.query(face.buffer(60), predicate="intersects")))
        surface = union_all([e.line.buffer(e.road.width / 2 + _PAVEMENT, quad_segs=4) for e in around])
        pieces = parts(face.difference(surface).difference(taken), Polygon)
        ground = max(pieces, key=lambda p: p.area, default=Polygon())
        own = tuple(e for e in around if face.exterior.distance(e.line.interpolate(0.5, normalized=True)) < 0.05)
        quarter = quarter_of(face)
        if own and ground.area > 1_500:
            blocks.append(Block(number, face, ground, quarter.key if quarter else "", own))
    return blocks


def front_point(block: Block) -> Point:
    """Where the block's gate is: the place on its ground nearest to the middle of its most important road."""
    middle = block.front.line.interpolate(0.5, normalized=True)
    edge = block.ground.exterior
    return edge.interpolate(edge.project(middle))
