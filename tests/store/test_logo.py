"""The office's logo goes with the project."""

from __future__ import annotations

from pathlib import Path

import pytest

from chuangwen.domain.imprint import Imprint
from chuangwen.errors import FileProblem
from chuangwen.store.logo import keep_logo

PNG = b"\x89PNG\r\n\x1a\n" + b"x" * 40


def test_a_logo_is_copied_once_under_a_name_of_ours(tmp_path: Path) -> None:
    """A USB stick is gone tomorrow; the same picture again is the same file."""
    source, folder = tmp_path / "区徽（最终版）.PNG", tmp_path / "区.files"
    source.write_bytes(PNG)
    path = keep_logo(source, folder)
    assert path == keep_logo(source, folder)
    assert (folder / path).read_bytes() == PNG
    assert [path] == [one.relative_to(folder).as_posix() for one in folder.rglob("*") if one.is_file()]
    assert Imprint(logo=path).checked().logo == path


@pytest.mark.parametrize("content", [b"<svg/>", b"", PNG + b"x" * 5 * 1024 * 1024])
def test_what_is_no_logo_is_refused(tmp_path: Path, content: bytes) -> None:
    """Nothing is copied."""
    source = tmp_path / "标志.png"
    source.write_bytes(content)
    with pytest.raises(FileProblem, match="不能用作标志"):
        keep_logo(source, tmp_path / "区.files")
    with pytest.raises(FileProblem, match="无法读取"):
        keep_logo(tmp_path / "没有.png", tmp_path / "区.files")
    assert not (tmp_path / "区.files").exists()
