"""Whether the files of a run can be written where they are wanted: asked before the work, nothing is left behind."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

from chuangwen.services.paper.defects import ERROR, NOTE, WARNING, Defect
from chuangwen.services.paper.file_names import file_names, safe
from chuangwen.services.paper.sheet import Sheet
from chuangwen.text import _

_LONGEST_NAME = 240
"""Bytes: what every file system takes, with room for the ending of an unfinished file."""
_LONGEST_PATH = 255
"""Characters: a Windows program opens no more (MAX_PATH 260, less the ending of an unfinished file)."""


def target_defects(target: Path, sheets: Sequence[Sheet], day: str) -> Iterator[Defect]:
    """What is in the way of writing to `target`, a file (.pdf) or a folder with a file for each sheet."""
    if target.suffix.lower() == ".pdf":
        if not target.parent.is_dir():
            yield _wrong(_("没有文件夹 {folder}：请先建立它，或存到别处。").format(folder=target.parent))
            return
        yield from _folder(target.parent)
        yield from _file(target, None)
        return
    known = target
    while not known.exists() and known != known.parent:
        known = known.parent
    if not known.is_dir():
        yield _wrong(_("{path} 是一个文件，不能在里面建文件夹：请换一个文件夹。").format(path=known))
        return
    yield from _folder(known)
    for sheet, name in zip(sheets, file_names(sheets, day), strict=True):
        yield from _file(target / name, sheet)
        if safe(sheet.code) != sheet.code.strip():
            words = _("编号“{code}”里有文件名不能用的字符，文件名写成“{name}”。").format(code=sheet.code, name=name)
            yield Defect(severity=NOTE, kind="file_name", words=words, sheet=sheet, feature=_of(sheet))


def _folder(folder: Path) -> Iterator[Defect]:
    try:
        with tempfile.TemporaryFile(dir=folder):
            pass
    except OSError:
        yield _wrong(_("文件夹 {folder} 不能写入：请换一个文件夹，或向管理员要写入权限。").format(folder=folder))


def _file(path: Path, sheet: Sheet | None) -> Iterator[Defect]:
    if len(os.fsencode(path.name)) > _LONGEST_NAME:
        yield _wrong(_("文件名太长（{name}…）：请改短。").format(name=path.name[:20]), sheet)
        return
    if len(str(path.absolute())) > _LONGEST_PATH:
        words = _("{name}：连同文件夹的路径太长，Windows 打不开：请存到靠近盘符的文件夹。").format(name=path.name)
        yield Defect(severity=WARNING, kind="target", words=words, sheet=sheet)
    if not path.exists():
        return
    try:
        with path.open("r+b"):
            pass
    except OSError:
        yield _wrong(_("{file} 正被另一程序打开，或不允许改写：请关闭它，或换一个文件名。").format(file=path.name), sheet)


def _wrong(words: str, sheet: Sheet | None = None) -> Defect:
    return Defect(severity=ERROR, kind="target", words=words, sheet=sheet)


def _of(sheet: Sheet) -> tuple[str, str] | None:
    return (sheet.subject.layer, sheet.subject.id) if sheet.subject is not None else None
