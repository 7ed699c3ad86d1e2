"""The bar that says where one is in an import."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QWidget

from chuangwen.text import _
from chuangwen.ui.parts import button, restyle, words


class StepsBar(QFrame):
    """① 文件 → ② 发现了什么 → ③ 会改变什么 → ④ 完成. Steps behind can be pressed to go back; `asked` gives the number."""

    asked = Signal(int)

    def __init__(self, titles: Sequence[str], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("steps", True)
        row = QHBoxLayout(self)
        row.setContentsMargins(10, 0, 10, 0)
        row.setSpacing(0)
        self._titles = titles
        self.buttons: list[QPushButton] = []
        for number in range(len(titles)):
            if number:
                arrow = words("→", "dim", wrap=False)
                row.addWidget(arrow)
            one = button("", "step")
            one.clicked.connect(lambda _on=False, number=number: self.asked.emit(number))
            self.buttons.append(one)
            row.addWidget(one)
        row.addStretch(1)
        self.file = words("", "dim", wrap=False)
        row.addWidget(self.file)
        row.addSpacing(6)

    def show_step(self, now: int, *, over: bool = False) -> None:
        """Mark where one is. `over`: everything is done and there is no way back."""
        for number, one in enumerate(self.buttons):
            is_done = number < now
            one.setText(f"{'✓' if is_done else '①②③④'[number]} {self._titles[number]}")
            restyle(one, "state", "now" if number == now else "done" if is_done else "later")
            one.setEnabled(is_done and not over)
            one.setToolTip(_("回到这一步") if is_done and not over else "")
