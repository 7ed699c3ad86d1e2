"""指挥体系 as a drawing: the office on top, one frame for each level below it, joined by arrows."""

from __future__ import annotations

from collections.abc import Sequence
from math import ceil
from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen, QPolygonF

from chuangwen.render import fonts
from chuangwen.render.paper.block import INK, Block, rect, shade, thin
from chuangwen.render.paper.panel import accent
from chuangwen.services.paper.command import Level, Post
from chuangwen.services.paper.frames import Rect
from chuangwen.text import _

if TYPE_CHECKING:
    from chuangwen.render.paper.page import Page

# Of the text: the head's box, an arrow, a level's title, one post with the gap beneath it, white inside a frame, the narrowest place for a post.
_TOP, _ARROW, _TITLE, _POST, _PAD, _NARROW = 2.8, 1.3, 1.9, 1.62, 0.5, 7.0
_BETWEEN = 0.5


class CommandTree(Block):
    """`head` above the `levels`; `text` mm. `rows`: so many rows of one level at most, the rest is counted."""

    def __init__(self, head: str, levels: Sequence[Level], text: float, rows: int = 99) -> None:
        self._head, self._levels, self._text, self._rows = head, tuple(levels), text, rows

    def height(self, width: float) -> float:
        return self._text * _TOP + sum(self._text * _ARROW + self._high(level, width) for level in self._levels)

    def draw(self, painter: QPainter, place: Rect, page: Page) -> None:
        text, colour = self._text, accent(page)
        middle = place.x + place.width / 2
        size = text * 1.6
        wide = min(fonts.width(self._head, size, True) + text * 3, place.width)
        top = Rect(middle - wide / 2, place.y, wide, text * _TOP)
        painter.setPen(QPen(QColor(colour), text * 0.1))
        painter.setBrush(QColor("#ffffff" if page.atlas.style.mono else colour))
        painter.drawRect(rect(top))
        ink = INK if page.atlas.style.mono else "#ffffff"
        head = fonts.shortened(self._head, size, wide - text, True)
        fonts.write(painter, middle, top.y + top.height / 2 + size * 0.37, head, size, ink, True, "centre")
        y = top.bottom
        for level in self._levels:
            self._arrow(painter, middle, y, colour)
            y += text * _ARROW
            frame = Rect(place.x, y, place.width, self._high(level, place.width))
            self._level(painter, level, frame, page)
            y = frame.bottom

    def _level(self, painter: QPainter, level: Level, frame: Rect, page: Page) -> None:
        text, colour = self._text, accent(page)
        painter.setPen(QPen(QColor(colour), text * 0.08))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRect(rect(frame))
        fonts.write(painter, frame.x + frame.width / 2, frame.y + text * 1.45, level.title, text * 1.25, colour, True, "centre")
        across = self._across(level, frame.width)
        wide = (frame.width - 2 * _PAD * text - (across - 1) * _BETWEEN * text) / across
        for number, post in enumerate(self._shown(level, across)):
            x = frame.x + _PAD * text + number % across * (wide + _BETWEEN * text)
            y = frame.y + _TITLE * text + number // across * _POST * text
            self._post(painter, post, QRectF(x, y, wide, (_POST - 0.25) * text), page)

    def _post(self, painter: QPainter, post: Post, box: QRectF, page: Page) -> None:
        text = self._text
        painter.setPen(QPen(thin(page), text * 0.04))
        painter.setBrush(shade(page, "#f6f6f6"))
        painter.drawRect(box)
        base = box.center().y() + text * 0.37
        load = fonts.width(post.load, text) if post.load else 0.0
        room = box.width() - load - text * (0.9 if load else 0.5)
        name = fonts.shortened(post.name, text, room)
        if load:
            fonts.write(painter, box.left() + text * 0.3, base, name, text, INK)
            fonts.write(painter, box.right() - text * 0.3, base, post.load, text, INK, align="right")
        else:
            fonts.write(painter, box.center().x(), base, name, text, INK, align="centre")

    def _arrow(self, painter: QPainter, x: float, y: float, colour: str) -> None:
        text = self._text
        end = y + text * _ARROW
        painter.setPen(QPen(QColor(colour), text * 0.2))
        painter.drawLine(QPointF(x, y), QPointF(x, end - text * 0.6))
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(colour))
        wing = text * 0.45
        painter.drawPolygon(QPolygonF([QPointF(x, end), QPointF(x - wing, end - text * 0.75), QPointF(x + wing, end - text * 0.75)]))

    def _across(self, level: Level, width: float) -> int:
        """So many posts in a row that the names fit, and rows of even length."""
        text = self._text
        widths = [fonts.width(post.name, text) + (fonts.width(post.load, text) + text * 0.4 if post.load else 0.0) + text * 0.7 for post in level.posts]
        # Nine in ten decide: one long name is shortened rather than all boxes made wide.
        wanted = max(sorted(widths)[int(len(widths) * 0.9)] if len(widths) > 1 else widths[0], _NARROW * text * 0.6)
        room = width - 2 * _PAD * text
        most = max(int((room + _BETWEEN * text) // (wanted + _BETWEEN * text)), 1)
        rows = ceil(len(level.posts) / most)
        return most if rows > self._rows else ceil(len(level.posts) / rows)

    def _shown(self, level: Level, across: int) -> tuple[Post, ...]:
        room = across * self._rows
        if len(level.posts) <= room:
            return level.posts
        kept = level.posts[: room - 1]
        return (*kept, Post(_("其余 {count} 个").format(count=len(level.posts) - len(kept))))

    def _high(self, level: Level, width: float) -> float:
        across = self._across(level, width)
        return self._text * (_TITLE + ceil(len(self._shown(level, across)) / across) * _POST + 0.35)
