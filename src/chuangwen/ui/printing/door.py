"""The one print window of a main window: opened, brought to the front, asked where something is printed, closed with it."""

from __future__ import annotations

from PySide6.QtCore import QObject, Qt, Signal

from chuangwen.ui.printing.window import PrintWindow
from chuangwen.ui.session import Session


class PrintDoor(QObject):
    """`place_asked` gives layer and id of what the main window shall show."""

    place_asked = Signal(str, str)

    def __init__(self, session: Session, parent: QObject) -> None:
        super().__init__(parent)
        self._session = session
        self.window: PrintWindow | None = None

    def open(self) -> None:
        """What is selected is ticked, or all; in a window that is open already only where something is selected."""
        chosen = self._session.selection
        if self._session.project is not None:
            self._show((chosen.layer, chosen.ids))

    def where(self) -> None:
        """On which pages the selected feature stands."""
        chosen = self._session.selection
        if self._session.project is not None and chosen.ids:
            layer, row_id = chosen.layer, chosen.ids[0]
            self._show(("", ())).show_where(layer, row_id)

    def close(self) -> None:
        """With the main window."""
        if self.window is not None:
            self.window.close()

    def _show(self, chosen: tuple[str, tuple[str, ...]]) -> PrintWindow:
        if self.window is None:
            self.window = PrintWindow(self._session, chosen)
            self.window.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
            self.window.place_asked.connect(self.place_asked.emit)
            self.window.left.connect(self._on_left)
            self.window.show()
        else:
            self.window.choice.tick(*chosen)
        self.window.raise_()
        self.window.activateWindow()
        return self.window

    def _on_left(self) -> None:
        self.window = None
