"""Deadlines by hand, the calendar of a project, and its campaign: what the command line and the form do with time."""

from __future__ import annotations

import datetime as dt
import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from chuangwen.domain import edits
from chuangwen.domain.calendar import OwnDays, read_hours
from chuangwen.domain.campaign import Campaign
from chuangwen.domain.values import Scalar
from chuangwen.errors import FileProblem, RuleBroken, UserError
from chuangwen.services.editing import set_from_text
from chuangwen.services.project import Project
from chuangwen.services.timing import calendar_of, keep_own_days, own_days, timekeeper
from chuangwen.settings import resources_folder

CAMPAIGN = Campaign(title="测试", arrival=dt.date(2024, 6, 24), fixed_today=dt.date(2024, 6, 7))
SENT = dt.datetime(2024, 6, 7, 16, 30)  # the Friday before 端午


@pytest.fixture
def project(tmp_path: Path) -> Iterator[Project]:
    """A project with one issue that was dispatched on a Friday afternoon."""
    made = Project.create(tmp_path / "项目.gpkg", CAMPAIGN, 4548, "某某01")
    values: dict[str, Scalar] = {"code": "1", "name": "路面破损", "description": "路面破损", "status": "in_progress", "site_code": "001", "dispatched_at": SENT}
    made.apply(edits.add(made.layers["issue"], values))
    yield made
    made.close()


def given(project: Project, **words: str) -> tuple[str, str | None, str | None]:
    """Day, time and priority after `set`."""
    layer = project.layers["issue"]
    edit = set_from_text(project, layer, project.feature(layer, "1"), words)
    project.apply(edit)
    issue = project.feature(layer, "1")
    return str(issue.get("due_at")), issue.get("due_time"), issue.get("priority")  # type: ignore[return-value]


def test_set_takes_deadlines_in_words(project: Project) -> None:
    """domain.md 5.8: counted from the dispatch, 端午 in between; a day alone takes an old time away; a time may be given beside it."""
    assert ("2024-06-11", "11:30", None) == given(project, due_at="4个工作时")
    assert ("2024-06-13", None, None) == given(project, due_at="3个工作日内")
    assert ("2024-06-07", "17:30", None) == given(project, due_at="今日下班前")
    assert ("2024-06-12", "18:00", None) == given(project, due_at="2024-06-12", due_time="18：00")
    assert ("2024-06-14", None, None) == given(project, 整改时限="2024-06-14")
    assert ("2024-06-23", None, None) == given(project, due_at="迎检前")
    assert ("2024-06-07", "18:30", "immediate") == given(project, due_at="立行立改")
    assert ("None", None, "long_term") == given(project, due_at="长期坚持")
    assert ("None", None, "long_term") == given(project, due_at="")


@pytest.mark.parametrize(
    ("words", "field", "said"),
    [
        ({"due_at": "尽快"}, "due_at", "3个工作日内"),
        ({"due_time": "25:00"}, "due_time", "18:00"),
        ({"due_at": "2024-06-06"}, "due_at", "时限 2024-06-06 早于交办时间"),
        ({"due_at": "2024-06-07", "due_time": "16:30"}, "due_at", "时限 2024-06-07 16:30 早于交办时间"),
        ({"due_at": "2024-06-24"}, "late_reason", "需要填写此项"),
    ],
)
def test_a_deadline_that_cannot_be_is_refused_and_nothing_changes(project: Project, words: dict[str, str], field: str, said: str) -> None:
    """Unknown words, no time of day, before the dispatch, on the arrival without a reason (SR-10): the reason stands at its field."""
    steps = project.last_step
    with pytest.raises(RuleBroken) as refused:
        given(project, **words)

    assert said in refused.value.reasons[field]
    assert steps == project.last_step


def test_the_arrival_may_be_passed_with_a_reason(project: Project) -> None:
    """SR-10: 长期整改, said in the same step."""
    assert ("2024-07-31", None, None) == given(project, due_at="2024-07-31", late_reason="管网改造，长期整改")


def test_the_calendar_of_a_project(project: Project, tmp_path: Path) -> None:
    """What an office changes is kept in the project and travels with it; another project does not have it."""
    assert OwnDays() == own_days(project.store)
    own = OwnDays({dt.date(2024, 6, 8): True}, read_hours("08:00-12:00,15:00-18:00"), 2027)
    keep_own_days(project.store, own)

    assert ("2024-06-08", "10:30", None) == given(project, due_at="4个工作时")  # 1.5 h on Friday until 18:00, 2.5 h on the Saturday that is worked
    project.store.close()
    moved = Path(shutil.copy(tmp_path / "项目.gpkg", tmp_path / "另一台.gpkg"))
    again = Project.open(moved, "某某02")
    assert own == own_days(again.store)
    assert 2027 == calendar_of(again).last_year
    keep_own_days(again.store, OwnDays())
    assert again.store.calendar_text == ""
    again.store.set_calendar_text("{")
    with pytest.raises(FileProblem, match="工作日历"):
        timekeeper(again)
    again.close()


def test_phase_end_and_switch_are_kept(project: Project) -> None:
    """SR-01, SR-07: a project made before these were asked for is in its daily phase; what is chosen is there again."""
    assert ("daily", None, False, "") == (CAMPAIGN.phase, CAMPAIGN.end, CAMPAIGN.already_arrived, CAMPAIGN.limit_table)
    chosen = replace(CAMPAIGN, phase="readiness", end=dt.date(2024, 6, 27), already_arrived=True, limit_table="events")
    project.store.set_campaign(chosen)

    again = Project.open(project.path, "某某02")
    assert chosen == again.campaign
    assert 1 == timekeeper(again).visits_per_day
    again.close()


def test_rules_of_the_project_go_before_the_shipped_ones(project: Project) -> None:
    """`<project>.files/rules/deadlines.toml`: read again once it was changed, and a mistake in it is named."""
    shipped = (resources_folder() / "rules" / "deadlines.toml").read_text(encoding="utf-8")
    own = project.files_folder / "rules" / "deadlines.toml"
    own.parent.mkdir(parents=True)
    own.write_text(shipped.replace('normal = "3 天"', 'normal = "5 工作日"'), encoding="utf-8")

    assert dt.datetime(2024, 6, 17, 17, 30) == timekeeper(project).due({}, SENT).at
    own.write_text(shipped.replace('normal = "3 天"', 'normal = "5 工作天"'), encoding="utf-8")
    with pytest.raises(UserError, match=r"priority.*5 工作天"):
        timekeeper(project)
