"""`calendar`, `campaign` and `due` on the command line."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import pytest

from chuangwen.app import main
from chuangwen.domain import edits
from chuangwen.domain.campaign import Campaign
from chuangwen.services.project import Project
from tests.cli.test_move import run

pytestmark = pytest.mark.usefixtures("qapp")


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """One issue with exposed rubbish, dispatched on Friday 7 June at 16:30, before 端午."""
    project = Project.create(tmp_path / "p.gpkg", Campaign(title="测试", arrival=dt.date(2024, 6, 24), fixed_today=dt.date(2024, 6, 7)), 4548, "王某")
    values: dict[str, Any] = {"code": "I1", "status": "in_progress", "name": "垃圾", "description": "暴露垃圾", "category": "暴露垃圾"}
    values |= {"dispatched_at": dt.datetime(2024, 6, 7, 16, 30), "due_at": dt.date(2024, 6, 8)}
    project.apply(edits.add(project.layers["issue"], values))
    project.close()
    return project.path


def test_days_and_hours_are_changed_and_shown(path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """8 June is a Saturday: worked from now on; a wrong word changes nothing; --reset brings the table back."""
    shown = run(capsys, path, "calendar", "2024-06-08=上班", "--hours", "08:00-12:00,15:00-18:00", "--filled-to", "2027")
    assert ("08:00-12:00,15:00-18:00", 2027) == (shown["hours"], shown["last_year"])
    day = shown["days"][7]
    assert ("2024-06-08", True, True) == (day["day"], day["works"], day["changed"])
    assert "端午节" == shown["days"][9]["name"]
    for wrong in (["2024-06-08=玩"], ["2024-13-08=上班"], ["--hours", "9-5"], ["--month", "2024"]):
        assert 2 == main(["calendar", str(path), *wrong])
    assert shown == run(capsys, path, "calendar")
    again = run(capsys, path, "calendar", "--reset")
    assert ("08:30-12:00,14:30-17:30", 2026) == (again["hours"], again["last_year"])
    assert "2026" in run(capsys, path, "calendar", "--month", "2027-01")["warning"]


def test_dates_and_phase_are_changed(path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """SR-01, SR-07: the banner, the visits of the phase; a misspelt phase is refused with the right word."""
    assert ("距进驻还有 17 天", 0) == tuple(run(capsys, path, "campaign")[name] for name in ("banner", "visits_per_day"))
    made = run(capsys, path, "campaign", "phase=迎检", "end=2024-06-27", "fixed_today=2024-06-25", "limit_table=events")
    assert ("readiness", "测评进行中 · 还有 3 天", 1) == tuple(made[name] for name in ("phase", "banner", "visits_per_day"))
    assert run(capsys, path, "campaign", "already_arrived=是", "fixed_today=2024-06-07")["banner"].startswith("测评进行中")
    capsys.readouterr()
    for wrong, said in (("phase=迎捡", "迎检"), ("arrival=明天", "2024-06-24"), ("foo=1", "phase"), ("phase", "字段=值"), ("end=2024-06-01", "依次")):
        assert 2 == main(["campaign", str(path), wrong])
        assert said in capsys.readouterr().err


def test_the_version_of_the_checklist_is_chosen(path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """SR-15: by id or title; a word that is none is refused with the nearest, a broken one with its file, and the choice stays."""
    assert "general-2024" == run(capsys, path, "campaign")["checklist"]
    assert "hoarding-50" == run(capsys, path, "campaign", "checklist=hoarding-50")["checklist"]
    assert 0 == main(["campaign", str(path)])
    assert "围挡公益广告从严（50%）" in capsys.readouterr().out
    folder = path.with_suffix(".files") / "rules" / "checklists"
    folder.mkdir(parents=True)
    (folder / "mine.toml").write_text('id = "mine"\n', encoding="utf-8")
    for wrong, said in (("checklist=hoarding-5", "hoarding-50"), ("checklist=mine", "mine.toml")):
        assert 2 == main(["campaign", str(path), wrong])
        assert said in capsys.readouterr().err
    assert "hoarding-50" == run(capsys, path, "campaign")["checklist"]
    assert "general-2024" == run(capsys, path, "campaign", "checklist=通用测评要点（2024）")["checklist"]


def test_due_says_when_why_and_what_is_on_the_way(path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The deadline that stands, and the one that the rules give; without codes all that is late or soon will be."""
    line = run(capsys, path, "due", "I1")["issues"][0]
    assert ("2024-06-08", "还剩 1 天", "2024-06-10 16:30") == (line["due"], line["left"], line["by_rule"])
    assert "限 3 天" in line["why"]
    run(capsys, path, "campaign", "limit_table=events")
    assert "2024-06-11 11:30" == run(capsys, path, "due", "I1")["issues"][0]["by_rule"]
    assert [] == run(capsys, path, "due")["issues"]
    run(capsys, path, "set", "issue", "I1", "due_at=今日下班前")
    assert [("I1", "2024-06-07 17:30")] == [(one["code"], one["due"]) for one in run(capsys, path, "due")["issues"]]
    assert 2 == main(["due", str(path), "nobody"])
