"""What is drawn over a map and is no feature: notes at its edges, match lines, an inset."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QColor, QPainter, QPen

from chuangwen.render import fonts
from chuangwen.render.paper.block import INK, rect
from chuangwen.render.view import MapView
from chuangwen.services.paper.frames import Rect
from chuangwen.services.paper.inset_place import CAPTION, InsetPlace
from chuangwen.text import _

if TYPE_CHECKING:
    from chuangwen.render.paper.map_block import MapBlock
    from chuangwen.render.paper.page import Page

_PAD = 0.7


class Overlay(ABC):
    """Drawn after the map, its origin at the frame's top left, in mm."""

    @property
    def maps(self) -> tuple[MapBlock, ...]:
        """Maps of its own."""
        return ()

    @abstractmethod
    def boxes(self, view: MapView, taken: Sequence[Rect]) -> list[Rect]:
        """Where no label may stand; `taken` by others before it."""

    @abstractmethod
    def draw(self, painter: QPainter, view: MapView, taken: Sequence[Rect], page: Page) -> None:
        """Paint it."""


class MatchLines(Overlay):
    """接图线: `lines` side (north …) → mm from the frame's top or left; `words` side → which sheet goes on there."""

    def __init__(self, lines: Mapping[str, float], words: Mapping[str, str], text: float) -> None:
        self._lines, self._words, self._text = lines, words, text

    def boxes(self, view: MapView, taken: Sequence[Rect]) -> list[Rect]:
        return [self._box(side, at, view) for side, at in self._lines.items()]

    def draw(self, painter: QPainter, view: MapView, taken: Sequence[Rect], page: Page) -> None:
        pen = QPen(QColor(INK), 0.35)
        pen.setCapStyle(Qt.PenCapStyle.FlatCap)
        pen.setDashPattern([8, 3, 1.5, 3])
        for side, at in self._lines.items():
            upright = side in ("west", "east")
            painter.setPen(pen)
            ends = (QPointF(at, 0), QPointF(at, view.height)) if upright else (QPointF(0, at), QPointF(view.width, at))
            painter.drawLine(*ends)
            box = self._box(side, at, view)
            painter.setPen(QPen(QColor(INK), 0.12))
            painter.setBrush(QColor("#ffffff"))
            painter.drawRect(rect(box))
            fonts.write(painter, box.x + _PAD, box.y + box.height / 2 + self._text * fonts.CAP_HEIGHT / 2, self._words.get(side, ""), self._text, INK)

    def _box(self, side: str, at: float, view: MapView) -> Rect:
        wide, high = fonts.width(self._words.get(side, ""), self._text) + 2 * _PAD, self._text * 1.6
        if side in ("west", "east"):
            return Rect(min(max(at - wide / 2, 0.6), view.width - wide - 0.6), view.height * 0.5 - high / 2, wide, high)
        return Rect(view.width * 0.5 - wide / 2, min(max(at - high / 2, 0.6), view.height - high - 0.6), wide, high)


class InsetMap(Overlay):
    """放大图: a part of the map once more, larger, in a corner; a frame on the main map says which part."""

    def __init__(self, inset: InsetPlace, block: MapBlock, text: float) -> None:
        self._inset, self._block, self._text = inset, block, text

    @property
    def maps(self) -> tuple[MapBlock, ...]:
        return (self._block,)

    def boxes(self, view: MapView, taken: Sequence[Rect]) -> list[Rect]:
        return [self._inset.place.inset(-0.6)]

    def draw(self, painter: QPainter, view: MapView, taken: Sequence[Rect], page: Page) -> None:
        place, source = self._inset.place, self._inset.source
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(QColor("#ffffff"), 0.9))
        painter.drawRect(rect(source))
        painter.setPen(QPen(QColor(INK), 0.3))
        painter.drawRect(rect(source))
        painter.setBrush(QColor("#ffffff"))
        painter.drawRect(rect(place))
        words = _("放大图 {scale}").format(scale=f"1:{self._inset.part.denominator:,.0f}".replace(",", " "))
        fonts.write(painter, place.x + _PAD, place.y + CAPTION * 0.72, words, self._text, INK, bold=True)
        self._block.draw(painter, Rect(place.x, place.y + CAPTION, place.width, place.height - CAPTION), page)
