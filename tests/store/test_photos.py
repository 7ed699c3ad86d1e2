"""Photos are copied into the project, once, under a safe name."""

from __future__ import annotations

import datetime as dt
import hashlib
import os
from pathlib import Path

import pytest

from chuangwen.errors import FileProblem
from chuangwen.store import photos
from chuangwen.store.photos import Kept, kept_as, write_kept

JPEG = b"\xff\xd8\xff\xe0" + b"x" * 100


@pytest.fixture
def source(tmp_path: Path) -> Path:
    """A photo on a stick, taken in June."""
    found = tmp_path / "U盘" / "整改前 1.jpg"
    found.parent.mkdir()
    found.write_bytes(JPEG)
    os.utime(found, (1_717_400_000, 1_717_400_000))
    return found


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The project's folder, which does not exist yet."""
    return tmp_path / "项目.files"


def files(folder: Path) -> list[str]:
    """All files in a folder."""
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())


def keep_photo(source: Path, folder: Path) -> Kept:
    """A photo kept as those who attach it keep it."""
    content = source.read_bytes()
    kept = kept_as(source.name, content, dt.datetime.fromtimestamp(source.stat().st_mtime))
    write_kept(kept, content, folder)
    return kept


def test_a_photo_is_copied_with_its_digest(source: Path, folder: Path) -> None:
    """The stick may go; the same picture is kept once; the place says the month, the name where it came from."""
    kept = keep_photo(source, folder)
    assert kept == keep_photo(source, folder)
    source.unlink()
    assert JPEG == (folder / kept.path).read_bytes()
    assert (hashlib.sha256(JPEG).hexdigest(), "整改前 1.jpg") == (kept.sha256, kept.name)
    assert f"photos/2024/06/{kept.sha256[:12]}_整改前 1.jpg" == kept.path
    assert [kept.path] == files(folder)


def test_two_pictures_of_one_name_are_both_kept(source: Path, folder: Path) -> None:
    """Every camera has an IMG_0001."""
    first = keep_photo(source, folder)
    source.write_bytes(JPEG + b"y")
    os.utime(source, (1_717_400_000, 1_717_400_000))
    second = keep_photo(source, folder)
    assert sorted([first.path, second.path]) == files(folder)
    assert JPEG == (folder / first.path).read_bytes()


@pytest.mark.parametrize("name", ["a" * 200 + ".jpg", "..", "CON .jpg", "图:片*?.jpg", "x.jpg. . "])
def test_any_name_becomes_a_safe_one(source: Path, folder: Path, name: str) -> None:
    """Windows refuses colons, question marks and trailing dots; nothing leaves the folder."""
    wild = type("Wild", (type(source),), {"name": name})(source) if name == ".." else source.rename(source.with_name(name))
    kept = keep_photo(wild, folder)
    last = Path(kept.path).name
    assert len(last) <= 93
    assert not set(last) & set('\\/:*?"<>|')
    assert last == last.rstrip(" .")
    assert [kept.path] == files(folder)


@pytest.mark.parametrize("content", [b"", b"MZ\x90\x00", b"RIFF\x00\x00\x00\x00WAVEfmt ", b"\x00\x00\x00\x18ftypmp42", b"%PDF-1.7", "照片".encode()])
def test_what_is_no_picture_is_refused(source: Path, folder: Path, content: bytes) -> None:
    """By what is in it: a program, a sound, a film, a PDF renamed to .jpg."""
    source.write_bytes(content)
    with pytest.raises(FileProblem, match="不是照片") as refusal:
        keep_photo(source, folder)
    assert refusal.value.hint
    assert not folder.exists()


@pytest.mark.parametrize("content", [JPEG, b"\x89PNG\r\n\x1a\n", b"BM", b"GIF89a", b"RIFF\x00\x00\x00\x00WEBPVP8 ", b"\x00\x00\x00\x18ftypheic", b"II*\x00"])
def test_what_cameras_and_wechat_send_is_taken(source: Path, folder: Path, content: bytes) -> None:
    """jpg, png, bmp, gif, webp, heic, tif."""
    source.write_bytes(content)
    assert (folder / keep_photo(source, folder).path).exists()


def test_a_huge_picture_is_refused(source: Path, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """With what to do about it; nothing is made."""
    monkeypatch.setattr(photos, "LARGEST", 50)
    with pytest.raises(FileProblem, match="超过 50 MB") as refusal:
        keep_photo(source, folder)
    assert refusal.value.hint
    assert not folder.exists()


def test_a_folder_that_cannot_be_made_leaves_nothing(source: Path, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file stands in its place; the disk is full in the middle of the copy."""
    folder.write_text("")
    with pytest.raises(FileProblem, match="无法把图片复制到"):
        keep_photo(source, folder)
    folder.unlink()

    def full(path: Path, content: bytes) -> int:
        with path.open("wb") as half:
            half.write(content[:10])
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "write_bytes", full)
    with pytest.raises(FileProblem, match="No space left"):
        keep_photo(source, folder)
    assert [] == files(folder)
