"""Two charts drawn by pyqtgraph (docs/decisions/0003): the days, and the groups side by side. Imported only when the dashboard is opened."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence

os.environ.setdefault("PYQTGRAPH_QT_LIB", "PySide6")

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QMouseEvent
from PySide6.QtWidgets import QWidget

from chuangwen.services.trend import Trend
from chuangwen.text import _

FOUND, ENDED, RATE = "#e8701a", "#2e7d32", "#1e5fb3"
"""New, struck off, rate: told apart by place and form too (bars left and right of the day, a line)."""
_LEAST = 168  # px: twelve names do not touch
_SHORTEST = 1e-6
_BESIDE, _NARROWEST = 16, 0.2  # px around a number; the share of the width that the bars keep


class _Chart(pg.PlotWidget):  # type: ignore[misc]
    """A chart in the colours of the window; neither moved nor zoomed by the mouse, so that a slip loses nothing."""

    def __init__(self, ink: str, ground: str, line: str, parent: QWidget | None = None) -> None:
        super().__init__(parent, background=ground)
        self._ink = QColor(ink)
        item = self.getPlotItem()
        item.setMenuEnabled(False)
        item.hideButtons()
        item.setMouseEnabled(False, False)
        for side in ("left", "bottom", "right"):
            axis = item.getAxis(side)
            axis.setPen(pg.mkPen(line))
            axis.setTextPen(pg.mkPen(ink))
            axis.setStyle(tickFont=self._face(), tickLength=4)

    def _face(self) -> QFont:
        face = QFont(self.font())
        face.setPixelSize(11)
        return face


class TrendChart(_Chart):
    """New and struck-off issues as bars, the rate as a line over them."""

    def __init__(self, ink: str, ground: str, line: str, parent: QWidget | None = None) -> None:
        super().__init__(ink, ground, line, parent)
        item = self.getPlotItem()
        item.showAxis("right")
        item.getAxis("right").setStyle(showValues=True)
        self._rates = pg.ViewBox(enableMenu=False)
        self._rates.setMouseEnabled(False, False)
        item.scene().addItem(self._rates)
        item.getAxis("right").linkToView(self._rates)
        self._rates.setXLink(item)
        self._rates.setYRange(0, 105, padding=0)
        item.getAxis("right").setTicks([[(value, f"{value}%") for value in (0, 20, 40, 60, 80, 100)]])
        item.vb.sigResized.connect(self._follow)
        self._legend = item.addLegend(offset=(8, 4), labelTextColor=QColor(ink), brush=pg.mkBrush(ground), horSpacing=12, colCount=3, labelTextSize="9pt")

    def show_trend(self, found: Trend) -> None:
        """Draw some days."""
        item = self.getPlotItem()
        item.clear()
        self._rates.clear()
        self._legend.clear()
        days = np.arange(len(found.days))
        new = pg.BarGraphItem(x=days - 0.2, height=found.found, width=0.38, brush=FOUND, pen=None, name=_("新增"))
        done = pg.BarGraphItem(x=days + 0.2, height=found.ended, width=0.38, brush=ENDED, pen=None, name=_("销号"))
        rate = pg.PlotDataItem(days, found.rate * 100, pen=pg.mkPen(RATE, width=2), name=_("整改率"))
        item.addItem(new)
        item.addItem(done)
        self._rates.addItem(rate)
        self._legend.addItem(rate, _("整改率"))
        step = max(1, len(days) // 8)
        ticks = [(int(at), f"{found.days[at].month}-{found.days[at].day}") for at in range(len(days) - 1, -1, -step)]
        item.getAxis("bottom").setTicks([ticks])
        highest = max(int(found.found.max(initial=0)), int(found.ended.max(initial=0)), 1)
        item.setXRange(-0.6, len(days) - 0.4, padding=0)
        item.setYRange(0, highest * 1.25, padding=0)
        self._follow()

    def _follow(self) -> None:
        self._rates.setGeometry(self.getPlotItem().vb.sceneBoundingRect())


class GroupChart(_Chart):
    """One bar a group, the first on top, its number behind the bar; a click opens the rows."""

    def __init__(self, ink: str, ground: str, line: str, parent: QWidget | None = None) -> None:
        super().__init__(ink, ground, line, parent)
        item = self.getPlotItem()
        item.hideAxis("right")
        item.getAxis("bottom").setStyle(showValues=False)
        item.hideAxis("bottom")
        item.invertY(True)
        self.setMinimumHeight(_LEAST)
        self._keys: list[str] = []
        self._longest, self._words = _SHORTEST, 0  # of the bars, and px of the widest number behind one
        item.vb.sigResized.connect(self._make_room)
        self.chosen: Callable[[str], object] = lambda _key: None

    def show_groups(self, rows: Sequence[tuple[str, str, float, str, bool]]) -> None:
        """Draw (key, name, length, number as text, red) of each group."""
        item = self.getPlotItem()
        item.clear()
        self._keys = [row[0] for row in rows]
        places = np.arange(len(rows))
        lengths = np.array([row[2] for row in rows], dtype=float)
        brushes = ["#b3261e" if row[4] else RATE for row in rows]
        item.addItem(pg.BarGraphItem(x0=0, y=places, height=0.62, width=lengths, brushes=brushes, pen=None))
        longest = max(float(lengths.max(initial=0.0)), _SHORTEST)
        for at, row in enumerate(rows):
            text = pg.TextItem(row[3], color=self._ink, anchor=(0, 0.5))
            text.setFont(self._face())
            text.setPos(QPointF(row[2] + longest * 0.01, at))
            item.addItem(text)
        item.getAxis("left").setTicks([[(at, _short(row[1])) for at, row in enumerate(rows)]])
        item.setYRange(-0.6, max(len(rows), 6) - 0.4, padding=0)
        measure = QFontMetrics(self._face())
        self._longest, self._words = longest, max((measure.horizontalAdvance(row[3]) for row in rows), default=0)
        self._make_room()

    def _make_room(self) -> None:
        """The number behind the longest bar stands whole, however narrow the chart is."""
        box = self.getPlotItem().vb
        share = (self._words + _BESIDE) / max(box.width(), 1.0)
        box.setXRange(0, self._longest / max(1.0 - share, _NARROWEST), padding=0)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        at = round(self.getPlotItem().vb.mapSceneToView(event.position()).y())
        if event.button() == Qt.MouseButton.LeftButton and 0 <= at < len(self._keys):
            self.chosen(self._keys[at])
        super().mousePressEvent(event)


def _short(name: str) -> str:
    return name if len(name) <= 12 else name[:11] + "…"
