"""Pictures of responsibility, checks, orders, figures and the past, for looking at and for the manual."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, TypeVar

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractItemView, QApplication, QDialog

from chuangwen.text import _
from chuangwen.ui.border_tool import MoveBorder
from chuangwen.ui.changes_window import ChangesWindow
from chuangwen.ui.ladder_window import LadderWindow
from chuangwen.ui.responsibility_window import ResponsibilityWindow

if TYPE_CHECKING:
    from chuangwen.ui.pictures import Photographer

_PREFIX = "duty"
_CHANGED = dt.date(2024, 5, 30), dt.date(2024, 5, 31)
"""Two evenings of the demo with all sorts of changes between them."""
_BORDER_ZONE, _BORDER_STEPS = 8, 6
_Opened = TypeVar("_Opened", bound=QDialog)


def duty_states(camera: Photographer, only: str = "") -> None:
    """All of them, where pictures that begin with `only` are wanted."""
    if not _PREFIX.startswith(only) and not only.startswith(_PREFIX):
        return
    window = camera.window
    window.resize(1366, 768)
    window.open(camera.project)
    project = window.session.project
    assert project is not None
    issues = project.features("issue")
    status = issues.column("status")
    camera.settle()

    camera.select("issue", lambda at: status[at] == "in_progress" and bool(issues.located[at]) and bool(issues.column("site_code")[at]))
    window.session.zoom_to(window.session.selection.features())
    window.panel.tabs.setCurrentWidget(window.panel.why)
    camera.take("duty-why")
    window.panel.tabs.setCurrentIndex(0)

    window.actions_by_id["check"].trigger()
    camera.take("duty-checks")
    window.coverage.hide()

    ladder = LadderWindow(window.session, window)
    ladder.show()
    camera.take("duty-ladder", ladder)
    ladder.close()

    window.session.selection.clear()
    orders = window.orders.write("work")
    assert orders is not None
    orders.folder.setText(_("创文.files/文书"))  # not where the pictures happen to be made
    camera.take("duty-order", orders)
    orders.close()

    window.actions_by_id["dashboard"].trigger()
    camera.settle()
    figures = window.figures.window
    assert figures is not None
    camera.take("duty-figures", figures)
    figures.by.setCurrentIndex(figures.by.findData("zone"))
    camera.settle()
    figures.on_map.setChecked(True)
    window.canvas.show_all()
    camera.take("duty-shades")
    figures.close()
    camera.settle()

    window.past.toggle()
    camera.take("duty-past")
    window.past.leave()
    camera.settle()

    _inbox(camera)
    _responsibility(camera)
    _border(camera)
    register = window.orders.register()
    assert register is not None
    camera.take("duty-register", register)
    register.close()
    window.actions_by_id["changes"].trigger()
    changes = _opened(camera, ChangesWindow)
    changes.since.set_day(_CHANGED[0])
    changes.until.set_day(_CHANGED[1])
    camera.settle()
    title = project.layers["issue"].title
    groups = [changes.list.topLevelItem(number) for number in range(changes.list.topLevelItemCount())]
    changes.list.scrollToItem(next(one for one in groups if one.text(0).startswith(title)), QAbstractItemView.ScrollHint.PositionAtTop)
    camera.take("duty-changes", changes)
    changes.close()


def _inbox(camera: Photographer) -> None:
    """The first item of the morning, its place on the map."""
    window = camera.window
    window.inbox.toggle()
    camera.settle()
    camera.take("duty-inbox")
    window.inbox.hide()
    window.session.selection.clear()


def _responsibility(camera: Photographer) -> None:
    """The map in the colours of the units, and the window beside it."""
    window = camera.window
    window.canvas.show_all()
    window.actions_by_id["responsibility"].trigger()
    shown = _opened(camera, ResponsibilityWindow)
    camera.take("duty-responsibility-list", shown)
    camera.take("duty-responsibility")
    shown.close()


def _border(camera: Photographer) -> None:
    """A border moved by keys until something changes hands; given up afterwards."""
    window = camera.window
    camera.select("zone", lambda at: at == _BORDER_ZONE)
    window.session.zoom_to(window.session.selection.features())
    camera.settle()
    window.session.selection.clear()
    window.actions_by_id["border"].trigger()
    tool = window.canvas.tool
    assert isinstance(tool, MoveBorder)
    for key in (Qt.Key.Key_Space, *[Qt.Key.Key_Right] * _BORDER_STEPS):
        QTest.keyClick(window.canvas, key)
    camera.take("duty-border")
    QTest.keyClick(window.canvas, Qt.Key.Key_Escape)
    window.actions_by_id["browse"].trigger()
    camera.settle()


def _opened(camera: Photographer, kind: type[_Opened]) -> _Opened:
    """The window of this kind that a command has just opened."""
    camera.settle()
    return next(one for one in QApplication.topLevelWidgets() if isinstance(one, kind) and one.isVisible())
