"""What can be changed on the sheet that is shown: its scale, the layers in its map, and back to how it was planned."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QComboBox, QFrame, QHBoxLayout, QMenu, QToolButton, QWidget

from chuangwen.domain.geo import ROUND_SCALES, scale_text
from chuangwen.render.paper.page import Page
from chuangwen.services.paper.handwork import Handwork
from chuangwen.text import _
from chuangwen.ui.parts import button
from chuangwen.ui.printing.page_bar import Elided

_HINT = _("拖地图：移动地面　拖文字：挪标注　Alt+滚轮：比例尺")
_KEYS = _("键盘：方向键移动地面（按住 Shift 慢移），＋ － 改比例尺，Ctrl+Z 撤销")


def _step(sign: str, title: str) -> QToolButton:
    made = QToolButton()
    made.setText(sign)
    made.setToolTip(_("{title}（Alt+滚轮）").format(title=title))
    made.setAccessibleName(title)
    return made


class AdjustBar(QFrame):
    """`scale_asked` (N of 1:N), `layer_asked` (id, shown), `turn_asked` (landscape), `reset_asked`, `undo_asked`."""

    scale_asked = Signal(float)
    layer_asked = Signal(str, bool)
    turn_asked = Signal(bool)
    reset_asked = Signal()
    undo_asked = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("bar", True)
        self._landscape = False
        self.scale = QComboBox()
        self.scale.setAccessibleName(_("本图比例尺"))
        self.scale.setToolTip(_("本图比例尺"))
        self.scale.setMinimumContentsLength(7)
        self.scale.activated.connect(lambda row: self.scale_asked.emit(self.scale.itemData(row)))
        self.larger, self.smaller = _step("＋", _("比例尺放大一级")), _step("－", _("比例尺缩小一级"))
        self.larger.clicked.connect(lambda: self.step(1))
        self.smaller.clicked.connect(lambda: self.step(-1))
        self.layers = QToolButton()
        self.layers.setText(_("图层"))
        self.layers.setToolTip(_("这一页的地图上显示哪些图层"))
        self.layers.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.menu = QMenu(self.layers)
        self.layers.setMenu(self.menu)
        self.turn = button(_("横竖换向"))
        self.turn.clicked.connect(lambda: self.turn_asked.emit(not self._landscape))
        self.undo = button(_("撤销"))
        self.undo.setToolTip(_("撤销上一次调整（Ctrl+Z）"))
        self.undo.clicked.connect(self.undo_asked.emit)
        self.reset = button(_("复位"))
        self.reset.setToolTip(_("这一页恢复自动排版"))
        self.reset.clicked.connect(self.reset_asked.emit)
        self.hint = Elided(_HINT)
        self.hint.setToolTip(f"{_HINT}\n{_KEYS}")
        row = QHBoxLayout(self)
        row.setContentsMargins(8, 4, 8, 4)
        row.setSpacing(4)
        for part in (self.smaller, self.scale, self.larger, self.layers, self.turn, self.undo, self.reset):
            row.addWidget(part)
        row.addWidget(self.hint, 1)
        self.hide()

    def show_page(self, page: Page, hand: Handwork, *, can_undo: bool) -> None:
        """Say how the sheet of a page is now."""
        self._landscape = page.sheet.landscape
        fits = page.part == 0 and bool(page.map_blocks)
        for part in (self.smaller, self.scale, self.larger, self.layers, self.turn):
            part.setEnabled(fits)
        if not fits:
            return
        block = page.map_blocks[0][1]
        self.scale.clear()
        now = round(block.view.denominator)
        for one in sorted({*ROUND_SCALES, now}):
            self.scale.addItem(scale_text(one), float(one))
        self.scale.setCurrentIndex(self.scale.findData(float(now)))
        self.menu.clear()
        for content in reversed(block.content):
            layer = content.features.layer
            if any(action.data() == layer.id for action in self.menu.actions()):
                continue
            action = QAction(layer.title, self.menu)
            action.setData(layer.id)
            action.setCheckable(True)
            action.setChecked(layer.id not in hand.hidden)
            action.triggered.connect(lambda on, name=layer.id: self.layer_asked.emit(name, on))
            self.menu.addAction(action)
        self.turn.setVisible(len(page.sheet.template.ways()) > 1)
        self.undo.setEnabled(can_undo)
        self.reset.setEnabled(bool(hand))

    def step(self, by: int) -> None:
        """The next larger (1) or smaller (-1) scale."""
        at = self.scale.currentIndex() - by
        if 0 <= at < self.scale.count():
            self.scale_asked.emit(self.scale.itemData(at))
