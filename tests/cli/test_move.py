"""`move` on the command line: domain.md 4.2 with its roles, photos and refusals, in a project of its own."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import pytest
from shapely.geometry import Point

from chuangwen.app import main
from chuangwen.domain import edits
from chuangwen.domain.campaign import Campaign
from chuangwen.services.moving import move_rules
from chuangwen.services.project import Project
from tests.cli.saying import said
from tests.services.test_evidence import AFTER, PLACE, picture, saved

pytestmark = pytest.mark.usefixtures("qapp")


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Three registered issues and two units; the inspectors arrive on 20 June."""
    campaign = Campaign(title="测试", district="示范区", arrival=dt.date(2024, 6, 20), fixed_today=dt.date(2024, 6, 3))
    project = Project.create(tmp_path / "p.gpkg", campaign, 4548, "王某")
    for code, name, short, liaison in (("U1", "示范区城市管理局", "区城管局", "李四"), ("U2", "示范区住房和城乡建设局", "区住建局", "赵六")):
        project.apply(edits.add(project.layers["unit"], {"code": code, "name": name, "short_name": short, "liaison": liaison}))
    for number in (1, 2, 3):
        values: dict[str, Any] = {"code": f"I{number}", "status": "registered", "name": "井盖", "description": "井盖松动", "site_code": "001"}
        project.apply(edits.add(project.layers["issue"], values, Point(PLACE)))
    project.close()
    return project.path


def run(capsys: pytest.CaptureFixture[str], path: Path, command: str, *words: str, status: int = 0) -> Any:
    """A command with --json; its object."""
    return said(capsys, command, path, *words, status=status)


def issue(capsys: pytest.CaptureFixture[str], path: Path, code: str) -> dict[str, Any]:
    """An issue as `show` gives it."""
    found: dict[str, Any] = run(capsys, path, "show", "issue", "--where", f"code={code}")["features"][0]
    return found


def test_a_whole_life(path: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Dispatched, returned, reassigned, received, rectified, failed, rectified again, closed, relapsed: each with who did it in which role."""
    made = run(capsys, path, "move", "I1", "交办", "responsible_unit=区城管局")
    assert [{"code": "I1", "from": "registered", "to": "dispatched"}] == made["moved"]
    now = issue(capsys, path, "I1")
    assert ("2024-06-06", "08:30", "manual", "示范区城市管理局") == tuple(now[name] for name in ("due_at", "due_time", "unit_basis", "responsible_unit"))
    order = run(capsys, path, "show", "order")["features"][0]
    assert (now["order_number"], "draft", "I1", 1) == tuple(order[name] for name in ("code", "status", "issues", "number"))

    run(capsys, path, "move", "I1", "退回", "status_note=不属本局", "suggested_unit=区住建局", "--role", "liaison", "--by", "李四")
    run(capsys, path, "move", "I1", "改派", "responsible_unit=区住建局")
    run(capsys, path, "move", "I1", "签收", "receiver=赵六")
    run(capsys, path, "move", "I1", "反馈整改", "measure=更换", "--photo", f"after={saved(tmp_path / 'a.jpg', picture(1))}")
    run(capsys, path, "move", "I1", "核查不通过", "status_note=仍松动", "due_at=2024-06-08", "--role", "inspector", "--by", "督查甲")
    assert "上一轮" in run(capsys, path, "move", "I1", "再次反馈", status=2)["reasons"]["photo"]
    old = saved(tmp_path / "old.jpg", picture(2), AFTER - dt.timedelta(days=2))
    assert "早于核查不通过" in run(capsys, path, "move", "I1", "再次反馈", "--photo", f"after={old}", status=2)["reasons"]["photo"]
    run(capsys, path, "move", "I1", "再次反馈", "--photo", f"整改后={saved(tmp_path / 'new.jpg', picture(3), AFTER)}")
    own = run(capsys, path, "move", "I1", "销号", "checker=赵六", "check_result=合格", status=2)
    assert "责任单位" in own["reasons"]["checker"]
    run(capsys, path, "move", "I1", "closed", "checker=督查甲", "check_result=合格")
    assert "已销号" in run(capsys, path, "set", "issue", "I1", "due_at=2024-06-19", status=2)["reasons"]["due_at"]
    relapse = saved(tmp_path / "r.jpg", picture(4))
    run(capsys, path, "move", "I1", "relapse", "--photo", f"relapse={relapse}", "--role", "inspector", "--by", "督查甲")
    now = issue(capsys, path, "I1")
    assert ("rework", 1, 1, 1, "2024-06-03") == tuple(now[name] for name in ("status", "return_count", "rework_count", "relapse_count", "first_closed_at"))

    history = run(capsys, path, "history", "issue", "I1")["history"]
    assert ["inspector", "planner", "planner", "inspector", "planner", "planner", "planner", "liaison", "planner", "planner"] == [
        entry["role"] for entry in history
    ]
    assert ("督查甲", ["已整改·待核查", "返工"]) == (history[3]["by"], history[3]["changes"]["状态"])
    capsys.readouterr()
    main(["history", str(path), "issue", "I1"])
    assert "督查组" in capsys.readouterr().out


def test_several_go_together_or_not_at_all(path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """One order for each unit, with numbers that follow; one that may not move stops all."""
    run(capsys, path, "set", "issue", "I1", "responsible_unit=区城管局")
    run(capsys, path, "set", "issue", "I2", "responsible_unit=区住建局")
    refused = run(capsys, path, "move", "I1", "I2", "I3", "dispatch", status=2)
    assert "responsible_unit" in refused["reasons"]
    assert [] == run(capsys, path, "show", "order")["features"]
    assert {"registered"} == {one["status"] for one in run(capsys, path, "show", "issue")["features"]}

    run(capsys, path, "set", "issue", "I3", "responsible_unit=区城管局")
    run(capsys, path, "move", "I1", "I2", "I3", "dispatch")
    orders = run(capsys, path, "show", "order")["features"]
    assert [(1, "I1、I3"), (2, "I2")] == [(one["number"], one["issues"]) for one in orders]
    run(capsys, path, "undo")
    assert [] == run(capsys, path, "show", "order")["features"]


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["I1", "销号"], "交办→已交办·待签收"),
        (["I1", "交办"], "责任单位"),
        (["I1", "挂账", "responsible_unit=区城管局"], "须由创建办负责人"),
        (["I1", "交班"], "是不是“交办”"),
        (["I9", "交办"], "I9"),
        (["交办"], "哪个问题"),
        (["I1", "交办", "responsible_unit=火星局"], "火星局"),
        (["I1", "交办", "rework_count=3"], "不能直接修改"),
        (["I1", "交办", "responsible_unit=区城管局", "due_at=2024-06-01"], "早于交办"),
        (["I1", "交办", "responsible_unit=区城管局", "due_at=2024-06-20"], "进驻日"),
        (["I1", "交办", "responsible_unit=区城管局", "--photo", "after"], "after=文件"),
        (["I1", "objection", "text=不服"], "不必附异议"),
    ],
)
def test_a_refusal_is_a_sentence_and_changes_nothing(path: Path, capsys: pytest.CaptureFixture[str], words: list[str], told: str) -> None:
    """Status 2; an illegal move lists the legal ones (SR-10 among them: a site's deadline on the day of the arrival)."""
    before = path.read_bytes()
    capsys.readouterr()
    assert 2 == main(["move", str(path), *words])
    assert told in capsys.readouterr().err
    assert before == path.read_bytes()


def test_without_a_move_it_says_what_is_legal(path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Button, target, roles and needs."""
    found = run(capsys, path, "move", "I1")["issues"][0]
    assert ["dispatch", "unassign", "long_term", "void"] == [move["id"] for move in found["moves"]]
    assert ["director"] == found["moves"][2]["roles"]


def test_sr_64_sr_56_a_designated_issue_carries_an_objection(path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """SR-64: only the director designates; SR-56: the unit cannot return it, but note what it thinks."""
    run(capsys, path, "move", "I1", "转待指定")
    said = ("responsible_unit=区城管局", "basis_text=会议纪要", "approver=某主任", "approved_at=2024-06-03")
    assert "须由创建办负责人" in run(capsys, path, "move", "I1", "指定", *said, status=2)["error"]
    run(capsys, path, "move", "I1", "指定", *said, "--role", "director")
    assert "designated" == issue(capsys, path, "I1")["unit_basis"]
    refused = run(capsys, path, "move", "I1", "退回", "status_note=不属本局", "suggested_unit=区住建局", "--role", "liaison", status=2)
    assert "SR-56" in refused["error"]
    run(capsys, path, "move", "I1", "异议", "text=管护协议未移交", "--role", "liaison")
    assert "管护协议未移交" == run(capsys, path, "show", "note")["features"][0]["text"]
    assert "dispatched" == issue(capsys, path, "I1")["status"]


def test_photos_alone_are_attached_and_looked_at(path: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Without a move the photos are added and the state stays; the same picture in two issues is told at once (套图)."""
    file = saved(tmp_path / "a.jpg", picture(1), AFTER)
    run(capsys, path, "move", "I1", "--photo", f"before={file}")
    again = run(capsys, path, "move", "I2", "--photo", f"整改前={file}")
    assert ["same"] == [one["kind"] for one in again["warnings"]]
    assert "registered" == issue(capsys, path, "I1")["status"]
    assert 2 == len(run(capsys, path, "show", "photo")["features"])


def test_a_rule_file_with_a_slip_is_named(tmp_path: Path) -> None:
    """The project's own rules go before the shipped ones; a wrong word or value says where."""
    own = tmp_path / "rules" / "lifecycle.toml"
    own.parent.mkdir()
    own.write_text("needs_photos = false\nmax_extensions = 2\n", encoding="utf-8")
    assert (False, 2, 2) == (move_rules(tmp_path).needs_photos, move_rules(tmp_path).max_extensions, move_rules(tmp_path).max_returns)
    for text, told in (("need_photos = false", "needs_photos"), ("max_extensions = true", "整数"), ("max_returns = -1", "整数")):
        own.write_text(text, encoding="utf-8")
        with pytest.raises(Exception, match=told):
            move_rules(tmp_path)


def test_what_may_be_the_same_is_listed_and_merged(capsys: pytest.CaptureFixture[str], path: Path) -> None:
    """SR-09: the first is kept with the numbers of all, the others are void; what may not become void is refused with a sentence."""
    pairs = run(capsys, path, "merge")["pairs"]
    assert {frozenset(one["codes"]) for one in pairs} == {frozenset(two) for two in (("I1", "I2"), ("I1", "I3"), ("I2", "I3"))}

    assert run(capsys, path, "merge", "I1", "I2", "I3") == {"label": "把 I2、I3 合并到 I1", "kept": "I1", "void": ["I2", "I3"]}
    assert run(capsys, path, "merge")["pairs"] == []
    kept = Project.open(path, "王某").features("issue").coded("I1")
    assert kept is not None
    assert [line.partition(":")[2] for line in str(kept.get("source_numbers")).split("、")] == ["I1", "I2", "I3"]
    run(capsys, path, "merge", "I2", "I1", status=2)
    run(capsys, path, "merge", "I1", status=2)
