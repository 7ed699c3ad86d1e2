"""Choosing a unit among sixty by a few letters: full name, short name, alias or pinyin initials."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QStringListModel, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent
from PySide6.QtWidgets import QCompleter, QLineEdit, QWidget

from chuangwen.domain.feature import Features
from chuangwen.services.search import units_like
from chuangwen.text import _

_ROWS = 12


class UnitPicker(QLineEdit):
    """A line with suggestions. `picked` gives the full name, or '' when the line was emptied; a word that names no unit is left to `refused`."""

    picked = Signal(str)
    refused = Signal(str)

    def __init__(self, units: Features, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._units = units
        self._kept = ""
        self.setPlaceholderText(_("打字查找单位，可用拼音首字母"))
        self.setClearButtonEnabled(True)
        self._names = QStringListModel(self)
        self._list = QCompleter(self._names, self)
        self._list.setCompletionMode(QCompleter.CompletionMode.UnfilteredPopupCompletion)
        self._list.setMaxVisibleItems(_ROWS)
        self._list.setWidget(self)
        self._list.activated.connect(self._take)
        self._list.popup().installEventFilter(self)
        self.textEdited.connect(self._offer)

    def set_unit(self, name: str) -> None:
        """Show a unit; '' for none."""
        self._kept = name
        self.setText(name)
        self.setCursorPosition(0)

    def suggestions(self) -> list[str]:
        """What is offered now."""
        return self._names.stringList()

    def _offer(self, text: str) -> None:
        self._names.setStringList(units_like(self._units, text, _ROWS))
        if self._names.rowCount():
            self._list.complete()
            self._list.popup().setCurrentIndex(self._names.index(0))
        else:
            self._list.popup().hide()

    def _take(self, name: str) -> None:
        self.set_unit(name)
        self._list.popup().hide()
        self.picked.emit(name)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Return in the list takes the marked line, with or without the arrows."""
        if watched is self._list.popup() and isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Tab):
                index = self._list.popup().currentIndex()
                self._take(index.data() if index.isValid() else self.text())
                return True
            if event.key() == Qt.Key.Key_Escape:
                self._list.popup().hide()
                return True
        return super().eventFilter(watched, event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Down and not self._list.popup().isVisible():
            self._offer(self.text() if self.text() != self._kept else "")
            return
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.settle()
            return
        if event.key() == Qt.Key.Key_Escape and self.text() != self._kept:
            self.set_unit(self._kept)
            return
        super().keyPressEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        if event.reason() != Qt.FocusReason.PopupFocusReason and not self._list.popup().isVisible():
            self.settle()

    def settle(self) -> None:
        """A name typed in full counts; the only or best suggestion does not, unless it was chosen."""
        text = self.text().strip()
        if text == self._kept:
            return
        exact = [name for name in units_like(self._units, text, 2) if text in self._words(name)] if text else []
        if not text or len(exact) == 1:
            self._take(exact[0] if exact else "")
        else:
            self.refused.emit(text)

    def _words(self, name: str) -> set[str]:
        number = self._units.column("name").index(name)
        return {name, str(self._units.column("short_name")[number] or ""), *str(self._units.column("aliases")[number] or "").split("、")}
