"""The first rows as a table: above each column its own title and, below it, the field of ours that it fills; a click changes that."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, QPoint, QRect, QSize, Qt, Signal
from PySide6.QtGui import QAction, QBrush, QColor, QFont, QKeyEvent, QPainter
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QMenu, QTableView, QWidget

from chuangwen.domain.layer import Layer
from chuangwen.text import _
from chuangwen.ui.importing.first_rows import PLACE, FirstRows
from chuangwen.ui.theme import colours

Index = QModelIndex | QPersistentModelIndex
_LONG = 80
_NOTHING = FirstRows((), (), (), (), (), {}, {})
_WIDTHS = (84, 240)


class RowsModel(QAbstractTableModel):
    """First rows. A refused row is red with its reason, one that was put right amber; a cell that is stored otherwise than written says so."""

    def __init__(self, *, dark: bool) -> None:
        super().__init__()
        self._now = colours(dark=dark)
        self.first = _NOTHING

    def show(self, first: FirstRows) -> None:
        """Show other rows."""
        self.beginResetModel()
        self.first = first
        self.endResetModel()

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - as Qt declares it
        return 0 if parent.isValid() else len(self.first.rows)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(self.first.titles)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if role == Qt.ItemDataRole.DisplayRole:
            return self.first.titles[section] if orientation == Qt.Orientation.Horizontal else str(self.first.rows[section])
        if role == Qt.ItemDataRole.ToolTipRole and orientation == Qt.Orientation.Horizontal:
            return self.first.titles[section]
        return None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        at, column = index.row(), index.column()
        first = self.first
        stored, raw = first.cells[at][column], first.raw[at][column]
        is_used = bool(first.fields[column])
        if role == Qt.ItemDataRole.DisplayRole:
            line = (stored or (raw if at in first.bad else "")).replace("\n", " ")
            return line if len(line) <= _LONG else line[:_LONG] + "…"
        if role == Qt.ItemDataRole.ToolTipRole:
            told = [first.bad.get(at, ""), first.mended.get(at, ""), _("文件里写的是：{raw}").format(raw=raw) if raw != stored and is_used else ""]
            return "\n".join(one for one in told if one) or (stored if len(stored) > 12 else None)
        if role == Qt.ItemDataRole.BackgroundRole:
            if at in first.bad:
                return QBrush(QColor(self._now["bad"]))
            return QBrush(QColor(self._now["warn"])) if at in first.mended or (is_used and raw and not stored) else None
        if role == Qt.ItemDataRole.ForegroundRole and not is_used:
            return QBrush(QColor(self._now["dim"]))
        return None


class TwoLineHeader(QHeaderView):
    """The sender's title above, our field below. `asked` gives the column whose field is to be changed."""

    asked = Signal(int)

    def __init__(self, table: RowsTable) -> None:
        super().__init__(Qt.Orientation.Horizontal, table)
        self._table = table
        self.setSectionsClickable(True)
        self.setHighlightSections(False)
        self.setMinimumSectionSize(72)
        self.sectionClicked.connect(self.asked)
        self.setCursor(Qt.CursorShape.PointingHandCursor)

    def sizeHint(self) -> QSize:
        return QSize(super().sizeHint().width(), self.fontMetrics().height() * 2 + 16)

    def paintSection(self, painter: QPainter, rect: QRect, section: int) -> None:
        now, first = self._table.now, self._table.model_.first
        painter.save()
        painter.fillRect(rect, QColor(now["raised"]))
        painter.setPen(QColor(now["line"]))
        painter.drawLine(rect.topRight(), rect.bottomRight())
        painter.drawLine(rect.bottomLeft(), rect.bottomRight())
        box = rect.adjusted(4, 5, -6, -5)
        half = box.height() // 2
        name = first.fields[section]
        painter.setPen(QColor(now["dim"]))
        painter.drawText(box.adjusted(0, 0, 0, -half), Qt.AlignmentFlag.AlignVCenter, self._elided(first.titles[section], box.width()))
        face = QFont(self.font())
        face.setBold(bool(name))
        painter.setFont(face)
        painter.setPen(QColor(now["text"] if name else now["dim"]))
        below = box.adjusted(0, half, -14, 0)
        painter.drawText(below, Qt.AlignmentFlag.AlignVCenter, self._elided(f"→ {self._table.field_title(name)}", below.width()))
        painter.setPen(QColor(now["dim"]))
        painter.drawText(box.adjusted(0, half, 0, 0), Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight, "▾")
        painter.restore()

    def _elided(self, text: str, width: int) -> str:
        return self.fontMetrics().elidedText(text.replace("\n", " "), Qt.TextElideMode.ElideRight, width)


class RowsTable(QTableView):
    """The table with its header. `mapped` gives a column's title and the field it shall fill ('' for none)."""

    mapped = Signal(str, str)

    def __init__(self, *, dark: bool, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.now = colours(dark=dark)
        self.model_ = RowsModel(dark=dark)
        self._layer: Layer | None = None
        self.setHorizontalHeader(TwoLineHeader(self))
        self.setModel(self.model_)
        self.setShowGrid(False)
        self.setAlternatingRowColors(True)
        self.setWordWrap(False)
        self.setTabKeyNavigation(False)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectItems)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        side = self.verticalHeader()
        side.setDefaultSectionSize(25)
        side.setDefaultAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        header = self.horizontalHeader()
        assert isinstance(header, TwoLineHeader)
        header.asked.connect(self.ask)

    def show_rows(self, first: FirstRows, layer: Layer) -> None:
        """Show the rows of a look."""
        self._layer = layer
        same = first.titles == self.model_.first.titles
        self.model_.show(first)
        if not same:
            for column in range(len(first.titles)):
                widest = max((len(row[column]) for row in first.cells[:30]), default=0)
                wanted = max(widest, len(first.titles[column]) + 1, len(self.field_title(first.fields[column])) + 3) * 14 + 18
                self.setColumnWidth(column, min(max(wanted, _WIDTHS[0]), _WIDTHS[1]))

    def field_title(self, name: str) -> str:
        """What the header says of where a column goes."""
        if not name:
            return _("不用")
        if name == PLACE:
            return _("位置")
        one = self._layer.field_by_name.get(name) if self._layer else None
        return one.title if one else name

    def choices(self, column: int) -> QMenu:
        """The fields that a column may fill, the present one ticked; those that another column fills say so."""
        menu = QMenu(self)
        first = self.model_.first
        title = first.titles[column]
        filled = {name: other for other, name in zip(first.titles, first.fields, strict=True) if name}

        def offer(name: str, text: str) -> None:
            action = QAction(text.replace("&", "&&"), menu)
            action.setCheckable(True)
            action.setChecked(name == first.fields[column])
            action.triggered.connect(lambda: self.mapped.emit(title, name))
            menu.addAction(action)

        offer("", _("不用这一列"))
        menu.addSeparator()
        for one in self._layer.fields if self._layer else ():
            if not one.readonly:
                other = filled.get(one.name, "")
                offer(one.name, _("{title}（现在是“{other}”）").format(title=one.title, other=other) if other and other != title else one.title)
        return menu

    def ask(self, column: int) -> None:
        """Open the list of fields below a column's header."""
        if 0 <= column < self.model_.columnCount():
            header = self.horizontalHeader()
            menu = self.choices(column)
            menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
            menu.popup(header.mapToGlobal(QPoint(header.sectionViewportPosition(column), header.height())))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        down = event.key() == Qt.Key.Key_Down and event.modifiers() & Qt.KeyboardModifier.AltModifier
        if event.key() in (Qt.Key.Key_F2, Qt.Key.Key_Space) or down:
            self.ask(max(self.currentIndex().column(), 0))
        else:
            super().keyPressEvent(event)
