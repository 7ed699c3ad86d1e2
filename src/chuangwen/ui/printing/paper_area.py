"""A page on a grey table, drawn by the code that prints it: sharp at every zoom, scrolled and magnified at once, drawn anew on the press's thread."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QColor, QImage, QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QAbstractScrollArea, QWidget

from chuangwen.render.paper.page import Page
from chuangwen.render.view import SCREEN_DOTS_PER_MM
from chuangwen.services.paper.frames import Rect
from chuangwen.text import _
from chuangwen.ui.printing.press import Press
from chuangwen.ui.printing.spots import PageSpots

FIT_PAGE, FIT_WIDTH, HUNDRED, REAL, FREE = "page", "width", "hundred", "real", "free"
_TABLE = "#8f8d8a"
_EDGE = 14
_LEAST, _MOST = 0.15, 16.0
"""Logical pixels of a millimetre on paper: a tenth of a page's size on screen, and four times it."""
_AROUND = 0.15
"""Share of the view that is drawn beyond its edge, so that small steps need no new picture."""
_SOON_MS = 15
_AFTER_WHEEL_MS = 90


@dataclass(frozen=True)
class Picture:
    """`part` of a page (mm) and how it looks."""

    page: Page
    part: Rect
    image: QImage
    dots: float


class PaperArea(QAbstractScrollArea):
    """Signals: `shown` (another page is on screen), `zoomed`."""

    shown = Signal(object)
    zoomed = Signal()

    def __init__(self, press: Press, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._press = press
        self.mode = FIT_PAGE
        self.scale = 1.0
        self.page: Page | None = None
        self.spots: PageSpots | None = None
        self.picture: Picture | None = None
        self._coming: Page | None = None
        self._note = ""
        self._soon = QTimer(self, singleShot=True)
        self._soon.timeout.connect(self._ask)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setFrameShape(QAbstractScrollArea.Shape.NoFrame)
        self.viewport().setMouseTracking(True)
        self.viewport().setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setAccessibleName(_("页面"))
        for bar in (self.horizontalScrollBar(), self.verticalScrollBar()):
            bar.valueChanged.connect(lambda _value: self._scrolled())

    # --- which page, how large

    def show_page(self, page: Page | None, note: str = "") -> None:
        """Show a page; the one before stays until this one is drawn. None: `note` on an empty table."""
        self._note = note
        self._coming = page
        if page is None:
            self.page = self.picture = self.spots = None
            self._fit_bars()
            self.viewport().update()
            return
        if self.page is None:
            self._take(page)
        if page is self.page and self.spots is not None:
            self.shown.emit(page)
        self._soon.start(0)

    def set_mode(self, mode: str) -> None:
        """Fit the page, its width, 100 %, or its real size on this screen."""
        self.mode = mode
        self._fit()

    def zoom(self, factor: float, at: QPointF | None = None) -> None:
        """Magnify; the place of the page at `at` (of the viewport; default its middle) stays where it is."""
        if self.page is None:
            return
        at = at or QPointF(self.viewport().width() / 2, self.viewport().height() / 2)
        x, y = self.mm(at)
        self.mode = FREE
        self.scale = min(max(self.scale * factor, _LEAST), _MOST)
        self._fit_bars()
        there = self.pixel(x, y)
        self.horizontalScrollBar().setValue(self.horizontalScrollBar().value() + round(there.x() - at.x()))
        self.verticalScrollBar().setValue(self.verticalScrollBar().value() + round(there.y() - at.y()))
        self._redraw(_AFTER_WHEEL_MS)
        self.zoomed.emit()

    @property
    def percent(self) -> int:
        """How large it is shown; 100 as programs show pages on a screen."""
        return round(self.scale / SCREEN_DOTS_PER_MM * 100)

    def reveal(self, place: Rect) -> None:
        """Scroll so that a place of the page (mm) is in sight."""
        corner = self.pixel(place.x + place.width / 2, place.y + place.height / 2)
        view = QRectF(self.viewport().rect()).adjusted(30, 30, -30, -30)
        if not view.contains(corner):
            self.horizontalScrollBar().setValue(self.horizontalScrollBar().value() + round(corner.x() - view.center().x()))
            self.verticalScrollBar().setValue(self.verticalScrollBar().value() + round(corner.y() - view.center().y()))

    def _wanted_scale(self, page: Page) -> float:
        room = self.viewport().size() - QSize(2 * _EDGE, 2 * _EDGE)
        if self.mode == FIT_PAGE:
            return max(min(room.width() / page.width, room.height() / page.height), _LEAST)
        if self.mode == FIT_WIDTH:
            return max(room.width() / page.width, _LEAST)
        if self.mode == REAL:
            return self._real()
        return SCREEN_DOTS_PER_MM if self.mode == HUNDRED else self.scale

    def _real(self) -> float:
        """Logical pixels of a millimetre of this screen, as it says itself."""
        screen = self.screen()
        told = screen.physicalDotsPerInch() / 25.4 / max(self.devicePixelRatioF(), 1.0)
        return told if 1.5 < told < 12 else SCREEN_DOTS_PER_MM

    def _fit(self) -> None:
        if self.page is not None:
            self.scale = self._wanted_scale(self.page)
        self._fit_bars()
        self._redraw()
        self.zoomed.emit()

    def _take(self, page: Page) -> None:
        """Make a page the one on screen."""
        another = self.page is None or (page.width, page.height, page.number) != (self.page.width, self.page.height, self.page.number)
        self.page, self.spots = page, None
        self.scale = self._wanted_scale(page)
        self._fit_bars()
        if another:
            self.verticalScrollBar().setValue(0)

    def _fit_bars(self) -> None:
        page, view = self.page, self.viewport().size()
        for bar, whole, room in (
            (self.horizontalScrollBar(), page.width if page else 0.0, view.width()),
            (self.verticalScrollBar(), page.height if page else 0.0, view.height()),
        ):
            bar.setPageStep(room)
            bar.setSingleStep(40)
            bar.setRange(0, max(round(whole * self.scale) + 2 * _EDGE - room, 0))

    # --- places

    @property
    def origin(self) -> QPointF:
        """Where the page's upper left corner is in the viewport."""
        if self.page is None:
            return QPointF(0, 0)
        wide, high = self.page.width * self.scale + 2 * _EDGE, self.page.height * self.scale + 2 * _EDGE
        x = (self.viewport().width() - wide) / 2 if wide <= self.viewport().width() else -self.horizontalScrollBar().value()
        y = (self.viewport().height() - high) / 2 if high <= self.viewport().height() else -self.verticalScrollBar().value()
        return QPointF(x + _EDGE, y + _EDGE)

    def mm(self, at: QPointF) -> tuple[float, float]:
        """The place of the page (mm) under a pixel of the viewport."""
        origin = self.origin
        return (at.x() - origin.x()) / self.scale, (at.y() - origin.y()) / self.scale

    def pixel(self, x: float, y: float) -> QPointF:
        """Where a place of the page (mm) is in the viewport."""
        return self.origin + QPointF(x, y) * self.scale

    def box(self, place: Rect) -> QRectF:
        """Where a rectangle of the page (mm) is in the viewport."""
        return QRectF(self.pixel(place.x, place.y), self.pixel(place.right, place.bottom))

    def _part(self, page: Page) -> Rect:
        """What is in sight, mm, and a little around it; small pages whole."""
        if page is not self.page:
            scale = self._wanted_scale(page)
            wide, high = self.viewport().width() / scale, self.viewport().height() / scale
            return Rect(0.0, 0.0, min(page.width, wide * (1 + _AROUND)), min(page.height, high * (1 + _AROUND)))
        (x0, y0), (x1, y1) = self.mm(QPointF(0, 0)), self.mm(QPointF(self.viewport().width(), self.viewport().height()))
        dx, dy = (x1 - x0) * _AROUND, (y1 - y0) * _AROUND
        x0, y0, x1, y1 = max(x0 - dx, 0.0), max(y0 - dy, 0.0), min(x1 + dx, page.width), min(y1 + dy, page.height)
        return Rect(x0, y0, max(x1 - x0, 1.0), max(y1 - y0, 1.0))

    # --- drawing

    def _redraw(self, wait_ms: int = _SOON_MS) -> None:
        self.viewport().update()
        self._soon.start(wait_ms)

    def _scrolled(self) -> None:
        self.viewport().update()
        if self.page is not None and not self._is_sharp():
            self._soon.start(_SOON_MS)

    def _is_sharp(self) -> bool:
        """Whether the picture that is there shows all that is in sight, in this size."""
        made, page = self.picture, self.page
        if made is None or page is None or made.page is not page or abs(made.dots - self.scale * self.devicePixelRatioF()) > 1e-6:
            return False
        (x0, y0), (x1, y1) = self.mm(QPointF(0, 0)), self.mm(QPointF(self.viewport().width(), self.viewport().height()))
        part = made.part
        return part.x <= max(x0, 0) and part.y <= max(y0, 0) and part.right >= min(x1, page.width) - 1e-6 and part.bottom >= min(y1, page.height) - 1e-6

    def _ask(self) -> None:
        page = self._coming
        if page is None or self.viewport().width() < 2 or (page is self.page and self._is_sharp()):
            return
        part = self._part(page)
        dots = (self.scale if page is self.page else self._wanted_scale(page)) * self.devicePixelRatioF()

        def came(image: QImage) -> None:
            if page is not self._coming:
                return
            if page is not self.page:
                self._take(page)
            self.picture = Picture(page, part, image, dots)
            self._on_pictured(page)
            if self.spots is None:
                self.spots = PageSpots(page)
                self.shown.emit(page)
            self.viewport().update()
            if not self._is_sharp():
                self._soon.start(_SOON_MS)

        self._press.picture(page, dots, part, came)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self.viewport())
        painter.fillRect(self.viewport().rect(), QColor(_TABLE))
        page = self.page
        if page is None:
            painter.setPen(QColor("#ffffff"))
            painter.drawText(QRectF(self.viewport().rect()).adjusted(40, 0, -40, 0), int(Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap), self._note)
            painter.end()
            return
        whole = self.box(Rect(0, 0, page.width, page.height))
        painter.fillRect(whole.translated(3, 3), QColor(0, 0, 0, 70))
        painter.fillRect(whole, QColor("#ffffff"))
        if self.picture is not None and self.picture.page is page:
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
            self._paint_picture(painter, self.picture)
        else:
            painter.setPen(QColor("#8a8a8a"))
            painter.drawText(whole, Qt.AlignmentFlag.AlignCenter, _("正在绘制……"))
        painter.setClipRect(whole)
        self._paint_over(painter)
        painter.setClipping(False)
        if self.hasFocus():
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(QColor("#ffffff"), 1, Qt.PenStyle.DotLine))
            painter.drawRect(QRectF(self.viewport().rect()).adjusted(1.5, 1.5, -1.5, -1.5))
        painter.end()

    def _paint_picture(self, painter: QPainter, picture: Picture) -> None:
        """The page as it was drawn last."""
        painter.drawImage(self.box(picture.part), picture.image)

    def _paint_over(self, painter: QPainter) -> None:
        """What lies over the page; nothing."""

    def _on_pictured(self, page: Page) -> None:
        """A new picture of a page came."""

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._fit()
        super().resizeEvent(event)

    def scrollContentsBy(self, dx: int, dy: int) -> None:
        """The page is painted where it belongs; Qt would move the pixels of the viewport."""
        self.viewport().update()

    def sizeHint(self) -> QSize:
        return QSize(620, 620)
