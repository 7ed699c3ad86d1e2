"""The search box of the toolbar: letters in, a list of features out, one chosen is selected and shown."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QPoint, Qt, QTimer
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QLineEdit, QListWidget, QListWidgetItem, QWidget

from chuangwen.services.search import Found, search
from chuangwen.text import _
from chuangwen.ui.icons import icon
from chuangwen.ui.session import Session

_AFTER_MS = 120


class SearchBox(QLineEdit):
    """Searches names, codes and pinyin initials of everything that has a name."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self.setPlaceholderText(_("查找名称、编号、拼音首字母"))
        self.setClearButtonEnabled(True)
        self.setMinimumWidth(150)
        self.setMaximumWidth(340)
        self.addAction(icon("search"), QLineEdit.ActionPosition.LeadingPosition)
        self.hits = QListWidget(self.window())
        self.hits.setWindowFlags(Qt.WindowType.ToolTip)
        self.hits.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.hits.itemClicked.connect(self._take)
        self._clock = QTimer(self, singleShot=True, interval=_AFTER_MS)
        self._clock.timeout.connect(self._look)
        self.textEdited.connect(lambda _text: self._clock.start())
        self.installEventFilter(self)

    def _look(self) -> None:
        project = self._session.project
        self.hits.clear()
        found = search(project, self.text()) if project is not None else []
        for one in found:
            assert project is not None
            item = QListWidgetItem(f"{project.layers[one.layer].title}　{one.code}　{one.name}")
            item.setData(Qt.ItemDataRole.UserRole, one)
            self.hits.addItem(item)
        if not found and self.text().strip():
            self.hits.addItem(_("没有找到"))
        if self.text().strip():
            self.hits.setCurrentRow(0)
            self.hits.setFixedSize(max(self.width(), 360), min(max(len(found), 1), 12) * 26 + 6)
            self.hits.move(self.mapToGlobal(QPoint(0, self.height() + 2)))
            self.hits.show()
        else:
            self.hits.hide()

    def _take(self, item: QListWidgetItem | None) -> None:
        found = item.data(Qt.ItemDataRole.UserRole) if item is not None else None
        self.hits.hide()
        project = self._session.project
        if not isinstance(found, Found) or project is None:
            return
        ids = [found.id]
        if found.layer == "road":  # all pieces of the road
            features = project.features("road")
            ids = [row_id for row_id, name in zip(features.ids, features.column("name"), strict=True) if name == found.name]
        self._session.selection.set(found.layer, ids, self)
        self._session.zoom_to(self._session.selection.features())

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.FocusOut:
            self.hits.hide()
        return super().eventFilter(watched, event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Down, Qt.Key.Key_Up) and self.hits.count():
            step = 1 if event.key() == Qt.Key.Key_Down else -1
            self.hits.setCurrentRow((self.hits.currentRow() + step) % self.hits.count())
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            if self._clock.isActive():
                self._clock.stop()
                self._look()
            self._take(self.hits.currentItem())
        elif event.key() == Qt.Key.Key_Escape:
            self.clear()
            self.hits.hide()
        else:
            super().keyPressEvent(event)
