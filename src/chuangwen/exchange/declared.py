"""What a file says of its CRS, or the user demands, against what its numbers look like: where they disagree the numbers win, and that is said (decision 0031).

Only the form of the numbers is overruled (prefix, axes, unit, degrees), never the datum: what says Xian 80 stays Xian 80.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from pyproj import CRS
from pyproj.exceptions import CRSError, ProjError

from chuangwen.domain.geo import GEOGRAPHIC
from chuangwen.errors import DataProblem
from chuangwen.exchange.coordinate_ranges import CM, DEGREES, WORLD, ZONE3, ZONE6, Reading
from chuangwen.exchange.crs_by_numbers import by_numbers, nobody_knows, of_kind, of_meridian, straightened
from chuangwen.exchange.crs_choices import question, shifts, title
from chuangwen.exchange.crs_names import CGCS2000, family_named, family_of, kind_of, parse_declared
from chuangwen.exchange.source_crs import Home, SourceCrs, transformer
from chuangwen.text import _

if TYPE_CHECKING:
    from collections.abc import Sequence

    from chuangwen.exchange.coordinate_ranges import Points

_ENOUGH = 0.5  # of the points must look as declared, and none of the other ways may fit so much better
_BETTER = 0.05


def said_by(text: str) -> CRS | None:
    """The CRS that a file's text means, where it can be read and used."""
    said = parse_declared(text) if text.strip() else None
    if said is None or says_nothing(said):
        return said
    try:
        transformer(said, GEOGRAPHIC)
    except (ProjError, CRSError):
        return None
    return said


def says_nothing(crs: CRS) -> bool:
    """A CRS that says it is none: GeoPackage's srs_id 0 and -1, an empty LOCAL_CS."""
    return crs.name.lower().startswith(("undefined", "unknown engineering", "nonearth", "non-earth")) or crs.is_engineering


def as_declared(said: CRS | None, text: str, ways: Sequence[Reading], points: Points, home: Home) -> SourceCrs:
    """The CRS of `points` (usable ones), of which the file says `said` in `text`. Raises `Unanswered` where neither that nor the numbers tell."""
    if said is None:
        family = family_named(text)
        found = by_numbers(ways, points, home, family)
        if family:
            told = _("坐标系说明只写了“{text}”。").format(text=text.strip()[:40])
            return replace(found, evidence=told + found.evidence)
        return replace(found, warnings=(_("坐标系说明（.prj）已损坏，无法读取，改按坐标数值判断。"), *found.warnings)) if text.strip() else found
    if says_nothing(said):
        return by_numbers(ways, points, home)
    epsg = said.to_epsg()
    code = f"EPSG:{epsg}" if epsg else said.name
    plain = SourceCrs(code, said, _("文件声明的坐标系：{name}（{code}）。").format(name=said.name, code=code))
    if not ways:
        if said.is_geographic and len(points):  # GeoJSON says WGS 84 of whatever it holds
            raise nobody_knows(points, home)
        return plain
    way = _agreeing(said, ways)
    if way is None and _is_other(said, ways[0]):
        return plain
    if way is not None:
        found = plain if way.is_plain else straightened(replace(plain, reading=way))
        return _maybe_shifted(found, way) if epsg == 4326 else found
    numbers = _overruled(said, ways, points, home)
    warning = _("文件声明 {name}，但坐标数值不符；以数值为准：{code}。").format(name=said.name, code=numbers.code)
    return replace(numbers, evidence=numbers.evidence + warning, warnings=(warning, *numbers.warnings))


def as_demanded(epsg: int, crs: CRS, ways: Sequence[Reading], points: Points, home: Home) -> SourceCrs:
    """The user's own word: the zone prefix, axes and unit are adapted to the numbers. Raises `DataProblem` where they cannot be meant."""
    plain = SourceCrs(f"EPSG:{epsg}", crs, _("由用户指定为 EPSG:{code}（{name}）。").format(code=epsg, name=crs.name))
    way = _agreeing(crs, ways)
    if way is not None:
        return plain if way.is_plain else straightened(replace(plain, reading=way))
    if not ways or _is_other(crs, ways[0]) or ways[0].kind == WORLD:
        return plain
    reads, family = kind_of(crs), family_of(crs) or CGCS2000
    same = _about(crs, ways)
    if reads is None or same is None:
        there = of_kind(ways[0], CGCS2000) if ways[0].kind != CM else None
        looks = title(there) if there else _("不带带号的平面坐标")
        words = _("坐标数值与指定的 EPSG:{code}（{name}）不符：看上去是{looks}。")
        raise DataProblem(words.format(code=epsg, name=crs.name, looks=looks), hint=_("请改用 --crs auto，或核对编号。"))
    found = of_meridian(same, _meridian_of(crs), family) if same.kind == CM else of_kind(same, family)
    warning = _("指定的 EPSG:{code} 与坐标的带号写法不同，按 {found} 读取（同一条中央经线）。").format(code=epsg, found=found.code)
    return replace(found, evidence=plain.evidence + warning, warnings=(warning, *found.warnings))


def _agreeing(said: CRS, ways: Sequence[Reading]) -> Reading | None:
    """The reading that a declaration means, the plainest first."""
    reads = kind_of(said)
    if reads is None or not ways:
        return None
    kind, number = reads
    least = max(ways[0].share - _BETTER, min(ways[0].share, _ENOUGH))
    fitting = [way for way in ways if way.share >= least and (way.kind == kind or (kind == DEGREES and way.kind == WORLD))]
    fitting = [way for way in fitting if way.zone in (0, number)]
    return min(fitting, key=lambda way: (way.factor != 1.0, way.kind == WORLD, way.swap)) if fitting else None


def _is_other(said: CRS, way: Reading) -> bool:
    """Whether the numbers cannot speak against a declaration: it is none of the systems that are told by their size, and they are no degrees."""
    return kind_of(said) is None and not (way.kind == DEGREES and way.is_plain and not said.is_geographic)


def _overruled(said: CRS, ways: Sequence[Reading], points: Points, home: Home) -> SourceCrs:
    family, way = family_of(said) or CGCS2000, ways[0]
    if way.kind == WORLD:
        raise nobody_knows(points, home)
    if same := _about(said, ways):
        return of_meridian(same, _meridian_of(said), family) if same.kind == CM else of_kind(same, family)
    if way.kind == DEGREES:
        return of_kind(way, family)
    return by_numbers(ways, points, home, "" if said.to_epsg() == 4326 else family)


def _about(crs: CRS, ways: Sequence[Reading]) -> Reading | None:
    """The reading that is about the same central meridian, in the other form: with a prefix or without."""
    meridian = _meridian_of(crs)
    top = [way for way in ways if way.share >= ways[0].share - _BETTER and meridian]
    meridians = ((way, {CM: meridian, ZONE3: 3 * way.zone, ZONE6: 6 * way.zone - 3}.get(way.kind)) for way in top)
    return next((way for way, own in meridians if own == meridian), None)


def _meridian_of(crs: CRS) -> int:
    """The central meridian of a Gauss-Krüger CRS in whole degrees, 0 where it has none that is used."""
    reads = kind_of(crs)
    if reads is None:
        return 0
    kind, number = reads
    return {CM: number, ZONE3: 3 * number, ZONE6: 6 * number - 3}.get(kind, 0)


def _maybe_shifted(found: SourceCrs, way: Reading) -> SourceCrs:
    """A .prj or GeoJSON that says WGS 84 is common on degrees from a web map (domain.md 7.2): an open question, not one to wait for."""
    if way.kind != DEGREES:
        return found
    words = _("文件写的是 WGS 84 经纬度。从高德、百度等网络地图上取的坐标也常这样写：是吗？")
    return replace(found, doubts=(question(words, found, shifts(found), asks=False),))
