"""Shapes of a file to shapes of the project: right kind, 2D, finite, valid, in the project's CRS. What had to be done is said row by row."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
import shapely

from chuangwen.domain.layer import Layer
from chuangwen.errors import DataProblem
from chuangwen.exchange.doubts import Answer, Answers, Doubt, settled
from chuangwen.exchange.findings import BOWTIE, DUPLICATE_NODES, EMPTY, OUTSIDE, RING, Finding
from chuangwen.exchange.incoming import Repaired
from chuangwen.exchange.shape_checks import check_direction, check_nodes, check_sizes, without_repeats
from chuangwen.exchange.source_crs import SourceCrs
from chuangwen.text import _

if TYPE_CHECKING:
    from numpy.typing import NDArray

_KINDS = {"point": (0, 4), "line": (1, 2, 5), "polygon": (3, 6)}
_COLLECTION = 7
_KIND_OF_TYPE = {type_id: kind for kind, types in _KINDS.items() for type_id in types}
_REASONS = {
    "Self-intersection": "图形自相交",
    "Ring Self-intersection": "边界线自相交",
    "Hole lies outside shell": "空洞在边界之外",
    "Nested holes": "空洞重叠",
    "Nested shells": "部分重叠",
    "Interior is disconnected": "内部不连通",
    "Duplicate Rings": "边界线重复",
    "Too few points in geometry component": "点数太少",
    "Ring is not closed": "边界线没有闭合",
}
_CROSSED = ("Self-intersection", "Ring Self-intersection")
_WORTH_SAYING, _WORTH_SAYING_M2, _WORTH_ASKING = 0.001, 1.0, 0.01
_SINGLY = 8
_TITLES = {"point": "点", "line": "线", "polygon": "面", "any": "任意图形", "none": "无图形"}


@dataclass
class Shapes:
    """Geometry (n,) in the project's CRS, None where there is no place; rejected: position → reason."""

    geometry: NDArray[np.object_]
    rejected: dict[int, str] = field(default_factory=dict)
    repaired: list[Repaired] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    doubts: list[Doubt] = field(default_factory=list)


def sample_points(geometry: NDArray[np.object_]) -> NDArray[np.float64]:
    """One coordinate of every shape (n, 2), for the CRS detective; shapes without one are left out."""
    if not len(geometry):
        return np.empty((0, 2))
    coordinates, owner = shapely.get_coordinates(geometry, return_index=True)
    if not len(owner):
        return np.empty((0, 2))
    first = np.flatnonzero(np.diff(owner, prepend=-1))
    return np.asarray(coordinates[first], dtype=np.float64)


def fitted(
    geometry: NDArray[np.object_], rows: Sequence[int], layer: Layer, source: SourceCrs, target: int, file: str, answers: Answers | None = None
) -> Shapes:
    """The shapes made fit for `layer` in EPSG `target`; what was wrong with them is found before it is repaired.

    `answers` to `repair` or `repair:ROW`: whether a shape whose area changes by the repair is taken. Raises `DataProblem` where none of them is of the
    layer's kind.
    """
    kept = geometry.copy()
    kept[shapely.is_empty(geometry)] = None
    found = Shapes(kept)
    _check_kinds(found, rows, layer, file)
    if layer.geometry in ("line", "polygon"):
        for position in np.flatnonzero(shapely.get_type_id(kept) < 0).tolist():
            found.findings.append(Finding(EMPTY, _("第 {row} 行没有图形").format(row=rows[position]), (rows[position],)))
    if layer.geometry == "polygon" and not (source.reading and source.reading.swap):
        found.findings += check_direction(kept, rows, file)
    _drop_unusable(found, rows, _("坐标无效（非数字、无穷大或为 0），按未定位处理"))
    if source.epsg != target or source.reading is not None or not source.code.startswith("EPSG"):
        _move(found, rows, source, target)
    if layer.geometry != "point":
        found.findings += check_nodes(found.geometry, rows, layer)
        _mend(found, rows, layer, answers or {})
        _thin_out(found, rows)
        found.findings += check_sizes(found.geometry, rows, layer)
    return found


def kind_of(geometry: NDArray[np.object_]) -> str:
    """point, line or polygon where all shapes agree; else any; none where there are no shapes."""
    kinds = {_KIND_OF_TYPE.get(int(one), "any") for one in np.unique(shapely.get_type_id(geometry)) if one >= 0}
    return "none" if not kinds else kinds.pop() if len(kinds) == 1 else "any"


def of_kind(geometry: NDArray[np.object_], kind: str) -> NDArray[np.bool_]:
    """Which shapes are of a layer's geometry kind, or missing, or a collection that may hold some. (n,)"""
    types = shapely.get_type_id(geometry)
    return np.asarray((types < 0) | (types == _COLLECTION) | np.isin(types, _KINDS[kind]))


def _check_kinds(found: Shapes, rows: Sequence[int], layer: Layer, file: str) -> None:
    if layer.geometry == "any":
        return
    wanted = _KINDS[layer.geometry]
    types = shapely.get_type_id(found.geometry)
    for position in np.flatnonzero(types == _COLLECTION).tolist():
        part = _extracted(found.geometry[position], layer.geometry)
        found.geometry[position] = found.geometry[position] if part is None else part
    types = shapely.get_type_id(found.geometry)
    wrong = (types >= 0) & ~np.isin(types, wanted)
    if wrong.any() and wrong.sum() == (types >= 0).sum():
        there = _TITLES[kind_of(found.geometry)]
        raise DataProblem(
            _("{file} 里是{found}图形，而“{layer}”图层需要{wanted}图形。").format(file=file, found=there, layer=layer.title, wanted=_TITLES[layer.geometry]),
            hint=_("请核对文件，或用 --layer 选择别的图层（--layer reference 可作参考图层显示）。"),
        )
    for position in np.flatnonzero(wrong).tolist():
        there = _TITLES.get(_KIND_OF_TYPE.get(int(types[position]), "any"), "")
        found.rejected[position] = _("图形是{found}，图层需要{wanted}").format(found=there, wanted=_TITLES[layer.geometry])
    if layer.geometry == "point":
        for position in np.flatnonzero(types == 4).tolist():
            parts = shapely.get_parts(found.geometry[position])
            found.geometry[position] = parts[0]
            if len(parts) > 1:
                found.repaired.append(Repaired(rows[position], _("一行有 {count} 个点，只取第一个").format(count=len(parts))))


def _drop_unusable(found: Shapes, rows: Sequence[int], why: str) -> None:
    coordinates, owner = shapely.get_coordinates(found.geometry, return_index=True)
    bad = ~np.isfinite(coordinates).all(axis=1)
    broken = set(np.unique(owner[bad]).tolist())
    zero = (coordinates == 0).all(axis=1)
    if zero.any():
        counts = np.bincount(owner, minlength=len(found.geometry))
        zeros = np.bincount(owner[zero], minlength=len(found.geometry))
        broken |= set(np.flatnonzero((counts > 0) & (counts == zeros)).tolist())
    for position in sorted(broken):
        _lose(found, position, rows[position], why)


def _move(found: Shapes, rows: Sequence[int], source: SourceCrs, target: int) -> None:
    """To EPSG `target`; what lies beyond its reach (another continent) loses its place."""
    coordinates, owner = shapely.get_coordinates(found.geometry, return_index=True)
    moved = source.to(coordinates, target)
    beyond = np.unique(owner[~np.isfinite(moved).all(axis=1)])
    if len(beyond):
        kept = ~np.isin(owner, beyond)
        moved = moved[kept]
        for position in beyond.tolist():
            _lose(found, position, rows[position], _("坐标换算后超出项目坐标系的范围，按未定位处理"))
    found.geometry = shapely.set_coordinates(found.geometry, moved)


def _lose(found: Shapes, position: int, row: int, why: str) -> None:
    """A shape without a usable place: said and left out."""
    found.geometry[position] = None
    found.repaired.append(Repaired(row, why))
    found.findings.append(Finding(OUTSIDE, _("第 {row} 行：{why}").format(row=row, why=why), (row,)))


def _thin_out(found: Shapes, rows: Sequence[int]) -> None:
    """Repeated nodes are taken out where some were found: nothing moves."""
    spared = {row for one in found.findings if one.kind == DUPLICATE_NODES for row in one.rows}
    if not spared:
        return
    for position in [at for at, row in enumerate(rows) if row in spared and found.geometry[at] is not None]:
        shape = found.geometry[position]
        thinner = without_repeats(shape)
        count = int(shapely.get_num_coordinates(shape) - shapely.get_num_coordinates(thinner))
        if count:
            found.geometry[position] = thinner
            found.repaired.append(Repaired(rows[position], _("去掉了 {count} 个重复的节点").format(count=count)))


def _mend(found: Shapes, rows: Sequence[int], layer: Layer, answers: Answers) -> None:
    there = shapely.get_type_id(found.geometry) >= 0
    changed: list[tuple[int, float, float]] = []
    for position in np.flatnonzero(there & ~shapely.is_valid(found.geometry)).tolist():
        shape, row = found.geometry[position], rows[position]
        reason, _mark, place = str(shapely.is_valid_reason(shape)).partition("[")
        kind = layer.geometry if layer.geometry != "any" else _KIND_OF_TYPE.get(int(shapely.get_type_id(shape)), "any")
        mended = _extracted(shapely.make_valid(shape, method="structure", keep_collapsed=False), kind)
        why = _REASONS.get(reason.strip(), reason.strip())
        before, after = float(shapely.area(shape)), 0.0 if mended is None else float(shapely.area(mended))
        sort = EMPTY if mended is None else BOWTIE if reason.strip() in _CROSSED else RING
        title = _("第 {row} 行：{why}").format(row=row, why=why)
        found.findings.append(Finding(sort, title, (row,), area=abs(after - before), geometry=_point(place) or shapely.point_on_surface(shape)))
        found.geometry[position] = mended
        if mended is None:
            found.repaired.append(Repaired(row, _("{why}，面积或长度为零，按未定位处理").format(why=why)))
            continue
        if kind != "polygon" or abs(after - before) <= min(_WORTH_SAYING_M2, _WORTH_SAYING * before):
            found.repaired.append(Repaired(row, _("{why}，已修复").format(why=why)))
            continue
        words = _("{why}，已修复：面积 {before:,.2f} → {after:,.2f} 平方米")
        found.repaired.append(Repaired(row, words.format(why=why, before=before, after=after)))
        if abs(after - before) > _WORTH_ASKING * before:
            changed.append((position, before, after))
    if changed:
        _ask_repairs(found, rows, changed, answers)


def _ask_repairs(found: Shapes, rows: Sequence[int], changed: Sequence[tuple[int, float, float]], answers: Answers) -> None:
    """Repairs that change an area by more than 1 %: one question each, or one for all where there are many. `drop` leaves the shape out."""
    possible = (Answer("repair", _("按修复后的图形导入")), Answer("drop", _("不要这个图形，先列为未定位")))
    for_all = settled("repair", answers, possible, "repair")
    dropped = [at for at, _before, _after in changed if settled(f"repair:{rows[at]}", answers, possible, for_all) == "drop"]
    for at in dropped:
        found.geometry[at] = None
        found.repaired.append(Repaired(rows[at], _("按您的选择不要修复后的图形，列为未定位")))
    if len(changed) > _SINGLY:
        words = _("{count} 个图形修复后面积变化超过 1%（见修复清单）。怎么办？").format(count=len(changed))
        found.doubts.append(Doubt("repair", words, possible, for_all, tuple(rows[at] for at, _before, _after in changed)))
        return
    for at, before, after in changed:
        words = _("第 {row} 行的图形有错，修复后面积由 {before:,.2f} 变为 {after:,.2f} 平方米。怎么办？").format(row=rows[at], before=before, after=after)
        found.doubts.append(Doubt(f"repair:{rows[at]}", words, possible, "drop" if at in dropped else "repair", (rows[at],)))


def _point(place: str) -> shapely.Geometry | None:
    """Where GEOS says a shape is wrong: `435050 4418050]`."""
    numbers = place.rstrip("]").split()
    try:
        return shapely.Point(float(numbers[0]), float(numbers[1]))
    except (ValueError, IndexError):
        return None


def _extracted(shape: shapely.Geometry, kind: str) -> shapely.Geometry | None:
    """The parts of `kind` in a shape as one shape, None where there are none."""
    if shape is None or shape.is_empty:
        return None
    if kind not in _KINDS:
        return shape
    parts = [part for part in shapely.get_parts(shape, return_index=False).tolist() if not part.is_empty]
    parts = [inner for part in parts for inner in (shapely.get_parts(part).tolist() if hasattr(part, "geoms") else [part])]
    kept = [part for part in parts if int(shapely.get_type_id(part)) in _KINDS[kind]]
    if not kept:
        return None
    if len(kept) == 1:
        return kept[0]
    return {"point": shapely.multipoints, "line": shapely.multilinestrings, "polygon": shapely.multipolygons}[kind](kept)
