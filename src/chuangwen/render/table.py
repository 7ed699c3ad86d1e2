"""Tables on paper: cells wrapped, rows as high as their text, cut into pieces that fit, the header on each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QColor, QPainter, QPen

from chuangwen.render import fonts
from chuangwen.services.atlas import Rect
from chuangwen.text import _

_PAD = 0.9
_LEADING = 1.28
_INK, _LINE, _HEAD = "#1c1c1c", "#8a8a8a", "#ececec"


@dataclass(frozen=True, slots=True)
class Column:
    """`share` of the width; `align` left or centre."""

    title: str
    share: float
    align: str = "left"


@dataclass(frozen=True, slots=True)
class Table:
    """`rows` of as many texts as there are columns. `text` is the size in mm."""

    title: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[str, ...], ...]
    text: float

    def widths(self, width: float) -> list[float]:
        """The width of each column, mm."""
        whole = sum(column.share for column in self.columns)
        return [width * column.share / whole for column in self.columns]


@dataclass(frozen=True, slots=True)
class Piece:
    """The rows `first` … `last` (excluded) of a table that stand together, with title and header: `height` mm."""

    table: Table
    width: float
    first: int
    last: int
    heights: tuple[float, ...]
    head: float
    title: float

    @property
    def height(self) -> float:
        """Of all of it."""
        return self.title + self.head + sum(self.heights)


def cut(table: Table, first: int, width: float, room: float) -> Piece | None:
    """The rows from `first` on that fit into `room` mm with title and header; None where not one does. An empty table says 无 in one row."""
    piece = _piece(table, first, width, room)
    return piece if piece.heights and piece.height <= room + 1e-6 else None


def alone(table: Table, first: int, width: float) -> Piece:
    """A row that is higher than any sheet: it stands alone and runs over the edge, so that nothing is lost in silence."""
    return _piece(table, first, width, 1e9, most=1)


def _piece(table: Table, first: int, width: float, room: float, most: int = 10**9) -> Piece:
    title = table.text * 1.15 * _LEADING + 1.4
    head = _height(table, [column.title for column in table.columns], width)
    left = room - title - head
    heights: list[float] = []
    rows = table.rows or (tuple([_("无")] + [""] * (len(table.columns) - 1)),)
    for row in rows[first : first + most]:
        high = _height(table, row, width)
        if high > left + 1e-6:
            break
        heights.append(high)
        left -= high
    if not table.rows:
        heights = [_height(table, rows[0], width)]
    return Piece(table, width, first, first + (len(heights) if table.rows else 0), tuple(heights), head, title)


def _height(table: Table, row: Sequence[str], width: float) -> float:
    lines = max(len(fonts.wrapped(text, table.text, wide - 2 * _PAD)) for text, wide in zip(row, table.widths(width), strict=True))
    return lines * table.text * _LEADING + 1.1


def draw_piece(painter: QPainter, piece: Piece, place: Rect) -> None:
    """Draw a piece with its top left at that of `place`."""
    table = piece.table
    fonts.write(painter, place.x, place.y + piece.title - 1.7, table.title, table.text * 1.15, _INK, bold=True)
    y = place.y + piece.title
    widths = table.widths(piece.width)
    painter.fillRect(QRectF(place.x, y, piece.width, piece.head), QColor(_HEAD))
    _row(painter, table, [column.title for column in table.columns], widths, place.x, y, piece.head, bold=True)
    lines = [y, y + piece.head]
    y += piece.head
    rows = table.rows[piece.first : piece.last] or (tuple([_("无")] + [""] * (len(table.columns) - 1)),)
    for row, high in zip(rows, piece.heights, strict=True):
        _row(painter, table, row, widths, place.x, y, high)
        y += high
        lines.append(y)
    painter.setPen(QPen(QColor(_LINE), 0.12))
    for at in lines:
        painter.drawLine(QPointF(place.x, at), QPointF(place.x + piece.width, at))
    x = place.x
    for wide in (0.0, *widths):
        x += wide
        painter.drawLine(QPointF(x, lines[0]), QPointF(x, lines[-1]))


def _row(painter: QPainter, table: Table, row: Sequence[str], widths: Sequence[float], x: float, y: float, high: float, *, bold: bool = False) -> None:
    for text, column, wide in zip(row, table.columns, widths, strict=True):
        lines = fonts.wrapped(text, table.text, wide - 2 * _PAD, bold) if text else []
        centred = column.align == "centre" or bold
        top = y + (high - len(lines) * table.text * _LEADING) / 2 + fonts.ascent(table.text) + table.text * (_LEADING - 1) / 2
        for number, line in enumerate(lines):
            at = x + wide / 2 if centred else x + _PAD
            fonts.write(painter, at, top + number * table.text * _LEADING, line, table.text, _INK, bold, "centre" if centred else "left")
        x += wide
