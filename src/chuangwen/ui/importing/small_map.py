"""A small map to look at: the wheel zooms, dragging moves, a double click shows everything. Drawn on a worker by the code that draws the large one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, QTimer
from PySide6.QtGui import QColor, QImage, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen, QResizeEvent, QWheelEvent
from PySide6.QtWidgets import QWidget
from shiboken6 import isValid

from chuangwen.domain.geo import Extent
from chuangwen.progress import Progress
from chuangwen.render.content import LayerContent
from chuangwen.render.draw import image_of
from chuangwen.render.scene import build
from chuangwen.render.view import SCREEN_DOTS_PER_MM, MapView
from chuangwen.ui.importing.map_content import ground, ground_layers
from chuangwen.ui.session import Session
from chuangwen.ui.theme import ACCENT

_SOON_MS = 20
_AFTER_WHEEL_MS = 80
_CROWD, _DOT_MM = 20_000, 1.0
_MARGIN = 0.06
_KEYS = {Qt.Key.Key_Left: (60, 0), Qt.Key.Key_Right: (-60, 0), Qt.Key.Key_Up: (0, 60), Qt.Key.Key_Down: (0, -60)}


class SmallMap(QWidget):
    """`show_shapes` says what lies over the grey project; `look_at` where to look."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._ground: tuple[LayerContent, ...] | None = None
        self._shapes: tuple[LayerContent, ...] = ()
        self._home: Extent | None = None
        self._view = MapView((0.0, 0.0), 10_000.0, 60.0, 40.0)
        self._picture: QImage | None = None
        self._pictured = self._view
        self._at: QPointF | None = None
        self.note = ""
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setMinimumSize(180, 120)
        self.setCursor(Qt.CursorShape.OpenHandCursor)
        self._soon = QTimer(self, singleShot=True)
        self._soon.timeout.connect(self._ask)

    @property
    def view(self) -> MapView:
        """What is looked at."""
        return self._view

    @property
    def picture(self) -> QImage | None:
        """The last picture drawn, None before the first."""
        return self._picture

    def show_shapes(self, shapes: Sequence[LayerContent], note: str = "") -> None:
        """Lay shapes over the project. `note` is written in the corner."""
        self._shapes, self.note = tuple(shapes), note
        self._soon.start(_SOON_MS)
        self.update()

    def forget_ground(self) -> None:
        """The project changed: read its grey lines anew."""
        self._ground = None
        self._soon.start(_SOON_MS)

    def look_at(self, extent: Extent | None, *, home: bool = False, around: float = 20.0) -> None:
        """Show a rectangle of the ground with at least `around` metres on each side; `home`: a double click comes back to it."""
        if extent is None:
            return
        if home:
            self._home = extent
        grown = extent.grown(max(around - max(extent.width, extent.height) / 2, 0.1 * max(extent.width, extent.height), 5.0))
        self._view = MapView.showing(grown, self._view.width, self._view.height, self._view.dots_per_mm, _MARGIN / 2)
        self._soon.start(_SOON_MS)
        self.update()

    def _ask(self) -> None:
        project = self._session.project
        if project is None or self.width() < 2:
            return
        shapes, kept, view = self._shapes, self._ground, self._view
        tables = [project.features(name) for name in ground_layers() if name in project.layers] if kept is None else []
        if sum(len(one.features) for one in shapes) > _CROWD:
            view = replace(view, min_feature=_DOT_MM)

        def work(progress: Progress) -> tuple[tuple[LayerContent, ...], MapView, QImage]:
            beneath = ground(tables) if kept is None else kept
            return beneath, view, image_of(build([*beneath, *shapes], view, progress), view)

        self._session.jobs.latest(f"small-map-{id(self)}", work, self._on_drawn)

    def _on_drawn(self, answer: tuple[tuple[LayerContent, ...], MapView, QImage]) -> None:
        if isValid(self):
            self._ground, self._pictured, self._picture = answer
            self._picture.setDevicePixelRatio(self.devicePixelRatioF())
            self.update()

    # --- moving about

    def zoom(self, factor: float, at: QPointF | None = None) -> None:
        """Nearer (factor over 1) or farther; what lies at `at` stays there."""
        place = (at.x() / SCREEN_DOTS_PER_MM, at.y() / SCREEN_DOTS_PER_MM) if at is not None else None
        self._view = self._view.zoomed(factor, place)
        self._soon.start(_AFTER_WHEEL_MS)
        self.update()

    def drag(self, by: QPointF) -> None:
        """Move the picture by so many pixels."""
        self._view = self._view.moved(by.x() / SCREEN_DOTS_PER_MM, by.y() / SCREEN_DOTS_PER_MM)
        self._soon.start(_SOON_MS)
        self.update()

    def wheelEvent(self, event: QWheelEvent) -> None:
        self.zoom(1.25 ** (event.angleDelta().y() / 120), event.position())
        event.accept()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._at = event.position()
        self.setCursor(Qt.CursorShape.ClosedHandCursor)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._at is not None:
            self.drag(event.position() - self._at)
            self._at = event.position()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self._at = None
        self.setCursor(Qt.CursorShape.OpenHandCursor)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        self.look_at(self._home)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in _KEYS:
            self.drag(QPointF(*_KEYS[Qt.Key(event.key())]))
        elif event.key() in (Qt.Key.Key_Plus, Qt.Key.Key_Equal):
            self.zoom(1.5)
        elif event.key() in (Qt.Key.Key_Minus, Qt.Key.Key_Underscore):
            self.zoom(1 / 1.5)
        else:
            super().keyPressEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        before = self._view.extent
        ratio = self.devicePixelRatioF()
        width, height = max(self.width(), 1) / SCREEN_DOTS_PER_MM, max(self.height(), 1) / SCREEN_DOTS_PER_MM
        self._view = MapView.showing(before, width, height, SCREEN_DOTS_PER_MM * ratio, 0.0)
        self._soon.start(_SOON_MS)
        super().resizeEvent(event)

    def sizeHint(self) -> QSize:
        return QSize(420, 280)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), QColor("#ffffff"))
        if self._picture is not None:
            extent = self._pictured.extent
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
            painter.drawImage(QRectF(self._pixel(extent.x0, extent.y1), self._pixel(extent.x1, extent.y0)), self._picture)
        if self.note:
            box = painter.fontMetrics().boundingRect(self.note).adjusted(-8, -4, 8, 4)
            box.moveBottomLeft(self.rect().bottomLeft() + QPointF(8, -8).toPoint())
            painter.fillRect(box, QColor(255, 255, 255, 225))
            painter.setPen(QColor("#44474b"))
            painter.drawText(box, Qt.AlignmentFlag.AlignCenter, self.note)
        painter.setPen(QPen(QColor(ACCENT if self.hasFocus() else "#c9c6c1"), 1))
        painter.drawRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5))
        painter.end()

    def _pixel(self, x: float, y: float) -> QPointF:
        (x0, y0) = self._view.extent.x0, self._view.extent.y1
        scale = SCREEN_DOTS_PER_MM / self._view.metres_per_mm
        return QPointF((x - x0) * scale, (y0 - y) * scale)
