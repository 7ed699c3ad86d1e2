"""Pictures of responsibility, checks, orders, figures and the past, for looking at and for the manual."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QWidget

from chuangwen.ui.ladder_window import LadderWindow

if TYPE_CHECKING:
    from chuangwen.ui.pictures import Photographer

_PREFIX = "duty"


def duty_states(camera: Photographer, only: str = "") -> None:
    """All of them, where pictures that begin with `only` are wanted."""
    if not _PREFIX.startswith(only) and not only.startswith(_PREFIX):
        return
    window = camera.window
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
    camera.take("duty-order", orders)
    orders.close()

    window.actions_by_id["dashboard"].trigger()
    camera.settle()
    figures = window.figures.window
    assert figures is not None
    _fit(camera, figures)
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


def _fit(camera: Photographer, window: QWidget) -> None:
    """As large as the desk has room for."""
    width, height = camera.dialog_size
    window.resize(max(width, 900), height)
