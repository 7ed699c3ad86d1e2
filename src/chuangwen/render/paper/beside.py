"""Blocks side by side: two short tables in the height of one."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from PySide6.QtGui import QPainter

from chuangwen.render.paper.block import Block, Listing
from chuangwen.services.paper.frames import Rect

if TYPE_CHECKING:
    from chuangwen.render.paper.page import Page


class Beside(Block):
    """`columns`: share of the width and what stands in it, from top to bottom; `gap` mm between all. Not divided."""

    def __init__(self, columns: Sequence[tuple[float, Sequence[Block]]], gap: float) -> None:
        self._columns, self._gap = tuple(columns), gap

    def height(self, width: float) -> float:
        return max((place.bottom for _block, place in self._placed(Rect(0, 0, width, 0))), default=0.0)

    def listings(self) -> list[Listing]:
        return [one for _share, blocks in self._columns for block in blocks for one in block.listings()]

    def draw(self, painter: QPainter, place: Rect, page: Page) -> None:
        for block, own in self._placed(place):
            block.draw(painter, own, page)

    def _placed(self, place: Rect) -> Iterator[tuple[Block, Rect]]:
        whole = sum(share for share, _blocks in self._columns)
        room = place.width - self._gap * (len(self._columns) - 1)
        x = place.x
        for share, blocks in self._columns:
            wide, y = room * share / whole, place.y
            for block in blocks:
                high = block.height(wide)
                yield block, Rect(x, y, wide, high)
                y += high + self._gap
            x += wide + self._gap
