"""GeoPackages that others send: which of their layers are plain tables. A view or a virtual table may run anything, for ever, or read other files."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path
from urllib.request import pathname2url

_TABLES = "SELECT name FROM sqlite_master WHERE type = 'table' AND lower(sql) NOT LIKE 'create virtual%'"


def plain_tables(path: Path) -> frozenset[str] | None:
    """The names of the tables that hold rows of their own; None where SQLite cannot read the file. Writes nothing beside it.

    A `path` with a -wal beside it must be a copy of ours: what stands there counts.
    """
    how = "mode=ro" if path.with_name(path.name + "-wal").exists() else "mode=ro&immutable=1"
    try:
        with closing(sqlite3.connect(f"file:{pathname2url(str(path.absolute()))}?{how}", uri=True)) as connection:
            return frozenset(str(name) for (name,) in connection.execute(_TABLES))
    except sqlite3.Error:
        return None
