"""The responsibility map painted: land in the colours of its units with their names, holes and doubles hatched; over the canvas, or a picture of its own."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPen

from chuangwen.domain.feature import Features
from chuangwen.domain.layer import Layer, Symbol
from chuangwen.render import fonts
from chuangwen.render.content import LayerContent
from chuangwen.render.draw import draw, image_of, mm_painter, on_image
from chuangwen.render.scene import Scene, build
from chuangwen.render.view import MapView
from chuangwen.services.responsibility_map import DOUBLE, HOLE, ResponsibilityMap
from chuangwen.text import _

HATCHES = {HOLE: ("x", "#c62828"), DOUBLE: ("/", "#6a1b9a")}
"""Pattern and colour: told apart without colour, too."""
_GOLDEN = 0.618034
_FILL = 185
_TEXT, _ROW, _EDGE, _SWATCH, _COLUMN = 2.6, 4.4, 3.0, 4.5, 62.0  # mm
_TITLE = 4.5
_AGAIN = 40.0
"""A unit is named again so many mm away."""


class Overlay:
    """Paints a responsibility map over a map in millimetres. `short`: full names of units → what is written."""

    def __init__(self, found: ResponsibilityMap, short: Mapping[str, str]) -> None:
        rows, columns = found.cells.shape
        colours = np.zeros((len(found.units) + 2, 4), dtype=np.uint8)
        for number in range(len(found.units)):
            colours[number] = _rgba(unit_colour(number, _FILL))
        colours[-1] = (255, 255, 255, _FILL)  # -1: nobody, hatched above; -2: outside, clear
        self._pixels = np.ascontiguousarray(colours[found.cells])
        self._image = QImage(self._pixels.data, columns, rows, columns * 4, QImage.Format.Format_RGBA8888)
        x, y = found.corner
        self._box = np.array([[x, y], [x + columns * found.step, y - rows * found.step]])
        self._spots = np.array([[one.x, one.y] for one in found.names], dtype=np.float64).reshape(-1, 2)
        self._names = [(one.unit, one.room, name, fonts.width(name, _TEXT) + 1.2) for one in found.names for name in (_short(found, one.unit, short),)]
        self._hatched = [_hatched(found, kind) for kind in (DOUBLE, HOLE)]
        self._scene: tuple[MapView, Scene] | None = None

    def __call__(self, painter: QPainter, view: MapView) -> None:
        """In millimetres of the widget or picture that shows `view`."""
        (x0, y0), (x1, y1) = view.to_paper(self._box).tolist()
        painter.drawImage(QRectF(x0, y0, x1 - x0, y1 - y0), self._image)
        if self._scene is None or self._scene[0] != view:
            self._scene = view, build(self._hatched, view)
        draw(painter, self._scene[1], view)
        self._write_names(painter, view)

    def _write_names(self, painter: QPainter, view: MapView) -> None:
        """Where a name fits into what its unit has there, the roomiest first, none over another."""
        taken: list[QRectF] = []
        named: dict[int, list[tuple[float, float]]] = {}
        for (x, y), (unit, room_m, name, wide) in zip(view.to_paper(self._spots).tolist(), self._names, strict=True):
            room = room_m / view.metres_per_mm
            if room < _TEXT * 0.9 or wide > 5.0 * room or not (0 < x < view.width and 0 < y < view.height):
                continue
            box = QRectF(x - wide / 2, y - _TEXT * 0.75, wide, _TEXT * 1.5)
            if any(box.intersects(other) for other in taken) or any(abs(x - u) + abs(y - v) < _AGAIN for u, v in named.get(unit, ())):
                continue
            taken.append(box)
            named.setdefault(unit, []).append((x, y))
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(255, 255, 255, 225))
            painter.drawRoundedRect(box, 0.6, 0.6)
            fonts.write(painter, x, y + _TEXT * 0.36, name, _TEXT, "#1c1c1c", align="centre")


def _short(found: ResponsibilityMap, unit: int, short: Mapping[str, str]) -> str:
    return short.get(found.units[unit], found.units[unit])


def _hatched(found: ResponsibilityMap, kind: str) -> LayerContent:
    pattern, colour = HATCHES[kind]
    layer = Layer(kind, "", "reference", "any", symbols=(Symbol(stroke=colour, stroke_width=0.35, hatch=pattern, hatch_colour=colour, hatch_spacing=1.3),))
    shapes = np.array([one.shape for one in found.places if one.kind == kind] or [None], dtype=object)
    return LayerContent(Features(layer, [str(number) for number in range(len(shapes))], {}, shapes), labels=False)


def picture(content: Sequence[LayerContent], view: MapView, found: ResponsibilityMap, short: Mapping[str, str], title: str) -> QImage:
    """The map as `view` shows it, `view.dots_per_mm` fine, a title above it and the legend of all units with their hectares below. May run on a worker."""
    map_picture = image_of(build(list(content), view), view)
    rows = [*((unit, area) for unit, area in found.areas() if unit is not None)]
    hatches = [(HOLE, _("空白：没有责任单位")), (DOUBLE, _("重复：两家都说得上"))]
    columns = max(int((view.width - 2 * _EDGE) // _COLUMN), 1)
    deep = -(-(len(rows) + len(hatches)) // columns)
    head = _TITLE + 2 * _EDGE
    image = on_image(view.width, head + view.height + deep * _ROW + 2 * _EDGE, view.dots_per_mm)
    with mm_painter(image, view.dots_per_mm) as painter:
        painter.fillRect(QRectF(0, 0, view.width, image.height() / view.dots_per_mm), QColor("#ffffff"))
        fonts.write(painter, _EDGE, _EDGE + _TITLE * 0.85, title, _TITLE, "#1c1c1c", bold=True)
        painter.save()
        painter.translate(0, head)
        painter.setClipRect(QRectF(0, 0, view.width, view.height))
        painter.drawImage(QRectF(0, 0, view.width, view.height), map_picture)
        Overlay(found, short)(painter, view)
        painter.restore()
        wide = (view.width - 2 * _EDGE) / columns
        for number in range(len(rows) + len(hatches)):
            x, y = _EDGE + (number // deep) * wide, head + view.height + _EDGE + (number % deep) * _ROW
            swatch = QRectF(x, y + 0.6, _SWATCH, _ROW - 1.2)
            if number < len(hatches):
                kind, words = hatches[number]
                paint_hatch(painter, swatch, kind)
            else:
                unit, area = rows[number - len(hatches)]
                words = f"{short.get(unit, unit)}　{hectares(area)}"
                painter.setPen(QPen(QColor("#5f6368"), 0.15))
                painter.setBrush(unit_colour(found.units.index(unit)))
                painter.drawRect(swatch)
            fonts.write(painter, x + _SWATCH + 1.5, y + _ROW * 0.7, fonts.shortened(words, _TEXT, wide - _SWATCH - 2.5), _TEXT, "#1c1c1c")
    return image


def paint_hatch(painter: QPainter, box: QRectF, kind: str) -> None:
    """A little of the hatch of holes or doubles; in the units of the painter."""
    pattern, colour = HATCHES[kind]
    painter.save()
    painter.setPen(QPen(QColor(colour), box.height() / 9))
    painter.setBrush(QColor("#ffffff"))
    painter.drawRect(box)
    painter.setClipRect(box)
    step = box.height() / 2
    for number in range(-2, int(box.width() / step) + 3):
        x = box.left() + number * step
        painter.drawLine(*_line(x, box.bottom(), x + box.height(), box.top()))
        if pattern == "x":
            painter.drawLine(*_line(x, box.top(), x + box.height(), box.bottom()))
    painter.restore()


def _line(x0: float, y0: float, x1: float, y1: float) -> tuple[QPointF, QPointF]:
    return QPointF(x0, y0), QPointF(x1, y1)


def unit_colour(number: int, alpha: int = 255) -> QColor:
    """Hues a golden step apart: neighbours in the list never look alike."""
    return QColor.fromHsvF((0.12 + number * _GOLDEN) % 1.0, 0.45 if number % 2 else 0.62, 0.92 if number % 3 else 0.78, alpha / 255)


def hectares(area: float) -> str:
    """m² in words."""
    return _("{hectares} 公顷").format(hectares=f"{area / 10_000:,.1f}")


def _rgba(colour: QColor) -> tuple[int, int, int, int]:
    return colour.red(), colour.green(), colour.blue(), colour.alpha()
