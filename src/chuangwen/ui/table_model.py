"""A layer as a table: 20,000 rows cost nothing until they are looked at."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable
from typing import Any

import numpy as np
from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt
from PySide6.QtGui import QColor, QPainter, QPixmap

from chuangwen.domain.derived import DERIVATIONS, derived
from chuangwen.domain.feature import Feature, Features
from chuangwen.domain.layer import Field
from chuangwen.domain.values import Scalar, plain
from chuangwen.text import _

Index = QModelIndex | QPersistentModelIndex
_LONG = 60
_DIGITS = re.compile(r"(\d+)")


_EXPLAINED = ("responsible_unit", "unit_basis")


class FeatureTable(QAbstractTableModel):
    """The features of a layer that pass a mask, sorted by a column. `positions` (m,) are their places in the layer."""

    def __init__(self, features: Features, now: Callable[[], dt.datetime] = dt.datetime.now) -> None:
        super().__init__()
        self.features = features
        self._now = now
        self._worked_out: dict[str, list[Scalar]] = {}
        names = features.layer.columns or ("code", "name")
        self.fields: list[Field] = [features.layer.column(name) for name in names]
        self.positions = np.arange(len(features))
        self._sorted: tuple[int, Qt.SortOrder] = (-1, Qt.SortOrder.AscendingOrder)
        self._mask: np.ndarray[Any, Any] | None = None
        self.explained: Callable[[Feature], str | None] | None = None  # why it is that unit, for who points at it

    def show(self, features: Features, mask: Any) -> None:
        """Show other features, or others of them."""
        self.beginResetModel()
        self.features, self._mask = features, mask
        self._worked_out.clear()
        self._arrange()
        self.endResetModel()

    def shows(self, mask: Any) -> bool:
        """Whether it shows what passes `mask` already."""
        return np.array_equal(self._mask, mask) if self._mask is not None and mask is not None else self._mask is mask

    def values(self, field: Field) -> list[Scalar]:
        """The column of a field; a derived one as it was at the last minute."""
        if field not in self.features.layer.derived:
            return self.features.column(field.name)
        if field.name not in self._worked_out:
            self._worked_out[field.name] = derived(field.name, self.features, self._now())
        return self._worked_out[field.name]

    def words(self, field: Field, at: int) -> str:
        """A cell as the user reads it."""
        value = self.values(field)[at]
        return DERIVATIONS[field.name].show(value) if field in self.features.layer.derived else field.show(value)

    def on_minute(self) -> None:
        """Derived columns changed with the time; the order of the rows stays."""
        self._worked_out.clear()
        for number, field in enumerate(self.fields):
            if field in self.features.layer.derived and self.rowCount():
                self.dataChanged.emit(self.index(0, number), self.index(self.rowCount() - 1, number))

    def sort(self, column: int, order: Qt.SortOrder = Qt.SortOrder.AscendingOrder) -> None:
        """Order by a column; numbers in codes count as numbers, empty ones come last."""
        self._sorted = (column, order)
        self.layoutAboutToBeChanged.emit()
        self._arrange()
        self.layoutChanged.emit()

    def _arrange(self) -> None:
        positions = np.arange(len(self.features)) if self._mask is None else np.flatnonzero(self._mask)
        column, order = self._sorted
        if 0 <= column < len(self.fields):
            values = self.values(self.fields[column])
            keys = [_key(values[at], self.fields[column]) for at in positions.tolist()]
            down = order == Qt.SortOrder.DescendingOrder
            filled = sorted((number for number, key in enumerate(keys) if key is not None), key=keys.__getitem__, reverse=down)
            empty = [number for number, key in enumerate(keys) if key is None]
            positions = positions[np.array(filled + empty, dtype=int)]
        self.positions = positions

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own signature
        return 0 if parent.isValid() else len(self.positions)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(self.fields)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if role != Qt.ItemDataRole.DisplayRole:
            return None
        return self.fields[section].title if orientation == Qt.Orientation.Horizontal else section + 1

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        field = self.fields[index.column()]
        at = int(self.positions[index.row()])
        value = self.values(field)[at]
        if role == Qt.ItemDataRole.DisplayRole:
            words = self.words(field, at).replace("\n", " ")
            if field.name == "code" and self.features.layer.has_geometry and not self.features.located[at]:
                words = _("{code}（未定位）").format(code=words)
            return words if len(words) <= _LONG else words[:_LONG] + "…"
        if role == Qt.ItemDataRole.ToolTipRole:
            if self.explained is not None and field.name in _EXPLAINED:
                return self.explained(self.features.at(at))
            words = self.words(field, at)
            return words if len(words) > 12 else None
        if role == Qt.ItemDataRole.DecorationRole:
            choice = field.choice(value) if field.choices else None
            return _dot(choice.colour) if choice and choice.colour else None
        if role == Qt.ItemDataRole.TextAlignmentRole and field.type in ("integer", "real") and field not in self.features.layer.derived:
            return int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        return None

    def row_id(self, row: int) -> str:
        """The id of the feature in a row."""
        return self.features.ids[int(self.positions[row])]

    def rows_of(self, ids: tuple[str, ...]) -> list[int]:
        """The rows of some ids, those that are shown."""
        wanted = {self.features.index[row_id] for row_id in ids if row_id in self.features.index}
        return np.flatnonzero(np.isin(self.positions, list(wanted))).tolist() if wanted else []


def _key(value: Any, field: Field) -> Any:
    if value is None or value == "":
        return None
    if field.choices:
        return next((number for number, choice in enumerate(field.choices) if choice.value == value), len(field.choices))
    if isinstance(value, str):
        return [(0, int(part), "") if part.isdigit() else (1, 0, part) for part in _DIGITS.split(value) if part]
    return value if not isinstance(value, bool) else int(value)


_dots: dict[str, QPixmap] = {}


def _dot(colour: str) -> QPixmap:
    if colour not in _dots:
        picture = QPixmap(24, 24)
        picture.setDevicePixelRatio(2)
        picture.fill(Qt.GlobalColor.transparent)
        painter = QPainter(picture)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(colour))
        painter.drawEllipse(2, 2, 8, 8)
        painter.end()
        _dots[colour] = picture
    return _dots[colour]


def as_text(table: FeatureTable, positions: list[int]) -> str:
    """Rows for the clipboard: tabs between, one line a row, the header first; pastes into WPS and Excel."""
    lines = ["\t".join(field.title for field in table.fields)]
    lines += ["\t".join(plain_cell(table.words(field, at)) for field in table.fields) for at in positions]
    return "\n".join(lines)


def plain_cell(words: str) -> str:
    """A cell that no spreadsheet takes for a formula."""
    bare = plain(words).replace("\t", " ").replace("\n", " ")
    return f"'{bare}" if bare[:1] in ("=", "+", "-", "@") else bare
