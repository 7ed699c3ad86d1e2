"""The legend of what is on a sheet, in the style of its map, with counts."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF
from PySide6.QtGui import QPainter

from chuangwen.domain.classes import symbol_title
from chuangwen.domain.layer import Layer, Layers, Symbol
from chuangwen.render import fonts
from chuangwen.render.draw import draw_swatch
from chuangwen.render.paper.block import INK, Block
from chuangwen.services.paper.frames import Rect
from chuangwen.text import _

if TYPE_CHECKING:
    from chuangwen.render.paper.page import Page

Entry = tuple[Layer, Symbol, str, int]
"""Layer, symbol, words, how many."""


def entries(layers: Layers, counts: Mapping[tuple[str, int], int], skip: frozenset[str] = frozenset()) -> list[Entry]:
    """The classes on a sheet, topmost layer first."""
    found = []
    for layer in reversed(layers.drawn()):
        for number, symbol in enumerate(layer.symbols):
            count = counts.get((layer.id, number), 0)
            if count and layer.id not in skip:
                found.append((layer, symbol, symbol_title(layer, symbol), count))
    return found


_STEP, _SWATCH, _GAP = 1.62, 2.25, 0.9  # of the text: from row to row, a symbol with the gap after it, between columns
_WORDS = 0.92  # of the text
_SIZES = (1.0, 0.93, 0.87)  # tried in turn, until all stands side by side
_LEAST = 2.12  # mm: 6 pt


class Legend(Block):
    """图例: `found` is asked when it is drawn. In columns, written smaller where there is much of it; the number where it is of use."""

    def __init__(self, found: Callable[[], list[Entry]], text: float) -> None:
        self._found, self._text = found, text

    def height(self, width: float) -> float:
        return 0.0

    def draw(self, painter: QPainter, place: Rect, page: Page) -> None:
        shown = self._found()
        head = self._text * 1.15
        fonts.write(painter, place.x, place.y + fonts.ascent(head), _("图例"), head, INK, bold=True)
        labels = [f"{words} {count}" if layer.kind == "subject" and layer.geometry == "point" else words for layer, _symbol, words, count in shown]
        top = self._text * 1.7
        text, rows, wanted = self._set(labels, place.width, place.height - top)
        squeeze = min(place.width / sum(wanted), 1.0) if wanted else 1.0  # every column gives way in the same measure
        step, swatch, small = text * _STEP, text * _SWATCH, text * _WORDS
        x = place.x
        for number, wide in enumerate(one * squeeze for one in wanted):
            for row, label in enumerate(labels[number * rows : (number + 1) * rows]):
                layer, symbol, _words, _count = shown[number * rows + row]
                y = place.y + top + row * step
                draw_swatch(painter, layer, symbol, QRectF(x, y + 0.2, text * 1.9, step - 0.4), page.atlas.style.mono)
                words = fonts.shortened(label, small, wide - swatch - 0.4)
                fonts.write(painter, x + swatch, y + step / 2 + text * 0.37, words, small, INK)
            x += wide

    def _set(self, labels: list[str], width: float, height: float) -> tuple[float, int, list[float]]:
        """Size of the text, rows and the width of each column: the largest at which no column has to give way."""
        sizes = [self._text * size for size in _SIZES if size == _SIZES[0] or self._text * size * _WORDS >= _LEAST]
        for text in sizes:
            rows = max(int(height // (text * _STEP)), 1)
            columns = [labels[first : first + rows] for first in range(0, len(labels), rows)]
            wanted = [text * (_SWATCH + _GAP) + max(fonts.width(label, text * _WORDS) for label in column) for column in columns]
            if sum(wanted) <= width + text * _GAP:
                break
        return text, rows, wanted
