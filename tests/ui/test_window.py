"""The window driven by mouse and keys, on the real demo project and the real file."""

from __future__ import annotations

import sqlite3
from collections import Counter
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit
from shapely.geometry import Point

from chuangwen.domain import edits
from chuangwen.services.project import Project
from chuangwen.ui.canvas import MapCanvas
from chuangwen.ui.field_editors import SEVERAL
from chuangwen.ui.unit_picker import UnitPicker
from chuangwen.ui.zone_tree import ZoneTree
from tests.ui.conftest import Desk

pytestmark = pytest.mark.window


def pixel_of(canvas: MapCanvas, layer: str, row_id: str) -> QPoint:
    """Where a point feature is drawn."""
    project = canvas.session.project
    assert project is not None
    feature = project.features(layer).feature(row_id)
    assert feature is not None
    return canvas.pixel(feature.geometry.x, feature.geometry.y).toPoint()  # type: ignore[union-attr]


def alone(desk: Desk, layer: str, status: str) -> str:
    """A located feature with nothing else within 60 m."""
    project = desk.session.project
    assert project is not None
    features = project.features(layer)
    places = {name: np.array([(one.x, one.y) for one in project.features(name).geometry if one is not None]) for name in ("site", "issue")}
    everything = np.concatenate(list(places.values()))
    for at in np.flatnonzero(features.located):
        here = features.geometry[at]
        if features.column("status")[at] == status and (np.hypot(*(everything - (here.x, here.y)).T) < 60).sum() == 1:
            return features.ids[at]
    raise AssertionError("no lonely feature")


def test_opening_shows_map_tables_tree_and_counters(open_desk: Desk) -> None:
    """What the planner sees at seven: figures of the demo (domain.md 8.6), the map drawn, the countdown."""
    window = open_desk.window

    assert window.canvas.scene is not None
    assert window.canvas.scene.counts[("zone", 0)] == 36
    assert "82.0%" in window.todo.rate.text()
    assert "1 017 / 1 240" in window.todo.rate.text()
    assert window.tables.table("issue").model.rowCount() == 1240
    assert window.zones.topLevelItemCount() == 6
    assert "21" in window.countdown.text()
    assert window.todo.buttons["unassigned"].text() == "待指定 12"


def test_a_click_on_the_map_selects_everywhere(open_desk: Desk) -> None:
    """Map, table and panel show the same feature; Escape lets go."""
    window, session = open_desk.window, open_desk.session
    row_id = alone(open_desk, "issue", "in_progress")
    feature = session.project.features("issue").feature(row_id)  # type: ignore[union-attr]
    session.zoom_to([feature])  # type: ignore[list-item]
    open_desk.settle()

    QTest.mouseClick(window.canvas, Qt.MouseButton.LeftButton, pos=pixel_of(window.canvas, "issue", row_id))
    open_desk.settle()

    assert (session.selection.layer, session.selection.ids) == ("issue", (row_id,))
    table = window.tables.table("issue")
    assert [table.model.row_id(index.row()) for index in table.view.selectionModel().selectedRows()] == [row_id]
    assert window.panel.forms["issue"].editors["code"].input.text() == feature.code  # type: ignore[union-attr]
    QTest.keyClick(window.canvas, Qt.Key.Key_Escape)
    assert session.selection.ids == ()


def test_the_panel_edits_and_the_file_has_it_and_undo_gives_it_back(open_desk: Desk, project: Path) -> None:
    """Typed, Return: on disk at once, in the table, in the history; Ctrl+Z."""
    window, session = open_desk.window, open_desk.session
    row_id = session.project.features("site").ids[3]  # type: ignore[union-attr]
    session.selection.set("site", [row_id])
    open_desk.settle()
    line = window.panel.forms["site"].editors["address"].input
    assert isinstance(line, QLineEdit)
    before = line.text()

    line.setFocus()
    line.selectAll()
    QTest.keyClicks(line, "Renmin Road 8")
    QTest.keyClick(line, Qt.Key.Key_Return)
    open_desk.settle()

    def on_disk() -> str:
        with sqlite3.connect(f"{project.as_uri()}?mode=ro", uri=True) as connection:
            return str(connection.execute("SELECT address FROM site WHERE id = ?", [row_id]).fetchone()[0])

    assert on_disk() == "Renmin Road 8"
    assert window.actions_by_id["undo"].text().startswith("撤销：修改")
    window.actions_by_id["undo"].trigger()
    open_desk.settle()
    assert on_disk() == before
    assert line.text() == before
    window.actions_by_id["redo"].trigger()
    open_desk.settle()
    assert on_disk() == "Renmin Road 8"


def test_only_legal_moves_are_offered_and_one_asks_for_what_it_needs(open_desk: Desk) -> None:
    """整改中 → 退回 needs a word; without it nothing moves, with it the state is the new one."""
    window, session = open_desk.window, open_desk.session
    project = session.project
    assert project is not None
    issues = project.features("issue")
    at = issues.column("status").index("in_progress")
    session.selection.set("issue", [issues.ids[at]])
    open_desk.settle()
    moves = window.panel.moves
    assert moves is not None
    assert set(moves.buttons) == {"returned", "rectified", "deferred", "long_term", "void"}

    QTest.mouseClick(moves.buttons["returned"], Qt.MouseButton.LeftButton)
    assert moves.card is not None
    note = moves.editors["status_note"]
    QTest.mouseClick(moves.card.go, Qt.MouseButton.LeftButton)
    open_desk.settle()
    assert note.reason
    assert moves.editors["suggested_unit"].reason
    assert project.features("issue").column("status")[at] == "in_progress"

    note.input.setFocus()
    QTest.keyClicks(note.input, "not ours")
    picker = moves.editors["suggested_unit"].input
    assert isinstance(picker, UnitPicker)
    picker._take("示范区城市管理局")
    QTest.mouseClick(moves.card.go, Qt.MouseButton.LeftButton)
    open_desk.settle()
    now = project.features("issue").at(at)
    assert (now.get("status"), now.get("status_note"), now.get("return_count")) == ("returned", "not ours", 1)
    assert "dispatched" in moves.buttons


def test_a_unit_is_found_by_pinyin_initials_and_given_to_several(open_desk: Desk) -> None:
    """Three issues at once, by keyboard; one edit, one undo."""
    window, session = open_desk.window, open_desk.session
    project = session.project
    assert project is not None
    issues = project.features("issue")
    ids = [issues.ids[at] for at in range(len(issues)) if issues.column("status")[at] == "registered"][:3]
    session.selection.set("issue", ids)
    open_desk.settle()
    picker = window.panel.forms["issue"].editors["responsible_unit"].input
    assert isinstance(picker, UnitPicker)

    picker.setFocus()
    picker.selectAll()
    QTest.keyClicks(picker, "qcgj")
    assert "示范区城市管理局" in picker.suggestions()[:3]
    picker._take("示范区城市管理局")
    open_desk.settle()

    assert {project.features("issue").feature(row_id).get("responsible_unit") for row_id in ids} == {"示范区城市管理局"}  # type: ignore[union-attr]
    assert project.undo_step("测试员").rows == 3  # type: ignore[union-attr]
    picker.refused.emit("火星局")
    assert "火星局" in window.panel.forms["issue"].editors["responsible_unit"].reason


def test_different_values_show_as_several_and_untouched_fields_stay(open_desk: Desk) -> None:
    """Two sites of different category: the box shows none; leaving a field changes nothing."""
    window, session = open_desk.window, open_desk.session
    project = session.project
    assert project is not None
    sites = project.features("site")
    other = next(at for at in range(len(sites)) if sites.column("category")[at] != sites.column("category")[0])
    session.selection.set("site", [sites.ids[0], sites.ids[other]])
    open_desk.settle()
    editor = window.panel.forms["site"].editors["name"]
    steps = len(project.steps())

    assert editor._shown is SEVERAL
    editor.input.setFocus()
    QTest.keyClick(editor.input, Qt.Key.Key_Return)
    open_desk.settle()
    assert len(project.steps()) == steps


def test_a_value_that_cannot_be_read_is_refused_beside_the_field(open_desk: Desk) -> None:
    """6.1 is no certain date; a required field does not go empty."""
    window, session = open_desk.window, open_desk.session
    session.selection.set("issue", [session.project.features("issue").ids[0]])  # type: ignore[union-attr]
    open_desk.settle()
    form = window.panel.forms["issue"]

    for name, typed in (("due_at", "6.1"), ("code", "")):
        line = form.editors[name].input
        assert isinstance(line, QLineEdit)
        line.setFocus()
        line.selectAll()
        QTest.keyClick(line, Qt.Key.Key_Delete)
        QTest.keyClicks(line, typed)
        QTest.keyClick(line, Qt.Key.Key_Return)
        open_desk.settle()
        assert form.editors[name].reason


def test_the_four_lists_filter_table_and_map(open_desk: Desk) -> None:
    """Pressed: only these; pressed again: all."""
    window = open_desk.window
    table = window.tables.table("issue")

    QTest.mouseClick(window.todo.buttons["overdue"], Qt.MouseButton.LeftButton)
    open_desk.settle()
    assert table.model.rowCount() == 69
    assert window.canvas.scene is not None
    assert open_desk.session.project is not None
    symbols = len(open_desk.session.project.layers["issue"].symbols)  # behind them stand the badges 逾期 and 临期
    shown = {number: count for (layer, number), count in window.canvas.scene.counts.items() if layer == "issue"}
    assert sum(count for number, count in shown.items() if number < symbols) == shown[symbols] <= 69
    QTest.mouseClick(window.todo.buttons["unlocated"], Qt.MouseButton.LeftButton)
    open_desk.settle()
    assert table.model.rowCount() == 115
    assert not window.todo.buttons["overdue"].isChecked()
    QTest.mouseClick(window.todo.buttons["unlocated"], Qt.MouseButton.LeftButton)
    open_desk.settle()
    assert table.model.rowCount() == 1240


def test_wheel_and_keys_move_the_map_and_the_place_under_the_mouse_stays(open_desk: Desk) -> None:
    """Zoom at the cursor; arrows; the scale box."""
    canvas = open_desk.window.canvas
    at = QPointF(200, 150)
    ground = canvas.ground(at)

    canvas.zoom(2.0, at)
    assert canvas.ground(at) == pytest.approx(ground)
    before = canvas.view.centre
    QTest.keyClick(canvas, Qt.Key.Key_Right)
    assert canvas.view.centre[0] > before[0]
    status = open_desk.window.statusBar()
    status.scale.setEditText("1:5 000")  # type: ignore[attr-defined]
    QTest.keyClick(status.scale.lineEdit(), Qt.Key.Key_Return)  # type: ignore[attr-defined]
    assert canvas.view.denominator == 5000
    open_desk.settle()


def test_searching_finds_by_initials_and_goes_there(open_desk: Desk) -> None:
    """`rmgc` finds 人民广场."""
    window, session = open_desk.window, open_desk.session
    window.search.setFocus()
    QTest.keyClicks(window.search, "rmgc")
    window.search._look()
    words = [window.search.hits.item(row).text() for row in range(window.search.hits.count())]
    assert any("人民广场" in word for word in words)
    window.search.hits.setCurrentRow(next(row for row, word in enumerate(words) if "点位" in word and "人民广场" in word))
    QTest.keyClick(window.search, Qt.Key.Key_Return)
    open_desk.settle()

    chosen = session.selection.features()
    assert [one.name for one in chosen] == ["人民广场"]
    x, y = window.canvas.view.centre
    assert (x, y) == pytest.approx((chosen[0].geometry.x, chosen[0].geometry.y))  # type: ignore[union-attr]


def test_an_unplaced_issue_is_placed_by_a_proposal_and_by_a_click(open_desk: Desk) -> None:
    """未定位: the panel offers places from its words; or the map is clicked. Undo un-places it."""
    window, session = open_desk.window, open_desk.session
    project = session.project
    assert project is not None
    issues = project.features("issue")
    lost = [issues.ids[at] for at in np.flatnonzero(~issues.located)][:2]
    session.selection.set("issue", [lost[0]])
    open_desk.settle()
    assert not window.panel.unplaced.isHidden()

    session.place_asked.emit("issue", lost[0])
    QTest.mouseClick(window.canvas, Qt.MouseButton.LeftButton, pos=QPoint(300, 200))
    wanted = window.canvas.ground(QPointF(300, 200))
    open_desk.settle()
    placed = project.features("issue").feature(lost[0])
    assert (placed.geometry.x, placed.geometry.y) == pytest.approx(wanted, abs=30)  # type: ignore[union-attr]
    assert window.panel.unplaced.isHidden()
    session.undo()
    open_desk.settle()
    assert project.features("issue").feature(lost[0]).geometry is None  # type: ignore[union-attr]


def test_a_point_is_dragged_and_undone(open_desk: Desk) -> None:
    """The tool moves the point, not the map."""
    window, session = open_desk.window, open_desk.session
    project = session.project
    assert project is not None
    row_id = alone(open_desk, "issue", "in_progress")
    feature = project.features("issue").feature(row_id)
    session.selection.set("issue", [row_id])
    session.zoom_to([feature])  # type: ignore[list-item]
    open_desk.settle()
    window.actions_by_id["move"].trigger()
    start = pixel_of(window.canvas, "issue", row_id)
    view = window.canvas.view

    QTest.mousePress(window.canvas, Qt.MouseButton.LeftButton, pos=start)
    QTest.mouseMove(window.canvas, start + QPoint(40, 20))
    QTest.mouseRelease(window.canvas, Qt.MouseButton.LeftButton, pos=start + QPoint(40, 20))
    open_desk.settle()

    moved = project.features("issue").feature(row_id)
    assert moved.geometry.distance(feature.geometry) == pytest.approx(np.hypot(40, 20) / (96 / 25.4) * view.metres_per_mm, rel=0.1)  # type: ignore[union-attr]
    now = window.canvas.view  # less high where a notice says what the move means for the unit
    assert (now.centre, now.denominator) == (view.centre, view.denominator)
    session.undo()
    open_desk.settle()
    assert project.features("issue").feature(row_id).geometry.equals(feature.geometry)  # type: ignore[union-attr]


def test_a_colleagues_edit_appears_and_a_clash_is_told(open_desk: Desk, project: Path) -> None:
    """Another process wrote: seen at the next look; the same field written on both sides is refused with what it says now."""
    window, session = open_desk.window, open_desk.session
    mine = session.project
    assert mine is not None
    row_id = mine.features("site").ids[0]
    session.selection.set("site", [row_id])
    open_desk.settle()
    other = Project.open(project, "同事")
    layer = other.layers["site"]
    other.apply(edits.set_values(layer, [other.features("site").at(0)], {"address": "B"}))

    editor = window.panel.forms["site"].editors["address"]
    editor.edited.emit("A")
    open_desk.settle()
    assert "B" in editor.reason
    assert mine.features("site").at(0).get("address") == "B"

    other.apply(edits.set_values(layer, [other.features("site").at(0)], {"address": "C"}))
    other.close()
    session.look()
    open_desk.settle()
    assert mine.features("site").at(0).get("address") == "C"


def test_rows_are_copied_for_a_spreadsheet_without_formulas(open_desk: Desk) -> None:
    """Ctrl+C gives tabs; a cell that begins with = comes with an apostrophe."""
    window, session = open_desk.window, open_desk.session
    project = session.project
    assert project is not None
    site = project.features("site").at(0)
    session.commit(edits.set_values(project.layers["site"], [site], {"address": "=1+1"}))
    open_desk.settle()
    session.selection.set("site", [site.id])
    table = window.tables.table("site")
    table.copy()

    header, row = QGuiApplication.clipboard().text().split("\n")
    assert header.split("\t")[0] == "点位编号"
    assert "'=1+1" in row.split("\t")


def test_sorting_puts_numbers_in_codes_in_order_and_empty_last(open_desk: Desk) -> None:
    """LZ-2 before LZ-10."""
    table = open_desk.window.tables.table("issue")
    column = next(number for number, field in enumerate(table.model.fields) if field.name == "due_at")
    table.view.sortByColumn(column, Qt.SortOrder.AscendingOrder)
    days = [table.model.features.column("due_at")[at] for at in table.model.positions]

    filled = [day for day in days if day is not None]
    assert filled == sorted(filled)  # type: ignore[type-var]
    assert all(day is None for day in days[len(filled) :])


def test_a_new_issue_is_added_where_the_map_is_clicked(open_desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """The dialog gives it a free code; it is selected afterwards. With category and source it is registered, else a draft (domain.md 4.2)."""
    window, session = open_desk.window, open_desk.session
    project = session.project
    assert project is not None

    def answer(dialog: object) -> int:
        dialog._on_edited("description", "井盖松动")  # type: ignore[attr-defined]
        dialog.accept()  # type: ignore[attr-defined]
        return int(dialog.result())  # type: ignore[attr-defined]

    monkeypatch.setattr("chuangwen.ui.small_dialogs.AddDialog.exec", answer)
    window.canvas.add_asked.emit("issue", Point(437000, 3093000))
    open_desk.settle()

    new = session.selection.features()[0]
    assert (new.get("description"), new.get("status")) == ("井盖松动", "draft")
    assert new.code.startswith("20240603-")

    def fuller(dialog: object) -> int:
        for name, value in (("category", "市政设施"), ("source_level", "district")):
            dialog._on_edited(name, value)  # type: ignore[attr-defined]
        return answer(dialog)

    monkeypatch.setattr("chuangwen.ui.small_dialogs.AddDialog.exec", fuller)
    window.canvas.add_asked.emit("issue", Point(437000, 3093000))
    open_desk.settle()
    assert session.selection.features()[0].get("status") == "registered"


def test_a_file_that_is_no_project_is_told_and_the_window_stays(desk: Desk, tmp_path: Path) -> None:
    """The first page says what to do."""
    wrong = tmp_path / "信.gpkg"
    wrong.write_text("不是项目", encoding="utf-8")

    desk.window.open(wrong)

    assert "信.gpkg" in desk.window.welcome.said.text()
    assert desk.session.project is None


def test_late_counts_of_a_closed_project_hurt_nobody(open_desk: Desk) -> None:
    """The counts of the zone tree come from a worker: they may arrive when the tree is empty already."""
    tree = open_desk.window.findChildren(ZoneTree)[0]
    assert tree.topLevelItemCount() > 0
    tree.refresh()
    open_desk.session.close()
    tree._on_counted((Counter({"x": 1}), Counter()))
    assert tree.topLevelItemCount() == 0
