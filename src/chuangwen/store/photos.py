"""Photos beside the project: copied in, never linked to a USB stick that is gone tomorrow (domain.md 4.3)."""

from __future__ import annotations

import datetime as dt
import hashlib
import re
from dataclasses import dataclass
from pathlib import Path

from chuangwen.errors import FileProblem
from chuangwen.text import _

LARGEST = 50 * 1024 * 1024
_BEGINNINGS = (b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"BM", b"GIF8", b"RIFF", b"II*\x00", b"MM\x00*")
_UNSAFE = re.compile(r'[\\/:*?"<>|\x00-\x1f]+')


@dataclass(frozen=True, slots=True)
class Kept:
    """A photo in the project's folder: its path below it, the sender's name of the file, and its sha256."""

    path: str
    name: str
    sha256: str


def keep_photo(source: Path, folder: Path) -> Kept:
    """Copy a picture to `folder`/photos/YYYY/MM/. The same picture is kept once. Raises `FileProblem` for what is no picture or cannot be copied."""
    try:
        if source.stat().st_size > LARGEST:
            raise FileProblem(_("{file} 超过 50 MB，没有添加。").format(file=source.name), hint=_("请先压缩照片。"))
        content = source.read_bytes()
    except OSError as error:
        raise FileProblem(_("无法读取照片 {file}：{error}。").format(file=source.name, error=error.strerror)) from error
    if not content.startswith(_BEGINNINGS) and content[4:8] != b"ftyp":
        raise FileProblem(_("{file} 不是照片，没有添加。").format(file=source.name), hint=_("可以添加 jpg、png、bmp、gif、webp、heic。"))
    digest = hashlib.sha256(content).hexdigest()
    taken = dt.datetime.fromtimestamp(source.stat().st_mtime)
    name = _UNSAFE.sub("_", source.name)[-80:]
    path = Path("photos") / f"{taken:%Y}" / f"{taken:%m}" / f"{digest[:12]}_{name}"
    target = folder / path
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        if not target.exists():
            part = target.with_name(target.name + ".part")
            part.write_bytes(content)
            part.replace(target)
    except OSError as error:
        raise FileProblem(
            _("无法把照片复制到 {folder}：{error}。").format(folder=target.parent, error=error.strerror), hint=_("请检查磁盘空间和权限。")
        ) from error
    return Kept(path.as_posix(), source.name, digest)
