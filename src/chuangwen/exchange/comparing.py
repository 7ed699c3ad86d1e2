"""The rows of a file against the rows of a layer: what is new, what differs, what is refused. Changes of one edit come out."""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np
import shapely

from chuangwen.domain.change import Change
from chuangwen.domain.feature import Features
from chuangwen.domain.layer import Layer
from chuangwen.domain.values import GEOMETRY, Scalar, Value
from chuangwen.exchange.codes import Codes
from chuangwen.exchange.incoming import Incoming
from chuangwen.exchange.reading import Read
from chuangwen.exchange.shapes import Shapes
from chuangwen.text import _

if TYPE_CHECKING:
    from numpy.typing import NDArray

_KEPT_STATUS = ("closed", "void")
"""States of an issue that a list does not undo: the word of a unit is no check (domain.md 5.8)."""
LOOSE = ("base", "reference")
"""Kinds of layers whose codes need not be unique."""
_SAME_M = 5e-4
"""Shapes nearer than this are the same: half a millimetre."""
_START = 30  # characters of another field that make a name
_NATURAL: Mapping[str, tuple[str, ...]] = {
    "site": ("name",),
    "zone": ("name", "street"),
    "section": ("name",),
    "unit": ("name",),
    "issue": ("description", "site_name", "address"),
}
"""What tells a row again where the file has no codes. A person's name is never unique."""


class Comparison:
    """The rows of one import against what the layer holds: what is new, what differs, what is refused."""

    def __init__(self, incoming: Incoming, layer: Layer, read: Read, shapes: Shapes, today: dt.date) -> None:
        self.rows = incoming.rows
        self.count = len(incoming)
        self.layer = layer
        self.values = read.values
        self.given = set(read.values)
        self.geometry: NDArray[np.object_] = shapes.geometry
        self.rejected = {position: list(reasons) for position, reasons in read.rejected.items()}
        for position, reason in shapes.rejected.items():
            self.rejected.setdefault(position, []).append(reason)
        self.today = today
        self.changes: list[Change] = []
        self.ids: dict[int, str] = {}  # position → feature
        self.added = self.changed = self.unchanged = 0
        self._without_place = 0

    def compare(self, existing: Features) -> None:
        """Fill `changes` and the counts."""
        loose = self.layer.kind in LOOSE
        known = self._same_rows(existing)
        if not loose:
            self._refuse_repeated_codes()
        new = [position for position in range(self.count) if position not in known and position not in self.rejected]
        self._complete(new, existing)
        new = [position for position in new if position not in self.rejected]
        self._add(new)
        old = {position: there for position, there in known.items() if position not in self.rejected}
        moved = self._moved(old, existing)
        for position, there in old.items():
            self._update(position, existing, there, moved=position in moved)

    def unlocated(self) -> int:
        """How many of the taken rows have no place, in a layer that has places."""
        return self._without_place if self.layer.has_geometry else 0

    def _same_rows(self, existing: Features) -> dict[int, int]:
        """Position in the file → position in the layer: by code, else by what tells such a row."""
        if not len(existing) or self.layer.kind == "reference":
            return {}
        codes = self.values.get("code")
        if codes is not None and any(code is not None for code in codes):
            if self.layer.kind in LOOSE and (_repeats(codes) or _repeats(existing.column("code"))):
                return {}
            return {position: existing.by_code[str(code)] for position, code in enumerate(codes) if code is not None and str(code) in existing.by_code}
        keys = [name for name in _NATURAL.get(self.layer.id, ()) if name in self.values]
        if not keys or keys[0] != _NATURAL[self.layer.id][0]:
            return {}
        mine = list(zip(*(self.values[name] for name in keys), strict=True))
        theirs = list(zip(*(existing.column(name) for name in keys), strict=True))
        if _repeats(mine) or _repeats(theirs):
            return {}
        place = {key: position for position, key in enumerate(theirs)}
        return {position: place[key] for position, key in enumerate(mine) if key in place and key[0] is not None}

    def _refuse_repeated_codes(self) -> None:
        first: dict[Scalar, int] = {}
        for position, code in enumerate(self.values.get("code", ())):
            if code is None or position in self.rejected:
                continue
            if code in first:
                reason = _("编号“{code}”与第 {row} 行重复").format(code=code, row=self.rows[first[code]])
                self.rejected.setdefault(position, []).append(reason)
            else:
                first[code] = position

    def _complete(self, new: Sequence[int], existing: Features) -> None:
        """Defaults, names made from other fields, running codes; then refuse rows that still lack what is required."""
        for one in self.layer.fields:
            if one.default:
                column, default = self._column(one.name), one.read(one.default)
                for position in new:
                    if column[position] is None:
                        column[position] = default
        required = {one.name: one for one in self.layer.fields if one.required}
        if "code" in required:
            self._number(new, existing)
        for one in self.layer.fields:
            if one.default_from:
                column, origin = self._column(one.name), self._column(one.default_from)
                for position in new:
                    if column[position] is None and origin[position] is not None:
                        column[position] = _start(str(origin[position]))
        for name, one in required.items():
            if one.default_from in required and one.default_from != "code":
                continue  # its origin is what is missing
            column = self._column(name)
            for position in new:
                if column[position] is None:
                    self.rejected.setdefault(position, []).append(_("缺少{title}").format(title=one.title))

    def _number(self, new: Sequence[int], existing: Features) -> None:
        column = self._column("code")
        lacking = [position for position in new if column[position] is None]
        if not lacking:
            return
        codes = Codes(self.layer.id, {str(code) for code in [*existing.column("code"), *column] if code is not None})
        found = self.values.get("found_at")
        for position in lacking:
            day = found[position] if found else None
            column[position] = codes.new(day if isinstance(day, dt.date) else self.today)

    def _column(self, name: str) -> list[Scalar]:
        if name not in self.values:
            self.values[name] = [None] * self.count
        return self.values[name]

    def _add(self, new: Sequence[int]) -> None:
        names = [one.name for one in self.layer.fields]
        blank: list[Scalar] = [None] * self.count
        columns: list[Sequence[Value]] = [self.values.get(name, blank) for name in names]
        if self.layer.has_geometry:
            names.append(GEOMETRY)
            columns.append(self.geometry.tolist())
        ids = _new_ids(len(new))
        self.ids |= dict(zip(new, ids, strict=True))
        layer = self.layer.id
        everything = list(zip(*columns, strict=True)) if len(new) == self.count else [tuple(column[at] for column in columns) for at in new]
        self.changes += [Change(layer, row_id, None, dict(zip(names, row, strict=True))) for row_id, row in zip(ids, everything, strict=True)]
        self.added = len(new)
        if self.layer.has_geometry:
            self._without_place += sum(row[-1] is None for row in everything)

    def _moved(self, old: Mapping[int, int], existing: Features) -> set[int]:
        """Which rows have another shape in the file than in the layer, by more than half a millimetre."""
        if not self.layer.has_geometry or not old:
            return set()
        positions = np.fromiter(old, dtype=int)
        mine, theirs = self.geometry[positions], existing.geometry[np.fromiter(old.values(), dtype=int)]
        different = (shapely.get_type_id(mine) >= 0) & ~shapely.equals_exact(mine, theirs, tolerance=_SAME_M)
        return {int(positions[at]) for at in np.flatnonzero(different) if not _same_shape(mine[at], theirs[at])}

    def _update(self, position: int, existing: Features, there: int, *, moved: bool) -> None:
        """A change of only what the file gives and what differs. A blank or absent cell clears nothing."""
        self.ids[position] = existing.ids[there]
        before: dict[str, Value] = {}
        after: dict[str, Value] = {}
        for name in self.given:
            value, now = self.values[name][position], existing.column(name)[there]
            if value is None or value == now or (name == "status" and now in _KEPT_STATUS):
                continue
            before[name], after[name] = now, value
        shape, now_shape = self.geometry[position], existing.geometry[there]
        if moved:
            before[GEOMETRY], after[GEOMETRY] = now_shape, shape
        if shape is None and now_shape is None:
            self._without_place += 1
        if after:
            self.changes.append(Change(self.layer.id, existing.ids[there], before, after))
            self.changed += 1
        else:
            self.unchanged += 1


def _repeats(values: Sequence[object]) -> bool:
    given = [value for value in values if value is not None]
    return len(set(given)) < len(given)


def _start(text: str) -> str:
    """The first line of a text, cut at a sentence's end or after thirty characters."""
    line = text.strip().splitlines()[0] if text.strip() else ""
    for mark in "。；;":
        line = line.split(mark)[0] or line
    return line if len(line) <= _START else line[: _START - 1] + "…"


def _new_ids(count: int) -> list[str]:
    """Row ids like `edits.new_id`'s, many at once."""
    raw = np.frombuffer(os.urandom(16 * count), dtype=np.uint8).reshape(-1, 16).copy()
    raw[:, 6] = raw[:, 6] & 0x0F | 0x40
    raw[:, 8] = raw[:, 8] & 0x3F | 0x80
    text = raw.tobytes().hex()
    return [text[start : start + 32] for start in range(0, 32 * count, 32)]


def _same_shape(one: shapely.Geometry, other: shapely.Geometry | None) -> bool:
    """Whether two shapes lie on each other, whatever a format made of single and multiple parts or of the direction of rings."""
    if other is None or shapely.get_dimensions(one) != shapely.get_dimensions(other):
        return False
    area = abs(one.area - other.area)
    if shapely.get_dimensions(one) == 2:
        one, other = one.boundary, other.boundary
    return area <= max(one.length, 1.0) * _SAME_M and bool(shapely.hausdorff_distance(one, other) <= _SAME_M)
