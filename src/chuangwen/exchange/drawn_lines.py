"""Areas that were drawn as lines (domain.md 7.6): closed lines are areas; open ones that shut in ground together are, on asking."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
import shapely

from chuangwen.domain.layer import Layer
from chuangwen.domain.values import Scalar
from chuangwen.exchange.coordinate_ranges import DEGREES, WORLD, readings
from chuangwen.exchange.doubts import Answer, Answers, Doubt, settled
from chuangwen.exchange.findings import LINES, Finding
from chuangwen.exchange.incoming import Incoming, Repaired
from chuangwen.exchange.shapes import sample_points
from chuangwen.text import _

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Shapes = NDArray[np.object_]

KEY = "lines"
_LINES, _POINTS, _AREAS = (1, 2, 5), (0, 4), (3, 6)
_DEGREE_M = 111_320.0
_SNAP_M, _LONG_M, _PAST_M = 1.0, 10.0, 0.01
_SAME_AREA = 1e-3
_INSIDE = 0.99


@dataclass(frozen=True, slots=True)
class _Face:
    """An area, the position of the row that it stands for, and those whose values it takes where they agree."""

    shape: shapely.Geometry
    owner: int
    sources: tuple[int, ...]


def areas_of_lines(incoming: Incoming, layer: Layer, answers: Answers) -> Incoming:
    """`incoming` with areas in place of its lines; texts and points inside give the values that lines lack. A layer of the base map does so only where the
    file holds nothing but lines. Lines that shut in nothing stay, to be refused by name."""
    geometry = incoming.geometry
    assert geometry is not None
    types = shapely.get_type_id(geometry)
    lines = np.flatnonzero(np.isin(types, _LINES)).tolist()
    if not lines or (layer.kind != "subject" and np.isin(types, _AREAS).any()):
        return incoming
    metre = _metre(geometry)
    closed: dict[int, shapely.Geometry] = {}
    open_lines: dict[int, shapely.Geometry] = {}
    repaired: list[Repaired] = []
    for at in lines:
        shape, gap = _closed(geometry[at], metre)
        if shape is None:
            open_lines[at] = geometry[at]
            continue
        closed[at] = shape
        if gap > 0:
            repaired.append(Repaired(incoming.rows[at], _("边界线首尾相差 {gap:.2f} 米，已闭合").format(gap=gap / metre)))
    faces, asked = _enclosed(incoming, open_lines, closed, metre, answers)
    faces = [*(_Face(shape, at, (at,)) for at, shape in closed.items() if at not in asked.outlines), *faces]
    if not faces:
        return incoming
    return _with_faces(incoming, faces, repaired, asked, len(closed))


@dataclass(frozen=True, slots=True)
class _Asked:
    """The doubt about open lines, the lines whose ground is taken, and the closed ones that are only the outline of others."""

    doubts: tuple[Doubt, ...] = ()
    used: frozenset[int] = frozenset()
    outlines: frozenset[int] = frozenset()


def _metre(geometry: Shapes) -> float:
    """What a metre is in the coordinates of the file."""
    way = next(iter(readings(sample_points(geometry))), None)
    if way is None:
        return 1.0
    return 1 / _DEGREE_M if way.kind in (DEGREES, WORLD) else 1 / way.factor


def _closed(shape: shapely.Geometry, metre: float) -> tuple[shapely.Geometry | None, float]:
    """The area that a line shuts in, and how far its ends were apart; None for an open line."""
    parts = shapely.get_parts(shapely.line_merge(shape) if shapely.get_type_id(shape) == 5 else shape)
    rings, widest = [], 0.0
    for part in parts:
        nodes = shapely.get_coordinates(part)
        apart = float(np.hypot(*(nodes[0] - nodes[-1]))) if len(nodes) else np.inf
        if len(nodes) < 3 or not np.isfinite(nodes).all() or apart > _SNAP_M * metre or (apart > 0 and shapely.length(part) < _LONG_M * metre):
            return None, 0.0
        nodes = nodes if apart == 0 else np.vstack([nodes, nodes[:1]])
        if len(nodes) < 4:
            return None, 0.0
        rings.append(shapely.linearrings(nodes))
        widest = max(widest, apart)
    if not rings:
        return None, 0.0
    if len(rings) == 1:
        return shapely.polygons(rings[0]), widest
    built = shapely.build_area(shapely.geometrycollections(rings))  # a line in the other is the border of a hole
    return (built, widest) if not shapely.is_empty(built) else (None, 0.0)


def _enclosed(
    incoming: Incoming, open_lines: dict[int, shapely.Geometry], closed: dict[int, shapely.Geometry], metre: float, answers: Answers
) -> tuple[list[_Face], _Asked]:
    """The areas between open lines, each with the lines along it."""
    if not open_lines:
        return [], _Asked()
    pieces = [(at, part) for at, line in open_lines.items() for part in shapely.get_parts(line).tolist() if not shapely.is_empty(part)]
    borders = shapely.boundary(list(closed.values())).tolist()
    positions = [*(at for at, _part in pieces), *closed]
    drawn = np.array([*_stretched([part for _at, part in pieces], borders, metre), *borders], dtype=object)
    faces = shapely.get_parts(shapely.polygonize(shapely.get_parts(shapely.union_all(drawn))))
    faces = faces[shapely.area(faces) > metre**2]
    tree = shapely.STRtree(drawn)
    found: list[_Face] = []
    outlines: set[int] = set()
    rings = list(closed)
    shells = shapely.STRtree(np.array(list(closed.values()), dtype=object))
    for face in faces.tolist():
        inside = [rings[at] for at in shells.query(shapely.point_on_surface(face), predicate="within").tolist()]
        if any(abs(shapely.area(face) / shapely.area(closed[at]) - 1) < _SAME_AREA for at in inside):
            continue  # the closed line stands for it
        outlines |= {at for at in inside if _covers(closed[at], face)}
        border = shapely.boundary(face)
        grown = shapely.buffer(border, 0.05 * metre)
        near = tree.query(border, predicate="intersects")
        along = shapely.length(shapely.intersection(drawn[near], grown))
        order = dict.fromkeys(positions[int(near[at])] for at in np.argsort(-along) if along[at] > 0.2 * metre)
        if order:
            found.append(_Face(face, next(iter(order)), tuple(order)))
    if not found:
        return [], _Asked()
    used = frozenset(at for face in found for at in face.sources if at in open_lines)
    words = _("{lines} 条没有各自闭合的线一起围成了 {faces} 块。要把每一块作一个面吗？").format(lines=len(used), faces=len(found))
    possible = (Answer("areas", _("每一块作一个面")), Answer("closed", _("只要自己闭合的线")))
    answer = settled(KEY, answers, possible, "areas")
    doubt = Doubt(KEY, words, possible, answer, tuple(sorted(incoming.rows[at] for at in used)), asks=True)
    if answer == "closed":
        return [], _Asked((doubt,))
    return found, _Asked((doubt,), used | outlines, frozenset(outlines))


def _covers(ring: shapely.Geometry, face: shapely.Geometry) -> bool:
    return bool(shapely.area(shapely.intersection(ring, face)) > _INSIDE * shapely.area(face))


def _stretched(parts: Sequence[shapely.Geometry], borders: Sequence[shapely.Geometry], metre: float) -> list[shapely.Geometry]:
    """Open lines with ends that stop less than a metre before another line drawn a centimetre past it, so that they cross."""
    others = np.array([*parts, *borders], dtype=object)
    tree = shapely.STRtree(others)
    made = []
    for number, part in enumerate(parts):
        nodes = shapely.get_coordinates(part).copy()
        for end in (0, -1):
            point = shapely.points(nodes[end])
            near = [at for at in tree.query(point, predicate="dwithin", distance=_SNAP_M * metre).tolist() if at != number]
            if not near:
                continue
            reach = shapely.get_coordinates(shapely.shortest_line(point, others[min(near, key=lambda at: shapely.distance(point, others[at]))]))
            step = reach[1] - reach[0]
            long = float(np.hypot(*step))
            if long > 0:
                past = reach[1] + step / long * _PAST_M * metre
                nodes = np.vstack([past, nodes]) if end == 0 else np.vstack([nodes, past])
        made.append(shapely.linestrings(nodes))
    return made


def _with_faces(incoming: Incoming, faces: Sequence[_Face], repaired: Sequence[Repaired], asked: _Asked, closed: int) -> Incoming:
    geometry = incoming.geometry
    assert geometry is not None
    faces = sorted(faces, key=lambda face: face.owner)
    shapes = shapely.orient_polygons(np.array([face.shape for face in faces], dtype=object), exterior_cw=True)  # as a shapefile would hold them
    points = np.flatnonzero(np.isin(shapely.get_type_id(geometry), _POINTS)).tolist()
    inside: dict[int, list[int]] = {}
    if points:
        mine, theirs = shapely.STRtree(shapes).query(geometry[points], predicate="within")
        for point, face in zip(mine.tolist(), theirs.tolist(), strict=True):
            inside.setdefault(face, []).append(points[point])
    gone = {at for face in faces for at in face.sources} | set(asked.used) | {at for some in inside.values() for at in some}
    rest = [at for at in range(len(incoming)) if at not in gone]
    taken = incoming.take([*(face.owner for face in faces), *rest])
    columns = []
    for column, whole in zip(taken.columns, incoming.columns, strict=True):
        values = [_value(whole.values, (*face.sources,), inside.get(number, ())) for number, face in enumerate(faces)]
        names = (*column.words, _("名称")) if column.title == _("文字") and incoming.column(_("名称")) is None else column.names  # a text in a drawing
        columns.append(replace(column, values=[*values, *column.values[len(faces) :]], names=names))
    everything = np.empty(len(taken), dtype=object)
    everything[:] = [*shapes.tolist(), *geometry[rest].tolist()]
    rows = tuple(dict.fromkeys(incoming.rows[face.owner] for face in faces))
    title = _("{count} 个面是用线画的：{closed} 条闭合线各作一个，其余由几条线围成").format(count=len(faces), closed=closed - len(asked.outlines))
    note = _("用线画的 {count} 个面已按面读取。").format(count=len(faces))
    return replace(
        taken,
        columns=tuple(columns),
        geometry=everything,
        repaired=(*taken.repaired, *repaired),
        warnings=(*taken.warnings, note),
        doubts=(*taken.doubts, *asked.doubts),
        findings=(*taken.findings, Finding(LINES, title, rows)),
    )


def _value(values: Sequence[Scalar], sources: Sequence[int], points: Sequence[int]) -> Scalar:
    """What a point inside says, else what all the lines along an area agree on."""
    said = [values[at] for at in points if values[at] is not None]
    if said:
        return said[0]
    given = {values[at] for at in sources if values[at] is not None}
    return given.pop() if len(given) == 1 else None
