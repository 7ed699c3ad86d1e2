"""A window that was closed is not spoken to any more: neither by the selection, nor by an edit, nor by the answer it was waiting for."""

from __future__ import annotations

import sys

import pytest
from PySide6.QtCore import QEvent
from PySide6.QtWidgets import QApplication, QWidget

from chuangwen.domain import edits
from chuangwen.ui.changes_window import ChangesWindow
from chuangwen.ui.ladder_window import LadderWindow
from chuangwen.ui.orders.register import RegisterWindow
from chuangwen.ui.orders.writing import OrderWindow
from tests.ui.conftest import Desk

pytestmark = pytest.mark.window


def opened(desk: Desk, command: str) -> QWidget:
    """The window that a command opens."""
    window = desk.window
    window.actions_by_id[command].trigger()
    if command == "dashboard":
        assert window.figures.window is not None
        return window.figures.window
    kind = {"ladder": LadderWindow, "changes": ChangesWindow, "orders": OrderWindow, "register": RegisterWindow}[command]
    found = [one for one in QApplication.topLevelWidgets() if isinstance(one, kind)]
    return found[-1]


@pytest.mark.parametrize("command", ["ladder", "changes", "orders", "register", "dashboard"])
@pytest.mark.parametrize("waiting", [True, False])
def test_a_closed_window_hears_nothing(open_desk: Desk, command: str, waiting: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    """Closed while its answer is on the way, or after; then an issue is selected and renamed."""
    wrong: list[BaseException] = []
    monkeypatch.setattr(sys, "excepthook", lambda _kind, error, _trace: wrong.append(error))
    window = opened(open_desk, command)
    if not waiting:
        open_desk.settle()
    window.close()
    QApplication.sendPostedEvents(window, QEvent.Type.DeferredDelete)
    project = open_desk.session.project
    assert project is not None
    one = project.features("issue").at(3)
    open_desk.session.selection.set("issue", [one.id])
    open_desk.session.commit(edits.set_values(project.layers["issue"], [one], {"name": "改名"}))
    open_desk.settle()
    assert wrong == []
