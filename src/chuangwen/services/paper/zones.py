"""Which sheets a run of 网格巡查图 has: scale, paper turned, what stands on each (domain.md 6.1, 6.2)."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
import shapely

from chuangwen.domain.campaign import is_open
from chuangwen.domain.feature import Feature, Features
from chuangwen.domain.geo import ROUND_SCALES, Extent
from chuangwen.errors import UserError
from chuangwen.services.paper.cutting import Cutting, SubSheet, TooManySheets, cut
from chuangwen.services.paper.edges import EdgeNote, edge_notes
from chuangwen.services.paper.frames import Paper, Rect
from chuangwen.services.paper.inset_place import InsetPlace, inset_place
from chuangwen.services.paper.sheet import FIT, MapPart, Numbered, Request, Sheet, chosen, chosen_scale, fitting_scale, inside
from chuangwen.services.paper.templates import Template, template
from chuangwen.text import _

if TYPE_CHECKING:
    from chuangwen.services.project import Project

_MOST_SHEETS = 40
"""More sub-sheets of one zone than that are a slip of the pen in the scale."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ZoneSheet(Sheet):
    """One zone's map, or one of the sub-sheets of a large one.

    `neighbours`: ids of the zones that are seen beside it, drawn pale; `edges`: on which sheets the map goes on; `sub`: of `parts` sub-sheets, with its
    match lines; `inset`: a crowded corner shown again.
    """

    neighbours: frozenset[str] = frozenset()
    edges: tuple[EdgeNote, ...] = ()
    sub: SubSheet | None = None
    parts: int = 1
    inset: InsetPlace | None = None

    @property
    def plan(self) -> Rect:
        """The map's frame."""
        return self.template.map_frame(self.paper, landscape=self.landscape)

    @property
    def title(self) -> str:
        """街道 社区 网格名称 巡查图; a part that the name repeats is left out."""
        assert self.subject is not None
        name = self.name or self.code
        street, community = (str(self.subject.get(field) or "") for field in ("street", "community"))
        bare = name.removeprefix(street).removeprefix(community) or name
        place = "".join(part for part in (street, community) if part not in bare)
        words = _("{place}{name}网格巡查图").format(place=place, name=bare.removesuffix(_("网格")))
        return _("{title}（分幅 {part}/{parts}）").format(title=words, part=self.part, parts=self.parts) if self.part else words


def plan(project: Project, request: Request) -> list[Sheet]:
    """The sheets of the zones asked for, by street and code; a zone too large for the smallest allowed scale (or the one asked for) has several.

    Raises `UserError` for an unknown code, a zone without boundary among those asked for, a project without zones, an unusable scale or paper.
    """
    request.checked()
    zones = project.features("zone")
    wanted = chosen(zones, request.codes)
    bare = [zone for zone in wanted if not _has_area(zone)]
    if bare and (request.codes is not None or len(bare) == len(wanted)):
        raise UserError(_("网格 {code} 没有边界，不能打印。").format(code=bare[0].code or bare[0].name), hint=_("请导入它的边界。"))
    numbers = _numbers(zones)
    issues = project.features("issue")
    made = template(request.product)
    planner = _Planner(zones, project.features("site"), issues.take(is_open(issues)), numbers, made, made.paper(request.paper), request.scale)
    turn = sorted((zone for zone in wanted if zone.id in numbers), key=lambda zone: numbers[zone.id])
    return [sheet for zone in turn for sheet in planner.sheets(zone)]


def _numbers(zones: Features) -> dict[str, int]:
    """Id → 图幅号 of all zones that have an area, by street and code."""
    order = sorted((zone for zone in zones if _has_area(zone)), key=lambda zone: (str(zone.get("street") or ""), zone.code))
    return {zone.id: number for number, zone in enumerate(order, 1)}


def settled(project: Project, sheet: Sheet) -> Sheet:
    """A sheet whose map was moved by hand, with the neighbours, edge notes and inset of the ground it shows now."""
    assert isinstance(sheet, ZoneSheet)
    zones = project.features("zone")
    return _surrounded(sheet, zones, _numbers(zones))


def _surrounded(sheet: ZoneSheet, zones: Features, numbers: Mapping[str, int]) -> ZoneSheet:
    zone, part, place = sheet.subject, sheet.map, sheet.plan
    assert zone is not None
    assert zone.geometry is not None
    frame = _frame(part, place)
    near = [zones.at(at) for at in np.flatnonzero(shapely.intersects(zones.geometry, frame)).tolist() if zones.ids[at] != zone.id]
    beside = [(one.code or one.name, numbers[one.id], one.geometry) for one in near if one.geometry is not None]
    marked = [row.feature.geometry for found in sheet.rows.values() for row in found if row.number]
    return replace(
        sheet,
        neighbours=frozenset(one.id for one in near),
        edges=edge_notes(zone.geometry, beside, part, place),
        inset=inset_place(shapely.get_coordinates(marked), part, place),
    )


def _frame(part: MapPart, place: Rect) -> shapely.Polygon:
    """The ground in a map frame."""
    half = (place.width * part.denominator / 2000, place.height * part.denominator / 2000)
    x, y = part.centre
    return shapely.box(x - half[0], y - half[1], x + half[0], y + half[1])


def _has_area(zone: Feature) -> bool:
    return zone.geometry is not None and not zone.geometry.is_empty


@dataclass(frozen=True, slots=True)
class _Planner:
    """What all zones of a run share."""

    zones: Features
    located: Features
    unfinished: Features
    numbers: Mapping[str, int]
    made: Template
    paper: Paper
    scale: int | None

    def sheets(self, zone: Feature) -> Iterator[ZoneSheet]:
        """The sheet of a zone, or its sub-sheets."""
        assert zone.geometry is not None
        frames = {way: self.made.map_frame(self.paper, landscape=way) for way in self.made.ways()}
        cutting = self._cut(zone, frames)
        rows = {"site": inside(zone.geometry, zone.code, self.located), "issue": inside(zone.geometry, zone.code, self.unfinished)}
        for sub in cutting.sheets:
            yield self._sheet(zone, rows, sub, cutting, frames[cutting.landscape])

    def _cut(self, zone: Feature, frames: Mapping[bool, Rect]) -> Cutting:
        rules = self.made.map
        allowed = self._scales(zone, frames)
        sizes = {
            way: (place.width * (1 - 2 * rules.free) + rules.overlap, place.height * (1 - 2 * rules.free) + rules.overlap) for way, place in frames.items()
        }
        try:
            return cut(zone.geometry, sizes, allowed, rules.overlap, _MOST_SHEETS)
        except TooManySheets as error:
            words = _("网格 {code} 按 1:{scale} 至少要分成 {count} 幅。").format(code=zone.code, scale=self.scale or rules.smallest, count=error.count)
            raise UserError(words, hint=_("请改用更小的比例尺（更大的数）或更大的纸。")) from error

    def _scales(self, zone: Feature, frames: Mapping[bool, Rect]) -> list[float]:
        """The scales that a zone may be drawn at; where it is to fit its sheet and is too large for one, the standard ones for its sub-sheets."""
        assert zone.geometry is not None
        rules, most = self.made.map, self.made.map.smallest or math.inf
        if self.scale == FIT:
            extent = Extent(*zone.geometry.bounds)
            fitting = min(chosen_scale(fitting_scale(extent, place, rules.free), FIT) for place in frames.values())
            if fitting <= most:
                return [fitting]
        elif self.scale is not None:
            return [float(self.scale)]
        return [float(scale) for scale in rules.scales or ROUND_SCALES if scale <= most]

    def _sheet(self, zone: Feature, rows: Mapping[str, tuple[Numbered, ...]], sub: SubSheet, cutting: Cutting, place: Rect) -> ZoneSheet:
        assert zone.geometry is not None
        parts = len(cutting.sheets)
        part = MapPart(sub.centre, sub.denominator)
        if parts > 1:
            frame = _frame(part, place)
            rows = {layer: tuple(row for row in found if _stands(row, frame, sub.number)) for layer, found in rows.items()}
        sheet = ZoneSheet(
            product=self.made.id,
            code=zone.code,
            name=zone.name,
            group=str(zone.get("street") or ""),
            number=self.numbers[zone.id],
            part=sub.number if parts > 1 else 0,
            paper=self.paper,
            landscape=cutting.landscape,
            maps=(part,),
            subject=zone,
            rows=rows,
            sub=sub,
            parts=parts,
        )
        return _surrounded(sheet, self.zones, self.numbers)


def _stands(row: Numbered, frame: shapely.Polygon, part: int) -> bool:
    """Whether a row belongs on a sub-sheet: it is seen there, or has no place and stands on the first."""
    return frame.intersects(row.feature.geometry) if row.number else part == 1
