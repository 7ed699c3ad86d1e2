"""The legend in a line or two beneath a map that takes the whole width."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cached_property
from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF
from PySide6.QtGui import QPainter

from chuangwen.render import fonts
from chuangwen.render.draw import draw_swatch
from chuangwen.render.fonts import Shortened
from chuangwen.render.paper.block import INK, Block
from chuangwen.render.paper.legend import Entry
from chuangwen.services.paper.frames import Rect
from chuangwen.text import _

if TYPE_CHECKING:
    from chuangwen.render.paper.page import Page

_WORDS, _SWATCH, _GAP, _STEP = 0.92, 2.25, 1.3, 1.62  # of the text: size of words, width of a swatch, between entries, between lines
_LEAST = 2.31  # mm: the words are six points high then


class LegendLine(Block):
    """图例: entries one after the other. `found` is asked once the sheet is laid out.

    As many lines as they need; `fixed`: in whatever frame it is given, written smaller where they are many, and what finds no room even at six points
    is told to the pre-flight.
    """

    def __init__(self, found: Callable[[], list[Entry]], text: float, *, fixed: bool = False) -> None:
        self._ask, self._text, self._fixed = found, text, fixed

    def height(self, width: float) -> float:
        return 0.0 if self._fixed else self._lines(width, self._text) * self._text * _STEP

    def draw(self, painter: QPainter, place: Rect, page: Page) -> None:
        text = self._text
        while self._fixed and text > _LEAST and self._lines(place.width, text) * text * _STEP > place.height + 1e-6:
            text = max(text * 0.96, _LEAST)
        step = text * _STEP
        base = step / 2 + text * 0.37
        fonts.write(painter, place.x, place.y + base, _("图例"), text, INK, bold=True)
        for line, x, (layer, symbol, words, count) in _placed(self._found, place.width, text):
            y = place.y + line * step
            if y + step > place.bottom + 0.1:
                fonts.write(painter, place.right, place.bottom - text * 0.3, Shortened("…", words), text, INK, align="right")
                break
            draw_swatch(painter, layer, symbol, QRectF(place.x + x, y + 0.2, text * 1.9, step - 0.4), page.atlas.style.mono)
            fonts.write(painter, place.x + x + text * _SWATCH, y + base, _said(layer.kind == "subject", words, count), text * _WORDS, INK)

    @cached_property
    def _found(self) -> list[Entry]:
        return self._ask()

    def _lines(self, width: float, text: float) -> int:
        return max((line for line, _x, _entry in _placed(self._found, width, text)), default=0) + 1


def _placed(entries: Sequence[Entry], width: float, text: float) -> list[tuple[int, float, Entry]]:
    """Line, left edge and entry."""
    first = fonts.width(_("图例"), text, True) + text * _GAP
    found, line, x = [], 0, first
    for entry in entries:
        layer, _symbol, words, count = entry
        wide = text * _SWATCH + fonts.width(_said(layer.kind == "subject", words, count), text * _WORDS)
        if x > first and x + wide > width:
            line, x = line + 1, first
        found.append((line, x, entry))
        x += wide + text * _GAP
    return found


def _said(counted: bool, words: str, count: int) -> str:
    return f"{words} {count}" if counted and count > 1 else words
