"""Photos are copied into the project, once, under a safe name."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from chuangwen.errors import FileProblem
from chuangwen.store.photos import keep_photo

JPEG = b"\xff\xd8\xff\xe0" + b"x" * 100


def test_a_photo_is_copied_with_its_digest(tmp_path: Path) -> None:
    """The stick may go; the same picture is kept once."""
    source = tmp_path / "U盘" / "整改前 1.jpg"
    source.parent.mkdir()
    source.write_bytes(JPEG)
    folder = tmp_path / "项目.files"

    kept = keep_photo(source, folder)
    again = keep_photo(source, folder)
    source.unlink()

    assert kept == again
    assert (folder / kept.path).read_bytes() == JPEG
    assert kept.sha256 == hashlib.sha256(JPEG).hexdigest()
    assert [path.name for path in folder.rglob("*.part")] == []
    assert Path(kept.path).parts[0] == "photos"


def test_what_is_no_picture_is_refused(tmp_path: Path) -> None:
    """A program renamed to .jpg, an empty file, a missing one."""
    wrong = tmp_path / "a.jpg"
    wrong.write_bytes(b"MZ\x90\x00")
    with pytest.raises(FileProblem, match="不是照片"):
        keep_photo(wrong, tmp_path / "f")
    with pytest.raises(FileProblem, match="无法读取"):
        keep_photo(tmp_path / "none.jpg", tmp_path / "f")
    assert not (tmp_path / "f").exists()
