"""The legend in a line or two beneath a map that takes the whole width."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF
from PySide6.QtGui import QPainter

from chuangwen.render import fonts
from chuangwen.render.draw import draw_swatch
from chuangwen.render.paper.block import INK, Block
from chuangwen.render.paper.legend import Entry
from chuangwen.services.paper.frames import Rect
from chuangwen.text import _

if TYPE_CHECKING:
    from chuangwen.render.paper.page import Page

_WORDS, _SWATCH, _GAP, _STEP = 0.92, 2.25, 1.3, 1.62  # of the text: size of words, width of a swatch, between entries, between lines


class LegendLine(Block):
    """图例: entries one after the other; as many lines as they need. `found` is asked once the sheet is laid out."""

    def __init__(self, found: Callable[[], list[Entry]], text: float) -> None:
        self._found, self._text = found, text

    def height(self, width: float) -> float:
        return (max((line for line, _x, _entry in self._placed(width)), default=0) + 1) * self._text * _STEP

    def draw(self, painter: QPainter, place: Rect, page: Page) -> None:
        text, step = self._text, self._text * _STEP
        base = step / 2 + text * 0.37
        fonts.write(painter, place.x, place.y + base, _("图例"), text, INK, bold=True)
        for line, x, (layer, symbol, words, count) in self._placed(place.width):
            y = place.y + line * step
            draw_swatch(painter, layer, symbol, QRectF(place.x + x, y + 0.2, text * 1.9, step - 0.4), page.atlas.style.mono)
            fonts.write(painter, place.x + x + text * _SWATCH, y + base, self._words(layer.kind == "subject", words, count), text * _WORDS, INK)

    def _placed(self, width: float) -> list[tuple[int, float, Entry]]:
        """Line, left edge and entry."""
        first = fonts.width(_("图例"), self._text, True) + self._text * _GAP
        found, line, x = [], 0, first
        for entry in self._found():
            layer, _symbol, words, count = entry
            wide = self._text * _SWATCH + fonts.width(self._words(layer.kind == "subject", words, count), self._text * _WORDS)
            if x > first and x + wide > width:
                line, x = line + 1, first
            found.append((line, x, entry))
            x += wide + self._text * _GAP
        return found

    def _words(self, counted: bool, words: str, count: int) -> str:
        return f"{words} {count}" if counted and count > 1 else words
