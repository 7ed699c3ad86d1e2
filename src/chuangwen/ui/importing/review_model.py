"""The lines of a review as a table: a hundred thousand of them cost nothing until they are looked at."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt
from PySide6.QtGui import QBrush, QColor

from chuangwen.exchange import review
from chuangwen.exchange.doubts import Doubt
from chuangwen.text import _
from chuangwen.ui.importing.review_lines import FINDING, REJECTED, REPAIRED, Line
from chuangwen.ui.theme import colours

Index = QModelIndex | QPersistentModelIndex
COLUMNS = ((_("类别"), 76), (_("行号"), 56), (_("编号"), 116), (_("名称"), 120), (_("怎么变、为什么"), 300))
"""Title and width."""
_INK = {
    review.ADDED: "good",
    review.CONFLICT: "accent",
    REJECTED: "accent",
    FINDING: "accent",
    review.DUPLICATE: "amber",
    review.GONE: "amber",
    review.CHANGED: "amber",
    REPAIRED: "dim",
    review.UNCHANGED: "dim",
}
_LONG = 160


class ReviewModel(QAbstractTableModel):
    """Lines of a kind, or all. `decided`: what was chosen for a line that has something to decide."""

    def __init__(self, *, dark: bool) -> None:
        super().__init__()
        self._now = colours(dark=dark)
        self._lines: Sequence[Line] = ()
        self._shown: Sequence[Line] = ()
        self._decided: dict[str, str] = {}
        self._kind = ""

    def show(self, lines: Sequence[Line], doubts: Sequence[Doubt], answers: Mapping[str, str]) -> None:
        """Show the lines of another look."""
        self._lines = lines
        self._decided = {one.key: _title(one, answers.get(one.key, one.chosen)) for one in doubts}
        self.show_kind(self._kind)

    def show_kind(self, kind: str) -> None:
        """Only the lines of a kind."""
        self.beginResetModel()
        self._kind = kind
        self._shown = [line for line in self._lines if line.kind == kind] if kind else self._lines
        self.endResetModel()

    def line(self, row: int) -> Line | None:
        """The line in a row."""
        return self._shown[row] if 0 <= row < len(self._shown) else None

    def row_of(self, line: Line) -> int:
        """Where the line of the same feature stands now, -1 where it is not shown."""
        same = (line.rows, line.code)
        near = [row for row, one in enumerate(self._shown) if (one.rows, one.code) == same]
        return next((row for row in near if self._shown[row].kind == line.kind), near[0] if near else -1)

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - as Qt declares it
        return 0 if parent.isValid() else len(self._shown)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(COLUMNS)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if role != Qt.ItemDataRole.DisplayRole:
            return None
        return COLUMNS[section][0] if orientation == Qt.Orientation.Horizontal else section + 1

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        line = self._shown[index.row()]
        column = index.column()
        if role == Qt.ItemDataRole.DisplayRole:
            text = (line.title, line.rows_text, line.code, line.name, self._what(line))[column].replace("\n", " ")
            return text if len(text) <= _LONG else text[:_LONG] + "…"
        if role == Qt.ItemDataRole.ToolTipRole and column >= 3:
            return (line.name if column == 3 else self._what(line)) or None
        if role == Qt.ItemDataRole.ForegroundRole and (column == 0 or line.kind == review.UNCHANGED):
            return QBrush(QColor(self._now[_INK.get(line.kind, "text")]))
        return None

    def _what(self, line: Line) -> str:
        decided = self._decided.get(line.key, "") if line.key else ""
        return _("【{decided}】{what}").format(decided=decided, what=line.what) if decided else line.what


def _title(doubt: Doubt, value: str) -> str:
    return next((one.title for one in doubt.answers if one.value == value), value)
