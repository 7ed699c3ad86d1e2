"""What the inbox looks like: count and list, the card, the fields that open for a choice, what is said, and the keys on buttons."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QLineEdit, QPushButton, QScrollArea, QVBoxLayout, QWidget

from chuangwen.text import _
from chuangwen.ui.parts import plain_words, restyle, words
from chuangwen.ui.triage.card_view import CardView
from chuangwen.ui.triage.listing import ItemList, ItemModel
from chuangwen.ui.unit_picker import UnitPicker

if TYPE_CHECKING:
    from chuangwen.ui.session import Session

_KEY_WORDS = (
    ("accept", "Enter", _("接受")), ("unit", "U", _("换单位")), ("due", "T", _("改时限")), ("merge", "M", _("合并重复")),
    ("skip", "S", _("跳过")), ("undo", "Z", _("撤销")), ("previous", "K ↑", _("上一件")), ("next", "J ↓", _("下一件")),
)  # fmt: skip
_ACROSS = 4


class DueField(QLineEdit):
    """A line that keeps Return for itself: Qt would hand it on to the panel, which accepts the item by it."""

    wanted = Signal()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.wanted.emit()
            event.accept()
            return
        super().keyPressEvent(event)


class TriageFace(QWidget):
    """The parts and where they stand. No button takes the keys: they belong to the panel."""

    pressed = Signal(str)

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMinimumWidth(330)
        self._place_parts(session)

    def _place_parts(self, session: Session) -> None:
        self.count = words("", "heading")
        self.staged = words("", "dim")
        self.send = self._button("dispatch", _("开单 (D)"))
        top = QHBoxLayout()
        top.setContentsMargins(12, 8, 12, 6)
        titles = QVBoxLayout()
        titles.setSpacing(1)
        titles.addWidget(self.count)
        titles.addWidget(self.staged)
        top.addLayout(titles, 1)
        top.addWidget(self.send)
        self.model = ItemModel(session, self)
        self.list = ItemList(self.model)
        self.view = CardView()
        self.unit = QFrame()
        self.unit_place = QVBoxLayout(self.unit)
        self.unit_place.setContentsMargins(12, 0, 12, 0)
        self.picker: UnitPicker | None = None
        self.due = DueField()
        self.due.setPlaceholderText(_("3天、6月5日前、今日下班前，Enter 确定"))
        due_place = QHBoxLayout()
        due_place.setContentsMargins(12, 0, 12, 0)
        due_place.addWidget(self.due)
        self.said = words()
        self.said.setContentsMargins(12, 2, 12, 2)
        self.folder = self._button("", _("打开文件夹"))
        self.asking_place = QVBoxLayout()
        self.asking_place.setContentsMargins(12, 0, 12, 0)
        inside = QWidget()
        rows = QVBoxLayout(inside)
        rows.setContentsMargins(0, 0, 0, 0)
        rows.addWidget(self.view)
        rows.addLayout(self.asking_place)
        rows.addStretch(1)
        area = QScrollArea(widgetResizable=True)
        area.setWidget(inside)
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.buttons: dict[str, QPushButton] = {}
        keys = QGridLayout()
        keys.setContentsMargins(12, 4, 12, 10)
        keys.setSpacing(5)
        for number, (name, key, title) in enumerate(_KEY_WORDS):
            self.buttons[name] = self._button(name, f"{title} {key}")
            self.buttons[name].setProperty("main", name == "accept")
            self.buttons[name].setStyleSheet("padding: 5px 2px;")
            keys.addWidget(self.buttons[name], number // _ACROSS, number % _ACROSS)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addLayout(top)
        column.addWidget(self.list)
        column.addWidget(area, 1)
        column.addWidget(self.unit)
        column.addLayout(due_place)
        column.addWidget(self.said)
        column.addWidget(self.folder, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addLayout(keys)
        for part in (self.unit, self.due, self.said, self.folder):
            part.hide()

    def _button(self, name: str, title: str) -> QPushButton:
        made = QPushButton(title)
        made.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        if name:
            made.clicked.connect(lambda _on=False: self.pressed.emit(name))
        return made

    def say(self, text: str, *, bad: bool = False, good: bool = False) -> None:
        """Say something above the keys; '' for nothing. What is only for those who type commands is left out."""
        text = plain_words(text)
        self.said.setText(text)
        self.said.setVisible(bool(text))
        restyle(self.said, "reason", value=bad)
        restyle(self.said, "good", value=good)
        if not good:
            self.folder.hide()
