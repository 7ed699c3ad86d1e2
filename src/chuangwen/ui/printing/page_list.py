"""The pages as a list of small pictures, made in the background for what is in sight: three hundred pages scroll as easily as three."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QAbstractListModel, QModelIndex, QPersistentModelIndex, QRect, QRectF, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QColor, QFont, QImage, QPainter, QPalette, QPen
from PySide6.QtWidgets import QListView, QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from chuangwen.render.paper.page import Page
from chuangwen.text import _
from chuangwen.ui.printing.press import Key, Press, key_of

SIDE = 104
"""Logical pixels of the longer side of a small picture."""
_KEPT = 400
_ROW = 148
_WORDS = 30
_PAGE = Qt.ItemDataRole.UserRole


@dataclass(frozen=True, slots=True)
class Marks:
    """What is said of a page beside its name. `found`: by the pre-flight; `by_hand`: changed by hand; `differs`: from the last packet, '' where not."""

    found: str = ""
    by_hand: bool = False
    differs: str = ""


class PageModel(QAbstractListModel):
    """The pages that are listed. When the run is planned anew, the picture of the same page before stands until the new one is made."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.pages: list[Page] = []
        self.marks: dict[int, Marks] = {}
        self._pictures: OrderedDict[Key, tuple[Page, QImage]] = OrderedDict()

    def rowCount(self, parent: QModelIndex | QPersistentModelIndex = QModelIndex()) -> int:  # noqa: B008 - Qt's signature
        return 0 if parent.isValid() else len(self.pages)

    def data(self, index: QModelIndex | QPersistentModelIndex, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        page = self.pages[index.row()]
        if role == Qt.ItemDataRole.DisplayRole:
            return _("第 {number} 页　{name}").format(number=page.number, name=page.name)
        if role == Qt.ItemDataRole.ToolTipRole:
            return "\n".join([page.name, *self.said(page)])
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return "，".join([page.name, *self.said(page)])
        return page if role == _PAGE else None

    def said(self, page: Page) -> list[str]:
        """What the marks of a page mean, in words."""
        marks = self.marks.get(page.number, Marks())
        words = [_("预检：{what}").format(what=marks.found)] if marks.found else []
        words += [_("手工调整过")] if marks.by_hand else []
        return words + ([_("比上次：{what}").format(what=marks.differs)] if marks.differs else [])

    def show(self, pages: Sequence[Page], marks: dict[int, Marks]) -> None:
        """List other pages; pictures of pages that are still there stay."""
        self.beginResetModel()
        self.pages, self.marks = list(pages), marks
        self.endResetModel()

    def remark(self, marks: dict[int, Marks]) -> None:
        """The same pages with other marks."""
        self.marks = marks
        if self.pages:
            self.dataChanged.emit(self.index(0), self.index(len(self.pages) - 1))

    def keep(self, page: Page, picture: QImage) -> None:
        """A small picture came."""
        self._pictures[key_of(page)] = (page, picture)
        while len(self._pictures) > _KEPT:
            self._pictures.popitem(last=False)
        if page in self.pages:
            at = self.index(self.pages.index(page))
            self.dataChanged.emit(at, at)

    def picture(self, page: Page) -> QImage | None:
        """The small picture of a page, perhaps that of its last state."""
        kept = self._pictures.get(key_of(page))
        return None if kept is None else kept[1]

    def is_made(self, page: Page) -> bool:
        """Whether its small picture shows it as it is."""
        kept = self._pictures.get(key_of(page))
        return kept is not None and kept[0] is page


class PageList(QListView):
    """`chosen` gives the page that the user went to."""

    chosen = Signal(object)

    def __init__(self, press: Press, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._press = press
        self._making = False
        self._paused = False
        self._following = False
        self.pages = PageModel(self)
        self.setModel(self.pages)
        self.setItemDelegate(_PageDelegate(self))
        self.setUniformItemSizes(True)
        self.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setMouseTracking(True)
        self.setAccessibleName(_("页列表"))
        self._soon = QTimer(self, singleShot=True, interval=30)
        self._soon.timeout.connect(self.make_next)
        self.verticalScrollBar().valueChanged.connect(lambda _value: self._soon.start())
        self.selectionModel().currentChanged.connect(lambda now, _before: self._on_current(now))

    def show_pages(self, pages: Sequence[Page], marks: dict[int, Marks]) -> None:
        """List pages."""
        self._following = True
        self.pages.show(pages, marks)
        self._following = False
        self._soon.start()

    def go_to(self, page: Page) -> None:
        """Mark a page as the one that is shown."""
        if page in self.pages.pages:
            self._following = True
            self.setCurrentIndex(self.pages.index(self.pages.pages.index(page)))
            self._following = False

    def pause(self, *, on: bool) -> None:
        """Small pictures wait while the large one is being made; one that is being made is given up."""
        self._paused = on
        if on:
            self._press.cancel("thumbnail")
            self._making = False
        else:
            self._soon.start()

    def make_next(self) -> None:
        """Ask for the picture of the first page in sight that has none, then of those near by."""
        if self._making or self._paused or not self.isVisible():
            return
        page = self._wanted()
        if page is None:
            return
        self._making = True

        def came(picture: QImage) -> None:
            self._making = False
            picture.setDevicePixelRatio(self.devicePixelRatioF())
            self.pages.keep(page, picture)
            self.make_next()

        self._press.thumbnail(page, SIDE * self.devicePixelRatioF() / max(page.width, page.height), came)

    def _wanted(self) -> Page | None:
        rows = self.pages.pages
        first, last = self.rows_in_sight()
        near = [*range(first, last + 1), *range(last + 1, min(last + 4, len(rows))), *range(max(first - 3, 0), first)]
        return next((rows[row] for row in near if row < len(rows) and not self.pages.is_made(rows[row])), None)

    def rows_in_sight(self) -> tuple[int, int]:
        """The first and the last row that can be seen."""
        top = self.verticalScrollBar().value()
        return max(top // _ROW, 0), max((top + self.viewport().height()) // _ROW, 0)

    def _on_current(self, now: QModelIndex) -> None:
        if now.isValid() and not self._following:
            self.chosen.emit(self.pages.pages[now.row()])

    def showEvent(self, event: object) -> None:
        super().showEvent(event)  # type: ignore[arg-type]
        self._soon.start()


class _PageDelegate(QStyledItemDelegate):
    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        return QSize(SIDE + 24, _ROW)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> None:
        model = index.model()
        assert isinstance(model, PageModel)
        page = model.pages[index.row()]
        palette: QPalette = option.palette  # type: ignore[attr-defined]
        row: QRect = option.rect  # type: ignore[attr-defined]
        state = option.state  # type: ignore[attr-defined]
        chosen = bool(state & QStyle.StateFlag.State_Selected)
        painter.save()
        painter.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.SmoothPixmapTransform)
        if chosen:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(palette.color(QPalette.ColorRole.Highlight))
            painter.drawRoundedRect(QRectF(row).adjusted(3, 2, -3, -2), 5, 5)
        place = _paper(page, row)
        painter.fillRect(place.translated(1.5, 1.5), QColor(0, 0, 0, 60))
        painter.fillRect(place, QColor("#ffffff"))
        picture = model.picture(page)
        if picture is not None:
            painter.drawImage(place, picture)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(palette.color(QPalette.ColorRole.Link if chosen else QPalette.ColorRole.Mid), 2 if chosen else 1))
        painter.drawRect(place)
        _write(painter, page, row, palette, chosen=chosen)
        _stamp(painter, model.marks.get(page.number, Marks()), place)
        painter.restore()


def _paper(page: Page, row: QRect) -> QRectF:
    share = SIDE / max(page.width, page.height)
    wide, high = page.width * share, page.height * share
    return QRectF(row.x() + (row.width() - wide) / 2, row.y() + 8 + (SIDE - high) / 2, wide, high)


def _write(painter: QPainter, page: Page, row: QRect, palette: QPalette, *, chosen: bool) -> None:
    words = QRect(row.x() + 6, row.bottom() - _WORDS - 3, row.width() - 12, _WORDS)
    face = QFont(painter.font())
    face.setPixelSize(11)
    painter.setFont(face)
    painter.setPen(palette.color(QPalette.ColorRole.HighlightedText if chosen else QPalette.ColorRole.Text))
    lines = [_("第 {number} 页").format(number=page.number), painter.fontMetrics().elidedText(page.name, Qt.TextElideMode.ElideMiddle, words.width())]
    painter.drawText(words, int(Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop), "\n".join(lines))


def _stamp(painter: QPainter, marks: Marks, place: QRectF) -> None:
    """Small round signs on the picture's upper right corner: a letter each, so that they differ without colour."""
    signs = [("!", "#b3261e")] if marks.found else []
    signs += [(_("手"), "#1f5fa8")] if marks.by_hand else []
    signs += [(_("新"), "#1b7a3d")] if marks.differs else []
    face = QFont(painter.font())
    face.setPixelSize(10)
    face.setBold(True)
    painter.setFont(face)
    for number, (word, colour) in enumerate(signs):
        spot = QRectF(place.right() - 9, place.top() - 6 + number * 18, 17, 17)
        painter.setPen(QPen(QColor("#ffffff"), 1.2))
        painter.setBrush(QColor(colour))
        painter.drawEllipse(spot)
        painter.drawText(spot, Qt.AlignmentFlag.AlignCenter, word)
