"""A file is whole or it is not there, and what the disk refuses is said with its cause."""

from __future__ import annotations

import errno
from pathlib import Path

import pytest

from chuangwen.errors import Cancelled, FileProblem
from chuangwen.exchange.whole_file import whole_file


def test_what_lay_there_stays_until_the_new_file_is_whole(tmp_path: Path) -> None:
    """Also where the work in between is stopped; nothing is left beside."""
    path = tmp_path / "清单.xlsx"
    path.write_text("旧的", encoding="utf-8")
    with pytest.raises(Cancelled):
        _broken_off(path, Cancelled())
    assert path.read_text(encoding="utf-8") == "旧的"

    with whole_file(path) as part:
        part.write_text("新的", encoding="utf-8")
        assert path.read_text(encoding="utf-8") == "旧的"
    assert path.read_text(encoding="utf-8") == "新的"
    assert list(tmp_path.iterdir()) == [path]


def _broken_off(path: Path, error: Exception) -> None:
    with whole_file(path) as part:
        part.write_text("一半", encoding="utf-8")
        raise error


@pytest.mark.parametrize(
    ("error", "words"),
    [(PermissionError(errno.EACCES, "denied"), "正被另一程序打开"), (OSError(errno.ENOSPC, "full"), "磁盘已满"), (OSError(errno.EIO, "坏道"), "坏道")],
)
def test_why_it_cannot_be_written(tmp_path: Path, error: OSError, words: str) -> None:
    """The cause in the words of the office, with what to do."""
    with pytest.raises(FileProblem, match=words) as said:
        _broken_off(tmp_path / "a.docx", error)
    assert said.value.hint


def test_a_folder_that_is_none_and_a_name_that_is_a_folder(tmp_path: Path) -> None:
    """Neither ends in a crash of tidying up."""
    (tmp_path / "file").write_text("", encoding="utf-8")
    with pytest.raises(FileProblem, match="没有文件夹"), whole_file(tmp_path / "file" / "a.xlsx") as part:
        part.write_text("", encoding="utf-8")
    (tmp_path / "taken.xlsx").mkdir()
    with pytest.raises(FileProblem, match="这个名字的文件夹"), whole_file(tmp_path / "taken.xlsx") as part:
        part.write_text("", encoding="utf-8")
