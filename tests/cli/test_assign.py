"""`assign` as scripts rely on it (design.md §9): proposals with losers and record, --apply, --on, and that nothing active changes unasked."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from chuangwen.app import main
from chuangwen.domain.responsibility import Resolution
from tests.cli.saying import said

pytestmark = pytest.mark.usefixtures("qapp")


def issues(capsys: pytest.CaptureFixture[str], project: Path, status: str) -> list[dict[str, Any]]:
    """The located issues of a status."""
    found = said(capsys, "show", project, "issue", "--where", f"status={status}")["features"]
    return [one for one in found if one["geometry"] is not None]


def test_each_open_issue_has_unit_basis_lead_and_losing_candidates(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The form that design.md §9 gives, and the record of each that weighs to the same unit."""
    before = said(capsys, "history", project)["history"]
    answer = said(capsys, "assign", project)

    assert len(answer["issues"]) > 200
    assert answer["applied"] == 0
    for one in answer["issues"]:
        assert {"code", "unit", "basis", "lead_unit", "supporting_units", "candidates", "record"} <= set(one)
        assert all(loser["why_not"] and {"unit", "basis"} <= set(loser) for loser in one["candidates"])
        assert Resolution.evaluate("\n".join(one["record"])) == one["unit"]
    assert said(capsys, "history", project)["history"] == before


def test_apply_writes_one_step_and_changes_nothing_active(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Issues without a unit get one with its basis; those that are handed over keep theirs; undo takes it back."""
    before = {one["code"]: one for one in said(capsys, "show", project, "issue")["features"]}
    answer = said(capsys, "assign", project, "--apply")
    after = {one["code"]: one for one in said(capsys, "show", project, "issue")["features"]}

    assert answer["applied"] > 0
    for code, one in before.items():
        now = after[code]
        by_rule = one["status"] == "registered" and one["unit_basis"] not in (None, "manual", "designated")  # proposed, not yet handed over: proposed anew
        if one["responsible_unit"] and not by_rule:
            assert (now["responsible_unit"], now["status"]) == (one["responsible_unit"], one["status"])
        elif one["status"] == "registered":
            assert now["status"] == "unassigned" or (now["responsible_unit"] and now["unit_basis"])
    assert said(capsys, "undo", project)["label"] == answer["label"]
    assert {one["code"]: one for one in said(capsys, "show", project, "issue")["features"]} == before


def test_consent_is_given_by_name(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """An active assignment changes only for issues that are named, with --consent."""
    one = next(
        row for row in said(capsys, "assign", project)["issues"] if row["assigned"]["status"] == "in_progress" and row["unit"] != row["assigned"]["unit"]
    )

    assert said(capsys, "assign", project, one["code"], "--apply")["issues"][0]["action"] == "keep"
    assert said(capsys, "assign", project, one["code"], "--apply", "--consent")["issues"][0]["action"] == "set"
    [now] = said(capsys, "show", project, "issue", "--where", f"code={one['code']}")["features"]
    assert (now["responsible_unit"], now["unit_basis"], now["status"]) == (one["unit"], one["basis"], "in_progress")
    assert main(["assign", str(project), "--consent", "--apply"]) == 2


def test_setting_a_location_says_what_it_means_and_logs_it(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """8.7 check 11 on the command line: the proposal changes, the assignment does not, the log row says both."""
    one = next(row for row in issues(capsys, project, "in_progress") if not row["site_code"])
    zones = said(capsys, "show", project, "zone")["features"]
    x, y = next(zone for zone in zones if zone["code"] != one["zone_code"] and zone["responsible_unit"] != one["responsible_unit"])["geometry"]["coordinates"][
        0
    ][0]
    old = said(capsys, "assign", project, one["code"])["issues"][0]
    label = said(capsys, "set", project, "issue", one["code"], f"location={x},{y}")["label"]
    new = said(capsys, "assign", project, one["code"])["issues"][0]
    [now] = said(capsys, "show", project, "issue", "--where", f"code={one['code']}")["features"]

    assert new["place"]["zone_code"] != old["place"]["zone_code"]
    assert now["responsible_unit"] == one["responsible_unit"]
    assert "责任单位仍为" in label
    assert said(capsys, "history", project, "issue", one["code"])["history"][0]["label"] == label


def test_who_was_responsible_on_a_day(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """--on: with the boundaries of that day; it only looks."""
    one = next(row for row in said(capsys, "assign", project)["issues"] if row["basis"] == "grid" and row["assigned"]["basis"] not in ("manual", "designated"))
    zone = one["place"]["zone_code"]
    assert main(["set", str(project), "zone", zone, "valid_from=2024-05-13"]) == 0

    assert said(capsys, "assign", project, one["code"], "--on", "2024-05-13")["issues"][0]["unit"] == one["unit"]
    before = said(capsys, "assign", project, one["code"], "--on", "2024-05-12")
    assert before["day"] == "2024-05-12"
    assert before["issues"][0]["unit"] != one["unit"]
    assert main(["assign", str(project), "--on", "2024-05-12", "--apply"]) == 2
    assert main(["assign", str(project), "--on", "12日"]) == 2


def test_the_text_is_for_people(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Unit and basis, lead, support, and why nobody else."""
    code = issues(capsys, project, "registered")[0]["code"]
    capsys.readouterr()
    assert main(["assign", str(project), code]) == 0
    out = capsys.readouterr().out

    assert out.startswith(code)
    assert "配合" in out
    assert "不是" in out
    assert "1 个问题" in out


def test_a_wrong_rule_file_is_refused_with_its_place(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Nothing is written; the sentence names file, key and remedy."""
    rules = project.with_name("p.files") / "rules"
    rules.mkdir(parents=True)
    (rules / "categories.toml").write_text('[[category]]\nid = "a"\ntitle = "甲"\nlead_unit = "城管局总部"\n', encoding="utf-8")
    capsys.readouterr()

    assert main(["assign", str(project), "--apply"]) == 2
    err = capsys.readouterr().err
    assert all(word in err for word in ("categories.toml", "category.a.lead_unit", "城管局总部", "单位名册"))
    assert said(capsys, "history", project)["history"][0]["label"].startswith("登记 06-03")
