"""The list of the inbox: kind, number and words of each item, read when a row is painted; twenty thousand rows cost nothing."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QAbstractListModel, QModelIndex, QPersistentModelIndex, QRect, QSize, Qt
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QListView, QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from chuangwen.services.inbox import KINDS, Item
from chuangwen.ui.session import Session

_HIGH, _KIND_WIDE, _EDGE = 24, 78, 12  # px


class ItemModel(QAbstractListModel):
    """Items with what the project says of them now."""

    def __init__(self, session: Session, parent: QWidget) -> None:
        super().__init__(parent)
        self._session = session
        self.items: list[Item] = []

    def set_items(self, items: Sequence[Item]) -> None:
        """Show these."""
        self.beginResetModel()
        self.items = list(items)
        self.endResetModel()

    def rowCount(self, parent: QModelIndex | QPersistentModelIndex | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(self.items)

    def data(self, index: QModelIndex | QPersistentModelIndex, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        project = self._session.project
        if project is None or not index.isValid() or index.row() >= len(self.items):
            return None
        item = self.items[index.row()]
        if role == Qt.ItemDataRole.UserRole:
            return KINDS[item.kind]
        issues = project.features("issue")
        at = issues.index.get(item.id)
        words = str(issues.column("description")[at] or "") if at is not None else ""
        if role == Qt.ItemDataRole.DisplayRole:
            return words
        if role == Qt.ItemDataRole.ToolTipRole and at is not None:
            return f"{issues.column('code')[at] or ''} {words}"
        return None


class _Row(QStyledItemDelegate):
    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> None:
        chosen = bool(option.state & QStyle.StateFlag.State_Selected)  # type: ignore[attr-defined]
        box: QRect = option.rect  # type: ignore[attr-defined]
        colours = option.palette  # type: ignore[attr-defined]
        painter.save()
        if chosen:
            painter.fillRect(box, colours.highlight())
        middle = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft
        painter.setPen(colours.highlightedText().color() if chosen else colours.placeholderText().color())
        painter.drawText(QRect(box.left() + _EDGE, box.top(), _KIND_WIDE, box.height()), middle, str(index.data(Qt.ItemDataRole.UserRole)))
        painter.setPen(colours.highlightedText().color() if chosen else colours.text().color())
        rest = QRect(box.left() + _EDGE + _KIND_WIDE + 6, box.top(), box.width() - 2 * _EDGE - _KIND_WIDE - 6, box.height())
        words = " ".join(str(index.data() or "").split())
        painter.drawText(rest, middle, painter.fontMetrics().elidedText(words, Qt.TextElideMode.ElideRight, rest.width()))
        painter.restore()

    def sizeHint(self, _option: QStyleOptionViewItem, _index: QModelIndex | QPersistentModelIndex) -> QSize:
        return QSize(100, _HIGH)


class ItemList(QListView):
    """Never has the keys: they belong to the panel. A click chooses."""

    def __init__(self, model: ItemModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setModel(model)
        self.setItemDelegate(_Row(self))
        self.setUniformItemSizes(True)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setMinimumHeight(3 * _HIGH)
        self.setMaximumHeight(5 * _HIGH + 2)
