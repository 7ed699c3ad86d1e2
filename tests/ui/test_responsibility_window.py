"""The responsibility map in a real window: coloured canvas, findings that lead to their place, and nothing left behind."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtWidgets import QApplication

from chuangwen.ui.responsibility_window import ResponsibilityWindow
from tests.ui.conftest import Desk


def test_the_map_is_coloured_and_let_go(desk: Desk, project: Path) -> None:
    """All units in the legend, a finding moves the map, another category is reckoned, closing takes the colours away."""
    desk.window.open(project)
    desk.settle()
    canvas = desk.window.canvas
    plain = canvas.grab().toImage()
    desk.window.actions_by_id["responsibility"].trigger()
    window = next(one for one in QApplication.topLevelWidgets() if isinstance(one, ResponsibilityWindow))
    desk.until(lambda: window.found is not None)
    desk.settle()
    assert canvas.grab().toImage() != plain
    assert window.found is not None
    assert window.units.topLevelItemCount() == len(window.found.areas())
    centre = canvas.view.centre
    window.places.setCurrentItem(window.places.topLevelItem(0))
    desk.settle()
    assert canvas.view.centre != centre
    window.category.setCurrentIndex(window.category.count() - 1)
    desk.until(lambda: window.found is not None and window.found.category == window.category.currentText())
    assert window.areas["zone"].rowCount() >= 36
    window.close()
    canvas.show_all()
    desk.settle()
    assert canvas.grab().toImage() == plain
