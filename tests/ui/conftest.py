"""A real window on a copy of the demo project; waiting for it to come to rest."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, QSettings
from PySide6.QtWidgets import QApplication

from chuangwen.settings import Settings
from chuangwen.ui.app_window import make_application
from chuangwen.ui.window import MainWindow
from tests.build import copied

SETTINGS = Settings(actor="测试员", theme="light")


@pytest.fixture
def project(demo_file: Path, tmp_path: Path) -> Path:
    """A copy of the demo project of the test's own."""
    return copied(demo_file, tmp_path, "我的 项目.gpkg")


class Desk:
    """The window and the patience to wait for it."""

    def __init__(self, window: MainWindow) -> None:
        self.window = window
        self.session = window.session

    def settle(self, seconds: float = 20.0) -> None:
        """Until nothing runs and nothing waits."""
        end = time.monotonic() + seconds
        quiet = 0
        while quiet < 8 and time.monotonic() < end:
            QApplication.processEvents()
            time.sleep(0.01)
            quiet = 0 if self.session.jobs.busy else quiet + 1
        assert quiet >= 8, "the window does not come to rest"

    def until(self, true: Callable[[], bool], seconds: float = 20.0) -> None:
        """Until something holds."""
        end = time.monotonic() + seconds
        while not true() and time.monotonic() < end:
            QApplication.processEvents()
            time.sleep(0.01)
        assert true()


@pytest.fixture
def desk(qapp: QApplication, tmp_path: Path) -> Iterator[Desk]:
    """An empty window of 1366 × 768, closed afterwards."""
    QSettings.setDefaultFormat(QSettings.Format.IniFormat)
    QSettings.setPath(QSettings.Format.IniFormat, QSettings.Scope.UserScope, str(tmp_path / "qt"))
    make_application(SETTINGS)
    window = MainWindow(SETTINGS)
    window.resize(1366, 768)
    window.show()
    found = Desk(window)
    found.settle()
    yield found
    window.close()
    QApplication.processEvents()
    window.deleteLater()  # a style sheet is laid on every widget that is left: hundreds of closed windows cost seconds a test
    QApplication.sendPostedEvents(window, QEvent.Type.DeferredDelete)


@pytest.fixture
def open_desk(desk: Desk, project: Path) -> Desk:
    """The window with the demo project open."""
    desk.window.open(project)
    desk.settle()
    return desk
