"""Where features came from: looked up, undone by name, compared."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from chuangwen.app import main
from chuangwen.domain.campaign import Campaign
from chuangwen.errors import DataProblem, UserError
from chuangwen.services.project import Project
from chuangwen.services.provenance import compare_imports, find_import, looked_up, undo_import
from tests.services.test_same_list_again import here, issues, listed, take


@pytest.fixture
def project(tmp_path: Path) -> Iterator[Project]:
    """A project with a list of ten issues in two states: the second has other words in row 3, one row less and one more."""
    made = Project.create(tmp_path / "p.gpkg", Campaign(title="测试"), 4548, "某某01")
    rows = issues(11)
    take(made, listed(tmp_path / "问题清单1.csv", rows[:10]))
    rows[1]["完成情况"] = "已整改"
    rows[2]["经度（CGCS2000）"] = "116.5"
    take(made, listed(tmp_path / "问题清单1（2）.csv", [row for number, row in enumerate(rows) if number != 9]))
    yield made
    made.close()


def said(capsys: pytest.CaptureFixture[str], *words: object, status: int = 0) -> Any:
    capsys.readouterr()
    assert main([*map(str, words), "--json"]) == status
    return json.loads(capsys.readouterr().out)


def test_the_imports_of_a_project(project: Project, capsys: pytest.CaptureFixture[str]) -> None:
    """Newest first, with file, digest and counts; one of them with its rows."""
    newest, oldest = said(capsys, "imports", project.path)["imports"]
    assert ("问题清单1（2）.csv", 1, 2, 7) == tuple(newest[name] for name in ("file", "added", "changed", "unchanged"))
    assert ("问题清单1.csv", 10, False, 64) == (oldest["file"], oldest["added"], oldest["undone"], len(oldest["sha256"]))

    one = said(capsys, "imports", project.path, oldest["id"])
    assert (10, 2, "W2024-0000", "W2024-0000") == (len(one["rows"]), *(one["rows"][0][name] for name in ("row", "code", "number")))
    assert 2 == main(["imports", str(project.path), "nosuch"])
    assert 0 == main(["imports", str(project.path), oldest["id"][-8:]])
    assert "第 2 行  W2024-0000" in capsys.readouterr().out


def test_a_feature_says_where_it_stood(project: Project, capsys: pytest.CaptureFixture[str]) -> None:
    """File, row, number and time of each list that had it, newest first; in words too."""
    found = said(capsys, "history", project.path, "issue", "W2024-0004")["sources"]
    assert [("问题清单1（2）.csv", 6, "W2024-0004"), ("问题清单1.csv", 6, "W2024-0004")] == [(one["file"], one["row"], one["number"]) for one in found]
    main(["history", str(project.path), "issue", "W2024-0004"])
    assert "来源：问题清单1.csv 第 6 行" in capsys.readouterr().out


def test_two_imports_are_compared(project: Project) -> None:
    """What both said of the same issues, and what only one had."""
    newer, older = project.store.imports()
    found = compare_imports(project, older, newer)
    assert [("W2024-0001", {"状态": ("已交办·待签收", "已整改·待核查")}), ("W2024-0002", {"位置": ("原位置", "另一位置")})] == [
        (one["code"], one["fields"]) for one in found["changed"]
    ]
    assert ([11], [11], 7) == ([one["row"] for one in found["only_first"]], [one["row"] for one in found["only_second"]], found["same"])
    _json, lines = looked_up(project, compare=(older.id, newer.id))
    assert ["W2024-0001", "      状态：已交办·待签收 → 已整改·待核查", "相同 7 条。"] == [lines[0].split()[0], lines[1], lines[-1]]


def test_an_import_is_taken_back_by_name(project: Project, capsys: pytest.CaptureFixture[str]) -> None:
    """Also when other work was done since on other issues; undo and redo go on with what is left."""
    here(project, "W2024-0008", remark="核查过")
    newer = project.store.imports()[0]

    assert "导入问题" in said(capsys, "undo", project.path, "--import", newer.id)["label"]

    again = Project.open(project.path, "某某01")
    assert (10, "dispatched", "核查过") == (
        len(again.features("issue")),
        *(again.features("issue").at(at).get(name) for at, name in ((1, "status"), (8, "remark"))),
    )
    assert [True, False] == [one.undone for one in again.store.imports()]
    with pytest.raises(UserError, match="已经撤销"):
        undo_import(again, again.store.imports()[0])
    assert "核查" == again.undo().label
    assert "问题清单1.csv" in again.undo().label
    assert 0 == len(again.features("issue"))
    again.close()


def test_an_import_on_which_somebody_built_stays(project: Project) -> None:
    """The rows are named, with what was done to them and by whom; nothing is changed."""
    here(project, "W2024-0001", remark="核查过", status="closed")
    here(project, "W2024-0010", remark="新增后改过")
    newer, older = project.store.imports()
    before = project.path.read_bytes()

    with pytest.raises(DataProblem, match="2 条后来又改过") as refusal:
        undo_import(project, newer)
    assert {3: "W2024-0001：核查", 11: "W2024-0010：核查"} == {row: reason.split("（")[0] for row, reason in refusal.value.rows.items()}
    with pytest.raises(DataProblem) as refusal:
        undo_import(project, older)
    assert {3, 4} <= set(refusal.value.rows)
    assert before == project.path.read_bytes()


def test_an_id_that_means_nothing_or_too_much(project: Project) -> None:
    """Refused with what to do."""
    with pytest.raises(UserError, match="没有编号"):
        find_import(project, "zz")
    with pytest.raises(UserError, match="2 次导入"):
        find_import(project, project.store.imports()[0].id[:2])
