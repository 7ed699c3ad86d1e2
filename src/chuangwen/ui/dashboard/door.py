"""The one dashboard of a main window: charts are imported when it is opened first; its rows go to the table, its shades to the map."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QObject, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen

from chuangwen.domain.feature import Features
from chuangwen.domain.filter import Filter
from chuangwen.render import fonts
from chuangwen.render.view import MapView
from chuangwen.services.choropleth import Choropleth
from chuangwen.ui.canvas import MapCanvas
from chuangwen.ui.session import Session

if TYPE_CHECKING:
    from chuangwen.ui.dashboard.window import DashboardWindow

_MARK = "shades"
_TEXT, _ROW, _EDGE, _SWATCH = 2.9, 4.6, 2.4, 5.5  # mm on the screen


class DashboardDoor(QObject):
    """Opens it, brings it to the front, closes it with the main window."""

    def __init__(self, session: Session, canvas: MapCanvas, parent: QObject) -> None:
        super().__init__(parent)
        self._session, self._canvas = session, canvas
        self.window: DashboardWindow | None = None

    def open(self) -> None:
        """Show the figures."""
        if self._session.project is None:
            return
        if self.window is None:
            from chuangwen.ui.dashboard.window import DashboardWindow

            self.window = DashboardWindow(self._session)
            self.window.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
            self.window.rows_asked.connect(self._show_rows)
            self.window.shades_asked.connect(self._show_shades)
            self.window.destroyed.connect(self._on_left)
        self.window.show()
        self.window.raise_()
        self.window.activateWindow()

    def close(self) -> None:
        """With the main window."""
        if self.window is not None:
            self.window.close()

    def _show_rows(self, ids: list[str], words: str) -> None:
        wanted = frozenset(ids)

        def mask(issues: Features) -> object:
            return np.fromiter((row_id in wanted for row_id in issues.ids), dtype=bool, count=len(issues))

        self._session.set_filter("issue", Filter(), words, mask)

    def _show_shades(self, found: Choropleth | None) -> None:
        self._canvas.show_instead({} if found is None else {"zone": found.features})
        self._canvas.mark(_MARK, None if found is None else lambda painter, view: paint_legend(painter, view, found))

    def _on_left(self) -> None:
        self.window = None
        self._show_shades(None)


def paint_legend(painter: QPainter, view: MapView, found: Choropleth) -> None:
    """Title and shades with the number of their zones, in the lower left corner of the map, in mm."""
    rows = [f"{shade.words}　{shade.count}" for shade in found.shades]
    width = max(fonts.width(found.title, _TEXT), _SWATCH + 1.5 + max(fonts.width(row, _TEXT) for row in rows)) + 2 * _EDGE
    height = _ROW * (len(rows) + 1) + 2 * _EDGE
    box = QRectF(3.0, view.height - height - 3.0, width, height)
    painter.setPen(QPen(QColor("#9aa0a6"), 0.2))
    painter.setBrush(QColor("#ffffff"))
    painter.drawRect(box)
    y = box.top() + _EDGE
    fonts.write(painter, box.left() + _EDGE, y + _ROW * 0.72, found.title, _TEXT, "#1c1c1c")
    for shade, row in zip(found.shades, rows, strict=True):
        y += _ROW
        painter.setPen(QPen(QColor("#5f6368"), 0.15))
        painter.setBrush(QColor(shade.colour))
        painter.drawRect(QRectF(QPointF(box.left() + _EDGE, y + 0.5), QPointF(box.left() + _EDGE + _SWATCH, y + _ROW - 0.7)))
        fonts.write(painter, box.left() + _EDGE + _SWATCH + 1.5, y + _ROW * 0.72, row, _TEXT, "#1c1c1c")
