"""网页地图 in the main window: the very page that is sent out, beside the map. Nothing of it costs anything before it is opened."""

from __future__ import annotations

import tempfile
import webbrowser
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QElapsedTimer, Qt, QTimer, QUrl, Signal
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QDockWidget, QHBoxLayout, QMainWindow, QVBoxLayout, QWidget

from chuangwen.errors import UserError
from chuangwen.progress import Progress
from chuangwen.services.project import Project
from chuangwen.text import _
from chuangwen.ui.parts import button, sentence, words
from chuangwen.ui.session import Session
from chuangwen.ui.web import engine
from chuangwen.ui.web.bridge import Bridge

if TYPE_CHECKING:
    from PySide6.QtWebEngineWidgets import QWebEngineView

_WIDE = 430
_NAME = _("网页地图.html")

Make = Callable[[Project, Path, Progress], object]
"""Writes the page of a project to a path."""


class WebDock(QDockWidget):
    """The page of the same place as the dock `beside`; it may be taken out of the window. `make` writes the page. `export_asked`: 发给别人."""

    export_asked = Signal()

    def __init__(self, session: Session, make: Make, window: QMainWindow, beside: QDockWidget) -> None:
        super().__init__(_("网页地图"), window)
        self._session, self._make, self._window = session, make, window
        self.setObjectName("dock-web")
        self.setFeatures(QDockWidget.DockWidgetFeature.DockWidgetClosable | QDockWidget.DockWidgetFeature.DockWidgetFloatable)
        self.bridge = Bridge(session, self)
        self.view: QWebEngineView | None = None
        self.waited_ms = 0
        """From the asking to the drawn page, the last time."""
        self._clock = QElapsedTimer()
        self._folder: tempfile.TemporaryDirectory[str] | None = None
        self.said = words("", "dim")
        self.again = button(_("刷新"))
        self.browser = button(_("用浏览器打开"))
        self.send = button(_("发给别人…"))
        self._place_parts()
        window.addDockWidget(Qt.DockWidgetArea.RightDockWidgetArea, self)
        window.tabifyDockWidget(beside, self)
        self.hide()
        self.again.clicked.connect(self.refresh)
        self.browser.clicked.connect(lambda: self._write(self._show_outside))
        self.send.clicked.connect(self.export_asked)
        self.bridge.ready.connect(self._on_ready)
        session.changed.connect(self._on_changed)
        session.closed.connect(self.forget)

    def _place_parts(self) -> None:
        inside = QWidget()
        self._column = QVBoxLayout(inside)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(0)
        bar = QWidget()
        row = QHBoxLayout(bar)
        row.setContentsMargins(8, 6, 8, 6)
        row.setSpacing(6)
        row.addWidget(self.said, 1)
        for one in (self.again, self.browser, self.send):
            row.addWidget(one)
        self._column.addWidget(bar)
        self._empty = words(_("正在准备网页地图……"), "dim")
        self._empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._column.addWidget(self._empty, 1)
        self.setWidget(inside)

    # --- opening

    def open(self) -> None:
        """Show the page; where there is no web engine, the browser of this computer shows it."""
        if self._session.project is None:
            return
        if not engine.is_there():
            self._session.noticed.emit(_("这台电脑没有网页组件，改用浏览器打开网页地图。"))
            self._write(self._show_outside)
            return
        self.show()
        self.raise_()
        self._window.resizeDocks([self], [max(_WIDE, self.width())], Qt.Orientation.Horizontal)
        if self.view is None:
            self.refresh()
        else:
            self.view.setFocus()

    def refresh(self) -> None:
        """Write the page anew from the data as they are now, and show it. The engine's process starts while a worker writes."""
        self.said.setText("")
        self._clock.start()
        self._write(self._show_inside)
        if self.view is None:
            try:
                self.view = engine.view_for(self._file(), self.bridge, self._on_lost, self)
            except ImportError:
                self.hide()
                self._session.noticed.emit(_("网页组件不能启动，改用浏览器打开网页地图。"))
                self._write(self._show_outside)
                return
            self.view.hide()
            self._column.addWidget(self.view, 1)

    def forget(self) -> None:
        """End the page, its process and its file."""
        self.hide()
        self._drop_view()
        self._empty.setText(_("正在准备网页地图……"))
        if self._folder is not None:
            self._folder.cleanup()
            self._folder = None

    def _file(self) -> Path:
        if self._folder is None:  # only for this user, gone with the project: the page names persons
            self._folder = tempfile.TemporaryDirectory(prefix="chuangwen-web-", ignore_cleanup_errors=True)
        return Path(self._folder.name) / _NAME

    def _write(self, then: Callable[[Path], None]) -> None:
        path = self._file()

        def work(own: Project, progress: Progress) -> Path:
            self._make(own, path, progress)
            return path

        self._session.ask("web", work, then, self._on_failed)

    def _show_inside(self, path: Path) -> None:
        if self.view is not None:
            self.view.load(QUrl.fromLocalFile(str(path)))
            self._empty.hide()
            self.view.show()

    def _show_outside(self, path: Path) -> None:
        if not QDesktopServices.openUrl(QUrl.fromLocalFile(str(path))) and not webbrowser.open(path.as_uri()):
            self._session.noticed.emit(UserError(_("这台电脑没有能打开网页的程序。"), hint=_("请用“发给别人”把网页地图存成文件，拿到别的电脑或手机上打开。")))

    # --- what happens to it

    def _on_lost(self) -> None:
        """The page's process has ended: said, and started again when asked."""
        self._empty.setText(_("网页组件意外停止。请点“刷新”。"))
        QTimer.singleShot(0, self._drop_view)  # the page is still speaking

    def _drop_view(self) -> None:
        if self.view is not None:
            self._column.removeWidget(self.view)
            engine.end(self.view)
            self.view = None
        self._empty.show()

    def _on_ready(self) -> None:
        self.waited_ms = self._clock.elapsed()

    def _on_failed(self, error: UserError) -> None:
        self._empty.setText(sentence(error))
        self._session.noticed.emit(error)

    def _on_changed(self, _touched: object, _source: object) -> None:
        if self.view is not None:
            self.said.setText(_("数据有改动"))
