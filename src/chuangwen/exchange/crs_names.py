"""The CRS that a file names: WKT of any kind, an EPSG number, or the names that Chinese offices and programs write (domain.md 7.1, 7.2)."""

from __future__ import annotations

import re
from collections.abc import Iterator

from pyproj import CRS
from pyproj.exceptions import CRSError

from chuangwen.text import _

CGCS2000, XIAN80, BEIJING54 = "CGCS2000", "Xian80", "Beijing54"
_FAMILIES = (
    (CGCS2000, re.compile(r"cgcs\s*_?2000|china_?_?2000|china_geodetic_coordinate_system_2000|国家\s*2000|2000\s*国家|国家大地2000|大地2000", re.IGNORECASE)),
    (XIAN80, re.compile(r"xian[_\s]*(?:19)?80|西安\s*(?:19)?80|国家80", re.IGNORECASE)),
    (BEIJING54, re.compile(r"beijing[_\s]*(?:19)?54|北京\s*(?:19)?54", re.IGNORECASE)),
)
_GEOGRAPHIC = {CGCS2000: 4490, XIAN80: 4610, BEIJING54: 4214}
_BASES = {  # 3° with prefix, 3° without, both plus z; 6° with prefix, 6° without, both plus z₆ (domain.md 7.1)
    CGCS2000: (4488, 4509, 4478, 4489),
    XIAN80: (2324, 2345, 2314, 2325),
    BEIJING54: (2376, 2397, 21400, 21440),
}
_NAME = re.compile(r"\s*(?:PROJCS|GEOGCS|PROJCRS|GEOGCRS|PROJECTEDCRS|GEODCRS|BOUNDCRS|COMPD_CS)\s*[\[(]\s*\"([^\"]+)\"?", re.IGNORECASE)
_MERIDIAN = re.compile(r"(?:cm|central[_ ]meridian|中央(?:经线|子午线))\D{0,4}(\d{2,3})|(?<!\d)(\d{2,3})\s*_?(?:e(?![a-z])|°|度(?!带))", re.IGNORECASE)
_ZONE = re.compile(r"zone[_\s]*(\d{2})|第?(\d{2})(?:号)?带|带号\D{0,2}(\d{2})", re.IGNORECASE)
_SIX = re.compile(r"6[_\s-]*deg|6\s*度|六度", re.IGNORECASE)
_URN = re.compile(r"(?:urn:ogc:def:crs:|https?://www\.opengis\.net/(?:def|gml)/.*)?EPSG[:/#](?:\d*\.?\d*[:/])?:?(\d{4,6})", re.IGNORECASE)


def parse_declared(text: str) -> CRS | None:
    """The CRS that a .prj or a file's own note means; also just a name at the start of a text that was cut off, and names in Chinese. None: unreadable."""
    text = text.strip().strip("\ufeff\x00").strip()
    for one in _tries(text):
        try:
            return CRS.from_user_input(one)
        except (CRSError, ValueError):
            continue
    return None


def _tries(text: str) -> Iterator[str | int]:
    yield text
    if urn := _URN.search(text[:200]):
        yield int(urn[1])
    if text.isdecimal() and len(text) in (4, 5, 6):
        yield int(text)
    named = _NAME.match(text)
    name = named.group(1) if named else text[:120]
    if named:
        yield name
    epsg = epsg_of_name(name)
    if epsg:
        yield epsg


def epsg_of_name(name: str) -> int:
    """The EPSG code of a name like `CGCS2000_3度带_117E`, `西安80 39带`, `北京54`; 0 where it says too little."""
    family = next((family for family, pattern in _FAMILIES if pattern.search(name)), None)
    if family is None:
        return 0
    rest = re.sub(r"(?:19)?(?:2000|80|54)", " ", name, count=1)
    six = bool(_SIX.search(rest))
    step = 6 if six else 3
    zone = next((int(part) for found in [_ZONE.search(rest)] if found for part in found.groups() if part), 0)
    meridian = next((int(part) for found in [_MERIDIAN.search(rest)] if found for part in found.groups() if part), 0)
    first, last = (13, 23) if six else (25, 45)
    base = _BASES[family]
    if zone and first <= zone <= last:
        return base[2 if six else 0] + zone
    number = (meridian + 3) / 6 if six else meridian / 3
    if meridian and number == int(number) and first <= number <= last:
        return base[3 if six else 1] + int(number)
    flat = re.search(r"gk|gauss|高斯|度带|deg|投影|zone|proj", rest, re.IGNORECASE)
    return 0 if flat or meridian or zone or step == 6 else _GEOGRAPHIC[family]


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
