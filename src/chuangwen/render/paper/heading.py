"""The title of a sheet, with a line of facts beneath; the office's heading and logo on its left, the mark (内部使用) on its right."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QImage, QImageReader, QPainter, QPen

from chuangwen.render import fonts
from chuangwen.render.paper.block import INK, Block
from chuangwen.services.paper.frames import Rect
from chuangwen.text import _

if TYPE_CHECKING:
    from chuangwen.render.paper.page import Page

_TITLE, _FACTS = 2.24, 1.08  # of the sheet's text
_LINE = 1.2  # of a line's text
_LEAST = 1.3  # a long title is written in two lines rather than smaller than this
_LOGO = 3.2  # of the text: height
_LOGO_DOTS = 1200  # pixels on a side: more are not seen at this size
_MARK = "#b01818"


class Heading(Block):
    """`title` in bold, centred, in one line or two; `facts` on the last line. Continuation sheets say 续."""

    def __init__(self, title: str, facts: Sequence[str], text: float) -> None:
        self._title, self._facts, self._text = title, "　".join(facts), text

    def height(self, width: float) -> float:
        return self._text * 5.4

    def draw(self, painter: QPainter, place: Rect, page: Page) -> None:
        title = self._title if page.part == 0 else _("{title}（续 {part}）").format(title=self._title, part=page.part)
        aside = max(self._imprint(painter, place, page), self._mark(painter, place, page))
        middle = place.x + place.width / 2
        facts = self._text * _FACTS
        facts_lines = fonts.wrapped(self._facts, facts, place.width) if self._facts else []
        room = place.height - len(facts_lines) * facts * 1.35
        lines, size = self._lettered(title, place.width - 2 * aside, room)
        y = place.y + (room - len(lines) * size * _LINE) / 2
        for line in lines:
            fonts.write(painter, middle, y + fonts.ascent(size), line, size, INK, True, "centre")
            y += size * _LINE
        y = place.y + room
        for line in facts_lines:
            fonts.write(painter, middle, y + fonts.ascent(facts), line, facts, INK, align="centre")
            y += facts * 1.35

    def _lettered(self, title: str, width: float, room: float) -> tuple[list[str], float]:
        """The largest size at which the title fits, in one line while that is not too small."""
        size = self._text * _TITLE
        while fonts.width(title, size, True) > width and size > self._text * _LEAST:
            size *= 0.96
        if fonts.width(title, size, True) <= width:
            return [title], size
        size = room / (2 * _LINE)
        while len(fonts.wrapped(title, size, width, True)) * size * _LINE > room and size > self._text:
            size *= 0.95
        return _even(title, size, width), size

    def _imprint(self, painter: QPainter, place: Rect, page: Page) -> float:
        """Logo and heading in the upper left corner; how far they reach, mm."""
        style, text = page.atlas.style, self._text
        reach = 0.0
        logo = logo_of(style.logo) if style.logo is not None else None
        if logo is not None:
            high = _LOGO * text
            wide = min(high * logo.width() / max(logo.height(), 1), place.width / 6)
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
            painter.drawImage(QRectF(place.x, place.y, wide, wide * logo.height() / max(logo.width(), 1)), logo)
            reach = wide + text * 0.6
        if style.heading:
            lines = fonts.wrapped(style.heading, text * 1.1, place.width / 4, True)
            for number, line in enumerate(lines):
                fonts.write(painter, place.x + reach, place.y + fonts.ascent(text * 1.1) + number * text * 1.4, line, text * 1.1, INK, True)
            reach += max(fonts.width(line, text * 1.1, True) for line in lines) + text
        return reach

    def _mark(self, painter: QPainter, place: Rect, page: Page) -> float:
        """The mark in a box in the upper right corner; how far it reaches, mm."""
        words, text = page.atlas.style.mark, self._text * 1.1
        if not words:
            return 0.0
        wide = fonts.width(words, text, True) + text
        colour = INK if page.atlas.style.mono else _MARK
        box = QRectF(place.right - wide, place.y, wide, text * 1.6)
        painter.setPen(QPen(QColor(colour), 0.3))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRect(box)
        fonts.write(painter, box.center().x(), box.center().y() + text * fonts.CAP_HEIGHT / 2, words, text, colour, True, "centre")
        return wide + text


def _even(title: str, size: float, width: float) -> list[str]:
    """The title in as few lines as it needs, all about equally long: no single character is left over."""
    fewest = len(fonts.wrapped(title, size, width, True))
    room = fonts.width(title, size, True) / fewest
    while len(lines := fonts.wrapped(title, size, room, True)) > fewest:
        room += size / 2
    return lines


@lru_cache(maxsize=4)
def logo_of(path: Path) -> QImage | None:
    """The picture of a logo, no larger than it is of use; None where it cannot be read."""
    reader = QImageReader(str(path))
    reader.setAutoTransform(True)
    size = reader.size()
    if size.isValid() and max(size.width(), size.height()) > _LOGO_DOTS:
        reader.setScaledSize(size.scaled(_LOGO_DOTS, _LOGO_DOTS, Qt.AspectRatioMode.KeepAspectRatio))
    picture = reader.read()
    return None if picture.isNull() else picture
