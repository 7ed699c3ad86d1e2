"""`order` on the command line: from the list to the file and back (design.md §9)."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path
from typing import Any

import pytest

from chuangwen.cli.commands import main
from chuangwen.domain import edits
from chuangwen.domain.campaign import Campaign
from chuangwen.services.project import Project
from chuangwen.settings import Settings

CODE = "东湖区创建办交〔2024〕1号"


@pytest.fixture
def path(tmp_path: Path) -> str:
    """A project with a unit and an issue."""
    one = Project.create(tmp_path / "p.gpkg", Campaign("示范", "东湖区", "东湖区创建办", fixed_today=dt.date(2024, 5, 9)), 4548, "王")
    one.apply(edits.add(one.layers["unit"], {"code": "U1", "name": "城管局", "head": "某某01"}))
    values = {"code": "Q1", "name": "Q1", "description": "垃圾桶破损", "status": "registered", "responsible_unit": "城管局"}
    one.apply(edits.add(one.layers["issue"], values))
    one.close()
    return str(tmp_path / "p.gpkg")


def order(capsys: pytest.CaptureFixture[str], status: int, path: str, *words: str) -> Any:
    """What the command answers as JSON, or what it says when it refuses."""
    assert main(["order", path, *words, "--json", "--by", "王"], Settings()) == status
    return json.loads(capsys.readouterr().out)


def test_the_life_of_an_order(path: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Looked at, issued, listed by its meeting (SR-02), received, counted (SR-58); a void one stays in the list."""
    out = str(tmp_path / "out")
    seen = order(capsys, 0, path, "work", "--todo", "--due", "2024-05-12 18:00", "--dry-run")
    assert (seen["issued"], seen["orders"][0]["code"], seen["orders"][0]["issues"]) == (False, CODE, ["Q1"])
    done = order(capsys, 0, path, "work", "Q1", "--due", "2024-05-12 18:00", "--meeting", "全区会议", "--out", out, "--plain")
    assert Path(done["orders"][0]["file"]).is_file()
    listed = order(capsys, 0, path, "list", "--meeting", "全区")["orders"]
    assert [(one["code"], one["status"], one["reach_rate"]) for one in listed] == [(CODE, "printed", "0.0%")]
    assert order(capsys, 0, path, "list", "--meeting", "别的会")["orders"] == []
    order(capsys, 0, path, "reach", CODE, "--out", str(tmp_path / "calls.xlsx"))
    assert (tmp_path / "calls.xlsx").is_file()
    order(capsys, 0, path, "receipt", CODE, "--receiver", "某某33", "--at", "2024-05-09 10:00")
    assert order(capsys, 0, path, "reach", CODE)["reach"][0]["rate"] == "100.0%"
    assert "不能作废" in order(capsys, 2, path, "void", CODE, "--reason", "写错")["error"]


def test_what_is_missing_is_said(path: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Without a folder, without issues, or with an issue that there is not: refused, nothing written."""
    assert "--out" in order(capsys, 2, path, "work", "Q1", "--due", "2024-05-12")["error"]
    assert "--todo" in order(capsys, 2, path, "work")["error"]
    assert "Q7" in order(capsys, 2, path, "work", "Q7", "--out", str(tmp_path / "out"))["error"]
    assert not (tmp_path / "out").exists()


def test_the_list_is_split_by_unit(path: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """SR-04 from the command line."""
    found = order(capsys, 0, path, "split", "--out", str(tmp_path / "out"))["files"]
    assert [(one["unit"], one["rows"], one["shared"]) for one in found] == [("城管局", 1, 0)]
