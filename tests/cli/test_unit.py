"""`report unit-card` and `note` (SR-03)."""

from __future__ import annotations

from pathlib import Path

import pytest

from chuangwen.app import main
from tests.cli.saying import said


def test_a_unit_card_is_written_and_told(project: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """SR-03: by any name; the pledge that was noted stands on it; both orders of words."""
    noted = said(capsys, "note", project, "区城管局", "再加两班", "--date", "2024-06-02")
    assert [("2024-06-02", "表态", "再加两班"), "2024-05-27"] == [tuple(noted["notes"][0].values()), noted["notes"][1]["date"]]
    found = said(capsys, "report", "unit-card", project, "--unit", "区城管局", "--unit", "U011", "--out", tmp_path / "c.docx")
    assert [str(tmp_path / "c.docx")] == found["files"]
    first = found["cards"][0]
    assert noted["notes"] == first["notes"]
    assert (int(first["figures"]["未销号数"]), int(first["figures"]["逾期数"])) == (first["open"], first["overdue"])
    assert first["open"] == len(first["issues"])
    assert "手机" in first["who"]
    assert "手机" not in said(capsys, "report", project, "unit-card", "--unit", "U010", "--without-persons")["cards"][0]["who"]
    assert 62 == len(said(capsys, "report", "unit-card", project, "--all")["cards"])


def test_a_refusal_says_what_to_do(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Nobody named, a unit that is not there, a kind that is none."""
    for words, told in (
        (["report", "unit-card", project], "--all"),
        (["report", "unit-card", project, "--all", "--unit", "U010"], "--all"),
        (["report", "unit-card", project, "--unit", "城管大队"], "没有单位"),
        (["note", project, "U010", "好", "--kind", "表太"], "表态"),
        (["note", project, "U010", "好", "--date", "明天"], "2024-06-03"),
    ):
        assert 2 == main([str(one) for one in words])
        assert told in capsys.readouterr().err
    assert 0 == main(["note", str(project), "U010"])
    assert "记事 1 条" in capsys.readouterr().out
