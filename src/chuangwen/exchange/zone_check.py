"""Gaps, overlaps and doubles between neighbouring areas of one kind, found by GEOS's coverage functions and named one by one (domain.md 3.2, 7.6).

Whole coverages are checked at once; only areas whose borders do not meet are then looked at.
"""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import shapely

from chuangwen.exchange.findings import BLANK, GAP, OVERLAP, SAME, Finding
from chuangwen.exchange.shape_checks import same_pairs, thickness
from chuangwen.text import _

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Shapes = NDArray[np.object_]

GRID_M = 1e-3
"""Coordinates are compared to the millimetre: differences in the last bit make a perfect coverage invalid (facts.md 19)."""
_NOISE_M2, _NOISE_M = 0.01, 0.01
"""What is smaller, or thinner on average, is no fault: a centimetre is less than any survey of zones knows."""
_NEAR_M = 5 * GRID_M
_DOUBLE = 0.999
_SHARED = 0.9
_POLYGONS = (3, 6)
_MITRE = 10.0
_WORTH_SPLITTING = 200_000
_NAMED = 4


@dataclass(frozen=True, slots=True)
class Limits:
    """Metres and m². `snap`: borders nearer than this are meant to be one, a clean-up joins them. A gap is at most `gap` wide on average or `area` large;
    what is larger is a blank, which may be meant so."""

    snap: float = 0.5
    gap: float = 3.0
    area: float = 100.0

    @property
    def widest(self) -> float:
        """The width up to which a strip between two areas is a gap."""
        return max(self.gap, self.snap)


@dataclass(frozen=True, slots=True)
class Zones:
    """Areas of one kind: shapes (n) in metres, None where there is none; the code of each or ''; its source row, 0 for what the project holds."""

    geometry: Shapes
    codes: Sequence[str]
    rows: Sequence[int]

    def called(self, at: int) -> str:
        """The code, else the row."""
        return self.codes[at] or _("第 {row} 行").format(row=self.rows[at])

    def finding(self, kind: str, title: str, concerned: Sequence[int], geometry: shapely.Geometry) -> Finding:
        """A finding about the areas at `concerned`."""
        rows = tuple(sorted({self.rows[at] for at in concerned if self.rows[at]}))
        return Finding(kind, title, rows, tuple(self.codes[at] for at in concerned if self.codes[at]), float(shapely.area(geometry)), geometry)


def check(zones: Zones, limits: Limits | None = None) -> list[Finding]:
    """Doubles, overlaps, gaps and blanks, the worst first of each. Shapes must be valid; those that are missing are passed over."""
    limits = limits or Limits()
    there = np.flatnonzero(np.isin(shapely.get_type_id(zones.geometry), _POLYGONS) & ~shapely.is_empty(zones.geometry))
    doubles = [(int(there[first]), int(there[later])) for first, later in same_pairs(zones.geometry[there])]
    there = np.setdiff1d(there, [later for _first, later in doubles])
    return [_double(zones, pair) for pair in doubles] + (_among(zones, there, limits) if len(there) > 1 else [])


def _among(zones: Zones, there: NDArray[np.int_], limits: Limits) -> list[Finding]:
    """The faults between areas of which none is the exact double of another."""
    snapped = on_grid(zones.geometry[there])
    edges = _invalid_edges(snapped, limits.widest)
    bad = ~shapely.is_empty(edges)
    union = _union(snapped, bad)
    if not bad.any() and not _has_holes(union):
        return []
    found = _meeting(zones, there, bad)
    tree = shapely.STRtree(snapped)
    holes = _holes(union)
    found += _gaps(zones, there, tree, [one for one in holes if _is_gap(one, limits)])
    if bad.any():
        open_ended = _open_gaps(tree, holes, edges[bad], limits)
        found += _gaps(zones, there, tree, open_ended, shut=False)
    return found + _blanks(zones, there, tree, [one for one in holes if not _is_gap(one, limits)])


def covered(geometry: Shapes) -> shapely.Geometry:
    """All that areas (n, valid, none missing) cover together, to the millimetre; sound borders between them are left out without being computed."""
    snapped = on_grid(geometry)
    return _union(snapped, ~shapely.is_empty(_invalid_edges(snapped, 0.0)))


def on_grid(geometry: Shapes) -> Shapes:
    """Shapes with coordinates rounded to the millimetre, vertex by vertex: shared ones stay shared."""
    return np.asarray(shapely.set_precision(geometry, GRID_M, mode="pointwise"))


def _invalid_edges(snapped: Shapes, width: float) -> Shapes:
    """GEOS's invalid edges of each area. A large coverage is looked at in two halves on two threads, each half with the neighbours of its areas."""
    if shapely.get_num_coordinates(snapped).sum() < _WORTH_SPLITTING:
        return np.asarray(shapely.coverage_invalid_edges(snapped, gap_width=width))
    x0, _y0, x1, _y1 = shapely.bounds(snapped).T
    west = x0 <= np.median(x0)
    found = np.empty(len(snapped), dtype=object)

    def look(mine: NDArray[np.bool_]) -> None:
        near = np.flatnonzero(mine | ((x1 >= x0[mine].min() - width) & (x0 <= x1[mine].max() + width)))
        found[mine] = shapely.coverage_invalid_edges(snapped[near], gap_width=width)[mine[near]]

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(look, [half for half in (west, ~west) if half.any()]))
    return found


def overlaps(geometry: Shapes, others: NDArray[np.int_]) -> list[tuple[int, int, shapely.Geometry]]:
    """Pairs of areas of which one at least is at `others`, with what both cover, above the noise of rounding."""
    tree = shapely.STRtree(geometry)
    one, other = tree.query(geometry[others], predicate="intersects")
    pairs = np.unique(np.sort(np.column_stack([others[one], other]), axis=1), axis=0)
    pairs = pairs[pairs[:, 0] != pairs[:, 1]]
    if not len(pairs):
        return []
    shared = shapely.intersection(geometry[pairs[:, 0]], geometry[pairs[:, 1]])
    with np.errstate(invalid="ignore"):
        counts = (shapely.area(shared) >= _NOISE_M2) & (thickness(shared) >= _NOISE_M)
    return [(int(pairs[at, 0]), int(pairs[at, 1]), areas_of(shared[at])) for at in np.flatnonzero(counts).tolist()]


def areas_of(shape: shapely.Geometry) -> shapely.Geometry:
    """The areas of a shape, without lines and points where others touch."""
    if shapely.get_type_id(shape) in _POLYGONS:
        return shape
    parts = [one for one in shapely.get_parts(shape).tolist() if shapely.get_type_id(one) in _POLYGONS]
    if not parts:
        return shapely.Polygon()
    return parts[0] if len(parts) == 1 else shapely.multipolygons([inner for part in parts for inner in shapely.get_parts(part).tolist()])


def _meeting(zones: Zones, there: NDArray[np.int_], bad: NDArray[np.bool_]) -> list[Finding]:
    """Doubles and overlaps. Coverages flag only the inner one of two areas that lie in each other: each flagged one is held against all."""
    if not bad.any():
        return []
    geometry = zones.geometry[there]
    found, same = [], []
    for one, other, shared in overlaps(geometry, np.flatnonzero(bad)):
        size, areas = float(shapely.area(shared)), shapely.area(geometry[[one, other]])
        pair = [int(there[one]), int(there[other])]
        names = {"one": zones.called(pair[0]), "other": zones.called(pair[1])}
        if size >= _DOUBLE * areas.max():
            same.append(_double(zones, (pair[0], pair[1])))
        elif size >= _DOUBLE * areas.min():
            inner, outer = (names["one"], names["other"]) if areas[0] < areas[1] else (names["other"], names["one"])
            found.append(zones.finding(OVERLAP, _("{inner} 整个在 {outer} 里面").format(inner=inner, outer=outer), pair, shared))
        else:
            words = _("{one} 与 {other} 重叠 {area:,.2f} 平方米{width}")
            found.append(zones.finding(OVERLAP, words.format(**names, area=size, width=_width(shared)), pair, shared))
    return same + sorted(found, key=lambda finding: -finding.area)


def _double(zones: Zones, pair: tuple[int, int]) -> Finding:
    first, later = pair
    title = _("{one} 与 {other} 的图形相同，可能是同一个").format(one=zones.called(first), other=zones.called(later))
    return zones.finding(SAME, title, pair, zones.geometry[later])


def _union(snapped: Shapes, bad: NDArray[np.bool_]) -> shapely.Geometry:
    """All that is covered. Sound borders are left out by GEOS without being computed; only the rest is really joined."""
    sound = shapely.coverage_union_all(snapped[~bad])
    if not bad.any():
        return sound
    return areas_of(shapely.union_all([sound, *_valid(snapped[bad])]))


def _valid(shapes: Shapes) -> Shapes:
    """Shapes that rounding may have made invalid."""
    return np.asarray(np.where(shapely.is_valid(shapes), shapes, shapely.make_valid(shapes)))


def _has_holes(union: shapely.Geometry) -> bool:
    return bool((shapely.get_num_interior_rings(shapely.get_parts(union)) > 0).any())


def _holes(union: shapely.Geometry) -> list[shapely.Geometry]:
    """The holes of what is covered, as areas, without what lies in them (a zone in a park is covered)."""
    rings = [shapely.get_interior_ring(part, at) for part in shapely.get_parts(union) for at in range(shapely.get_num_interior_rings(part))]
    if not rings:
        return []
    holes = shapely.polygons(rings)
    islands = shapely.STRtree(shapely.get_parts(union))
    parts = islands.geometries
    for at, inside in np.transpose(islands.query(holes, predicate="contains_properly")).tolist():
        holes[at] = shapely.difference(holes[at], parts[inside])
    return list(_noticed(holes))


def _is_gap(hole: shapely.Geometry, limits: Limits) -> bool:
    return bool(shapely.area(hole) <= limits.area or thickness(hole) <= limits.widest)


def _open_gaps(tree: shapely.STRtree, holes: Sequence[shapely.Geometry], edges: Shapes, limits: Limits) -> list[shapely.Geometry]:
    """Strips between areas that are open at an end: what closes when what is covered around the flagged edges grows by half their width and shrinks again."""
    half = limits.widest / 2 + GRID_M
    around = shapely.union_all(shapely.buffer(edges, 2 * limits.widest, quad_segs=2))
    covered = shapely.union_all(shapely.intersection(_valid(tree.geometries[tree.query(around, predicate="intersects")]), around))
    grown = shapely.buffer(covered, half, join_style="mitre", mitre_limit=_MITRE)
    closed = shapely.buffer(grown, -half, join_style="mitre", mitre_limit=_MITRE)
    strips = _noticed(shapely.get_parts(shapely.difference(closed, covered)))
    strips = strips[np.unique(shapely.STRtree(edges).query(strips, predicate="dwithin", distance=_NEAR_M)[0])]
    shut = shapely.union_all(holes)
    rest = [shapely.difference(strip, shapely.union_all([shut, *_valid(tree.geometries[tree.query(strip)])])) for strip in strips.tolist()]
    strips = _noticed(shapely.get_parts(np.array(rest, dtype=object))) if rest else strips
    return list(strips[thickness(strips) <= limits.widest])


def _noticed(shapes: Shapes) -> Shapes:
    """The areas among shapes that are more than the noise of rounding."""
    shapes = shapes[shapely.get_dimensions(shapes) == 2]
    return np.asarray(shapes[(shapely.area(shapes) >= _NOISE_M2) & (thickness(shapes) >= _NOISE_M)])


def _gaps(zones: Zones, there: NDArray[np.int_], tree: shapely.STRtree, gaps: Sequence[shapely.Geometry], *, shut: bool = True) -> list[Finding]:
    """Gaps with the areas that they lie between. Those that are not shut must lie between two areas along nearly all of their border."""
    found = []
    for gap, around in zip(gaps, neighbours(gaps, tree), strict=True):
        if not shut and (len(around) < 2 or sum(along for _at, along in around) < _SHARED * shapely.length(gap)):
            continue
        concerned = [int(there[at]) for at, _along in around]
        area = float(shapely.area(gap))
        title = _("{names} 之间有缝隙 {area:,.2f} 平方米{width}").format(names=_names(zones, concerned), area=area, width=_width(gap))
        found.append(zones.finding(GAP, title, concerned, gap))
    return sorted(found, key=lambda finding: -finding.area)


def _blanks(zones: Zones, there: NDArray[np.int_], tree: shapely.STRtree, blanks: Sequence[shapely.Geometry]) -> list[Finding]:
    found = []
    for blank, near in zip(blanks, neighbours(blanks, tree), strict=True):
        around = [int(there[at]) for at, _along in near]
        words = _("{names} 之间有一块 {area:,.0f} 平方米的空白没有划入，若是有意留出则不必处理")
        found.append(zones.finding(BLANK, words.format(names=_names(zones, around), area=shapely.area(blank)), around, blank))
    return sorted(found, key=lambda finding: -finding.area)


def _names(zones: Zones, concerned: Sequence[int]) -> str:
    return "、".join(zones.called(at) for at in concerned[:_NAMED]) + ("…" if len(concerned) > _NAMED else "")


def neighbours(shapes: Sequence[shapely.Geometry], tree: shapely.STRtree) -> list[list[tuple[int, float]]]:
    """For each of `shapes` the areas of `tree` along its border, each with how many metres of it, the longest first."""
    found: list[list[tuple[int, float]]] = [[] for _shape in shapes]
    if not len(shapes):
        return found
    given = np.array(shapes, dtype=object)
    mine, near = tree.query(given, predicate="dwithin", distance=_NEAR_M)
    grown = shapely.buffer(given, _NEAR_M, quad_segs=1)
    along = shapely.length(shapely.intersection(shapely.boundary(tree.geometries[near]), grown[mine]))
    for at, area, long in zip(mine.tolist(), near.tolist(), along.tolist(), strict=True):
        if long > 3 * _NEAR_M:
            found[at].append((area, long))
    return [sorted(one, key=lambda pair: (-pair[1], pair[0])) for one in found]


def _width(shape: shapely.Geometry) -> str:
    """（宽约 0.2 米）, for what is a strip."""
    wide = float(thickness(shape))
    return _("（细条，宽约 {wide:.2f} 米）").format(wide=wide) if wide < Limits().gap else ""
