"""What else the coordinates of a file could be: the candidates that the user sees on the map, and the question that goes with them (domain.md 7.3, 7.4)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
from pyproj import CRS

from chuangwen.domain.geo import GEOGRAPHIC, central_meridian
from chuangwen.exchange.coordinate_ranges import CM, DEGREES, WORLD, Reading, readings, usable
from chuangwen.exchange.crs_names import BEIJING54, CGCS2000, XIAN80, epsg_for, old_twin, title_of
from chuangwen.exchange.doubts import Answer, Doubt
from chuangwen.exchange.source_crs import BD09, GCJ02, LOCAL, Home, Placement, SourceCrs, centre
from chuangwen.text import _

if TYPE_CHECKING:
    from chuangwen.exchange.coordinate_ranges import Points

KEY = "crs"
"""The doubt about the CRS; its answers are words that `--crs` takes."""
MERIDIANS = (117, 114, 120, 111, 108, 123, 105, 126, 102, 129, 99, 96, 93, 90, 87, 84, 81, 78, 75, 132, 135)
"""By how many people live there: the order in which meridians are offered where nothing else tells."""
_SHOWN = 400  # points of a placement
_COUNTRY = {  # degrees of latitude from → longitudes between which the country lies, outlying seas left out
    3: (108.0, 119.0), 16: (108.0, 112.0), 20: (99.0, 118.0), 22: (97.5, 122.5), 26: (85.0, 122.5), 28: (80.0, 123.0), 30: (78.0, 123.0), 34: (73.5, 123.0),
    38: (73.0, 126.0), 40: (73.0, 131.5), 42: (79.0, 135.5), 46: (82.0, 135.5), 50: (115.0, 128.5), 54: (0.0, 0.0),
}  # fmt: skip


def alternatives(points: Points, home: Home, family: str = CGCS2000) -> list[SourceCrs]:
    """The CRSs that the numbers allow and that lie in the country, the likeliest first: those nearest to what the project holds, then where most people live.

    The old systems follow as twins of the likeliest one. `family`: the datum, where that much is known.
    """
    points = points[usable(points)]
    ways = readings(points)
    found = [one for way in ways[:3] for one in _of_way(way, home, family)]
    inside = []
    for one in found:
        lon, lat = centre(one, points)
        if in_country(lon, lat):
            inside.append((home.distance_km(lon, lat), one))
    inside.sort(key=lambda pair: round(pair[0]))
    best = [one for _distance, one in inside]
    return [*best, *(twin for one in best[:1] for twin in old_twins(one))]


def in_country(lon: float, lat: float) -> bool:
    """Whether a place may lie in China: by its outline in bands of latitude, generously."""
    west, east = _COUNTRY[max((band for band in _COUNTRY if band <= lat), default=54)]
    return west <= lon <= east


def placements(chosen: SourceCrs | None, others: Sequence[SourceCrs], points: Points, home: Home) -> tuple[Placement, ...]:
    """The chosen CRS and the others as the dialog draws them, each with some of the file's points in degrees."""
    points = points[usable(points)]
    points = points[:: max(1, len(points) // _SHOWN)]
    found: list[Placement] = []
    for one in _told_apart(chosen, others):
        if one.code == LOCAL or not len(points):
            continue
        degrees = one.to_degrees(points)
        degrees = degrees[np.isfinite(degrees).all(axis=1)]
        if len(degrees):
            lon, lat = np.median(degrees, axis=0).tolist()
            km = home.distance_km(lon, lat)
            found.append(Placement(value_of(one), title(one), one.evidence or _where(lon, lat, km, home), degrees, km, one is chosen))
    return tuple(found)


def _where(lon: float, lat: float, km: float, home: Home) -> str:
    place = _("落在东经 {lon:.2f}°、北纬 {lat:.2f}°").format(lon=lon, lat=lat)
    if home.extent is None:
        return place
    return place + (_("，在本区。") if km < 1 else _("，离本区约 {km:.0f} 公里。").format(km=km))


def question(words: str, chosen: SourceCrs | None, others: Sequence[SourceCrs], *, asks: bool) -> Doubt:
    """The doubt `crs`: which of them is it?"""
    answers = tuple(Answer(value_of(one), title(one)) for one in _told_apart(chosen, others))
    return Doubt(KEY, words, answers, value_of(chosen) if chosen else "", asks=asks)


def _told_apart(chosen: SourceCrs | None, others: Sequence[SourceCrs]) -> list[SourceCrs]:
    """The chosen CRS and those of the others that a user can tell from it: WGS 84 and CGCS2000 degrees are one answer."""
    found: dict[str, SourceCrs] = {}
    for one in [*([chosen] if chosen else []), *others]:
        found.setdefault(title(one), one)
    return list(found.values())


def shifts(found: SourceCrs) -> list[SourceCrs]:
    """Degrees may also be those of a Chinese web map."""
    degrees = CRS.from_epsg(GEOGRAPHIC)
    return [SourceCrs(code, degrees, _("网络地图的经纬度，已纠偏。"), reading=found.reading) for code in (GCJ02, BD09)]


def value_of(one: SourceCrs) -> str:
    """What `--crs` takes for it."""
    value = {GCJ02: "gcj02", BD09: "bd09"}.get(one.code, one.code)
    return value if value in ("gcj02", "bd09", LOCAL) or value.startswith("EPSG:") else "auto"  # of the file's own making: as it declares


def title(one: SourceCrs) -> str:
    """In plain words."""
    words = {GCJ02: _("高德、腾讯、微信的经纬度（GCJ-02）"), BD09: _("百度的经纬度（BD-09）"), LOCAL: _("先按原坐标放置，不换算")}
    return words.get(one.code) or title_of(one.epsg or 0, one.crs.name)


def old_twins(one: SourceCrs) -> list[SourceCrs]:
    """The same zone of Xian 80 and Beijing 54; none of what is no CGCS2000 zone."""
    twins = [old_twin(one.epsg or 0, family) for family in (XIAN80, BEIJING54)]
    return [replace(one, code=f"EPSG:{twin}", crs=CRS.from_epsg(twin), evidence="", doubts=()) for twin in twins if twin]


def _of_way(way: Reading, home: Home, family: str) -> list[SourceCrs]:
    if way.kind in (DEGREES, WORLD):
        found = [_made(epsg_for(family, DEGREES), way)]
        return [*found, *shifts(found[0])] if way.kind == DEGREES and family == CGCS2000 else found
    if way.kind != CM:
        return [_made(epsg_for(family, way.kind, way.zone), way)]
    own = central_meridian(home.epsg) if home.epsg else 0
    meridians = sorted(MERIDIANS, key=lambda one: abs(one - own)) if own else MERIDIANS
    return [_made(epsg_for(family, CM, meridian), way) for meridian in meridians]


def _made(epsg: int, way: Reading) -> SourceCrs:
    return SourceCrs(f"EPSG:{epsg}", CRS.from_epsg(epsg), "", reading=way)
