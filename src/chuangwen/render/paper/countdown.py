"""倒计时 and 关键数据: the numbers that are read from the other side of the room."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen

from chuangwen.domain.campaign import Campaign
from chuangwen.render import fonts
from chuangwen.render.paper.block import INK, Block, rect, shade, thin
from chuangwen.render.paper.panel import accent
from chuangwen.services.paper.figures import Figures
from chuangwen.services.paper.frames import Rect
from chuangwen.text import _

if TYPE_CHECKING:
    from chuangwen.render.paper.page import Page

_COUNT, _TILES, _GAP = 14.0, 15.5, 1.0  # of the text: heights of the countdown and of the figures, between tiles
_ACROSS = 4


class Countdown(Block):
    """距进驻还有 N 天: N as high as the box; beneath, the day itself and the day on which the sheet was made."""

    def __init__(self, campaign: Campaign, text: float) -> None:
        self._campaign, self._text = campaign, text

    def height(self, width: float) -> float:
        return self._text * _COUNT

    def draw(self, painter: QPainter, place: Rect, page: Page) -> None:
        mono, text = page.atlas.style.mono, self._text
        colour = INK if mono else "#ffffff"
        painter.setPen(QPen(QColor(accent(page)), text * 0.25))
        painter.setBrush(QColor("#ffffff" if mono else accent(page)))
        painter.drawRect(rect(place))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        before, number, after = self._words
        small, large = text * (3.4 if number else 6.0), text * 11.0
        wanted = fonts.width(before + after, small, True) + fonts.width(number, large, True) + text * 3
        shrink = min((place.width - 3 * text) / wanted, 1.0)
        small, large = small * shrink, large * shrink
        wide = wanted * shrink
        base = place.y + place.height * 0.5 + (large if number else small) * fonts.CAP_HEIGHT / 2 - text * 0.9
        x = place.x + (place.width - wide) / 2
        gap = text * 1.5 * shrink if number else 0.0
        for words, size in ((before, small), (number, large), (after, small)):
            fonts.write(painter, x, base, words, size, colour, bold=True)
            x += fonts.width(words, size, True) + gap
        days = [_("进驻日 {day}").format(day=f"{self._campaign.arrival:%Y-%m-%d}")] if self._campaign.arrival else []
        days.append(_("制图日 {day}").format(day=f"{self._campaign.today:%Y-%m-%d}"))
        fonts.write(painter, place.x + place.width / 2, place.bottom - text * 0.9, "　　".join(days), text * 1.2, colour, align="centre")

    @property
    def _words(self) -> tuple[str, str, str]:
        """What stands before, in and after the large number."""
        days = self._campaign.days_left
        if days is None:
            return _("进驻日待定"), "", ""
        return (_("距进驻还有"), str(days), _("天")) if days > 0 else (_("测评已结束") if self._campaign.is_over else _("测评组已进驻"), "", "")


class FigureTiles(Block):
    """Eight tiles: a large number, its name, and how it comes about."""

    def __init__(self, found: Figures, text: float) -> None:
        self._tiles = (
            (_thousands(found.sites), _("点位")),
            (_thousands(found.zones), _("网格")),
            (_thousands(found.sections), _("路段")),
            (_thousands(found.issues), _("问题")),
            (_thousands(found.closed), _("已销号")),
            (found.rate, _("整改率 {closed}/{issues}").format(closed=found.closed, issues=found.issues)),
            (_thousands(found.overdue), _("逾期")),
            (_thousands(found.unassigned), _("待指定")),
        )
        self._text = text

    def height(self, width: float) -> float:
        return self._text * _TILES

    def draw(self, painter: QPainter, place: Rect, page: Page) -> None:
        text, gap = self._text, self._text * _GAP
        rows = len(self._tiles) // _ACROSS
        wide = (place.width - (_ACROSS - 1) * gap) / _ACROSS
        high = (place.height - (rows - 1) * gap) / rows
        warn = accent(page)
        for number, (value, words) in enumerate(self._tiles):
            x, y = place.x + number % _ACROSS * (wide + gap), place.y + number // _ACROSS * (high + gap)
            painter.setPen(QPen(thin(page), text * 0.05))
            painter.setBrush(shade(page, "#f8f8f8"))
            painter.drawRect(QRectF(x, y, wide, high))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            size = min(text * 4.6, text * 4.6 * (wide - text) / fonts.width(value, text * 4.6, True))
            colour = warn if number >= _ACROSS + 1 else INK
            fonts.write(painter, x + wide / 2, y + high * 0.36 + size * fonts.CAP_HEIGHT / 2, value, size, colour, True, "centre")
            small = max(min(text * 1.45, text * 1.45 * (wide - text * 0.6) / fonts.width(words, text * 1.45)), text)
            fonts.write(painter, x + wide / 2, y + high - text * 0.75, words, small, INK, align="centre")


def _thousands(count: int) -> str:
    return f"{count:,}".replace(",", " ")
