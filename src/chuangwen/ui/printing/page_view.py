"""The page to look at and to change: what is under the mouse is lit up in map and table alike; while adjusting, the hand takes the ground or a label."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import QEvent, QPointF, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QMouseEvent, QPainter, QWheelEvent
from PySide6.QtWidgets import QWidget

from chuangwen.render.draw import draw_highlight
from chuangwen.render.paper.page import Page
from chuangwen.services.paper.frames import Rect
from chuangwen.ui.printing.grip import Held, paint_label, take_hold
from chuangwen.ui.printing.paper_area import PaperArea, Picture
from chuangwen.ui.printing.press import Press

_STEP_MM, _FINE_MM = 5.0, 1.0
_ROW = QColor(10, 108, 255, 46)
_HOVERED = QColor(10, 108, 255, 24)


class PageView(PaperArea):
    """Signals: `pointed`, `picked`, `opened` (layer and id under the mouse, None for nothing), `turned` (PageUp, PageDown: -1, 1). While it is `adjusting`:
    `ground_moved` by mm of paper, `label_moved` (layer, id, pin), `scale_stepped` (1: larger).
    """

    pointed = Signal(object)
    picked = Signal(object)
    opened = Signal(object)
    turned = Signal(int)
    ground_moved = Signal(float, float)
    label_moved = Signal(str, str, object)
    scale_stepped = Signal(int)

    def __init__(self, press: Press, parent: QWidget | None = None) -> None:
        super().__init__(press, parent)
        self.feature: tuple[str, str] | None = None
        self.hovered: tuple[str, str] | None = None
        self.adjusting = False
        self._held: Held | None = None
        self._grabbed: QPointF | None = None
        self._moved = False

    def _paint_over(self, painter: QPainter) -> None:
        """What is lit up: the feature that was chosen and the one under the mouse, in maps and rows alike."""
        page, spots = self.page, self.spots
        if page is None or spots is None:
            return
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for feature, colour in ((self.hovered, _HOVERED), (self.feature, _ROW)):
            if feature is None:
                continue
            for row in spots.rows_of(feature):
                painter.fillRect(self.box(row), colour)
            for place, block in page.map_blocks:
                painter.save()
                painter.setClipRect(self.box(place), Qt.ClipOperation.IntersectClip)
                painter.translate(self.pixel(place.x, place.y))
                painter.scale(self.scale, self.scale)
                draw_highlight(painter, block.content, [feature], block.view)
                painter.restore()

        if self._held is not None and self._held.label is not None:
            label, (dx, dy) = self._held.label, self._held.by
            lefts, tops, rights, bottoms = zip(*label.boxes, strict=True)
            x, y = self._held.place.x + min(lefts) + dx, self._held.place.y + min(tops) + dy
            place = Rect(x, y, max(rights) - min(lefts), max(bottoms) - min(tops))
            paint_label(painter, self._held, self.box(place), self.pixel(self._held.place.x + label.anchor[0], self._held.place.y + label.anchor[1]))

    def _paint_picture(self, painter: QPainter, picture: Picture) -> None:
        super()._paint_picture(painter, picture)
        if self._held is not None and self._held.label is None:
            self._paint_moved(painter, self._held, picture)

    def _on_pictured(self, page: Page) -> None:
        """What was held belongs to the page that was on screen before."""
        if self._held is not None and all(block is not self._held.block for _place, block in page.map_blocks):
            self._held = None

    def _paint_moved(self, painter: QPainter, held: Held, picture: Picture) -> None:
        """The ground where the hand has carried it; what comes in from beyond the frame is white until it is drawn."""
        frame = self.box(held.place)
        painter.save()
        painter.setClipRect(frame, Qt.ClipOperation.IntersectClip)
        painter.fillRect(frame, QColor("#ffffff"))
        by = QPointF(*held.by) * self.scale
        painter.setClipRect(frame.translated(by), Qt.ClipOperation.IntersectClip)
        painter.drawImage(self.box(picture.part).translated(by), picture.image)
        painter.restore()

    # --- mouse and keys

    @property
    def can_adjust(self) -> bool:
        """Whether the page has the map of its sheet: those of continuations follow it."""
        return self.page is not None and self.page.part == 0 and bool(self.page.map_blocks)

    def adjust(self, *, on: bool) -> None:
        """Whether the mouse takes hold of the map and its labels, or looks and scrolls."""
        self.adjusting, self._held = on, None
        self.viewport().unsetCursor()
        self.viewport().update()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self.setFocus()
        if self.adjusting and self.can_adjust and self.spots is not None and event.button() == Qt.MouseButton.LeftButton:
            self._held = take_hold(self.spots, *self.mm(event.position()))
            if self._held is not None:
                self.hovered = None
                self.viewport().setCursor(Qt.CursorShape.ClosedHandCursor)
                return
        if event.button() in (Qt.MouseButton.LeftButton, Qt.MouseButton.MiddleButton):
            self._grabbed, self._moved = event.position(), False

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._held is not None:
            self._held = replace(self._held, now=self.mm(event.position()))
            self.viewport().update()
            return
        if self._grabbed is not None:
            by = event.position() - self._grabbed
            if self._moved or by.manhattanLength() > 4:
                self._moved = True
                self.viewport().setCursor(Qt.CursorShape.ClosedHandCursor)
                self.horizontalScrollBar().setValue(self.horizontalScrollBar().value() - round(by.x()))
                self.verticalScrollBar().setValue(self.verticalScrollBar().value() - round(by.y()))
                self._grabbed = event.position()
            return
        self._hover(event.position())

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self.viewport().unsetCursor()
        if self._held is not None:
            held = replace(self._held, now=self.mm(event.position()))
            if not held.moved:
                self._held = None
                self.pick(self.feature_at(event.position()))
            elif held.label is not None:
                self._held = held
                self.label_moved.emit(held.label.layer, held.label.id, held.pin)
            else:
                self._held = held  # the picture stays where the hand has left it until the sheet is made anew
                self.ground_moved.emit(*held.by)
            return
        if self._grabbed is not None and not self._moved and event.button() == Qt.MouseButton.LeftButton:
            self.pick(self.feature_at(event.position()))
        self._grabbed = None

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        self.opened.emit(self.feature_at(event.position()))

    def feature_at(self, at: QPointF) -> tuple[str, str] | None:
        """What a pixel of the viewport speaks of."""
        return self.spots.feature_at(*self.mm(at)) if self.spots is not None else None

    def pick(self, feature: tuple[str, str] | None) -> None:
        """Light a feature up in map and table."""
        self.feature = feature
        self.viewport().update()
        self.picked.emit(feature)

    def step_row(self, by: int) -> None:
        """Light up the next or the last row of the page's tables."""
        rows = self.spots.rows() if self.spots is not None else []
        if not rows:
            return
        at = next((number for number, row in enumerate(rows) if (row.layer, row.id) == self.feature), -1 if by > 0 else len(rows))
        row = rows[min(max(at + by, 0), len(rows) - 1)]
        self.pick((row.layer, row.id))
        self.reveal(row.place)

    def _hover(self, at: QPointF) -> None:
        found = self.feature_at(at)
        if found != self.hovered:
            self.hovered = found
            self.viewport().update()
            self.pointed.emit(found)

    def leaveEvent(self, event: QEvent) -> None:
        if self.hovered is not None:
            self.hovered = None
            self.viewport().update()
            self.pointed.emit(None)

    def wheelEvent(self, event: QWheelEvent) -> None:
        turned = event.angleDelta().y() or event.angleDelta().x()  # Qt turns a wheel held with Alt sideways
        if event.modifiers() & Qt.KeyboardModifier.AltModifier and self.adjusting and self.can_adjust:
            self.scale_stepped.emit(1 if turned > 0 else -1)
            event.accept()
            return
        if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self.zoom(1.25 ** (event.angleDelta().y() / 120), event.position())
            event.accept()
            return
        bar = self.verticalScrollBar()
        down = event.angleDelta().y() < 0
        if bar.maximum() == 0 or (bar.value() == (bar.maximum() if down else 0)):
            event.accept()  # the page does not turn by itself: a careless wheel would leave it
            return
        super().wheelEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        control = bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
        key = Qt.Key(event.key())
        if self.adjusting and self.can_adjust and self._adjust_by(key, event.modifiers()):
            return
        if key in (Qt.Key.Key_PageUp, Qt.Key.Key_PageDown):
            self.turned.emit(-1 if key == Qt.Key.Key_PageUp else 1)
        elif control and key in (Qt.Key.Key_Up, Qt.Key.Key_Down):
            self.step_row(-1 if key == Qt.Key.Key_Up else 1)
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.feature is not None:
            self.opened.emit(self.feature)
        elif key == Qt.Key.Key_Escape and self.feature is not None:
            self.pick(None)
        else:
            super().keyPressEvent(event)

    def _adjust_by(self, key: Qt.Key, modifiers: Qt.KeyboardModifier) -> bool:
        step = _FINE_MM if modifiers & Qt.KeyboardModifier.ShiftModifier else _STEP_MM
        steps = {Qt.Key.Key_Left: (-step, 0.0), Qt.Key.Key_Right: (step, 0.0), Qt.Key.Key_Up: (0.0, -step), Qt.Key.Key_Down: (0.0, step)}
        if modifiers & Qt.KeyboardModifier.ControlModifier:
            return False
        if key in steps:
            self.ground_moved.emit(*steps[key])
        elif key in (Qt.Key.Key_Plus, Qt.Key.Key_Equal, Qt.Key.Key_Minus, Qt.Key.Key_Underscore):
            self.scale_stepped.emit(1 if key in (Qt.Key.Key_Plus, Qt.Key.Key_Equal) else -1)
        else:
            return False
        return True
