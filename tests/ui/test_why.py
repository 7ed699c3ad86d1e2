"""为什么是它？ in the panel, 此处谁负责 on the map, and the question after a point was moved."""

from __future__ import annotations

import pytest
import shapely
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel

from chuangwen.domain.feature import Feature
from chuangwen.ui.tools import MovePoint
from tests.ui.conftest import Desk

pytestmark = pytest.mark.window


def issue_where(desk: Desk, **wanted: object) -> Feature:
    """The first located issue with these values."""
    project = desk.session.project
    assert project is not None
    return next(one for one in project.features("issue") if one.geometry is not None and all(one.get(name) == value for name, value in wanted.items()))


def now(desk: Desk, one: Feature) -> Feature:
    project = desk.session.project
    assert project is not None
    found = project.features(one.layer).feature(one.id)
    assert found is not None
    return found


def why(desk: Desk, one: Feature) -> None:
    """Show the explanation of an issue."""
    desk.session.selection.set("issue", [one.id])
    desk.window.panel.tabs.setCurrentWidget(desk.window.panel.why)
    desk.settle()


def test_the_panel_says_who_it_is_and_who_not_and_takes_the_proposal(open_desk: Desk) -> None:
    """An issue without a unit: the card, the losers with reasons, one press to take it, and the basis in the table."""
    one = issue_where(open_desk, status="registered", responsible_unit=None)
    why(open_desk, one)
    view = open_desk.window.panel.why

    assert view.found is not None
    assert view.found.unit
    assert view.found.unit in view.words
    assert all(loser.why_not in view.words for loser in view.found.losers)
    view.buttons[0].click()
    open_desk.settle()
    assert now(open_desk, one).get("responsible_unit") == open_desk.session.owners.resolver().of_issue(one).unit
    assert now(open_desk, one).get("unit_basis") is not None
    assert view.buttons == []
    open_desk.session.undo()
    open_desk.settle()
    assert now(open_desk, one).get("responsible_unit") is None


def test_the_table_says_why_to_who_points_at_the_unit(open_desk: Desk) -> None:
    """The columns 责任单位 and 责任依据 carry the explanation as a tip."""
    one = issue_where(open_desk, status="registered")
    open_desk.window.tables.show_layer("issue")
    model = open_desk.window.tables.currentWidget().model  # type: ignore[union-attr, attr-defined]
    column = [field.name for field in model.fields].index("unit_basis")
    tip = model.data(model.index(model.rows_of((one.id,))[0], column), Qt.ItemDataRole.ToolTipRole)

    found = open_desk.session.owners.resolver().of_issue(one)
    assert tip.startswith(f"按规则：{found.unit}")
    assert found.losers[0].why_not in tip


def test_the_answer_counts_only_while_the_point_is_there(open_desk: Desk) -> None:
    """Undone before it was answered: 改为… changes nothing."""
    project = open_desk.session.project
    assert project is not None
    one = issue_where(open_desk, status="in_progress", site_code=None)
    owners = open_desk.session.owners
    spots = [shapely.Point(zone.geometry.representative_point()) for zone in project.features("zone") if zone.geometry is not None]
    units = (None, one.get("responsible_unit"), owners.resolver().of_issue(one).unit)
    owners.put(project.layers["issue"], one, next(spot for spot in spots if owners.resolver().explain(spot.x, spot.y).unit not in units))
    open_desk.settle()
    open_desk.session.undo()
    open_desk.settle()
    open_desk.window.notice.answers[1].click()
    open_desk.settle()
    assert now(open_desk, one).values == one.values


def test_a_name_leads_to_its_feature_and_back(open_desk: Desk) -> None:
    """A loser is selected on the map; the way back to the issue is kept until something else is selected."""
    one = issue_where(open_desk, status="registered", responsible_unit=None)
    why(open_desk, one)
    panel = open_desk.window.panel
    assert panel.why.found is not None
    loser = next(candidate for candidate in panel.why.found.losers if candidate.layer)
    label = next(label for label in panel.why.findChildren(QLabel) if "<a href" in label.text() and loser.code in label.text())
    label.linkActivated.emit("go")
    open_desk.settle()
    assert open_desk.session.selection.layer == loser.layer
    panel.back.click()
    open_desk.settle()
    assert open_desk.session.selection.ids == (one.id,)
    assert not panel.back.isVisible()


def test_only_issues_have_the_tab(open_desk: Desk) -> None:
    """A site is not asked why."""
    project = open_desk.session.project
    assert project is not None
    tabs = open_desk.window.panel.tabs
    why(open_desk, issue_where(open_desk, status="registered"))
    assert tabs.isTabVisible(tabs.indexOf(open_desk.window.panel.why))
    open_desk.session.selection.set("site", [project.features("site").ids[0]])
    open_desk.settle()
    assert not tabs.isTabVisible(tabs.indexOf(open_desk.window.panel.why))


def test_who_is_responsible_here(open_desk: Desk) -> None:
    """F10, then a click on the map: the panel answers with nothing selected."""
    window = open_desk.window
    window.actions_by_id["who"].trigger()
    middle = QPoint(window.canvas.width() // 2, window.canvas.height() // 2)
    QTest.mouseClick(window.canvas, Qt.MouseButton.LeftButton, pos=middle)
    open_desk.settle()

    assert open_desk.session.selection.ids == ()
    assert window.panel.spot.found is not None
    assert window.panel.spot.found.unit in window.panel.spot.words  # type: ignore[operator]
    assert window.panel.spot.isVisible()


def test_a_moved_point_asks_before_its_unit_changes(open_desk: Desk) -> None:
    """8.7 check 11: the active assignment stays; 改为… changes it, 保持 does not; the log has a row for either."""
    project = open_desk.session.project
    assert project is not None
    one = issue_where(open_desk, status="in_progress", site_code=None)
    owners = open_desk.session.owners
    zones = project.features("zone")
    spots = [shapely.Point(zone.geometry.representative_point()) for zone in zones if zone.geometry is not None]
    at = next(spot for spot in spots if owners.resolver().explain(spot.x, spot.y).unit not in (None, one.get("responsible_unit")))
    unit = owners.resolver().explain(at.x, at.y).unit
    open_desk.session.selection.set("issue", [one.id])
    tool = MovePoint(open_desk.window.canvas)
    tool._drop(("issue", one.id), (at.x, at.y))
    open_desk.settle()

    assert now(open_desk, one).get("responsible_unit") == one.get("responsible_unit")
    assert project.steps()[-1].label.startswith(f"移动{one.code}；责任单位仍为 {one.get('responsible_unit')}")
    keep, change = open_desk.window.notice.answers
    assert (keep.text(), change.text()) == ("保持", f"改为{unit}")
    change.click()
    open_desk.settle()
    assert now(open_desk, one).get("responsible_unit") == unit
    assert not open_desk.window.notice.isVisible()
    assert project.steps()[-1].label == f"{one.code}的责任单位按新位置改为{unit}"


def test_a_mistake_in_the_projects_rules_is_said_and_keeps_nobody_from_moving(open_desk: Desk) -> None:
    """The panel names file and key; a point can still be put elsewhere."""
    project = open_desk.session.project
    assert project is not None
    (project.files_folder / "rules").mkdir(parents=True)
    (project.files_folder / "rules" / "responsibility.toml").write_text("near_m = -1", encoding="utf-8")
    open_desk.session.owners.forget()
    one = issue_where(open_desk, status="in_progress")
    why(open_desk, one)
    assert "responsibility.toml" in open_desk.window.panel.why.words
    open_desk.session.owners.put(project.layers["issue"], one, shapely.Point(1, 2))
    open_desk.settle()
    assert now(open_desk, one).geometry == shapely.Point(1, 2)
    assert "responsibility.toml" in open_desk.window.notice.words
