"""Step four: what happened, and what one may want to do next."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from chuangwen.text import _
from chuangwen.ui.importing.looking import Look
from chuangwen.ui.parts import button, card, emptied, restyle, scrolled, words


class DonePage(QWidget):
    """Signals: `undo_asked`, `map_asked`, `receipt_asked`."""

    undo_asked = Signal()
    map_asked = Signal()
    receipt_asked = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._card, column = card((20, 16, 20, 16), 6)
        self.head = words("", "title")
        self.said = words("")
        self.note = words("", "dim")
        self._counts = QGridLayout()
        self._counts.setHorizontalSpacing(26)
        self._counts.setVerticalSpacing(0)
        numbers = QHBoxLayout()
        numbers.addLayout(self._counts)
        numbers.addStretch(1)
        column.addWidget(self.head)
        column.addWidget(self.said)
        column.addSpacing(6)
        column.addLayout(numbers)
        self.map = button(_("在地图上看(&M)"))
        self.receipt = button(_("保存回执(&S)…"))
        self.undo = button(_("撤销整步(&U)"))
        self.map.clicked.connect(self.map_asked)
        self.receipt.clicked.connect(self.receipt_asked)
        self.undo.clicked.connect(self.undo_asked)
        inside = QWidget()
        page = QVBoxLayout(inside)
        page.setContentsMargins(22, 18, 22, 14)
        page.setSpacing(14)
        page.addWidget(self._card)
        for one, told in (
            (self.map, _("关闭这个窗口，选中刚导入的，并把地图移到那里。")),
            (self.receipt, _("存成 Excel：发来的原表，每一行后面写着导入了没有、为什么。可以直接发回去请对方改。")),
            (self.undo, _("这次导入是一步，一按全部退回，像没导入过一样。以后按 Ctrl+Z 也行。")),
        ):
            row = QHBoxLayout()
            row.setSpacing(14)
            one.setMinimumWidth(150)
            row.addWidget(one)
            row.addWidget(words(told, "dim"), 1)
            page.addLayout(row)
        page.addWidget(self.note)
        page.addStretch(1)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(scrolled(inside))

    def show_done(self, look: Look, *, can_undo: bool) -> None:
        """What an import did."""
        report = look.prepared.plan.report
        rejected = len({one.row for one in report.rejected})
        restyle(self._card, "state", "good")
        self.head.setText(_("✓ 已导入") if look.prepared.plan.edit else _("✓ 没有变化"))
        self.said.setText(_("{file} → {layer}").format(file=report.file, layer=look.layer.title))
        emptied(self._counts)
        numbers = ((_("读取"), report.read), (_("新增"), report.added), (_("更新"), report.changed), (_("不变"), report.unchanged), (_("未导入"), rejected))
        for column, (title, count) in enumerate(numbers):
            figure = words(f"{count:,}".replace(",", " "), "title", wrap=False)
            self._counts.addWidget(figure, 0, column)
            self._counts.addWidget(words(title, "dim", wrap=False), 1, column)
        self.map.setEnabled(look.shapes.extent is not None and bool(look.prepared.plan.edit))
        self.undo.setEnabled(can_undo)
        self.note.setText(_("有 {count} 行没有导入：保存回执，发回去请对方改好再发来，重新导入时只补这几行。").format(count=rejected) if rejected else "")

    def show_undone(self) -> None:
        """After the step was taken back."""
        restyle(self._card, "state", "")
        self.head.setText(_("已撤销，项目回到导入以前"))
        self.undo.setEnabled(False)
        self.map.setEnabled(False)

    def say(self, text: str) -> None:
        """One more sentence: where the receipt lies, or why it does not."""
        self.note.setText(text)
