"""One file, whole or not at all: written under a name beside and renamed. What the disk refuses is one sentence with its cause and remedy."""

from __future__ import annotations

import errno
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from chuangwen.errors import FileProblem
from chuangwen.text import _

_FULL = (errno.ENOSPC, getattr(errno, "EDQUOT", errno.ENOSPC), errno.EFBIG)


@contextmanager
def whole_file(path: Path) -> Iterator[Path]:
    """The name to write to instead of `path`, in the same folder. At the end it takes the place of what lay at `path`.

    Raises `FileProblem` for every `OSError` in between. Whatever goes wrong, what lay at `path` is as it was and nothing is left beside it.
    """
    part = beside(path)
    try:
        yield part
        part.replace(path)
    except OSError as error:
        raise unwritable(path, error) from error
    finally:
        with suppress(OSError):  # it is renamed by now, or its folder is a file
            part.unlink(missing_ok=True)


def beside(path: Path) -> Path:
    """The name that a file has until it is whole."""
    return path.with_name(f"{path.name}.part")


def unwritable(path: Path, error: OSError) -> FileProblem:
    """Why a file cannot be written, and what to do."""
    if isinstance(error, PermissionError):
        return FileProblem(_("无法写入 {file}：文件正被另一程序打开，或文件夹不可写。").format(file=path.name), hint=_("请关闭它或换一个文件夹后重试。"))
    if not path.parent.is_dir():
        return FileProblem(_("没有文件夹 {folder}。").format(folder=path.parent), hint=_("请先建立它。"))
    if path.is_dir():
        return FileProblem(_("无法写入 {file}：已经有这个名字的文件夹。").format(file=path.name), hint=_("请换一个文件名。"))
    if error.errno in _FULL:
        return FileProblem(_("无法写入 {file}：磁盘已满。").format(file=path.name), hint=_("请腾出空间，或换一个磁盘后重试。"))
    return FileProblem(_("无法写入 {file}：{error}。").format(file=path, error=error.strerror or error), hint=_("请换一个文件夹后重试。"))
