"""催督办 and 扣分 in the window: ticked, accepted, one step each, counted anew."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QTreeWidgetItem

from chuangwen.ui.ladder_window import LadderWindow
from chuangwen.ui.orders.writing import OrderWindow
from tests.ui.conftest import Desk

pytestmark = pytest.mark.window


@pytest.fixture
def ladder(open_desk: Desk) -> LadderWindow:
    """The window on the demo."""
    open_desk.window.actions_by_id["ladder"].trigger()
    open_desk.settle()
    return next(iter(open_desk.window.findChildren(LadderWindow)))


def group_of(ladder: LadderWindow, title: str) -> QTreeWidgetItem:
    """A group of proposals: 3 通报."""
    items = [ladder.proposed.topLevelItem(number) for number in range(ladder.proposed.topLevelItemCount())]
    return next(item for item in items if item is not None and item.text(0).startswith(title))


def tick(item: QTreeWidgetItem, rows: int) -> None:
    """The first rows of a group of proposals."""
    for number in range(rows):
        item.child(number).setCheckState(0, Qt.CheckState.Checked)


def test_ticked_bulletins_are_recorded_and_leave_the_list(open_desk: Desk, ladder: LadderWindow) -> None:
    """Two of the worst are named: two records, one step, two fewer proposals; orders cannot be made of bulletins."""
    before = group_of(ladder, "3 通报").childCount()
    assert not ladder.note.isEnabled()
    tick(group_of(ladder, "3 通报"), 2)
    assert ladder.note.isEnabled()
    assert not ladder.order.isEnabled()
    project = open_desk.session.project
    assert project is not None
    held, steps = len(project.features("accountability")), len(project.steps())
    ladder.note.click()
    open_desk.settle()
    assert len(project.features("accountability")) == held + 2
    assert len(project.steps()) == steps + 1
    assert group_of(ladder, "3 通报").childCount() == before - 2


def test_an_order_is_asked_for_issues_of_one_kind(open_desk: Desk, ladder: LadderWindow) -> None:
    """Reminders of the last group: kind and codes go to whoever writes orders; selecting a row shows its issue."""
    asked: list[tuple[str, list[str]]] = []
    ladder.order_asked.connect(lambda kind, codes, _due: asked.append((kind, codes)))
    last = group_of(ladder, "1 催办")
    tick(last, 3)
    ladder.order.click()
    assert asked[0][0] == "remind"
    assert len(asked[0][1]) == 3
    ladder.proposed.setCurrentItem(last.child(1))
    assert open_desk.session.selection.features()[0].code == asked[0][1][1]


def test_due_lines_go_into_the_ledger_once(open_desk: Desk, ladder: LadderWindow) -> None:
    """SR-70: a unit's group is ticked whole; its lines stand in the ledger and are proposed no more."""
    ladder.tabs.setCurrentIndex(1)
    group = ladder.lines.topLevelItem(0)
    assert group is not None
    count = group.childCount()
    group.setCheckState(0, Qt.CheckState.Checked)
    project = open_desk.session.project
    assert project is not None
    held = len(project.features("deduction"))
    whole = int(ladder.tabs.tabText(1).rpartition(" ")[2])
    ladder.charge.click()
    open_desk.settle()
    assert len(project.features("deduction")) == held + count
    assert int(ladder.tabs.tabText(1).rpartition(" ")[2]) == whole - count


def test_the_deadline_of_a_step_stands_in_the_order(open_desk: Desk, ladder: LadderWindow) -> None:
    """督办 sets 24 hours: the window of orders opens as 督办单 with that deadline filled in."""
    asked: list[str] = []
    ladder.order_asked.connect(lambda _kind, _codes, due: asked.append(due))
    tick(group_of(ladder, "2 督办"), 1)
    ladder.order.click()
    open_desk.settle()
    assert asked == ["2024-06-04 08:00"]
    written = [one for one in QApplication.topLevelWidgets() if isinstance(one, OrderWindow) and one.isVisible()]
    assert (written[-1].form.kind.currentData(), written[-1].form.due.text()) == ("supervise", "2024-06-04 08:00")
    written[-1].close()
