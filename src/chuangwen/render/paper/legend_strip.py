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
_LEAST = 2.12  # mm: six points


class LegendStrip(Block):
    """`found` is asked when it is drawn; points bear their number. Entries flow in lines, smaller down to `_LEAST` mm where they are many; what finds no
    room even then, the last of the base layers, is left out behind a mark.
    """

    def __init__(self, found: Callable[[], list[Entry]], text: float) -> None:
        self._found, self._text = found, text

    def height(self, width: float) -> float:
        return 0.0

    def draw(self, painter: QPainter, place: Rect, page: Page) -> None:
        found, text = self._found(), self._text
        while text > _LEAST and _lines(found, place.width, text) * text * _STEP > place.height + 1e-6:
            text = max(text * 0.95, _LEAST)
        high = text * _STEP
        for (layer, symbol, _words, _count), words, x, y in _placed(found, place.width, text):
            if y + high > place.height + 1e-6:
                fonts.write(painter, place.right, place.bottom - text * 0.4, "…", text, INK, align="right")
                break
            draw_swatch(painter, layer, symbol, QRectF(place.x + x, place.y + y + 0.3, text * _SWATCH, high - 0.6), page.atlas.style.mono)
            fonts.write(painter, place.x + x + text * (_SWATCH + 0.35), place.y + y + high / 2 + text * 0.37, words, text, INK)


def _placed(found: list[Entry], width: float, text: float) -> Iterator[tuple[Entry, str, float, float]]:
    """Each entry, its words and its place, mm."""
    x = y = 0.0
    for entry in found:
        layer, _symbol, words, count = entry
        if layer.kind == "subject" and layer.geometry == "point":
            words = f"{words} {count}"
        wide = text * (_SWATCH + 0.35) + fonts.width(words, text)
        if x and x + wide > width:
            x, y = 0.0, y + text * _STEP
        yield entry, words, x, y
        x += wide + text * _GAP


def _lines(found: list[Entry], width: float, text: float) -> int:
    return round(max((y for _entry, _words, _x, y in _placed(found, width, text)), default=0.0) / (text * _STEP)) + 1
