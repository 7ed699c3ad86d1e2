"""A frame that says why there is nothing in it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QPainter, QPen

from chuangwen.render import fonts
from chuangwen.render.paper.block import INK, Block, rect, thin
from chuangwen.services.paper.frames import Rect

if TYPE_CHECKING:
    from chuangwen.render.paper.page import Page

_LEADING = 1.5


class Notice(Block):
    """`head` large, `lines` beneath, in the middle of whatever it is given; `text` mm."""

    def __init__(self, head: str, lines: Sequence[str], text: float) -> None:
        self._head, self._lines, self._text = head, tuple(lines), text

    def height(self, width: float) -> float:
        return 0.0

    def draw(self, painter: QPainter, place: Rect, page: Page) -> None:
        painter.setPen(QPen(thin(page), 0.3))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRect(rect(place))
        text = self._text
        lines = [line for words in self._lines for line in fonts.wrapped(words, text, place.width - 4 * text)]
        y = place.y + (place.height - text * (2.0 * _LEADING + len(lines) * _LEADING)) / 2
        middle = place.x + place.width / 2
        fonts.write(painter, middle, y + fonts.ascent(2.0 * text), self._head, 2.0 * text, INK, True, "centre")
        y += 2.0 * text * _LEADING
        for line in lines:
            fonts.write(painter, middle, y + fonts.ascent(text), line, text, INK, align="centre")
            y += text * _LEADING
