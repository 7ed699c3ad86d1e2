"""Small parts that the pages of the import dialog share: lines of plain words, the bar of steps, a frame that scrolls."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import cast

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QLayout, QPushButton, QScrollArea, QSizePolicy, QVBoxLayout, QWidget

from chuangwen.errors import UserError
from chuangwen.text import _


def words(text: str = "", mark: str = "", *, wrap: bool = True) -> QLabel:
    """A label that takes its text as it is: what a file says is never markup. `mark` names a look of the style sheet (dim, title, good)."""
    label = QLabel(text)
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setWordWrap(wrap)
    if wrap:
        label.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
    if mark:
        label.setProperty(mark, True)
    return label


def plain_words(text: str) -> str:
    """A sentence of the program without what it says to those who type commands (请用 --crs 指定)."""
    kept = [part for part in re.split(r"(?<=[。；])", text) if not re.search(r"--[a-z]", part)]
    return "".join(kept).strip()


def sentence(error: UserError) -> str:
    """What went wrong and what to do, for somebody at a window."""
    return f"{error.message}{plain_words(error.hint)}"


def button(text: str, mark: str = "") -> QPushButton:
    """A button that Return does not press by being near: only the main one is pressed so."""
    made = QPushButton(text)
    made.setAutoDefault(False)
    if mark:
        made.setProperty(mark, True)
    return made


def restyle(widget: QWidget, name: str, value: object) -> None:
    """Give a widget another look of the style sheet."""
    if widget.property(name) != value:
        widget.setProperty(name, value)
        widget.style().unpolish(widget)
        widget.style().polish(widget)


def emptied(layout: QLayout) -> None:
    """Take everything out of a layout and let it go."""
    while layout.count():
        item = layout.takeAt(0)
        widget, inner = cast("QWidget | None", item.widget()), cast("QLayout | None", item.layout())
        if widget is not None:
            widget.hide()
            widget.deleteLater()
        elif inner is not None:
            emptied(inner)


def card(margins: tuple[int, int, int, int] = (14, 10, 14, 10), spacing: int = 4) -> tuple[QFrame, QVBoxLayout]:
    """A framed piece of a page, and its column."""
    frame = QFrame()
    frame.setProperty("card", True)
    column = QVBoxLayout(frame)
    column.setContentsMargins(*margins)
    column.setSpacing(spacing)
    return frame, column


def scrolled(inside: QWidget) -> QScrollArea:
    """`inside`, which scrolls down and never sideways."""
    area = QScrollArea()
    area.setWidgetResizable(True)
    area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    area.setWidget(inside)
    area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    return area


class StepsBar(QFrame):
    """① 文件 → ② 发现了什么 → ③ 会改变什么 → ④ 完成. Steps behind can be pressed to go back; `asked` gives the number."""

    asked = Signal(int)

    def __init__(self, titles: Sequence[str], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("steps", True)
        row = QHBoxLayout(self)
        row.setContentsMargins(10, 0, 10, 0)
        row.setSpacing(0)
        self._titles = titles
        self.buttons: list[QPushButton] = []
        for number in range(len(titles)):
            if number:
                arrow = words("→", "dim", wrap=False)
                row.addWidget(arrow)
            one = button("", "step")
            one.clicked.connect(lambda _on=False, number=number: self.asked.emit(number))
            self.buttons.append(one)
            row.addWidget(one)
        row.addStretch(1)
        self.file = words("", "dim", wrap=False)
        row.addWidget(self.file)
        row.addSpacing(6)

    def show_step(self, now: int, *, over: bool = False) -> None:
        """Mark where one is. `over`: everything is done and there is no way back."""
        for number, one in enumerate(self.buttons):
            is_done = number < now
            one.setText(f"{'✓' if is_done else '①②③④'[number]} {self._titles[number]}")
            restyle(one, "state", "now" if number == now else "done" if is_done else "later")
            one.setEnabled(is_done and not over)
            one.setToolTip(_("回到这一步") if is_done and not over else "")
