"""The large parts of a public board: the road's name, whom to call, who put it up."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QPainter, QPen

from chuangwen.render import fonts
from chuangwen.render.paper import furniture
from chuangwen.render.paper.block import INK, Block, rect
from chuangwen.services.paper.frames import Rect
from chuangwen.text import _

if TYPE_CHECKING:
    from chuangwen.render.paper.page import Page

_GROUND = "#00565b"
_WHITE = "#ffffff"
_OVER = 8.5  # of the frame's 31: the line above the band


class NameBand(Block):
    """`over` on top, then a band with the `name` as large as fits and `facts` beneath it. On a black-and-white printer the band is a frame."""

    def __init__(self, over: str, name: str, facts: str, text: float) -> None:
        self._over, self._name, self._facts, self._text = over, name, facts, text

    def height(self, width: float) -> float:
        return self._text * 12.4

    def draw(self, painter: QPainter, place: Rect, page: Page) -> None:
        text, mono = self._text, page.atlas.style.mono
        over = place.height * _OVER / 31
        size = over * 0.78
        spaced = " ".join(self._over)
        fonts.write(painter, place.x + place.width / 2, place.y + fonts.ascent(size), spaced, size, INK, True, "centre")
        band = Rect(place.x, place.y + over, place.width, place.height - over)
        painter.setPen(QPen(QColor(INK), 0.6) if mono else Qt.PenStyle.NoPen)
        painter.setBrush(QColor(_WHITE if mono else _GROUND))
        painter.drawRect(rect(band.inset(0.3) if mono else band))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        ink = INK if mono else _WHITE
        facts = text * 1.5
        room = band.width - 4 * text
        large = band.height * (0.56 if self._facts else 0.7)
        large = min(large, large * room / max(fonts.width(self._name, large, True), 1e-6))
        words = fonts.shortened(self._facts, facts, room)
        high = large + (facts * 1.35 if words else 0.0)
        y = band.y + (band.height - high) / 2
        fonts.write(painter, band.x + band.width / 2, y + fonts.ascent(large), self._name, large, ink, True, "centre")
        if words:
            fonts.write(painter, band.x + band.width / 2, y + large + facts * 0.3 + fonts.ascent(facts), words, facts, ink, align="centre")


class Call(Block):
    """Whom to call, in a frame: `label` and `number` (a line for the pen where there is none), beside a QR code with the section's `code` beneath."""

    def __init__(self, label: str, number: str, code: str, text: float) -> None:
        self._label, self._number, self._code, self._text = label, number, code, text

    def height(self, width: float) -> float:
        return self._text * 8.0

    def draw(self, painter: QPainter, place: Rect, page: Page) -> None:
        text = self._text
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(QColor(INK), 0.4))
        painter.drawRect(rect(place))
        side = place.height - text * 2.1
        code = Rect(place.right - side - text * 0.7, place.y + text * 0.5, side, side)
        furniture.qr(painter, page.identity, code)
        fonts.write(painter, code.x + side / 2, place.bottom - text * 0.5, self._code, text, INK, True, "centre")
        room = code.x - place.x - text * 2
        fonts.write(painter, place.x + text, place.y + text * 2.1, self._label, text * 1.3, INK, True)
        number = self._number or "＿" * 8
        size = text * 2.4
        size = min(size, size * room / fonts.width(number, size, True))
        fonts.write(painter, place.x + text, place.bottom - text * 1.6, number, size, INK, True)


class Imprint(Block):
    """Who put the board up and when. It is public: no mark of internal use."""

    def __init__(self, text: float) -> None:
        self._text = text

    def height(self, width: float) -> float:
        return self._text * 2.0

    def draw(self, painter: QPainter, place: Rect, page: Page) -> None:
        style, base = page.atlas.style, place.bottom - self._text * 0.4
        fonts.write(painter, place.x, base, _("公示单位：{office}").format(office=style.office), self._text, INK)
        fonts.write(painter, place.right, base, _("公示日期：{day}").format(day=style.printed), self._text, INK, align="right")
