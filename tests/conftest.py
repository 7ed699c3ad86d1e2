"""What every test gets: no display needed, settings of its own, the bundled fonts, and a guard against work left running."""

from __future__ import annotations

import os
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import hypothesis
import pytest

from tests.made_once import common_folder, made_once

if TYPE_CHECKING:
    from PySide6.QtWidgets import QApplication

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
os.environ.setdefault("QTWEBENGINE_DISABLE_SANDBOX", "1")
# Before the program is imported, so that no import can look at the settings of whoever runs the tests.
os.environ["CHUANGWEN_SETTINGS"] = str(Path(tempfile.mkdtemp(prefix="chuangwen-tests-")) / "settings.toml")

# At a desk hypothesis searches anew each time; a submission is judged on the same examples as the one before.
# No example has a deadline: it would be by the clock, and the tests beside have the processor, too.
hypothesis.settings.register_profile("desk", deadline=None)
hypothesis.settings.register_profile("ci", derandomize=True, print_blob=True, deadline=None)
hypothesis.settings.load_profile("ci" if os.environ.get("CI") else "desk")

_PATIENCE = 3.0  # seconds for work that is on its way out


@pytest.fixture(scope="session")
def office_fonts(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder for the faces that LibreOffice is shown (tests/office_paper.py)."""
    return tmp_path_factory.mktemp("office_fonts")


@pytest.fixture(scope="session")
def demo_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The demo project as `demo` makes it, once for all tests. Nobody writes to it: `tests.build.copied` gives a copy.

    Each process has a copy: whoever opens a project leaves its lease beside it.
    """
    from chuangwen.services.demo import make_demo
    from tests.build import copied

    made = made_once(common_folder(tmp_path_factory) / "demo", lambda folder: make_demo(folder, "测试员"))
    return copied(made / "demo.gpkg", tmp_path_factory.mktemp("示范 项目"), "demo.gpkg")


@pytest.fixture(scope="session")
def qapp() -> QApplication:
    """The application, with the bundled fonts known to it."""
    from PySide6.QtCore import Qt
    from PySide6.QtWidgets import QApplication

    from chuangwen.render import fonts

    found = QApplication.instance()
    if found is None:
        QApplication.setAttribute(Qt.ApplicationAttribute.AA_ShareOpenGLContexts)  # as `make_application` does, for the web view
    app = found if isinstance(found, QApplication) else QApplication([])
    fonts.load()
    return app


@pytest.fixture(autouse=True)
def fresh_settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Settings that do not exist yet, in the test's own folder."""
    path = tmp_path / "settings" / "settings.toml"
    monkeypatch.setenv("CHUANGWEN_SETTINGS", str(path))
    return path


def running(before: set[threading.Thread]) -> list[str]:
    """Names of threads and Qt jobs that were started after `before` was taken and still run."""
    found = [thread.name for thread in threading.enumerate() if thread not in before and thread.is_alive() and not thread.daemon]
    core: Any = sys.modules.get("PySide6.QtCore")
    if core is not None and core.QThreadPool.globalInstance().activeThreadCount():
        found.append("QThreadPool")
    return found


@pytest.fixture(autouse=True)
def nothing_left_running() -> Iterator[None]:
    """A test that leaves a job running fails: the next one would suffer."""
    before = set(threading.enumerate())
    yield
    deadline = time.monotonic() + _PATIENCE
    while (left := running(before)) and time.monotonic() < deadline:
        time.sleep(0.01)
    assert left == [], f"still running after the test: {left}"
