"""Where the checks stand in the main window: a page beside layers and zones, opened from the menu."""

from __future__ import annotations

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QDockWidget, QMainWindow

from chuangwen.text import _
from chuangwen.ui.canvas import MapCanvas
from chuangwen.ui.coverage.panel import MARK, CoveragePanel
from chuangwen.ui.session import Session

_WIDE = 340


class CoverageDock(QDockWidget):
    """A page of the same place as the dock `beside`, hidden until it is asked for; checks at once when it opens for the first time."""

    def __init__(self, session: Session, canvas: MapCanvas, window: QMainWindow, beside: QDockWidget) -> None:
        super().__init__(_("盲区检查"), window)
        self._session, self._canvas, self._window = session, canvas, window
        self.setObjectName("dock-coverage")
        self.setFeatures(QDockWidget.DockWidgetFeature.NoDockWidgetFeatures)
        self.panel = CoveragePanel(session, canvas)
        self.setWidget(self.panel)
        window.addDockWidget(Qt.DockWidgetArea.LeftDockWidgetArea, self)
        window.tabifyDockWidget(beside, self)
        self.hide()
        session.closed.connect(self.hide)
        self.visibilityChanged.connect(lambda shown: None if shown else self._canvas.mark(MARK, None))

    def open(self) -> None:
        """Show the page; what was never checked is checked now."""
        if self._session.project is None:
            return
        self.show()
        self.raise_()
        QTimer.singleShot(0, self._widen)
        if not self.panel.results:
            self.panel.refresh()
        self.panel.list.setFocus()

    def _widen(self) -> None:
        self._window.resizeDocks([self], [max(_WIDE, self.width())], Qt.Orientation.Horizontal)
