"""The legend of what is on a sheet, in the style of its map, with counts."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF
from PySide6.QtGui import QPainter

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
                words = symbol.title or "、".join(layer.field(name).show(value) for name, values in symbol.when.items() for value in values) or layer.title
                found.append((layer, symbol, words, count))
    return found


class Legend(Block):
    """图例: `found` is asked when it is drawn. In columns; the number where it is of use."""

    def __init__(self, found: Callable[[], list[Entry]], text: float) -> None:
        self._found, self._text = found, text

    def height(self, width: float) -> float:
        return 0.0

    def draw(self, painter: QPainter, place: Rect, page: Page) -> None:
        text = self._text
        shown = self._found()
        fonts.write(painter, place.x, place.y + fonts.ascent(text * 1.15), _("图例"), text * 1.15, INK, bold=True)
        step = text * 1.62
        rows = max(int((place.height - text * 1.7) // step), 1)
        labels = [f"{words} {count}" if layer.kind == "subject" and layer.geometry == "point" else words for layer, _symbol, words, count in shown]
        columns = [labels[first : first + rows] for first in range(0, len(labels), rows)]
        swatch, gap = text * 2.25, text * 0.9
        wanted = [swatch + gap + max(fonts.width(label, text * 0.92) for label in column) for column in columns]
        squeeze = min(place.width / sum(wanted), 1.0) if wanted else 1.0  # every column gives way in the same measure
        x = place.x
        for number, column in enumerate(columns):
            wide = wanted[number] * squeeze
            for row, label in enumerate(column):
                layer, symbol, _words, _count = shown[number * rows + row]
                y = place.y + text * 1.7 + row * step
                draw_swatch(painter, layer, symbol, QRectF(x, y + 0.2, text * 1.9, step - 0.4), page.atlas.style.mono)
                words = fonts.shortened(label, text * 0.92, wide - swatch - 0.4)
                fonts.write(painter, x + swatch, y + step / 2 + text * 0.37, words, text * 0.92, INK)
            x += wide
