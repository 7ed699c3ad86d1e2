"""Small parts that windows and panels share: lines of plain words, buttons, a list with columns, a frame that scrolls."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import cast

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QHeaderView,
    QLabel,
    QLayout,
    QPushButton,
    QScrollArea,
    QSizePolicy,
    QTreeWidget,
    QVBoxLayout,
    QWidget,
)

from chuangwen.errors import UserError

RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
"""Where figures stand in a cell."""
_FRAME = QSize(24, 48)
"""px of frame and title that a window has around what it shows."""


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
    """A sentence of the program without what it says to those who type commands (请用 --crs 指定), be it in brackets or a sentence of its own."""
    text = re.sub(r"（[^）]*(?:--[a-z]|=)[^）]*）", "", text)
    kept = [part for part in re.split(r"(?<=[。；])", text) if not re.search(r"--[a-z]", part)]
    return "".join(kept).strip()


def sentence(error: UserError) -> str:
    """What went wrong and what to do, for somebody at a window."""
    return f"{plain_words(error.message) or error.message}{plain_words(error.hint)}"


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


def fit_to_screen(window: QWidget, width: int, height: int) -> None:
    """So many px where the screen has them: on a small or magnified desk a window is never larger than the screen, its frame and title counted."""
    screen = (window.parentWidget() or window).screen()
    window.resize(QSize(width, height).boundedTo(screen.availableSize() - _FRAME))


def lay_columns(tree: QTreeWidget, titles: Sequence[str], widths: Sequence[int], stretched: int, numbers: Sequence[int] = ()) -> None:
    """Give a list its columns: `widths` in px from the left (0: as wide as its contents), the column `stretched` takes what is left.

    The titles of the columns `numbers` stand at the right, as the figures below them do.
    """
    tree.setHeaderLabels(list(titles))
    for number in numbers:
        tree.headerItem().setTextAlignment(number, RIGHT)
    tree.setAlternatingRowColors(True)
    tree.setUniformRowHeights(True)
    tree.setTextElideMode(Qt.TextElideMode.ElideRight)
    head = tree.header()
    head.setStretchLastSection(False)
    for number, width in enumerate(widths):
        if width:
            tree.setColumnWidth(number, width)
        else:
            head.setSectionResizeMode(number, QHeaderView.ResizeMode.ResizeToContents)
    head.setSectionResizeMode(stretched, QHeaderView.ResizeMode.Stretch)


def say_when_empty(view: QAbstractItemView, text: str = "") -> QLabel:
    """A sentence in the middle of a list that stands there while the list has no rows; the label, for another text later."""
    return _EmptyWords(view, text)


class _EmptyWords(QLabel):
    """Follows the rows of a list; its slot goes with it, for a list that is closed empties itself after its parts are gone."""

    def __init__(self, view: QAbstractItemView, text: str) -> None:
        super().__init__(text, wordWrap=True, alignment=Qt.AlignmentFlag.AlignCenter)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setProperty("dim", True)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        QVBoxLayout(view.viewport()).addWidget(self)
        self._rows = view.model()
        for signal in (self._rows.rowsInserted, self._rows.rowsRemoved, self._rows.modelReset):
            signal.connect(self._follow)
        self._follow()

    def _follow(self) -> None:
        self.setVisible(not self._rows.rowCount())


def flat_list(titles: Sequence[str], widths: Sequence[int], stretched: int, numbers: Sequence[int] = ()) -> QTreeWidget:
    """A list of rows without groups; see `lay_columns`."""
    made = QTreeWidget()
    made.setRootIsDecorated(False)
    lay_columns(made, titles, widths, stretched, numbers)
    return made


def say_at(label: QLabel, text: str, look: str = "dim") -> None:
    """Put an answer into a line of a dialog, in one of the looks dim, good, reason."""
    label.setText(text)
    for name in ("dim", "good", "reason"):
        restyle(label, name, name == look)


def as_high_as_needed(window: QWidget) -> None:
    """As high as what is shown now needs at this width: wrapped words do not ask for their height by themselves."""
    layout = window.layout()
    if layout is not None:
        layout.activate()
        window.setMinimumHeight(layout.totalHeightForWidth(window.width()))
