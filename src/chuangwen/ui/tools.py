"""What the mouse does on the map: one tool at a time. Places are pixels of the widget here; the canvas knows the ground."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QKeyEvent, QMouseEvent, QPainter, QPen, QPolygonF
from shapely.geometry import Point

from chuangwen.domain.geo import Extent
from chuangwen.text import _

if TYPE_CHECKING:
    from chuangwen.ui.canvas import MapCanvas

RED = QColor("#c62828")
_DRAG_PX = 5


class Tool:
    """The plain tool: a click selects, a drag moves the map."""

    id = "browse"
    cursor = Qt.CursorShape.ArrowCursor
    hint = ""

    def __init__(self, canvas: MapCanvas) -> None:
        self.canvas = canvas
        self._pressed: QPointF | None = None
        self._last: QPointF | None = None
        self.dragging = False

    def press(self, event: QMouseEvent) -> None:
        """A button went down."""
        self._pressed = self._last = event.position()
        self.dragging = False

    def move(self, event: QMouseEvent) -> None:
        """The mouse moved, button down or not."""
        if self._pressed is None or self._last is None:
            return
        if not self.dragging and (event.position() - self._pressed).manhattanLength() < _DRAG_PX:
            return
        self.dragging = True
        self.canvas.setCursor(Qt.CursorShape.ClosedHandCursor)
        self.canvas.drag(event.position() - self._last)
        self._last = event.position()

    def release(self, event: QMouseEvent) -> None:
        """A button came up: a click, if it stayed in its place."""
        was_drag, self._pressed, self.dragging = self.dragging, None, False
        self.canvas.setCursor(self.cursor)
        if not was_drag and event.button() == Qt.MouseButton.LeftButton:
            self.click(event)

    def click(self, event: QMouseEvent) -> None:
        """Select what lies here; again: what lies beneath."""
        add = bool(event.modifiers() & (Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier))
        self.canvas.select_at(event.position(), add=add)

    def double_click(self, event: QMouseEvent) -> None:
        """Nearer, at this place."""
        self.canvas.zoom(2.0, event.position())

    def key(self, event: QKeyEvent) -> bool:
        """Whether the tool took the key."""
        return False

    def paint(self, painter: QPainter) -> None:
        """What the tool shows over the map."""


class _Box(Tool, ABC):
    cursor = Qt.CursorShape.CrossCursor

    def __init__(self, canvas: MapCanvas) -> None:
        super().__init__(canvas)
        self._box: QRectF | None = None

    def move(self, event: QMouseEvent) -> None:
        if self._pressed is not None:
            self._box = QRectF(self._pressed, event.position()).normalized()
            self.canvas.update()

    def release(self, event: QMouseEvent) -> None:
        box, self._box, self._pressed = self._box, None, None
        self.canvas.update()
        if box is None or (box.width() < _DRAG_PX and box.height() < _DRAG_PX):
            self.click(event)
        else:
            self.boxed(box, event)

    @abstractmethod
    def boxed(self, box: QRectF, event: QMouseEvent) -> None:
        """What a finished box does."""

    def paint(self, painter: QPainter) -> None:
        if self._box is not None:
            painter.setPen(QPen(RED, 1.2, Qt.PenStyle.DashLine))
            painter.setBrush(QColor(198, 40, 40, 28))
            painter.drawRect(self._box)


class BoxSelect(_Box):
    """Select the features of one layer inside a box: of the selected layer if it has any there, else of the topmost."""

    id = "box"
    hint = _("拖出一个框来选择")

    def boxed(self, box: QRectF, event: QMouseEvent) -> None:
        """Select what the box meets."""
        self.canvas.select_in(box, add=bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier))


class BoxZoom(_Box):
    """Show the inside of a box as large as it goes."""

    id = "zoom_box"
    hint = _("拖出一个框来放大")

    def boxed(self, box: QRectF, event: QMouseEvent) -> None:
        """Zoom to it."""
        (x0, y1), (x1, y0) = self.canvas.ground(box.topLeft()), self.canvas.ground(box.bottomRight())
        self.canvas.show_extent(Extent(x0, y0, x1, y1), margin=0.0)

    def click(self, event: QMouseEvent) -> None:
        """One step nearer."""
        self.canvas.zoom(2.0, event.position())


class Measure(Tool):
    """Distance along a line, and the area inside it once it has three corners. Places are kept in metres, so the map may move beneath."""

    id = "measure"
    cursor = Qt.CursorShape.CrossCursor
    hint = _("依次点击测量距离和面积；退格去掉一点，双击或回车结束，Esc 清除")

    def __init__(self, canvas: MapCanvas) -> None:
        super().__init__(canvas)
        self.places: list[tuple[float, float]] = []
        self._at: tuple[float, float] | None = None
        self._over = False

    def click(self, event: QMouseEvent) -> None:
        """One more corner."""
        if self._over:
            self.places, self._over = [], False
        self.places.append(self.canvas.ground(event.position()))
        self.canvas.update()

    def move(self, event: QMouseEvent) -> None:
        """The line follows the mouse."""
        super().move(event)
        if not self._over:
            self._at = self.canvas.ground(event.position())
            self.canvas.update()

    def double_click(self, event: QMouseEvent) -> None:
        """Done."""
        self._over = True
        self._at = None
        self.canvas.update()

    def key(self, event: QKeyEvent) -> bool:
        """Backspace, Return, Escape."""
        if event.key() == Qt.Key.Key_Backspace and self.places:
            self.places.pop()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._over, self._at = True, None
        elif event.key() == Qt.Key.Key_Escape and self.places:
            self.places, self._at = [], None
        else:
            return False
        self.canvas.update()
        return True

    def figures(self) -> str:
        """Length and area as they are written beside the line."""
        from shapely.geometry import LineString, Polygon

        places = [*self.places, *([self._at] if self._at else [])]
        if len(places) < 2:
            return ""
        length = LineString(places).length
        words = f"{length:,.1f} m" if length < 1000 else f"{length / 1000:,.3f} km"
        if len(places) >= 3:
            area = Polygon(places).area
            words += "  ·  " + (
                f"{area:,.0f} m²"
                if area < 10_000
                else _("{hectares} 公顷").format(hectares=f"{area / 10_000:,.2f}")
                if area < 1e6
                else f"{area / 1e6:,.3f} km²"
            )
            words += _("（{mu} 亩）").format(mu=f"{area / 666.6667:,.1f}")
        return words

    def paint(self, painter: QPainter) -> None:
        """Line, corners, figures."""
        places = [self.canvas.pixel(*place) for place in [*self.places, *([self._at] if self._at and not self._over else [])]]
        if not places:
            return
        painter.setPen(QPen(RED, 1.8))
        painter.setBrush(QColor(198, 40, 40, 24))
        painter.drawPolygon(QPolygonF(places)) if len(places) > 2 else painter.drawPolyline(QPolygonF(places))
        painter.setBrush(QColor("#ffffff"))
        for place in places:
            painter.drawEllipse(place, 3, 3)
        if words := self.figures():
            tag(painter, places[-1] + QPointF(12, -8), words)


class _Put(Tool, ABC):
    cursor = Qt.CursorShape.CrossCursor

    def key(self, event: QKeyEvent) -> bool:
        """Return puts it at the middle of the map: everything goes by keyboard."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.put(self.canvas.view.centre)
            return True
        return False

    def click(self, event: QMouseEvent) -> None:
        """Here."""
        self.put(self.canvas.ground(event.position()))

    def double_click(self, event: QMouseEvent) -> None:
        """A double click is one click too many."""

    @abstractmethod
    def put(self, at: tuple[float, float]) -> None:
        """What happens at the place (metres)."""

    def paint(self, painter: QPainter) -> None:
        """A cross in the middle for those who use the keyboard."""
        middle = QPointF(self.canvas.width() / 2, self.canvas.height() / 2)
        painter.setPen(QPen(QColor(198, 40, 40, 140), 1))
        painter.drawLine(middle - QPointF(8, 0), middle + QPointF(8, 0))
        painter.drawLine(middle - QPointF(0, 8), middle + QPointF(0, 8))


class AddPoint(_Put):
    """Put a new site or issue on the map."""

    def __init__(self, canvas: MapCanvas, layer: str) -> None:
        super().__init__(canvas)
        self.id = f"add_{layer}"
        self.layer = layer
        title = canvas.session.project.layers[layer].title if canvas.session.project else layer
        self.hint = _("点击地图放置新的{title}，Esc 退出").format(title=title)

    def put(self, at: tuple[float, float]) -> None:
        """Ask for what it is, then add it."""
        self.canvas.add_asked.emit(self.layer, Point(at))


class AskWho(_Put):
    """此处谁负责: who answers for a place of the map, whatever lies there."""

    id = "who"
    hint = _("点击地图看此处归谁负责；回车看地图中央，Esc 退出")

    def __init__(self, canvas: MapCanvas) -> None:
        super().__init__(canvas)
        self._at: tuple[float, float] | None = None

    def put(self, at: tuple[float, float]) -> None:
        """The panel answers."""
        self._at = at
        self.canvas.spot_asked.emit(*at)
        self.canvas.update()

    def paint(self, painter: QPainter) -> None:
        """The place that was asked about."""
        super().paint(painter)
        if self._at is not None:
            at = self.canvas.pixel(*self._at)
            painter.setPen(QPen(QColor("#ffffff"), 4))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawEllipse(at, 8, 8)
            painter.setPen(QPen(RED, 2))
            painter.drawEllipse(at, 8, 8)
            painter.setBrush(RED)
            painter.drawEllipse(at, 2, 2)


class PlaceFeature(_Put):
    """Put a feature that has no place yet on the map, or another place."""

    id = "place"

    def __init__(self, canvas: MapCanvas, layer: str, row_id: str) -> None:
        super().__init__(canvas)
        self.layer, self.row_id = layer, row_id
        self.hint = _("点击它在地图上的位置，Esc 取消")

    def put(self, at: tuple[float, float]) -> None:
        """One edit; undo takes it back."""
        project = self.canvas.session.project
        feature = project.features(self.layer).feature(self.row_id) if project else None
        if project is not None and feature is not None:
            self.canvas.session.owners.put(project.layers[self.layer], feature, Point(at), self.canvas)
        self.canvas.use(Tool(self.canvas))


class MovePoint(Tool):
    """Drag a selected point to another place."""

    id = "move"
    cursor = Qt.CursorShape.SizeAllCursor
    hint = _("拖动选中的点到新位置；方向键每次 1 毫米，Esc 退出")

    def __init__(self, canvas: MapCanvas) -> None:
        super().__init__(canvas)
        self._to: QPointF | None = None

    def press(self, event: QMouseEvent) -> None:
        """Take the point under the mouse."""
        super().press(event)
        self._held = self.canvas.hold_point(event.position())

    _held: tuple[str, str] | None = None

    def move(self, event: QMouseEvent) -> None:
        """The point follows, or the map moves."""
        if self._held is None:
            super().move(event)
        elif self._pressed is not None:
            self._to = event.position()
            self.canvas.update()

    def release(self, event: QMouseEvent) -> None:
        """Drop it."""
        held, to, self._held, self._to = self._held, self._to, None, None
        if held is None or to is None:
            super().release(event)
            return
        self._pressed = None
        self._drop(held, self.canvas.ground(to))

    def key(self, event: QKeyEvent) -> bool:
        """Arrows move the one selected point."""
        steps = {Qt.Key.Key_Left: (-1, 0), Qt.Key.Key_Right: (1, 0), Qt.Key.Key_Up: (0, 1), Qt.Key.Key_Down: (0, -1)}
        chosen = self.canvas.session.selection.features()
        if event.key() not in steps or len(chosen) != 1 or chosen[0].geometry is None or chosen[0].geometry.geom_type != "Point":
            return False
        dx, dy = steps[Qt.Key(event.key())]
        step = self.canvas.view.metres_per_mm
        self._drop((chosen[0].layer, chosen[0].id), (chosen[0].geometry.x + dx * step, chosen[0].geometry.y + dy * step))
        return True

    def _drop(self, held: tuple[str, str], at: tuple[float, float]) -> None:
        project = self.canvas.session.project
        feature = project.features(held[0]).feature(held[1]) if project else None
        if project is not None and feature is not None:
            self.canvas.session.owners.put(project.layers[held[0]], feature, Point(at), self.canvas)

    def paint(self, painter: QPainter) -> None:
        """The point on its way."""
        if self._to is not None:
            painter.setPen(QPen(RED, 2))
            painter.setBrush(QColor(255, 255, 255, 160))
            painter.drawEllipse(self._to, 7, 7)


def tag(painter: QPainter, at: QPointF, words: str) -> None:
    """A few words on a light ground, over the map."""
    face = QFont(painter.font())
    face.setPixelSize(13)
    face.setBold(True)
    painter.setFont(face)
    size = QFontMetricsF(face).boundingRect(words)
    ground = QRectF(at.x() - 5, at.y() - size.height() + 1, size.width() + 12, size.height() + 5)
    painter.setPen(QPen(QColor("#d0c8c0"), 1))
    painter.setBrush(QColor(255, 255, 255, 235))
    painter.drawRoundedRect(ground, 3, 3)
    painter.setPen(QColor("#3a1512"))
    painter.drawText(ground, Qt.AlignmentFlag.AlignCenter, words)
