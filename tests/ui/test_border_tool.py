"""A border of zones dragged with the mouse and moved by keys in a real window; nothing is written before it is taken over."""

from __future__ import annotations

from pathlib import Path

import shapely
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest

from chuangwen.domain.geo import Extent
from chuangwen.ui.border_tool import MoveBorder
from tests.ui.conftest import Desk


def _at_a_vertex(desk: Desk, path: Path) -> tuple[MoveBorder, QPoint]:
    """The tool in hand, and where an inner vertex of the first zone lies in the widget."""
    desk.window.open(path)
    desk.settle()
    project = desk.session.project
    assert project is not None
    desk.window.actions_by_id["border"].trigger()
    tool = desk.window.canvas.tool
    assert isinstance(tool, MoveBorder)
    for place in shapely.get_coordinates(project.features("zone").geometry[0]).tolist():
        handle = tool.what.nearest(*place, 0.01)
        if handle is not None and len(handle.zones) == 2:
            break
    desk.window.canvas.show_extent(Extent(place[0] - 150, place[1] - 150, place[0] + 150, place[1] + 150))
    desk.settle()
    return tool, desk.window.canvas.pixel(*place).toPoint()


def test_a_drag_is_told_kept_and_taken_over(desk: Desk, project: Path) -> None:
    """The card counts while the mouse moves; Escape gives up; taken over it is one step, and undo brings the border back."""
    canvas = desk.window.canvas
    tool, spot = _at_a_vertex(desk, project)
    now = desk.session.project
    assert now is not None
    before, steps = now.features("zone").geometry[0], now.last_step
    QTest.mousePress(canvas, Qt.MouseButton.LeftButton, pos=spot)
    QTest.mouseMove(canvas, spot + QPoint(30, 12))
    assert any("m²" in line for line in tool.lines())
    QTest.mouseRelease(canvas, Qt.MouseButton.LeftButton, pos=spot + QPoint(30, 12))
    assert tool.what.mesh.touched
    QTest.keyClick(canvas, Qt.Key.Key_Escape)
    assert not tool.what.mesh.touched
    assert canvas.tool is tool
    assert now.last_step == steps

    QTest.mousePress(canvas, Qt.MouseButton.LeftButton, pos=spot)
    QTest.mouseMove(canvas, spot + QPoint(30, 12))
    QTest.mouseRelease(canvas, Qt.MouseButton.LeftButton, pos=spot + QPoint(30, 12))
    QTest.keyClick(canvas, Qt.Key.Key_Right)
    assert tool.preview is not None
    tool.take_over(tool.what.standing())
    desk.settle()
    assert now.last_step == steps + 1
    assert now.features("zone").geometry[0] != before
    desk.session.undo()
    desk.settle()
    assert shapely.to_wkb(now.features("zone").geometry[0]) == shapely.to_wkb(before)


def test_what_would_tear_springs_back_and_says_why(desk: Desk, project: Path) -> None:
    """Dragged far across its neighbour: refused in words, the border stays."""
    canvas = desk.window.canvas
    tool, spot = _at_a_vertex(desk, project)
    canvas.set_denominator(canvas.view.denominator * 12)
    desk.settle()
    spot = QPoint(canvas.width() // 2, canvas.height() // 2)
    QTest.mousePress(canvas, Qt.MouseButton.LeftButton, pos=spot)
    QTest.mouseMove(canvas, spot + QPoint(300, 180))
    assert tool.preview is not None
    assert tool.preview.refused
    assert tool.lines()[0] == "不能这样调整"
    QTest.mouseRelease(canvas, Qt.MouseButton.LeftButton, pos=spot + QPoint(300, 180))
    assert not tool.what.mesh.touched


def test_space_goes_from_vertex_to_vertex(desk: Desk, project: Path) -> None:
    """Everything by keyboard: the nearest border first, then the vertices of that common border, and round again."""
    canvas = desk.window.canvas
    tool, _spot = _at_a_vertex(desk, project)
    canvas.setFocus()
    QTest.keyClick(canvas, Qt.Key.Key_Space)
    assert tool.chosen is not None
    visited = []
    for _number in range(3):
        QTest.keyClick(canvas, Qt.Key.Key_Space)
        assert tool.chosen is not None
        visited.append(tool.chosen.at)
    assert len(set(visited)) > 1
    QTest.keyClick(canvas, Qt.Key.Key_Escape)
