"""A grid of labels and values: who answers for what, in as many pairs a row as the width allows."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QPainter, QPen

from chuangwen.render import fonts
from chuangwen.render.paper.block import INK, Block, shade, thin
from chuangwen.services.paper.frames import Rect

if TYPE_CHECKING:
    from chuangwen.render.paper.page import Page

_PAD, _LEADING, _ROW = 0.36, 1.28, 0.6  # of the text: beside words, between lines, above and below the lines of a row together
_GROUND = "#ececec"


class Card(Block):
    """`pairs` of label and value, `text` mm; `across` so many a row (the last of a row is widened). An empty value is a dash.

    `least`: a row's height at least, mm.
    """

    def __init__(self, pairs: Sequence[tuple[str, str]], text: float, across: int, least: float = 0.0) -> None:
        self._pairs = tuple((label, value or "—") for label, value in pairs)
        self._text, self._across, self._least = text, across, least
        self._label = max((fonts.width(label, text, True) for label, _value in self._pairs), default=0.0) + 2 * _PAD * text

    def height(self, width: float) -> float:
        return sum(high for high, _cells in self._rows(width))

    def draw(self, painter: QPainter, place: Rect, page: Page) -> None:
        painter.setPen(QPen(thin(page), 0.12))
        y = place.y
        for high, cells in self._rows(place.width):
            for label, lines, left, wide in cells:
                x = place.x + left
                painter.setPen(QPen(thin(page), 0.12))
                painter.fillRect(QRectF(x, y, self._label, high), shade(page, _GROUND))
                painter.drawRect(QRectF(x, y, wide, high))
                painter.drawLine(QPointF(x + self._label, y), QPointF(x + self._label, y + high))
                middle = y + high / 2 + self._text * fonts.CAP_HEIGHT / 2
                fonts.write(painter, x + self._label / 2, middle, label, self._text, INK, True, "centre")
                top = middle - (len(lines) - 1) * self._text * _LEADING / 2
                for number, line in enumerate(lines):
                    fonts.write(painter, x + self._label + _PAD * self._text, top + number * self._text * _LEADING, line, self._text, INK)
            y += high

    def _rows(self, width: float) -> list[tuple[float, list[tuple[str, list[str], float, float]]]]:
        """For each row its height and its cells: label, lines of the value, left edge and width."""
        found = []
        for first in range(0, len(self._pairs), self._across):
            row = self._pairs[first : first + self._across]
            cells = []
            for at, (label, value) in enumerate(row):
                left = width * at / self._across
                wide = width - left if at == len(row) - 1 else width / self._across
                cells.append((label, fonts.wrapped(value, self._text, wide - self._label - 2 * _PAD * self._text), left, wide))
            lines = max(len(cell[1]) for cell in cells)
            found.append((max((lines * _LEADING + _ROW) * self._text, self._least), cells))
        return found
