"""A legend in lines, for under a map: symbol and words one after the other."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF
from PySide6.QtGui import QPainter

from chuangwen.render import fonts
from chuangwen.render.draw import draw_swatch
from chuangwen.render.paper.block import INK, Block
from chuangwen.render.paper.legend import Entry
from chuangwen.services.paper.frames import Rect

if TYPE_CHECKING:
    from chuangwen.render.paper.page import Page

_SWATCH, _GAP, _STEP = 1.7, 0.9, 1.6  # of the text


class LegendStrip(Block):
    """`found` is asked once its height is wanted; points bear their number. Entries flow in lines."""

    def __init__(self, found: Callable[[], list[Entry]], text: float) -> None:
        self._found, self._text = found, text

    def height(self, width: float) -> float:
        return max((y + high for _entry, _words, _x, y, high in self._placed(width)), default=0.0)

    def draw(self, painter: QPainter, place: Rect, page: Page) -> None:
        text = self._text
        for (layer, symbol, _words, _count), words, x, y, high in self._placed(place.width):
            box = QRectF(place.x + x, place.y + y + 0.3, text * _SWATCH, high - 0.6)
            draw_swatch(painter, layer, symbol, box, page.atlas.style.mono)
            fonts.write(painter, place.x + x + text * (_SWATCH + 0.35), place.y + y + high / 2 + text * 0.37, words, text, INK)

    def _placed(self, width: float) -> Iterator[tuple[Entry, str, float, float, float]]:
        """Each entry, its words, its place and height, mm."""
        text, x, y = self._text, 0.0, 0.0
        for entry in self._found():
            layer, _symbol, words, count = entry
            if layer.kind == "subject" and layer.geometry == "point":
                words = f"{words} {count}"
            wide = text * (_SWATCH + 0.35) + fonts.width(words, text)
            if x and x + wide > width:
                x, y = 0.0, y + text * _STEP
            yield entry, words, x, y, text * _STEP
            x += wide + text * _GAP
