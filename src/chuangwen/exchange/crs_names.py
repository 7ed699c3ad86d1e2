"""The CRS that a file names: WKT of any kind, an EPSG number, or the names that Chinese offices and programs write (domain.md 7.1, 7.2)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from pyproj import CRS
from pyproj.exceptions import CRSError

from chuangwen.exchange.coordinate_ranges import CM, DEGREES, MERCATOR, WORLD, ZONE3, ZONE6
from chuangwen.text import _

CGCS2000, XIAN80, BEIJING54 = "CGCS2000", "Xian80", "Beijing54"
_FAMILIES = (
    (CGCS2000, re.compile(r"cgcs\s*_?2000|china_?_?2000|china_geodetic_coordinate_system_2000|国家\s*2000|2000\s*国家|国家大地2000|大地2000", re.IGNORECASE)),
    (XIAN80, re.compile(r"xi'?an[_\s]*(?:19)?80|西安\s*(?:19)?80|国家80|(?:19)?80\s*西安", re.IGNORECASE)),
    (BEIJING54, re.compile(r"beijing[_\s]*(?:19)?54|北京\s*(?:19)?54|(?:19)?54\s*北京", re.IGNORECASE)),
)
_AXES = {6378140.0: XIAN80, 6378245.0: BEIJING54, 6378137.0: CGCS2000}
"""Semi-major axes in metres: IAG 1975, Krassowsky 1940, CGCS2000 (and WGS 84, which is the same to us)."""
_GEOGRAPHIC = {CGCS2000: 4490, XIAN80: 4610, BEIJING54: 4214}
_BASES = {  # 3° with prefix, 3° without, both plus z; 6° with prefix, 6° without, both plus z₆ (domain.md 7.1)
    CGCS2000: (4488, 4509, 4478, 4489),
    XIAN80: (2324, 2345, 2314, 2325),
    BEIJING54: (2376, 2397, 21400, 21440),
}
_NAME = re.compile(r"\s*(PROJCS|GEOGCS|PROJCRS|GEOGCRS|PROJECTEDCRS|GEODCRS|BOUNDCRS|COMPD_CS)\s*[\[(]\s*\"([^\"]+)(\"?)", re.IGNORECASE)
_MERIDIAN = re.compile(
    r"(?:cm|central[_ ]meridian|中央(?:经线|子午线))\D{0,4}(\d{2,3})|(?<!\d)(\d{2,3})\s*_?(?:e(?![a-z])|°|度(?!带))|带\D{0,2}(\d{2,3})$", re.IGNORECASE
)
_ZONE = re.compile(r"zone[_\s]*(\d{2})|第?(\d{2})(?:号)?带|带号\D{0,2}(\d{2})", re.IGNORECASE)
_SIX = re.compile(r"6[_\s-]*deg|6\s*度|六度", re.IGNORECASE)
_PLANE = re.compile(r"gk|gauss|高斯|度带|deg|投影|zone|proj|平面", re.IGNORECASE)
_URN = re.compile(r"(?:urn:ogc:def:crs:|https?://www\.opengis\.net/(?:def|gml)/.*)?EPSG[:/#](?:\d*\.?\d*[:/])?:?(\d{4,6})(?!\d)", re.IGNORECASE)
_WGS84 = re.compile(r"(?:gcs_)?wgs[\s_-]*(?:19)?84", re.IGNORECASE)
_CUT_PROJ = re.compile(r"\+proj=(?!.*\+(?:ellps|datum|a|R)=)", re.IGNORECASE)


@lru_cache(maxsize=64)
def parse_declared(text: str) -> CRS | None:
    """The CRS that a .prj or a file's own note means; also just a name at the start of a text that was cut off, and names in Chinese. None: unreadable.

    What is close to one of EPSG's Chinese systems but has no number is taken as that.
    """
    text = text.strip().strip("\ufeff\x00").strip()
    if _CUT_PROJ.search(text):  # a PROJ string that ends before its ellipsoid has lost more than that
        return None
    for one in _tries(text):
        try:
            found = CRS.from_user_input(one)
        except (CRSError, ValueError):
            continue
        if found.is_bound and found.source_crs is not None and not any(found.coordinate_operation.towgs84 if found.coordinate_operation else ()):
            found = found.source_crs  # TOWGS84[0, 0, 0…] says nothing
        number = 0 if found.to_epsg() else standard_epsg(found)
        return CRS.from_epsg(number) if number else found
    return None


def _tries(text: str) -> Iterator[str | int]:
    named = _NAME.match(text)
    if named:
        yield text
        if named[3]:
            yield named[2]
        if epsg := epsg_of_name(named[2], plane=named[1].upper().startswith(("PROJ", "COMPD"))):
            yield epsg
        return
    if urn := _URN.search(text[:200]):
        yield int(urn[1])
    if text.isdecimal() and len(text) in (4, 5, 6):
        yield int(text)
    if _WGS84.fullmatch(text):
        yield 4326
    if epsg := epsg_of_name(text[:120]):
        yield epsg
    if text.startswith(("{", "+")) or not family_named(text[:120]):
        yield text


def epsg_of_name(name: str, *, plane: bool = False) -> int:
    """The EPSG code of a name like `CGCS2000_3度带_117E`, `西安80 39带`, `北京54`; 0 where it says too little. `plane`: it is known to be no degrees."""
    family = family_named(name)
    if not family:
        return 0
    rest = re.sub(r"(?:19)?(?:2000|80|54)", " ", name, count=1)
    six = bool(_SIX.search(rest))
    zone = next((int(part) for found in [_ZONE.search(rest)] if found for part in found.groups() if part), 0)
    meridian = next((int(part) for found in [_MERIDIAN.search(rest)] if found for part in found.groups() if part), 0)
    if not zone and 13 <= meridian <= 45:
        zone = meridian
    if zone:
        kind = ZONE6 if 13 <= zone <= 23 else ZONE3
        return epsg_for(family, kind, zone) if kind == (ZONE6 if six else kind) else 0
    if meridian:
        return epsg_for(family, "cm6" if six else CM, meridian)
    return 0 if plane or six or _PLANE.search(rest) else _GEOGRAPHIC[family]


def family_named(text: str) -> str:
    """The datum that a text names: CGCS2000, Xian80, Beijing54; '' for none of them."""
    return next((family for family, pattern in _FAMILIES if pattern.search(text)), "")


def family_of(crs: CRS) -> str:
    """The datum of a CRS by its ellipsoid, whatever its name: WGS 84 counts as CGCS2000; '' for another country's."""
    ellipsoid = crs.ellipsoid
    return _AXES.get(round(ellipsoid.semi_major_metre, 3), "") if ellipsoid else ""


def epsg_for(family: str, kind: str, number: int = 0) -> int:
    """The EPSG code of a datum in degrees, in Mercator, in a zone (`number` its prefix) or about a meridian (`number` in degrees); 0 for none.

    `cm` means the three-degree zones, `cm6` the six-degree ones.
    """
    if kind in (DEGREES, WORLD):
        return _GEOGRAPHIC[family]
    if kind == MERCATOR:
        return 3857
    base = _BASES[family]
    if kind == ZONE3:
        return base[0] + number if 25 <= number <= 45 else 0
    if kind == ZONE6:
        return base[2] + number if 13 <= number <= 23 else 0
    if kind == CM:
        return base[1] + number // 3 if number % 3 == 0 and 75 <= number <= 135 else 0
    return base[3] + (number + 3) // 6 if (number + 3) % 6 == 0 and 75 <= number <= 135 else 0


def kind_of(crs: CRS) -> tuple[str, int] | None:
    """What the numbers of a CRS should look like: a kind of `coordinate_ranges` and its zone prefix or central meridian (0 where it has none).

    None for what cannot be judged by the size of the numbers: another projection, another unit, a shifted origin.
    """
    if crs.is_bound and crs.source_crs is not None:
        crs = crs.source_crs
    if crs.is_geographic:
        return DEGREES, 0
    operation, values = crs.coordinate_operation, _parameters(crs)
    if operation is None or any(axis.unit_conversion_factor != 1.0 for axis in crs.axis_info[:2]):
        return None
    if operation.method_name == "Popular Visualisation Pseudo Mercator":
        return MERCATOR, 0
    easting = values.get("False easting", 0.0)
    odd = values.get("False northing", 0.0) or values.get("Latitude of natural origin", 0.0)
    if "Transverse Mercator" not in operation.method_name or odd or easting % 1e6 != 5e5:
        return None
    zone = int(easting // 1e6)
    if zone:
        return (ZONE6 if zone < 25 else ZONE3), zone
    meridian = values.get("Longitude of natural origin", 0.0)
    return CM, round(meridian) if abs(meridian - round(meridian)) < 1e-6 else 0


def standard_epsg(crs: CRS) -> int:
    """The number of a Chinese system that a CRS without one equals in its parameters: `国家2000 117` of an office's own making. 0 for none."""
    if "CRS84" in crs.name:  # GeoJSON's WGS 84 with longitude first, as we read all
        return 4326
    family, reads = family_of(crs), kind_of(crs)
    if crs.is_bound or not family or reads is None or reads[0] == MERCATOR:
        return 0
    named = f"{crs.name} {crs.geodetic_crs.name if crs.geodetic_crs else ''}"
    if family == CGCS2000 and not family_named(named) and crs.name != "unknown":  # as PROJ calls what comes without a name
        return 0  # WGS 84 has the same ellipsoid and its own numbers
    number = epsg_for(family, *reads)
    if not number or reads[0] == DEGREES:
        return number
    mine, standard = _parameters(crs), _parameters(CRS.from_epsg(number))
    same = all(abs(mine.get(name, 0.0) - value) < 1e-9 for name, value in standard.items())
    return number if same else 0


def _parameters(crs: CRS) -> dict[str, float]:
    return {one.name: float(one.value) for one in crs.coordinate_operation.params} if crs.coordinate_operation else {}


def title_of(epsg: int, name: str = "") -> str:
    """A CRS in words that an office uses: 国家2000坐标，中央经线 117°."""
    if epsg in (4490, 4326, 4480):
        return _("经纬度（国家2000，与 GPS 的 WGS 84 相同）")
    if epsg == 3857:
        return _("网络地图的墨卡托坐标（Web Mercator）")
    words = {CGCS2000: _("国家2000坐标"), XIAN80: _("西安80坐标（旧）"), BEIJING54: _("北京54坐标（旧）")}
    for family, base in _BASES.items():
        if epsg == _GEOGRAPHIC[family]:
            return _("{family}，经纬度").format(family=words[family])
        for position, (first, last) in enumerate(((25, 45), (25, 45), (13, 23), (13, 23))):
            zone = epsg - base[position]
            if first <= zone <= last:
                meridian = 6 * zone - 3 if position > 1 else 3 * zone
                prefixed = _("，东坐标带 {zone} 带号").format(zone=zone) if position in (0, 2) else ""
                return _("{family}，中央经线 {meridian}°{prefixed}").format(family=words[family], meridian=meridian, prefixed=prefixed)
    return name or f"EPSG:{epsg}"


def old_twin(epsg: int, family: str) -> int:
    """The CRS of `family` (XIAN80, BEIJING54) that has the same zone as a CGCS2000 one; 0 where there is none."""
    for position, (first, last) in enumerate(((25, 45), (25, 45), (13, 23), (13, 23))):
        zone = epsg - _BASES[CGCS2000][position]
        if first <= zone <= last:
            return _BASES[family][position] + zone
    return _GEOGRAPHIC[family] if epsg == _GEOGRAPHIC[CGCS2000] else 0
