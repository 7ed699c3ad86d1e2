"""The foot of a sheet: a line to fill in, who made it and from which data, the check ruler, the QR code (domain.md 6.1)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF
from PySide6.QtGui import QPainter, QPen

from chuangwen.domain.geo import central_meridian, point_scale
from chuangwen.render import fonts
from chuangwen.render.paper import furniture
from chuangwen.render.paper.block import INK, Block, thin
from chuangwen.services.paper.frames import Rect
from chuangwen.text import _

if TYPE_CHECKING:
    from chuangwen.render.paper.page import Page

_FILL_IN, _LINE = 3.3, 1.5  # of the text: height of the line to fill in, of a line of words
_CODE = 6.2


class Foot(Block):
    """`fill_in`: words with blanks for a pen ('' none); the rest says itself from the page."""

    def __init__(self, fill_in: str, text: float) -> None:
        self._fill_in, self._text = fill_in, text

    def height(self, width: float) -> float:
        return self._text * ((_FILL_IN if self._fill_in else 0.0) + 3 * _LINE + 0.4)

    def draw(self, painter: QPainter, place: Rect, page: Page) -> None:
        text, style = self._text, page.atlas.style
        code = min(_CODE * text, place.height)
        furniture.qr(painter, page.identity, Rect(place.right - code, place.bottom - code, code, code))
        room = place.width - code - text
        y = place.y
        if self._fill_in:
            line = self._fill_in
            fonts.write(painter, place.x, y + _FILL_IN * text * 0.66, fonts.shortened(line, text * 1.12, room), text * 1.12, INK)
            y += _FILL_IN * text
        painter.setPen(QPen(thin(page), 0.12))
        painter.drawLine(QPointF(place.x, y), QPointF(place.x + room, y))
        small = text * 0.96
        made = [
            _("制图单位：{office}").format(office=style.office),
            _("制图日期：{day}").format(day=style.printed),
            _("数据截止：{time}").format(time=style.data_time),
        ]
        news = page.sheet.news
        lines = ["　　".join(made), self._system(page) if not news else _("与上次相比：{news}").format(news=news) + "　　" + self._system(page)]
        for words in lines:
            y += _LINE * text
            fonts.write(painter, place.x, y, fonts.shortened(words, small, room), small, INK)
        y += _LINE * text
        furniture.ruler(painter, place.x, y, text)
        where = _("{note}　　第 {number} 页　共 {count} 页").format(note=style.note, number=page.number, count=len(page.atlas.pages))
        fonts.write(painter, place.x + room, y, where, small, INK, align="right")

    def _system(self, page: Page) -> str:
        epsg = page.atlas.project.epsg
        words = _("坐标系：CGCS2000 三度带 中央经线{degrees}°").format(degrees=central_meridian(epsg))
        if not page.sheet.maps:
            return words
        error = (point_scale(page.sheet.map.centre[0]) - 1) * 100_000
        return words + "　　" + _("投影变形：每千米 {error:+.1f} 厘米").format(error=error)
