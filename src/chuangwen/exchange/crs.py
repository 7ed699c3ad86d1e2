"""The detective of coordinate systems: what the file says, what the numbers allow, where the project lies (domain.md 7.1–7.4).

Every finding names its evidence and can be overridden. Where the numbers contradict the declaration, the numbers win and a warning says so.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
from pyproj import CRS, Transformer
from pyproj.exceptions import CRSError, ProjError

from chuangwen.domain.geo import GEOGRAPHIC, central_meridian, project_epsg
from chuangwen.errors import DataProblem, UserError
from chuangwen.exchange.coordinate_ranges import CM, DEGREES, MERCATOR, WORLD, ZONE3, ZONE6, Reading, readings, usable
from chuangwen.exchange.crs_choices import alternatives, question, shifts, title
from chuangwen.exchange.crs_names import parse_declared
from chuangwen.exchange.doubts import Answer, Doubt, Unanswered
from chuangwen.exchange.source_crs import BD09, GCJ02, LOCAL, NO_CRS, Home, SourceCrs, centre
from chuangwen.text import _

if TYPE_CHECKING:
    from chuangwen.exchange.coordinate_ranges import Points

_SHIFTS = {"gcj02": GCJ02, "gcj-02": GCJ02, "bd09": BD09, "bd-09": BD09}
_FAR_KM = 100.0
_MIDDLE = 114.0  # of the country: the meridian where no data tells one


def find(declared: str, points: Points, home: Home, wanted: str = "auto") -> SourceCrs:
    """What CRS `points` (n, 2; one a feature is enough) are in.

    `declared` is what the file says ('' for nothing), `wanted` the user's word: auto, EPSG:N, gcj02, bd09, local. Raises `Unanswered` with the candidates
    where nobody can tell, `UserError` for a word that means nothing.
    """
    points = points[usable(points)]
    if wanted.strip().lower() == LOCAL:
        return as_drawn(points, _("由用户指定：不换算。"))
    if wanted.strip().lower() not in ("", "auto"):
        return _checked(_demanded(wanted, points), points, home)
    said = _known(declared)
    ways = readings(points)
    if said is None:
        found = _by_numbers(ways, points, home)
        if declared.strip():
            found = replace(found, warnings=(_("坐标系说明（.prj）已损坏，无法读取，改按坐标数值判断。"), *found.warnings))
    else:
        found = _declared(said, ways, points, home)
    return _checked(found, points, home)


def as_drawn(points: Points, why: str) -> SourceCrs:
    """Coordinates that nobody can place, taken as they stand in metres: an overlay is shown and can be placed later."""
    way = next((way for way in readings(points) if way.kind == CM), None)
    warning = _("{why}先按原坐标放置，位置不可靠；知道坐标系后请用 --crs 重新导入。").format(why=why)
    return _straightened(SourceCrs(LOCAL, NO_CRS, warning, (warning,), way))


def prj_text(raw: bytes) -> str:
    """The text of a .prj, whatever Notepad saved it as."""
    if raw.startswith((b"\xff\xfe", b"\xfe\xff")):
        return raw.decode("utf-16", "replace")
    if b"\x00" in raw[:20]:
        return raw.decode("utf-16-be" if raw[:1] == b"\x00" else "utf-16-le", "replace")
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        return raw.decode("gb18030", "replace")


def home_epsg(found: SourceCrs, points: Points) -> int:
    """The CRS for a project that has none yet, from its first data: the file's own meridian where that suits the place, else that of the centre."""
    degrees = found.to_degrees(points[found.fits(points)])
    longitude = float(np.nanmedian(degrees[:, 0])) if np.isfinite(degrees[:, 0]).any() else _MIDDLE
    if found.epsg and 4513 <= found.epsg <= 4554:
        own = found.epsg if found.epsg >= 4534 else found.epsg + 21
        if abs(central_meridian(own) - longitude) <= 3.0:
            return own
    return project_epsg(longitude)


def _demanded(wanted: str, points: Points) -> SourceCrs:
    word = wanted.strip().lower()
    if word in _SHIFTS:
        code = _SHIFTS[word]
        note = _("{code} 转换用公开公式反算，误差约 1–5 米。").format(code=code)
        reading = next((way for way in readings(points) if way.kind == DEGREES), None)
        if reading is None and len(points):
            raise DataProblem(_("{code} 是经纬度坐标，而文件里不是经纬度（可能已经纠偏、换算过）。").format(code=code), hint=_("请用 --crs auto。"))
        found = SourceCrs(code, CRS.from_epsg(GEOGRAPHIC), _("由用户指定为 {code}。").format(code=code), (note,), reading)
        rest = _("反算残差 {residual:.1e} 米。").format(residual=found.residual(points[:1000]))
        return replace(found, evidence=found.evidence + rest)
    digits = word.removeprefix("epsg:").removeprefix("epsg").strip(": ")
    try:
        crs = CRS.from_epsg(int(digits))
        Transformer.from_crs(crs, GEOGRAPHIC)
    except (ValueError, CRSError, ProjError):
        hint = _("请用 auto、EPSG:编号（如 EPSG:4548）、gcj02 或 bd09。")
        raise UserError(_("不认识坐标系“{wanted}”。").format(wanted=wanted), hint=hint) from None
    demanded = SourceCrs(f"EPSG:{int(digits)}", crs, _("由用户指定为 EPSG:{code}（{name}）。").format(code=int(digits), name=crs.name))
    fitting = _kinds(crs, int(digits))
    way = next((way for way in readings(points) if way.kind in fitting), None)
    return _straightened(replace(demanded, reading=way)) if way is not None and (way.swap or way.factor != 1.0) else demanded


def _declared(said: CRS, ways: list[Reading], points: Points, home: Home) -> SourceCrs:
    code = _code(said)
    plain = SourceCrs(code, said, _("文件声明的坐标系：{name}（{code}）。").format(name=said.name, code=code))
    if _is_unknown(said):
        return _by_numbers(ways, points, home)
    if not ways:
        if said.is_geographic and len(points):  # GeoJSON says WGS 84 of whatever it holds
            raise _nobody_knows(ways, points)
        return plain
    epsg = plain.epsg or 0
    fitting = _kinds(said, epsg)
    turned = any(way.kind == DEGREES and way.swap for way in ways) and not any(way.kind == DEGREES and not way.swap for way in ways)
    if any(way.kind in fitting and not way.swap and way.factor == 1.0 and not (turned and way.kind == WORLD) for way in ways) or (
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
        top.sort(key=lambda found: home.distance_km(*centre(found, points)))
    best, *others = top or candidates[:1]
    rivals = [one for one in others if _apart_km(one, best, points) > 1 and (home.extent is None or home.distance_km(*centre(one, points)) < _FAR_KM)]
    if not rivals:
        return best
    words = _("坐标的大小有两种读法，落在不同的地方。是哪一种？")
    return replace(best, doubts=(question(words, best, rivals, asks=True),))


def _apart_km(one: SourceCrs, other: SourceCrs, points: Points) -> float:
    (x0, y0), (x1, y1) = centre(one, points), centre(other, points)
    return float(np.hypot(x0 - x1, y0 - y1)) * 111.0


def _candidate(way: Reading, home: Home) -> SourceCrs | None:
    if way.kind in (DEGREES, WORLD):
        note = _("经纬度坐标没有说明来源，按 CGCS2000/WGS 84 处理；若来自高德、腾讯（GCJ-02）或百度（BD-09），请用 --crs gcj02 或 --crs bd09。")
        evidence = _("坐标在经纬度范围内，按 CGCS2000 经纬度处理。")
        found = SourceCrs(f"EPSG:{GEOGRAPHIC}", CRS.from_epsg(GEOGRAPHIC), evidence, (note,), way)
        words = _("文件里是经纬度，没有说明来源。是 GPS、测绘部门的坐标，还是从网络地图上取的？")
        return _straightened(replace(found, doubts=(question(words, found, shifts(found), asks=False),) if way.kind == DEGREES else ()))
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
    found = _of_meridian(way, meridian, _("东坐标为六位（不带带号）。") + warning, (warning,))
    words = _("坐标是六位的，没有说明中央经线。按项目的 {meridian}° 放置，对吗？").format(meridian=meridian)
    others = [one for one in _meridians_of(way) if one.code != found.code]
    others.sort(key=lambda one: abs(central_meridian(one.epsg or 4548) - meridian))
    return replace(found, doubts=(question(words, found, others[:4], asks=False),))


def _meridians_of(way: Reading) -> list[SourceCrs]:
    return [_of_meridian(way, meridian) for meridian in range(75, 136, 3)]


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


def _nobody_knows(ways: list[Reading], points: Points) -> Unanswered:
    x, y = np.median(points, axis=0)
    example = f"{x:.2f}, {y:.2f}"
    others = alternatives(points, Home())
    if any(way.kind == CM for way in ways):
        words = _("坐标（如 {example}）是不带带号的平面坐标，文件没有说明中央经线，项目也还没有坐标系，无法确定位置。").format(example=example)
        hint = _("请用 --crs 指定，如 --crs EPSG:4548（CGCS2000 三度带，中央经线 117°E）；编号 = 4509 + 中央经线 ÷ 3。")
        asked = _("坐标没有说明中央经线。您的区在哪一条附近？（东经 {first}° 到 {last}° 都有可能，问一下数据提供单位最稳妥）").format(first=75, last=135)
    else:
        words = _("无法判断坐标系：坐标（如 {example}）不像经纬度，也不像国家坐标系的平面坐标，可能是地方独立坐标系。").format(example=example)
        hint = _("请向数据提供单位问明坐标系，用 --crs EPSG:编号 指定；或给出控制点，用 --crs points:控制点.csv。")
        asked = _("看不出这是什么坐标系，可能是本市的独立坐标系。怎么办？")
    return Unanswered(words, hint, [question(asked, None, [*others, as_drawn(points, "")], asks=True)])


def _checked(found: SourceCrs, points: Points, home: Home) -> SourceCrs:
    """Warn of old datums, and of a place far from everything the project holds."""
    warnings, doubts = list(found.warnings), list(found.doubts)
    if is_old(found):
        warnings.append(_("西安80/北京54 到 CGCS2000 没有公开的转换参数：近似转换，误差可达数十至百米。"))
        doubts.append(_old_datum(found))
    if len(points):
        lon, lat = centre(found, points)
        if not np.isfinite([lon, lat]).all():
            raise DataProblem(_("按 {code} 换算不出位置，坐标系与坐标不符。").format(code=found.code), hint=_("请用 --crs 指定正确的坐标系，或 --crs auto。"))
        if home.distance_km(lon, lat) > _FAR_KM:
            km = round(home.distance_km(lon, lat))
            warnings.append(_("这份数据（{lon:.3f}°E, {lat:.3f}°N）离项目已有的数据约 {km} 公里，请核对坐标系。").format(lon=lon, lat=lat, km=km))
            words = _("照这样读，数据落在离本区约 {km} 公里的地方。坐标系对吗？").format(km=km)
            doubts = [one for one in doubts if one.key != "crs"] + [question(words, found, alternatives(points, home), asks=True)]
        elif not (72 <= lon <= 136 and 3 <= lat <= 54):
            warnings.append(_("这份数据（{lon:.3f}°, {lat:.3f}°）不在中国范围内，请核对坐标系。").format(lon=lon, lat=lat))
    return replace(found, warnings=tuple(dict.fromkeys(warnings)), doubts=tuple(doubts))


def is_old(found: SourceCrs) -> bool:
    """Whether it is Xian 80 or Beijing 54, which no published parameters lead out of."""
    datum = f"{found.crs.geodetic_crs.name if found.crs.geodetic_crs else ''} {found.crs.name}".lower()
    return "xian" in datum or "beijing" in datum


def _old_datum(found: SourceCrs) -> Doubt:
    words = _("文件用的是{name}。没有公开的换算参数，只能近似换算，可能差几十米到一百米。怎么办？").format(name=title(found))
    answers = (
        Answer("approximate", _("近似换算，先用着"), _("位置可能偏几十米到一百米")),
        Answer("stop", _("先不导入，去要 2000 坐标或控制点"), _("有控制点时用 --crs points:文件")),
    )
    return Doubt("old_datum", words, answers, "approximate", asks=True)


def _is_unknown(crs: CRS) -> bool:
    """A CRS that says it is none: GeoPackage's srs_id 0 and -1, an empty LOCAL_CS."""
    return crs.name.lower().startswith(("undefined", "unknown engineering", "nonearth", "non-earth")) or crs.is_engineering


def _known(declared: str) -> CRS | None:
    """The declared CRS where it can be read and used."""
    said = parse_declared(declared) if declared.strip() else None
    if said is None or _is_unknown(said):
        return said
    try:
        Transformer.from_crs(said, GEOGRAPHIC)
    except (ProjError, CRSError):
        return None
    return said


def _code(crs: CRS) -> str:
    epsg = crs.to_epsg()
    return f"EPSG:{epsg}" if epsg else crs.name
