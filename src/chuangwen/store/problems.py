"""What SQLite says, in the planner's words. A wrong query is our bug and stays what it is."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy.exc import DBAPIError

from chuangwen.errors import DataProblem, FileProblem, UserError
from chuangwen.text import _

_UNDECODED = "Could not decode to UTF-8"  # the driver's own sentence, without a code


@contextmanager
def told(path: Path) -> Iterator[None]:
    """Turn the database's complaints about `path` into sentences with a remedy."""
    try:
        yield
    except DBAPIError as error:
        sentence = _sentence(error.orig, path)
        if sentence is None:
            raise
        raise sentence from error
    except (sqlite3.Error, OverflowError, UnicodeError) as error:
        sentence = _sentence(error, path)
        if sentence is None:
            raise
        raise sentence from error


def damaged() -> FileProblem:
    """What to say where a text that we wrote ourselves cannot be read back."""
    return FileProblem(_("项目文件里的记录已损坏。"), hint=_("请用备份，或向发来文件的人重新要一份。"))


def _sentence(error: BaseException | None, path: Path) -> UserError | None:
    if isinstance(error, OverflowError):
        return DataProblem(_("数字太大，无法保存。"), hint=_("请检查是否把编号当成了数字。"))
    if isinstance(error, UnicodeEncodeError):
        text = error.object[max(0, error.start - 10) : error.start + 10].encode(errors="replace").decode()
        return DataProblem(_("“{text}”里有损坏的字符，无法保存。").format(text=text), hint=_("请重新输入这段文字。"))
    code = getattr(error, "sqlite_errorcode", 0) & 0xFF
    name = path.name
    if getattr(error, "sqlite_errorcode", 0) in (sqlite3.SQLITE_READONLY_ROLLBACK, sqlite3.SQLITE_READONLY_RECOVERY, sqlite3.SQLITE_READONLY_CANTLOCK):
        sentence = _("{file} 上次没有写完，要在可写的文件夹里才能恢复。").format(file=name)
        return FileProblem(sentence, hint=_("请连同旁边的 -journal 或 -wal 文件一起复制到本机再打开。"))
    if code in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
        return FileProblem(_("{file} 正被另一程序使用，没有写入。").format(file=name), hint=_("请关闭另一程序（或等它完成）后重试。"))
    if code == sqlite3.SQLITE_READONLY:
        return FileProblem(_("{file} 是只读的，没有写入。").format(file=name), hint=_("请把项目复制到可写的文件夹再打开。"))
    if code == sqlite3.SQLITE_FULL:
        return FileProblem(_("磁盘已满，{file} 没有写入。").format(file=name), hint=_("请腾出空间后重试，原有内容没有改变。"))
    if code == sqlite3.SQLITE_IOERR:
        return FileProblem(_("读写 {file} 时磁盘出错，没有写入。").format(file=name), hint=_("请检查 U 盘或网络盘是否还连着。"))
    if code in (sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_PERM, sqlite3.SQLITE_AUTH):
        return FileProblem(_("无法打开 {file}，或无法在它的文件夹里写入。").format(file=path), hint=_("请检查文件夹是否存在、是否有权限。"))
    if code in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB) or isinstance(error, UnicodeDecodeError) or str(error).startswith(_UNDECODED):
        return FileProblem(_("{file} 已损坏或不是项目文件。").format(file=name), hint=_("请用备份，或向发来文件的人重新要一份。"))
    if code == sqlite3.SQLITE_TOOBIG:
        return DataProblem(_("内容太长，无法保存。"))
    return None
