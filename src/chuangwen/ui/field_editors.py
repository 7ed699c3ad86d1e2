"""One editor for each type of field. An editor says `edited(value)` when the user is done with it, never while typing."""

from __future__ import annotations

import datetime as dt

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QWheelEvent
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLabel, QLineEdit, QPlainTextEdit, QVBoxLayout, QWidget

from chuangwen.domain.feature import Features
from chuangwen.domain.layer import Field
from chuangwen.domain.values import Scalar
from chuangwen.errors import DataProblem
from chuangwen.text import _
from chuangwen.ui.unit_picker import UnitPicker

SEVERAL = object()
"""Stands for the value of a field in which the selected features differ."""


class FieldEditor(QWidget):
    """A field of the form: the input, and beneath it the reason why a value was refused."""

    edited = Signal(object)

    def __init__(self, field: Field, units: Features | None = None, parent: QWidget | None = None, *, in_words: bool = False) -> None:
        super().__init__(parent)
        self.field = field
        self._in_words = in_words  # what the field cannot read is handed on as words: a deadline (3个工作日内)
        self._shown: object = None
        self._reason = QLabel(wordWrap=True)
        self._reason.setProperty("reason", True)
        self._reason.hide()
        self.input = self._make_input(units)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2)
        row = QHBoxLayout()
        row.setSpacing(4)
        row.addWidget(self.input, 1)
        if field.unit:
            row.addWidget(QLabel(field.unit))
        column.addLayout(row)
        column.addWidget(self._reason)
        self.setFocusProxy(self.input)

    def show_value(self, value: object) -> None:
        """Show a value, or `SEVERAL`; a refusal is forgotten."""
        self._shown = value
        self.refuse("")
        words = "" if value is SEVERAL else self.field.show(value)  # type: ignore[arg-type]
        if isinstance(self.input, QComboBox):
            self.input.blockSignals(True)
            self.input.setCurrentIndex(-1 if value is SEVERAL else max(self.input.findData(value), 0))
            self.input.blockSignals(False)
        elif isinstance(self.input, UnitPicker):
            self.input.set_unit(words)
        elif isinstance(self.input, QPlainTextEdit):
            self.input.setPlainText(words)
        else:
            self.input.setText(words)
            self.input.setCursorPosition(0)
        if isinstance(self.input, QLineEdit | QPlainTextEdit | QComboBox):
            self.input.setPlaceholderText(_("（多个值）") if value is SEVERAL else self._hint())

    def take_typed(self) -> None:
        """Take what is typed now, whether the cursor has left the field or not."""
        if isinstance(self.input, UnitPicker):
            self.input.settle()
        elif isinstance(self.input, QPlainTextEdit):
            self._read(self.input.toPlainText())
        elif isinstance(self.input, QLineEdit):
            self._read(self.input.text())

    def refuse(self, reason: str) -> None:
        """Say why the value cannot be taken; '' takes the mark away."""
        self._reason.setText(reason)
        self._reason.setVisible(bool(reason))
        self.input.setProperty("wrong", bool(reason))
        self.input.style().unpolish(self.input)
        self.input.style().polish(self.input)

    @property
    def reason(self) -> str:
        """Why the value was refused, '' if it was not."""
        return self._reason.text()

    def _hint(self) -> str:
        if self._in_words:
            return _("2024-06-03，或 3个工作日内")
        if self.field.type == "date":
            return "2024-06-03"
        if isinstance(self.input, UnitPicker):
            return _("打字查找单位，可用拼音首字母")
        return _("必填") if self.field.required else ""

    def _make_input(self, units: Features | None) -> QLineEdit | QPlainTextEdit | QComboBox | UnitPicker:
        if self.field.type == "ref" and units is not None:
            picker = UnitPicker(units)
            picker.picked.connect(lambda name: self._settle(name or None))
            picker.refused.connect(lambda text: self.refuse(_("单位库里没有“{text}”，请从列表中选择，或先在“单位”表中新增。").format(text=text)))
            return picker
        if self.field.choices or self.field.type == "boolean":
            return self._make_box()
        if self.field.multiline:
            text = _Paragraph()
            text.left.connect(lambda: self._read(text.toPlainText()))
            return text
        line = _Line()
        line.setReadOnly(self.field.readonly)
        line.editingFinished.connect(lambda: self._read(line.text()))
        line.escaped.connect(lambda: self.show_value(self._shown))
        return line

    def _make_box(self) -> QComboBox:
        box = _Box()
        box.addItem(_("（未填）"), None)
        for choice in self.field.choices:
            box.addItem(choice.title, choice.value)
        if self.field.type == "boolean":
            box.addItem(_("是"), True)
            box.addItem(_("否"), False)
        box.setEnabled(not self.field.readonly)
        box.activated.connect(lambda _number: self._settle(box.currentData()))
        return box

    def _read(self, text: str) -> None:
        if self._shown is SEVERAL and not text.strip():
            return
        try:
            value = self.field.read(text)
        except DataProblem as problem:
            if self._in_words:
                self.edited.emit(text)
            else:
                self.refuse(str(problem))
            return
        self._settle(value)

    def _settle(self, value: Scalar) -> None:
        shown = (
            self._shown.date() if isinstance(self._shown, dt.datetime) and isinstance(value, dt.date) and not isinstance(value, dt.datetime) else self._shown
        )
        if value == shown and type(value) is type(shown):
            self.refuse("")
            return
        self.edited.emit(value)


class _Line(QLineEdit):
    escaped = Signal()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.escaped.emit()
        else:
            super().keyPressEvent(event)


class _Paragraph(QPlainTextEdit):
    """Four lines at most; Ctrl+Return or leaving it means done."""

    left = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setTabChangesFocus(True)
        self.setFixedHeight(3 * self.fontMetrics().lineSpacing() + 14)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.left.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self.left.emit()
        else:
            super().keyPressEvent(event)


class _Box(QComboBox):
    """Scrolling the panel must not change a value on the way."""

    def __init__(self) -> None:
        super().__init__()
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.installEventFilter(self)
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.setMinimumContentsLength(6)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if isinstance(event, QWheelEvent) and not self.hasFocus():
            event.ignore()
            return True
        return super().eventFilter(watched, event)
