"""Who would answer for every spot before anything falls in: a raster of units, what nobody has, what two have, areas × categories (decisions 0010, 0066).

Fills are a raster of the rules' own answers; holes and doubles are exact shapes."""

from __future__ import annotations

import datetime as dt
import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
import shapely

from chuangwen.domain.responsibility import applies, code_key
from chuangwen.domain.shared_edges import NOBODY
from chuangwen.errors import UserError
from chuangwen.exchange.zone_check import areas_of
from chuangwen.progress import Progress
from chuangwen.services.checks.areas import wide_parts
from chuangwen.services.checks.thresholds import thresholds_of
from chuangwen.services.placing import View
from chuangwen.services.responsibility import Resolver
from chuangwen.services.responsibility_names import NameSpot, spots_for_names
from chuangwen.services.responsible_claims import Claims, Overlap
from chuangwen.services.what_if import WhatIf
from chuangwen.text import _

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from chuangwen.domain.categories import Category

_MOST = 300_000
_FINEST_M = 10.0
HOLE, DOUBLE = "hole", "double"


@dataclass(frozen=True, slots=True)
class Place:
    """A hole (nobody answers) or a double (two features of one rule with different units claim it), an exact `shape` in metres.

    `at`: a spot inside; `claims`: their codes; `settled`: what gives a double to one of them (`Overlap.settled`).
    """

    kind: str
    text: str
    shape: shapely.Geometry
    claims: tuple[str, ...] = ()
    settled: str = ""

    @property
    def area_m2(self) -> float:
        """m²."""
        return float(shapely.area(self.shape))

    @property
    def at(self) -> tuple[float, float]:
        """Easting and northing, metres."""
        spot = shapely.point_on_surface(self.shape)
        return float(spot.x), float(spot.y)


@dataclass(frozen=True, slots=True)
class ResponsibilityMap:
    """`cells` (rows, columns), northernmost row first: index into `units`, -1 nobody, -2 outside. `corner`: west, north, metres; `step`: of a cell.

    `ground_m2`: the whole district; `hole_m2`: what nobody has, slivers included that are too small for a place; `names`: where units may be written.
    """

    category: str
    corner: tuple[float, float]
    step: float
    cells: NDArray[np.int32]
    units: tuple[str, ...]
    places: tuple[Place, ...]
    ground_m2: float
    hole_m2: float
    names: tuple[NameSpot, ...] = ()

    def areas(self) -> list[tuple[str | None, float]]:
        """Units and m², the largest first; None for nobody. Together exactly the district: what somebody has is shared by the cells of each unit."""
        counts = Counter(self.cells[self.cells >= 0].tolist())
        each = (self.ground_m2 - self.hole_m2) / max(counts.total(), 1)
        found: list[tuple[str | None, float]] = [(self.units[unit], count * each) for unit, count in counts.items()]
        found += [(None, self.hole_m2)] if self.hole_m2 >= 1 else []
        return sorted(found, key=lambda one: -one[1])


def map_of(view: View, day: dt.date | None, category: str = "", progress: Progress | None = None, reading: Reading | None = None) -> ResponsibilityMap:
    """The whole district on a grid of 10 m, or wider where that would be more than 300,000 cells. `category`: id or title, '' for none in particular.

    Raises `UserError` for a category that no rule knows, and where there is neither district nor zone.
    """
    work = progress or Progress()
    read = reading or Reading(view, day)
    resolver = read.resolver
    known = resolver.rules.categories.named(category) if category else None
    if category and known is None:
        raise UserError(_("没有类别“{name}”。").format(name=category), hint=_("类别见 resources/rules/categories.toml。"))
    work.at(0, 4)
    corner, step, inside, points = grid_of(read.ground, _MOST)
    work.at(1, 4)
    found = resolver.units(points, [known.id] * len(points) if known else None)
    cells = np.full(inside.shape, -2, dtype=np.int32)
    cells[inside] = found.unit
    work.at(2, 4)
    open_ground, doubles = read.findings(resolver.rules.categories.chain(known), work.silent())
    holes = _holes(read, open_ground)
    work.at(3, 4)
    title = known.title if known else _("全部")
    area, hole = float(shapely.area(read.ground)), float(shapely.area(open_ground))
    names = spots_for_names(cells, corner, step)
    work.at(4, 4)
    return ResponsibilityMap(title, corner, step, cells, found.names, (*holes, *map(_double, doubles)), area, hole, names)


class Reading:
    """What is read of a view once for all categories: rules, claims, the district and its zones. Belongs to the thread that uses it."""

    def __init__(self, view: View, day: dt.date | None) -> None:
        self.resolver = Resolver(view, day)
        self.ground = _ground(view)
        self.claims = Claims(self.resolver)
        self.limits = thresholds_of(view)
        self.zones = WhatIf(view, day) if view.features("zone").located.any() else None
        self._kept: dict[tuple[object, ...], tuple[shapely.Geometry, list[Overlap]]] = {}

    @cached_property
    def parts(self) -> list[tuple[int, shapely.Geometry]]:
        """The district by zones, a row of the zones and its ground each, by code, `NOBODY` last: what two zones hold belongs to the smaller code (8.4)."""
        if self.zones is None:
            return [(NOBODY, self.ground)]
        shapes, codes = self.zones.mesh.geometry, self.zones.codes
        rows = [row for row in range(len(shapes)) if shapes[row] is not None and not shapely.is_empty(shapes[row])]
        rows.sort(key=lambda row: (code_key(codes[row]), self.zones.zones.ids[row] if self.zones is not None else ""))
        ordered = shapely.make_valid(np.array([shapes[row] for row in rows], dtype=object))
        tree = shapely.STRtree(ordered)
        shapely.prepare(self.ground)
        found = []
        for place, row in enumerate(rows):
            own = ordered[place]
            before = [other for other in tree.query(own, predicate="intersects").tolist() if other < place]
            own = shapely.difference(own, shapely.union_all(ordered[before])) if before else own
            found.append((row, own if shapely.contains(self.ground, own) else areas_of(shapely.intersection(own, self.ground))))
        rest = areas_of(shapely.difference(self.ground, shapely.union_all(ordered)))
        found = [(row, shape) for row, shape in found if not shapely.is_empty(shape)]
        return [*found, (NOBODY, rest)] if shapely.area(rest) > self.limits.gap_area_m2 else found

    def findings(self, chain: Sequence[Category], progress: Progress) -> tuple[shapely.Geometry, list[Overlap]]:
        """What nobody claims, and what two claim, for a category and those above it. Categories that no rule tells apart are reckoned once."""
        key = kind_of(self.resolver, chain)
        if key not in self._kept:
            nobody = self.claims.uncovered(self.ground, chain, progress)
            self._kept[key] = nobody, self.claims.overlaps(self.ground, chain, self.limits.overlap_area_m2, progress)
        return self._kept[key]


def _ground(view: View) -> shapely.Geometry:
    """The district, else all zones together."""
    for layer in ("district", "zone"):
        features = view.features(layer)
        if features.located.any():
            return shapely.union_all(features.geometry[features.located])
    raise UserError(_("没有区界，也没有网格。"), hint=_("先导入区界或网格：文件 → 导入（Ctrl+I）。"))


def grid_of(ground: shapely.Geometry, most: int) -> tuple[tuple[float, float], float, NDArray[np.bool_], NDArray[np.float64]]:
    """West and north, step, which cells (rows, columns) have their middle on the ground, and those middles (n, 2)."""
    x0, y0, x1, y1 = ground.bounds
    step = max(_FINEST_M, math.ceil(math.sqrt(ground.area / most)))
    xs, ys = np.arange(x0 + step / 2, x1 + step / 2, step), np.arange(y1 - step / 2, y0 - step / 2, -step)
    grid = np.stack(np.meshgrid(xs, ys), axis=-1)
    shapely.prepare(ground)
    inside = np.asarray(shapely.contains_xy(ground, grid[..., 0], grid[..., 1]))
    return (x0, y1), float(step), inside, grid[inside]


def _holes(read: Reading, nobody: shapely.Geometry) -> list[Place]:
    """The connected pieces of what nobody has, zone by zone, as large and as wide as CV-01 counts a gap."""
    if shapely.is_empty(nobody):
        return []
    shapes = np.array([shape for _row, shape in read.parts], dtype=object)
    limits, found = read.limits, []
    for place in np.sort(shapely.STRtree(shapes).query(nobody, predicate="intersects")).tolist():
        row = read.parts[place][0]
        if read.zones is None:
            text = _("没有责任单位")
        else:
            text = _("不在任何网格内，没有责任单位") if row == NOBODY else _("网格 {code} 内没有责任单位").format(code=read.zones.codes[row])
        pieces = shapely.get_parts(areas_of(shapely.intersection(nobody, shapes[place]))).tolist()
        found += [Place(HOLE, text, part) for piece in pieces for part in wide_parts(piece, limits.gap_area_m2, limits.gap_width_m)]
    return sorted(found, key=lambda one: -one.area_m2)


def _double(one: Overlap) -> Place:
    text = _("{rule}：{one}（{unit}）与 {other}（{second}）")
    said = text.format(rule=one.rule.title, one=one.codes[0], unit=one.units[0], other=one.codes[1], second=one.units[1])
    return Place(DOUBLE, said, one.shape, one.codes, one.settled)


def kind_of(resolver: Resolver, chain: Sequence[Category]) -> tuple[object, ...]:
    """What the rules look at of a category: two with the same give the same map."""
    forced = next((one.responsible_unit for one in chain if one.responsible_unit), "")
    return (forced, *(applies(rule, chain) for rule in resolver.active))
