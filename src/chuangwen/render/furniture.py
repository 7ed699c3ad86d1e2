"""What stands around a map on paper: frame, north arrow, scale bar, legend, QR code."""

from __future__ import annotations

from collections.abc import Mapping

import segno
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen, QPolygonF

from chuangwen.domain.geo import scale_text
from chuangwen.domain.layer import Layer, Layers, Symbol
from chuangwen.render import fonts
from chuangwen.render.draw import draw_swatch
from chuangwen.render.view import MapView
from chuangwen.services.atlas import Rect
from chuangwen.text import _

INK = "#1c1c1c"
_ROUND_LENGTHS = (10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10_000, 20_000, 50_000)


def neat_line(painter: QPainter, frame: Rect) -> None:
    """内图廓 0.15 mm and 外图廓 0.6 mm (domain.md 6.1)."""
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(QPen(QColor(INK), 0.15))
    painter.drawRect(_rect(frame))
    painter.setPen(QPen(QColor(INK), 0.6))
    outer = frame.inset(-1.0)
    painter.drawRect(_rect(outer))


def north_arrow(painter: QPainter, right: float, top: float, size: float) -> None:
    """Grid north is up: the map is never turned."""
    x = right - size / 2
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor("#ffffff"))
    painter.drawRoundedRect(QRectF(x - size * 0.42, top - 0.8, size * 0.84, size * 1.35 + 2.2), 1, 1)
    painter.setPen(QPen(QColor(INK), 0.2))
    painter.setBrush(QColor("#ffffff"))
    painter.drawPolygon(QPolygonF([QPointF(x, top + 3), QPointF(x - size / 3.2, top + size * 1.35), QPointF(x, top + size * 1.05)]))
    painter.setBrush(QColor(INK))
    painter.drawPolygon(QPolygonF([QPointF(x, top + 3), QPointF(x + size / 3.2, top + size * 1.35), QPointF(x, top + size * 1.05)]))
    fonts.write(painter, x, top + 2.4, "N", size * 0.36, INK, True, "centre")


def bar_length(view: MapView, room: float) -> tuple[int, float]:
    """A round length in metres and its millimetres on paper, at most `room` mm long."""
    fitting = [length for length in _ROUND_LENGTHS if length / view.metres_per_mm <= room]
    length = fitting[-1] if fitting else _ROUND_LENGTHS[0]
    return length, length / view.metres_per_mm


def scale_bar(painter: QPainter, view: MapView, left: float, bottom: float, room: float, text: float) -> None:
    """Four black and white fields with their metres, and the scale in numbers, on a white ground."""
    length, wide = bar_length(view, room)
    high = text * 0.55
    ground = QRectF(left, bottom - high - text * 3.9, max(wide + text * 4.0, text * 8), high + text * 3.9)
    painter.fillRect(ground, QColor("#ffffff"))
    painter.setPen(QPen(QColor(INK), 0.12))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawRect(ground)
    x, y = left + text * 1.2, bottom - text * 0.9 - high
    for number in range(4):
        painter.setBrush(QColor(INK if number % 2 == 0 else "#ffffff"))
        painter.drawRect(QRectF(x + wide * number / 4, y, wide / 4, high))
    for share, words in ((0.0, "0"), (0.5, _metres(length / 2)), (1.0, _metres(length) + (" km" if length >= 1000 else " m"))):
        fonts.write(painter, x + wide * share, y - text * 0.35, words, text * 0.85, INK, align="centre")
    fonts.write(painter, x, y - text * 1.5, scale_text(view.denominator), text * 1.05, INK, bold=True)


def _metres(length: float) -> str:
    return f"{length / 1000:g}" if length >= 1000 else f"{length:g}"


def legend_entries(layers: Layers, counts: Mapping[tuple[str, int], int], skip: frozenset[str] = frozenset()) -> list[tuple[Layer, Symbol, str, int]]:
    """The classes on a sheet, topmost layer first: layer, symbol, words, how many."""
    found = []
    for layer in reversed(layers.drawn()):
        for number, symbol in enumerate(layer.symbols):
            count = counts.get((layer.id, number), 0)
            if count and layer.id not in skip:
                words = symbol.title or "、".join(layer.field(name).show(value) for name, values in symbol.when.items() for value in values) or layer.title
                found.append((layer, symbol, words, count))
    return found


def legend(painter: QPainter, entries: list[tuple[Layer, Symbol, str, int]], place: Rect, text: float, *, mono: bool) -> None:
    """The classes in columns, in the style of the map, with their number where it is of use."""
    fonts.write(painter, place.x, place.y + fonts.ascent(text * 1.15), _("图例"), text * 1.15, INK, bold=True)
    step = text * 1.62
    rows = max(int((place.height - text * 1.7) // step), 1)
    labels = [f"{words} {count}" if layer.kind == "subject" and layer.geometry == "point" else words for layer, _symbol, words, count in entries]
    columns = [labels[first : first + rows] for first in range(0, len(labels), rows)]
    swatch, gap = text * 2.25, text * 0.9
    wanted = [swatch + gap + max(fonts.width(label, text * 0.92) for label in column) for column in columns]
    squeeze = min(place.width / sum(wanted), 1.0) if wanted else 1.0  # every column gives way in the same measure
    x = place.x
    for number, column in enumerate(columns):
        wide = wanted[number] * squeeze
        for row, label in enumerate(column):
            layer, symbol, _words, _count = entries[number * rows + row]
            y = place.y + text * 1.7 + row * step
            draw_swatch(painter, layer, symbol, QRectF(x, y + 0.2, text * 1.9, step - 0.4), mono)
            fonts.write(painter, x + swatch, y + step / 2 + text * 0.37, fonts.shortened(label, text * 0.92, wide - swatch - 0.4), text * 0.92, INK)
        x += wide


def qr(painter: QPainter, words: str, place: Rect) -> None:
    """A QR code as vector squares; read offline, it says what the sheet is."""
    matrix = [list(row) for row in segno.make(words, error="m", micro=False).matrix]
    side = min(place.width, place.height) / len(matrix)
    for y, row in enumerate(matrix):
        x = 0
        while x < len(row):
            run = 0
            while x + run < len(row) and row[x + run]:
                run += 1
            if run:
                painter.fillRect(QRectF(place.x + x * side, place.y + y * side, run * side, side), QColor("#000000"))
            x += max(run, 1)


def _rect(rect: Rect) -> QRectF:
    return QRectF(rect.x, rect.y, rect.width, rect.height)
