"""Roads that no chief has, or two: CV-04 and CV-05 (domain.md 1.6), and the roads and communities without a unit of the road-chief system, SR-46."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import shapely

from chuangwen.domain.feature import Features
from chuangwen.domain.validity import valid_on
from chuangwen.services.checks.check import Check, Finding, Look, NoData, called, text
from chuangwen.text import _

if TYPE_CHECKING:
    from numpy.typing import NDArray

_NOT_STREETS = ("path", "railway", "other")
_EPSILON_M = 1e-3
_ROUND = 16  # segments of a quarter of a circle: the end of a 15 m strip is out by 2 cm at most
_LEAST_M = 1e-6


def sections_today(look: Look) -> Features:
    """The sections in force today that lie on the map. Raises `NoData` where there are none."""

    def find() -> Features:
        sections = look.need("section")
        return sections.take(valid_on(sections, look.today) & sections.located)

    found: Features = look.once("sections", find)
    if not len(found):
        raise NoData(look.title("section"))
    return found


def _without_chief(look: Look) -> list[Finding]:
    roads, sections = look.need("road"), sections_today(look)
    default = [str(kind or "") not in _NOT_STREETS for kind in roads.column("class")]
    streets = roads.take(np.array(default, dtype=bool) & roads.located)
    lines, total = _inside_district(look, streets.geometry)
    bare = _bare_stretches(lines, sections.geometry, look)
    names: dict[str, list[int]] = {}
    for at, name in enumerate(text(streets, "name")):
        if bare[at] is not None:
            names.setdefault(name, []).append(at)
    found = []
    for name, members in names.items():
        shape = shapely.multilinestrings([part for at in members for part in shapely.get_parts(bare[at]).tolist()])
        long = float(shapely.length(shape))
        said = _("{name}：{long:,.0f} 米没有路长").format(name=name or _("没有名称的道路"), long=long)
        found.append(Finding(said, "road", tuple(streets.ids[at] for at in members), long, _("米"), shape))
    left = sum(one.amount or 0.0 for one in found)
    look.summary = _("道路共 {total:,.0f} 米，没有路长的 {left:,.0f} 米").format(total=total, left=left)
    return sorted(found, key=lambda one: -(one.amount or 0.0))


def _inside_district(look: Look, lines: NDArray[np.object_]) -> tuple[NDArray[np.object_], float]:
    """The lines as far as they lie in the district, all of them where it is not known; and their length in metres."""
    district = look.use("district")
    if district is not None and district.located.any():
        whole = shapely.union_all(district.geometry[district.located])
        shapely.prepare(whole)
        partly = ~shapely.covered_by(lines, whole)
        lines = lines.copy()
        lines[partly] = shapely.intersection(lines[partly], whole)
    return lines, float(shapely.length(lines).sum())


def _bare_stretches(lines: NDArray[np.object_], sections: NDArray[np.object_], look: Look) -> NDArray[np.object_]:
    """What of each line is farther than the threshold from every section, (n,); None where that is shorter than the shortest stretch told."""
    strips = shapely.buffer(sections, look.thresholds.road_near_m + _EPSILON_M, quad_segs=_ROUND)
    mine, near = shapely.STRtree(strips).query(lines, predicate="intersects")
    left = lines.copy()
    order = np.argsort(mine, kind="stable")
    for group in np.split(order, np.flatnonzero(np.diff(mine[order])) + 1) if len(order) else []:
        at = int(mine[group[0]])
        look.progress.at(at, len(lines))
        left[at] = shapely.difference(lines[at], shapely.union_all(strips[near[group]]))
    parts, owner = shapely.get_parts(left, return_index=True)
    told = (shapely.get_dimensions(parts) == 1) & (shapely.length(parts) >= max(look.thresholds.road_shortest_m, _LEAST_M))
    found = np.full(len(lines), None, dtype=object)
    owners, pieces = owner[told], parts[told]  # get_parts keeps the order: the pieces of a line stand together
    for group in np.split(np.arange(len(owners)), np.flatnonzero(np.diff(owners)) + 1) if len(owners) else []:
        found[int(owners[group[0]])] = shapely.multilinestrings(pieces[group])
    return found


def _overlapping(look: Look) -> list[Finding]:
    sections = sections_today(look)
    lines = sections.geometry
    strips = shapely.buffer(lines, look.thresholds.section_same_m, cap_style="flat")
    one, other = shapely.STRtree(strips).query(lines, predicate="intersects")
    pairs = np.unique(np.sort(np.column_stack([one, other]), axis=1), axis=0)
    sides = text(sections, "side")
    found = []
    for first, second in pairs.tolist():
        if first == second:
            continue
        look.progress.at(first, len(lines))
        shared = shapely.intersection(lines[first], strips[second])
        if shapely.length(shared) <= look.thresholds.section_overlap_m + _LEAST_M or not _same_side(
            sides[first], sides[second], lines[first], lines[second], shared
        ):
            continue
        shared = shapely.multilinestrings([part for part in shapely.get_parts(shared).tolist() if shapely.get_dimensions(part) == 1])
        long = float(shapely.length(shared))
        words = _("{one} 与 {other} 重复 {long:,.0f} 米").format(one=called(sections, first), other=called(sections, second), long=long)
        found.append(Finding(words, "section", (sections.ids[first], sections.ids[second]), long, _("米"), shared))
    return sorted(found, key=lambda finding: -(finding.amount or 0.0))


def _same_side(one: str, other: str, line: shapely.Geometry, second: shapely.Geometry, shared: shapely.Geometry) -> bool:
    """Whether two sections have a side in common: both sides meet either; left and right are seen along each line, which may run against each other."""
    if not {one, other} <= {"left", "right"}:
        return True
    return (one == other) == (_runs(line, shared) * _runs(second, shared) > 0)


def _runs(line: shapely.Geometry, shared: shapely.Geometry) -> float:
    """1 where `line` runs along the longest part of `shared` in its direction, -1 against it."""
    part = max(shapely.get_parts(shared).tolist(), key=shapely.length)
    ends = [shapely.line_locate_point(line, shapely.get_point(part, at)) for at in (0, -1)]
    return 1.0 if ends[1] >= ends[0] else -1.0


def _nobody(look: Look) -> list[Finding]:
    sections = look.need("section")
    now = np.flatnonzero(valid_on(sections, look.today)).tolist()
    units = text(sections, "responsible_unit")
    chiefs = [text(sections, name) for name in ("chief1", "chief2", "chief3")]
    found = []
    for at in now:
        lacks = [title for title, there in ((_("责任单位"), units[at]), (_("路长"), any(chief[at] for chief in chiefs))) if not there]
        if lacks:
            said = _("路段 {name}：缺{what}").format(name=called(sections, at), what="、".join(lacks))
            found.append(Finding(said, "section", (sections.ids[at],), by=units[at]))
    territory = look.use("territory")
    if territory is None:
        return found
    linked = {word for at in now if units[at] for word in text(sections, "communities")[at].replace("，", "、").split("、") if word}
    road_units, names, levels = text(territory, "road_unit"), text(territory, "name"), text(territory, "level")
    for at in np.flatnonzero(valid_on(territory, look.today)).tolist():
        if (levels[at] or "community") == "community" and not road_units[at] and names[at] not in linked:
            said = _("社区 {name}：没有联系的路长单位").format(name=called(territory, at))
            found.append(Finding(said, "territory", (territory.ids[at],)))
    return found


CHECKS = (
    Check(
        "CV-04",
        _("道路没有路长"),
        _("区界以内的道路中心线，离任何责任路段都超过 15 米的部分，按路名合计米数；步道和铁路不算。"),
        "road",
        _("补划责任路段，或把相邻路段延长到这里。"),
        _without_chief,
    ),
    Check(
        "CV-05",
        _("责任路段重复"),
        _("两个路段在道路同一侧有 20 米以上是同一条中心线（相距 2 米以内）。"),
        "section",
        _("确定归哪一家，改短另一段；分左右侧负责的，登记左右侧。"),
        _overlapping,
    ),
    Check(
        "SR-46",
        _("路长制没有落实"),
        _("路段没有责任单位或没有任何一级路长；社区没有联系的路长单位（社区登记了，或有路段登记联系它）。"),
        "section",
        _("明确责任单位和路长；给社区登记联系路长单位。"),
        _nobody,
    ),
)
