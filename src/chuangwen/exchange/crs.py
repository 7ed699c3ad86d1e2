"""The detective of coordinate systems: what the file says, what the numbers allow, where the project lies (domain.md 7.1–7.4).

Every finding names its evidence and can be overridden. Where the numbers contradict the declaration, the numbers win and a warning says so.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
from pyproj import CRS
from pyproj.exceptions import CRSError, ProjError

from chuangwen.domain.geo import GEOGRAPHIC, central_meridian, project_epsg
from chuangwen.errors import DataProblem, UserError
from chuangwen.exchange.coordinate_ranges import DEGREES, readings, usable
from chuangwen.exchange.crs_by_numbers import as_drawn, straightened
from chuangwen.exchange.crs_choices import KEY, alternatives, question, title
from chuangwen.exchange.crs_names import BEIJING54, XIAN80, family_of
from chuangwen.exchange.declared import as_declared, as_demanded, said_by
from chuangwen.exchange.doubts import Answer, Doubt
from chuangwen.exchange.source_crs import BD09, GCJ02, LOCAL, Home, SourceCrs, centre, transformer
from chuangwen.text import _

if TYPE_CHECKING:
    from chuangwen.exchange.coordinate_ranges import Points

_SHIFTS = {"gcj02": GCJ02, "gcj-02": GCJ02, "bd09": BD09, "bd-09": BD09}
_FAR_KM = 100.0
OLD_DATUM, APPROXIMATE, BY_POINTS = "old_datum", "approximate", "points"
"""The doubt about Xian 80 and Beijing 54, and its answers."""
_NO_PARAMETERS = _("西安80/北京54 到 CGCS2000 没有公开的转换参数：近似转换，误差可达数十至百米。")
_OWN_PARAMETERS = _("西安80/北京54 坐标，按文件自带的转换参数换算，精度由这些参数决定。")
_MIDDLE = 114.0  # of the country: the meridian where no data tells one


def find(declared: str, points: Points, home: Home, wanted: str = "auto") -> SourceCrs:
    """What CRS `points` (n, 2; one a feature is enough) are in.

    `declared` is what the file says ('' for nothing), `wanted` the user's word: auto, EPSG:N, gcj02, bd09, local. Raises `Unanswered` with the candidates
    where nobody can tell, `UserError` for a word that means nothing, `DataProblem` for one that cannot be meant.
    """
    points = points[usable(points)]
    word = wanted.strip().lower()
    if word == LOCAL:
        return as_drawn(points, _("由用户指定：不换算。"))
    if word not in ("", "auto"):
        return _checked(_demanded(wanted, points, home), points, home, is_answer=True)
    return _checked(as_declared(said_by(declared), declared, readings(points), points, home), points, home)


def prj_text(raw: bytes) -> str:
    """The text of a .prj, whatever Notepad saved it as; '' where it holds nothing."""
    return _decoded(raw).strip("\ufeff\x00 \t\r\n")


def _decoded(raw: bytes) -> str:
    if raw.startswith((b"\xff\xfe", b"\xfe\xff")):
        return raw.decode("utf-16", "replace")
    if b"\x00" in raw[:200].strip(b"\x00"):  # Latin letters have their zero byte first in big-endian, second in little-endian text
        return raw.decode("utf-16-be" if raw[0:200:2].count(0) > raw[1:200:2].count(0) else "utf-16-le", "replace")
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


def _demanded(wanted: str, points: Points, home: Home) -> SourceCrs:
    word = wanted.strip().lower()
    if word in _SHIFTS:
        return _shifted(_SHIFTS[word], points)
    digits = word.removeprefix("epsg:").removeprefix("epsg").strip(": ")
    try:
        crs = CRS.from_epsg(int(digits))
        transformer(int(digits), GEOGRAPHIC)
    except (ValueError, CRSError, ProjError):
        hint = _("请用 auto、EPSG:编号（如 EPSG:4548）、gcj02、bd09、local 或 points:控制点文件。")
        raise UserError(_("不认识坐标系“{wanted}”。").format(wanted=wanted), hint=hint) from None
    return as_demanded(int(digits), crs, readings(points), points, home)


def _shifted(code: str, points: Points) -> SourceCrs:
    note = _("{code} 转换用公开公式反算，误差约 1–5 米。").format(code=code)
    reading = next((way for way in readings(points) if way.kind == DEGREES), None)
    if reading is None and len(points):
        raise DataProblem(_("{code} 是经纬度坐标，而文件里不是经纬度（可能已经纠偏、换算过）。").format(code=code), hint=_("请用 --crs auto。"))
    found = straightened(SourceCrs(code, CRS.from_epsg(GEOGRAPHIC), _("由用户指定为 {code}。").format(code=code), (note,), reading))
    rest = _("反算残差 {residual:.1e} 米。").format(residual=found.residual(points[:1000]))
    return replace(found, evidence=found.evidence + rest)


def _checked(found: SourceCrs, points: Points, home: Home, *, is_answer: bool = False) -> SourceCrs:
    """Warn of old datums, and of a place far from everything the project holds; ask about it where nobody has answered yet."""
    warnings, doubts = list(found.warnings), list(found.doubts)
    if is_old(found):
        warnings.append(_OWN_PARAMETERS if found.crs.is_bound else _NO_PARAMETERS)
        doubts += [] if found.crs.is_bound else [_old_datum(found)]
    if len(points):
        lon, lat = centre(found, points)
        if not np.isfinite([lon, lat]).all():
            raise DataProblem(_("按 {code} 换算不出位置，坐标系与坐标不符。").format(code=found.code), hint=_("请用 --crs 指定正确的坐标系，或 --crs auto。"))
        words = ""
        if home.distance_km(lon, lat) > _FAR_KM:
            km = round(home.distance_km(lon, lat))
            warnings.append(_("这份数据（{lon:.3f}°E, {lat:.3f}°N）离项目已有的数据约 {km} 公里，请核对坐标系。").format(lon=lon, lat=lat, km=km))
            words = _("照这样读，数据落在离本区约 {km} 公里的地方。坐标系对吗？").format(km=km)
        elif not (72 <= lon <= 136 and 3 <= lat <= 54):
            warnings.append(_("这份数据（{lon:.3f}°, {lat:.3f}°）不在中国范围内，请核对坐标系。").format(lon=lon, lat=lat))
            words = _("照这样读，数据不在中国范围内。坐标系对吗？")
        if words and not is_answer:
            doubts = [one for one in doubts if one.key != KEY] + [question(words, found, [*alternatives(points, home), as_drawn(points, "")], asks=True)]
    return replace(found, warnings=tuple(dict.fromkeys(warnings)), doubts=tuple(doubts))


def is_old(found: SourceCrs) -> bool:
    """Whether it is Xian 80 or Beijing 54, which no published parameters lead out of."""
    return family_of(found.crs) in (XIAN80, BEIJING54)


def _old_datum(found: SourceCrs) -> Doubt:
    words = _("文件用的是{name}。没有公开的换算参数，只能近似换算，可能差几十米到一百米。怎么办？").format(name=title(found))
    answers = (
        Answer(APPROXIMATE, _("近似换算，先用着"), _("位置可能偏几十米到一百米")),
        Answer(BY_POINTS, _("用控制点校正"), _("要有几个两套坐标都知道的点：--crs points:文件")),
    )
    return Doubt(OLD_DATUM, words, answers, APPROXIMATE, asks=True)
