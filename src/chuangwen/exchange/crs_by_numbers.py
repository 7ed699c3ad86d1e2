"""The CRS of coordinates that nothing or too little is said about: from the size of the numbers, and from where the project lies (domain.md 7.3).

Chosen is only what the project confirms or what has no rival; what is left open is asked.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
from pyproj import CRS

from chuangwen.domain.geo import GEOGRAPHIC, central_meridian
from chuangwen.exchange.coordinate_ranges import CM, DEGREES, MERCATOR, WORLD, ZONE3, Reading, readings
from chuangwen.exchange.crs_choices import MERIDIANS, alternatives, old_twins, question, shifts
from chuangwen.exchange.crs_names import CGCS2000, epsg_for
from chuangwen.exchange.doubts import Unanswered
from chuangwen.exchange.source_crs import LOCAL, NO_CRS, Home, SourceCrs, centre
from chuangwen.text import _

if TYPE_CHECKING:
    from collections.abc import Sequence

    from chuangwen.exchange.coordinate_ranges import Points

_SAME_KM = 60.0
"""Nearer than this to what the project holds: no other meridian, prefix or projection lands so near by chance (the next meridian is 200 km off)."""
_SURE_KM = 20.0
_EVEN = 0.05  # a reading that so much fewer points fit is as good


def by_numbers(ways: Sequence[Reading], points: Points, home: Home, family: str = "") -> SourceCrs:
    """The CRS of `points` (n, 2; usable ones). `family`: the datum, where that much is said. Raises `Unanswered` where nobody can tell."""
    if not len(points):
        code = home.epsg or GEOGRAPHIC
        return SourceCrs(f"EPSG:{code}", CRS.from_epsg(code), _("文件中没有可用的坐标。"))
    top = [way for way in ways if way.share >= ways[0].share - _EVEN]
    candidates = [one for way in top for one in _candidates(way, home, family or CGCS2000)]
    far = {one.code: home.distance_km(*centre(one, points)) for one in candidates}
    near = [one for one in candidates if home.extent is not None and far[one.code] <= _SAME_KM]
    if near:
        return _explained(near[0], candidates, home, family, verified=far[near[0].code] <= _SURE_KM)
    certain = [one for one in candidates if one.reading is not None and one.reading.kind != CM]
    certain = [one for one in certain if one.reading is not None and one.reading.kind != WORLD] or certain
    if certain:
        return _explained(certain[0], candidates, home, family, verified=len(certain) == 1 and _is_usual(certain[0]))
    own = next((one for one in candidates if home.extent is None and one.epsg == epsg_for(family or CGCS2000, CM, _meridian(home))), None)
    if own is None:
        raise nobody_knows(points, home, family)
    return _explained(own, candidates, home, family, verified=False)


def of_meridian(way: Reading, meridian: int, family: str = CGCS2000) -> SourceCrs:
    """Numbers without a prefix about a central meridian in degrees."""
    evidence = _("东坐标为六位（不带带号），中央经线 {meridian}°E。").format(meridian=meridian)
    return _made(epsg_for(family, CM, meridian), evidence, way)


def of_kind(way: Reading, family: str) -> SourceCrs:
    """Numbers that tell all but the datum."""
    if way.kind in (DEGREES, WORLD):
        evidence = _("坐标在经纬度范围内，按 CGCS2000 经纬度处理。") if family == CGCS2000 else _("坐标在经纬度范围内。")
    elif way.kind == MERCATOR:
        evidence = _("坐标大小符合 Web 墨卡托。")
    elif way.kind == ZONE3:
        evidence = _("东坐标以 {zone} 开头，是三度带第 {zone} 带（带带号）。").format(zone=way.zone)
    else:
        evidence = _("东坐标以 {zone} 开头，是六度带第 {zone} 带（带带号）。").format(zone=way.zone)
    return _made(epsg_for(family, way.kind, way.zone), evidence, way)


def straightened(found: SourceCrs) -> SourceCrs:
    """Say what is done to the numbers first."""
    way = found.reading
    notes = []
    if way and way.swap:
        notes.append(_("坐标的两个轴写反了（先纬度后经度，或先北坐标），已对调。"))
    if way and way.factor == 1e3:
        notes.append(_("坐标单位是千米，已换算为米。"))
    if way and way.factor == 1e-3:
        notes.append(_("坐标单位是毫米，已换算为米。"))
    return replace(found, evidence=found.evidence + "".join(notes), warnings=(*notes, *found.warnings)) if notes else found


def as_drawn(points: Points, why: str) -> SourceCrs:
    """Coordinates that nobody can place, taken as they stand in metres: an overlay is shown and can be placed later."""
    way = next((way for way in readings(points) if way.kind == CM), None)
    warning = _("{why}先按原坐标放置，位置不可靠；知道坐标系后请用 --crs 重新导入。").format(why=why)
    return straightened(SourceCrs(LOCAL, NO_CRS, warning, (warning,), way))


def nobody_knows(points: Points, home: Home, family: str = "") -> Unanswered:
    """The question which of all candidates it is, with what to pass."""
    x, y = np.median(points, axis=0)
    example = f"{x:.2f}, {y:.2f}"
    others = alternatives(points, home, family or CGCS2000)
    if any(one.reading is not None and one.reading.kind == CM for one in others):
        words = _("坐标（如 {example}）是不带带号的平面坐标，文件没有说明中央经线，项目也还没有坐标系，无法确定位置。")
        if home.extent is not None:
            words = _("坐标（如 {example}）是不带带号的平面坐标，文件没有说明中央经线，按哪条中央经线都不落在本区附近，无法确定位置。")
        hint = _("请用 --crs 指定，如 --crs EPSG:4548（CGCS2000 三度带，中央经线 117°E）；编号 = 4509 + 中央经线 ÷ 3。")
        asked = _("坐标没有说明中央经线。您的区在哪一条附近？（东经 {first}° 到 {last}° 都有可能，问一下数据提供单位最稳妥）").format(first=75, last=135)
    else:
        words = _("无法判断坐标系：坐标（如 {example}）不像经纬度，也不像国家坐标系的平面坐标，可能是地方独立坐标系。")
        hint = _("请向数据提供单位问明坐标系，用 --crs EPSG:编号 指定；或给出控制点，用 --crs points:控制点.csv。")
        asked = _("看不出这是什么坐标系，可能是本市的独立坐标系。怎么办？")
    return Unanswered(words.format(example=example), hint, [question(asked, None, [*others, as_drawn(points, "")], asks=True)])


def _made(code: int, evidence: str, way: Reading) -> SourceCrs:
    return straightened(SourceCrs(f"EPSG:{code}", CRS.from_epsg(code), evidence, (), way))


def _candidates(way: Reading, home: Home, family: str) -> list[SourceCrs]:
    """The project's own meridian before the others."""
    if way.kind != CM:
        return [of_kind(way, family)]
    own = _meridian(home)
    return [of_meridian(way, meridian, family) for meridian in sorted(MERIDIANS, key=lambda one: one != own)] if own else []


def _meridian(home: Home) -> int:
    return central_meridian(home.epsg) if home.epsg else 0


def _is_usual(found: SourceCrs) -> bool:
    """Whether a drawing in a city's own system could not have such numbers by chance."""
    return found.reading is not None and found.reading.kind != WORLD and found.reading.factor == 1.0


def _explained(found: SourceCrs, candidates: Sequence[SourceCrs], home: Home, family: str, *, verified: bool) -> SourceCrs:
    """The choice with what speaks for it, and the question whether it is right: one to wait for, where nothing verifies it."""
    kind = found.reading.kind if found.reading else DEGREES
    rivals = [one for one in candidates if one.code != found.code and one.reading is not None and (one.reading.kind != CM or kind != CM)]
    old = [] if family else old_twins(found)
    if kind in (DEGREES, WORLD):
        note = _("经纬度坐标没有说明来源，按 CGCS2000/WGS 84 处理；若来自高德、腾讯（GCJ-02）或百度（BD-09），请用 --crs gcj02 或 --crs bd09。")
        words = _("文件里是经纬度，没有说明来源。是 GPS、测绘部门的坐标，还是从网络地图上取的？")
        rivals, old = [*shifts(found), *rivals], []
        if kind == WORLD:
            note = _("坐标没有说明来源，按经纬度处理，但不在中国范围内，也可能是一张没有坐标系的图。")
            words, rivals = _("坐标像是外国的经纬度，也可能是一张没有坐标系的图。怎么办？"), []
    elif kind == CM:
        meridian = central_meridian(epsg_for(CGCS2000, CM, _meridian(home))) if found.epsg is None else _about(found)
        words = _("坐标是六位的，没有说明中央经线。按 {meridian}° 放置，对吗？").format(meridian=meridian)
        note = _("东坐标没有带号，也没有坐标系说明：中央经线取项目的 {meridian}°E。若图形位置不对，请用 --crs 指定。")
        if meridian != _meridian(home):
            note = _("东坐标没有带号，也没有坐标系说明：按中央经线 {meridian}°E 正好落在本区，与项目的中央经线不同，已换算。")
        note = note.format(meridian=meridian)
        others = sorted((one for one in candidates if one.code != found.code), key=lambda one: abs(_about(one) - meridian))
        rivals = others[:4]
    elif kind == MERCATOR:
        note, old = "", []
        words = _("坐标没有说明来源，像是网络地图的墨卡托坐标。对吗？")
    else:
        note = "" if family else _("文件没有说明是哪个坐标系：按国家2000处理；若是西安80、北京54 的旧图，位置会差几十米到一百米。")
        words = _("坐标带 {zone} 带号，没有说明是国家2000还是旧坐标系。按国家2000放置，对吗？").format(zone=found.reading.zone if found.reading else 0)
    evidence = found.evidence + (note if kind == CM else "")
    doubts = (question(words, found, [*rivals, *old], asks=not verified),) if rivals or old or not verified else ()
    return replace(found, evidence=evidence, warnings=tuple(one for one in (*found.warnings, note) if one), doubts=doubts)


def _about(found: SourceCrs) -> int:
    operation = found.crs.coordinate_operation
    return round(next(float(one.value) for one in operation.params if one.name == "Longitude of natural origin")) if operation else 0
