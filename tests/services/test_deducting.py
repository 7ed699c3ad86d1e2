"""The ledger of points: rule × event, stacking both ways, caps, each line traceable (SR-70, domain.md 4.7)."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from pathlib import Path

import pytest

from chuangwen.domain import edits
from chuangwen.domain.campaign import Campaign
from chuangwen.errors import UserError
from chuangwen.services.deducting import deducted, due_lines, enter, read_scheme
from chuangwen.services.project import Project

NOW = dt.datetime(2024, 6, 3, 9, 0)
SHIPPED = Path(__file__).parents[2] / "resources/rules/deduction.toml"


@pytest.fixture
def project(tmp_path: Path) -> Project:
    """A city-level issue of 城管局, three days late."""
    one = Project.create(tmp_path / "p.gpkg", Campaign("示范", fixed_today=NOW.date()), 4548, "王")
    _issue(one, "Q1")
    return one


def _issue(project: Project, code: str, **values: object) -> None:
    full = {"name": code, "description": "路面破损", "status": "in_progress", "responsible_unit": "城管局", "source_level": "city"}
    dates = {"found_at": dt.date(2024, 5, 20), "due_at": dt.date(2024, 5, 30)}
    project.apply(edits.add(project.layers["issue"], {"code": code, **full, **dates, **values}))  # type: ignore[dict-item]


def own_rules(project: Project, *changes: tuple[str, str]) -> None:
    """The project's own file: the shipped one with some words changed."""
    text = SHIPPED.read_text(encoding="utf-8")
    for old, new in changes:
        assert old in text
        text = text.replace(old, new, 1)
    folder = project.files_folder / "rules"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "deduction.toml").write_text(text, encoding="utf-8")


@pytest.mark.parametrize(("stacking", "whole"), [("add", 1.3), ("replace", 1.0)])
def test_sr70_city_level_and_overdue_costs_1_3_or_1(project: Project, stacking: str, whole: float) -> None:
    """SR-70, 4.7: 0.3 + 1 = 1.3 where rules add up, 1 where the dearer replaces; every line names rule and issue."""
    own_rules(project, ('stacking = "add"', f'stacking = "{stacking}"'))
    project.apply(enter(project, due_lines(project, NOW, read_scheme(project.files_folder))))
    assert deducted(project) == {"城管局": Decimal(str(whole))}
    assert {one.get("issue_code") for one in project.features("deduction")} == {"Q1"}
    assert all(one.get("rule") and one.get("rule_text") and one.get("trigger") for one in project.features("deduction"))


def test_found_first_and_late_tomorrow_costs_the_difference_where_rules_replace(project: Project) -> None:
    """Yesterday 0.3 was charged for the find; today the deadline is over: 0.7 more makes 1."""
    own_rules(project, ('stacking = "add"', 'stacking = "replace"'))
    scheme = read_scheme(project.files_folder)
    project.apply(enter(project, due_lines(project, dt.datetime(2024, 5, 25, 9), scheme)))
    assert deducted(project) == {"城管局": Decimal(str(0.3))}
    project.apply(enter(project, due_lines(project, NOW, scheme)))
    assert deducted(project) == {"城管局": Decimal(str(1.0))}
    assert due_lines(project, NOW, scheme) == []


def test_nothing_is_charged_twice_and_an_upheld_appeal_is_not_charged_again(project: Project) -> None:
    """Asked again, nothing is due; a cancelled line stays in the ledger, counts nothing, and does not come back."""
    scheme = read_scheme()
    project.apply(enter(project, due_lines(project, NOW, scheme)))
    line = next(one for one in project.features("deduction") if one.get("trigger") == "overdue")
    project.apply(edits.set_values(project.layers["deduction"], [line], {"appeal": "cancelled"}))
    assert deducted(project) == {"城管局": Decimal(str(0.3))}
    assert due_lines(project, NOW, scheme) == []


def test_caps_dates_levels_and_states(project: Project) -> None:
    """At most 2 points of reworks a month; rules not in force, other levels, and issues nobody was given cost nothing; done late is late."""
    for number in range(14):
        _issue(project, f"R{number:02}", rework_count=1, source_level="unit", due_at=dt.date(2024, 6, 20))
    _issue(project, "S1", status="registered")
    _issue(project, "S2", status="void")
    _issue(project, "S3", responsible_unit=None)
    _issue(project, "L1", status="closed", due_at=dt.date(2024, 5, 22), done_at=dt.date(2024, 5, 24))
    own_rules(project, ('id = "FX-1"', 'to = 2024-05-01\nid = "FX-1"'))
    found = due_lines(project, NOW, read_scheme(project.files_folder))
    assert round(sum(line.points for line in found if line.rule.id == "FG-1"), 3) == 2
    assert sorted((line.event.subject, line.rule.id) for line in found if line.rule.id != "FG-1") == [("L1", "YQ-1"), ("Q1", "YQ-1")]


def test_same_problem_in_two_bulletins_and_a_lost_point(project: Project) -> None:
    """重复 and 丢分 come from the records of accountability and from the issue."""
    _issue(project, "Q2", due_at=dt.date(2024, 6, 20), lost_point=True, cause_kind="subjective", source_level="district")
    for status in ("active", "active", "void"):
        project.apply(edits.add(project.layers["accountability"], {"kind": "bulletin", "unit": "城管局", "issue_code": "Q1", "status": status}))
    triggers = {(line.event.subject, line.event.trigger, line.points) for line in due_lines(project, NOW, read_scheme())}
    assert ("Q1", "repeated", 2.0) in triggers
    assert ("Q2", "lost_point", 3.0) in triggers


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('trigger = "found"', 'trigger = "seen"', "rule[1].trigger"),
        ("points = 0.3", "points = '0.3'", "rule[1].points"),
        ("points = 0.3", "points = -1", "rule[1].points"),
        ('id = "FX-2"', 'id = "FX-1"', "FX-1"),
        ('stacking = "add"', 'stacking = "both"', "stacking"),
        ("cap = 2", "kap = 2", "cap"),
        ("points = 0.3", "points = 0.3\nfrom = 'May'", "rule[1].from"),
    ],
)
def test_a_mistake_in_the_rules_is_named(project: Project, old: str, new: str, said: str) -> None:
    """With file and entry; nothing is charged."""
    own_rules(project, (old, new))
    with pytest.raises(UserError) as problem:
        read_scheme(project.files_folder)
    assert said in str(problem.value)
    assert "deduction.toml" in str(problem.value)


def test_a_step_of_the_three_orders_costs_its_points_once(project: Project) -> None:
    """三令制: an issue that came to 督办令 is charged for 提醒令 and 督办令; the shipped ladder charges nothing (SR-70)."""
    issue = project.features("issue").at(0)
    project.apply(edits.set_values(project.layers["issue"], [issue], {"escalation_level": 2}))
    assert not [line for line in due_lines(project, NOW, read_scheme()) if line.event.trigger == "ordered"]
    ladder = (SHIPPED.parent / "ladder.toml").read_text(encoding="utf-8").replace('scheme = "ladder"\n\n', 'scheme = "three_orders"\n\n', 1)
    (project.files_folder / "rules").mkdir(parents=True)
    (project.files_folder / "rules" / "ladder.toml").write_text(ladder, encoding="utf-8")
    scheme = read_scheme(project.files_folder)
    found = [line for line in due_lines(project, NOW, scheme) if line.event.trigger == "ordered"]
    assert [(line.rule.name, line.points) for line in found] == [("提醒令", 0.5), ("督办令", 1.0)]
    project.apply(enter(project, found))
    assert not [line for line in due_lines(project, NOW, scheme) if line.event.trigger == "ordered"]
