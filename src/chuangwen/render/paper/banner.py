"""The title across a wall map, read from the door."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF
from PySide6.QtGui import QColor, QPainter

from chuangwen.render import fonts
from chuangwen.render.paper.block import INK, Block
from chuangwen.render.paper.heading import logo_of
from chuangwen.render.paper.panel import accent
from chuangwen.services.paper.frames import Rect
from chuangwen.text import _

if TYPE_CHECKING:
    from chuangwen.render.paper.page import Page

_SIZE = 0.66  # of the height: the title's letters
_SIDE = 0.17  # of the width, on each side: kept for the small print
_SPACED = 0.12  # em between the letters of the title


class Banner(Block):
    """`title` in large letters, centred; what it is for at its left, the state of the data at its right; a thick and a thin line beneath."""

    def __init__(self, title: str, text: float) -> None:
        self._title, self._text = title, text

    def height(self, width: float) -> float:
        return 0.0

    def draw(self, painter: QPainter, place: Rect, page: Page) -> None:
        title = self._title if page.part == 0 else _("{title}（续 {part}）").format(title=self._title, part=page.part)
        colour, text = accent(page), self._text
        lines = place.height * 0.1
        room, high = place.width * (1 - 2 * _SIDE), place.height - lines
        size = place.height * _SIZE
        wide = _run(title, size)
        size *= min(room / wide, 1.0)
        x = place.x + (place.width - _run(title, size)) / 2
        base = place.y + high / 2 + size * (fonts.ASCENT - fonts.DESCENT) / 2
        for letter in title:
            fonts.write(painter, x, base, letter, size, colour, bold=True)
            x += fonts.width(letter, size, True) + size * _SPACED
        self._corners(painter, Rect(place.x, place.y, place.width, high - text * 0.6), page)
        painter.fillRect(QRectF(place.x, place.bottom - lines * 0.72, place.width, lines * 0.4), QColor(colour))
        painter.fillRect(QRectF(place.x, place.bottom - lines * 0.12, place.width, lines * 0.12), QColor(colour))

    def _corners(self, painter: QPainter, place: Rect, page: Page) -> None:
        """Who issues it at the left, its mark and the state of the data at the right; from the foot upwards."""
        style, small, side = page.atlas.style, self._text * 1.5, place.width * _SIDE * 0.95
        x = place.x
        logo = logo_of(style.logo) if style.logo is not None else None
        if logo is not None:
            tall = min(place.height, side * 0.5 * logo.height() / max(logo.width(), 1))
            wide = tall * logo.width() / max(logo.height(), 1)
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
            painter.drawImage(QRectF(x, place.bottom - tall, wide, tall), logo)
            x += wide + self._text
        left = [
            *fonts.wrapped(style.office, small, place.x + side - x),
            *(fonts.wrapped(style.heading, small, place.x + side - x, True) if style.heading else ()),
        ]
        for number, words in enumerate(reversed(left)):
            fonts.write(painter, x, place.bottom - number * small * 1.4, words, small, INK)
        right = [_("数据截止 {time}").format(time=style.data_time), style.note, style.mark or _("内部使用")]
        for number, words in enumerate(one for one in right if one):
            marked = words == right[-1]
            size = small * (1.3 if marked else 1.0)
            fonts.write(painter, place.right, place.bottom - number * small * 1.4, fonts.shortened(words, size, side, marked), size, INK, marked, "right")


def _run(title: str, size: float) -> float:
    return fonts.width(title, size, True) + (len(title) - 1) * size * _SPACED
