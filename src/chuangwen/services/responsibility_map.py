"""Who would answer for every spot before anything falls in: a raster of units, what nobody has, what two have, areas × categories (decision 0010)."""

from __future__ import annotations

import datetime as dt
import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import shapely

from chuangwen.domain.responsibility import applies
from chuangwen.domain.shared_edges import NOBODY
from chuangwen.errors import FileProblem, UserError
from chuangwen.progress import Progress
from chuangwen.services.placing import View
from chuangwen.services.responsibility import Resolver
from chuangwen.services.what_if import WhatIf
from chuangwen.text import _

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from chuangwen.domain.categories import Category
    from chuangwen.domain.responsibility import Rule
    from chuangwen.domain.values import Scalar

_MOST = 300_000
_FINEST_M = 10.0
_TABLE_MOST = 60_000
_CLAIMS = ("site", "compound", "worksite", "section", "zone")
"""Layers of which two features with equal right and different units are told as a double."""
_SMALLEST_M2 = 100.0
HOLE, DOUBLE = "hole", "double"


@dataclass(frozen=True, slots=True)
class Place:
    """A hole (nobody answers) or a double (two features of one rule with different units claim it). `at`: a spot inside, metres; `claims`: their names."""

    kind: str
    text: str
    area_m2: float
    at: tuple[float, float]
    claims: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ResponsibilityMap:
    """`cells` (rows, columns), northernmost row first: index into `units`, -1 nobody, -2 outside. `corner`: west, north, metres; `step`: of a cell."""

    category: str
    corner: tuple[float, float]
    step: float
    cells: NDArray[np.int32]
    units: tuple[str, ...]
    places: tuple[Place, ...]

    def areas(self) -> list[tuple[str | None, float]]:
        """Units and m², the largest first; None for nobody."""
        counts = Counter(self.cells[self.cells > -2].tolist())
        found = [(self.units[unit] if unit >= 0 else None, count * self.step**2) for unit, count in counts.items()]
        return sorted(found, key=lambda one: -one[1])


def map_of(view: View, day: dt.date | None, category: str = "", progress: Progress | None = None) -> ResponsibilityMap:
    """The whole district on a grid of 10 m, or wider where that would be more than 300,000 cells. `category`: id or title, '' for none in particular.

    Raises `UserError` for a category that no rule knows, and where there is neither district nor zone.
    """
    work = progress or Progress()
    resolver, ground = Resolver(view, day), _ground(view)
    known = resolver.rules.categories.named(category) if category else None
    if category and known is None:
        raise UserError(_("没有类别“{name}”。").format(name=category), hint=_("类别见 resources/rules/categories.toml。"))
    corner, step, inside, points = _grid(ground, _MOST)
    work.at(1, 3)
    found = resolver.units(points, [known.id] * len(points) if known else None)
    cells = np.full(inside.shape, -2, dtype=np.int32)
    cells[inside] = found.unit
    work.at(2, 3)
    chain = resolver.rules.categories.chain(known)
    holes = _holes(view, day, points[found.unit < 0], step)
    doubles = _doubles(resolver, [rule for rule in resolver.active if rule.layer in _CLAIMS and applies(rule, chain)], points, found.rule, step)
    work.at(3, 3)
    return ResponsibilityMap(known.title if known else _("全部"), corner, step, cells, found.names, (*holes, *doubles))


@dataclass(frozen=True, slots=True)
class Table:
    """Areas × categories: `cells[row][column]` in words: the unit with the largest share and 空白 where nobody is."""

    areas: tuple[str, ...]
    categories: tuple[str, ...]
    cells: tuple[tuple[str, ...], ...]
    blank_m2: tuple[tuple[float, ...], ...]


def table_of(view: View, day: dt.date | None, progress: Progress | None = None) -> Table:
    """Zones × categories of the first level, on a coarser grid. Categories that no rule tells apart are reckoned once."""
    work = progress or Progress()
    resolver = Resolver(view, day)
    _corner, step, _inside, points = _grid(_ground(view), _TABLE_MOST)
    what = WhatIf(view, day)
    zones = np.array(what.zones_of(shapely.points(points)))
    order = sorted(set(zones.tolist()) - {NOBODY}, key=lambda row: what.codes[row]) + ([NOBODY] if (zones == NOBODY).any() else [])
    book = resolver.rules.categories
    columns = [one for one in book if not one.parent]
    kept: dict[tuple[object, ...], tuple[list[str], list[float]]] = {}
    answers = []
    for one in work.each(columns, len(columns), _("责任一张图")):
        key = _kind_of(resolver, one)
        if key not in kept:
            found = resolver.units(points, [one.id] * len(points))
            kept[key] = _column(order, zones, found.unit, found.names, step)
        answers.append(kept[key])
    names = [f"{what.codes[row]} {what.zones.column('name')[row] or ''}".strip() if row != NOBODY else _("无网格") for row in order]
    return Table(
        tuple(names),
        tuple(one.title for one in columns),
        tuple(zip(*(words for words, _blank in answers), strict=True)),
        tuple(zip(*(blank for _words, blank in answers), strict=True)),
    )


def write_map(path: Path, found: ResponsibilityMap, table: Table) -> None:
    """A workbook: areas × categories, holes and doubles, units with their area. Raises `FileProblem`; then there is no half file."""
    from chuangwen.exchange.workbook_out import AMBER, ListSheet, new_book, widths

    kinds = {HOLE: _("空白"), DOUBLE: _("重复")}
    places: list[list[Scalar]] = [[kinds[one.kind], one.text, round(one.area_m2), round(one.at[0]), round(one.at[1])] for one in found.places]
    areas: list[list[Scalar]] = [[unit or _("空白"), round(area)] for unit, area in found.areas()]
    cells: list[list[Scalar]] = [[name, *row] for name, row in zip(table.areas, table.cells, strict=True)]
    sheets = (
        (_("网格和类别"), [_("网格"), *table.categories], cells, [any(blank) for blank in table.blank_m2]),
        (_("空白和重复"), [_("情况"), _("说明"), _("面积（m²）"), _("东坐标"), _("北坐标")], places, [False] * len(places)),
        (_("各单位面积"), [_("单位"), _("面积（m²）")], areas, [unit is None for unit, _area in found.areas()]),
    )
    book = new_book([AMBER])
    for title, header, rows, marked in sheets:
        sheet = ListSheet(book, title, widths(header, rows), frozen_rows=2)
        sheet.heading(_("责任一张图（{category}）").format(category=found.category))
        sheet.row(header, head=True)
        for row, amber in zip(rows, marked, strict=True):
            sheet.row(row, fill=AMBER if amber else "")
    part = path.with_name(path.name + ".part")
    try:
        book.save(part)
        part.replace(path)
    except OSError as error:
        part.unlink(missing_ok=True)
        hint = _("请检查文件夹是否存在、是否可写，文件是否正被另一程序打开。")
        raise FileProblem(_("无法写入 {file}：{error}。").format(file=path, error=error.strerror), hint=hint) from error


def _ground(view: View) -> shapely.Geometry:
    """The district, else all zones together."""
    for layer in ("district", "zone"):
        features = view.features(layer)
        if features.located.any():
            return shapely.union_all(features.geometry[features.located])
    raise UserError(_("没有区界，也没有网格。"), hint=_("先导入区界或网格：文件 → 导入（Ctrl+I）。"))


def _grid(ground: shapely.Geometry, most: int) -> tuple[tuple[float, float], float, NDArray[np.bool_], NDArray[np.float64]]:
    """West and north, step, which cells (rows, columns) have their middle on the ground, and those middles (n, 2)."""
    x0, y0, x1, y1 = ground.bounds
    step = max(_FINEST_M, math.ceil(math.sqrt(ground.area / most)))
    xs, ys = np.arange(x0 + step / 2, x1 + step / 2, step), np.arange(y1 - step / 2, y0 - step / 2, -step)
    grid = np.stack(np.meshgrid(xs, ys), axis=-1)
    shapely.prepare(ground)
    inside = np.asarray(shapely.contains_xy(ground, grid[..., 0], grid[..., 1]))
    return (x0, y1), float(step), inside, grid[inside]


def _holes(view: View, day: dt.date | None, points: NDArray[np.float64], step: float) -> list[Place]:
    """What nobody has, by zone."""
    if not len(points):
        return []
    if not view.features("zone").located.any():
        return [Place(HOLE, _("没有责任单位"), len(points) * step**2, (float(points[0, 0]), float(points[0, 1])))]
    what = WhatIf(view, day)
    zones = np.array(what.zones_of(shapely.points(points)))
    found = []
    for row in sorted(set(zones.tolist())):
        mine = points[zones == row]
        area, party = len(mine) * step**2, what.party(row)
        middle = mine[np.argmin(np.hypot(*(mine - np.median(mine, axis=0)).T))]
        if area >= _SMALLEST_M2:
            text = _("不在任何网格内，没有责任单位") if row == NOBODY else _("网格 {code} 内没有责任单位").format(code=party.code)
            found.append(Place(HOLE, text, area, (float(middle[0]), float(middle[1]))))
    return sorted(found, key=lambda one: -one.area_m2)


def _doubles(resolver: Resolver, rules: Sequence[Rule], points: NDArray[np.float64], decided: NDArray[np.int32], step: float) -> list[Place]:
    """What two features of one rule claim for different units, where that rule decides: the rule then takes the nearer or smaller one."""
    found = []
    for rule in rules:
        places = resolver.places(rule)
        mine = points[decided == resolver.active.index(rule)]
        rows = np.flatnonzero(places.located & np.array([bool(unit) for unit in places.units], dtype=bool))
        if len(rows) < 2 or not len(mine):
            continue
        claims = shapely.buffer(places.geometry[rows], places.reach[rows])
        one, other = shapely.STRtree(claims).query(claims, predicate="intersects")
        spots = shapely.STRtree(shapely.points(mine))
        for first, second in zip(one.tolist(), other.tolist(), strict=True):
            names = [places.codes[int(rows[number])] for number in (first, second)]
            units = [places.units[int(rows[number])] for number in (first, second)]
            if first >= second or units[0] == units[1]:
                continue
            both = spots.query(shapely.intersection(claims[first], claims[second]), predicate="intersects")
            if len(both) * step**2 >= _SMALLEST_M2:
                middle = mine[both[len(both) // 2]]
                text = _("{rule}：{one}（{unit}）与 {other}（{second}）").format(rule=rule.title, one=names[0], unit=units[0], other=names[1], second=units[1])
                found.append(Place(DOUBLE, text, len(both) * step**2, (float(middle[0]), float(middle[1])), tuple(names)))
    return sorted(found, key=lambda place: -place.area_m2)


def _kind_of(resolver: Resolver, category: Category) -> tuple[object, ...]:
    chain = resolver.rules.categories.chain(category)
    forced = next((one.responsible_unit for one in chain if one.responsible_unit), "")
    return (forced, *(applies(rule, chain) for rule in resolver.active))


def _column(order: Sequence[int], zones: NDArray[np.int_], unit: NDArray[np.int32], names: Sequence[str], step: float) -> tuple[list[str], list[float]]:
    """For each area what a cell says, and its m² that nobody has."""
    words, blanks = [], []
    for row in order:
        counts = Counter(unit[zones == row].tolist())
        whole = sum(counts.values())
        blank = counts.pop(-1, 0)
        best = max(counts, key=lambda number: counts[number], default=-1)
        said = [_("{unit} {share}%").format(unit=names[best], share=counts[best] * 100 // whole)] if best >= 0 else []
        said += [_("另 {count} 家").format(count=len(counts) - 1)] if len(counts) > 1 else []
        said += [_("空白 {area} m²").format(area=f"{blank * step**2:,.0f}")] if blank else []
        words.append("；".join(said))
        blanks.append(blank * step**2)
    return words, blanks
