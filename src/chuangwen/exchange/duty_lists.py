"""Rosters and records of visits as offices write them: 时段 in one cell, day and clock in two, places by name (domain.md 5.6, 5.7)."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Sequence
from dataclasses import replace

from chuangwen.domain.feature import Features
from chuangwen.domain.layer import Layer, folded
from chuangwen.domain.values import Scalar, half_width, plain
from chuangwen.exchange.incoming import MADE, Column, Incoming, Repaired
from chuangwen.exchange.matching import match
from chuangwen.text import _

_SHIFTS = frozenset({"时段", "时间段", "执勤时段", "值守时段", "巡查时段", "上岗时段", "班次"})
_DAYS = frozenset({"日期", "巡查日期", "检查日期"})
_CLOCK = r"(\d{1,2})[:：.时点](\d{2})?分?"
_SHIFT = re.compile(rf"^\D*{_CLOCK}(?:-+|—+|–|~|至|到){_CLOCK}$")
_ARRIVAL = re.compile(rf"^{_CLOCK}$")
_PLACES = {
    "crossing": ("路口名称", "路口", "执勤路口"),
    "site": ("点位名称", "点位", "实地考察点", "考察点"),
    "zone": ("网格名称", "网格"),
    "section": ("路段名称", "路段"),
}
"""Layer of a place → folded headers under which a roster or a list of visits names it."""


def told_apart(incoming: Incoming, layer: Layer, features_of: Callable[[str], Features]) -> Incoming:
    """`incoming` with a column for each thing that a cell of a roster says. Other layers than rosters and visits come back as they are.

    What cannot be read, and a place that nobody knows, is said row by row and left empty.
    """
    if not layer.has("place_code") or not len(incoming):
        return incoming
    columns: list[Column] = []
    notes: list[Repaired] = []
    for column in incoming.columns:
        if layer.has("shift_start") and _called(column, _SHIFTS):
            columns += _ends_of_shifts(incoming, column, layer, notes)
        else:
            columns.append(column)
    if layer.has("arrived_at"):
        columns = _moments(columns, layer)
    columns += _place(incoming, columns, layer, features_of, notes)
    return replace(incoming, columns=tuple(columns), repaired=(*incoming.repaired, *notes))


def _called(column: Column, words: frozenset[str] | Sequence[str]) -> bool:
    return any(folded(word) in words for word in column.words)


def _ends_of_shifts(incoming: Incoming, column: Column, layer: Layer, notes: list[Repaired]) -> list[Column]:
    """7:30-9:00 and 早高峰7:30—9:00 as two times of day; a shift that only has a name is kept in neither."""
    begins: list[Scalar] = []
    ends: list[Scalar] = []
    for row, cell in zip(incoming.rows, column.values, strict=True):
        found = _SHIFT.match(half_width(plain(cell)).replace(" ", ""))
        begins.append(_clock(found[1], found[2]) if found else None)
        ends.append(_clock(found[3], found[4]) if found else None)
        if begins[-1] is None or ends[-1] is None:
            begins[-1] = ends[-1] = None
            if cell is not None:
                notes.append(Repaired(row, _("{title}“{cell}”读不出起止时刻，请补填，写成 7:30-9:00 的样子").format(title=column.title, cell=plain(cell))))
    return [Column(layer.field("shift_start").title, begins, kind=MADE), Column(layer.field("shift_end").title, ends, kind=MADE)]


def _clock(hour: str, minute: str | None) -> str | None:
    """07:30; None for what is no time of day."""
    h, m = int(hour), int(minute or 0)
    return f"{h:02d}:{m:02d}" if h * 60 + m <= 24 * 60 and m < 60 else None


def _moments(columns: list[Column], layer: Layer) -> list[Column]:
    """The day of one column and the clock of 到达时间 together; a list without clocks says the day."""
    title = match(columns, layer).column_of.get("arrived_at", "")
    day = next((one for one in columns if _called(one, _DAYS) and one.title != title), None)
    if day is None:
        return columns
    arrived = next((one for one in columns if one.title == title), None)
    cells = arrived.values if arrived is not None else [None] * len(day.values)
    made = Column(layer.field("arrived_at").title, [_moment(on, at) for on, at in zip(day.values, cells, strict=True)], kind=MADE)
    return [*(one for one in columns if one is not day and one is not arrived), made]


def _moment(day: Scalar, at: Scalar) -> Scalar:
    """`day` at the clock `at`; the day alone where there is no clock, the clock's own cell where it names a day itself."""
    if isinstance(at, dt.datetime):
        return at
    found = _ARRIVAL.match(half_width(plain(at)).strip())
    clock = _clock(found[1], found[2]) if found else None
    if isinstance(at, float) and 0 <= at < 1:  # a time of day is a part of a day in a spreadsheet
        clock = f"{round(at * 1440) // 60:02d}:{round(at * 1440) % 60:02d}"
    return f"{plain(day, date_only=True)} {clock}" if day is not None and clock else at if at is not None else day


def _place(incoming: Incoming, columns: list[Column], layer: Layer, features_of: Callable[[str], Features], notes: list[Repaired]) -> list[Column]:
    """The layer and code of places that a list only names."""
    there = match(columns, layer).column_of
    if "place_code" in there:
        return []
    for kind, words in _PLACES.items():
        column = next((one for one in columns if _called(one, words)), None)
        if column is None:
            continue
        places = features_of(kind)
        code_of = {
            folded(plain(word)): code for name in ("name", "code") for word, code in zip(places.column(name), places.column("code"), strict=True) if word
        }
        codes = [code_of.get(folded(plain(cell))) if cell is not None else None for cell in column.values]
        for row, cell, code in zip(incoming.rows, column.values, codes, strict=True):
            if cell is not None and code is None:
                notes.append(Repaired(row, _("项目中没有叫“{cell}”的{kind}，地点编号留空").format(cell=plain(cell), kind=places.layer.title)))
        made = [
            Column(layer.field("place_code").title, codes, kind=MADE),
            Column(layer.field("place_layer").title, [kind if code else None for code in codes], kind=MADE),
        ]
        return made if "name" in there else [*made, Column(layer.field("name").title, list(column.values), kind=MADE)]
    return []
