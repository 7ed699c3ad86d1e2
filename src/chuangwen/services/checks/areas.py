"""Ground that nobody has, or two: CV-01 gaps between the zones, CV-02 overlaps, CV-07 buildings outside everything (domain.md 1.6)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import shapely

from chuangwen.domain.feature import Features
from chuangwen.domain.validity import valid_on
from chuangwen.domain.zones import in_force
from chuangwen.exchange import zone_check
from chuangwen.exchange.findings import OVERLAP, SAME
from chuangwen.exchange.zone_check import Zones
from chuangwen.services.checks.check import Check, Finding, Look, NoData, called, text
from chuangwen.services.zone_check import zones_of
from chuangwen.text import _

if TYPE_CHECKING:
    from numpy.typing import NDArray

_SAME_PIECE = 0.8
_MITRE = 5.0


def campaign_zones(look: Look) -> Features:
    """The 创建网格 in force today. Raises `NoData` where there are none."""

    def find() -> Features:
        zones = look.need("zone")
        return zones.take(in_force(zones, look.today))

    found: Features = look.once("campaign zones", find)
    if not len(found):
        raise NoData(_("创建网格"))
    return found


def covered(look: Look) -> shapely.Geometry:
    """All that the campaign zones cover."""
    zones = campaign_zones(look)
    found: shapely.Geometry = look.once("covered", lambda: zone_check.covered(zones.geometry[zones.located]))
    return found


def _gaps(look: Look) -> list[Finding]:
    zones = campaign_zones(look)
    district = look.use("district")
    limits = look.thresholds
    whole = _filled(covered(look)) if district is None else shapely.make_valid(shapely.union_all(district.geometry[district.located]))
    pieces = shapely.get_parts(zone_check.areas_of(shapely.difference(zone_check.on_grid(np.array([whole]))[0], covered(look))))
    open_ground = [part for piece in pieces.tolist() for part in wide_parts(piece, limits.gap_area_m2, limits.gap_width_m)]
    tree = shapely.STRtree(zones.geometry)
    found = []
    for gap, near in zip(open_ground, zone_check.neighbours(open_ground, tree), strict=True):
        names = [str(zones.column("code")[at] or zones.column("name")[at] or "") for at, _along in near[:4]]
        area = float(shapely.area(gap))
        words = _("{zones} 旁有 {area:,.0f} 平方米没有划入网格") if names else _("有 {area:,.0f} 平方米没有划入网格")
        said = words.format(zones="、".join(names), area=area)
        found.append(Finding(said, "zone", tuple(zones.ids[at] for at, _along in near), area, _("平方米"), gap))
    total = sum(one.amount or 0.0 for one in found)
    look.summary = _("空白共 {area:,.0f} 平方米").format(area=total) if found else ""
    return sorted(found, key=lambda one: -(one.amount or 0.0))


def _filled(shape: shapely.Geometry) -> shapely.Geometry:
    """What is covered with its holes: where the district is not known, only what lies between zones can be a gap."""
    return shapely.union_all(shapely.polygons(shapely.get_exterior_ring(shapely.get_parts(shape))))


def wide_parts(piece: shapely.Geometry, area: float, width: float) -> list[shapely.Geometry]:
    """What of a piece of ground is larger than `area` m² and wider than `width` metres; strips that hang on it are left out where they are most of it."""
    if shapely.area(piece) <= area:
        return []
    core = shapely.buffer(piece, -width / 2, join_style="mitre", mitre_limit=_MITRE)
    if shapely.is_empty(core) or shapely.area(core) <= 0:
        return []
    opened = shapely.intersection(shapely.buffer(core, width / 2, join_style="mitre", mitre_limit=_MITRE), piece)
    if shapely.area(opened) >= _SAME_PIECE * shapely.area(piece):
        return [piece]
    return [part for part in shapely.get_parts(zone_check.areas_of(opened)).tolist() if shapely.area(part) > area]


def _overlaps(look: Look) -> list[Finding]:
    found: list[Finding] = []
    zones = look.need("zone")
    there = zones.take(valid_on(zones, look.today))
    field = there.layer.field("kind")
    for choice in field.choices:
        look.progress.at(0)
        found += _meeting(look, there, zones_of(there, choice.value), choice.title)
    territory = look.use("territory")
    if territory is not None:
        there = territory.take(valid_on(territory, look.today))
        level = there.layer.field("level")
        for choice in level.choices:
            mine = np.array([(value or level.default) == choice.value for value in there.column("level")], dtype=bool)
            taken = np.flatnonzero(mine)
            codes = [text(there, "code")[at] or text(there, "name")[at] for at in taken.tolist()]
            found += _meeting(look, there, Zones(there.geometry[taken], codes, [at + 1 for at in taken.tolist()]), choice.title)
    return sorted(found, key=lambda one: -(one.amount or 0.0))


def _meeting(look: Look, features: Features, zones: Zones, title: str) -> list[Finding]:
    """Overlaps and doubles above the threshold. The rows of `zones` are positions in `features`, from 1."""
    found = []
    for one in zone_check.check(zones):
        if one.kind in (OVERLAP, SAME) and one.area > look.thresholds.overlap_area_m2:
            ids = tuple(features.ids[row - 1] for row in one.rows)
            found.append(Finding(f"{title}：{one.title}", features.layer.id, ids, one.area, _("平方米"), one.geometry))
    return found


def _buildings(look: Look) -> list[Finding]:
    buildings = look.need("building")
    compounds, zones = look.use("compound"), look.use("zone")
    there = buildings.located
    inside = np.zeros(len(buildings), dtype=bool)
    points = shapely.point_on_surface(buildings.geometry[there])
    for areas in (compounds, zones):
        if areas is not None:
            now = areas.take(valid_on(areas, look.today))
            inside[there] |= within_any(points, now.geometry[now.located])
    named = compound_of(look, buildings)
    found = []
    for at in np.flatnonzero(~inside).tolist():
        if not there[at]:
            if named[at] < 0:
                found.append(Finding(_("{name}：没有位置，登记的小区也查不到").format(name=called(buildings, at)), "building", (buildings.ids[at],)))
        else:
            found.append(Finding(_("{name}：不在任何小区和网格里").format(name=called(buildings, at)), "building", (buildings.ids[at],)))
    return found


def within_any(points: NDArray[np.object_], areas: NDArray[np.object_]) -> NDArray[np.bool_]:
    """Which points (n) lie in one of `areas` or on its border, (n,)."""
    found = np.zeros(len(points), dtype=bool)
    if len(areas) and len(points):
        found[np.unique(shapely.STRtree(areas).query(points, predicate="intersects")[0])] = True
    return found


def compound_of(look: Look, buildings: Features) -> NDArray[np.int_]:
    """The position of each building's compound among the compounds: the one that it names by code or name, else the one in which it lies; -1 none, (n,)."""

    def find() -> NDArray[np.int_]:
        found = np.full(len(buildings), -1, dtype=int)
        compounds = look.use("compound")
        if compounds is None:
            return found
        by_word = {word: at for field in ("name", "code") for at, word in reversed(list(enumerate(text(compounds, field)))) if word}
        for at, word in enumerate(text(buildings, "compound_code")):
            found[at] = by_word.get(word, -1)
        open_ones = np.flatnonzero((found < 0) & buildings.located)
        if len(open_ones) and compounds.located.any():
            there = np.flatnonzero(compounds.located)
            mine, area = shapely.STRtree(compounds.geometry[there]).query(shapely.point_on_surface(buildings.geometry[open_ones]), predicate="intersects")
            found[open_ones[mine]] = there[area]
        return found

    result: NDArray[np.int_] = look.once("compound of building", find)
    return result


CHECKS = (
    Check(
        "CV-01",
        _("网格空白"),
        _("区界以内、没有划入任何创建网格的地方：一块大于 100 平方米并且宽于 2 米的。没有区界的，只看网格之间。"),
        "zone",
        _("把空白划入相邻网格；确实不用划的（大水面等）可在区界中扣除。"),
        _gaps,
    ),
    Check(
        "CV-02",
        _("网格重叠"),
        _("同一类、同一级的两个网格（创建、社区、单元网格，街道，社区）重叠超过 100 平方米。"),
        "zone",
        _("确定归属后修改边界，或重新导入并同意修整边界。"),
        _overlaps,
    ),
    Check(
        "CV-07",
        _("楼栋不在小区和网格里"),
        _("楼栋的位置不在任何小区、也不在任何网格里；没有位置的，看登记的小区是否存在。"),
        "building",
        _("补画小区或网格，或核对楼栋位置。"),
        _buildings,
    ),
)
