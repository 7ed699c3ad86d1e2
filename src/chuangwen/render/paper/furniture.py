"""What stands around a map on paper: frame, north arrow, scale bar, check ruler, QR code."""

from __future__ import annotations

from functools import lru_cache
from math import cos, radians, sin

import segno
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPen, QPolygonF

from chuangwen.domain.geo import scale_text
from chuangwen.render import fonts
from chuangwen.render.draw import grid
from chuangwen.render.paper.block import INK, rect
from chuangwen.render.paths import GRID
from chuangwen.render.view import MapView
from chuangwen.services.paper.frames import Rect
from chuangwen.text import _

_ROUND_LENGTHS = (1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10_000, 20_000, 50_000)
_MASK = 3
"""Of QR codes. Trying all eight for the evenest pattern takes longer than drawing a sheet's tables, and readers take any (ISO/IEC 18004, 7.8)."""
RULER = 50.0
"""mm: the line on every sheet that says whether the printer has scaled it."""


def neat_line(painter: QPainter, frame: Rect) -> None:
    """内图廓 0.15 mm and 外图廓 0.6 mm (domain.md 6.1)."""
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(QPen(QColor(INK), 0.15))
    painter.drawRect(rect(frame))
    painter.setPen(QPen(QColor(INK), 0.6))
    painter.drawRect(rect(frame.inset(-1.0)))


def north_place(right: float, top: float, size: float, turned: float = 0.0) -> Rect:
    """What the north arrow covers, its upper right corner at (right, top); `turned` degrees clockwise."""
    c, s = abs(cos(radians(turned))), abs(sin(radians(turned)))
    wide, high = size * (1.1 * c + 1.75 * s), size * (1.75 * c + 1.1 * s)
    return Rect(right - wide, top, wide, high)


def north_arrow(painter: QPainter, right: float, top: float, size: float, turned: float = 0.0) -> None:
    """指北针: grid north, on a white ground; `turned` degrees clockwise where the map is."""
    place = north_place(right, top, size, turned)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor("#ffffff"))
    painter.drawRoundedRect(rect(place), 1, 1)
    middle = QPointF(place.x + place.width / 2, place.y + place.height / 2)
    painter.save()
    painter.translate(middle)
    painter.rotate(turned)
    tip, foot, notch, wing = -size * 0.42, size * 0.72, size * 0.44, size * 0.3
    painter.setPen(QPen(QColor(INK), 0.2))
    painter.drawPolygon(QPolygonF([QPointF(0, tip), QPointF(-wing, foot), QPointF(0, notch)]))
    painter.setBrush(QColor(INK))
    painter.drawPolygon(QPolygonF([QPointF(0, tip), QPointF(wing, foot), QPointF(0, notch)]))
    painter.restore()
    text = size * 0.34
    x, y = middle.x() + sin(radians(turned)) * size * 0.62, middle.y() - cos(radians(turned)) * size * 0.62
    fonts.write(painter, x, y + text * fonts.CAP_HEIGHT / 2, "N", text, INK, True, "centre")


def bar_length(view: MapView, room: float) -> tuple[int, float]:
    """A round length in metres and its millimetres on paper, at most `room` mm long."""
    fitting = [length for length in _ROUND_LENGTHS if length / view.metres_per_mm <= room]
    length = fitting[-1] if fitting else _ROUND_LENGTHS[0]
    return length, length / view.metres_per_mm


def bar_place(view: MapView, left: float, bottom: float, room: float, text: float) -> Rect:
    """What the scale bar covers, its lower left corner at (left, bottom)."""
    _length, wide = bar_length(view, room)
    high = text * 4.45
    return Rect(left, bottom - high, max(wide + text * 4.0, text * 8), high)


def scale_bar(painter: QPainter, view: MapView, left: float, bottom: float, room: float, text: float) -> None:
    """Four black and white fields with their metres, and the scale in numbers, on a white ground."""
    length, wide = bar_length(view, room)
    high = text * 0.55
    painter.setPen(QPen(QColor(INK), 0.12))
    painter.setBrush(QColor("#ffffff"))
    painter.drawRect(rect(bar_place(view, left, bottom, room, text)))
    x, y = left + text * 1.2, bottom - text * 0.9 - high
    for number in range(4):
        painter.setBrush(QColor(INK if number % 2 == 0 else "#ffffff"))
        painter.drawRect(QRectF(x + wide * number / 4, y, wide / 4, high))
    for share, words in ((0.0, "0"), (0.5, _metres(length / 2)), (1.0, _metres(length) + (" km" if length >= 1000 else " m"))):
        fonts.write(painter, x + wide * share, y - text * 0.35, words, text * 0.85, INK, align="centre")
    fonts.write(painter, x, y - text * 1.5, scale_text(view.denominator), text * 1.05, INK, bold=True)


def _metres(length: float) -> str:
    return f"{length / 1000:g}" if length >= 1000 else f"{length:g}"


def ruler(painter: QPainter, left: float, bottom: float, text: float) -> float:
    """A line of 50 mm with centimetre marks, to be checked with a ruler; its width with words, mm."""
    high = text * 0.62
    painter.setPen(QPen(QColor(INK), 0.15))
    painter.drawLine(QPointF(left, bottom), QPointF(left + RULER, bottom))
    for tick in range(6):
        x = left + tick * RULER / 5
        painter.drawLine(QPointF(x, bottom), QPointF(x, bottom - high * (1 if tick in (0, 5) else 0.6)))
    words = _("检尺 50 毫米，量得不符即打印机缩放过")
    fonts.write(painter, left + RULER + text * 0.6, bottom, words, text * 0.88, "#444444")
    return RULER + text * 0.6 + fonts.width(words, text * 0.88)


@lru_cache(maxsize=64)
def _code(words: str) -> tuple[bytes, ...]:
    """Rows of dark (1) and light (0) modules; kept for the sheets that continue one."""
    return tuple(bytes(row) for row in segno.make(words, error="m", micro=False, mask=_MASK).matrix)


def qr(painter: QPainter, words: str, place: Rect) -> None:
    """A QR code as vector squares; read offline, it says what the sheet is."""
    if fonts.is_heard():
        return
    matrix = _code(words)
    side = int(min(place.width, place.height) * GRID / len(matrix))
    left, top = (round(middle * GRID) - side * len(matrix) // 2 for middle in (place.x + place.width / 2, place.y + place.height / 2))
    squares = QPainterPath()  # one path: between squares drawn singly a viewer shows hairlines
    for y, row in enumerate(matrix):
        x = 0
        while x < len(row):
            run = 0
            while x + run < len(row) and row[x + run]:
                run += 1
            if run:
                squares.addRect(QRectF(left + x * side, top + y * side, run * side, side))
            x += max(run, 1)
    with grid(painter):
        painter.fillPath(squares, QColor("#000000"))
