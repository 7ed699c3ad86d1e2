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


def keep_photo(source: Path, folder: Path) -> Kept:
    """Copy a picture to `folder`/photos/YYYY/MM/. The same picture is kept once. Raises `FileProblem` for what is no picture or cannot be copied."""
    try:
        about = source.stat()
        if about.st_size > LARGEST:
            raise FileProblem(_("{file} 超过 50 MB，没有添加。").format(file=source.name), hint=_("请先压缩照片。"))
        content = source.read_bytes()
    except OSError as error:
        raise FileProblem(
            _("无法读取照片 {file}：{error}。").format(file=source.name, error=error.strerror), hint=_("请检查文件是否还在、U 盘是否还连着。")
        ) from error
    if not _is_picture(content):
        raise FileProblem(_("{file} 不是照片，没有添加。").format(file=source.name), hint=_("可以添加 jpg、png、bmp、gif、tif、webp、heic。"))
    digest = hashlib.sha256(content).hexdigest()
    written = dt.datetime.fromtimestamp(about.st_mtime)
    name = _UNSAFE.sub("_", source.name)[-80:].rstrip(" .")
    path = Path("photos") / f"{written:%Y}" / f"{written:%m}" / f"{digest[:12]}_{name}"
    target = folder / path
    part = target.with_name(target.name + ".part")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        if not target.exists():
            part.write_bytes(content)
            part.replace(target)
    except OSError as error:
        with suppress(OSError):  # what cannot be written may be impossible to tidy as well
            part.unlink(missing_ok=True)
        sentence = _("无法把照片复制到 {folder}：{error}。").format(folder=target.parent, error=error.strerror)
        raise FileProblem(sentence, hint=_("请检查磁盘空间和权限。")) from error
    return Kept(path.as_posix(), source.name, digest)


def _is_picture(content: bytes) -> bool:
    """By its first bytes: a name says nothing."""
    if content.startswith(b"RIFF"):
        return content[8:12] == b"WEBP"
    return content.startswith(_BEGINNINGS) or (content[4:8] == b"ftyp" and content[8:12] in _HEIF)
