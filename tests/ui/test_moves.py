"""The buttons of an issue: moved by keys alone, grey ones explain themselves, photos go with the move, several go together."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from chuangwen.domain.feature import Feature
from chuangwen.settings import read_settings
from chuangwen.ui.move_bar import MoveBar
from tests.services.test_evidence import picture, saved
from tests.ui.conftest import Desk

pytestmark = pytest.mark.window
CTRL = Qt.KeyboardModifier.ControlModifier


def selected(desk: Desk, state: str, count: int = 1) -> tuple[MoveBar, list[Feature]]:
    """Select the first issues of a state that have a unit."""
    project = desk.session.project
    assert project is not None
    issues = project.features("issue")
    found = [issue for issue in issues if issue.get("status") == state and issue.get("responsible_unit")][:count]
    assert len(found) == count
    desk.session.selection.set("issue", [issue.id for issue in found])
    desk.settle()
    assert desk.window.panel.moves is not None
    return desk.window.panel.moves, found


def now(desk: Desk, issue: Feature) -> Feature:
    """The issue as it is now."""
    assert desk.session.project is not None
    found = desk.session.project.features("issue").feature(issue.id)
    assert found is not None
    return found


def press(desk: Desk, moves: MoveBar, target: str) -> None:
    """The key of a move's button: Ctrl and its number."""
    number = moves.buttons[target].text().split("(")[1][0]
    QTest.keyClick(desk.window, Qt.Key(ord(number)), CTRL)
    desk.until(lambda: moves.card is not None)  # a button pressed by its key goes down for a tenth of a second
    desk.settle()


def test_an_issue_is_received_by_keys_alone(open_desk: Desk) -> None:
    """Ctrl and a figure opens the card with the cursor in the first empty field; Ctrl+Return makes the move; Esc gives it up."""
    open_desk.window.activateWindow()
    moves, (issue,) = selected(open_desk, "dispatched")
    press(open_desk, moves, "in_progress")
    assert moves.card is not None
    QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Escape)
    open_desk.settle()
    assert moves.card is None

    press(open_desk, moves, "in_progress")
    focus = QApplication.focusWidget()
    assert focus is moves.editors["receiver"].input
    QTest.keyClicks(focus, "Liu")
    QTest.keyClick(focus, Qt.Key.Key_Return, CTRL)
    open_desk.settle()
    assert ("in_progress", "Liu") == (now(open_desk, issue).get("status"), now(open_desk, issue).get("receiver"))
    assert "rectified" in moves.buttons
    open_desk.session.undo()
    open_desk.settle()
    assert "dispatched" == now(open_desk, issue).get("status")


def test_a_grey_move_says_whose_it_is_and_opens_in_that_role(open_desk: Desk) -> None:
    """The role is chosen beside the buttons, kept for the next start, and stands in the log."""
    moves, (issue,) = selected(open_desk, "rectified")
    grey = moves.buttons["rework"]
    assert grey.property("grey")
    assert "须由督查组" in grey.toolTip()
    QTest.mouseClick(grey, Qt.MouseButton.LeftButton)
    assert "须由督查组" in moves.words
    assert moves.card is None

    next(action for action in moves.role.menu().actions() if action.data() == "inspector").trigger()
    assert "督查组" in moves.role.text()
    assert "inspector" == read_settings()[0].role
    QTest.mouseClick(moves.buttons["rework"], Qt.MouseButton.LeftButton)
    assert moves.card is not None
    QTest.keyClicks(moves.editors["status_note"].input, "still wet")
    moves.editors["due_at"].input.setText("2024-06-31")  # type: ignore[union-attr]
    QTest.mouseClick(moves.card.go, Qt.MouseButton.LeftButton)
    assert moves.editors["due_at"].reason
    moves.editors["due_at"].input.setText("2024-06-08")  # type: ignore[union-attr]
    QTest.mouseClick(moves.card.go, Qt.MouseButton.LeftButton)
    open_desk.settle()
    assert "rework" == now(open_desk, issue).get("status")
    assert open_desk.session.project is not None
    assert "inspector" == open_desk.session.project.steps()[-1].role
    open_desk.window.panel.tabs.setCurrentWidget(open_desk.window.panel.history)
    open_desk.settle()
    assert "督查组" in open_desk.window.panel.history.toPlainText()


def test_a_photo_goes_with_the_move(open_desk: Desk, tmp_path: Path) -> None:
    """Without one the card says how; one that is no picture is named and nothing is written; with one photo and state are one step."""
    moves, (issue,) = selected(open_desk, "in_progress")
    project = open_desk.session.project
    assert project is not None
    had = len(project.features("photo"))
    QTest.mouseClick(moves.buttons["rectified"], Qt.MouseButton.LeftButton)
    assert moves.card is not None
    if "measure" in moves.editors:
        QTest.keyClicks(moves.editors["measure"].input, "mended")
    QTest.mouseClick(moves.card.go, Qt.MouseButton.LeftButton)
    open_desk.settle()
    assert moves.card is not None
    assert "整改后" in moves.card.words

    text = tmp_path / "假.jpg"
    text.write_text("不是照片", encoding="utf-8")
    moves.card.take([text])
    QTest.mouseClick(moves.card.go, Qt.MouseButton.LeftButton)
    open_desk.settle()
    assert moves.card is not None
    assert "假.jpg" in moves.card.words
    assert "in_progress" == now(open_desk, issue).get("status")

    moves.card.photos.clear()
    moves.card.take([saved(tmp_path / "后.jpg", picture(1))])
    QTest.mouseClick(moves.card.go, Qt.MouseButton.LeftButton)
    open_desk.settle()
    assert "rectified" == now(open_desk, issue).get("status")
    assert had + 1 == len(project.features("photo"))
    window = open_desk.window
    window.panel.tabs.setCurrentWidget(window.panel.photos)
    open_desk.settle()
    assert "没有“整改前”照片" in window.panel.photos.warnings.text()
    open_desk.session.undo()
    open_desk.settle()
    assert ("in_progress", had) == (now(open_desk, issue).get("status"), len(project.features("photo")))


def test_several_are_dispatched_together(open_desk: Desk) -> None:
    """One card, one step; each on the order of its unit."""
    moves, issues = selected(open_desk, "registered", 3) if _registered_with_units(open_desk) >= 3 else _given_units(open_desk)
    QTest.mouseClick(moves.buttons["dispatched"], Qt.MouseButton.LeftButton)
    assert moves.card is not None
    QTest.mouseClick(moves.card.go, Qt.MouseButton.LeftButton)
    open_desk.settle()
    assert {"dispatched"} == {now(open_desk, issue).get("status") for issue in issues}
    assert all(now(open_desk, issue).get("order_number") for issue in issues)


def _registered_with_units(desk: Desk) -> int:
    assert desk.session.project is not None
    issues = desk.session.project.features("issue")
    return sum(status == "registered" and bool(unit) for status, unit in zip(issues.column("status"), issues.column("responsible_unit"), strict=True))


def _given_units(desk: Desk) -> tuple[MoveBar, list[Feature]]:
    from chuangwen.domain import edits

    project = desk.session.project
    assert project is not None
    registered = [issue for issue in project.features("issue") if issue.get("status") == "registered"][:3]
    project.apply(edits.assign_unit(project.layers["issue"], registered, "示范区城市管理局"))
    return selected(desk, "registered", 3)


def test_the_tab_key_goes_down_the_panel(open_desk: Desk) -> None:
    """Buttons in their order, the role, the tabs, the fields: also for the buttons of another issue, which are made anew."""
    for state in ("dispatched", "in_progress"):
        moves, _issues = selected(open_desk, state)
        tabs = open_desk.window.panel.tabs.tabBar()
        wanted = [*moves.buttons.values(), moves.role, tabs]
        at: QWidget = open_desk.window.panel.back
        met = []
        while tabs not in met:
            at = at.nextInFocusChain()
            met += [at] if at in wanted else []
        assert met == wanted
