"""Empty lines for a marker pen on the laminated sheet."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPen

from chuangwen.render import fonts
from chuangwen.render.paper.block import INK, Block, rect, shade, thin
from chuangwen.render.paper.table import Column
from chuangwen.services.paper.frames import Rect

if TYPE_CHECKING:
    from chuangwen.render.paper.page import Page

_HEAD, _ROW = 2.0, 5.0  # of the text: a marker pen writes letters of a centimetre and a half on A0


class MarkerBoxes(Block):
    """Columns with titles and as many empty rows as there is room for; takes the room it is given. `text` mm."""

    def __init__(self, columns: Sequence[Column], text: float) -> None:
        self._columns, self._text = tuple(columns), text

    def height(self, width: float) -> float:
        return 0.0

    def draw(self, painter: QPainter, place: Rect, page: Page) -> None:
        text = self._text
        head = text * _HEAD
        rows = max(round((place.height - head) / (_ROW * text)), 1)
        high = (place.height - head) / rows
        painter.fillRect(QRectF(place.x, place.y, place.width, head), shade(page, "#ececec"))
        painter.setPen(QPen(thin(page), text * 0.05))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRect(rect(place))
        for row in range(rows):
            y = place.y + head + row * high
            painter.drawLine(QPointF(place.x, y), QPointF(place.right, y))
        whole, x = sum(column.share for column in self._columns), place.x
        for number, column in enumerate(self._columns):
            wide = place.width * column.share / whole
            if number:
                painter.drawLine(QPointF(x, place.y), QPointF(x, place.bottom))
            fonts.write(painter, x + wide / 2, place.y + head / 2 + text * 0.4, column.title, text * 1.1, INK, True, "centre")
            painter.setPen(QPen(thin(page), text * 0.05))
            x += wide
