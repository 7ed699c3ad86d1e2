"""The detective of coordinate systems: what the file says, what the numbers allow, where the project lies (domain.md 7.1–7.4).

Every finding names its evidence and can be overridden. Where the numbers contradict the declaration, the numbers win and a warning says so.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
from pyproj import CRS, Transformer
from pyproj.exceptions import CRSError, ProjError

from chuangwen.domain.geo import GEOGRAPHIC, Extent, central_meridian, project_epsg
from chuangwen.errors import DataProblem, UserError
from chuangwen.exchange.china_offset import from_bd09, from_gcj02
from chuangwen.exchange.coordinate_ranges import CM, DEGREES, MERCATOR, WORLD, ZONE3, ZONE6, Reading, readings, usable
from chuangwen.text import _

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from chuangwen.exchange.coordinate_ranges import Points

GCJ02, BD09 = "GCJ-02", "BD-09"
_SHIFTS = {"gcj02": GCJ02, "gcj-02": GCJ02, "bd09": BD09, "bd-09": BD09}
_FAR_KM = 100.0


@dataclass(frozen=True)
class SourceCrs:
    """What the coordinates of a file are: `code` for the report, `evidence` a sentence, `warnings` what the user must know."""

    code: str
    crs: CRS
    evidence: str
    warnings: tuple[str, ...] = ()
    reading: Reading | None = None  # how to straighten the numbers first; None: as they are

    @cached_property
    def epsg(self) -> int | None:
        """The EPSG code, where there is one."""
        return _epsg(self.crs)

    def to(self, points: Points, target: int) -> Points:
        """`points` (n, 2) of the file in EPSG `target`, easting first; nan where they cannot be."""
        points = self._straight(points)
        return _projected(points, self.crs, self.epsg, target)

    def to_degrees(self, points: Points) -> Points:
        """`points` as CGCS2000 longitude and latitude."""
        return self.to(points, GEOGRAPHIC)

    def fits(self, points: Points) -> NDArray[np.bool_]:
        """Which single points (of a table) can be meant: finite, not 0/0, of the same kind as the others. (n,)"""
        return usable(points) & self.reading.fits(points) if self.reading else usable(points)

    def _straight(self, points: Points) -> Points:
        points = self.reading.straight(points) if self.reading else points
        if self.code == GCJ02:
            return from_gcj02(points)
        return from_bd09(points) if self.code == BD09 else points


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


def find(declared: str, points: Points, home: Home, wanted: str = "auto") -> SourceCrs:
    """What CRS `points` (n, 2; one a feature is enough) are in.

    `declared` is what the file says ('' for nothing), `wanted` the user's word: auto, EPSG:N, gcj02, bd09. Raises `DataProblem` that says what to pass
    where nobody can tell, `UserError` for a word that means nothing.
    """
    points = points[usable(points)]
    if wanted.strip().lower() not in ("", "auto"):
        return _checked(_demanded(wanted, points), points, home)
    said = parse_declared(declared) if declared.strip() else None
    ways = readings(points)
    if said is None:
        found = _by_numbers(ways, points, home)
        if declared.strip():
            found = replace(found, warnings=(_("坐标系说明（.prj）已损坏，无法读取，改按坐标数值判断。"), *found.warnings))
    else:
        found = _declared(said, ways, points, home)
    return _checked(found, points, home)


def parse_declared(text: str) -> CRS | None:
    """The CRS that a .prj or a file's own note means: WKT of either kind, `EPSG:4548`, or just a name at the start of a text that was cut off."""
    text = text.strip().strip("\ufeff\x00").strip()
    tries = [text]
    named = re.match(r"\s*(?:PROJCS|GEOGCS|PROJCRS|GEOGCRS|PROJECTEDCRS|GEODCRS)\s*[\[(]\s*\"([^\"]+)\"", text, re.IGNORECASE)
    if named:
        tries.append(named.group(1))
    for one in tries:
        try:
            return CRS.from_user_input(one)
        except CRSError:
            continue
    return None


def prj_text(raw: bytes) -> str:
    """The text of a .prj, whatever Notepad saved it as."""
    if raw.startswith((b"\xff\xfe", b"\xfe\xff")):
        return raw.decode("utf-16", "replace")
    if b"\x00" in raw[:20]:
        return raw.decode("utf-16-le", "replace")
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        return raw.decode("gb18030", "replace")


def home_epsg(found: SourceCrs, points: Points) -> int:
    """The CRS for a project that has none yet, from its first data: the file's own meridian where that suits the place, else that of the centre."""
    degrees = found.to_degrees(points[found.fits(points)])
    longitude = float(np.nanmedian(degrees[:, 0]))
    if found.epsg and 4513 <= found.epsg <= 4554:
        own = found.epsg if found.epsg >= 4534 else found.epsg + 21
        if abs(central_meridian(own) - longitude) <= 3.0:
            return own
    return project_epsg(longitude)


def _epsg(crs: CRS) -> int | None:
    code = crs.to_epsg()
    return int(code) if code is not None else None


def _demanded(wanted: str, points: Points) -> SourceCrs:
    word = wanted.strip().lower()
    if word in _SHIFTS:
        code = _SHIFTS[word]
        note = _("{code} 转换用公开公式反算，误差约 1–5 米。").format(code=code)
        reading = next((way for way in readings(points) if way.kind in (DEGREES, WORLD)), None)
        return SourceCrs(code, CRS.from_epsg(GEOGRAPHIC), _("由用户指定为 {code}。").format(code=code), (note,), reading)
    digits = word.removeprefix("epsg:").removeprefix("epsg").strip(": ")
    try:
        crs = CRS.from_epsg(int(digits))
    except (ValueError, CRSError):
        hint = _("请用 auto、EPSG:编号（如 EPSG:4548）、gcj02 或 bd09。")
        raise UserError(_("不认识坐标系“{wanted}”。").format(wanted=wanted), hint=hint) from None
    return SourceCrs(f"EPSG:{int(digits)}", crs, _("由用户指定为 EPSG:{code}（{name}）。").format(code=int(digits), name=crs.name))


def _declared(said: CRS, ways: list[Reading], points: Points, home: Home) -> SourceCrs:
    code = _code(said)
    plain = SourceCrs(code, said, _("文件声明的坐标系：{name}（{code}）。").format(name=said.name, code=code))
    if _is_unknown(said):
        return _by_numbers(ways, points, home)
    if not ways:
        return plain
    epsg = _epsg(said) or 0
    fitting = _kinds(said, epsg)
    if any(way.kind in fitting and not way.swap and way.factor == 1.0 for way in ways) or (
        not said.is_geographic and ways[0].kind not in (DEGREES, WORLD, *_GK)
    ):
        return plain
    swapped = next((way for way in ways if way.kind in fitting and way.swap and way.factor == 1.0), None)
    if swapped:
        warning = _("坐标的两个轴写反了（先纬度后经度，或先北坐标），已对调。")
        return replace(plain, evidence=plain.evidence + warning, warnings=(warning,), reading=swapped)
    if ways[0].kind not in (DEGREES, *_GK, MERCATOR):
        return plain
    meridian = _meridian(said, epsg)
    numbers = _of_meridian(ways[0], meridian) if ways[0].kind == CM and meridian else _by_numbers(ways, points, home)
    warning = _("文件声明 {name}，但坐标数值不符；以数值为准：{code}。").format(name=said.name, code=numbers.code)
    return replace(numbers, evidence=numbers.evidence + warning, warnings=(warning, *numbers.warnings))


_GK = (CM, ZONE3, ZONE6)


def _kinds(said: CRS, epsg: int) -> tuple[str, ...]:
    """What the numbers of a declared CRS should look like."""
    if said.is_geographic:
        return (DEGREES, WORLD)
    if epsg == 3857:
        return (MERCATOR,)
    easting = _false_easting(said)
    if easting > 2.4e7:
        return (ZONE3,)
    if easting > 1.2e7:
        return (ZONE6, MERCATOR)
    return (CM,)


def _false_easting(crs: CRS) -> float:
    operation = crs.coordinate_operation
    return next((float(one.value) for one in operation.params if one.name == "False easting"), 0.0) if operation else 0.0


def _meridian(crs: CRS, epsg: int) -> int:
    """The central meridian of a Gauss-Krüger CRS in whole degrees, 0 where it has none."""
    operation = crs.coordinate_operation
    value = next((float(one.value) for one in operation.params if one.name == "Longitude of natural origin"), 0.0) if operation else 0.0
    return round(value) if abs(value - round(value)) < 1e-6 and round(value) % 3 == 0 and 75 <= value <= 135 else 0


def _by_numbers(ways: list[Reading], points: Points, home: Home) -> SourceCrs:
    """A CRS from the size of the numbers, and the project's place where they leave a choice."""
    if not len(points):
        code = home.epsg or GEOGRAPHIC
        return SourceCrs(f"EPSG:{code}", CRS.from_epsg(code), _("文件中没有可用的坐标。"))
    candidates = [found for way in ways if (found := _candidate(way, home)) is not None]
    if not candidates:
        raise _nobody_knows(ways, points)
    top = [found for found in candidates if found.reading and found.reading.share >= ways[0].share - 0.05]
    if home.extent is not None and len(top) > 1:
        top.sort(key=lambda found: home.distance_km(*_centre(found, points)))
    return top[0] if top else candidates[0]


def _candidate(way: Reading, home: Home) -> SourceCrs | None:
    if way.kind in (DEGREES, WORLD):
        note = _("经纬度坐标没有说明来源，按 CGCS2000/WGS 84 处理；若来自高德、腾讯（GCJ-02）或百度（BD-09），请用 --crs gcj02 或 --crs bd09。")
        evidence = _("坐标在经纬度范围内，按 CGCS2000 经纬度处理。")
        return _straightened(SourceCrs(f"EPSG:{GEOGRAPHIC}", CRS.from_epsg(GEOGRAPHIC), evidence, (note,), way))
    if way.kind == ZONE3:
        code, evidence = 4488 + way.zone, _("东坐标以 {zone} 开头，是 CGCS2000 三度带第 {zone} 带（带带号）。").format(zone=way.zone)
    elif way.kind == ZONE6:
        code, evidence = 4478 + way.zone, _("东坐标以 {zone} 开头，是 CGCS2000 六度带第 {zone} 带（带带号）。").format(zone=way.zone)
    elif way.kind == MERCATOR:
        code, evidence = 3857, _("坐标大小符合 Web 墨卡托。")
    else:
        return _of_home(way, home)
    return _straightened(SourceCrs(f"EPSG:{code}", CRS.from_epsg(code), evidence, (), way))


def _of_home(way: Reading, home: Home) -> SourceCrs | None:
    """Six-digit eastings fit every meridian: take the project's."""
    if not home.epsg:
        return None
    meridian = central_meridian(home.epsg)
    warning = _("东坐标没有带号，也没有坐标系说明：中央经线取项目的 {meridian}°E。若图形位置不对，请用 --crs 指定。").format(meridian=meridian)
    return _of_meridian(way, meridian, _("东坐标为六位（不带带号）。") + warning, (warning,))


def _of_meridian(way: Reading, meridian: int, evidence: str = "", warnings: tuple[str, ...] = ()) -> SourceCrs:
    code = 4509 + meridian // 3
    evidence = evidence or _("东坐标为六位（不带带号），中央经线 {meridian}°E。").format(meridian=meridian)
    return _straightened(SourceCrs(f"EPSG:{code}", CRS.from_epsg(code), evidence, warnings, way))


def _straightened(found: SourceCrs) -> SourceCrs:
    """Say what was done to the numbers first."""
    way = found.reading
    notes = []
    if way and way.swap:
        notes.append(_("坐标的两个轴写反了（先纬度后经度，或先北坐标），已对调。"))
    if way and way.factor == 1e3:
        notes.append(_("坐标单位是千米，已换算为米。"))
    if way and way.factor == 1e-3:
        notes.append(_("坐标单位是毫米，已换算为米。"))
    return replace(found, evidence=found.evidence + "".join(notes), warnings=(*notes, *found.warnings)) if notes else found


def _nobody_knows(ways: list[Reading], points: Points) -> DataProblem:
    x, y = np.median(points, axis=0)
    example = f"{x:.2f}, {y:.2f}"
    if any(way.kind == CM for way in ways):
        return DataProblem(
            _("坐标（如 {example}）是不带带号的平面坐标，文件没有说明中央经线，项目也还没有坐标系，无法确定位置。").format(example=example),
            hint=_("请用 --crs 指定，如 --crs EPSG:4548（CGCS2000 三度带，中央经线 117°E）；编号 = 4509 + 中央经线 ÷ 3。"),
        )
    return DataProblem(
        _("无法判断坐标系：坐标（如 {example}）不像经纬度，也不像国家坐标系的平面坐标，可能是地方独立坐标系。").format(example=example),
        hint=_("请向数据提供单位问明坐标系，用 --crs EPSG:编号 指定。"),
    )


def _checked(found: SourceCrs, points: Points, home: Home) -> SourceCrs:
    """Warn of old datums, and of a place far from everything the project holds."""
    warnings = list(found.warnings)
    datum = f"{found.crs.geodetic_crs.name if found.crs.geodetic_crs else ''} {found.crs.name}"
    if any(old in datum for old in ("Xian", "Beijing", "xian", "beijing")):
        warnings.append(_("西安80/北京54 到 CGCS2000 没有公开的转换参数：近似转换，误差可达数十至百米。"))
    if len(points):
        lon, lat = _centre(found, points)
        if not np.isfinite([lon, lat]).all():
            raise DataProblem(_("按 {code} 换算不出位置，坐标系与坐标不符。").format(code=found.code), hint=_("请用 --crs 指定正确的坐标系，或 --crs auto。"))
        if home.distance_km(lon, lat) > _FAR_KM:
            km = round(home.distance_km(lon, lat))
            warnings.append(_("这份数据（{lon:.3f}°E, {lat:.3f}°N）离项目已有的数据约 {km} 公里，请核对坐标系。").format(lon=lon, lat=lat, km=km))
        elif not (72 <= lon <= 136 and 3 <= lat <= 54):
            warnings.append(_("这份数据（{lon:.3f}°, {lat:.3f}°）不在中国范围内，请核对坐标系。").format(lon=lon, lat=lat))
    return replace(found, warnings=tuple(dict.fromkeys(warnings)))


def _centre(found: SourceCrs, points: Points) -> tuple[float, float]:
    degrees = found.to_degrees(points[found.fits(points)][:: max(1, len(points) // 1000)])
    good = degrees[np.isfinite(degrees).all(axis=1)]
    return (float(np.median(good[:, 0])), float(np.median(good[:, 1]))) if len(good) else (float("nan"), float("nan"))


def _projected(points: Points, crs: CRS, epsg: int | None, target: int) -> Points:
    if epsg == target or (target == GEOGRAPHIC and epsg == 4326) or not len(points):
        return points
    if epsg and 4513 <= epsg <= 4533 and target == epsg + 21:  # the prefix is all that differs: exact, and a hundred times faster
        return np.asarray(points - np.array([(epsg - 4488) * 1e6, 0.0]))
    try:
        x, y = Transformer.from_crs(crs, target, always_xy=True).transform(points[:, 0], points[:, 1])
    except ProjError as error:
        hint = _("请向数据提供单位问明坐标系，用 --crs EPSG:编号 指定。")
        raise DataProblem(_("文件声明的坐标系“{name}”不完整，无法换算。").format(name=crs.name), hint=hint) from error
    found = np.column_stack([x, y])
    found[~np.isfinite(found).all(axis=1)] = np.nan
    return found


def _is_unknown(crs: CRS) -> bool:
    """A CRS that says it is none: GeoPackage's srs_id 0 and -1, an empty LOCAL_CS."""
    return crs.name.lower().startswith(("undefined", "unknown engineering")) or crs.is_engineering


def _code(crs: CRS) -> str:
    epsg = _epsg(crs)
    return f"EPSG:{epsg}" if epsg else crs.name
