"""A list that cannot be written ends with an exception and with nothing else."""

from __future__ import annotations

import gc
import sys
from pathlib import Path
from typing import Any

import pytest

from chuangwen.errors import FileProblem
from chuangwen.exchange.workbook_out import ListSheet, new_book, save_book, save_workbook


def test_sheets_of_a_list_that_cannot_be_written_are_closed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Else the garbage collector closes them from outside inwards, and that is an error on stderr, at whatever the program does by then."""
    heard: list[Any] = []
    monkeypatch.setattr(sys, "unraisablehook", heard.append)
    book = new_book()
    for name in ("甲", "乙"):
        ListSheet(book, name, [10], 1).row(["一行"])
    with pytest.raises(FileNotFoundError):
        save_book(book, tmp_path / "没有" / "a.xlsx")
    sheets: list[Any] = list(book.worksheets)
    assert all(sheet.closed for sheet in sheets)
    del book, sheets
    gc.collect()
    assert heard == []


def test_a_list_is_there_as_a_whole_or_not_at_all(tmp_path: Path) -> None:
    """A folder that is a file: the folder and a remedy, no half file."""
    (tmp_path / "没有").write_bytes(b"")
    with pytest.raises(FileProblem, match=r"没有文件夹.*没有"):
        save_workbook(tmp_path / "没有" / "a.xlsx", "清单", "清单", ["编号"], [["1"]])
    assert [one.name for one in tmp_path.iterdir() if one.name != "settings"] == ["没有"]
