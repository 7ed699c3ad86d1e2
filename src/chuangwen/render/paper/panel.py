"""A part of a wall map under a heading that is read from afar."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QColor, QPainter, QPen

from chuangwen.render import fonts
from chuangwen.render.paper.block import INK, Block, Listing
from chuangwen.services.paper.frames import Rect
from chuangwen.text import _

if TYPE_CHECKING:
    from chuangwen.render.paper.page import Page

ACCENT = "#a8121b"
"""Of titles and headings; ink on a black-and-white sheet."""
_HEADING, _HEAD = 1.9, 3.0  # of the text: the heading's letters, and what it takes with its line
_LEAST = 4.0  # of the text: a panel that takes what is left is left out where there is less


def accent(page: Page) -> str:
    """The colour of titles and headings on a page."""
    return INK if page.atlas.style.mono else ACCENT


class Panel(Block):
    """`inner` under `title`, with a `note` at the heading's right end; `text` mm. Goes on with the title repeated."""

    def __init__(self, title: str, inner: Block, text: float, note: str = "") -> None:
        self._title, self._inner, self._text, self._note = title, inner, text, note

    @property
    def title(self) -> str:
        """Its heading."""
        return self._title

    @property
    def inner(self) -> Block:
        """What stands in it."""
        return self._inner

    def height(self, width: float) -> float:
        high = self._inner.height(width)
        return high + self._head if high else 0.0

    def split(self, width: float, room: float) -> tuple[Block | None, Block | None]:
        if not self._inner.height(width):
            return (self, None) if room >= self._head + _LEAST * self._text else (None, None)
        fits, rest = self._inner.split(width, room - self._head)
        more = _("{title}（续）").format(title=self._title.removesuffix(_("（续）")))
        return fits and Panel(self._title, fits, self._text, self._note), rest and Panel(more, rest, self._text)

    def listings(self) -> list[Listing]:
        whole = self._title.removesuffix(_("（续）"))
        return [replace(one, title=whole, goes_on=self._title != whole) for one in self._inner.listings()]

    def draw(self, painter: QPainter, place: Rect, page: Page) -> None:
        size, colour = self._text * _HEADING, accent(page)
        line = place.y + self._text * 2.45
        painter.fillRect(QRectF(place.x, line - size * 1.08, size * 0.32, size * 1.02), QColor(colour))
        x = place.x + size * 0.6
        fonts.write(painter, x, line - size * 0.22, self._title, size, colour, bold=True)
        room = place.width - (x - place.x) - fonts.width(self._title, size, True) - self._text
        fonts.write(
            painter, place.right, line - size * 0.22, fonts.shortened(self._note, self._text, room) if self._note else "", self._text, INK, align="right"
        )
        painter.setPen(QPen(QColor(colour), self._text * 0.14))
        painter.drawLine(QPointF(place.x, line), QPointF(place.right, line))
        self._inner.draw(painter, Rect(place.x, place.y + self._head, place.width, place.height - self._head), page)

    @property
    def _head(self) -> float:
        return self._text * _HEAD
