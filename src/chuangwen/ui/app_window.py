"""The window's start, told in order: application, fonts, theme, window on screen, and only then the project."""

from __future__ import annotations

import logging
import sys
from pathlib import Path

from PySide6.QtCore import QLibraryInfo, QLocale, Qt, QTimer, QTranslator
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication

from chuangwen.render import fonts
from chuangwen.settings import Settings
from chuangwen.text import _
from chuangwen.ui import notices, theme
from chuangwen.ui.window import MainWindow


def make_application(settings: Settings) -> QApplication:
    """The application, dressed and speaking Chinese in Qt's own buttons too."""
    found = QApplication.instance()
    if found is None:
        QGuiApplication.setAttribute(Qt.ApplicationAttribute.AA_ShareOpenGLContexts)  # the web view, opened later, needs it set before the application
        QGuiApplication.setHighDpiScaleFactorRoundingPolicy(Qt.HighDpiScaleFactorRoundingPolicy.PassThrough)
    app = found if isinstance(found, QApplication) else QApplication(sys.argv[:1])
    app.setApplicationDisplayName(_("创文一张图"))
    app.setOrganizationName("chuangwen")
    fonts.load()
    theme.apply(app, settings.theme)
    translator = QTranslator(app)
    if translator.load(QLocale("zh_CN"), "qtbase", "_", QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)):
        app.installTranslator(translator)
    return app


def run_window(path: Path | None, settings: Settings) -> int:
    """Show the window and run until it is closed. `path`: the project to open."""
    logging.basicConfig(level=logging.WARNING, format="%(asctime)s %(name)s %(message)s")
    app = make_application(settings)
    window = MainWindow(settings)
    notices.install(window.notice)
    window.resize(*_first_size(app))
    window.show()
    if path is not None:
        QTimer.singleShot(0, lambda: window.open(path))
    return app.exec()


def _first_size(app: QApplication) -> tuple[int, int]:
    room = app.primaryScreen().availableGeometry()
    return min(1500, room.width() - 20), min(900, room.height() - 50)
