"""Time in the window: countdown, counters, badges and 剩余 follow the clock; dates, phase and working calendar are set in dialogs."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from chuangwen.domain.campaign import Campaign
from chuangwen.domain.deadline import due_soon, overdue
from chuangwen.services.checklists import choices
from chuangwen.services.timing import calendar_of, limit_rules, own_days
from chuangwen.ui.calendar_dialog import CalendarDialog
from chuangwen.ui.small_dialogs import CampaignDialog
from tests.ui.conftest import Desk

pytestmark = pytest.mark.window


def campaign(desk: Desk, **changed: object) -> None:
    """The project gets other dates, as the dialog does it."""
    project = desk.session.project
    assert project is not None
    project.store.set_campaign(replace(project.campaign, **changed))  # type: ignore[arg-type]
    desk.window._time_changed()
    desk.settle()


def test_the_countdown_follows_the_dates(open_desk: Desk) -> None:
    """SR-01: 21 days, three days, 测评进行中 until the end, 测评已结束; the phase stands beside it."""
    words = open_desk.window.countdown
    assert "距进驻还有 21 天" in words.text()
    campaign(open_desk, fixed_today=dt.date(2024, 6, 21), end=dt.date(2024, 6, 27), phase="readiness")
    assert "距进驻还有 3 天" in words.text()
    assert "迎检" in words.text()
    campaign(open_desk, fixed_today=dt.date(2024, 6, 25))
    assert "测评进行中 · 还有 3 天" in words.text()
    campaign(open_desk, fixed_today=dt.date(2024, 6, 28))
    assert "测评已结束" in words.text()


def test_counters_legend_and_badges_agree(open_desk: Desk) -> None:
    """临期 and 逾期: the same issues in the to-do bar, on the map and in its legend; another day makes others late."""
    project, window = open_desk.session.project, open_desk.window
    assert project is not None
    for day in (dt.date(2024, 6, 3), dt.date(2024, 6, 6)):
        campaign(open_desk, fixed_today=day)
        issues, now = project.features("issue"), project.campaign.now
        late, soon = overdue(issues, now), due_soon(issues, now)
        assert f"逾期 {late.sum()}" == window.todo.buttons["overdue"].text()
        assert f"临期 {soon.sum()}" == window.todo.buttons["due_soon"].text()
        classes = len(issues.layer.symbols)
        assert window.canvas.scene is not None
        there = window.canvas.scene.counts
        assert ((late & issues.located).sum(), (soon & issues.located).sum()) == (there["issue", classes], there["issue", classes + 1])
        item = window.layers._classes["issue", classes]
        assert ("逾期", str((late & issues.located).sum()), False) == (item.text(0), item.text(1), item.isHidden())


def test_the_minute_ticks_only_where_the_day_is_not_fixed(open_desk: Desk) -> None:
    """One timer while a project of today is open, none in the demo, none once it is closed; a tick that changes nothing draws nothing."""
    session, window = open_desk.session, open_desk.window
    assert not session.minute.is_running
    campaign(open_desk, fixed_today=None)
    assert session.minute.is_running
    drawn: list[object] = []
    window.canvas.drawn.connect(drawn.append)
    session.minute._tick()
    open_desk.settle()
    assert session.minute.is_running
    assert not drawn
    session.close()
    assert not session.minute.is_running


def test_a_filter_by_time_follows_the_clock(open_desk: Desk) -> None:
    """With 逾期 pressed, an issue whose minute came joins table and map; rows keep their order otherwise."""
    project, window = open_desk.session.project, open_desk.window
    assert project is not None
    QTest.mouseClick(window.todo.buttons["overdue"], Qt.MouseButton.LeftButton)
    open_desk.settle()
    model = window.tables.table("issue").model
    before = model.rowCount()
    campaign(open_desk, fixed_today=dt.date(2024, 6, 6))
    issues = project.features("issue")
    assert overdue(issues, project.campaign.now).sum() == model.rowCount() > before
    shown = next(one for one in window.canvas.content() if one.layer.id == "issue")
    assert shown.only is not None
    assert len(shown.only) == model.rowCount()


def test_the_table_says_and_sorts_what_is_left(open_desk: Desk) -> None:
    """剩余: the latest first; copied as words."""
    table = open_desk.window.tables.table("issue")
    column = next(number for number, field in enumerate(table.model.fields) if field.name == "time_left")
    table.view.sortByColumn(column, Qt.SortOrder.AscendingOrder)
    first = table.model.index(0, column).data()
    assert first.startswith("逾期")
    table.view.selectRow(0)
    table.copy()
    from PySide6.QtGui import QGuiApplication

    assert first in QGuiApplication.clipboard().text()


def test_the_panel_takes_a_deadline_in_words(open_desk: Desk) -> None:
    """Typed as people say it; nonsense is refused beside the field; the line above the form says how much is left."""
    project, window = open_desk.session.project, open_desk.window
    assert project is not None
    issues = project.features("issue")
    at = int(np.flatnonzero([status == "in_progress" for status in issues.column("status")])[0])
    open_desk.session.selection.set("issue", [issues.ids[at]])
    open_desk.settle()
    editor = window.panel.forms["issue"].editors["due_at"]
    for words, refused in (("尽快", True), ("3个工作日内", False)):
        editor.input.setText(words)  # type: ignore[union-attr]
        editor.input.editingFinished.emit()  # type: ignore[union-attr]
        open_desk.settle()
        assert refused == bool(editor.reason)
    now = project.features("issue").at(at)
    start = now.get("dispatched_at") or project.campaign.now
    assert isinstance(start, dt.datetime)
    assert calendar_of(project).add(start, 3, "work_day").date() == now.get("due_at")
    assert "到期" in window.panel.time.text()


def test_a_click_on_a_day_turns_work_into_rest(open_desk: Desk) -> None:
    """Back again is no change; kept in the project with 确定; hours that are none are refused; a year past the table warns."""
    project = open_desk.session.project
    assert project is not None
    dialog = CalendarDialog(project, open_desk.window)
    dialog.show()
    button = next(one for one in dialog.days if one.property("date") == dt.date(2024, 6, 8))
    for changed in (True, False, True):
        QTest.mouseClick(button, Qt.MouseButton.LeftButton)
        assert changed == dialog.calendar.works(dt.date(2024, 6, 8))
        assert changed == button.property("own")
    assert "改为上班" in button.text()
    button.setFocus()
    QTest.keyClick(dialog, Qt.Key.Key_Right)
    focus = dialog.focusWidget()
    assert focus is not None
    assert dt.date(2024, 6, 9) == focus.property("date")
    dialog.turn(31)
    assert (2027, 1) == dialog.month
    assert "2026" in dialog.note.text()
    dialog.hours.setText("9-5")
    dialog.accept()
    assert dialog.isVisible()
    assert "08:30" in dialog.said.text()
    dialog.hours.setText("08:00-12:00,15:00-18:00")
    dialog.last_year.setCurrentIndex(1)
    assert "只到" not in dialog.note.text()
    dialog.accept()
    assert not dialog.isVisible()
    own = own_days(project.store)
    assert ({dt.date(2024, 6, 8): True}, 2027, dt.time(18)) == (dict(own.days), own.last_year, calendar_of(project).closing)
    again = CalendarDialog(project, open_desk.window)
    again._forget()
    again.accept()
    assert own_days(project.store).days == {}


def test_dates_and_phase_are_edited_together(open_desk: Desk) -> None:
    """SR-01, SR-07: end, phase, switch and table of limits; dates out of order are refused, what is not touched stays."""
    project = open_desk.session.project
    assert project is not None
    dialog = CampaignDialog(project.campaign, limit_rules().tables, choices(), open_desk.window)
    dialog.show()
    assert project.campaign == dialog.chosen()
    dialog.lines["end"].setText("2024-06-20")
    dialog.accept()
    assert dialog.isVisible()
    dialog.lines["end"].setText("2024-06-27")
    dialog.phase.setCurrentIndex(dialog.phase.findData("readiness"))
    dialog.limit_table.setCurrentIndex(dialog.limit_table.findData("events"))
    dialog.already_arrived.setChecked(True)
    dialog.accept()
    assert not dialog.isVisible()
    made: Campaign = dialog.chosen()
    assert (dt.date(2024, 6, 27), "readiness", "events", True) == (made.end, made.phase, made.limit_table, made.already_arrived)


def test_the_version_of_the_checklist_is_chosen_with_the_dates(open_desk: Desk) -> None:
    """SR-15: what was never chosen stays unsaid; a broken version is refused with its file; one that is gone is shown, not silently left."""
    project = open_desk.session.project
    assert project is not None
    folder = project.files_folder / "rules" / "checklists"
    folder.mkdir(parents=True)
    (folder / "mine.toml").write_text('id = "mine"\ntitle = "本市"\nvalid_from = 2024-06-01\nbase = "nowhere"\n', encoding="utf-8")
    dialog = CampaignDialog(project.campaign, (), choices(project.files_folder), open_desk.window)
    assert ("通用测评要点（2024）", "") == (dialog.checklist.currentText(), dialog.chosen().checklist)
    dialog.show()
    dialog.checklist.setCurrentIndex(dialog.checklist.findData("mine"))
    dialog.accept()
    assert dialog.isVisible()
    assert "mine.toml" in dialog.said.text()
    dialog.checklist.setCurrentIndex(dialog.checklist.findData("hoarding-50"))
    dialog.accept()
    assert not dialog.isVisible()
    assert "hoarding-50" == dialog.chosen().checklist

    lost = replace(project.campaign, checklist="lost")
    again = CampaignDialog(lost, (), choices(project.files_folder, "lost"), open_desk.window)
    assert ("lost（读不出来）", lost) == (again.checklist.currentText(), again.chosen())
