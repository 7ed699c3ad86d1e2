"""关键数据: a row of boxes, each a large number over its word."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF
from PySide6.QtGui import QPainter, QPen

from chuangwen.render import fonts
from chuangwen.render.paper.block import INK, Block, shade, thin
from chuangwen.services.paper.frames import Rect

if TYPE_CHECKING:
    from chuangwen.render.paper.page import Page

_NUMBER, _NOTE = 2.1, 0.86  # of the text
_GROUND = "#f6f6f6"


class KeyFigures(Block):
    """`figures`: the number, its word, and what stands beneath ('' nothing), in boxes of one width; `text` mm."""

    def __init__(self, figures: Sequence[tuple[str, str, str]], text: float) -> None:
        self.figures, self._text = tuple(figures), text

    def height(self, width: float) -> float:
        return 6.0 * self._text

    def draw(self, painter: QPainter, place: Rect, page: Page) -> None:
        text, gap = self._text, self._text * 0.5
        wide = (place.width - gap * (len(self.figures) - 1)) / len(self.figures)
        noted = any(note for _number, _word, note in self.figures)
        for at, (number, word, note) in enumerate(self.figures):
            x = place.x + at * (wide + gap)
            painter.setPen(QPen(thin(page), 0.15))
            painter.setBrush(shade(page, _GROUND))
            painter.drawRect(QRectF(x, place.y, wide, place.height))
            middle, y = x + wide / 2, place.y + (place.height - text * (5.0 if noted else 3.9)) / 2
            size = self._size(number, _NUMBER * text, wide * 0.94)
            fonts.write(painter, middle, y + fonts.ascent(_NUMBER * text), number, size, INK, True, "centre")
            y += text * (_NUMBER + 0.5)
            fonts.write(painter, middle, y + fonts.ascent(text), word, self._size(word, text, wide * 0.96), INK, align="centre")
            if note:
                y += text * 1.35
                fonts.write(painter, middle, y + fonts.ascent(text * _NOTE), note, self._size(note, text * _NOTE, wide * 0.96), INK, align="centre")

    def _size(self, words: str, size: float, room: float) -> float:
        """As large as asked for where it fits."""
        run = fonts.width(words, size, True)
        return size if run <= room else size * room / run
