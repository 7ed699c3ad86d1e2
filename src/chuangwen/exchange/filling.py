"""Cells that mean the one above them: ditto marks, and blanks under a value that nobody merged (domain.md 5.8)."""

from __future__ import annotations

import re
from collections.abc import Sequence, Set
from dataclasses import replace
from itertools import pairwise

from chuangwen.domain.layer import folded
from chuangwen.domain.values import Scalar, plain
from chuangwen.exchange.doubts import Answer, Answers, Doubt, settled
from chuangwen.exchange.incoming import Column, Incoming, Repaired
from chuangwen.text import _

_DITTO = frozenset({"同上", "〃", "〞", '"', "″", "“", "”", "''", "同前", "同上行", "同上栏", "上同", "，，", "〝"})
_FILLED = re.compile(
    "点位类型|点位类别|类别|类型|场所类型|(?:乡镇|所属|属地)?街道|属地|辖区|(?:所属)?社区|村社区|责任单位|整改单位|整改责任单位|责任部门|包联单位|网格单位"
)
_NEVER = re.compile(
    "备注|说明|其他|完成情况|整改情况|整改结果|完成时间|照片|图片|整改前照片|整改后照片|序号|编号|问题编号|联系电话|电话|存在问题|问题描述|整改措施|经度|纬度|坐标"
)
_LEAST_BLANK = 0.4
_LONGEST = 30


def without_dittos(incoming: Incoming) -> Incoming:
    """Ditto marks replaced by the value of the record above, each listed. The first record of a sheet has nothing above it: its marks become blanks."""
    columns: list[Column] = []
    repaired: list[Repaired] = []
    for column in incoming.columns:
        if not any(isinstance(value, str) and _is_ditto(value) for value in column.values):
            columns.append(column)
            continue
        values: list[Scalar] = []
        for position, value in enumerate(column.values):
            if not (isinstance(value, str) and _is_ditto(value)):
                values.append(value)
                continue
            above = values[position - 1] if position and _same_sheet(incoming, position) else None
            values.append(above)
            if above is None:
                what = _("“{title}”写的是“{mark}”，但上面没有内容，按空白处理").format(title=column.title, mark=value)
            else:
                what = _("“{title}”写的是“{mark}”，按上一行填为“{above}”").format(title=column.title, mark=value, above=plain(above))
            repaired.append(Repaired(incoming.rows[position], what))
        columns.append(replace(column, values=values))
    return replace(incoming, columns=tuple(columns), repaired=(*incoming.repaired, *repaired))


def _is_ditto(value: str) -> bool:
    return len(value) <= 5 and value.strip("（）() \u3000") in _DITTO


def _same_sheet(incoming: Incoming, position: int) -> bool:
    return not len(incoming.sheets) or incoming.sheets[position] == incoming.sheets[position - 1]


def filled_down(incoming: Incoming, breaks: Sequence[int], merged: Set[str], answers: Answers) -> Incoming:
    """Blanks under a value filled where the column reads like a grouping that was typed once a group. Each such column is a doubt `fill:<列>` (yes, no).

    `breaks` (n): rows of different numbers stand under different section rows, across which nothing is filled. `merged`: columns that hold merged cells,
    whose blanks are meant.
    """
    columns: list[Column] = []
    doubts: list[Doubt] = []
    repaired: list[Repaired] = []
    for column in incoming.columns:
        blanks = _fillable(incoming, column, breaks)
        if not blanks:
            columns.append(column)
            continue
        by_default = column.title not in merged and any(_FILLED.fullmatch(folded(word)) for word in column.words)
        key = f"fill:{column.title}"
        possible = (Answer("yes", _("填上"), _("用上面最近的内容填写")), Answer("no", _("留空"), _("空格就是没有内容")))
        chosen = settled(key, answers, possible, "yes" if by_default else "no")
        done = _("已用上面的内容填写。") if chosen == "yes" else _("现在按空白处理。")
        question = _("“{title}”列有 {count} 格空白，像是一组只在第一行写了一次，要用上面的内容填上吗？").format(title=column.title, count=len(blanks)) + done
        doubts.append(Doubt(key, question, possible, chosen, tuple(incoming.rows[position] for position in blanks)))
        columns.append(replace(column, values=_with(column.values, blanks)) if chosen == "yes" else column)
        if chosen == "yes":
            repaired += [
                Repaired(
                    incoming.rows[position], _("“{title}”空白，按上面的“{above}”填写").format(title=column.title, above=plain(columns[-1].values[position]))
                )
                for position in blanks
            ]
    return replace(incoming, columns=tuple(columns), doubts=(*incoming.doubts, *doubts), repaired=(*incoming.repaired, *repaired))


def _fillable(incoming: Incoming, column: Column, breaks: Sequence[int]) -> list[int]:
    """The blank positions that could be filled; [] where the column does not look like a grouping typed once a group.

    It does where more than two fifths are blank, values are short texts, none stands twice in a row (whoever repeats a value means his blanks), and a group
    comes at the very top.
    """
    if column.kind or not column.values or column.values[0] is None or any(_NEVER.fullmatch(folded(word)) for word in column.words):
        return []
    given = [value for value in column.values if value is not None]
    if len(column.values) - len(given) <= _LEAST_BLANK * len(column.values):
        return []
    if not all(isinstance(value, str) and len(value) <= _LONGEST and not _is_ditto(value) for value in given):
        return []
    if any(one == other for one, other in pairwise(given)):
        return []
    blanks = []
    open_group = False
    for position, value in enumerate(column.values):
        if position and (not _same_sheet(incoming, position) or breaks[position] != breaks[position - 1]):
            open_group = False
        open_group = open_group or value is not None
        if value is None and open_group:
            blanks.append(position)
    return blanks


def _with(values: Sequence[Scalar], blanks: Sequence[int]) -> list[Scalar]:
    found = list(values)
    for position in blanks:
        found[position] = found[position - 1]
    return found
