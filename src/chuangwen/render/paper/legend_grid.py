"""A legend in columns of equal width, as high as it needs to be: no word is cut."""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property
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

_TITLE, _STEP, _SWATCH, _GAP = 1.7, 1.55, 2.1, 1.0  # of the text


class LegendGrid(Block):
    """图例: `found` is asked when its height is wanted; points bear their number. `text` mm."""

    def __init__(self, found: Callable[[], list[Entry]], text: float) -> None:
        self._ask, self._text = found, text

    @cached_property
    def _found(self) -> list[tuple[Entry, str]]:
        return [(one, f"{one[2]} {one[3]}" if one[0].kind == "subject" and one[0].geometry == "point" else one[2]) for one in self._ask()]

    def height(self, width: float) -> float:
        return self._text * (_TITLE + self._rows(width) * _STEP)

    def draw(self, painter: QPainter, place: Rect, page: Page) -> None:
        text = self._text
        fonts.write(painter, place.x, place.y + fonts.ascent(text * 1.15), _("图例"), text * 1.15, INK, bold=True)
        rows = self._rows(place.width)
        step = place.width / self._columns(place.width)
        for number, ((layer, symbol, _words, _count), words) in enumerate(self._found):
            x, y = place.x + number // rows * step, place.y + text * (_TITLE + number % rows * _STEP)
            draw_swatch(painter, layer, symbol, QRectF(x, y + 0.25, text * 1.8, text * _STEP - 0.5), page.atlas.style.mono)
            fonts.write(painter, x + text * _SWATCH, y + text * (_STEP / 2 + 0.35), words, text * 0.92, INK)

    def _columns(self, width: float) -> int:
        widest = max((fonts.width(words, self._text * 0.92) for _entry, words in self._found), default=0.0)
        return max(int(width / (widest + self._text * (_SWATCH + _GAP))), 1)

    def _rows(self, width: float) -> int:
        return -(-len(self._found) // self._columns(width)) or 1
