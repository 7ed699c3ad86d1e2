"""Which sheets a run of 网格巡查图 has: scale, paper turned, what stands on each (domain.md 6.1, 6.2)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import shapely

from chuangwen.domain.campaign import is_open
from chuangwen.domain.feature import Feature, Features
from chuangwen.domain.geo import Extent, round_scale
from chuangwen.errors import UserError
from chuangwen.services.paper.edges import EdgeNote, edge_notes
from chuangwen.services.paper.frames import Paper, Rect
from chuangwen.services.paper.sheet import MapPart, Request, Sheet, chosen, fitting_scale, inside, standard_scale
from chuangwen.services.paper.templates import Template, template
from chuangwen.text import _

if TYPE_CHECKING:
    from chuangwen.services.project import Project


@dataclass(frozen=True, slots=True, kw_only=True)
class ZoneSheet(Sheet):
    """One zone's map. `neighbours`: ids of the zones that are seen beside it, drawn pale; `edges`: on which sheets the map goes on."""

    neighbours: frozenset[str] = frozenset()
    edges: tuple[EdgeNote, ...] = ()

    @property
    def plan(self) -> Rect:
        """The map's frame."""
        return self.template.map_frame(self.paper, landscape=self.landscape)

    @property
    def needed(self) -> int | None:
        """The round scale that would show all of the zone, where this one (asked for by the user) does not; else None."""
        assert self.subject is not None
        assert self.subject.geometry is not None
        if self.part:
            return None
        exact = fitting_scale(Extent(*self.subject.geometry.bounds), self.plan, 0.0)
        return round_scale(exact) if exact > self.map.denominator * (1 + 1e-9) else None

    @property
    def title(self) -> str:
        """街道 社区 网格名称 巡查图; a part that the name repeats is left out."""
        assert self.subject is not None
        name = self.name or self.code
        street, community = (str(self.subject.get(field) or "") for field in ("street", "community"))
        bare = name.removeprefix(street).removeprefix(community) or name
        place = "".join(part for part in (street, community) if part not in bare)
        return _("{place}{name}网格巡查图").format(place=place, name=bare.removesuffix(_("网格")))


def plan(project: Project, request: Request) -> list[Sheet]:
    """The sheets of the zones asked for, by street and code.

    Raises `UserError` for an unknown code, a zone without boundary among those asked for, a project without zones, an unusable scale or paper.
    """
    request.checked()
    zones = project.features("zone")
    wanted = chosen(zones, request.codes)
    bare = [zone for zone in wanted if not _has_area(zone)]
    if bare and (request.codes is not None or len(bare) == len(wanted)):
        raise UserError(_("网格 {code} 没有边界，不能打印。").format(code=bare[0].code or bare[0].name), hint=_("请导入它的边界。"))
    order = sorted((zone for zone in zones if _has_area(zone)), key=lambda zone: (str(zone.get("street") or ""), zone.code))
    numbers = {zone.id: number for number, zone in enumerate(order, 1)}
    sites, issues = project.features("site"), project.features("issue")
    unfinished = issues.take(is_open(issues))
    made = template(request.product)
    paper = made.paper(request.paper)
    turn = sorted((zone for zone in wanted if zone.id in numbers), key=lambda zone: numbers[zone.id])
    return [_sheet(zone, numbers, zones, sites, unfinished, made, paper, request.scale) for zone in turn]


def _has_area(zone: Feature) -> bool:
    return zone.geometry is not None and not zone.geometry.is_empty


def _sheet(
    zone: Feature, numbers: Mapping[str, int], zones: Features, sites: Features, issues: Features, made: Template, paper: Paper, scale: int | None
) -> ZoneSheet:
    assert zone.geometry is not None
    extent = Extent(*zone.geometry.bounds)
    exact = {way: fitting_scale(extent, made.map_frame(paper, landscape=way), made.map.free) for way in made.ways()}
    landscape = min(exact, key=lambda way: (exact[way], not way))
    denominator = float(scale) if scale is not None else standard_scale(exact[landscape], made.map.scales)
    place = made.map_frame(paper, landscape=landscape)
    half = (place.width * denominator / 2000, place.height * denominator / 2000)
    x, y = extent.centre
    frame = shapely.box(x - half[0], y - half[1], x + half[0], y + half[1])
    near = [zones.ids[at] for at in np.flatnonzero(shapely.intersects(zones.geometry, frame)) if zones.ids[at] != zone.id]
    part = MapPart(extent.centre, denominator)
    shown = [zones.at(zones.index[row_id]) for row_id in near]
    beside = [(one.code or one.name, numbers[one.id], one.geometry) for one in shown if one.geometry is not None]
    return ZoneSheet(
        product=made.id,
        code=zone.code,
        name=zone.name,
        group=str(zone.get("street") or ""),
        number=numbers[zone.id],
        paper=paper,
        landscape=landscape,
        maps=(part,),
        subject=zone,
        rows={"site": inside(zone.geometry, zone.code, sites), "issue": inside(zone.geometry, zone.code, issues)},
        neighbours=frozenset(near),
        edges=edge_notes(zone.geometry, beside, part, place),
    )
