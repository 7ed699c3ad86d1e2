"""作战图: the whole campaign on one sheet for the wall of the command room (domain.md 6.7)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from chuangwen.domain.feature import Feature, Features
from chuangwen.domain.geo import Extent, extent_of
from chuangwen.domain.values import plain
from chuangwen.errors import UserError
from chuangwen.services.paper.colouring import coloured, neighbours
from chuangwen.services.paper.command import Level, levels
from chuangwen.services.paper.figures import Figures, campaign_zones, figures
from chuangwen.services.paper.frames import Rect
from chuangwen.services.paper.sheet import MapPart, Numbered, Request, Sheet, chosen_scale, fitting_scale, ground
from chuangwen.services.paper.templates import template
from chuangwen.text import _

if TYPE_CHECKING:
    from chuangwen.services.project import Project

FILLS, TINTS = 6, 4
"""So many hues for streets (domain.md 6.7: 4–6), so many shades of one to tell its zones apart."""
LETTERS = "ABCDEFGHIJ"
"""Units with a colour of their own for their sections; the others share one."""
LONGEST_CODE = 4
"""Codes up to this many characters are the numbers on the map."""
_POST_WORDS = (_("指挥部"), _("创建办"), _("创文办"))
_DISTRICTS = (_("区"), _("县"), _("市"), _("旗"))
_FAR = 1.0  # of the zones' extent: a site farther off has wrong coordinates and does not shrink the map


@dataclass(frozen=True, slots=True)
class Street:
    """A street's ground: its zones joined, metres. `colour`: number below `FILLS`."""

    name: str
    area: BaseGeometry
    colour: int


@dataclass(frozen=True, slots=True)
class UnitSections:
    """A unit and its road sections by code. `letter`: on the map, '' for one without a colour of its own."""

    unit: str
    letter: str
    sections: tuple[Feature, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class WallSheet(Sheet):
    """The wall map. `paints`: zone id → (colour of its street, shade); `command_post`: 指挥部's name and place where the project has one."""

    figures: Figures
    levels: tuple[Level, ...] = ()
    units: tuple[UnitSections, ...] = ()
    streets: tuple[Street, ...] = ()
    paints: Mapping[str, tuple[int, int]] = field(default_factory=dict)
    command_post: tuple[str, float, float] | None = None

    @property
    def plan(self) -> Rect:
        """The map's frame."""
        return self.template.map_frame(self.paper, landscape=self.landscape)

    @property
    def title(self) -> str:
        """××区创建全国文明城市迎检作战图."""
        return _("{district}创建全国文明城市迎检作战图").format(district=self.name)


def plan(project: Project, request: Request) -> list[Sheet]:
    """The one sheet of the whole campaign; `codes` of the request are not looked at.

    Raises `UserError` for an unusable paper or scale and for a project that has nothing with a place.
    """
    request.checked()
    made = template(request.product)
    paper = made.paper(request.paper)
    landscape = made.ways()[0]
    place = made.map_frame(paper, landscape=landscape)
    zones, sites, sections = campaign_zones(project.features("zone")), project.features("site"), project.features("section")
    extent = _extent(zones, sites, sections) or extent_of(project.features("district").bounds)
    if extent is None:
        raise UserError(_("项目里还没有可以画的内容。"), hint=_("请先导入网格边界或点位。"))
    exact = fitting_scale(extent, place, made.map.free)
    denominator = chosen_scale(exact, request.scale, made.map.scales)
    part = MapPart(extent.centre, denominator)
    short = short_names(project.features("unit"))
    streets, paints = _painted(zones)
    sheet = WallSheet(
        product=made.id,
        code="",
        name=project.campaign.district or _district(project.features("district"), zones),
        number=1,
        paper=paper,
        landscape=landscape,
        maps=(part,),
        rows={"site": _numbered(sites, ground(part, place.width, place.height))},
        figures=figures(project, zones),
        levels=tuple(levels(zones, sites, lambda name: short.get(name, name))),
        units=_units(sections),
        streets=streets,
        paints=paints,
        command_post=_command_post(project),
    )
    return [sheet]


def short_names(units: Features) -> dict[str, str]:
    """Full name → short name, itself where it has none."""
    return {plain(name): plain(short) or plain(name) for name, short in zip(units.column("name"), units.column("short_name"), strict=True)}


def _extent(zones: Features, sites: Features, sections: Features) -> Extent | None:
    """The zones, and the sites and sections that are not absurdly far from them."""
    whole = extent_of(zones.bounds)
    for features in (sites, sections):
        bounds = features.bounds[features.located]
        if whole is not None and len(bounds):
            near = whole.grown(_FAR * max(whole.width, whole.height))
            middle = (bounds[:, :2] + bounds[:, 2:]) / 2
            bounds = bounds[((middle >= (near.x0, near.y0)) & (middle <= (near.x1, near.y1))).all(axis=1)]
        own = extent_of(bounds)
        whole = own if whole is None else whole.joined(own) if own else whole
    return whole


def _numbered(sites: Features, shown: BaseGeometry) -> tuple[Numbered, ...]:
    """By code. The number is the site's own code where all codes are short, as people say "点位 017"; else its place in the list. '' off the map."""
    codes = [plain(code) for code in sites.column("code")]
    own = len(set(codes)) == len(codes) and all(0 < len(code) <= LONGEST_CODE for code in codes)
    order = sorted(range(len(sites)), key=lambda at: (codes[at], sites.ids[at]))
    seen = shapely.intersects(shown, sites.geometry) & sites.located
    rows = []
    for number, at in enumerate(order, 1):
        rows.append(Numbered((codes[at] if own else str(number)) if seen[at] else "", sites.at(at)))
    return tuple(rows)


def _units(sections: Features) -> tuple[UnitSections, ...]:
    """Those of most sections first; sections that nobody is responsible for come last."""
    held: dict[str, list[Feature]] = {}
    for one in sorted(sections, key=lambda one: (one.code, one.id)):
        held.setdefault(plain(one.get("responsible_unit")), []).append(one)
    order = sorted(held.items(), key=lambda one: (not one[0], -len(one[1]), one[1][0].code))
    return tuple(UnitSections(unit, LETTERS[at] if unit and at < len(LETTERS) else "", tuple(own)) for at, (unit, own) in enumerate(order))


def _painted(zones: Features) -> tuple[tuple[Street, ...], dict[str, tuple[int, int]]]:
    """Streets and their colours; zones without a street, and those that are the streets of one district themselves, are coloured each for itself."""
    areas = [at for at, area in enumerate(zones.geometry) if area is not None and not area.is_empty]
    names = [plain(name) for name in zones.column("street")]
    if len(set(names)) == 1:
        names = [""] * len(names)
    groups: dict[tuple[str, str], list[int]] = {}
    for at in areas:
        groups.setdefault((names[at], "" if names[at] else zones.ids[at]), []).append(at)
    joined = np.empty(len(groups), dtype=object)
    joined[:] = [shapely.union_all(zones.geometry[members]) for members in groups.values()]
    colours = coloured(neighbours(joined), FILLS)
    paints: dict[str, tuple[int, int]] = {}
    for members, colour in zip(groups.values(), colours, strict=True):
        shades = coloured(neighbours(zones.geometry[members]), TINTS)
        paints.update({zones.ids[at]: (colour, shade) for at, shade in zip(members, shades, strict=True)})
    named = zip(groups, joined, colours, strict=True)
    return tuple(Street(name, area, colour) for (name, _own), area, colour in named if name), paints


def _district(districts: Features, zones: Features) -> str:
    """The name of the one district on the map, or that all zones name as what they lie in; else ''."""
    if len(districts) == 1 and districts.at(0).name:
        return districts.at(0).name
    names = {plain(name) for name in zones.column("street")}
    only = names.pop() if len(names) == 1 else ""
    return only if only.endswith(_DISTRICTS) else ""


def _command_post(project: Project) -> tuple[str, float, float] | None:
    """The first site, else building, that is called 指挥部, 创建办 or like the office itself."""
    words = (*_POST_WORDS, *((project.campaign.office,) if project.campaign.office else ()))
    for layer in ("site", "building_outline"):
        features = project.features(layer)
        for at, name in enumerate(map(plain, features.column("name"))):
            if features.located[at] and any(word in name for word in words):
                middle = features.geometry[at].representative_point()
                return name, middle.x, middle.y
    return None
