"""The status bar: place, scale, CRS, and long work with its 取消."""

from __future__ import annotations

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QComboBox, QLabel, QLineEdit, QProgressBar, QPushButton, QStatusBar, QWidget

from chuangwen.domain.geo import ROUND_SCALES, central_meridian, scale_text
from chuangwen.text import _
from chuangwen.ui.canvas import MapCanvas
from chuangwen.ui.session import Session
from chuangwen.ui.tools import Tool

_LATE_MS = 500
"""Work shorter than this shows no progress: a flicker tells nobody anything."""


class Status(QStatusBar):
    """Coordinates in the surveyors' words: 北坐标X, 东坐标Y (domain.md 7.1)."""

    def __init__(self, session: Session, canvas: MapCanvas, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session, self._canvas = session, canvas
        self.setSizeGripEnabled(False)
        self.setContentsMargins(8, 0, 10, 0)
        self.hint = QLabel()
        self.hint.setProperty("dim", True)
        self.addWidget(self.hint, 1)
        self.work = QLabel()
        self.bar = QProgressBar()
        self.bar.setFixedWidth(140)
        self.bar.setTextVisible(False)
        self.cancel = QPushButton(_("取消"))
        self.cancel.clicked.connect(session.jobs.cancel_loud)
        for widget in (self.work, self.bar, self.cancel):
            self.addPermanentWidget(widget)
            widget.hide()
        self.place = QLabel()
        self.place.setMinimumWidth(250)
        self.place.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self.addPermanentWidget(self.place)
        self.scale = QComboBox(editable=True)
        self.scale.setFixedWidth(116)
        self.scale.setToolTip(_("比例尺：选一个或自己填"))
        self.scale.addItems([scale_text(one) for one in ROUND_SCALES[:-3]])
        self._line().returnPressed.connect(self._on_typed)
        self.scale.activated.connect(lambda _number: self._on_typed())
        self.addPermanentWidget(self.scale)
        self.crs = QLabel()
        self.crs.setProperty("dim", True)
        self.addPermanentWidget(self.crs)
        canvas.moved.connect(self._on_moved)
        canvas.pointed.connect(self._on_pointed)
        canvas.tool_changed.connect(self._on_tool)
        session.opened.connect(self._on_opened)
        session.closed.connect(self._on_opened)
        session.changed.connect(lambda _touched, _source: self._on_opened())
        session.jobs.shown.connect(self._on_shown)
        session.jobs.idle.connect(self._on_idle)
        self._late = QTimer(self, singleShot=True, interval=_LATE_MS)
        self._late.timeout.connect(lambda: [widget.show() for widget in (self.work, self.bar, self.cancel)])
        self._on_opened()

    def _line(self) -> QLineEdit:
        line = self.scale.lineEdit()
        assert line is not None
        return line

    def _on_opened(self) -> None:
        project = self._session.project
        self.crs.setText(f"CGCS2000  {central_meridian(project.epsg)}°E  EPSG:{project.epsg}" if project is not None else "")
        self._on_moved()

    def _on_moved(self) -> None:
        if not self._line().hasFocus():
            self.scale.setEditText(scale_text(round(self._canvas.view.denominator)))

    def _on_pointed(self, x: float, y: float) -> None:
        if self._session.project is not None:
            self.place.setText(_("北坐标X {north}　东坐标Y {east}").format(north=f"{y:.2f}", east=f"{x:.2f}"))

    def _on_tool(self, tool: Tool) -> None:
        self.hint.setText(tool.hint)

    def _on_typed(self) -> None:
        words = self.scale.currentText().replace(" ", "").replace(",", "").replace("：", ":").removeprefix("1:")
        try:
            denominator = float(words)
        except ValueError:
            denominator = 0.0
        self._canvas.setFocus()
        if denominator > 0:
            self._canvas.set_denominator(denominator)
        self._on_moved()

    def _on_shown(self, done: int, total: int, what: str) -> None:
        self.bar.setRange(0, total)
        self.bar.setValue(done)
        self.work.setText(what)
        if not self._late.isActive() and self.bar.isHidden():
            self._late.start()

    def _on_idle(self) -> None:
        self._late.stop()
        for widget in (self.work, self.bar, self.cancel):
            widget.hide()
