"""Moving a border on the map: hover, drag, keyboard, Esc, and handing over with the list."""

from __future__ import annotations

from pathlib import Path

import pytest
import shapely
from PySide6.QtCore import QEvent, QPointF, Qt
from PySide6.QtGui import QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QFileDialog

from chuangwen.domain.geo import Extent
from chuangwen.ui.boundary.tool import BoundaryTool
from tests.ui.conftest import Desk

pytestmark = pytest.mark.window


@pytest.fixture
def tool(open_desk: Desk) -> BoundaryTool:
    """The tool, the map near a vertex between zones."""
    open_desk.window.actions_by_id["boundary"].trigger()
    found = open_desk.window.boundary.tool
    assert found is not None
    x, y = corner(found)
    open_desk.window.canvas.show_extent(Extent(x - 300, y - 300, x + 300, y + 300), margin=0.0)
    open_desk.settle()
    return found


def corner(tool: BoundaryTool) -> tuple[float, float]:
    """A vertex of a common border that may be moved by 12 m."""
    for shape in tool.what_if.mesh.geometry:
        for x, y in shapely.get_coordinates(shape).tolist():
            handle = tool.what_if.nearest(x, y, 0.5)
            if handle is not None and tool.what_if.mesh.is_border(handle):
                tool.what_if.take(handle)
                told = tool.what_if.drag(12, 8)
                if not told.refused and told.transfers:
                    return x, y
    raise AssertionError("no border can be moved")


def mouse(desk: Desk, kind: QEvent.Type, at: QPointF, held: Qt.MouseButton = Qt.MouseButton.LeftButton) -> None:
    """One event on the map."""
    canvas = desk.window.canvas
    event = QMouseEvent(kind, at, canvas.mapToGlobal(at), held, held, Qt.KeyboardModifier.NoModifier)
    {
        QEvent.Type.MouseButtonPress: canvas.mousePressEvent,
        QEvent.Type.MouseMove: canvas.mouseMoveEvent,
        QEvent.Type.MouseButtonRelease: canvas.mouseReleaseEvent,
    }[kind](event)


def drag(desk: Desk, tool: BoundaryTool) -> None:
    """The vertex by 12 m and 8 m."""
    canvas = desk.window.canvas
    x, y = corner(tool)
    start, end = canvas.pixel(x, y), canvas.pixel(x + 12, y + 8)
    mouse(desk, QEvent.Type.MouseMove, start, Qt.MouseButton.NoButton)
    mouse(desk, QEvent.Type.MouseButtonPress, start)
    mouse(desk, QEvent.Type.MouseMove, (start + end) / 2)
    mouse(desk, QEvent.Type.MouseMove, end)
    assert desk.window.boundary.card.isVisible()
    assert "m²" in desk.window.boundary.card.words.text()
    mouse(desk, QEvent.Type.MouseButtonRelease, end)


def press(desk: Desk, key: Qt.Key) -> None:
    """A key on the map."""
    desk.window.canvas.keyPressEvent(QKeyEvent(QEvent.Type.KeyPress, key, Qt.KeyboardModifier.NoModifier))


def test_a_drag_is_told_escape_forgets_it(open_desk: Desk, tool: BoundaryTool) -> None:
    """The card counts while the hand moves; Esc puts every border back, the next one leaves the tool."""
    steps = len(open_desk.session.project.steps())  # type: ignore[union-attr]
    drag(open_desk, tool)
    assert tool.what_if.mesh.touched
    open_desk.window.canvas.grab()
    press(open_desk, Qt.Key.Key_Escape)
    assert not tool.what_if.mesh.touched
    assert open_desk.window.canvas.tool is tool
    press(open_desk, Qt.Key.Key_Escape)
    assert open_desk.window.canvas.tool is not tool
    assert not open_desk.window.boundary.card.isVisible()
    assert len(open_desk.session.project.steps()) == steps  # type: ignore[union-attr]


def test_handing_over_is_one_step_with_a_list_beside(open_desk: Desk, tool: BoundaryTool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Return asks once more; the borders are written in one step that undo takes back, both lists lie where the user said."""
    project = open_desk.session.project
    assert project is not None
    before, steps = shapely.to_wkb(project.features("zone").geometry).tolist(), len(project.steps())
    drag(open_desk, tool)
    press(open_desk, Qt.Key.Key_Return)
    dialog = open_desk.window.boundary.dialog
    assert dialog is not None
    dialog.grab()
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_all: (str(tmp_path / "清单.docx"), ""))
    dialog.with_list.click()
    open_desk.settle()
    assert len(project.steps()) == steps + 1
    assert shapely.to_wkb(project.features("zone").geometry).tolist() != before
    assert {one.name for one in tmp_path.glob("清单.*")} == {"清单.docx", "清单.xlsx"}
    open_desk.session.undo()
    open_desk.settle()
    assert shapely.to_wkb(project.features("zone").geometry).tolist() == before


def test_borders_by_keyboard(open_desk: Desk, tool: BoundaryTool) -> None:
    """Space takes the vertex nearest to the middle, arrows move it again and again, Delete and Insert are told or refused, never lost."""
    press(open_desk, Qt.Key.Key_Space)
    assert tool.chosen is not None
    at = tool.chosen.at
    for _number in range(3):
        press(open_desk, Qt.Key.Key_Right)
    assert tool.preview is not None
    assert tool.preview.refused or (tool.chosen is not None and tool.chosen.at[0] > at[0])
    press(open_desk, Qt.Key.Key_Space)
    press(open_desk, Qt.Key.Key_Delete)
    assert open_desk.window.boundary.card.words.text()
