"""待办箱 by keys alone: fifty issues in at most two hundred key presses, orders at the end; what is typed into a field is no command."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from chuangwen.domain.change import Change, Edit
from chuangwen.domain.feature import Feature
from chuangwen.services.project import Project
from chuangwen.ui.triage.panel import TriagePanel
from tests.ui.conftest import Desk

pytestmark = pytest.mark.window
Key = Qt.Key


class Keys:
    """Presses keys of the keyboard where the cursor is, and counts them."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        self.count = 0

    def press(self, key: Qt.Key, modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier, times: int = 1) -> None:
        for _time in range(times):
            self.count += 1
            focus = QApplication.activePopupWidget() or QApplication.focusWidget() or self.desk.window
            QTest.keyClick(focus, key, modifier)
        self.desk.settle()

    def write(self, letters: str) -> None:
        for letter in letters:
            self.count += 1
            QTest.keyClicks(QApplication.activePopupWidget() or QApplication.focusWidget(), letter)
        self.desk.settle()


def opened(desk: Desk) -> tuple[TriagePanel, Keys, Project]:
    """The inbox, opened by its key."""
    desk.window.activateWindow()
    keys = Keys(desk)
    keys.press(Key.Key_J, Qt.KeyboardModifier.ControlModifier)
    panel = desk.window.inbox.panel
    assert panel.hasFocus()
    assert desk.session.project is not None
    return panel, keys, desk.session.project


def to(panel: TriagePanel, keys: Keys, kind: str) -> Feature:
    """Go on to the first item of a kind."""
    for _step in range(len(panel.model.items)):
        if panel.current is not None and panel.current.item.kind == kind:
            return panel.current.issue
        keys.press(Key.Key_J)
    raise AssertionError(kind)


def now(project: Project, issue: Feature) -> Feature:
    found = project.features("issue").feature(issue.id)
    assert found is not None
    return found


def fifty_new(project: Path) -> None:
    """Fifty issues of a new list: what was closed on the streets is found again today, without unit and deadline."""
    made = Project.open(project, "导入")
    issues = made.features("issue")
    blank = dict.fromkeys(("responsible_unit", "unit_basis", "due_at", "due_time", "order_number", "dispatched_at", "checked_at", "status_note"))
    gone = [one for one in issues if one.get("status") in ("registered", "unassigned", "returned", "rectified")]
    found = [one for one in issues if one.get("status") == "closed" and one.geometry is not None and one.get("responsible_unit")][:50]
    changes = [_set(one, {"status": "void"}) for one in gone] + [_set(one, {**blank, "status": "registered"}) for one in found]
    made.apply(Edit("新清单", tuple(changes)))
    made.close()


def _set(issue: Feature, values: dict[str, object]) -> Change:
    return Change("issue", issue.id, {name: issue.get(name) for name in values}, dict(values))  # type: ignore[arg-type]


def test_fifty_issues_in_at_most_two_hundred_key_presses(desk: Desk, project: Path) -> None:
    """Most are accepted, every tenth goes to another unit, every tenth has another deadline; then all are dispatched, an order for each unit."""
    fifty_new(project)
    desk.window.open(project)
    desk.settle()
    panel, keys, opened_project = opened(desk)
    wanted = [one.id for one in panel.model.items if one.kind == "registered"]
    assert 50 == len(wanted)
    seen: set[str] = set()
    while panel.current is not None and panel.current.item.kind == "registered" and len(seen) < 60:
        seen.add(panel.current.issue.id)
        assert desk.session.selection.ids == (panel.current.issue.id,), "the map follows"
        if len(seen) % 10 == 3:
            keys.press(Key.Key_U)
            keys.write("cgj")
            keys.press(Key.Key_Return)
            assert "城市管理局" in panel.current.unit
        if len(seen) % 10 == 7:
            keys.press(Key.Key_T)
            keys.write("2024-06-05")
            keys.press(Key.Key_Return)
            assert panel.current.due_words.startswith("2024-06-05")
        keys.press(Key.Key_Return)
    assert seen == set(wanted)
    assert "已处理 50" in panel.count.text()
    issues = opened_project.features("issue")
    staged = [one for one in map(issues.feature, wanted) if one is not None and one.get("responsible_unit") and one.get("due_at")]
    assert len(panel.found.staged) == len(staged)
    assert len(staged) >= 45

    keys.press(Key.Key_D)
    assert "再按一次 D" in panel.said.text()
    assert panel.planned is not None
    drafts, expected = len(panel.planned.drafts), panel.planned.issues
    keys.press(Key.Key_D)
    desk.until(lambda: "已写出" in panel.said.text(), 120)
    assert f"已写出 {drafts} 份交办单，交办 {expected} 件" in panel.said.text()
    assert keys.count <= 200
    print(f"{len(seen)} issues, {keys.count} keys, {drafts} orders, {expected} dispatched")
    files = list((opened_project.files_folder / "文书").glob("*.docx"))
    assert drafts == len(files)
    states = [one.get("status") for one in map(opened_project.features("issue").feature, wanted) if one is not None]
    assert expected == states.count("dispatched")


def test_what_is_typed_into_a_field_is_no_command(open_desk: Desk) -> None:
    """Letters that are keys of the inbox go into the field; Esc leaves it and nothing has changed."""
    panel, keys, project = opened(open_desk)
    issue = to(panel, keys, "registered")
    steps = len(project.steps())
    keys.press(Key.Key_T)
    keys.write("sdmzjk")
    assert "sdmzjk" == panel.due.text()
    keys.press(Key.Key_Return)
    assert "看不懂时限" in panel.said.text()
    keys.press(Key.Key_Escape)
    assert panel.hasFocus()
    assert panel.current is not None
    assert issue.id == panel.current.issue.id
    assert steps == len(project.steps())


def test_accepting_is_one_step_that_z_takes_back(open_desk: Desk) -> None:
    """The item comes back as the current one; the count says so."""
    panel, keys, project = opened(open_desk)
    issue = to(panel, keys, "registered")
    left = len(panel.model.items)
    keys.press(Key.Key_Return)
    assert left - 1 == len(panel.model.items)
    assert now(project, issue).get("responsible_unit")
    keys.press(Key.Key_Z)
    assert now(project, issue).get("responsible_unit") is None
    assert left == len(panel.model.items)
    assert panel.current is not None
    assert issue.id == panel.current.issue.id
    assert "已处理 0" in panel.count.text()
    keys.press(Key.Key_Z)
    assert "没有可以撤销的" in panel.said.text()


def test_skipped_items_wait_at_the_end(open_desk: Desk) -> None:
    panel, keys, _project = opened(open_desk)
    first = panel.model.items[0].id
    keys.press(Key.Key_S)
    assert panel.model.items[-1].id == first
    assert panel.current is not None
    assert panel.current.item.id == panel.model.items[0].id != first


def test_an_illegal_step_explains_itself(open_desk: Desk) -> None:
    """指定 is the director's; a report without its photo is not passed; a duplicate is not merged by Enter. In the director's role the card of 指定 opens."""
    panel, keys, project = opened(open_desk)
    issue = to(panel, keys, "unassigned")
    keys.press(Key.Key_Return)
    assert "须由" in panel.said.text()
    assert panel.asking is None
    open_desk.session.act_as("director")
    keys.press(Key.Key_Return)
    asking = panel.asking
    assert asking is not None
    assert {"responsible_unit", "basis_text", "approver"} <= set(asking.editors)
    assert isinstance(QApplication.focusWidget(), QWidget)
    assert not panel.hasFocus()
    keys.press(Key.Key_Escape)
    assert panel.asking is None
    assert panel.hasFocus()
    assert "unassigned" == now(project, issue).get("status")
    open_desk.session.act_as("planner")


def test_a_duplicate_is_merged_by_m(open_desk: Desk) -> None:
    """SR-09: the two stand side by side on the card; M makes one of them, Enter does not."""
    panel, keys, project = opened(open_desk)
    row = next(row for row, one in enumerate(panel.model.items) if one.kind == "twin")
    panel.list.clicked.emit(panel.model.index(row))
    open_desk.settle()
    shown = panel.current
    assert shown is not None
    assert shown.twin is not None
    assert shown.twin.code in panel.view.twin_head.text()
    keys.press(Key.Key_Return)
    assert "按 M 合并" in panel.said.text()
    keys.press(Key.Key_M)
    assert "void" in {now(project, one).get("status") for one in (shown.issue, shown.twin)}
