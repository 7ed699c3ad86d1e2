"""The 36 campaign zones (创建网格) of six streets.

Zones are unions of block faces, so neighbours share their boundary vertex by vertex and the district has no gap. Each
grows from a hand-set seed over the faces, crossing main roads unwillingly and the river not at all; then single faces
change sides until the boundaries run along the roads a patrol would name as 四至.
"""

from __future__ import annotations

import heapq
import math
from collections import defaultdict
from dataclasses import dataclass
from itertools import pairwise

import plan
from blocks import faces
from curves import Point2, parts
from land import Land
from quarters import quarter_of
from roads import Network
from shapely import LineString, Point, Polygon, STRtree, coverage_union_all, line_merge

# street → code letters; then per zone its seed (drawing coordinates) and its communities
STREETS: dict[str, str] = {"文昌街道": "WC", "迎江街道": "YJ", "站前街道": "ZQ", "学府街道": "XF", "镜湖街道": "JH", "云桥镇": "YQ"}
SEEDS: dict[str, list[tuple[Point2, str]]] = {
    "文昌街道": [
        ((-830, 950), "状元坊社区"),
        ((-1680, 970), "文峰社区"),
        ((-850, 260), "鼓楼社区、古井社区"),
        ((-1600, 220), "西门社区"),
        ((-2520, 1100), "江畔社区"),
        ((-3750, 1500), "西江村"),
    ],
    "迎江街道": [
        ((-50, 980), "建设社区"),
        ((60, 300), "滨江社区"),
        ((760, 950), "东门社区"),
        ((1800, 1450), "望江社区"),
        ((1950, 2000), "东苑社区"),
        ((3000, 1330), "东升社区"),
    ],
    "站前街道": [
        ((-2600, 1900), "青年社区"),
        ((-1720, 1750), "月湖社区"),
        ((-950, 1750), "和平社区"),
        ((-50, 1700), "车站社区"),
        ((900, 1750), "朝阳社区"),
        ((-1600, 2750), "青山村"),
        ((900, 2750), "北坞村"),
    ],
    "学府街道": [
        ((-2250, -250), "桃李社区"),
        ((-950, -1000), "学苑社区"),
        ((-3950, -500), "西溪村"),
        ((-2700, -1750), "文溪社区"),
        ((-1000, -1900), "园丁社区"),
        ((-2300, -3000), "双溪村"),
    ],
    "镜湖街道": [
        ((1350, 200), "江南社区"),
        ((700, -900), "镜湖社区"),
        ((1950, -700), "湖滨社区"),
        ((500, -1900), "锦绣社区"),
        ((1800, -1900), "丹桂社区"),
        ((900, -3150), "南山村"),
    ],
    "云桥镇": [((2950, -500), "云桥社区"), ((2800, -2100), "兴业社区"), ((3950, -2000), "工业园社区"), ((4250, 500), "江口村"), ((3700, 2500), "桃源村")],
}

_UNWILLING = {plan.MAIN: 6.0, plan.SECONDARY: 2.2, plan.COMMERCIAL: 1.6, plan.BRANCH: 1.1, plan.ALLEY: 1.0, "示江": 40.0, "文溪": 3.0, "铁路": 4.0, "": 1.5}
_BORDER = {plan.MAIN: 0.3, plan.SECONDARY: 0.5, plan.COMMERCIAL: 0.5, plan.BRANCH: 0.85, plan.ALLEY: 1.0, "示江": 0.05, "文溪": 0.3, "铁路": 0.2, "": 0.7}
_DENSITY = {"old": 4_000, "north": 3_100, "east": 2_100, "west": 1_500, "campus": 1_600, "crescent": 2_000, "works": 400, "": 40}
_SMALLEST, _LARGEST = 320_000, 3_150_000  # square metres  # households a km²


@dataclass(frozen=True)
class Zone:
    """One campaign zone."""

    code: str
    name: str
    street: str
    communities: str
    shape: Polygon
    bounds: str  # 四至
    households: int
    population: int
    building_count: int


@dataclass(frozen=True)
class _Side:
    """The common boundary of two faces."""

    length: float
    rank: str
    name: str


def _sides(cells: list[Polygon], network: Network, land: Land) -> dict[int, dict[int, _Side]]:
    """Which faces touch, along how many metres, and along what."""
    tree, roads = STRtree(cells), STRtree([e.line for e in network.edges])
    sides: dict[int, dict[int, _Side]] = defaultdict(dict)
    others = (("示江", land.river_line), ("文溪", land.brook_line), ("铁路", land.railway))
    for i, j in sorted((int(i), int(j)) for i, j in tree.query(cells, predicate="touches").T if i < j):
        common = parts(cells[i].intersection(cells[j]), LineString)
        length = sum(piece.length for piece in common)
        if length < 0.05:
            continue
        longest = max(parts(line_merge(cells[i].intersection(cells[j])), LineString), key=lambda piece: piece.length)
        middle = longest.interpolate(0.5, normalized=True)
        near = roads.query(middle, predicate="dwithin", distance=0.05)
        if len(near):
            road = network.edges[int(near[0])].road
            side = _Side(length, road.rank, road.name)
        else:
            name = next((n for n, line in others if line.distance(middle) < 0.1), "")
            side = _Side(length, name, name)
        sides[i][j] = sides[j][i] = side
    return sides


def _grown(cells: list[Polygon], sides: dict[int, dict[int, _Side]], seeds: list[Point]) -> list[int]:
    """Each face's zone: the seed from which it is reached at the least cost."""
    owner = [-1] * len(cells)
    queue = [(0.0, z, next(i for i, c in enumerate(cells) if c.contains(seed))) for z, seed in enumerate(seeds)]
    heapq.heapify(queue)
    while queue:
        cost, zone, i = heapq.heappop(queue)
        if owner[i] >= 0:
            continue
        owner[i] = zone
        for j, side in sides[i].items():
            if owner[j] < 0:
                heapq.heappush(queue, (cost + cells[i].centroid.distance(cells[j].centroid) * _UNWILLING[side.rank], zone, j))
    return owner


def _whole(members: set[int], sides: dict[int, dict[int, _Side]]) -> bool:
    """Whether faces hang together."""
    if not members:
        return False
    seen, todo = set(), [min(members)]
    while todo:
        i = todo.pop()
        if i not in seen:
            seen.add(i)
            todo += [j for j in sides[i] if j in members]
    return len(seen) == len(members)


def _settled(owner: list[int], cells: list[Polygon], sides: dict[int, dict[int, _Side]]) -> list[int]:
    """Move faces to the neighbour with whom the boundary becomes shorter and better marked, until none gains."""
    for _ in range(12):
        moved = 0
        for i in range(len(cells)):
            pull: dict[int, float] = defaultdict(float)
            for j, side in sides[i].items():
                pull[owner[j]] += side.length * _BORDER[side.rank]
            best = max(sorted(pull), key=lambda z: pull[z])
            if best != owner[i] and pull[best] > pull[owner[i]] + 1:
                rest = {k for k, z in enumerate(owner) if z == owner[i] and k != i}
                left = sum(cells[k].area for k in rest)
                grown = cells[i].area + sum(cells[k].area for k, z in enumerate(owner) if z == best)
                if left > _SMALLEST and grown < _LARGEST and _whole(rest, sides):
                    owner[i] = best
                    moved += 1
        if not moved:
            break
    return owner


def _bounds(zone: int, owner: list[int], cells: list[Polygon], sides: dict[int, dict[int, _Side]], shape: Polygon, land: Land, communities: list[str]) -> str:
    """四至: what the zone reaches in each direction, by the longest named piece of its boundary there."""
    x0, y0, x1, y1 = shape.bounds
    along: dict[str, dict[str, float]] = {d: defaultdict(float) for d in "东南西北"}

    def measure(line: LineString, name: str) -> None:
        for (ax, ay), (bx, by) in pairwise(line.coords):
            dx, dy = ((ax + bx) - (x0 + x1)) / (x1 - x0), ((ay + by) - (y0 + y1)) / (y1 - y0)
            direction = ("东" if dx > 0 else "西") if abs(dx) > abs(dy) else ("北" if dy > 0 else "南")
            along[direction][name] += math.dist((ax, ay), (bx, by))

    for i in (i for i, z in enumerate(owner) if z == zone):
        for j, side in sides[i].items():
            if owner[j] != zone:
                for piece in parts(cells[i].intersection(cells[j]), LineString):
                    measure(piece, side.name or f"{communities[owner[j]].split('、')[0]}界")
    for piece in parts(line_merge(shape.exterior.intersection(land.district.exterior.buffer(0.02))), LineString):
        measure(piece, "区界")
    return "，".join(f"{d}至{max(found, key=lambda name: (found[name], name), default='区界')}" for d, found in along.items())


def _density(cell: Polygon) -> int:
    """Households a km²: the quarter's in blocks, the country's on the large faces at its edge."""
    quarter = quarter_of(cell)
    return _DENSITY[quarter.key if quarter and cell.area < 300_000 else ""]


def make_zones(network: Network, land: Land) -> list[Zone]:
    """All zones, street by street."""
    cells = faces(network, land)
    sides = _sides(cells, network, land)
    flat = [(street, seed, community) for street, group in SEEDS.items() for seed, community in group]
    owner = _settled(_grown(cells, sides, [Point(plan.bent([seed])[0]) for _, seed, _ in flat]), cells, sides)
    if -1 in owner:
        raise ValueError("a face belongs to no zone")
    zones: list[Zone] = []
    count: dict[str, int] = defaultdict(int)
    for z, (street, _, communities) in enumerate(flat):
        mine = {i for i, o in enumerate(owner) if o == z}
        shape = coverage_union_all([cells[i] for i in sorted(mine)])
        (shape,) = parts(shape, Polygon)
        count[street] += 1
        households = round(sum(cells[i].area * _density(cells[i]) for i in sorted(mine)) / 1e6)
        name = f"{street}第{count[street]}网格"
        code = f"{STREETS[street]}-{count[street]:02d}"
        people = round(households * (2.62 + 0.03 * (z % 7)))
        zones.append(
            Zone(
                code,
                name,
                street,
                communities,
                shape,
                _bounds(z, owner, cells, sides, shape, land, [c for _, _, c in flat]),
                households,
                people,
                max(12, round(households / 34)),
            )
        )
    return zones
