"""Photos beside the project: copied in, never linked to a USB stick that is gone tomorrow (domain.md 4.3)."""

from __future__ import annotations

import datetime as dt
import hashlib
import re
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from chuangwen.errors import FileProblem
from chuangwen.text import _

LARGEST = 50 * 1024 * 1024  # bytes
_BEGINNINGS = (b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"BM", b"GIF8", b"II*\x00", b"MM\x00*")
_HEIF = (b"heic", b"heix", b"heim", b"heis", b"hevc", b"mif1", b"msf1", b"avif")
_UNSAFE = re.compile(r'[\\/:*?"<>|\x00-\x1f]+')


@dataclass(frozen=True, slots=True)
class Kept:
    """A photo in the project's folder: its path below it, the sender's name of the file, and its sha256."""

    path: str
    name: str
    sha256: str


def kept_as(name: str, content: bytes, at: dt.datetime) -> Kept:
    """Where a picture of this name and content, taken or written `at`, will lie. Raises `FileProblem` for what is no picture."""
    if len(content) > LARGEST:
        raise _too_large(name)
    if not _is_picture(content):
        raise FileProblem(_("{file} 不是照片，没有添加。").format(file=name), hint=_("可以添加 jpg、png、bmp、gif、tif、webp、heic。"))
    digest = hashlib.sha256(content).hexdigest()
    safe = _UNSAFE.sub("_", name)[-80:].rstrip(" .")
    return Kept((Path("photos") / f"{at:%Y}" / f"{at:%m}" / f"{digest[:12]}_{safe}").as_posix(), name, digest)


def write_kept(kept: Kept, content: bytes, folder: Path) -> bool:
    """Write a picture to its place below `folder`; whether it was not there yet. Raises `FileProblem` where the disk will not."""
    target = folder / kept.path
    part = target.with_name(target.name + ".part")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        if target.exists():
            return False
        part.write_bytes(content)
        part.replace(target)
    except OSError as error:
        with suppress(OSError):  # what cannot be written may be impossible to tidy as well
            part.unlink(missing_ok=True)
        sentence = _("无法把图片复制到 {folder}：{error}。").format(folder=target.parent, error=error.strerror)
        raise FileProblem(sentence, hint=_("请检查磁盘空间和权限。")) from error
    return True


def _too_large(name: str) -> FileProblem:
    return FileProblem(_("{file} 超过 50 MB，没有添加。").format(file=name), hint=_("请先压缩照片。"))


def _is_picture(content: bytes) -> bool:
    """By its first bytes: a name says nothing."""
    if content.startswith(b"RIFF"):
        return content[8:12] == b"WEBP"
    return content.startswith(_BEGINNINGS) or (content[4:8] == b"ftyp" and content[8:12] in _HEIF)
