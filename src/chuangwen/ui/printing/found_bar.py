"""Above the page list: which feature's pages are listed, and all pages again."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QWidget

from chuangwen.text import _
from chuangwen.ui.parts import words
from chuangwen.ui.printing.page_bar import tool


class FoundBar(QFrame):
    """`cleared`: all pages are to be listed again."""

    cleared = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("bar", True)
        self.said = words("")
        self.close_it = tool("close", _("显示全部页"))
        self.close_it.clicked.connect(self.cleared.emit)
        row = QHBoxLayout(self)
        row.setContentsMargins(8, 4, 2, 4)
        row.addWidget(self.said, 1)
        row.addWidget(self.close_it)
        self.hide()

    def show_found(self, name: str, count: int) -> None:
        """Say how many pages have it."""
        said = _("“{name}”在这 {count} 页上") if count else _("“{name}”不在选中的图上。请换一种图，或在左边勾选它所在的网格")
        self.said.setText(said.format(name=name, count=count))
        self.show()
