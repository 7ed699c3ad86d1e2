"""Zones beside each other as one mesh: a vertex of a common border moves in all zones that hold it, so no gap and no overlap comes of it (issue 5, what-if).

Nothing of the mesh is made beforehand but a tree of the zones' boxes: ten thousand zones are ready in milliseconds, and a step looks only at what lies around.
A border that one zone has in one piece and its neighbours in two (a T-junction) gets the missing vertex first, wherever a move would open it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np
import shapely

from chuangwen.domain.rings import SAME_M, Rings, along
from chuangwen.errors import RuleBroken
from chuangwen.text import _

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from shapely.geometry.base import BaseGeometry

    Points = NDArray[np.float64]
    Place = tuple[float, float]

NOISE_M2 = 0.01
"""Areas below this are rounding, no land."""
VERTEX, EDGE = "vertex", "edge"
NOBODY = -1
"""Where a piece comes from or goes to no zone: over the outer border."""


@dataclass(frozen=True, slots=True)
class Handle:
    """What can be taken hold of: one vertex, or one side with its two ends. `at`: the place on the border nearest to the hand, metres."""

    kind: str
    points: tuple[Place, ...]
    at: Place
    zones: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Piece:
    """Land that changes zone: positions of the zones, `NOBODY` for none; metres of the project's CRS."""

    giver: int
    taker: int
    geometry: BaseGeometry

    @property
    def area_m2(self) -> float:
        """Its size."""
        return float(shapely.area(self.geometry))


@dataclass(frozen=True, slots=True)
class Reshaped:
    """New shapes of the zones that are touched, by position, or why they may not be (`refused`)."""

    shapes: Mapping[int, BaseGeometry]
    pieces: tuple[Piece, ...] = ()
    refused: str = ""


class SharedEdges:
    """Zones of one kind, `geometry` (n,) polygons in metres (None: not on the map) and what each is called. Immutable: a move gives shapes, `accepted` a mesh.

    `origin` are the zones before any change: pieces and gaps are always told against it.
    """

    def __init__(self, geometry: NDArray[np.object_], names: Sequence[str], origin: SharedEdges | None = None, touched: frozenset[int] = frozenset()) -> None:
        self.geometry = geometry
        self.names = names
        self.origin = origin or self
        self.touched = touched
        self._tree = shapely.STRtree(geometry)
        self._rings: dict[int, Rings] = {}

    # --- finding

    def nearest(self, x: float, y: float, reach_m: float) -> Handle | None:
        """The vertex within reach that is nearest, else the side; None where no border is."""
        point = np.array([x, y], dtype=np.float64)
        vertices: list[tuple[float, Place]] = []
        sides: list[tuple[float, float, Place, Place, Place]] = []
        for zone in self._around(point, reach_m):
            for ring in self.rings_of(zone).rings:
                away = np.hypot(*(ring - point).T)
                best = int(np.argmin(away))
                if away[best] <= reach_m:
                    vertices.append((float(away[best]), _place(ring[best])))
                end = np.roll(ring, -1, axis=0)
                share, off = along(ring, end, point)
                for side in np.flatnonzero(off <= off.min() + SAME_M).tolist():
                    if off[side] <= reach_m:
                        foot = ring[side] + share[side] * (end[side] - ring[side])
                        length = float(np.hypot(*(end[side] - ring[side])))
                        sides.append((round(float(off[side]), 3), length, _place(ring[side]), _place(end[side]), _place(foot)))
        if vertices:
            _away, at = min(vertices)
            return Handle(VERTEX, (at,), at, tuple(self.holding([np.array(at)])))
        if sides:
            _away, _length, start, stop, at = min(sides)
            return Handle(EDGE, (start, stop), at, tuple(self.holding([np.array(at)], 2 * SAME_M)))
        return None

    def line(self, handle: Handle) -> list[Place]:
        """The vertices of the borders that the zones at a handle share with each other: what a hand may take next."""
        found: dict[Place, int] = {}
        for zone in handle.zones:
            for place in {(round(x, 3), round(y, 3)) for ring in self.rings_of(zone).rings for x, y in ring.tolist()}:
                found[place] = found.get(place, 0) + 1
        wanted = min(len(handle.zones), 2)
        return sorted(place for place, count in found.items() if count >= wanted)

    # --- changing

    def grip(self, handle: Handle) -> Grip:
        """Take hold of it: all that stays the same from one step of a drag to the next is worked out here."""
        return Grip(self, [np.array(one) for one in handle.points])

    def inserted(self, handle: Handle) -> Reshaped:
        """A vertex more, at the handle's place, in all zones whose border passes there."""
        point = np.round(np.array(handle.at), 3)
        if handle.kind == VERTEX:
            return Reshaped({}, refused=_("这里已经有顶点。"))
        rings = {zone: _forced(self.rings_of(zone), np.array(handle.at), point) for zone in self.holding([np.array(handle.at)], 2 * SAME_M)}
        return self.judged({zone: one.area() for zone, one in rings.items()})

    def removed(self, handle: Handle) -> Reshaped:
        """The vertex away, in all zones that hold it; refused where more than two borders meet."""
        if handle.kind != VERTEX:
            return Reshaped({}, refused=_("请先选中一个顶点。"))
        grip = self.grip(handle)
        if len(grip.rays) > 2:
            return Reshaped({}, refused=_("这里有 {count} 条边界交汇，顶点不能删。").format(count=len(grip.rays)))
        shapes = {}
        for zone, rings in grip.rings.items():
            for number, ring in enumerate(rings.rings):
                kept = ring[np.hypot(*(ring - np.array(handle.at)).T) > SAME_M]
                if len(kept) < 3:
                    return Reshaped({}, refused=_("网格 {name} 只剩三个顶点，不能再删。").format(name=self.names[zone]))
                rings = rings.with_ring(number, kept)
            shapes[zone] = rings.area()
        return self.judged(shapes, outer=grip.outer)

    def given(self, giver: int, line: Sequence[Place], taker: int | None = None) -> Reshaped:
        """Cut `giver` along a drawn line that crosses it, and give the smaller piece to a neighbour: `taker`, or the one with the longest common border."""
        from shapely.ops import split

        area = self.geometry[giver]
        parts = sorted(split(area, shapely.LineString(line)).geoms, key=lambda one: one.area) if len(line) > 1 else []
        if len(parts) < 2:
            return Reshaped({}, refused=_("画的线没有把网格 {name} 切成两块，请从边界外画到边界外。").format(name=self.names[giver]))
        rest, away = parts[-1], shapely.set_precision(shapely.union_all(parts[:-1]), 1e-3, mode="pointwise")
        border = away.boundary
        beside = [int(zone) for zone in self._tree.query(away).tolist() if zone != giver]
        shared = {zone: float(shapely.length(shapely.intersection(border, self.geometry[zone].boundary))) for zone in beside}
        chosen = taker if taker is not None else max(shared, key=lambda zone: shared[zone], default=NOBODY)
        if chosen == NOBODY or shared.get(chosen, 0.0) < SAME_M:
            return Reshaped({}, refused=_("这一块与要接收的网格没有公共边界。"))
        rest = shapely.set_precision(rest, 1e-3, mode="pointwise")
        shapes: dict[int, BaseGeometry] = {giver: _typed(rest, area), chosen: self.geometry[chosen]}
        for point in shapely.get_coordinates(away):
            for zone in self.holding([point], 2 * SAME_M):
                if zone != giver:
                    shapes[zone] = _forced(Rings.of(shapes.get(zone, self.geometry[zone])), point, point).area()
        shapes[chosen] = _typed(shapely.union(shapes[chosen], away), self.geometry[chosen])
        return self.judged(shapes, outer=True)

    def accepted(self, reshaped: Reshaped) -> SharedEdges:
        """The mesh with the new shapes in it; `origin` stays. Raises `RuleBroken` for what was refused."""
        if reshaped.refused:
            raise RuleBroken(reshaped.refused)
        geometry = self.geometry.copy()
        for zone, shape in reshaped.shapes.items():
            geometry[zone] = shape
        return SharedEdges(geometry, self.names, self.origin, self.touched | set(reshaped.shapes))

    # --- what lies around

    def rings_of(self, zone: int) -> Rings:
        """The rings of a zone, kept."""
        if zone not in self._rings:
            self._rings[zone] = Rings.of(self.geometry[zone])
        return self._rings[zone]

    def _around(self, point: Points, reach_m: float) -> list[int]:
        x, y = point
        return sorted(self._tree.query(shapely.box(x - reach_m, y - reach_m, x + reach_m, y + reach_m)).tolist())

    def holding(self, points: Iterable[Points], reach_m: float = SAME_M) -> list[int]:
        """The zones whose border passes through any of the points."""
        found: set[int] = set()
        for point in points:
            for zone in self._around(point, reach_m):
                if any(along(ring, np.roll(ring, -1, axis=0), point)[1].min() <= reach_m for ring in self.rings_of(zone).rings):
                    found.add(zone)
        return sorted(found)

    def holders(self, points: NDArray[np.object_], reach_m: float) -> list[tuple[int, int]]:
        """Pairs of a point's number and a zone that holds it, or is no farther than so many metres."""
        number, zone = self._tree.query(points, predicate="dwithin", distance=reach_m)
        return list(zip(number.tolist(), zone.tolist(), strict=True))

    def vertices_on(self, start: Points, end: Points) -> Points:
        """Vertices of any zone that lie on a side between its ends, (k, 2), the nearest to `start` first."""
        x0, y0 = np.minimum(start, end) - SAME_M
        x1, y1 = np.maximum(start, end) + SAME_M
        found = []
        for zone in self._tree.query(shapely.box(x0, y0, x1, y1)).tolist():
            for ring in self.rings_of(zone).rings:
                inside = ring[(ring[:, 0] >= x0) & (ring[:, 0] <= x1) & (ring[:, 1] >= y0) & (ring[:, 1] <= y1)]
                if len(inside):
                    way = end - start
                    share = ((inside - start) @ way) / max(float(way @ way), 1e-12)
                    off = np.hypot(*(start + share[:, None] * way - inside).T)
                    ends = np.minimum(np.hypot(*(inside - start).T), np.hypot(*(inside - end).T))
                    found.append(inside[(off <= SAME_M) & (ends > SAME_M)])
        nodes = np.concatenate(found) if found else np.empty((0, 2))
        return nodes[np.argsort(np.hypot(*(nodes - start).T), kind="stable")]

    # --- whether it may be

    def judged(self, shapes: Mapping[int, BaseGeometry], *, outer: bool = False) -> Reshaped:
        """Pieces against `origin`, and whether the zones still lie side by side. `outer`: the outer border may move, land may fall to nobody."""
        refused = self._why_not(shapes, outer=outer)
        if refused:
            return Reshaped(shapes, refused=refused)
        whole = {zone: self.geometry[zone] for zone in self.touched} | dict(shapes)
        before = self.origin.geometry
        lost = {zone: _areas(shapely.difference(before[zone], shape)) for zone, shape in whole.items()}
        won = {zone: _areas(shapely.difference(shape, before[zone])) for zone, shape in whole.items()}
        pieces = []
        for taker, land in won.items():
            for giver, gone in lost.items():
                if taker != giver:
                    pieces.append(Piece(giver, taker, _areas(shapely.intersection(gone, land))))
        all_lost, all_won = shapely.union_all(list(lost.values())), shapely.union_all(list(won.values()))
        fresh = [Piece(NOBODY, zone, _areas(shapely.difference(land, all_lost))) for zone, land in won.items()]
        blank = [Piece(zone, NOBODY, _areas(shapely.difference(gone, all_won))) for zone, gone in lost.items()]
        return Reshaped(shapes, tuple(one for one in (*pieces, *fresh, *blank) if one.area_m2 > NOISE_M2))

    def _why_not(self, shapes: Mapping[int, BaseGeometry], *, outer: bool) -> str:
        for zone, shape in shapes.items():
            if not shapely.is_valid(shape) or shapely.is_empty(shape) or shapely.area(shape) < 1:
                return _("网格 {name} 的边界会自己相交。").format(name=self.names[zone])
        won = {zone: _areas(shapely.difference(shape, self.geometry[zone])) for zone, shape in shapes.items()}
        for zone, land in won.items():
            if shapely.area(land) <= NOISE_M2:
                continue
            for other in self._tree.query(land).tolist():
                if other == zone or other in shapes:
                    continue
                if shapely.area(shapely.intersection(land, self.geometry[other])) > NOISE_M2:
                    return _("会盖住网格 {name}。").format(name=self.names[other])
            for other, shape in shapes.items():
                if other != zone and shapely.area(shapely.intersection(land, shape)) > NOISE_M2:
                    return _("网格 {name} 与 {other} 会重叠。").format(name=self.names[zone], other=self.names[other])
        if not outer:
            before, after = (shapely.union_all(list(some)) for some in ([self.geometry[zone] for zone in shapes], shapes.values()))
            hole = float(shapely.area(shapely.difference(before, after)))
            if hole > NOISE_M2:
                return _("会留下 {area} m² 没有网格的空白。").format(area=f"{hole:,.2f}")
        return ""


class Grip:
    """Points of a mesh in the hand. `rings`: the zones that hold one, with all vertices they need; `rays`: where borders go, and how many zones go there."""

    def __init__(self, mesh: SharedEdges, points: Sequence[Points]) -> None:
        self._mesh = mesh
        held = list(points)
        for start, end in pairwise(points):
            held += list(mesh.vertices_on(start, end))
        self.points = held
        self.rings = {zone: mesh.rings_of(zone) for zone in mesh.holding(held)}
        for zone, rings in self.rings.items():
            for point in held:
                rings = rings.node(point)
            self.rings[zone] = rings
        self.rays: dict[Place, int] = {}
        for zone in self.rings:
            self._open_sides(zone)

    @property
    def outer(self) -> bool:
        """Whether an outer border is held: a side that only one zone has."""
        return any(count < 2 for count in self.rays.values())

    def moved(self, dx: float, dy: float) -> Reshaped:
        """All points by so many metres, to the millimetre."""
        shapes, step = {}, np.array([dx, dy])
        for zone, rings in self.rings.items():
            for number, ring in enumerate(rings.rings):
                changed = ring.copy()
                for point in self.points:
                    changed[(ring == point).all(axis=1)] = np.round(point + step, 3)
                rings = rings.with_ring(number, changed)
            shapes[zone] = rings.area()
        return self._mesh.judged(shapes, outer=self.outer)

    def _open_sides(self, zone: int) -> None:
        """Cut the sides that will turn where a neighbour has a vertex on them, and note where they go."""
        rings = self.rings[zone]
        for number in range(len(rings.rings)):
            ring = rings.rings[number]
            mine = np.array([any((vertex == point).all() for point in self.points) for vertex in ring])
            made: list[Points] = []
            for at, vertex in enumerate(ring):
                later = (at + 1) % len(ring)
                made.append(vertex)
                if mine[at] == mine[later]:
                    continue
                start, end = (vertex, ring[later]) if mine[at] else (ring[later], vertex)
                nodes = self._mesh.vertices_on(start, end)
                if len(nodes):
                    made.append(nodes[0])
                far = _place(np.round(nodes[0] if len(nodes) else end, 2))
                self.rays[far] = self.rays.get(far, 0) + 1
            rings = rings.with_ring(number, np.array(made))
        self.rings[zone] = rings


def _forced(rings: Rings, at: Points, point: Points) -> Rings:
    """A vertex at `point` in the side that passes within two millimetres of `at`."""
    for number, ring in enumerate(rings.rings):
        share, away = along(ring, np.roll(ring, -1, axis=0), at)
        side = int(np.argmin(away))
        if away[side] <= 2 * SAME_M and np.hypot(*(ring - point).T).min() > SAME_M and 0 < share[side] < 1:
            return rings.with_ring(number, np.insert(ring, side + 1, point, axis=0))
    return rings


def _typed(shape: BaseGeometry, like: BaseGeometry) -> BaseGeometry:
    return shapely.multipolygons([shape]) if shapely.get_type_id(like) == 6 and shapely.get_type_id(shape) == 3 else shape


def _areas(shape: BaseGeometry) -> BaseGeometry:
    """The areas of a shape, without lines and points where others touch."""
    if shapely.get_type_id(shape) in (3, 6):
        return shape
    parts = [one for one in shapely.get_parts(shape).tolist() if shapely.get_type_id(one) in (3, 6)]
    return shapely.union_all(parts) if parts else shapely.Polygon()


def _place(point: Points) -> Place:
    return float(point[0]), float(point[1])
