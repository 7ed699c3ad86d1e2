"""巡查包: in which order the sheets go out, whether an index lies on top, both sides, which pages, and where it goes."""

from __future__ import annotations

from PySide6.QtWidgets import QCheckBox, QComboBox, QLineEdit, QWidget

from chuangwen.render.paper.packet_run import PacketOrder
from chuangwen.services.paper.packet import ORDERS
from chuangwen.services.paper.sheet import Request
from chuangwen.text import _
from chuangwen.ui.parts import words
from chuangwen.ui.small_dialogs import FormDialog

ONE_FILE, EACH_GROUP, PRINTED = "file", "groups", "printer"


class PacketDialog(FormDialog):
    """`order` gives what was chosen; `where` one of the three."""

    def __init__(self, request: Request, count: int, *, can_index: bool, can_compare: bool, parent: QWidget | None = None) -> None:
        super().__init__(_("巡查包"), parent, 440)
        self._request = request
        self.turn = QComboBox()
        for name, title in ORDERS.items():
            self.turn.addItem(title, name)
        self.index = QCheckBox(_("前面放一张索引图"))
        self.index.setChecked(can_index)
        self.index.setEnabled(can_index)
        self.both_sides = QCheckBox(_("双面打印：每幅图从新的一张纸开始"))
        self.changed = QCheckBox(_("只印比上次有变化的"))
        self.changed.setEnabled(can_compare)
        self.pages = QLineEdit(placeholderText=_("全部；或 1-5,8,11-"))
        self.target = QComboBox()
        for name, title in ((ONE_FILE, _("一个 PDF")), (EACH_GROUP, _("每组一个 PDF")), (PRINTED, _("打印机"))):
            self.target.addItem(title, name)
        self.rows.addRow("", words(_("已选 {count} 幅图。输出后记下来，下次可以只印有变化的。").format(count=count), "dim"))
        self.rows.addRow(_("顺序"), self.turn)
        self.rows.addRow("", self.index)
        self.rows.addRow("", self.both_sides)
        self.rows.addRow("", self.changed)
        self.rows.addRow(_("页码"), self.pages)
        self.rows.addRow(_("输出到"), self.target)
        if not can_compare:
            self.changed.setToolTip(_("还没有输出过巡查包，没有可比的。"))
        self.ok.setText(_("下一步…"))

    @property
    def where(self) -> str:
        """Where it goes."""
        return str(self.target.currentData())

    @property
    def order(self) -> PacketOrder:
        """What is wanted."""
        return PacketOrder(
            self._request,
            self.turn.currentData(),
            self.index.isChecked(),
            self.both_sides.isChecked(),
            self.changed.isChecked() and self.changed.isEnabled(),
            self.pages.text().strip(),
        )
