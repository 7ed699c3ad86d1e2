"""A past day on the map, what differs between two days, and taking back any step that nobody has built on."""

from __future__ import annotations

import datetime as dt
import sqlite3
from pathlib import Path

import docx
import pytest
from openpyxl import load_workbook
from shapely.geometry import Point

from chuangwen.domain import edits
from chuangwen.domain.campaign import Campaign
from chuangwen.errors import Conflict, UserError
from chuangwen.services.as_of import PastView, differences, write_differences
from chuangwen.services.project import Project

DAYS = [dt.date(2024, 5, day) for day in (20, 21, 24)]


@pytest.fixture
def project(tmp_path: Path) -> Project:
    """A site added on the 20th, moved and renamed on the 21st, a second one in place of it on the 24th."""
    one = Project.create(tmp_path / "p.gpkg", Campaign("示范", fixed_today=dt.date(2024, 6, 3)), 4548, "王")
    site = one.layers["site"]
    one.apply(edits.add(site, {"code": "001", "name": "东门市场"}, Point(500_000, 3_000_000), "a"))
    one.apply(edits.set_values(site, [one.feature(site, "001")], {"name": "东门农贸市场"}))
    one.apply(edits.place(site, one.feature(site, "001"), Point(500_010, 3_000_000)))
    one.apply(edits.remove(site, [one.feature(site, "001")]))
    one.apply(edits.add(site, {"code": "002", "name": "南门"}, None, "b"))
    _date(one, [0, 1, 1, 2, 2])
    return Project.open(one.path, "王")


def _date(project: Project, days: list[int]) -> None:
    project.close()
    with sqlite3.connect(project.path) as file:
        for number, day in enumerate(days, 1):
            file.execute("UPDATE cw_step SET at = ? WHERE number = ?", (f"{DAYS[day].isoformat()}T10:00:00", number))
    file.close()


def test_the_map_of_a_past_day(project: Project) -> None:
    """Names, places and what was there; days between take the last state; today's clock is that day's."""
    first = PastView(project, DAYS[0]).features("site").coded("001")
    assert first is not None
    assert (first.name, first.geometry) == ("东门市场", Point(500_000, 3_000_000))
    for day in (DAYS[1], dt.date(2024, 5, 23)):
        past = PastView(project, day)
        then = past.features("site").coded("001")
        assert then is not None
        assert (then.name, then.geometry, len(past.features("site"))) == ("东门农贸市场", Point(500_010, 3_000_000), 1)
        assert past.campaign.today == day
    assert PastView(project, DAYS[2]).features("site").ids == ["b"]


def test_a_day_without_anything_is_refused_with_the_first_one(project: Project) -> None:
    """Before the project began, and to-morrow."""
    with pytest.raises(UserError, match="还没有内容") as said:
        PastView(project, dt.date(2024, 5, 1))
    assert "2024-05-20" in said.value.hint
    with pytest.raises(UserError, match="还没有到"):
        PastView(project, dt.date.today() + dt.timedelta(days=1))


def test_what_differs_between_two_days(project: Project) -> None:
    """A changed row with its fields, a removed and an added one; the order of the days does not matter."""
    (moved,) = differences(project, DAYS[1], DAYS[0])
    assert moved.kind == "changed"
    assert moved.fields["点位名称"] == ("东门市场", "东门农贸市场")
    assert moved.fields["位置"] == ("500000.0, 3000000.0", "500010.0, 3000000.0")
    assert "东门市场 → 东门农贸市场" in moved.sentence
    assert {(one.kind, one.feature.code) for one in differences(project, DAYS[0], DAYS[2])} == {("added", "002"), ("removed", "001")}
    assert differences(project, DAYS[0], DAYS[2], ("zone",)) == []


@pytest.mark.parametrize("ending", [".docx", ".xlsx"])
def test_the_differences_are_printed(project: Project, tmp_path: Path, ending: str) -> None:
    """Between two dates: a document by layer with old and new value, and what came and went by name; a workbook with a row for each."""
    path = tmp_path / f"变化{ending}"
    found = [*differences(project, DAYS[0], DAYS[1]), *differences(project, DAYS[0], DAYS[2])]
    write_differences(path, found, DAYS[2], DAYS[0], project.campaign)

    if ending == ".docx":
        document = docx.Document(str(path))
        words = [one.text for one in document.paragraphs]
        assert f"{DAYS[0]} 晚到 {DAYS[2]} 晚" in words
        assert any(one.startswith("点位（修改 1，新增 1，删除 1）") for one in words)
        changed, added, removed = document.tables
        assert [cell.text for cell in changed.rows[1].cells][2:] == ["点位名称", "东门市场", "东门农贸市场"]
        assert changed.rows[2].cells[0].text == ""
        assert [table.rows[1].cells[0].text for table in (added, removed)] == ["002", "001"]
    else:
        rows = list(load_workbook(path).active.values)[2:]
        assert [row[1] for row in rows] == ["变化", "修改", "修改", "新增", "删除"]
        assert rows[1][4:] == ("点位名称", "东门市场", "东门农贸市场")


def test_the_history_of_a_row_names_the_steps_by_their_own_numbers(project: Project) -> None:
    """Also where a step before it changed a hundred rows: the number is the step's, by which it is taken back."""
    layer = project.layers["issue"]
    rows = [edits.add(layer, {"code": f"Q{number}", "name": "问题", "description": "问题"}) for number in range(100)]
    project.apply(edits.joined("登记", rows))
    project.apply(edits.set_values(layer, list(project.features("issue"))[:50], {"address": "文昌路"}))
    step = project.apply(edits.set_values(layer, [project.feature(layer, "Q0")], {"name": "改名"}))
    assert step is not None
    assert [one.step.number for one in project.store.row_steps("issue", project.feature(layer, "Q0").id)] == [step.number, step.number - 1, step.number - 2]


def test_any_step_is_taken_back_that_nobody_built_on(project: Project) -> None:
    """The last by number; the rename cannot be: the row was removed since; nothing is taken back twice."""
    project.undo_number(5)
    assert project.features("site").ids == []
    with pytest.raises(UserError, match="已经撤销"):
        project.undo_number(5)
    with pytest.raises(UserError, match="没有第 77 步"):
        project.undo_number(77)
    with pytest.raises(Conflict):
        project.undo_number(2)
    project.undo_number(4)
    project.undo_number(2)
    site = project.features("site").coded("001")
    assert site is not None
    assert (site.name, site.geometry) == ("东门市场", Point(500_010, 3_000_000))
    project.redo()
    with pytest.raises(Conflict):
        project.undo_number(1)
