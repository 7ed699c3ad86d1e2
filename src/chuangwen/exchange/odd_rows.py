"""Rows of a file whose coordinates are written otherwise than those of the others: axes exchanged, prefix missing, degrees among metres (domain.md 5.8, 7.3).

A row is put right only where just one way to read it lands among the others; else it is left without a place and listed.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from pyproj import CRS

from chuangwen.exchange.coordinate_ranges import CM, DEGREES, WAYS, WORLD, ZONE3, ZONE6, Reading, readings, usable
from chuangwen.exchange.crs_names import CGCS2000, epsg_for, family_of, kind_of
from chuangwen.exchange.source_crs import SourceCrs, transformer
from chuangwen.text import _

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from chuangwen.exchange.coordinate_ranges import Points

_LEAST = 0.5  # of the rows must read alike, else there are no others to compare with
_AMONG_KM = (20.0, 100.0)
"""How far from the middle of the others a row may lie, at the least and at the most; between them three times as far as most of them do."""
_FAR_KM = 1500.0  # a province in one zone
_KM = 111.0
_ZONES = (ZONE3, ZONE6)


@dataclass(frozen=True, slots=True)
class Turn:
    """How the rows at `positions` are brought into the form of the others; `what` says it for the report."""

    positions: NDArray[np.intp]
    what: str
    way: Reading
    source: SourceCrs
    others: SourceCrs
    like: Reading

    def apply(self, points: Points) -> Points:
        """`points` (n, 2) of such a row as the file would have them, had it been written like the others."""
        straight = self.way.straight(points)
        if self.source.crs != self.others.crs:
            x, y = transformer(self.source.epsg or self.source.crs, self.others.epsg or self.others.crs).transform(straight[:, 0], straight[:, 1])
            straight = np.column_stack([x, y])
        return self.like.raw(straight)


def odd_rows(points: Points, source: SourceCrs) -> tuple[list[Turn], NDArray[np.intp]]:
    """How to put right the rows of `points` (n, 2; nan where there is no place) that differ from the others, and the positions of those nobody can tell."""
    none = np.array([], dtype=np.intp)
    like = source.reading or _usual(points, source)
    if like is None or like.kind == WORLD or source.fit is not None:
        return [], none
    good = usable(points)
    odd = np.flatnonzero(good & ~like.fits(points))
    if not len(odd) or len(odd) > (1 - _LEAST) * good.sum():
        return [], none if len(odd) == 0 or source.reading is None else odd
    middle, reach = _middle(points[like.fits(points)], source)
    odd = odd[~_sound(points[odd], source, middle, reach)]
    landed: dict[int, list[tuple[Reading, SourceCrs]]] = {}
    for way, other in _ways(source, like, middle):
        fits = np.flatnonzero(way.fits(points[odd]))
        if len(fits):
            away = _km(other.to_degrees(way.straight(points[odd[fits]])), middle)
            for at in fits[away <= reach].tolist():
                landed.setdefault(at, []).append((way, other))
    groups: dict[tuple[Reading, str], list[int]] = {}
    of_key: dict[tuple[Reading, str], SourceCrs] = {}
    for at, found in landed.items():
        if len(found) == 1:
            way, other = found[0]
            groups.setdefault((way, other.code), []).append(int(odd[at]))
            of_key[way, other.code] = other
    turns = [Turn(np.array(rows), _what(key[0], like), key[0], of_key[key], source, like) for key, rows in groups.items()]
    put_right = np.concatenate([turn.positions for turn in turns]) if turns else none
    return turns, np.setdiff1d(odd, put_right)


def _usual(points: Points, source: SourceCrs) -> Reading | None:
    """What the numbers look like where the declaration is taken as it is."""
    reads = kind_of(source.crs)
    if reads is None:
        return None
    return next((way for way in readings(points) if way.kind == reads[0] and way.is_plain and way.zone in (0, reads[1])), None)


def _middle(points: Points, source: SourceCrs) -> tuple[Points, float]:
    """The middle of the others in degrees, and how many kilometres around it count as among them."""
    degrees = source.to_degrees(points[:: max(1, len(points) // 1000)])
    middle = np.nanmedian(degrees, axis=0)
    return middle, float(np.clip(3 * np.nanpercentile(_km(degrees, middle), 95), *_AMONG_KM))


def _km(degrees: Points, middle: Points) -> NDArray[np.float64]:
    east, north = ((degrees - middle) * [_KM * np.cos(np.radians(middle[1])), _KM]).T
    return np.asarray(np.hypot(east, north))


def _sound(points: Points, source: SourceCrs, middle: Points, reach: float) -> NDArray[np.bool_]:
    """Rows of unusual size that are right as they stand: at the rim of a zone, or abroad in a file that declares what it is. (n,)"""
    with np.errstate(invalid="ignore"):
        degrees = source.to_degrees(points)
        sound = _km(degrees, middle) <= reach
        if source.reading is None and source.crs.is_geographic:
            sound |= (np.abs(points[:, 0]) <= 180) & (np.abs(points[:, 1]) <= 90) & ~Reading(DEGREES, swap=True).fits(points)
        elif source.reading is None:
            sound |= Reading(DEGREES).fits(degrees) & (_km(degrees, middle) < _FAR_KM)
    return np.asarray(sound)


def _ways(source: SourceCrs, like: Reading, middle: Points) -> list[tuple[Reading, SourceCrs]]:
    """The other ways to write a place near `middle`: in degrees, about the meridians on either side, with and without the prefix."""
    if not source.code.startswith("EPSG"):  # a web map's degrees, or a drawing: only the axes can be exchanged
        return [(Reading(like.kind, not like.swap, like.factor, like.zone), source)]
    family = family_of(source.crs) or CGCS2000
    reads = kind_of(source.crs)
    number = reads[1] if reads else 0
    own = 3 * number if reads and reads[0] == ZONE3 else 6 * number - 3 if reads and reads[0] == ZONE6 else number
    near = [meridian for meridian in range(75, 136, 3) if abs(meridian - middle[0]) <= 3.5]
    found: list[tuple[Reading, SourceCrs]] = []
    for kind, swap, factor in WAYS:
        if kind == WORLD or (kind == DEGREES and factor != 1.0):
            continue
        codes = {0: epsg_for(family, kind)} if kind not in (CM, *_ZONES) else {}
        if kind == CM:
            codes = {0: epsg_for(family, CM, own or round(float(middle[0]) / 3) * 3)}
        elif kind == ZONE3:
            codes = {meridian // 3: epsg_for(family, ZONE3, meridian // 3) for meridian in near}
        elif kind == ZONE6:
            codes = {(meridian + 3) // 6: epsg_for(family, ZONE6, (meridian + 3) // 6) for meridian in near if meridian % 6 == 3}
        for zone, code in codes.items():
            way = Reading(kind, swap, factor, zone)
            same = kind == like.kind and zone == like.zone
            if code and not (same and swap == like.swap and factor == like.factor):
                crs = source.crs if same else CRS.from_epsg(code)
                found.append((way, SourceCrs(f"EPSG:{code}", crs, "")))
    return found


def _what(way: Reading, like: Reading) -> str:
    if way.kind == like.kind and way.factor == like.factor and way.zone == like.zone:
        return _("坐标的两个轴与别的行相反，已对调")
    if way.kind == DEGREES:
        return _("这一行是经纬度，别的行是平面坐标，已换算")
    if like.kind == DEGREES:
        return _("这一行是平面坐标，别的行是经纬度，已换算")
    if way.factor != like.factor:
        return _("坐标单位与别的行不同，已统一")
    if way.kind == CM:
        return _("坐标少了带号，已补上 {zone}").format(zone=like.zone)
    if like.kind == CM:
        return _("坐标多了带号 {zone}，已去掉").format(zone=way.zone)
    return _("坐标的带与别的行不同，已换算")
