"""统计 in the window: numbers open their rows, zones are shaded on the map, a period is frozen, the table is written."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from openpyxl import load_workbook
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QFileDialog, QInputDialog

from chuangwen.ui.dashboard.window import DashboardWindow
from tests.ui.conftest import Desk

pytestmark = pytest.mark.window


@pytest.fixture
def figures(open_desk: Desk) -> DashboardWindow:
    """The dashboard on the demo."""
    open_desk.window.actions_by_id["dashboard"].trigger()
    open_desk.settle()
    found = open_desk.window.figures.window
    assert found is not None
    return found


def test_the_tile_says_82_percent_and_opens_what_is_missing(open_desk: Desk, figures: DashboardWindow) -> None:
    """SR-08: 82.0 % with 1017 / 1240; pressed, the 223 that are not struck off stand in the table; by another number exactly its rows."""
    assert figures.tiles["rectification"].words == "82.0% 1017 / 1240"
    figures.tiles["rectification"].click()
    open_desk.settle()
    assert open_desk.window.tables.table("issue").model.rowCount() == 223
    figures.tiles["overdue"].click()
    open_desk.settle()
    assert open_desk.window.tables.table("issue").model.rowCount() == int(figures.tiles["overdue"].words.split()[0])


def test_a_number_of_the_table_opens_its_rows(open_desk: Desk, figures: DashboardWindow) -> None:
    """交办数 of the first line: as many rows as it says; sorting by it keeps numbers in the order of numbers."""
    column = 2
    figures.table.sortByColumn(column, Qt.SortOrder.DescendingOrder)
    counts = [int(figures.table.item(row, column).text()) for row in range(figures.table.rowCount())]  # type: ignore[union-attr]
    assert counts == sorted(counts, reverse=True)
    item = figures.table.item(1, column)
    assert item is not None
    QTest.mouseClick(figures.table.viewport(), Qt.MouseButton.LeftButton, pos=figures.table.visualItemRect(item).center())
    open_desk.settle()
    assert open_desk.window.tables.table("issue").model.rowCount() == int(item.text())


def test_the_zones_are_shaded_and_the_map_is_as_before_when_it_closes(open_desk: Desk, figures: DashboardWindow) -> None:
    """By zone on the map; not by category; closing the window takes the shades away."""
    canvas = open_desk.window.canvas

    def zones() -> object:
        return next(one for one in canvas.content() if one.layer.id == "zone").features

    own = zones()
    figures.by.setCurrentIndex(figures.by.findData("zone"))
    open_desk.settle()
    figures.on_map.setChecked(True)
    open_desk.settle()
    assert zones() is not own
    figures.by.setCurrentIndex(figures.by.findData("category"))
    open_desk.settle()
    assert not figures.on_map.isEnabled()
    figures.by.setCurrentIndex(figures.by.findData("street"))
    open_desk.settle()
    assert zones() is not own
    figures.close()
    open_desk.until(lambda: zones() is own)


def test_a_period_is_frozen_and_the_table_is_written(open_desk: Desk, figures: DashboardWindow, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """定格 is one step; the same name is refused in words; the workbook has the lines and the total."""
    monkeypatch.setattr(QInputDialog, "getText", lambda *_all, **_more: ("5月", True))
    figures._freeze()
    open_desk.settle()
    project = open_desk.session.project
    assert project is not None
    assert [one.name for one in project.features("frozen")] == ["5月"]
    figures._freeze()
    assert "5月" in figures.said.text()
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_all: (str(tmp_path / "统计.xlsx"), ""))
    figures._save()
    sheet = load_workbook(tmp_path / "统计.xlsx").active
    assert sheet is not None
    assert [cell.value for cell in sheet[2]][:3] == ["排名", "责任单位", "交办数"]
    assert sheet.max_row == figures.table.rowCount() + 3


def test_an_edit_is_counted_at_once(open_desk: Desk, figures: DashboardWindow) -> None:
    """One more void: 1,239 to count."""
    from chuangwen.services.moving import plan_move

    project = open_desk.session.project
    assert project is not None
    one = next(issue for issue in project.features("issue") if issue.get("status") == "in_progress")
    project.role = "director"
    open_desk.session.commit(plan_move(project, [one], "void", {"void_kind": "untrue", "status_note": "不属实"}))
    open_desk.settle()
    assert figures.tiles["rectification"].words.endswith("1017 / 1239")


def test_charts_cost_nothing_before_they_are_opened() -> None:
    """Starting the window loads no pyqtgraph."""
    code = "import sys, chuangwen.ui.window; sys.exit('pyqtgraph' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
