"""Above the page: turning pages, how large it is shown, whether the mouse looks or changes."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QKeySequence, QPainter, QPaintEvent, QShortcut
from PySide6.QtWidgets import QComboBox, QFrame, QHBoxLayout, QLabel, QSizePolicy, QToolButton, QWidget

from chuangwen.domain.geo import scale_text
from chuangwen.render.paper.page import Page
from chuangwen.text import _
from chuangwen.ui.icons import icon
from chuangwen.ui.parts import words
from chuangwen.ui.printing.page_view import PageView
from chuangwen.ui.printing.paper_area import FIT_PAGE, FIT_WIDTH, FREE, HUNDRED, REAL

_MODES = ((FIT_PAGE, _("适合页面")), (FIT_WIDTH, _("适合宽度")), (HUNDRED, _("100 %")), (REAL, _("实际大小")))


def tool(name: str, title: str, keys: str = "", *, checkable: bool = False) -> QToolButton:
    """A small button with a picture; its words and keys stand in the tip."""
    made = QToolButton()
    made.setIcon(icon(name))
    made.setIconSize(QSize(18, 18))
    made.setToolTip(f"{title}（{keys}）" if keys else title)
    made.setAccessibleName(title)
    made.setCheckable(checkable)
    made.setFocusPolicy(Qt.FocusPolicy.TabFocus)
    return made


class Elided(QLabel):
    """Words of which as much is shown as there is room for."""

    def __init__(self, text: str = "") -> None:
        super().__init__(text)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        words_now = self.fontMetrics().elidedText(self.text(), Qt.TextElideMode.ElideRight, self.width())
        painter.drawText(self.rect(), int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter), words_now)
        painter.end()


class PageBar(QFrame):
    """`turn_asked` by so many pages, `adjust_asked` on or off, `map_asked`: show what is lit up in the main window."""

    turn_asked = Signal(int)
    adjust_asked = Signal(bool)
    map_asked = Signal()

    def __init__(self, view: PageView, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._view = view
        self.setProperty("steps", True)
        self.before, self.after = tool("previous", _("上一页"), "PageUp"), tool("next", _("下一页"), "PageDown")
        self.smaller, self.larger = tool("zoom_out", _("缩小"), "Ctrl+-"), tool("zoom_in", _("放大"), "Ctrl++")
        self.adjust = tool("move", _("调整地图：拖动地面和标注，改比例尺"), "Ctrl+T", checkable=True)
        self.to_map = tool("place", _("在地图上看"), _("双击"))
        self.mode = QComboBox()
        self.mode.setAccessibleName(_("显示大小"))
        for name, title in _MODES:
            self.mode.addItem(title, name)
        self.mode.setMinimumContentsLength(6)
        self.where = Elided()
        self.lit = words("", "dim", wrap=False)
        row = QHBoxLayout(self)
        row.setContentsMargins(8, 4, 8, 4)
        row.setSpacing(3)
        for part in (self.before, self.after):
            row.addWidget(part)
        row.addSpacing(4)
        row.addWidget(self.where, 1)
        row.addWidget(self.smaller)
        row.addWidget(self.mode)
        row.addWidget(self.larger)
        row.addSpacing(6)
        for part in (self.to_map, self.adjust):
            row.addWidget(part)
        self._connect()
        self.show_page(None, 0)

    def _connect(self) -> None:
        self.before.clicked.connect(lambda: self.turn_asked.emit(-1))
        self.after.clicked.connect(lambda: self.turn_asked.emit(1))
        self.smaller.clicked.connect(lambda: self._view.zoom(1 / 1.25))
        self.larger.clicked.connect(lambda: self._view.zoom(1.25))
        self.mode.activated.connect(lambda row: self._view.set_mode(self.mode.itemData(row)))
        self.adjust.toggled.connect(self.adjust_asked.emit)
        self.to_map.clicked.connect(self.map_asked.emit)
        self._view.zoomed.connect(self._show_zoom)
        self._view.picked.connect(lambda feature: self.to_map.setEnabled(feature is not None))
        keys = {
            "Ctrl+-": self.smaller.click,
            "Ctrl++": self.larger.click,
            "Ctrl+=": self.larger.click,
            "Ctrl+0": lambda: self._view.set_mode(FIT_PAGE),
            "Ctrl+1": lambda: self._view.set_mode(HUNDRED),
            "Ctrl+2": lambda: self._view.set_mode(FIT_WIDTH),
            "Ctrl+3": lambda: self._view.set_mode(REAL),
            "Ctrl+T": self.adjust.click,
            "PgUp": self.before.click,
            "PgDown": self.after.click,
        }
        for sequence, work in keys.items():
            QShortcut(QKeySequence(sequence), self.window(), work)

    def show_page(self, page: Page | None, count: int) -> None:
        """Say which page is on screen."""
        every: tuple[QWidget, ...] = (self.before, self.after, self.smaller, self.larger, self.mode, self.adjust)
        for one in every:
            one.setEnabled(page is not None)
        self.to_map.setEnabled(page is not None and self._view.feature is not None)
        if page is None:
            self.where.clear()
            return
        self.before.setEnabled(page.number > 1)
        self.after.setEnabled(page.number < count)
        self.adjust.setEnabled(self._view.can_adjust or self._view.adjusting)
        said = _("第 {number} / {count} 页　{name}").format(number=page.number, count=count, name=page.name)
        scale = scale_text(page.map_blocks[0][1].view.denominator) if page.map_blocks else ""
        self.where.setText(f"{said}　{scale}".rstrip())
        self.where.setToolTip(self.where.text())
        self._show_zoom()

    def _show_zoom(self) -> None:
        row = self.mode.findData(FREE)
        if self._view.mode == FREE:
            if row < 0:
                self.mode.addItem("", FREE)
                row = self.mode.count() - 1
            self.mode.setItemText(row, f"{self._view.percent} %")
        elif row >= 0:
            self.mode.removeItem(row)
        self.mode.setCurrentIndex(self.mode.findData(self._view.mode))
