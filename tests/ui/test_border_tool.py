"""A border of zones dragged with the mouse and moved by keys in a real window; nothing is written before it is taken over."""

from __future__ import annotations

from pathlib import Path

import pytest
import shapely
from PySide6.QtCore import QPoint, Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QFileDialog, QMessageBox

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


def _dragged(desk: Desk, path: Path) -> MoveBorder:
    """The tool with a border dragged a little, nothing taken over."""
    tool, spot = _at_a_vertex(desk, path)
    canvas = desk.window.canvas
    QTest.mousePress(canvas, Qt.MouseButton.LeftButton, pos=spot)
    QTest.mouseMove(canvas, spot + QPoint(30, 12))
    QTest.mouseRelease(canvas, Qt.MouseButton.LeftButton, pos=spot + QPoint(30, 12))
    assert tool.what.mesh.touched
    return tool


def _answer(desk: Desk, button: str) -> str:
    """Press Enter on the map and then a button of the question; what the question said."""
    heard: list[str] = []

    def press() -> None:
        box = QApplication.activeModalWidget()
        assert isinstance(box, QMessageBox)
        heard.append(f"{box.text()} {box.informativeText()}")
        next(one for one in box.buttons() if one.text().rstrip("…") == button).click()

    QTimer.singleShot(0, press)
    QTest.keyClick(desk.window.canvas, Qt.Key.Key_Return)
    desk.settle()
    assert len(heard) == 1
    return heard[0]


def test_the_question_is_refused_and_the_border_stays_in_hand(desk: Desk, project: Path) -> None:
    """再改改 and Escape write nothing and drop nothing."""
    tool = _dragged(desk, project)
    now = desk.session.project
    assert now is not None
    before = now.last_step
    asked = _answer(desk, "再改改")
    assert "m²" in asked.replace("&nbsp;", " ")
    assert now.last_step == before
    assert tool.what.mesh.touched
    QTimer.singleShot(0, lambda: QTest.keyClick(QApplication.activeModalWidget(), Qt.Key.Key_Escape))
    QTest.keyClick(desk.window.canvas, Qt.Key.Key_Return)
    assert now.last_step == before
    assert tool.what.mesh.touched


def test_the_question_is_accepted(desk: Desk, project: Path) -> None:
    """只移交 is one step, and the tool begins anew from the new border."""
    tool = _dragged(desk, project)
    now = desk.session.project
    assert now is not None
    before, shape = now.last_step, now.features("zone").geometry[0]
    _answer(desk, "只移交")
    assert now.last_step == before + 1
    assert now.features("zone").geometry[0] != shape
    assert not tool.what.mesh.touched


def test_the_list_is_written_before_the_border_is_taken_over(desk: Desk, project: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No file name, or a folder that is not there: nothing is taken over. 只存清单 writes only the list; 移交并存清单 both."""
    tool = _dragged(desk, project)
    now = desk.session.project
    assert now is not None
    before = now.last_step
    names = iter(("", str(tmp_path / "没有这个文件夹" / "清单.docx"), str(tmp_path / "征求意见.docx"), str(tmp_path / "移交.docx")))
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_all: (next(names), ""))
    for button in ("移交并存清单", "移交并存清单", "只存清单"):
        _answer(desk, button)
        assert now.last_step == before
        assert tool.what.mesh.touched
    assert [one.name for one in tmp_path.glob("*.docx")] == ["征求意见.docx"]
    _answer(desk, "移交并存清单")
    assert now.last_step == before + 1
    assert (tmp_path / "移交.docx").exists()


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
