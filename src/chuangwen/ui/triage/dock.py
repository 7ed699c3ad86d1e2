"""Where the inbox stands in the main window: a page in the place of the attributes, opened and closed by one key."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QDockWidget, QMainWindow

from chuangwen.text import _
from chuangwen.ui.triage.panel import TriagePanel

if TYPE_CHECKING:
    from chuangwen.ui.attribute_panel import AttributePanel
    from chuangwen.ui.orders.door import OrderDoor
    from chuangwen.ui.session import Session

_WIDE = 350


class TriageDock(QDockWidget):
    """A page of the same place as the attributes, hidden until it is asked for."""

    def __init__(self, session: Session, orders: OrderDoor, attributes: AttributePanel, beside: QDockWidget, window: QMainWindow) -> None:
        super().__init__(_("待办箱"), window)
        self._session, self._attributes, self._beside, self._window = session, attributes, beside, window
        self.setObjectName("dock-inbox")
        self.setFeatures(QDockWidget.DockWidgetFeature.NoDockWidgetFeatures)
        self.panel = TriagePanel(session)
        self.panel.orders_asked.connect(orders.write)
        self.panel.why_asked.connect(self._show_why)
        self.setWidget(self.panel)
        window.addDockWidget(Qt.DockWidgetArea.RightDockWidgetArea, self)
        window.tabifyDockWidget(beside, self)
        self.hide()
        session.closed.connect(self.hide)

    def toggle(self) -> None:
        """Open it with the keys in it, bring it to the front, or close it where it has the keys already."""
        if self._session.project is None:
            return
        if self.isVisible() and self.panel.hasFocus():
            self.hide()
            return
        self.show()
        self.raise_()
        QTimer.singleShot(0, self._begin)

    def _begin(self) -> None:
        self._window.resizeDocks([self], [max(_WIDE, self.width())], Qt.Orientation.Horizontal)
        self.panel.begin()

    def _show_why(self) -> None:
        self._beside.raise_()
        self._attributes.tabs.setCurrentWidget(self._attributes.why)
