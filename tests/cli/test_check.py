"""`check` and `report coverage` as scripts rely on them, on the real demo project."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import docx
import openpyxl
import pytest

from chuangwen.app import main
from tests.cli.saying import said


def checked(capsys: pytest.CaptureFixture[str], project: Path, *ids: str) -> dict[str, Any]:
    """The checks of `check --json` by id; what is found is no failure."""
    return {one["id"]: one for one in said(capsys, "check", project, *ids)["checks"]}


def test_check_gives_every_check_with_its_count(demo_file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """SR-13, SR-63: id, title, count, findings; on the demo the zones are whole and SR-16 tells the twelve unlocated sites of 132."""
    found = checked(capsys, demo_file)

    assert all(one["count"] == len(one["findings"]) and one["title"] and one["state"] for one in found.values())
    assert {"CV-01", "CV-16", "SR-05", "SR-68"} <= set(found)
    assert (found["CV-01"]["state"], found["CV-02"]["state"]) == ("pass", "pass")
    assert found["SR-16"]["count"] == 12
    assert found["SR-16"]["summary"].startswith("点位 132/132")
    roads = found["CV-04"]["findings"]
    assert roads
    assert roads[0]["measure"] == "米"
    assert roads[0]["geometry"]["type"] == "MultiLineString"
    assert roads[0]["codes"]


def test_a_planted_gap_is_found_and_goes_when_it_is_mended(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """CV-01, CV-10, CV-13, CV-16 on the demo: a zone of another kind leaves a hole, a person and a name taken away are missed; undone, all is as before."""
    before = checked(capsys, project, "CV-01", "CV-10", "CV-16")
    assert main(["set", str(project), "zone", "ZQ-03", "kind=community"]) == 0
    assert main(["set", str(project), "zone", "ZQ-04", "questionnaire_person="]) == 0
    after = checked(capsys, project, "CV-01", "CV-10")
    assert after["CV-01"]["count"] == 1
    assert "ZQ-04" in after["CV-01"]["findings"][0]["codes"]
    assert after["CV-01"]["findings"][0]["amount"] > 100_000
    assert [one["codes"] for one in after["CV-10"]["findings"]] == [["ZQ-04"], ["YQ-04"]]
    assert main(["undo", str(project)]) == 0
    assert main(["undo", str(project)]) == 0
    assert checked(capsys, project, "CV-01", "CV-10", "CV-16") == before


def test_a_check_that_there_is_not_is_refused(demo_file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """With the nearest one; nothing on stdout."""
    assert main(["check", str(demo_file), "CV-99"]) == 2
    assert "没有检查项 CV-99" in capsys.readouterr().err
    assert main(["check", str(demo_file), "cv-13"]) == 0
    assert "CV-13  问题没有责任单位" in capsys.readouterr().out


def test_the_printed_list_has_every_check_and_every_finding(demo_file: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """盲区检查表 (domain.md 6.8): the document has each check, its definition, count and list; the workbook every finding, none of them a formula."""
    found = checked(capsys, demo_file)
    paper, book = tmp_path / "盲区检查表.docx", tmp_path / "盲区检查表.xlsx"
    assert main(["report", "coverage", str(demo_file), "--out", str(paper)]) == 0
    capsys.readouterr()
    assert main(["report", "coverage", str(demo_file), "--out", str(book), "--json"]) == 0
    total = sum(one["count"] for one in found.values())
    assert json.loads(capsys.readouterr().out)["findings"] == total

    document = docx.Document(str(paper))
    words = "\n".join(one.text for one in document.paragraphs)
    assert "示范区创建全国文明城市盲区检查表" in words
    assert "2024-06-03" in words
    assert all(one["definition"] in words for one in found.values())
    overview = document.tables[0]
    cells = [[cell.text for cell in row.cells] for row in overview.rows[1:]]
    assert [row[0] for row in cells] + [row[3] for row in cells if row[3]] == list(found)
    assert overview.rows[1].cells[2].text == "通过"

    sheets = openpyxl.load_workbook(book)
    assert sheets.sheetnames == ["盲区检查", "清单"]
    rows = list(sheets["清单"].iter_rows(min_row=3))
    assert len(rows) == total
    assert {cell.data_type for row in rows for cell in row} <= {"s", "n"}
    assert not list(tmp_path.glob("*.part"))


def test_one_check_alone_and_a_wrong_ending(demo_file: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """`--check` narrows the list; an ending that cannot be written, or a folder that there is not, is refused and nothing is left."""
    assert main(["report", "coverage", str(demo_file), "--check", "SR-16", "--out", str(tmp_path / "一项.xlsx")]) == 0
    assert len(list(openpyxl.load_workbook(tmp_path / "一项.xlsx")["清单"].iter_rows(min_row=3))) == 12
    for name, words in (("一项.odt", ".docx"), ("没有/一项.docx", "没有文件夹")):
        assert main(["report", "coverage", str(demo_file), "--out", str(tmp_path / name)]) == 2
        assert words in capsys.readouterr().err
    assert sorted(one.name for one in tmp_path.iterdir() if one.is_file()) == ["一项.xlsx"]
