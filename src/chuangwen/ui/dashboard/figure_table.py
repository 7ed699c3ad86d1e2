"""The figures of all groups; every number opens the rows that it was counted from."""

from __future__ import annotations

from fractions import Fraction

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QColor, QResizeEvent
from PySide6.QtWidgets import QHeaderView, QTableWidget, QTableWidgetItem, QWidget

from chuangwen.domain.figure import Figure
from chuangwen.services.figures import Line, Table
from chuangwen.text import _
from chuangwen.ui.parts import RIGHT

_FIGURE = Qt.ItemDataRole.UserRole
_SORT = Qt.ItemDataRole.UserRole + 1
_RED = QColor("#b3261e")


class _Cell(QTableWidgetItem):
    """Sorts by what it means, not by its text; what has no number stands last."""

    def __lt__(self, other: QTableWidgetItem) -> bool:
        mine, theirs = self.data(_SORT), other.data(_SORT)
        return bool((mine is None, mine) < (theirs is None, theirs)) if mine is None or theirs is None else bool(mine < theirs)


class FigureTable(QTableWidget):
    """`asked`: a figure whose rows are wanted, and the words for what it is."""

    asked = Signal(object, str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setEditTriggers(QTableWidget.EditTrigger.NoEditTriggers)
        self.setSelectionBehavior(QTableWidget.SelectionBehavior.SelectItems)
        self.setAlternatingRowColors(True)
        self.verticalHeader().hide()
        self.verticalHeader().setDefaultSectionSize(26)
        self.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        self.horizontalHeader().setDefaultAlignment(RIGHT)
        self.setToolTip(_("单击一个数，在主窗口里列出它对应的问题"))
        self.cellClicked.connect(self._on_clicked)
        self.cellActivated.connect(self._on_clicked)
        self._titles: list[str] = []

    def show_table(self, found: Table) -> None:
        """Show another table, the whole district in the last row."""
        self.setSortingEnabled(False)
        points = any(line.points is not None for line in found.lines)
        titles = [_("排名"), found.title, *(one.title for one in found.indicators), *([_("扣分")] if points else [])]
        self.clear()
        self.setColumnCount(len(titles))
        self.setHorizontalHeaderLabels(titles)
        self._titles = titles
        unit = self.horizontalHeaderItem(1)
        assert unit is not None
        unit.setTextAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        for at, one in enumerate(found.indicators, 2):
            head = self.horizontalHeaderItem(at)
            assert head is not None
            head.setToolTip(_("{title}＝{formula}").format(title=one.title, formula=one.formula))
        self.setRowCount(len(found.lines) + 1)
        for row, line in enumerate([*found.lines, found.total]):
            self._fill(row, line, points=points)
        self.setSortingEnabled(True)
        self.horizontalHeader().setStretchLastSection(False)
        self.sortByColumn(0, Qt.SortOrder.AscendingOrder)
        self._widen()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._widen()

    def _widen(self) -> None:
        """The names take the room that is left; where there is none they stay whole and the table scrolls."""
        head = self.horizontalHeader()
        if head.count():
            head.setSectionResizeMode(1, QHeaderView.ResizeMode.ResizeToContents)
            if head.length() < self.viewport().width():
                head.setSectionResizeMode(1, QHeaderView.ResizeMode.Stretch)

    def _fill(self, row: int, line: Line, *, points: bool) -> None:
        self.setItem(row, 0, _cell("—" if line.place is None else str(line.place), line.place if line.place is not None else 10**9 - (line.group.key != "")))
        self.setItem(row, 1, _cell(line.group.title, line.group.title))
        for at, figure in enumerate(line.figures, 2):
            cell = _cell(figure.text, figure.value)
            cell.setData(_FIGURE, figure)
            cell.setToolTip(" ".join(word for word in (figure.words, figure.note) if word))
            self.setItem(row, at, cell)
        if points:
            self.setItem(
                row, len(line.figures) + 2, _cell("" if line.points is None else f"{line.points:g}", None if line.points is None else float(line.points))
            )
        if line.red:
            for at in range(self.columnCount()):
                cell_at = self.item(row, at)
                if cell_at is not None:
                    cell_at.setForeground(_RED)

    def _on_clicked(self, row: int, column: int) -> None:
        cell, group = self.item(row, column), self.item(row, 1)
        figure = cell.data(_FIGURE) if cell is not None else None
        if isinstance(figure, Figure) and group is not None:
            self.asked.emit(figure, f"{group.text()} {self._titles[column]}")


def _cell(text: str, order: Fraction | float | str | None) -> _Cell:
    cell = _Cell(text)
    if not isinstance(order, str):
        cell.setTextAlignment(RIGHT)
    cell.setData(_SORT, float(order) if isinstance(order, Fraction) else order)
    return cell
