"""Paragraphs of plain words, wrapped: 网格长：某某, one under the other."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from PySide6.QtGui import QPainter

from chuangwen.render import fonts
from chuangwen.render.paper.block import INK, Block
from chuangwen.services.paper.frames import Rect

if TYPE_CHECKING:
    from chuangwen.render.paper.page import Page

_LEADING = 1.32


def labelled(pairs: Iterable[tuple[str, str]]) -> list[str]:
    """标签：值 for each pair; an empty value is a dash."""
    return [f"{label}：{value or '—'}" for label, value in pairs]


class Words(Block):
    """`paragraphs`, each wrapped to the frame; `text` mm. Divided between lines."""

    def __init__(self, paragraphs: Sequence[str], text: float, bold: bool = False) -> None:
        self._paragraphs, self._text, self._bold = tuple(paragraphs), text, bold

    def height(self, width: float) -> float:
        return len(self.lines(width)) * self._text * _LEADING

    def split(self, width: float, room: float) -> tuple[Block | None, Block | None]:
        fitting = int((room + 1e-6) / (self._text * _LEADING))
        lines = self.lines(width)
        if len(lines) <= fitting:
            return self, None
        if fitting <= 0:
            return None, self
        rest: list[str] = []
        left = fitting
        for paragraph in self._paragraphs:
            own = self._wrapped(paragraph, width)
            if left < len(own):
                rest.append("".join(own[left:]))
            left = max(left - len(own), 0)
        return Words(lines[:fitting], self._text, self._bold), Words(rest, self._text, self._bold)

    def draw(self, painter: QPainter, place: Rect, page: Page) -> None:
        for number, line in enumerate(self.lines(place.width)):
            fonts.write(painter, place.x, place.y + number * self._text * _LEADING + fonts.ascent(self._text), line, self._text, INK, self._bold)

    def lines(self, width: float) -> list[str]:
        """What is written in a frame of `width` mm."""
        return [line for paragraph in self._paragraphs for line in self._wrapped(paragraph, width)]

    def _wrapped(self, paragraph: str, width: float) -> list[str]:
        return fonts.wrapped(paragraph, self._text, width, self._bold)
