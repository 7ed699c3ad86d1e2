"""The first page, while nothing is open: open, new, the demo, the last projects."""

from __future__ import annotations

from pathlib import Path
from typing import ClassVar

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QToolButton, QVBoxLayout, QWidget

from chuangwen.errors import UserError
from chuangwen.settings import Settings
from chuangwen.text import _
from chuangwen.ui.icons import icon


class Welcome(QWidget):
    """Says what can be done first. `open_asked` gives a path; `asked` has a signal for each button."""

    open_asked = Signal(object)
    _new = Signal()
    _open = Signal()
    _demo = Signal()
    BUTTONS: ClassVar = (("open", "open"), ("new", "new"), ("demo", "place"))

    def __init__(self, settings: Settings, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.asked = {"new": self._new, "open": self._open, "demo": self._demo}
        titles = {"open": _("打开项目"), "new": _("新建项目"), "demo": _("看示范项目")}
        head = QLabel(_("创文一张图"))
        head.setStyleSheet("font-size: 26px; font-weight: bold;")
        sub = QLabel(_("点位、网格、路段、问题在一张图上；改状态、定责任、打印巡查图。"))
        sub.setProperty("dim", True)
        row = QHBoxLayout()
        row.setSpacing(14)
        row.addStretch(1)
        self.buttons: dict[str, QToolButton] = {}
        for name, picture in self.BUTTONS:
            button = QToolButton()
            button.setText(titles[name])
            button.setIcon(icon(picture))
            button.setIconSize(QSize(36, 36))
            button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextUnderIcon)
            button.setFixedSize(136, 92)
            button.setProperty("card", True)
            button.clicked.connect(self.asked[name].emit)
            self.buttons[name] = button
            row.addWidget(button)
        row.addStretch(1)
        self.said = QLabel(wordWrap=True)
        self.said.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.said.setProperty("reason", True)
        self._recent = QVBoxLayout()
        self._recent.setSpacing(2)
        column = QVBoxLayout(self)
        column.setSpacing(12)
        column.addStretch(3)
        for widget in (head, sub):
            widget.setAlignment(Qt.AlignmentFlag.AlignCenter)
            column.addWidget(widget)
        column.addSpacing(14)
        column.addLayout(row)
        column.addWidget(self.said)
        column.addLayout(self._recent)
        column.addStretch(5)
        self.show_recent(settings)

    def say(self, what: object) -> None:
        """A refusal or a word of patience."""
        self.said.setText(f"{what.message}{what.hint}" if isinstance(what, UserError) else str(what))

    def show_recent(self, settings: Settings) -> None:
        """The projects opened lately that are still there."""
        while self._recent.count():
            item = self._recent.takeAt(0)
            if item is not None and (widget := item.widget()) is not None:
                widget.deleteLater()
        for text in settings.recent:
            path = Path(text)
            if path.exists():
                button = QPushButton(f"{path.stem}　{path.parent}")
                button.setProperty("flat", True)
                button.clicked.connect(lambda _on=False, wanted=path: self.open_asked.emit(wanted))
                self._recent.addWidget(button, 0, Qt.AlignmentFlag.AlignHCenter)
