"""The road network: the drawn roads, the crescent's arcs and radii, and the small streets that fill the quarters.

The result is *noded*: wherever two roads meet there is a shared vertex, and every `Edge` runs from one crossing to the
next. Sections, blocks and zone boundaries are all put together from these same edges, so they fit to the last digit.
"""

from __future__ import annotations

import math
from collections import defaultdict
from dataclasses import dataclass

import plan
from chance import stream
from curves import beside, longer, parts, spline
from land import Land
from quarters import StreetNames, quarter_of, rank_and_width
from shapely import LineString, Point, Polygon, STRtree, line_merge, polygonize, union_all
from shapely.geometry.base import BaseGeometry
from subdivide import subdivide

GRID = 0.01  # metres: all network vertices lie on this grid
_STUB = 230.0  # a dead end shorter than this is the overshoot of a drawn road
RANK_ORDER = {plan.MAIN: 0, plan.SECONDARY: 1, plan.COMMERCIAL: 2, plan.BRANCH: 3, plan.ALLEY: 4}

Node = tuple[float, float]


@dataclass(frozen=True)
class Road:
    """A named road."""

    name: str
    rank: str
    width: float
    line: BaseGeometry


@dataclass(frozen=True)
class Edge:
    """A piece of a road from one crossing to the next."""

    road: Road
    line: LineString

    @property
    def ends(self) -> tuple[Node, Node]:
        """The two crossings (or dead ends)."""
        return self.line.coords[0], self.line.coords[-1]


@dataclass(frozen=True)
class Network:
    """All roads and their edges."""

    roads: list[Road]
    edges: list[Edge]

    def surface(self, extra: float = 0.0) -> BaseGeometry:
        """The ground the carriageways and pavements take, `extra` metres wider on each side."""
        return union_all([e.line.buffer(e.road.width / 2 + extra, quad_segs=4) for e in self.edges])


def _arc(radius: float) -> LineString:
    cx, cy = plan.CRESCENT_CENTRE
    angles = [math.radians(d / 4) for d in range(-60, 61)]
    return LineString(plan.bent((cx + radius * math.sin(a), cy + radius * math.cos(a)) for a in angles)).simplify(0.4)


def _radius(degrees: float) -> LineString:
    cx, cy = plan.CRESCENT_CENTRE
    a = math.radians(degrees)
    return LineString(plan.bent((cx + r * math.sin(a), cy + r * math.cos(a)) for r in range(6_000, 11_000, 40))).simplify(0.4)


def _drawn(land: Land) -> list[Road]:
    """The roads set by hand, and the two that follow the river."""
    roads = [Road(r.name, r.rank, r.width, longer(spline(plan.bent(r.points)), 45).intersection(land.district)) for r in plan.DRAWN_ROADS]
    roads += [Road(name, rank, width, beside(land.river_line, left, a, b).intersection(land.district)) for name, rank, width, left, a, b in plan.RIVERSIDE]
    return roads


def _node(roads: list[Road]) -> list[Edge]:
    """Cut all roads at their crossings; each piece keeps the road it came from."""
    merged = union_all([r.line for r in roads], grid_size=GRID)
    tree = STRtree([r.line for r in roads])
    edges: list[Edge] = []
    for piece in parts(merged, LineString):
        middle = piece.interpolate(0.5, normalized=True)
        near = [int(i) for i in tree.query(middle, predicate="dwithin", distance=0.05)]
        edges.append(Edge(roads[min(near, key=lambda i: (RANK_ORDER[roads[i].rank], i))], piece))
    return _between_crossings(edges)


def _between_crossings(edges: list[Edge]) -> list[Edge]:
    """Join pieces of one road that meet where nothing else does."""
    by_road: dict[str, list[Edge]] = defaultdict(list)
    degree: dict[Node, int] = defaultdict(int)
    for e in edges:
        by_road[e.road.name].append(e)
        for end in e.ends:
            degree[end] += 1
    stops = {n for n, d in degree.items() if d > 2}
    joined: list[Edge] = []
    for group in by_road.values():
        merged = line_merge(union_all([e.line for e in group]))
        for line in parts(merged, LineString):
            joined += [Edge(group[0].road, piece) for piece in _cut_at(line, stops)]
    return joined


def _cut_at(line: LineString, stops: set[Node]) -> list[LineString]:
    pieces: list[LineString] = []
    coords = list(line.coords)
    current = coords[:1]
    for xy in coords[1:]:
        current.append(xy)
        if xy in stops:
            pieces.append(LineString(current))
            current = [xy]
    if len(current) > 1:
        pieces.append(LineString(current))
    return pieces


def _without_stubs(edges: list[Edge], district: Polygon) -> list[Edge]:
    """Cut off what sticks out beyond the last crossing of a drawn road; roads that leave the district stay."""
    outline = district.exterior
    while True:
        degree: dict[Node, int] = defaultdict(int)
        for e in edges:
            for end in e.ends:
                degree[end] += 1
        stubs = {i for i, e in enumerate(edges) if e.line.length < _STUB and any(degree[end] == 1 and outline.distance(Point(end)) > 1 for end in e.ends)}
        if not stubs:
            return edges
        edges = _between_crossings([e for i, e in enumerate(edges) if i not in stubs])


def _crescent(edges: list[Edge]) -> list[Road]:
    """The arcs and radii, inside the quarter that 迎宾大道, 滨江大道, 示山大道 and 南环东路 enclose."""
    arcs = [(name, rank, width, _arc(value)) for name, rank, width, value in plan.CRESCENT_ARCS]
    radii = [(name, rank, width, _radius(value)) for name, rank, width, value in plan.CRESCENT_RADII]
    southern = next(line for name, _, _, line in arcs if name == "南环东路")
    inside = Point(plan.bent([(1350, -1500)])[0])
    quarter = next(f for f in parts(polygonize([union_all([*(e.line for e in edges), southern], grid_size=GRID)]), Polygon) if f.contains(inside))
    return [Road(name, rank, width, line.intersection(quarter.buffer(0.02))) for name, rank, width, line in [*arcs, *radii]]


def _reserved() -> BaseGeometry:
    """Lakes, parks and squares: no small street crosses them."""
    lakes = [Polygon(plan.bent(points)).buffer(35) for points in plan.LAKES.values()]
    return union_all([*lakes, *(Polygon(plan.bent(points)) for points in plan.RESERVED.values())])


class _Ends:
    """Where small streets end and in which direction they would go on, to let one carry on across a larger road under the same name."""

    def __init__(self) -> None:
        self._at: dict[Node, list[tuple[float, Road]]] = defaultdict(list)

    @staticmethod
    def _outward(line: LineString) -> list[tuple[Node, float]]:
        c = line.coords
        return [((round(a[0], 2), round(a[1], 2)), math.atan2(a[1] - b[1], a[0] - b[0])) for a, b in ((c[0], c[1]), (c[-1], c[-2]))]

    def add(self, road: Road, line: LineString) -> None:
        """Remember a street's two ends."""
        for node, angle in self._outward(line):
            self._at[node].append((angle, road))

    def continued_by(self, line: LineString) -> Road | None:
        """The street that this line carries straight on, if any."""
        for node, angle in self._outward(line):
            for other, road in self._at.get(node, []):
                if abs(math.remainder(angle + math.pi - other, math.tau)) < math.radians(28):
                    return road
        return None


def _fill(edges: list[Edge], land: Land) -> list[Road]:
    """Small streets for every large block of every quarter."""
    barriers = [*(e.line for e in edges), land.district.exterior, land.railway, *(w.shape.exterior for w in land.waters)]
    rng, names, ends, reserved, water = stream("small streets"), StreetNames(), _Ends(), _reserved(), land.water
    tree = STRtree([e.line for e in edges])
    joints: list[Point] = []
    roads: list[Road] = []
    blocks = sorted(parts(polygonize([union_all(barriers, grid_size=GRID)]), Polygon), key=lambda b: (round(b.centroid.x), round(b.centroid.y)))
    for block in blocks:
        quarter = quarter_of(block)
        if quarter is None or water.contains(block.representative_point()) or min(block.distance(land.waters[0].shape), block.distance(land.railway)) < 1:
            continue  # fields, water, the river bank, the strip along the railway
        corners = [Point(n) for n in sorted({end for i in tree.query(block.buffer(5)) for end in edges[int(i)].ends})]
        first = len(roads)
        near = [*corners, *(j for j in joints if block.distance(j) < 5)]
        for cut in subdivide(block, quarter.grain, rng, near, avoid=reserved):
            road = ends.continued_by(cut.line)
            if road is None:
                rank, width = rank_and_width(quarter, cut, rng)
                beside_it = [edges[int(i)].road for i in tree.query(cut.line, predicate="dwithin", distance=0.05)]
                beside_it += [r for r in roads[first:] if r.line.dwithin(cut.line, 0.05)]
                parent = min(beside_it, key=lambda r: RANK_ORDER[r.rank])
                name = names.lane(quarter, parent.name, rng) if rank == plan.ALLEY else names.street(quarter)
                road = Road(name, rank, width, cut.line)
            roads.append(Road(road.name, road.rank, road.width, cut.line))
            ends.add(road, cut.line)
        joints += near[len(corners) :]
    return roads


def make_network(land: Land) -> Network:
    """Draw, fill, node and tidy the whole network."""
    skeleton = _without_stubs(_node(_drawn(land)), land.district)
    reserved = _reserved()
    crescent = [Road(r.name, r.rank, r.width, r.line) for r in _crescent(skeleton)]
    large = [e for e in _node([*_one_road_each(skeleton), *crescent]) if e.road not in crescent or not e.line.crosses(reserved)]
    large = _without_stubs(_between_crossings(large), land.district)
    edges = _node([*_one_road_each(large), *_fill(large, land)])
    roads = _one_road_each(edges)
    return Network(roads, edges)


def _one_road_each(edges: list[Edge]) -> list[Road]:
    """The roads again, each with the whole of its line put together from its edges."""
    by_name: dict[str, list[Edge]] = defaultdict(list)
    for e in edges:
        by_name[e.road.name].append(e)
    return [Road(name, group[0].road.rank, group[0].road.width, line_merge(union_all([e.line for e in group]))) for name, group in by_name.items()]
