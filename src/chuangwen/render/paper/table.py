"""Tables on paper: cells wrapped, rows as high as their text, divided between rows (a row higher than a sheet between its lines), the header on each piece."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QPainter, QPen

from chuangwen.render import fonts
from chuangwen.render.paper.block import INK, Block, Listing, Spot, shade, thin
from chuangwen.services.paper.frames import Rect
from chuangwen.text import _

if TYPE_CHECKING:
    from chuangwen.render.paper.page import Page

_PAD = 0.9
_LEADING = 1.28
_ROW = 1.1  # mm above and below the lines of a row, together
_HEAD = "#ececec"
_BREAK_FROM = 12  # lines: a row is broken only where so many of it find room, else it goes to the next sheet whole


@dataclass(frozen=True, slots=True)
class Column:
    """`share` of the width; `align` left or centre."""

    title: str
    share: float
    align: str = "left"


@dataclass(frozen=True, eq=False)
class Table(Block):
    """`rows` of as many texts as there are columns, `text` mm high; `least`: a row's height at least, mm (room for a pen). No rows: 无.

    `goes_on`: it continues a table of the sheet before. `of`: layer and id of the feature of each row, where rows are features.
    """

    title: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[str, ...], ...]
    text: float
    least: float = 0.0
    goes_on: bool = False
    of: tuple[tuple[str, str], ...] = ()

    def height(self, width: float) -> float:
        return self._title + self._high(self._titles, width) + sum(self._high(row, width) for row in self._shown)

    def split(self, width: float, room: float) -> tuple[Block | None, Block | None]:
        left = room - self._title - self._high(self._titles, width)
        fitting = 0
        for row in self._shown:
            left -= self._high(row, width)
            if left < -1e-6:
                break
            fitting += 1
        else:
            return self, None
        if fitting:
            head = replace(self, rows=self.rows[:fitting], of=self.of[:fitting])
            return head, replace(self, rows=self.rows[fitting:], of=self.of[fitting:], goes_on=True)
        return self._broken(width, room)

    def _broken(self, width: float, room: float) -> tuple[Block | None, Block | None]:
        """The first row divided between its lines, where there is room for many of them."""
        lines = int((room - self._title - self._high(self._titles, width) - _ROW) / (self.text * _LEADING))
        widths = self.widths(width)
        cells = [fonts.wrapped(text, self.text, wide - 2 * _PAD) for text, wide in zip(self.rows[0], widths, strict=True)] if self.rows else []
        if lines < _BREAK_FROM or max((len(cell) for cell in cells), default=0) <= lines:
            return None, self
        head = tuple("\n".join(cell[:lines]) for cell in cells)
        tail = tuple("\n".join(cell[lines:]) for cell in cells)
        return replace(self, rows=(head,), of=self.of[:1]), replace(self, rows=(tail, *self.rows[1:]), goes_on=True)

    def spots(self, place: Rect) -> list[Spot]:
        y = place.y + self._title + self._high(self._titles, place.width)
        found = []
        for row, (layer, row_id) in zip(self.rows, self.of, strict=False):
            high = self._high(row, place.width)
            found.append(Spot(Rect(place.x, y, place.width, high), layer, row_id))
            y += high
        return found

    def listings(self) -> list[Listing]:
        return [Listing(self.title, self._titles, self.rows, self.goes_on)]

    def draw(self, painter: QPainter, place: Rect, page: Page) -> None:
        title = _("{title}（续）").format(title=self.title) if self.goes_on and self.title else self.title
        if title:
            fonts.write(painter, place.x, place.y + self._title - 1.7, title, self.text * 1.15, INK, bold=True)
        y = place.y + self._title
        widths = self.widths(place.width)
        high = self._high(self._titles, place.width)
        painter.fillRect(QRectF(place.x, y, place.width, high), shade(page, _HEAD))
        self._row(painter, self._titles, widths, place.x, y, high, bold=True)
        lines = [y, y + high]
        y += high
        for row in self._shown:
            high = self._high(row, place.width)
            self._row(painter, row, widths, place.x, y, high)
            y += high
            lines.append(y)
        painter.setPen(QPen(thin(page), 0.12))
        for at in lines:
            painter.drawLine(QPointF(place.x, at), QPointF(place.x + place.width, at))
        x = place.x
        for wide in (0.0, *widths):
            x += wide
            painter.drawLine(QPointF(x, lines[0]), QPointF(x, lines[-1]))

    def widths(self, width: float) -> list[float]:
        """The width of each column, mm."""
        whole = sum(column.share for column in self.columns)
        return [width * column.share / whole for column in self.columns]

    @property
    def _titles(self) -> tuple[str, ...]:
        return tuple(column.title for column in self.columns)

    @property
    def _title(self) -> float:
        return self.text * 1.15 * _LEADING + 1.4 if self.title else 0.0

    @property
    def _shown(self) -> tuple[tuple[str, ...], ...]:
        return self.rows or ((_("无"), *("" for _column in self.columns[1:])),)

    def _high(self, row: Sequence[str], width: float) -> float:
        lines = max(len(fonts.wrapped(text, self.text, wide - 2 * _PAD)) for text, wide in zip(row, self.widths(width), strict=True))
        return max(lines * self.text * _LEADING + _ROW, self.least)

    def _row(self, painter: QPainter, row: Sequence[str], widths: Sequence[float], x: float, y: float, high: float, *, bold: bool = False) -> None:
        for text, column, wide in zip(row, self.columns, widths, strict=True):
            lines = fonts.wrapped(text, self.text, wide - 2 * _PAD, bold) if text else []
            centred = column.align == "centre" or bold
            top = y + (high - len(lines) * self.text * _LEADING) / 2 + fonts.ascent(self.text) + self.text * (_LEADING - 1) / 2
            for number, line in enumerate(lines):
                at = x + wide / 2 if centred else x + _PAD
                fonts.write(painter, at, top + number * self.text * _LEADING, line, self.text, INK, bold, "centre" if centred else "left")
            x += wide
