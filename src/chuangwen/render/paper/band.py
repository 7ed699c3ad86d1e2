"""The band beneath a wall map: a short list, and what fills the room beside it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtGui import QPainter

from chuangwen.render.paper.block import Block
from chuangwen.services.paper.frames import Rect

if TYPE_CHECKING:
    from chuangwen.render.paper.page import Page


class Band(Block):
    """`left`, `share` of the width wide, and `right` in what is left of it, `gap` mm between them; as high as the left one, or the room it is given."""

    def __init__(self, left: Block, right: Block, share: float, gap: float) -> None:
        self._left, self._right, self._share, self._gap = left, right, share, gap

    @property
    def left(self) -> Block:
        """The list."""
        return self._left

    def height(self, width: float) -> float:
        return 0.0

    def split(self, width: float, room: float) -> tuple[Block | None, Block | None]:
        fits, rest = self._left.split(width * self._share, room)
        return fits and Band(fits, self._right, self._share, self._gap), rest

    def draw(self, painter: QPainter, place: Rect, page: Page) -> None:
        wide = place.width * self._share
        self._left.draw(painter, Rect(place.x, place.y, wide, place.height), page)
        self._right.draw(painter, Rect(place.x + wide + self._gap, place.y, place.width - wide - self._gap, place.height), page)
