"""What is odd about single shapes though they can be used: repeated nodes, spikes, slivers, sizes that cannot be meant (domain.md 7.6).

All is measured in whole arrays; only shapes that look odd are looked at one by one.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
import shapely

from chuangwen.domain.layer import Layer
from chuangwen.exchange.findings import APART, DUPLICATE_NODES, HUGE, RING, SAME, SLIVER, SPIKE, TINY, Finding
from chuangwen.text import _

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Coordinates = NDArray[np.float64]

SAME_NODE_M = 1e-6
THIN_M = 0.5
"""An area that is thinner than this on average is a sliver: the widest snap tolerance of domain.md 7.6."""
_SAMPLE = 500
_TINY_M2 = 1.0
_HUGE_TIMES, _ENOUGH = 100.0, 5
_SPIKE_SINE, _SPIKE_M = 0.02, 2.0
_APART_TIMES, _APART_M = 3.0, 500.0


def check_nodes(geometry: NDArray[np.object_], rows: Sequence[int], layer: Layer) -> list[Finding]:
    """Repeated nodes and spikes of shapes (n,) in the project's CRS, valid or not. Overlays are taken as they are drawn."""
    return _nodes(geometry, rows) if layer.geometry != "point" and layer.kind != "reference" else []


def check_sizes(geometry: NDArray[np.object_], rows: Sequence[int], layer: Layer) -> list[Finding]:
    """Valid shapes whose size, width or spread cannot be meant, and lines that come twice (areas: see `zone_check`). Overlays are taken as they are drawn."""
    if layer.geometry == "point" or layer.kind == "reference":
        return []
    found = _sizes(geometry, rows, compared=layer.kind == "subject") if layer.geometry == "polygon" else []
    if layer.kind == "subject":
        found += _apart(geometry, rows)
        found += _same_lines(geometry, rows) if layer.geometry == "line" else []
    return found


def check_direction(geometry: NDArray[np.object_], rows: Sequence[int], file: str) -> list[Finding]:
    """Outer rings of a shapefile that run against the clock: one finding for all, for it moves nothing and nothing has to be done."""
    if not file.lower().endswith(".shp"):
        return []
    single = np.flatnonzero(shapely.get_type_id(geometry) == 3)
    if not _against(geometry[single[:: max(1, len(single) // _SAMPLE)]]).any():  # a program draws all its rings the same way round
        return []
    against = single[_against(geometry[single])]
    against = against[shapely.is_valid(geometry[against])]
    title = _("{count} 个面的边界线是逆时针画的（shapefile 规定顺时针）：位置和面积不受影响，没有改动").format(count=len(against))
    return [Finding(RING, title, tuple(rows[at] for at in against.tolist()))]


def _against(geometry: NDArray[np.object_]) -> NDArray[np.bool_]:
    with np.errstate(invalid="ignore"):
        return np.asarray(shapely.is_ccw(shapely.get_exterior_ring(geometry)))


def thickness(geometry: NDArray[np.object_] | shapely.Geometry) -> Coordinates:
    """The average width of areas in metres, (n,): 2A/P, exact for a long strip."""
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.asarray(2 * shapely.area(geometry) / shapely.length(geometry))


def _nodes(geometry: NDArray[np.object_], rows: Sequence[int]) -> list[Finding]:
    """Repeated nodes and spikes. Rings of one shape are taken as one line here; what then looks odd is looked at ring by ring."""
    coordinates, owner = shapely.get_coordinates(geometry, return_index=True)
    if len(coordinates) < 2:
        return []
    starts = np.flatnonzero(np.diff(owner, prepend=-1))
    ends = np.append(starts[1:], len(owner)) - 1
    east, north = np.ascontiguousarray(coordinates.T)
    came_east, came_north = np.diff(east, prepend=0.0), np.diff(north, prepend=0.0)
    came_east[starts], came_north[starts] = east[ends] - east[ends - 1], north[ends] - north[ends - 1]  # of a closed ring the last side leads to its start
    long = came_east**2
    long += came_north**2
    repeated = long <= SAME_NODE_M**2
    repeated[starts] = False
    found = []
    for at in np.unique(owner[repeated]).tolist():
        found += _repeats(geometry[at], rows[at])
    dot = came_east[1:] * came_east[:-1]
    dot += came_north[1:] * came_north[:-1]
    back = np.flatnonzero(dot < 0)
    back = back[owner[back] == owner[back + 1]]
    sharp = dot[back] ** 2 > (1 - _SPIKE_SINE**2) * long[back] * long[back + 1]
    sharp &= np.minimum(long[back], long[back + 1]) >= _SPIKE_M**2
    for at in np.unique(owner[back[sharp]]).tolist():
        found += _spikes(geometry[at], rows[at])
    return found


def _repeats(shape: shapely.Geometry, row: int) -> list[Finding]:
    spare = int(shapely.get_num_coordinates(shape) - shapely.get_num_coordinates(without_repeats(shape)))
    if spare <= 0 or shapely.get_dimensions(shape) < 1:
        return []
    coordinates = shapely.get_coordinates(shape)
    first = int(np.flatnonzero(np.hypot(*np.diff(coordinates, axis=0).T) <= SAME_NODE_M)[0])
    title = _("第 {row} 行有 {count} 个重复的节点").format(row=row, count=spare)
    return [Finding(DUPLICATE_NODES, title, (row,), geometry=shapely.points(coordinates[first]))]


def without_repeats(shape: shapely.Geometry) -> shapely.Geometry:
    """A shape without nodes that lie on the one before; one that would not be left over stays as it is."""
    try:
        return shapely.remove_repeated_points(shape, SAME_NODE_M)
    except shapely.errors.GEOSException:
        return shape


def _spikes(shape: shapely.Geometry, row: int) -> list[Finding]:
    """Spikes of one shape, each at its tip, with its length."""
    if shapely.get_dimensions(shape) != 2:
        return []
    found = []
    for ring in shapely.get_rings(shape):
        nodes = shapely.get_coordinates(ring)[:-1]
        nodes = nodes[np.hypot(*(nodes - np.roll(nodes, 1, axis=0)).T) > SAME_NODE_M]
        if len(nodes) < 4:  # a thin triangle is a sliver, not a spike
            continue
        came, went = nodes - np.roll(nodes, 1, axis=0), np.roll(nodes, -1, axis=0) - nodes
        long, next_long = np.hypot(*came.T), np.hypot(*went.T)
        cross = np.abs(came[:, 0] * went[:, 1] - came[:, 1] * went[:, 0])
        sharp = ((came * went).sum(axis=1) < 0) & (cross < _SPIKE_SINE * long * next_long) & (np.minimum(long, next_long) >= _SPIKE_M)
        for tip in np.flatnonzero(sharp).tolist():
            title = _("第 {row} 行的边界有一处毛刺，长约 {long:.1f} 米").format(row=row, long=min(long[tip], next_long[tip]))
            found.append(Finding(SPIKE, title, (row,), geometry=shapely.points(nodes[tip])))
    return found


def _sizes(geometry: NDArray[np.object_], rows: Sequence[int], *, compared: bool) -> list[Finding]:
    """Areas that are too thin, too small, or too large beside the others to be meant."""
    area, thick = shapely.area(geometry), thickness(geometry)
    with np.errstate(invalid="ignore"):
        tiny = (area > 0) & (area < _TINY_M2)
        thin = (area > 0) & ~tiny & (thick < THIN_M)
        huge = np.zeros(len(geometry), dtype=bool)
        if compared and (area > 0).sum() >= _ENOUGH:
            middle = float(np.median(area[area > 0]))
            huge = area > _HUGE_TIMES * middle
    found = []
    for at in np.flatnonzero(tiny).tolist():
        title = _("第 {row} 行的面积只有 {area:.2g} 平方米").format(row=rows[at], area=area[at])
        found.append(Finding(TINY, title, (rows[at],), area=float(area[at]), geometry=geometry[at]))
    for at in np.flatnonzero(thin).tolist():
        title = _("第 {row} 行是细条：平均只有 {wide:.2f} 米宽").format(row=rows[at], wide=thick[at])
        found.append(Finding(SLIVER, title, (rows[at],), area=float(area[at]), geometry=geometry[at]))
    for at in np.flatnonzero(huge).tolist():
        title = _("第 {row} 行的面积是其他图形的 {times:,.0f} 倍").format(row=rows[at], times=area[at] / middle)
        found.append(Finding(HUGE, title, (rows[at],), area=float(area[at]), geometry=geometry[at]))
    return found


def _apart(geometry: NDArray[np.object_], rows: Sequence[int]) -> list[Finding]:
    """Shapes whose parts lie so far from each other that two things were probably joined by mistake."""
    several = np.flatnonzero(shapely.get_num_geometries(geometry) > 1)
    if not len(several):
        return []
    parts, owner = shapely.get_parts(geometry[several], return_index=True)
    long = np.bincount(owner, weights=_diagonal(parts), minlength=len(several))
    whole = _diagonal(geometry[several])
    found = []
    for at in np.flatnonzero((whole > _APART_TIMES * long) & (whole > _APART_M)).tolist():
        row = rows[int(several[at])]
        title = _("第 {row} 行由 {count} 块组成，散布在 {far:,.0f} 米范围内，请核对是否误合").format(row=row, count=int((owner == at).sum()), far=whole[at])
        found.append(Finding(APART, title, (row,), geometry=geometry[several[at]]))
    return found


def _diagonal(geometry: NDArray[np.object_]) -> Coordinates:
    x0, y0, x1, y1 = shapely.bounds(geometry).T
    return np.asarray(np.hypot(x1 - x0, y1 - y0))


def _same_lines(geometry: NDArray[np.object_], rows: Sequence[int]) -> list[Finding]:
    found = []
    for first, later in same_pairs(geometry):
        title = _("第 {row} 行与第 {first} 行的图形完全相同").format(row=rows[later], first=rows[first])
        found.append(Finding(SAME, title, (rows[first], rows[later]), geometry=geometry[later]))
    return found


def same_pairs(geometry: NDArray[np.object_]) -> list[tuple[int, int]]:
    """Positions of each shape that another before it equals to the millimetre, with that other's: (first, later)."""
    there = np.flatnonzero(shapely.get_type_id(geometry) >= 0)
    if len(there) < 2:
        return []
    key = np.round(np.column_stack([shapely.bounds(geometry[there]), shapely.length(geometry[there])]), 1)
    order = np.lexsort(key.T)
    found = []
    group: list[int] = []
    alike = np.append((np.diff(key[order], axis=0) == 0).all(axis=1), False)  # with the next
    for at in np.flatnonzero(alike | np.roll(alike, 1)).tolist():
        position = int(there[order[at]])
        first = next((one for one in group if _equal(geometry[one], geometry[position])), None)
        if first is None:
            group.append(position)
        else:
            found.append((min(first, position), max(first, position)))
        if not alike[at]:
            group = []
    return sorted(found, key=lambda pair: pair[1])


def _equal(one: shapely.Geometry, other: shapely.Geometry) -> bool:
    return bool(shapely.equals_exact(shapely.normalize(one), shapely.normalize(other), tolerance=1e-3))
