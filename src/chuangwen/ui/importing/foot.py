"""The foot of the dialog: back, how far the reading is, stop, close, and the one large button."""

from __future__ import annotations

from PySide6.QtWidgets import QFrame, QHBoxLayout, QProgressBar, QWidget

from chuangwen.text import _
from chuangwen.ui.parts import button, words


class Foot(QFrame):
    """Buttons in a row, to be connected by the dialog."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("foot", True)
        self.back = button(_("上一步(&B)"))
        self.doing = words("", "dim", wrap=False)
        self.bar = QProgressBar()
        self.bar.setTextVisible(False)
        self.bar.setFixedWidth(150)
        self.stop = button(_("取消读取(&C)"))
        self.close_button = button(_("关闭"))
        self.next = button(_("下一步(&N)"), "main")
        self.next.setMinimumWidth(132)
        row = QHBoxLayout(self)
        row.setContentsMargins(22, 10, 18, 10)
        row.setSpacing(10)
        row.addWidget(self.back)
        row.addWidget(self.doing, 1)
        for widget in (self.bar, self.stop, self.close_button, self.next):
            row.addWidget(widget)

    def show_work(self, words_: str, done: int = 0, total: int = 0) -> None:
        """What is being done and how far it is; `total` 0: nobody knows."""
        self.doing.setText(words_)
        self.bar.setRange(0, total)
        self.bar.setValue(done)

    def show_busy(self, *, reading: bool, writing: bool) -> None:
        """Show the bar while something is done; only reading can be stopped."""
        self.stop.setVisible(reading)
        self.bar.setVisible(reading or writing)
        if not reading and not writing:
            self.doing.clear()
