"""What else the coordinates of a file could be: the candidates that the user sees on the map, and the question that goes with them (domain.md 7.3, 7.4)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
from pyproj import CRS

from chuangwen.domain.geo import GEOGRAPHIC, central_meridian
from chuangwen.exchange.coordinate_ranges import CM, DEGREES, MERCATOR, WORLD, ZONE3, ZONE6, Reading, readings, usable
from chuangwen.exchange.crs_names import BEIJING54, XIAN80, old_twin, title_of
from chuangwen.exchange.doubts import Answer, Doubt
from chuangwen.exchange.source_crs import BD09, GCJ02, LOCAL, Home, Placement, SourceCrs, centre
from chuangwen.text import _

if TYPE_CHECKING:
    from chuangwen.exchange.coordinate_ranges import Points

KEY = "crs"
"""The doubt about the CRS; its answers are words that `--crs` takes."""
_MERIDIANS = (117, 114, 120, 111, 108, 123, 105, 126, 102, 129, 99, 96, 93, 90, 87, 84, 81, 78, 75, 132, 135)
"""By how many people live there: the order in which meridians are offered where nothing else tells."""
_MOST = 6
_SHOWN = 400  # points of a placement


def alternatives(points: Points, home: Home) -> list[SourceCrs]:
    """The CRSs that the numbers allow, the likeliest first: those nearest to what the project holds, CGCS2000 before the old systems."""
    points = points[usable(points)]
    ways = readings(points)
    found = [one for way in ways[:2] for one in _of_way(way, home)]
    inside = []
    for one in found:
        lon, lat = centre(one, points)
        if 73 <= lon <= 136 and 3 <= lat <= 54:
            inside.append((home.distance_km(lon, lat), one))
    inside.sort(key=lambda pair: round(pair[0]))
    best = [one for _distance, one in inside[:_MOST]]
    old = [twin for one in best[:1] for twin in _old_twins(one)]
    return [*best, *old]


def placements(chosen: SourceCrs | None, others: Sequence[SourceCrs], points: Points, home: Home) -> tuple[Placement, ...]:
    """The chosen CRS and the others as the dialog draws them, each with some of the file's points in degrees."""
    points = points[usable(points)]
    points = points[:: max(1, len(points) // _SHOWN)]
    found: dict[str, Placement] = {}
    for one in [*([chosen] if chosen else []), *others]:
        value = value_of(one)
        if value in found or one.code == LOCAL or not len(points):
            continue
        degrees = one.to_degrees(points)
        degrees = degrees[np.isfinite(degrees).all(axis=1)]
        if len(degrees):
            lon, lat = np.median(degrees, axis=0).tolist()
            found[value] = Placement(value, title(one), one.evidence, degrees, home.distance_km(lon, lat), one is chosen)
    return tuple(found.values())


def question(words: str, chosen: SourceCrs | None, others: Sequence[SourceCrs], *, asks: bool) -> Doubt:
    """The doubt `crs`: which of them is it?"""
    answers: dict[str, Answer] = {}
    for one in [*([chosen] if chosen else []), *others]:
        answers.setdefault(value_of(one), Answer(value_of(one), title(one)))
    return Doubt(KEY, words, tuple(answers.values()), value_of(chosen) if chosen else "", asks=asks)


def shifts(found: SourceCrs) -> list[SourceCrs]:
    """Degrees may also be those of a Chinese web map."""
    degrees = CRS.from_epsg(GEOGRAPHIC)
    return [SourceCrs(code, degrees, _("网络地图的经纬度，已纠偏。"), reading=found.reading) for code in (GCJ02, BD09)]


def value_of(one: SourceCrs) -> str:
    """What `--crs` takes for it."""
    return {GCJ02: "gcj02", BD09: "bd09"}.get(one.code, one.code)


def title(one: SourceCrs) -> str:
    """In plain words."""
    words = {GCJ02: _("高德、腾讯、微信的经纬度（GCJ-02）"), BD09: _("百度的经纬度（BD-09）"), LOCAL: _("先按原坐标放置，不换算")}
    return words.get(one.code) or title_of(one.epsg or 0, one.crs.name)


def _of_way(way: Reading, home: Home) -> list[SourceCrs]:
    if way.kind in (DEGREES, WORLD):
        found = [_made(GEOGRAPHIC, way)]
        return [*found, *shifts(found[0])] if way.kind == DEGREES else found
    if way.kind == MERCATOR:
        return [_made(3857, way)]
    if way.kind == ZONE3:
        return [_made(4488 + way.zone, way)]
    if way.kind == ZONE6:
        return [_made(4478 + way.zone, way)]
    meridians = list(_MERIDIANS)
    if home.epsg:
        own = central_meridian(home.epsg)
        meridians.sort(key=lambda one: abs(one - own))
    return [_made(4509 + meridian // 3, way) for meridian in meridians] if way.kind == CM else []


def _made(epsg: int, way: Reading) -> SourceCrs:
    return SourceCrs(f"EPSG:{epsg}", CRS.from_epsg(epsg), "", reading=way)


def _old_twins(one: SourceCrs) -> list[SourceCrs]:
    twins = [old_twin(one.epsg or 0, family) for family in (XIAN80, BEIJING54)]
    return [replace(one, code=f"EPSG:{twin}", crs=CRS.from_epsg(twin)) for twin in twins if twin]
