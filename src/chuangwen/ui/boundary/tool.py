"""The tool 调整网格边界: a vertex or side of a common border follows the mouse or the arrow keys, all zones that hold it with it."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator

import shapely
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QBrush, QColor, QKeyEvent, QMouseEvent, QPainter, QPainterPath, QPen
from shapely.geometry.base import BaseGeometry

from chuangwen.domain.shared_edges import VERTEX, Handle, Reshaped
from chuangwen.services.what_if import Preview, WhatIf
from chuangwen.text import _
from chuangwen.ui.canvas import MapCanvas
from chuangwen.ui.tools import RED, Tool

_REACH_PX = 9.0
_ARROWS = {Qt.Key.Key_Left: (-1, 0), Qt.Key.Key_Right: (1, 0), Qt.Key.Key_Up: (0, 1), Qt.Key.Key_Down: (0, -1)}
_BLUE = QColor("#1565c0")


class BoundaryTool(Tool):
    """`told(preview)` hears every step (None: nothing moved); `confirmed()` when Return is pressed."""

    id = "boundary"
    cursor = Qt.CursorShape.CrossCursor
    hint = _("拖动公共边界的顶点或边；空格选顶点，方向键移动，Insert 加点、Delete 删点，回车移交，Esc 放弃")

    def __init__(self, canvas: MapCanvas, what_if: WhatIf, told: Callable[[Preview | None], None], confirmed: Callable[[], None]) -> None:
        super().__init__(canvas)
        self.what_if = what_if
        self.preview: Preview | None = None
        self.chosen: Handle | None = None
        self._hover: Handle | None = None
        self._told, self._confirmed = told, confirmed
        self._from: tuple[float, float] | None = None

    # --- the mouse

    def press(self, event: QMouseEvent) -> None:
        """Take the border under the mouse, else the map."""
        super().press(event)
        self.chosen = self._near(event.position()) if event.button() == Qt.MouseButton.LeftButton else None
        if self.chosen is not None:
            self._from = self.canvas.ground(event.position())
            self.what_if.take(self.chosen)
        self.canvas.update()

    def move(self, event: QMouseEvent) -> None:
        """The border follows; without a button, what could be taken is shown."""
        if self._from is not None:
            x, y = self.canvas.ground(event.position())
            if self.dragging or (event.position() - (self._pressed or event.position())).manhattanLength() >= 4:
                self.dragging = True
                self._show(self.what_if.drag(x - self._from[0], y - self._from[1]))
            return
        super().move(event)
        if self._pressed is None:
            self._hover = self._near(event.position())
            self.canvas.update()

    def release(self, event: QMouseEvent) -> None:
        """Leave it there, or where it was if it may not be."""
        if self._from is None:
            super().release(event)
            return
        dragged, self._from, self._pressed, self.dragging = self.dragging, None, None, False
        if dragged and self.preview is not None:
            self._settle(self.preview)

    def click(self, event: QMouseEvent) -> None:
        """Beside every border: nothing is selected while borders are moved."""

    # --- the keyboard

    def key(self, event: QKeyEvent) -> bool:
        """Space, arrows, Insert, Delete, Return, Escape."""
        key = Qt.Key(event.key())
        mesh = self.what_if.mesh
        if key in _ARROWS and self.chosen is not None:
            step = self.canvas.view.metres_per_mm
            self.what_if.take(self.chosen)
            self._settle(self.what_if.drag(_ARROWS[key][0] * step, _ARROWS[key][1] * step), (_ARROWS[key][0] * step, _ARROWS[key][1] * step))
        elif key == Qt.Key.Key_Space:
            self._choose_next()
        elif key == Qt.Key.Key_Insert and self.chosen is not None:
            self._do(mesh.inserted(self.chosen))
        elif key == Qt.Key.Key_Delete and self.chosen is not None:
            self._do(mesh.removed(self.chosen))
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and mesh.touched:
            self._confirmed()
        elif key == Qt.Key.Key_Escape and (self._from is not None or mesh.touched):
            self.give_up()
        else:
            return False
        return True

    def give_up(self) -> None:
        """All borders as they were."""
        self.what_if.start_over()
        self.chosen = self._hover = self._from = self._pressed = None
        self.dragging = False
        self._show(None)

    def _choose_next(self) -> None:
        """The vertex of a common border that is nearest to the middle of the map, then the next ones along it."""
        mesh = self.what_if.mesh
        if self.chosen is None:
            found = mesh.nearest(*self.canvas.view.centre, math.hypot(self.canvas.view.width, self.canvas.view.height) / 2 * self.canvas.view.metres_per_mm)
        else:
            line = mesh.line(self.chosen)
            at = self.chosen.points[0]
            later = [place for place in line if place > (round(at[0], 3), round(at[1], 3))] or line
            found = mesh.nearest(*later[0], 0.01) if later else None
        if found is not None and mesh.is_border(found):
            self.chosen = found
            self.canvas.update()

    # --- what comes of it

    def _near(self, at: QPointF) -> Handle | None:
        x, y = self.canvas.ground(at)
        beside = self.canvas.ground(at + QPointF(_REACH_PX, 0))
        found = self.what_if.nearest(x, y, math.hypot(beside[0] - x, beside[1] - y))
        return found if found is not None and self.what_if.mesh.is_border(found) else None

    def _do(self, reshaped: Reshaped) -> None:
        self._settle(self.what_if.preview(reshaped))

    def _settle(self, preview: Preview, step: tuple[float, float] | None = None) -> None:
        """Keep an allowed step; a refused one is told and the border stands where it was."""
        if preview.refused:
            self._show(preview)
            return
        self.what_if.keep(preview)
        if step is not None and self.chosen is not None:
            x, y = self.chosen.at
            self.chosen = self.what_if.nearest(round(x + step[0], 3), round(y + step[1], 3), 0.01)
        else:
            self.chosen = None
        self._hover = None
        self._show(preview)

    def _show(self, preview: Preview | None) -> None:
        self.preview = preview
        self._told(preview)
        self.canvas.update()

    # --- paint

    def paint(self, painter: QPainter) -> None:
        """Land that changes hands hatched, the new borders, and the vertices that can be taken."""
        preview = self.preview
        if preview is not None and not preview.refused:
            painter.setPen(QPen(RED, 1))
            for one in preview.transfers:
                for piece in one.pieces:
                    painter.setBrush(QColor(198, 40, 40, 46))
                    painter.drawPath(self._path(piece))
                    painter.setBrush(QBrush(RED, Qt.BrushStyle.BDiagPattern))
                    painter.drawPath(self._path(piece))
        shapes = self.what_if.shapes(preview.reshaped if preview is not None and not preview.refused else Reshaped({}))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(_BLUE, 2))
        for shape in shapes.values():
            painter.drawPath(self._path(shape))
        held = self.chosen or self._hover
        if held is None or self._from is not None:
            return
        painter.setPen(QPen(_BLUE, 1.4))
        painter.setBrush(QColor("#ffffff"))
        for place in self.what_if.mesh.line(held):
            at = self.canvas.pixel(*place)
            painter.drawRect(QRectF(at.x() - 3, at.y() - 3, 6, 6))
        painter.setPen(QPen(_BLUE, 3))
        painter.setBrush(_BLUE if held is self.chosen else QColor("#bbdefb"))
        if held.kind == VERTEX:
            painter.drawEllipse(self.canvas.pixel(*held.at), 6, 6)
        else:
            painter.drawLine(self.canvas.pixel(*held.points[0]), self.canvas.pixel(*held.points[1]))

    def _path(self, area: BaseGeometry) -> QPainterPath:
        path = QPainterPath()
        for ring in _rings(area):
            for number, (x, y) in enumerate(ring):
                at = self.canvas.pixel(x, y)
                path.lineTo(at) if number else path.moveTo(at)
            path.closeSubpath()
        return path


def _rings(area: BaseGeometry) -> Iterator[list[list[float]]]:
    for part in shapely.get_parts(area).tolist():
        if part.geom_type == "Polygon":
            for ring in (part.exterior, *part.interiors):
                yield shapely.get_coordinates(ring).tolist()
