"""Large numbers that open their rows when pressed."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QPushButton, QSizePolicy, QVBoxLayout, QWidget


class Tile(QPushButton):
    """A title, a large number, and beneath it what it was counted from. `warn`: the number is bad news."""

    def __init__(self, title: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("tile", True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setFixedHeight(86)
        self._title = QLabel(title)
        self._title.setProperty("dim", True)
        self._number = QLabel("—")
        self._number.setProperty("number", True)
        self._note = QLabel()
        self._note.setProperty("dim", True)
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 7, 12, 7)
        column.setSpacing(0)
        for label in (self._title, self._number, self._note):
            label.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
            column.addWidget(label)
        self.setAccessibleName(title)

    def show_figure(self, number: str, note: str = "", *, warn: bool = False) -> None:
        """Show another number."""
        self._number.setText(number)
        self._number.setProperty("bad", warn)
        self._number.style().polish(self._number)
        self._note.setText(note)
        self.setAccessibleDescription(f"{number} {note}")

    @property
    def words(self) -> str:
        """What it shows: number and note."""
        return f"{self._number.text()} {self._note.text()}".strip()
