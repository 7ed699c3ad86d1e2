"""Areas made of what a file holds before they are placed: from lines, from one shape that holds all zones, from smaller zones by a column."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np
import shapely

from chuangwen.domain.layer import Layer
from chuangwen.domain.values import Scalar, plain
from chuangwen.exchange.dissolve import dissolved
from chuangwen.exchange.doubts import Answer, Answers, Doubt, settled
from chuangwen.exchange.drawn_lines import areas_of_lines
from chuangwen.exchange.findings import MERGED, Finding
from chuangwen.exchange.incoming import Column, Incoming, Repaired
from chuangwen.exchange.matching import match
from chuangwen.text import _

EXPLODE = "explode"
_FEW_RECORDS, _PARTS = 3, 3


def reshaped(incoming: Incoming, layer: Layer, columns: Mapping[str, str], answers: Answers, dissolve: str) -> Incoming:
    """`incoming` with areas where its makers drew lines, joined all zones in one, or cut them finer than wanted.

    `columns` and `dissolve` are the user's: source column → field, and the column to join by. Raises `UserError` where that column is not there.
    """
    if incoming.geometry is None or layer.geometry != "polygon" or not len(incoming):
        return incoming
    incoming = areas_of_lines(incoming, layer, answers)
    if layer.kind == "subject":
        incoming = _exploded(incoming, layer, columns, answers)
    return dissolved(incoming, layer, columns, answers, dissolve)


def _exploded(incoming: Incoming, layer: Layer, columns: Mapping[str, str], answers: Answers) -> Incoming:
    """A file of one record whose shape has many parts is probably all zones joined in one."""
    geometry = incoming.geometry
    assert geometry is not None
    there = np.flatnonzero(shapely.get_type_id(geometry) >= 0)
    if not 0 < len(there) <= _FEW_RECORDS:
        return incoming
    counts = shapely.get_num_geometries(geometry)
    merged = [at for at in there.tolist() if counts[at] >= _PARTS and shapely.get_type_id(geometry[at]) == 6]
    if not merged:
        return incoming
    rows = tuple(incoming.rows[at] for at in merged)
    total = int(counts[merged].sum())
    words = _("文件只有 {records} 条记录，却有 {parts} 块互不相连的面，可能是所有{layer}合成了一个。要拆成一块一条吗？")
    possible = (
        Answer("no", _("不拆，整个作一个")),
        Answer("yes", _("拆成 {parts} 个").format(parts=total), _("编号和名称后加 -1、-2……，其他属性照抄，请随后核对")),
    )
    answer = settled(EXPLODE, answers, possible, "no")
    doubt = Doubt(EXPLODE, words.format(records=len(there), parts=total, layer=layer.title), possible, answer, rows, asks=True)
    finding = Finding(MERGED, _("第 {row} 行由 {parts} 块互不相连的面组成").format(row=rows[0], parts=int(counts[merged[0]])), rows)
    incoming = replace(incoming, doubts=(*incoming.doubts, doubt), findings=(*incoming.findings, finding))
    if answer == "no":
        return incoming
    owners = [at for at in range(len(incoming)) for _part in range(int(counts[at]) if at in merged else 1)]
    numbers = [number for at in range(len(incoming)) for number in (range(1, int(counts[at]) + 1) if at in merged else (0,))]
    taken = incoming.take(owners)
    pieces = np.empty(len(owners), dtype=object)
    pieces[:] = [part for at in range(len(incoming)) for part in (shapely.get_parts(geometry[at]).tolist() if at in merged else [geometry[at]])]
    names = match(incoming.columns, layer, columns).column_of.get("name", "")
    numbered = tuple(replace(one, values=_numbered(one, numbers)) if one.title == names else one for one in taken.columns)  # codes get theirs when compared
    notes = [Repaired(row, _("拆成了 {parts} 块，编号和名称后加了序号").format(parts=int(counts[at]))) for row, at in zip(rows, merged, strict=True)]
    return replace(taken, geometry=pieces, columns=numbered, parts=numbers, repaired=(*taken.repaired, *notes))


def _numbered(column: Column, numbers: list[int]) -> list[Scalar]:
    """创建网格 → 创建网格-1, 创建网格-2."""
    return [f"{plain(value)}-{number}" if number and value is not None else value for value, number in zip(column.values, numbers, strict=True)]
