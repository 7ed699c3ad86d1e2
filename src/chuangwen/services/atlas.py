"""Which sheets a run of zone maps has: paper, frame, scale, and what stands on each (domain.md 6.1, 6.2). Pure; nothing is drawn here."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import shapely

from chuangwen.domain.campaign import is_open
from chuangwen.domain.feature import Feature, Features
from chuangwen.domain.geo import Extent, round_scale
from chuangwen.errors import UserError
from chuangwen.text import _

if TYPE_CHECKING:
    from chuangwen.services.project import Project

SITE_MARK, ISSUE_MARK = _("点"), _("问")
"""Before the running number of a sheet: 点1 is a site, 问1 an issue, on the map and in the tables."""
_FREE = 0.06  # share of the frame left free on each side of the zone


@dataclass(frozen=True, slots=True)
class Rect:
    """A rectangle of the sheet in mm, y down."""

    x: float
    y: float
    width: float
    height: float

    @property
    def right(self) -> float:
        """Its right edge."""
        return self.x + self.width

    @property
    def bottom(self) -> float:
        """Its lower edge."""
        return self.y + self.height

    def inset(self, by: float) -> Rect:
        """Smaller by `by` on each side."""
        return Rect(self.x + by, self.y + by, self.width - 2 * by, self.height - 2 * by)


@dataclass(frozen=True, slots=True)
class Paper:
    """A sheet, sides in mm: portrait as given, `text` the size of table text (mm; 2.5 mm are 7.1 pt)."""

    name: str
    short: float
    long: float
    margin: float
    text: float


PAPERS = {"A4": Paper("A4", 210.0, 297.0, 8.0, 2.5), "A3": Paper("A3", 297.0, 420.0, 10.0, 2.8)}


@dataclass(frozen=True, slots=True)
class Frames:
    """Where the parts of a sheet lie. The map and the tables share what title and foot leave."""

    width: float
    height: float
    title: Rect
    map: Rect
    strip: Rect  # who is responsible, the legend, where the zone lies
    tables: Rect
    foot: Rect

    @property
    def body(self) -> Rect:
        """All between title and foot: the tables of a continuation sheet."""
        return Rect(self.title.x, self.title.bottom + 2, self.title.width, self.foot.y - self.title.bottom - 4)


def frames(paper: Paper, *, landscape: bool) -> Frames:
    """The division of a sheet: in landscape the map stands left (55 %), in portrait above (55 %)."""
    width, height = (paper.long, paper.short) if landscape else (paper.short, paper.long)
    edge, k = paper.margin, paper.text / 2.5
    title = Rect(edge, edge, width - 2 * edge, 13.5 * k)
    foot = Rect(edge, height - edge - 17.0 * k, width - 2 * edge, 17.0 * k)
    top, bottom = title.bottom + 1.5, foot.y - 2.0
    if landscape:
        side = (width - 2 * edge) * 0.43
        plan = Rect(edge, top, width - 2 * edge - side - 2.5, bottom - top)
        strip = Rect(plan.right + 2.5, top, side, 46.0 * k)
        return Frames(width, height, title, plan, strip, Rect(strip.x, strip.bottom + 2, side, bottom - strip.bottom - 2), foot)
    plan = Rect(edge, top, width - 2 * edge, (bottom - top) * 0.58)
    strip = Rect(edge, plan.bottom + 2, plan.width, 34.0 * k)
    return Frames(width, height, title, plan, strip, Rect(edge, strip.bottom + 2, plan.width, bottom - strip.bottom - 2), foot)


@dataclass(frozen=True, slots=True)
class Numbered:
    """A row of a sheet's table and its number on the map; '' where it has no place on the map."""

    number: str
    feature: Feature


@dataclass(frozen=True, slots=True)
class ZoneSheet:
    """One zone's map: everything that has to be known to draw it."""

    zone: Feature
    paper: Paper
    landscape: bool
    denominator: float
    centre: tuple[float, float]
    sites: tuple[Numbered, ...]
    issues: tuple[Numbered, ...]
    neighbours: frozenset[str]

    @property
    def frames(self) -> Frames:
        """Where the parts lie."""
        return frames(self.paper, landscape=self.landscape)

    @property
    def needed(self) -> int | None:
        """The round scale that would show all of the zone, where this one (asked for by the user) does not; else None."""
        assert self.zone.geometry is not None
        extent, plan = Extent(*self.zone.geometry.bounds), self.frames.map
        exact = max(extent.width / plan.width, extent.height / plan.height) * 1000
        return round_scale(exact) if exact > self.denominator * (1 + 1e-9) else None

    @property
    def title(self) -> str:
        """街道 社区 网格名称 巡查图; a part that the name repeats is left out."""
        name = self.zone.name or self.zone.code
        street, community = (str(self.zone.get(field) or "") for field in ("street", "community"))
        bare = name.removeprefix(street).removeprefix(community) or name
        place = "".join(part for part in (street, community) if part not in bare)
        return _("{place}{name}网格巡查图").format(place=place, name=bare.removesuffix(_("网格")))

    @property
    def numbers(self) -> dict[str, str]:
        """Id → number on the map."""
        return {row.feature.id: row.number for row in (*self.sites, *self.issues) if row.number}


def zone_sheets(project: Project, codes: Sequence[str] | None, paper_name: str, scale: str | int = "auto") -> list[ZoneSheet]:
    """The sheets of the zones `codes` (None: all), by street and code. `scale`: auto, or the N of 1:N.

    Raises `UserError` for an unknown code, a zone without boundary among those asked for, a project without zones, an unusable scale.
    """
    zones = project.features("zone")
    if not len(zones):
        raise UserError(_("项目里还没有网格。"), hint=_("请先导入网格边界。"))
    if isinstance(scale, int) and not 100 <= scale <= 1_000_000:
        raise UserError(_("比例尺 1:{scale} 不能用。").format(scale=scale), hint=_("请用 100 到 1000000 之间的数，或 auto。"))
    paper = PAPERS[paper_name]
    chosen = list(zones) if codes is None else [project.feature(zones.layer, code) for code in codes]
    bare = [zone for zone in chosen if zone.geometry is None or zone.geometry.is_empty]
    if bare and (codes is not None or len(bare) == len(chosen)):
        raise UserError(_("网格 {code} 没有边界，不能打印。").format(code=bare[0].code or bare[0].name), hint=_("请导入它的边界。"))
    chosen = sorted((zone for zone in chosen if zone not in bare), key=lambda zone: (str(zone.get("street") or ""), zone.code))
    sites, issues = project.features("site"), project.features("issue")
    unfinished = issues.take(is_open(issues))
    return [_sheet(zone, zones, sites, unfinished, paper, scale) for zone in chosen]


def _sheet(zone: Feature, zones: Features, sites: Features, issues: Features, paper: Paper, scale: str | int) -> ZoneSheet:
    assert zone.geometry is not None
    extent = Extent(*zone.geometry.bounds)
    wanted = {landscape: _fitting(extent, frames(paper, landscape=landscape).map) for landscape in (True, False)}
    landscape = wanted[True] <= wanted[False]
    denominator = float(scale) if isinstance(scale, int) else float(round_scale(wanted[landscape]))
    plan = frames(paper, landscape=landscape).map
    half = (plan.width * denominator / 2000, plan.height * denominator / 2000)
    x, y = extent.centre
    frame = shapely.box(x - half[0], y - half[1], x + half[0], y + half[1])
    near = [zones.ids[number] for number in np.flatnonzero(shapely.intersects(zones.geometry, frame)) if zones.ids[number] != zone.id]
    return ZoneSheet(zone, paper, landscape, denominator, extent.centre, _inside(zone, sites, SITE_MARK), _inside(zone, issues, ISSUE_MARK), frozenset(near))


def _fitting(extent: Extent, plan: Rect) -> float:
    """The N at which the extent just fits the frame."""
    free = 1 - 2 * _FREE
    return max(extent.width / (plan.width * free), extent.height / (plan.height * free), 0.1) * 1000


def _inside(zone: Feature, features: Features, mark: str) -> tuple[Numbered, ...]:
    """The features in a zone, by code; those without a place that name the zone's code come last, with no number."""
    assert zone.geometry is not None
    shapely.prepare(zone.geometry)
    here = shapely.intersects(zone.geometry, features.geometry) & features.located
    codes = features.column("code")
    order = sorted(np.flatnonzero(here).tolist(), key=lambda at: str(codes[at] or ""))
    rows = [Numbered(f"{mark}{number}", features.at(at)) for number, at in enumerate(order, 1)]
    named = features.column("zone_code")
    lost = [at for at in np.flatnonzero(~features.located).tolist() if zone.code and named[at] == zone.code]
    return (*rows, *(Numbered("", features.at(at)) for at in sorted(lost, key=lambda at: str(codes[at] or ""))))
