"""巡查记录: an empty grid for the patrol's pen that takes what is left of a sheet."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QPainter, QPen

from chuangwen.render import fonts
from chuangwen.render.paper.block import INK, Block, shade, thin
from chuangwen.render.paper.table import Column
from chuangwen.services.paper.frames import Rect

if TYPE_CHECKING:
    from chuangwen.render.paper.page import Page

_ROW = 7.0
"""mm: room for a line of handwriting."""
_LEAST, _SPARE_LEAST = 3, 2  # rows
_HEAD, _TITLE = 1.9, 2.0  # of the text
_GROUND = "#ececec"


class Log(Block):
    """`title` and the header of `columns`, `text` mm; as many rows as find room, at least three. `spare`: at least two, and left out where those
    find none.
    """

    def __init__(self, title: str, columns: Sequence[Column], text: float, *, spare: bool = False) -> None:
        self._title, self._columns, self._text, self._spare = title, tuple(columns), text, spare

    def height(self, width: float) -> float:
        return 0.0

    def split(self, width: float, room: float) -> tuple[Block | None, Block | None]:
        if room >= self._top + (_SPARE_LEAST if self._spare else _LEAST) * _ROW:
            return self, None
        return None, None if self._spare else self

    def draw(self, painter: QPainter, place: Rect, page: Page) -> None:
        fonts.write(painter, place.x, place.y + self._text * 1.3, self._title, self._text * 1.15, INK, bold=True)
        head = place.y + self._text * _TITLE
        high = self._text * _HEAD
        rows = max(int((place.bottom - head - high) / _ROW), 1)
        row = (place.bottom - head - high) / rows
        painter.fillRect(QRectF(place.x, head, place.width, high), shade(page, _GROUND))
        edges = [0.0]
        whole = sum(column.share for column in self._columns)
        for column in self._columns:
            wide = place.width * column.share / whole
            middle = place.x + edges[-1] + wide / 2
            fonts.write(painter, middle, head + high / 2 + self._text * fonts.CAP_HEIGHT / 2, column.title, self._text, INK, True, "centre")
            edges.append(edges[-1] + wide)
        painter.setPen(QPen(thin(page), 0.12))
        for y in (head, *(head + high + row * number for number in range(rows + 1))):
            painter.drawLine(QPointF(place.x, y), QPointF(place.right, y))
        for x in edges:
            painter.drawLine(QPointF(place.x + x, head), QPointF(place.x + x, place.bottom))

    @property
    def _top(self) -> float:
        return self._text * (_TITLE + _HEAD)
