"""分街道作战图: a street's zones, sites and open issues on one sheet (domain.md 6.7)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from chuangwen.domain.campaign import is_open
from chuangwen.domain.feature import Feature, Features
from chuangwen.domain.geo import Extent
from chuangwen.domain.values import plain
from chuangwen.errors import UserError
from chuangwen.services.paper.colouring import coloured, neighbours
from chuangwen.services.paper.figures import Figures, campaign_zones, counted
from chuangwen.services.paper.frames import Rect
from chuangwen.services.paper.sheet import MARKS, MapPart, Numbered, Request, Sheet, chosen_scale, fitting_scale, ground
from chuangwen.services.paper.templates import template
from chuangwen.text import _

if TYPE_CHECKING:
    from chuangwen.services.project import Project

NO_STREET = _("未分街道")
"""The group of zones that say no street."""
FILLS = 5
"""So many light fills for zones: four serve any plane map, five keep them even."""
MOST_NUMBERED = 80
"""More open issues of a street than that are marked without numbers and without a table."""
_ALONG = 20.0
"""metres: a section so near runs along the edge of a street; one that only crosses it is the neighbour's."""
_SLIVER = 0.5  # metres: boundaries drawn separately leave no gap in the outline of a street


@dataclass(frozen=True, slots=True)
class ZoneCount:
    """A zone and what lies in it: sites and open issues."""

    zone: Feature
    sites: int
    open: int


@dataclass(frozen=True, slots=True, kw_only=True)
class StreetSheet(Sheet):
    """One street's sheet. `zones`: by code; `tints`: zone id → number below `FILLS`, neighbours differ; `area`: the zones joined, metres;
    `code` is the street's name; `others`: name and area of the streets around; `numbered`: whether its issues bear numbers.
    """

    zones: tuple[ZoneCount, ...]
    figures: Figures
    unfinished: int
    tints: Mapping[str, int]
    area: BaseGeometry
    others: tuple[tuple[str, BaseGeometry], ...] = ()
    numbered: bool = True

    @property
    def plan(self) -> Rect:
        """The map's frame."""
        return self.template.map_frame(self.paper, landscape=self.landscape)

    @property
    def title(self) -> str:
        """××街道创建全国文明城市迎检作战图."""
        return _("{street}创建全国文明城市迎检作战图").format(street=self.code)


def plan(project: Project, request: Request) -> list[Sheet]:
    """A sheet for each street asked for (`codes` are names of streets), by name, zones without one last.

    Raises `UserError` for a street that no zone names, for one whose zones have no boundary, a project without zones, an unusable scale or paper.
    """
    request.checked()
    everything = campaign_zones(project.features("zone"))
    if not len(everything):
        raise UserError(_("项目里还没有网格。"), hint=_("请先导入网格。"))
    zones = everything.take(everything.located)
    names = [plain(name) or NO_STREET for name in zones.column("street")]
    order = sorted(set(names), key=lambda name: (name == NO_STREET, name))
    for code in request.codes or ():
        if code not in order:
            known = code in {plain(name) or NO_STREET for name in everything.column("street")}
            words = _("{street}的网格都没有边界，不能打印。") if known else _("没有网格属于“{street}”。")
            raise UserError(words.format(street=code), hint=_("请导入网格边界。") if known else _("有：{streets}。").format(streets="、".join(order)))
    if not order:
        raise UserError(_("网格都没有边界，不能打印。"), hint=_("请导入网格边界。"))
    work = _Work(project, request, everything, zones, names)
    return [work.sheet(name, number) for number, name in enumerate(order, 1) if request.codes is None or name in request.codes]


def zones_of(features: Features, zones: Features) -> list[int]:
    """For each feature the position of its zone, -1 for none: the zone it lies in (on an edge the one of the smaller code, domain.md 8.4), else the one
    whose code it names.
    """
    codes = [plain(code) for code in zones.column("code")]
    by_code = {code: at for at, code in reversed(list(enumerate(codes))) if code}
    found = [by_code.get(plain(named), -1) for named in features.column("zone_code")]
    placed = np.flatnonzero(features.located)
    points = shapely.point_on_surface(features.geometry[placed])
    lies: dict[int, int] = {}
    for at, zone in zip(*(side.tolist() for side in shapely.STRtree(zones.geometry).query(points, predicate="intersects")), strict=True):
        feature = int(placed[at])
        if feature not in lies or (codes[zone], zone) < (codes[lies[feature]], lies[feature]):
            lies[feature] = zone
    return [lies.get(at, zone) for at, zone in enumerate(found)]


class _Work:
    """What all streets of a run share: whose each site and issue is."""

    def __init__(self, project: Project, request: Request, everything: Features, zones: Features, names: list[str]) -> None:
        self._project, self._request, self._zones, self._names = project, request, zones, names
        self._made = template(request.product)
        self._paper = self._made.paper(request.paper)
        self._sites, self._issues = project.features("site"), project.features("issue")
        self._bare = everything.take(~everything.located)
        self._site_zones, self._issue_zones = zones_of(self._sites, zones), zones_of(self._issues, zones)
        self._site_streets = self._streets(self._sites, self._site_zones)
        self._issue_streets = self._streets(self._issues, self._issue_zones)
        self._areas = {name: self._joined(name) for name in set(names)}
        self._open = is_open(self._issues)

    def sheet(self, name: str, number: int) -> StreetSheet:
        area = self._areas[name]
        picked = [at for at, own in enumerate(self._names) if own == name]
        part, landscape = self._part(area)
        place = self._made.map_frame(self._paper, landscape=landscape)
        seen = ground(part, place.width, place.height)
        sites = self._sites.take(self._site_streets == name)
        issues = self._issues.take(self._issue_streets == name)
        unfinished = issues.take(is_open(issues))
        few = len(unfinished) <= MOST_NUMBERED
        colours = coloured(neighbours(self._zones.geometry[picked]), FILLS)
        return StreetSheet(
            product=self._made.id,
            code=name,
            name="",
            number=number,
            paper=self._paper,
            landscape=landscape,
            maps=(part,),
            rows={
                "site": _numbered(sites, seen, MARKS["site"]),
                "issue": _numbered(unfinished, seen, MARKS["issue"] if few else ""),
                "section": _numbered(self._through(area), seen, ""),
            },
            zones=self._counts(name, picked),
            figures=self._figures(sites, issues, area, len(picked) + self._without_boundary(name)),
            unfinished=len(unfinished),
            tints={self._zones.ids[at]: colour for at, colour in zip(picked, colours, strict=True)},
            area=area,
            others=tuple((other, there) for other, there in sorted(self._areas.items()) if other != name and there.intersects(seen)),
            numbered=few,
        )

    def _streets(self, features: Features, zones: list[int]) -> NDArray[np.object_]:
        """The street of each feature: its zone's, else the one it names where there is such a one, else none."""
        known = set(self._names)
        named = [plain(street) for street in features.column("street")]
        own = [self._names[zone] if zone >= 0 else street if street in known else NO_STREET for zone, street in zip(zones, named, strict=True)]
        return np.array(own, dtype=object)

    def _joined(self, name: str) -> BaseGeometry:
        own = self._zones.geometry[[at for at, street in enumerate(self._names) if street == name]]
        whole = shapely.union_all(shapely.make_valid(own))
        return whole.buffer(_SLIVER, join_style="mitre").buffer(-_SLIVER, join_style="mitre")

    def _part(self, area: BaseGeometry) -> tuple[MapPart, bool]:
        """The ground, and whether the paper lies across: the way that shows the street larger."""
        made, extent = self._made, Extent(*area.bounds)
        exact = {way: fitting_scale(extent, made.map_frame(self._paper, landscape=way), made.map.free) for way in made.ways()}
        landscape = min(exact, key=lambda way: (exact[way], not way))
        return MapPart(extent.centre, chosen_scale(exact[landscape], self._request.scale, made.map.scales)), landscape

    def _counts(self, name: str, picked: list[int]) -> tuple[ZoneCount, ...]:
        """The zones of a street by code, those without a boundary too."""
        sites, issues = np.array(self._site_zones), np.array(self._issue_zones)
        rows = [ZoneCount(self._zones.at(at), int((sites == at).sum()), int(((issues == at) & self._open).sum())) for at in picked]
        counted = (self._sites, self._issues.take(self._open))
        bare = [zone for zone in self._bare if (plain(zone.get("street")) or NO_STREET) == name]
        rows += [ZoneCount(zone, *(self._naming(features, zone.code) for features in counted)) for zone in bare]
        return tuple(sorted(rows, key=lambda row: (row.zone.code, row.zone.id)))

    def _naming(self, features: Features, code: str) -> int:
        return sum(bool(code) and plain(named) == code for named in features.column("zone_code"))

    def _without_boundary(self, name: str) -> int:
        return sum((plain(street) or NO_STREET) == name for street in self._bare.column("street"))

    def _through(self, area: BaseGeometry) -> Features:
        """The road sections of which more than a crossing lies in or on the edge of an area."""
        sections = self._project.features("section")
        shapely.prepare(near := area.buffer(_ALONG))
        return sections.take(shapely.length(shapely.intersection(near, sections.geometry)) > 2 * _ALONG)

    def _figures(self, sites: Features, issues: Features, area: BaseGeometry, zones: int) -> Figures:
        return counted(len(sites), zones, len(self._through(area)), issues, self._project.campaign.now)


def _numbered(features: Features, shown: BaseGeometry, mark: str) -> tuple[Numbered, ...]:
    """By code; those on the map first and, where there is a `mark`, with their numbers."""
    shapely.prepare(shown)
    seen = shapely.intersects(shown, features.geometry) & features.located
    order = sorted(range(len(features)), key=lambda at: (not seen[at], plain(features.columns["code"][at]), features.ids[at]))
    return tuple(Numbered(f"{mark}{number}" if mark and seen[at] else "", features.at(at)) for number, at in enumerate(order, 1))
