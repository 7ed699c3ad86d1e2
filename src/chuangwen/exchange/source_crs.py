"""What the coordinates of a file are, and the way from there into the project."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING

import numpy as np
from pyproj import CRS, Transformer
from pyproj.exceptions import ProjError

from chuangwen.domain.geo import GEOGRAPHIC, Extent
from chuangwen.errors import DataProblem
from chuangwen.exchange.china_offset import from_bd09, from_gcj02, to_bd09, to_gcj02
from chuangwen.exchange.control_points import Fit
from chuangwen.exchange.coordinate_ranges import Reading, usable
from chuangwen.exchange.doubts import Doubt
from chuangwen.text import _

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from chuangwen.exchange.coordinate_ranges import Points

GCJ02, BD09, LOCAL, FITTED = "GCJ-02", "BD-09", "local", "fitted"
"""Codes of what is no CRS of EPSG: the shifted coordinates of web maps, a drawing taken as it stands, a drawing laid on by control points."""
NO_CRS = CRS.from_wkt('LOCAL_CS["local",UNIT["metre",1]]')
_FORWARD = {GCJ02: to_gcj02, BD09: to_bd09}
_BACK = {GCJ02: from_gcj02, BD09: from_bd09}
_DEGREE_M = 111_320.0


@dataclass(frozen=True)
class SourceCrs:
    """What the coordinates of a file are: `code` for the report, `evidence` a sentence, `warnings` what the user must know, `doubts` what may be asked.

    `reading`: how to straighten the numbers first (None: as they are). `fit`: the control points that lay a local drawing on the project.
    """

    code: str
    crs: CRS
    evidence: str
    warnings: tuple[str, ...] = ()
    reading: Reading | None = None
    doubts: tuple[Doubt, ...] = ()
    fit: Fit | None = None

    @cached_property
    def epsg(self) -> int | None:
        """The EPSG code, where there is one."""
        code = self.crs.to_epsg()
        return int(code) if code is not None else None

    def to(self, points: Points, target: int) -> Points:
        """`points` (n, 2) of the file in EPSG `target`, easting first; nan where they cannot be."""
        points = self.reading.straight(points) if self.reading else points
        if self.code == LOCAL:
            return points if target != GEOGRAPHIC else np.full_like(points, np.nan)
        if self.fit is not None:
            return project_crs(self.fit.epsg).to(self.fit.apply(points), target)
        if self.code in _BACK:
            points = _BACK[self.code](points)
        return _projected(points, self.crs, self.epsg, target)

    def to_degrees(self, points: Points) -> Points:
        """`points` as CGCS2000 longitude and latitude."""
        return self.to(points, GEOGRAPHIC)

    def fits(self, points: Points) -> NDArray[np.bool_]:
        """Which single points (of a table) can be meant: finite, not 0/0, of the same kind as the others. (n,)"""
        return usable(points) & self.reading.fits(points) if self.reading else usable(points)

    def residual(self, points: Points) -> float:
        """How far the inverse of a shift misses, carried forward again, in metres: the largest of `points`; 0 where nothing is shifted."""
        if self.code not in _BACK or not len(points):
            return 0.0
        points = self.reading.straight(points) if self.reading else points
        return float(np.nanmax(np.abs(_FORWARD[self.code](_BACK[self.code](points)) - points))) * _DEGREE_M


@dataclass(frozen=True, slots=True)
class Placement:
    """One way to read the coordinates, for the user to see where the shapes would lie. `value` answers the doubt `crs` (`EPSG:4548`, `gcj02`).

    `points` (m, 2) are some of the file's shapes in CGCS2000 degrees; `distance_km` from what the project holds, 0 inside it or where it holds nothing.
    """

    value: str
    title: str
    evidence: str
    points: Points
    distance_km: float = 0.0
    chosen: bool = False


@dataclass(frozen=True, slots=True)
class Home:
    """Where the project lies: its CRS (0: not chosen yet) and the extent of what it holds, in degrees."""

    epsg: int = 0
    extent: Extent | None = None

    def distance_km(self, lon: float, lat: float) -> float:
        """From a place to the extent; 0 inside it or where nothing is known."""
        if self.extent is None:
            return 0.0
        east = max(self.extent.x0 - lon, 0.0, lon - self.extent.x1) * 111.32 * float(np.cos(np.radians(lat)))
        north = max(self.extent.y0 - lat, 0.0, lat - self.extent.y1) * 110.95
        return float(np.hypot(east, north))


def project_crs(epsg: int) -> SourceCrs:
    """The project's own CRS, to go from its metres to degrees."""
    return SourceCrs(f"EPSG:{epsg}", CRS.from_epsg(epsg), "")


def centre(found: SourceCrs, points: Points) -> tuple[float, float]:
    """The middle of `points` of the file in degrees; nan where they cannot be placed."""
    degrees = found.to_degrees(points[found.fits(points)][:: max(1, len(points) // 1000)])
    good = degrees[np.isfinite(degrees).all(axis=1)]
    return (float(np.median(good[:, 0])), float(np.median(good[:, 1]))) if len(good) else (float("nan"), float("nan"))


@lru_cache(maxsize=256)
def transformer(source: int | CRS, target: int | CRS) -> Transformer:
    """Easting or longitude first on either side, whatever EPSG orders. Made once: it takes longer than thousands of points."""
    return Transformer.from_crs(source, target, always_xy=True)


def _projected(points: Points, crs: CRS, epsg: int | None, target: int) -> Points:
    if epsg == target or (target == GEOGRAPHIC and epsg == 4326) or not len(points):
        return points
    if epsg and 4513 <= epsg <= 4533 and target == epsg + 21:  # the prefix is all that differs: exact, and a hundred times faster
        return np.asarray(points - np.array([(epsg - 4488) * 1e6, 0.0]))
    try:
        if crs.is_bound:  # PROJ uses a file's own TOWGS84 on the way to WGS 84 only, and forgets it on the way to CGCS2000
            points = np.column_stack(transformer(crs, 4326).transform(points[:, 0], points[:, 1]))
            crs, epsg = CRS.from_epsg(4326), 4326
        x, y = transformer(epsg or crs, target).transform(points[:, 0], points[:, 1])
    except ProjError as error:
        hint = _("请向数据提供单位问明坐标系，用 --crs EPSG:编号 指定。")
        raise DataProblem(_("文件声明的坐标系“{name}”不完整，无法换算。").format(name=crs.name), hint=hint) from error
    found = np.column_stack([x, y])
    found[~np.isfinite(found).all(axis=1)] = np.nan
    return found
