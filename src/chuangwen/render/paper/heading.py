"""The title of a sheet, with a line of facts beneath."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtGui import QPainter

from chuangwen.render import fonts
from chuangwen.render.paper.block import INK, Block
from chuangwen.services.paper.frames import Rect
from chuangwen.text import _

if TYPE_CHECKING:
    from chuangwen.render.paper.page import Page

_TITLE, _FACTS = 2.24, 1.08  # of the sheet's text
_LEAST = 1.3  # a long title is written in two lines rather than smaller than this


class Heading(Block):
    """`title` in bold, centred, in one line or two; `facts` on the last line. Continuation sheets say 续."""

    def __init__(self, title: str, facts: Sequence[str], text: float) -> None:
        self._title, self._facts, self._text = title, "　".join(facts), text

    def height(self, width: float) -> float:
        return self._text * 5.4

    def draw(self, painter: QPainter, place: Rect, page: Page) -> None:
        title = self._title if page.part == 0 else _("{title}（续 {part}）").format(title=self._title, part=page.part)
        middle = place.x + place.width / 2
        facts = self._text * _FACTS
        facts_lines = fonts.wrapped(self._facts, facts, place.width) if self._facts else []
        room = place.height - len(facts_lines) * facts * 1.35
        lines, size = self._lettered(title, place.width, room)
        y = place.y + (room - len(lines) * size * 1.2) / 2
        for line in lines:
            fonts.write(painter, middle, y + fonts.ascent(size), line, size, INK, True, "centre")
            y += size * 1.2
        y = place.y + room
        for line in facts_lines:
            fonts.write(painter, middle, y + fonts.ascent(facts), line, facts, "#333333", align="centre")
            y += facts * 1.35

    def _lettered(self, title: str, width: float, room: float) -> tuple[list[str], float]:
        """The largest size at which the title fits, in one line while that is not too small."""
        size = self._text * _TITLE
        while fonts.width(title, size, True) > width and size > self._text * _LEAST:
            size *= 0.96
        if fonts.width(title, size, True) <= width:
            return [title], size
        lines = fonts.wrapped(title, size, width, True)
        while len(lines) * size * 1.2 > room and size > self._text:
            size *= 0.95
            lines = fonts.wrapped(title, size, width, True)
        return lines, size
