"""The office's logo beside the project: copied in, so that the project prints the same on another machine."""

from __future__ import annotations

import hashlib
from pathlib import Path

from chuangwen.errors import FileProblem
from chuangwen.store.photos import Kept, write_kept
from chuangwen.text import _

LARGEST = 5 * 1024 * 1024
"""Bytes: more makes every sheet heavy."""
_ENDINGS = {b"\x89PNG\r\n\x1a\n": ".png", b"\xff\xd8\xff": ".jpg"}


def keep_logo(source: Path, folder: Path) -> str:
    """Copy a logo to `folder`/logo/ and give its path below `folder`. Raises `FileProblem` for what cannot be read, printed or copied."""
    try:
        content = source.read_bytes()
    except OSError as error:
        raise FileProblem(_("无法读取标志 {file}：{error}。").format(file=source.name, error=error.strerror), hint=_("请检查文件是否还在。")) from error
    ending = next((ending for beginning, ending in _ENDINGS.items() if content.startswith(beginning)), "")
    if not ending or len(content) > LARGEST:
        raise FileProblem(_("{file} 不能用作标志。").format(file=source.name), hint=_("请用 5 MB 以内的 png 或 jpg 图片。"))
    digest = hashlib.sha256(content).hexdigest()
    path = f"logo/{digest[:12]}{ending}"
    write_kept(Kept(path, source.name, digest), content, folder)
    return path
