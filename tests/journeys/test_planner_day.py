"""A planner's day in the real window: import, look, assign, move, place, undo, print. Mouse and keys, real files, real PDF."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from openpyxl import Workbook
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QPushButton

from chuangwen.ui.importing.dialog import ImportDialog
from chuangwen.ui.printing.window import PrintWindow
from chuangwen.ui.unit_picker import UnitPicker
from tests.ui.conftest import Desk, desk, open_desk, project

__all__ = ["desk", "open_desk", "project"]
pytestmark = [pytest.mark.window, pytest.mark.slow]


def new_list(path: Path) -> Path:
    """What arrived by WeChat this morning: a title, five rows, one of them with a unit nobody knows."""
    book = Workbook()
    sheet = book.active
    sheet.append(["文昌街道新发现问题清单"])
    sheet.merge_cells("A1:F1")
    sheet.append(["序号", "问题编号", "点位名称", "存在问题", "责任单位", "整改时限"])
    for number in range(1, 5):
        sheet.append([number, f"20240603-10{number}", "人民广场", "座椅破损，无障碍坡道被占用", "区城管局", "2024-06-08"])
    sheet.append([5, "20240603-105", "人民广场", "路灯不亮", "火星路灯所", "2024-06-08"])
    book.save(path)
    return path


@pytest.fixture
def dialogs(open_desk: Desk) -> Iterator[Desk]:
    """The desk; dialogs left open are closed."""
    yield open_desk
    for widget in QApplication.topLevelWidgets():
        if isinstance(widget, ImportDialog | PrintWindow):
            widget.close()


def test_from_the_morning_import_to_the_printed_map(dialogs: Desk, tmp_path: Path) -> None:
    """One day, in the order of domain.md 0.3."""
    desk, window, session = dialogs, dialogs.window, dialogs.session
    project = session.project
    assert project is not None
    before = len(project.features("issue"))

    # 1. The list is imported: all five rows go in; the one whose unit nobody knows is named with its row number.
    window.import_file(new_list(tmp_path / "新问题.xlsx"))
    dialog = next(widget for widget in QApplication.topLevelWidgets() if isinstance(widget, ImportDialog) and widget.isVisible())
    desk.settle()
    for _step in ("看读得对不对", "看会改变什么"):
        assert dialog.next.isEnabled(), dialog.file_page.said.text()
        QTest.mouseClick(dialog.next, Qt.MouseButton.LeftButton)
        desk.settle()
    assert dialog.look is not None
    assert any("火星路灯所" in line.what for line in dialog.look.lines)
    assert len(project.features("issue")) == before
    QTest.mouseClick(dialog.next, Qt.MouseButton.LeftButton)
    desk.settle()
    assert len(project.features("issue")) == before + 5
    report = dialog.look.prepared.plan.report
    assert ([], [7]) == ([one.row for one in report.rejected], [one.row for one in report.repaired])
    dialog.close()
    desk.settle()

    # 2. They have no place: the list 未定位 shows them; the proposal of the panel puts one on the map.
    QTest.mouseClick(window.todo.buttons["unlocated"], Qt.MouseButton.LeftButton)
    desk.settle()
    row = project.features("issue").by_code["20240603-101"]
    issue_id = project.features("issue").ids[row]
    session.selection.set("issue", [issue_id])
    desk.settle()
    offers = [button for button in window.panel.unplaced.findChildren(QPushButton) if "人民广场" in button.text()]
    QTest.mouseClick(offers[0], Qt.MouseButton.LeftButton)
    desk.settle()
    placed = project.features("issue").feature(issue_id)
    assert placed is not None
    assert placed.geometry is not None
    QTest.mouseClick(window.todo.buttons["unlocated"], Qt.MouseButton.LeftButton)
    desk.settle()

    # 3. It is given to another unit by a few letters, dispatched, and received.
    picker = window.panel.forms["issue"].editors["responsible_unit"].input
    assert isinstance(picker, UnitPicker)
    picker.setFocus()
    picker.selectAll()
    QTest.keyClicks(picker, "yllh")
    assert any("园林绿化" in name for name in picker.suggestions())
    picker._take(next(name for name in picker.suggestions() if "园林绿化" in name))
    desk.settle()
    moves = window.panel.moves
    assert moves is not None
    for target, asked in (("dispatched", ""), ("in_progress", "receiver")):
        QTest.mouseClick(moves.buttons[target], Qt.MouseButton.LeftButton)
        assert moves.card is not None
        if asked:
            QTest.keyClicks(moves.editors[asked].input, "Liu")
        QTest.mouseClick(moves.card.go, Qt.MouseButton.LeftButton)
        desk.settle()
    now = project.features("issue").feature(issue_id)
    assert now is not None
    assert (now.get("status"), "园林绿化" in str(now.get("responsible_unit"))) == ("in_progress", True)

    # 4. One step too many: undone, and done again; the history has both.
    window.actions_by_id["undo"].trigger()
    desk.settle()
    assert project.features("issue").feature(issue_id).get("status") == "dispatched"  # type: ignore[union-attr]
    window.actions_by_id["redo"].trigger()
    desk.settle()
    window.panel.tabs.setCurrentWidget(window.panel.history)
    desk.settle()
    words = window.panel.history.toPlainText()
    assert "整改中" in words
    assert "撤销：" in words
    assert "新问题.xlsx" in words

    # 5. The map is looked at: zoom, pan, click the issue.
    session.zoom_to([now])
    desk.settle()
    middle = QPoint(window.canvas.width() // 2, window.canvas.height() // 2)
    session.selection.clear()
    QTest.mouseClick(window.canvas, Qt.MouseButton.LeftButton, pos=middle)
    desk.settle()
    assert session.selection.layer in ("issue", "site")

    # 6. The zone of the issue is printed for tomorrow: the sheet has the issue with its number.
    zones = project.features("zone")
    zone = next(at for at in range(len(zones)) if zones.geometry[at].intersects(now.geometry))
    session.selection.set("zone", [zones.ids[zone]])
    desk.settle()
    window.actions_by_id["print"].trigger()
    printing = next(widget for widget in QApplication.topLevelWidgets() if isinstance(widget, PrintWindow))
    assert printing.codes() == [zones.column("code")[zone]]
    target = tmp_path / "明天.pdf"
    printing.save(target)
    desk.until(target.exists, 60)
    desk.settle()
    pypdf = pytest.importorskip("pypdf")
    text = "".join(page.extract_text() for page in pypdf.PdfReader(target).pages).replace("\n", "").replace(" ", "")
    assert str(zones.column("name")[zone]).replace(" ", "").removeprefix(str(zones.column("street")[zone])) in text
    assert "20240603-101" in text
    assert not list(tmp_path.glob("*.part"))
    printing.close()

    # 7. The whole import is taken back in one step from the log? Not any more: somebody built on it, and the program says so.
    steps = [step for step in project.store.steps() if "新问题.xlsx" in step.label]
    assert len(steps) == 1
    assert int(np.sum(project.features("issue").located)) > 0
