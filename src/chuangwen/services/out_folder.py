"""Several files into one folder: all of them or none. Made in a folder beside, moved in when every one is whole, taken away where what follows fails."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import TypeVar

from chuangwen.errors import FileProblem
from chuangwen.text import _

Answer = TypeVar("Answer")


def written_whole(
    folder: Path,
    names: Sequence[str],
    write: Callable[[Path], object],
    then: Callable[[list[Path]], Answer],
    is_left_over: Callable[[Path], bool] = lambda _path: False,
) -> Answer:
    """Have `write` put the files `names` into a folder that it is given, move them to `folder` (made where it is missing), and do `then` with their paths.

    A file of that name that `is_left_over` from a step that was taken back is kept beside under another name. Raises `FileProblem` where any other is
    there already or the disk will not, and whatever `write` and `then` raise; then no file is left and none has another name.
    """
    placed: list[Path] = []
    aside: list[tuple[Path, Path]] = []
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name in names:
            if (folder / name).exists() and is_left_over(folder / name):
                aside.append((folder / name, _other_name(folder / name)))
                aside[-1][0].rename(aside[-1][1])
        _check_free(folder, names)
        with tempfile.TemporaryDirectory(prefix=".chuangwen-", dir=folder) as beside:
            write(Path(beside))
            for name in names:
                shutil.move(Path(beside) / name, folder / name)
                placed.append(folder / name)
        return then(placed)
    except BaseException as error:
        for path in placed:
            with suppress(OSError):
                path.unlink()
        for path, other in aside:
            with suppress(OSError):
                other.rename(path)
        if isinstance(error, OSError):
            message = _("无法写入 {folder}：{error}。").format(folder=folder, error=error.strerror or error)
            raise FileProblem(message, hint=_("请检查磁盘空间和权限，或换一个文件夹。")) from error
        raise


def _other_name(path: Path) -> Path:
    """A name beside it that is free and says what it is."""
    for number in range(1, 1000):
        other = path.with_name(_("已撤销{number}_{name}").format(number=number if number > 1 else "", name=path.name))
        if not other.exists():
            return other
    return path


def _check_free(folder: Path, names: Sequence[str]) -> None:
    taken = [name for name in names if (folder / name).exists()]
    if taken:
        raise FileProblem(_("文件夹里已经有 {file}。").format(file=taken[0]), hint=_("请移走它，或换一个文件夹。"))
