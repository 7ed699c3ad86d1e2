"""A long list in several columns under one heading, each row with its symbol: 点位总表, 单位–路段."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil
from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QPainter, QPen

from chuangwen.domain.layer import Layer, Symbol
from chuangwen.render import fonts
from chuangwen.render.draw import draw_swatch
from chuangwen.render.paper.block import INK, Block, Listing, shade, thin
from chuangwen.render.paper.table import Column
from chuangwen.services.paper.frames import Rect
from chuangwen.text import _

if TYPE_CHECKING:
    from chuangwen.render.paper.page import Page

_LEADING, _PAD, _GAP = 1.26, 0.25, 1.0  # of the text: line to line; left and right of a cell; between columns of the list
_ROOMY = 1.15
_SHADE = "#f3f3f3"
_HEAD = "#e2e2e2"
_PER_COLUMN = 6
"""Fewer rows are not divided: five sites do not stand in four columns."""


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a list. `symbol`: in front of it, as on the map. The first cell is bold."""

    cells: tuple[str, ...]
    symbol: tuple[Layer, Symbol] | None = None


class Roster(Block):
    """`rows` under the titles of `columns`, in as many columns as find room; `text` mm. No rows: 无.

    The columns' shares count in mm at a text of 1 mm: what is left goes to the widest one. `across`: so many columns whatever the rows (0: by their number).
    """

    def __init__(self, columns: Sequence[Column], rows: Sequence[Row], text: float, *, swatch: float = 1.6, across: int = 0) -> None:
        self._columns, self._rows, self._text, self._swatch, self._across = tuple(columns), tuple(rows), text, swatch, across
        self._highs: dict[float, list[float]] = {}

    @property
    def rows(self) -> tuple[Row, ...]:
        """What stands in it."""
        return self._rows

    @property
    def least(self) -> float:
        """The width of one column of the list at least, mm."""
        return (sum(column.share for column in self._columns) + self._swatch) * self._text

    def height(self, width: float) -> float:
        return max(self._fill(width, self._level(width)), default=0.0)

    def split(self, width: float, room: float) -> tuple[Block | None, Block | None]:
        if self.height(width) <= room + 1e-6:
            return self, None
        most = self._most(width)
        highs, left, column = self._heights(self._wide(width, most)), room - self._header, 0
        for number, high in enumerate(highs):
            if high > left + 1e-6:
                column, left = column + 1, room - self._header
                if column == most or high > left:
                    return (self._piece(self._rows[:number], most) if number else None), self._piece(self._rows[number:])
            left -= high
        return self._piece(self._rows, most), None

    def _piece(self, rows: tuple[Row, ...], across: int = 0) -> Roster:
        return Roster(self._columns, rows, self._text, swatch=self._swatch, across=across)

    def listings(self) -> list[Listing]:
        return [Listing("", tuple(column.title for column in self._columns), tuple(row.cells for row in self._rows))]

    def natural(self, width: float) -> float:
        """The width that it needs of what there is: few rows do not ask for all of it."""
        count = self._count(width)
        return width if count == self._most(width) else count * self.least * _ROOMY + (count - 1) * _GAP * self._text

    def draw(self, painter: QPainter, place: Rect, page: Page) -> None:
        count = self._count(place.width)
        wide = self._wide(place.width, count)
        highs = self._heights(wide)
        shown = self._shown
        limit, at = self._level(place.width), 0
        for column in range(count):
            x, y = place.x + column * (wide + _GAP * self._text), place.y
            if at >= len(shown):
                break
            self._header_row(painter, x, y, wide, page)
            y += self._header
            top = y
            while at < len(shown) and y - place.y + highs[at] <= limit + 1e-6:
                if at % 2:
                    painter.fillRect(QRectF(x, y, wide, highs[at]), shade(page, _SHADE))
                self._row(painter, shown[at], x, y, wide, highs[at], page.atlas.style.mono)
                y += highs[at]
                at += 1
            painter.setPen(QPen(thin(page), self._text * 0.04))
            for line in (top, y):
                painter.drawLine(QPointF(x, line), QPointF(x + wide, line))

    @property
    def _shown(self) -> tuple[Row, ...]:
        return self._rows or (Row((_("无"), *("" for _column in self._columns[1:]))),)

    @property
    def _header(self) -> float:
        return self._text * 1.75

    def _most(self, width: float) -> int:
        gap = _GAP * self._text
        return max(int((width + gap + 1e-6) // (self.least + gap)), 1)

    def _count(self, width: float) -> int:
        return self._across or max(min(self._most(width), ceil(len(self._rows) / _PER_COLUMN)), 1)

    def _wide(self, width: float, count: int) -> float:
        return (width - (count - 1) * _GAP * self._text) / count

    def _level(self, width: float) -> float:
        """The height at which the rows just fill the columns."""
        count = self._count(width)
        highs = self._heights(self._wide(width, count))
        low, high = max(*highs, sum(highs) / count), sum(highs)
        for _step in range(24):
            middle = (low + high) / 2
            low, high = (low, middle) if _columns_needed(highs, middle) <= count else (middle, high)
        return high + self._header

    def _fill(self, width: float, level: float) -> list[float]:
        """How high each column becomes."""
        highs = self._heights(self._wide(width, self._count(width)))
        found = [self._header]
        for high in highs:
            if found[-1] + high > level + 1e-6:
                found.append(self._header)
            found[-1] += high
        return found

    def _heights(self, wide: float) -> list[float]:
        if wide not in self._highs:
            self._highs[wide] = [
                max(len(self._lines(cell, cell_wide, not number)) for number, (cell, cell_wide) in enumerate(zip(row.cells, self._cells(wide), strict=True)))
                * self._text
                * _LEADING
                + self._text * 0.34
                for row in self._shown
            ]
        return self._highs[wide]

    def _cells(self, wide: float) -> list[float]:
        """The widths of the cells: their shares, the widest one takes what is left."""
        shares = [column.share * self._text for column in self._columns]
        spare = wide - self._swatch * self._text - sum(shares)
        shares[shares.index(max(shares))] += spare
        return shares

    def _lines(self, cell: str, wide: float, bold: bool) -> list[str]:
        return fonts.wrapped(cell, self._text, wide - 2 * _PAD * self._text, bold) if cell else [""]

    def _header_row(self, painter: QPainter, x: float, y: float, wide: float, page: Page) -> None:
        painter.fillRect(QRectF(x, y, wide, self._header), shade(page, _HEAD))
        x += self._swatch * self._text
        for column, cell in zip(self._columns, self._cells(wide), strict=True):
            fonts.write(painter, x + _PAD * self._text, y + self._header / 2 + self._text * 0.37, column.title, self._text, INK, bold=True)
            x += cell

    def _row(self, painter: QPainter, row: Row, x: float, y: float, wide: float, high: float, mono: bool) -> None:
        text = self._text
        if row.symbol is not None:
            side = min(text * 1.35, self._swatch * text)
            draw_swatch(painter, *row.symbol, QRectF(x + 0.1 * text, y + (min(high, text * 1.6) - side) / 2, self._swatch * text - 0.2 * text, side), mono)
        x += self._swatch * text
        for number, (cell, width) in enumerate(zip(row.cells, self._cells(wide), strict=True)):
            lines = self._lines(cell, width, not number)
            top = y + text * 0.17 + text * (_LEADING - 1) / 2 + fonts.ascent(text)
            for line, words in enumerate(lines):
                fonts.write(painter, x + _PAD * text, top + line * text * _LEADING, words, text, INK, not number)
            x += width


def _columns_needed(highs: Sequence[float], level: float) -> int:
    count, filled = 1, 0.0
    for high in highs:
        if filled + high > level + 1e-6:
            count, filled = count + 1, 0.0
        filled += high
    return count
