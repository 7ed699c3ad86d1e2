"""图例 of a wall map, as high as it needs to be: entries in columns, the symbol as large as a hand can point at."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from math import ceil
from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF
from PySide6.QtGui import QPainter

from chuangwen.domain.layer import Layer, Symbol
from chuangwen.render import fonts
from chuangwen.render.draw import draw_swatch
from chuangwen.render.paper.block import INK, Block
from chuangwen.services.paper.frames import Rect

if TYPE_CHECKING:
    from chuangwen.render.paper.page import Page

KeyEntry = tuple[Layer, Symbol, str]
"""Layer, symbol, words."""
_STEP, _SWATCH, _GAP = 1.85, 2.9, 0.6  # of the text


class Key(Block):
    """`found` is asked once, when its height is first needed; `text` mm."""

    def __init__(self, found: Callable[[], Sequence[KeyEntry]], text: float) -> None:
        self._ask, self._text = found, text
        self._found: Sequence[KeyEntry] | None = None

    @property
    def entries(self) -> Sequence[KeyEntry]:
        """What it explains."""
        if self._found is None:
            self._found = self._ask()
        return self._found

    def height(self, width: float) -> float:
        return self._rows(width) * self._text * _STEP

    def draw(self, painter: QPainter, place: Rect, page: Page) -> None:
        text, rows = self._text, self._rows(place.width)
        across = ceil(len(self.entries) / rows) if self.entries else 1
        wide, step = place.width / across, text * _STEP
        for number, (layer, symbol, words) in enumerate(self.entries):
            x, y = place.x + number // rows * wide, place.y + number % rows * step
            draw_swatch(painter, layer, symbol, QRectF(x, y + step * 0.08, text * (_SWATCH - 0.4), step * 0.84), page.atlas.style.mono)
            room = wide - text * _SWATCH
            fonts.write(painter, x + text * _SWATCH, y + step / 2 + text * 0.37, fonts.shortened(words, text, room), text, INK)

    def _rows(self, width: float) -> int:
        if not self.entries:
            return 1
        widths = sorted(fonts.width(words, self._text) for _layer, _symbol, words in self.entries)
        wanted = widths[-1] + (_SWATCH + _GAP) * self._text
        return ceil(len(self.entries) / max(int(width // wanted), 1))
