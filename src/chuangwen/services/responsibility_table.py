"""Zones or streets × categories: whose each is, what nobody has and what two have, with m²; the workbook of the responsibility map (decision 0066)."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import shapely

from chuangwen.domain.shared_edges import NOBODY
from chuangwen.exchange.whole_file import whole_file
from chuangwen.progress import Progress
from chuangwen.services.placing import View
from chuangwen.services.responsibility_map import HOLE, Reading, ResponsibilityMap, grid_of, kind_of
from chuangwen.text import _

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from chuangwen.domain.values import Scalar

_MOST = 60_000
ZONE, STREET = "zone", "street"


@dataclass(frozen=True, slots=True)
class Cell:
    """One area for one category. `units`: unit and m², the largest first, good to about a cell; `blank_m2`, `double_m2`: exact."""

    units: tuple[tuple[str, float], ...]
    blank_m2: float
    double_m2: float

    @property
    def words(self) -> str:
        """The unit that has most of it, how many others, and 空白 and 重复 where there are any."""
        whole = sum(area for _unit, area in self.units) + self.blank_m2
        said = []
        if self.units:
            unit, area = self.units[0]
            said.append(_("{unit} {share}%").format(unit=unit, share=int(area * 100 / whole + 1e-9)))
        if len(self.units) > 1:
            said.append(_("另 {count} 家").format(count=len(self.units) - 1))
        if self.blank_m2 >= 1:
            said.append(_("空白 {area} m²").format(area=f"{self.blank_m2:,.0f}"))
        if self.double_m2 >= 1:
            said.append(_("重复 {area} m²").format(area=f"{self.double_m2:,.0f}"))
        return "；".join(said)


@dataclass(frozen=True, slots=True)
class Table:
    """Areas × categories: `cells[row][column]`. `kinds[column]`: columns with the same number are the same for every rule."""

    by: str
    areas: tuple[str, ...]
    categories: tuple[str, ...]
    cells: tuple[tuple[Cell, ...], ...]
    kinds: tuple[int, ...]


def table_of(view: View, day: dt.date | None, progress: Progress | None = None, reading: Reading | None = None, by: str = ZONE) -> Table:
    """Zones (or streets) × categories of the first level, units on a coarser grid, holes and doubles exact. Categories that no rule tells apart are
    reckoned once."""
    work = progress or Progress()
    read = reading or Reading(view, day)
    resolver = read.resolver
    _corner, _step, _inside, points = grid_of(read.ground, _MOST)
    names, shapes, area_of = _grouped(read, shapely.points(points), by)
    book = resolver.rules.categories
    columns = [one for one in book if not one.parent]
    kept: dict[tuple[object, ...], list[Cell]] = {}
    keys = []
    for one in work.each(columns, len(columns), _("责任一张图")):
        chain = book.chain(one)
        keys.append(kind_of(resolver, chain))
        if keys[-1] not in kept:
            found = resolver.units(points, [one.id] * len(points))
            nobody, doubles = read.findings(chain, work.silent())
            contested = shapely.union_all([double.shape for double in doubles])
            kept[keys[-1]] = [_cell(shape, found.unit[area_of == number], found.names, nobody, contested) for number, shape in enumerate(work.each(shapes, 0))]
    kinds = list(kept)
    rows = tuple(zip(*(kept[key] for key in keys), strict=True))
    return Table(by, tuple(names), tuple(one.title for one in columns), rows, tuple(kinds.index(key) for key in keys))


def _grouped(read: Reading, points: NDArray[np.object_], by: str) -> tuple[list[str], list[shapely.Geometry], NDArray[np.int64]]:
    """The areas' names and ground, and in which of them each point lies."""
    zones = read.zones
    if zones is None:
        return [_("全区")], [read.ground], np.zeros(len(points), dtype=np.int64)
    codes, titles, streets = zones.codes, zones.zones.column("name"), zones.zones.column("street")
    labels: dict[int, str] = {NOBODY: _("无网格")}
    for row, _shape in read.parts:
        if row != NOBODY:
            labels[row] = f"{codes[row]} {titles[row] or ''}".strip() if by == ZONE else str(streets[row] or _("未写街道"))
    names = list(dict.fromkeys(labels[row] for row, _shape in read.parts))
    members: list[list[shapely.Geometry]] = [[] for _name in names]
    for row, shape in read.parts:
        members[names.index(labels[row])].append(shape)
    rows = zones.zones_of(points)
    area_of = np.array([names.index(labels[row]) if row in labels and labels[row] in names else -1 for row in rows], dtype=np.int64)
    return names, [shapely.union_all(shapes) for shapes in members], area_of


def _cell(shape: shapely.Geometry, unit: NDArray[np.int32], names: Sequence[str], nobody: shapely.Geometry, contested: shapely.Geometry) -> Cell:
    blank, double = (float(shapely.area(shapely.intersection(one, shape))) for one in (nobody, contested))
    counts = Counter(unit[unit >= 0].tolist())
    each = max(float(shapely.area(shape)) - blank, 0.0) / max(counts.total(), 1)
    return Cell(tuple((names[number], count * each) for number, count in counts.most_common()), blank, double)


def write_map(path: Path, maps: Sequence[ResponsibilityMap], tables: Sequence[Table]) -> None:
    """A workbook: areas × categories, holes and doubles and units of each map, m² of each unit in each area. Raises `FileProblem`, and then wrote nothing."""
    from chuangwen.exchange.workbook_out import AMBER, ListSheet, new_book, save_book, widths

    kinds, settled = {True: _("空白"), False: _("重复")}, settled_words()
    places: list[list[Scalar]] = [
        [found.category, kinds[one.kind == HOLE], one.text, settled.get(one.settled, ""), round(one.area_m2), *(round(value) for value in one.at)]
        for found in maps
        for one in found.places
    ]
    areas: list[list[Scalar]] = [[found.category, unit or _("空白"), round(area)] for found in maps for unit, area in found.areas()]
    blank_areas = [unit is None for found in maps for unit, _area in found.areas()]
    sheets: list[tuple[str, list[str], list[list[Scalar]], list[bool]]] = []
    for table in tables:
        title, first = (_("网格和类别"), _("网格")) if table.by == ZONE else (_("街道和类别"), _("街道"))
        cells: list[list[Scalar]] = [[name, *(cell.words for cell in row)] for name, row in zip(table.areas, table.cells, strict=True)]
        sheets.append((title, [first, *table.categories], cells, [any(cell.blank_m2 >= 1 for cell in row) for row in table.cells]))
    head = [_("类别"), _("情况"), _("说明"), _("由谁定"), _("面积（m²）"), _("东坐标"), _("北坐标")]
    sheets.append((_("空白和重复"), head, places, [row[1] == kinds[True] for row in places]))
    sheets.append((_("各单位面积"), [_("类别"), _("单位"), _("面积（m²）")], areas, blank_areas))
    for table in tables[:1]:
        rows = _shares(table)
        sheets.append((_("各网格各单位面积"), [_("网格"), _("类别"), _("单位"), _("面积（m²）")], rows, [row[2] == kinds[True] for row in rows]))
    book = new_book([AMBER])
    for title, header, lines, marked in sheets:
        sheet = ListSheet(book, title, widths(header, lines), frozen_rows=2)
        sheet.heading(_("责任一张图（{category}）").format(category="、".join(found.category for found in maps)))
        sheet.row(header, head=True)
        for line, amber in zip(lines, marked, strict=True):
            sheet.row(line, fill=AMBER if amber else "")
    with whole_file(path) as part:
        save_book(book, part)


def settled_words() -> dict[str, str]:
    """What gives a double to one of two, in words."""
    return {"area": _("面积小者"), "distance": _("近者"), "code": _("编号小者")}


def _shares(table: Table) -> list[list[Scalar]]:
    """Area, categories that are alike, unit or 空白 or 重复, m²."""
    found: list[list[Scalar]] = []
    for name, row in zip(table.areas, table.cells, strict=True):
        for kind in dict.fromkeys(table.kinds):
            alike = "、".join(title for title, number in zip(table.categories, table.kinds, strict=True) if number == kind)
            cell = row[table.kinds.index(kind)]
            found += [[name, alike, unit, round(area)] for unit, area in cell.units]
            found += [[name, alike, word, round(area)] for word, area in ((_("空白"), cell.blank_m2), (_("重复"), cell.double_m2)) if area >= 1]
    return found
