"""A past day on the map, and the list of what differs between two days."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest
from openpyxl import load_workbook
from PySide6.QtCore import QDate, QUrl
from PySide6.QtWidgets import QFileDialog, QLabel

from chuangwen.domain import edits
from chuangwen.services.project import Project
from chuangwen.ui.changes_window import ChangesWindow
from tests.ui.conftest import Desk

pytestmark = pytest.mark.window


@pytest.fixture
def old_desk(desk: Desk, project: Path) -> Desk:
    """The demo, imported on 20 May; on the 30th one issue was renamed, moved and another removed."""
    own = Project.open(project, "王")
    count = len(own.steps())
    issue = own.layers["issue"]
    at = next(number for number in range(len(own.features("issue"))) if own.features("issue").located[number])
    one = own.features("issue").at(at)
    own.apply(edits.set_values(issue, [one], {"name": "改过的名称"}))
    other = next(feature for feature in own.features("issue") if feature.get("status") == "in_progress" and feature.id != one.id)
    own.apply(edits.remove(issue, [other]))
    own.close()
    with sqlite3.connect(project) as file:
        file.execute("UPDATE cw_step SET at = '2024-05-20T09:00:00' WHERE number <= ?", (count,))
        file.execute("UPDATE cw_step SET at = '2024-05-30T09:00:00' WHERE number > ?", (count,))
    file.close()
    desk.window.open(project)
    desk.settle()
    return desk


def test_the_map_of_a_past_day_is_read_only_and_today_comes_back(old_desk: Desk) -> None:
    """Two days later the removed issue is on the map again; adding and moving are off; the same key returns."""
    window = old_desk.window
    today = len(window.session.project.features("issue"))  # type: ignore[union-attr]
    window.actions_by_id["past"].trigger()
    window.past.day.setDate(QDate(2024, 5, 21))
    old_desk.settle()
    shown = next(one for one in window.canvas.content() if one.layer.id == "issue").features
    assert len(shown) == today + 1
    assert "改过的名称" not in shown.column("name")
    assert str(today + 1) in window.past.findChildren(QLabel)[1].text()
    assert not window.actions_by_id["move"].isEnabled()
    window.past.day.setDate(QDate(2024, 5, 30))
    old_desk.settle()
    assert len(next(one for one in window.canvas.content() if one.layer.id == "issue").features) == today
    window.actions_by_id["past"].trigger()
    old_desk.settle()
    assert window.past.isHidden()
    assert next(one for one in window.canvas.content() if one.layer.id == "issue").features is window.session.project.features("issue")  # type: ignore[union-attr]
    assert window.actions_by_id["move"].isEnabled()


def test_the_changes_lead_to_the_map_and_into_a_workbook(old_desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """One row for the renamed issue, one for the removed; clicking selects; the workbook holds both."""
    window = old_desk.window
    window.actions_by_id["changes"].trigger()
    old_desk.settle()
    changes = next(one for one in window.findChildren(ChangesWindow))
    changes.since.setDate(QDate(2024, 5, 29))
    changes.until.setDate(QDate(2024, 5, 30))
    old_desk.settle()
    assert sorted(one.kind for one in changes.found) == ["changed", "removed"]
    group = changes.list.topLevelItem(0)
    rows = [[group.child(number).text(place) for place in range(5)] for number in range(group.childCount())]
    renamed = next(row for row in rows if row[2] == "问题简述")
    assert renamed[4] == "改过的名称"
    changes.list.setCurrentItem(group.child(rows.index(renamed)))
    assert window.session.selection.features()[0].name == "改过的名称"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_all: (str(tmp_path / "变化.xlsx"), ""))
    changes.save.click()
    sheet = load_workbook(tmp_path / "变化.xlsx").active
    assert [sheet.cell(number, 2).value for number in (4, 5)] == [{"changed": "修改", "removed": "删除"}[one.kind] for one in changes.found]
    changes.close()


def test_one_step_of_the_history_is_taken_back_by_its_link(old_desk: Desk) -> None:
    """The rename goes back, the removal of another issue after it stays; the link is gone then."""
    window = old_desk.window
    project = window.session.project
    assert project is not None
    renamed = next(one for one in project.features("issue") if one.name == "改过的名称")
    window.session.selection.set("issue", [renamed.id])
    window.panel.tabs.setCurrentWidget(window.panel.history)
    old_desk.settle()
    number = next(step.number for step in project.steps() if step.label.startswith("修改2"))
    assert f'href="{number}"' in window.panel.history.toHtml()
    count = len(project.features("issue"))
    window.panel.history.anchorClicked.emit(QUrl(str(number)))
    old_desk.settle()
    assert project.features("issue").feature(renamed.id).name != "改过的名称"  # type: ignore[union-attr]
    assert len(project.features("issue")) == count
    assert f'href="{number}"' not in window.panel.history.toHtml()
