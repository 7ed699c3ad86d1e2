"""A connection to a project file, and a transaction on it. Rollback journal and full sync: docs/decisions/0020."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

from sqlalchemy import Connection, Engine, create_engine
from sqlalchemy.exc import OperationalError
from sqlalchemy.pool import StaticPool

from chuangwen.errors import FileProblem
from chuangwen.store.geometry import bounds_of
from chuangwen.store.problems import damaged, told
from chuangwen.text import _

WAIT_MS = 5_000
"""How long to wait for another program's write."""
_SPILL_PAGES = 60_000
"""240 MB: a large import stays in memory until it is committed, so that others can read meanwhile; twice as fast as with SQLite's 2 MB."""


def connect(path: Path, mode: str) -> tuple[Engine, Connection]:
    """Open a file (`rw`; `rwc` makes it) with explicit transactions and the functions that GeoPackage's triggers call (facts.md 17)."""
    uri = f"file://{_uri_path(path)}?mode={mode}{'&immutable=1' if _left_in_wal(path) else ''}"

    def opened() -> sqlite3.Connection:
        found = sqlite3.connect(uri, uri=True, timeout=WAIT_MS / 1000, isolation_level=None)
        found.execute("PRAGMA foreign_keys = ON")
        found.execute("PRAGMA synchronous = EXTRA")
        found.execute(f"PRAGMA cache_spill = {_SPILL_PAGES}")
        found.create_function("ST_IsEmpty", 1, lambda blob: int(bounds_of(blob) is None), deterministic=True)
        for name, number in (("ST_MinX", 0), ("ST_MinY", 1), ("ST_MaxX", 2), ("ST_MaxY", 3)):
            found.create_function(name, 1, lambda blob, at=number: (bounds_of(blob) or (None,) * 4)[at], deterministic=True)
        return found

    engine = create_engine("sqlite://", creator=opened, poolclass=StaticPool, isolation_level="AUTOCOMMIT")
    with told(path):
        try:
            connection = engine.connect()
            connection.exec_driver_sql("SELECT count(*) FROM sqlite_master")  # the first look at the file
        except OperationalError as error:
            if getattr(error.orig, "sqlite_errorcode", 0) == sqlite3.SQLITE_ERROR:  # not our statements are wrong here: "unsupported file format"
                raise damaged() from error
            raise
    return engine, connection


@contextmanager
def transaction(connection: Connection) -> Iterator[None]:
    """All or nothing, on disk at the end."""
    _leave_wal(connection)
    connection.exec_driver_sql("BEGIN IMMEDIATE")
    try:
        yield
        connection.exec_driver_sql("COMMIT")
    except BaseException:
        if connection.connection.driver_connection.in_transaction:  # type: ignore[union-attr]
            connection.exec_driver_sql("ROLLBACK")
        raise


@contextmanager
def snapshot(connection: Connection) -> Iterator[None]:
    """Several questions about one state of the file; none of it is written."""
    connection.exec_driver_sql("BEGIN")
    try:
        yield
    finally:
        connection.exec_driver_sql("ROLLBACK")


def check_there(path: Path) -> None:
    """Raise `FileProblem` where there is no file to open."""
    try:
        if path.is_dir():
            raise FileProblem(_("{path} 是文件夹，不是项目文件。").format(path=path), hint=_("请选择文件夹里的 .gpkg 文件。"))
        if not path.exists():
            raise FileProblem(_("没有项目文件 {path}。").format(path=path), hint=_("请检查文件名，或新建一个项目。"))
    except OSError as error:
        raise FileProblem(_("无法打开 {file}：没有权限。").format(file=path), hint=_("请向管理员要权限，或把项目复制到自己的文件夹。")) from error


def _uri_path(path: Path) -> str:
    """The path in a URI as SQLite reads it: no host, so a Windows share has four slashes."""
    found = quote(path.absolute().as_posix(), safe="/:")
    return found if found.startswith("/") else f"/{found}"


def _left_in_wal(path: Path) -> bool:
    """Whether QGIS left the file in WAL and nothing may be written beside it: SQLite then reads it only on our word that nobody writes (facts.md 18)."""
    try:
        with path.open("rb") as file:
            wal = file.read(20)[18:20] == b"\x02\x02"
    except OSError:
        return False
    return wal and not os.access(path.parent, os.W_OK) and not path.with_name(path.name + "-wal").exists()


def _leave_wal(connection: Connection) -> None:
    """Bring back the rollback journal to a file that QGIS has turned to WAL, which fails on shares. While QGIS has it open, WAL stays."""
    if connection.exec_driver_sql("PRAGMA journal_mode").scalar() != "wal":
        return
    connection.exec_driver_sql("PRAGMA busy_timeout = 0")
    try:
        connection.exec_driver_sql("PRAGMA journal_mode = DELETE")
    except OperationalError as error:
        if getattr(error.orig, "sqlite_errorcode", 0) & 0xFF != sqlite3.SQLITE_BUSY:
            raise
    finally:
        connection.exec_driver_sql(f"PRAGMA busy_timeout = {WAIT_MS}")
