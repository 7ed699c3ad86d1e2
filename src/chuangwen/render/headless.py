"""Drawing without a window: the command line, scripts, tests."""

from __future__ import annotations

import os
import sys

from PySide6.QtGui import QGuiApplication

from chuangwen.render import fonts

_kept: list[QGuiApplication] = []  # Qt wants the application to outlive every font and picture


def start() -> None:
    """Make sure that Qt can draw text: an application (off screen, where the process has none yet) and our fonts."""
    if QGuiApplication.instance() is None:
        if not sys.platform.startswith(("win", "darwin")):
            os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
        _kept.append(QGuiApplication(["chuangwen"]))
    fonts.load()
