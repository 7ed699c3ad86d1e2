"""索引图: which sheet shows what, drawn over the whole district, and on which page it lies."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import shapely
from shapely.geometry.base import BaseGeometry

from chuangwen.domain.geo import Extent, extent_of
from chuangwen.domain.values import plain
from chuangwen.errors import UserError
from chuangwen.services.paper import zones
from chuangwen.services.paper.frames import Rect
from chuangwen.services.paper.sheet import MapPart, Request, Sheet, chosen_scale, fitting_scale, ground
from chuangwen.services.paper.templates import template
from chuangwen.text import _

if TYPE_CHECKING:
    from chuangwen.services.project import Project

INDEX = "index"
LISTED = "zone"
"""The product whose sheets are listed when the index is printed alone."""


@dataclass(frozen=True, slots=True)
class Listed:
    """A sheet of the run and its ground: `outline` of its map frame, and the `area` of its subject within it, metres."""

    sheet: Sheet
    outline: BaseGeometry
    area: BaseGeometry

    @property
    def number(self) -> str:
        """图幅号: 12, or 12-1 for a sub-sheet."""
        return f"{self.sheet.number}-{self.sheet.part}" if self.sheet.part else str(self.sheet.number)


@dataclass(frozen=True, slots=True, kw_only=True)
class IndexSheet(Sheet):
    """The index. `listed`: the sheets of the run in order; `pages`: the page on which each begins, () where the index is printed alone and the run of
    all of them is to be counted; `streets`: name and area.
    """

    listed: tuple[Listed, ...]
    pages: tuple[int, ...] = ()
    streets: tuple[tuple[str, BaseGeometry], ...] = ()

    @property
    def plan(self) -> Rect:
        """The map's frame."""
        return self.template.map_frame(self.paper, landscape=self.landscape)

    @property
    def title(self) -> str:
        """××区网格巡查图索引图."""
        product = self.listed[0].sheet.template.title
        return _("{district}{product}索引图").format(district=self.name, product=product)


def plan(project: Project, request: Request) -> list[Sheet]:
    """The index of the zone sheets (of `codes`; None: all) as they are printed on the paper asked for.

    Raises `UserError` as the zone sheets do.
    """
    request.checked()
    sheets = zones.plan(project, Request(LISTED, request.codes, request.paper))
    return plan_index(project, sheets, (), paper=request.paper, scale=request.scale)


def plan_index(project: Project, sheets: Sequence[Sheet], pages_of: Sequence[int], *, paper: str = "A4", scale: int | None = None) -> list[Sheet]:
    """The index of a run. `pages_of`: on which page each of the `sheets` begins (of the packet, the index itself counted); (): worked out from a run of
    these sheets alone.

    Raises `UserError` where no sheet has a map.
    """
    made = template(INDEX)
    listed = tuple(_listed(sheet) for sheet in sheets if sheet.maps)
    pages = tuple(page for sheet, page in zip(sheets, pages_of, strict=True) if sheet.maps) if pages_of else ()
    if not listed:
        raise UserError(_("没有可以编索引的图幅。"), hint=_("请先选择要打印的网格。"))
    size = made.paper(paper)
    extent = _extent(project, listed)
    exact = {way: fitting_scale(extent, made.map_frame(size, landscape=way), made.map.free) for way in made.ways()}
    landscape = min(exact, key=lambda way: (exact[way], way))
    denominator = chosen_scale(exact[landscape], scale, made.map.scales)
    sheet = IndexSheet(
        product=INDEX,
        code="",
        name=project.campaign.district,
        number=1,
        paper=size,
        landscape=landscape,
        maps=(MapPart(extent.centre, denominator),),
        listed=listed,
        pages=pages,
        streets=_streets(project),
    )
    return [sheet]


def _listed(sheet: Sheet) -> Listed:
    place = sheet.template.map_frame(sheet.paper, landscape=sheet.landscape)
    outline = ground(sheet.map, place.width, place.height)
    area = None if sheet.subject is None else sheet.subject.geometry
    seen = outline if area is None else shapely.make_valid(area).intersection(outline)
    return Listed(sheet, outline, outline if seen.is_empty else seen)


def _extent(project: Project, listed: Sequence[Listed]) -> Extent:
    """All zones, and all sheets listed."""
    extent = Extent(*shapely.total_bounds([one.outline for one in listed]).tolist())
    whole = extent_of(project.features("zone").bounds)
    return extent if whole is None else extent.joined(whole)


def _streets(project: Project) -> tuple[tuple[str, BaseGeometry], ...]:
    features = project.features("zone")
    groups: dict[str, list[int]] = {}
    for at, name in enumerate(map(plain, features.column("street"))):
        if name and features.located[at]:
            groups.setdefault(name, []).append(at)
    return tuple((name, shapely.union_all(shapely.make_valid(features.geometry[picked]))) for name, picked in sorted(groups.items()))
