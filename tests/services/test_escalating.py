"""The ladder proposes with reasons, three orders are data, and a record of accountability is complete (domain.md 4.6, 4.7; SR-71, SR-72)."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from chuangwen.domain import edits
from chuangwen.domain.campaign import Campaign
from chuangwen.domain.escalation import Facts, due
from chuangwen.errors import RuleBroken, UserError
from chuangwen.services.escalating import proposals, read_ladder, record, transfer_list
from chuangwen.services.project import Project

NOW = dt.datetime(2024, 6, 3, 9, 0)


@pytest.fixture
def project(tmp_path: Path) -> Project:
    """Two units and no issues."""
    one = Project.create(tmp_path / "p.gpkg", Campaign("示范", fixed_today=NOW.date()), 4548, "王")
    for code, name in (("U01", "城管局"), ("U02", "住建局")):
        one.apply(edits.add(one.layers["unit"], {"code": code, "name": name, "head": "某某01", "deputy": "某某02"}))
    return one


def issue(project: Project, code: str, **values: object) -> None:
    """An issue of 城管局, in the works."""
    full = {"name": code, "description": "路面破损", "status": "in_progress", "responsible_unit": "城管局", **values}
    project.apply(edits.add(project.layers["issue"], {"code": code, **full}))  # type: ignore[dict-item]


@pytest.mark.parametrize(
    ("due_at", "due_time", "values", "step", "reason"),
    [
        ("2024-06-05", None, {}, "", ""),
        ("2024-06-03", None, {}, "催办", "还有 15 小时 到期"),
        ("2024-06-03", "09:00", {}, "催办", "已逾期 不到 1 小时"),
        ("2024-06-02", "10:00", {}, "催办", "已逾期 23 小时"),
        ("2024-06-02", "09:00", {}, "督办", "已逾期 1 天"),
        ("2024-06-02", None, {"focus": True}, "督办", "督查重点，已逾期 9 小时"),
        ("2024-06-20", None, {"rework_count": 2}, "督办", "返工 2 次"),
        ("2024-05-31", "09:00", {}, "通报", "已逾期 3 天"),
        ("2024-05-31", "09:00", {"status": "long_term"}, "", ""),
        ("2024-05-31", "09:00", {"status": "closed"}, "", ""),
        ("2024-06-20", None, {"return_count": 2}, "通报", "退回 2 次"),
        ("2024-05-31", "09:00", {"escalation_level": 3}, "", ""),
        ("2024-05-31", "09:00", {"escalation_level": 2}, "通报", "已逾期 3 天"),
    ],
)
def test_each_step_is_due_at_its_minute_and_says_why(
    project: Project, due_at: str, due_time: str | None, values: dict[str, object], step: str, reason: str
) -> None:
    """4.6: reminder within 24 h or just overdue, supervision after 24 h or two reworks, bulletin after 72 h; no step twice; SR-67: two returns are named."""
    issue(project, "Q1", due_at=dt.date.fromisoformat(due_at), due_time=due_time, **values)
    found = [one for one in proposals(project, NOW, read_ladder()) if one.layer == "issue"]
    assert [(one.due.step.name, one.due.reason) for one in found] == ([(step, reason)] if step else [])


def test_a_unit_is_called_in_after_two_bulletins_and_the_last_of_the_ranking_is_named(project: Project) -> None:
    """Level 4 after two bulletins, once; void records do not count; the worst of a ranking is proposed for the bulletin."""
    layer = project.layers["accountability"]
    for status in ("active", "void", "active"):
        project.apply(edits.add(layer, {"code": status, "kind": "bulletin", "unit": "住建局", "status": status}))
    found = {one.name: one.due for one in proposals(project, NOW, read_ladder(), ["住建局", "城管局"]) if one.layer == "unit"}
    assert (found["住建局"].step.name, found["住建局"].reason) == ("约谈", "通报 2 次")
    assert (found["城管局"].step.name, found["城管局"].reason) == ("通报", "排名倒数第 1")
    chosen = [one for one in proposals(project, NOW, read_ladder(), ["住建局", "城管局"]) if one.name == "住建局"]
    project.apply(record(project, chosen, NOW.date()))
    assert not [one for one in proposals(project, NOW, read_ladder()) if one.name == "住建局"]


def test_nothing_acts_by_itself_and_an_accepted_bulletin_is_one_step(project: Project) -> None:
    """Proposing writes nothing; accepting writes the record and the level together; undo takes back both."""
    issue(project, "Q1", due_at=dt.date(2024, 5, 30))
    steps = len(project.steps())
    chosen = proposals(project, NOW, read_ladder())
    assert len(project.steps()) == steps
    project.apply(record(project, chosen, NOW.date()))
    (row,) = project.features("accountability")
    assert (row.get("kind"), row.get("unit"), row.get("issue_code"), row.get("cause")) == ("bulletin", "城管局", "Q1", "已逾期 3 天 9 小时")
    assert project.features("issue").at(0).get("escalation_level") == 3
    project.undo()
    assert len(project.features("accountability")) == 0
    assert project.features("issue").at(0).get("escalation_level") is None


def test_sr71_accountability_names_the_posts_of_two_persons_and_a_cause(project: Project) -> None:
    """SR-71: 问责 carries cause and the posts of head and deputy; a unit without them is refused with the place to mend it; no name is copied."""
    issue(project, "Q1", lost_point=True, cause_kind="subjective")
    chosen = [one for one in proposals(project, NOW, read_ladder()) if one.due.step.document == "accountability"]
    project.apply(record(project, chosen, NOW.date(), "subjective"))
    (row,) = project.features("accountability")
    assert (row.get("head"), row.get("deputy"), row.get("cause")) == ("城管局主要领导", "城管局分管领导", "主观原因丢分")
    project.undo()
    project.apply(edits.set_values(project.layers["unit"], [project.feature(project.layers["unit"], "U01")], {"deputy": None}))
    with pytest.raises(RuleBroken) as broken:
        record(project, chosen, NOW.date())
    assert broken.value.reasons == {"deputy": "问责必须写明分管领导职务"}


def test_sr72_subjective_causes_stand_in_the_transfer_list_and_are_voided_not_deleted(project: Project) -> None:
    """SR-72: the list for 纪委监委; its records cannot be deleted, only voided with a reason."""
    issue(project, "Q1", lost_point=True, cause_kind="subjective")
    issue(project, "Q2", lost_point=True, cause_kind="objective")
    layer = project.layers["accountability"]
    project.apply(edits.add(layer, {"code": "W1", "kind": "accountability", "unit": "住建局", "cause_kind": "subjective", "status": "active"}))
    assert [one.code for one in transfer_list(project)] == ["Q1", "W1"]
    with pytest.raises(RuleBroken, match="作废"):
        edits.remove(layer, list(project.features("accountability")))
    with pytest.raises(RuleBroken) as broken:
        edits.set_values(layer, list(project.features("accountability")), {"status": "void"})
    assert set(broken.value.reasons) == {"void_reason"}
    project.apply(edits.set_values(layer, list(project.features("accountability")), {"status": "void", "void_reason": "登记错误"}))
    assert [one.code for one in transfer_list(project)] == ["Q1"]


def test_three_orders_are_another_scheme_of_the_same_file(project: Project) -> None:
    """三令制: names, triggers and points come from the file of the project; the shipped ladder has no points."""
    rules = project.files_folder / "rules"
    rules.mkdir(parents=True)
    shipped = read_ladder()
    assert {step.points for step in (*shipped.for_issues, *shipped.for_units)} == {0.0}
    text = (Path(__file__).parents[2] / "resources/rules/ladder.toml").read_text(encoding="utf-8")
    (rules / "ladder.toml").write_text(text.replace('scheme = "ladder"\n\n', 'scheme = "three_orders"\n\n', 1), encoding="utf-8")
    own = read_ladder(project.files_folder)
    assert [(step.name, step.points) for step in own.for_issues] == [("提醒令", 0.5), ("督办令", 1.0), ("问责令", 2.0)]
    found = due(own.for_issues, Facts(hours_left=-30.0))
    assert found is not None
    assert (found.step.name, found.reason) == ("督办令", "已逾期 1 天 6 小时")


def test_the_last_of_the_three_orders_is_a_record_with_posts_and_the_second_sets_a_deadline(project: Project) -> None:
    """问责令 for an issue names its unit's head and deputy by post (SR-71); 督办令 gives 24 hours more."""
    rules = project.files_folder / "rules"
    rules.mkdir(parents=True)
    text = (Path(__file__).parents[2] / "resources/rules/ladder.toml").read_text(encoding="utf-8")
    (rules / "ladder.toml").write_text(text.replace('scheme = "ladder"\n\n', 'scheme = "three_orders"\n\n', 1), encoding="utf-8")
    ladder = read_ladder(project.files_folder)
    issue(project, "Q1", due_at=dt.date(2024, 5, 29))
    issue(project, "Q2", due_at=dt.date(2024, 6, 1))
    worst, late = proposals(project, NOW, ladder)
    assert (worst.due.step.name, worst.due_at(NOW)) == ("问责令", None)
    assert (late.due.step.name, late.due_at(NOW)) == ("督办令", dt.datetime(2024, 6, 4, 9, 0))
    project.apply(record(project, [worst], NOW.date()))
    (row,) = project.features("accountability")
    assert (row.get("kind"), row.get("head"), row.get("deputy"), row.get("issue_code")) == ("accountability", "城管局主要领导", "城管局分管领导", "Q1")


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('document = "remind"', 'document = "letter"', "issue[1].document"),
        ("level = 1", "level = 9", "issue[1].level"),
        ("overdue_hours = 0 }]", "late_hours = 0 }]", "late_hours"),
        ('lost_point = "subjective"', 'lost_point = "unclear"', "unit[3].when"),
        ("within_hours = 24", "within = 24", "within_hours"),
        ('scheme = "ladder"\n\n', 'scheme = "四令"\n\n', "四令"),
        ("when = [{ bulletins = 2 }]", "when = []", "unit[2]"),
        ("level = 2", "level = 'zwei'", "issue[2].level"),
    ],
)
def test_a_mistake_in_the_file_is_named_with_its_place(tmp_path: Path, old: str, new: str, said: str) -> None:
    """File, entry and key stand in the message, and where to mend it."""
    (tmp_path / "rules").mkdir()
    text = (Path(__file__).parents[2] / "resources/rules/ladder.toml").read_text(encoding="utf-8")
    assert old in text
    (tmp_path / "rules" / "ladder.toml").write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(UserError) as problem:
        read_ladder(tmp_path)
    assert said in str(problem.value)
    assert str(tmp_path / "rules" / "ladder.toml") in str(problem.value)
