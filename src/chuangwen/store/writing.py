"""Writing the changes of an edit: in batches of one kind, each checked against what the rows hold."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import Any

import numpy as np
import shapely
from sqlalchemy import Connection, Table, bindparam, delete, func, insert, select, update
from sqlalchemy.exc import IntegrityError

from chuangwen.domain.change import Change
from chuangwen.domain.layer import Layer
from chuangwen.domain.values import GEOMETRY
from chuangwen.errors import Conflict
from chuangwen.progress import Progress
from chuangwen.store import log, schema
from chuangwen.store.geometry import from_blob, same, to_blobs
from chuangwen.store.rows import digest, from_stored, to_log, to_stored
from chuangwen.text import _

BATCH = 5_000
_BULK = 1_000
"""From so many added rows on, the R-tree is filled in one go instead of by its trigger."""
_ASKED_AT_ONCE = 500  # SQLite's limit of parameters is 999 in old builds


def write_changes(connection: Connection, table: Table, layer: Layer, changes: Sequence[Change], step: int, srs: int, progress: Progress) -> None:
    """Write the changes of one layer, and their log rows. Raises `Conflict`; the caller's transaction then takes all back."""
    for kind, run in groupby(changes, key=_kind):
        one_kind = list(run)
        if kind == "a" and len(one_kind) >= _BULK:
            _add_many(connection, table, layer, one_kind, step, srs, progress)
            continue
        for number in range(0, len(one_kind), BATCH):
            progress.at(number, len(one_kind), layer.title)
            batch = one_kind[number : number + BATCH]
            if kind == "a":
                _add(connection, table, layer, batch, step, srs)
            else:
                _replace(connection, table, layer, batch, step, srs)


def _kind(change: Change) -> str:
    return "a" if change.before is None else "r" if change.after is None else "u"


def _rows(table: Table, layer: Layer, changes: Sequence[Change], srs: int) -> tuple[list[str], list[tuple[Any, ...]]]:
    """Names of the columns that have anything, and the raw rows of added features."""
    columns: dict[str, Sequence[Any]] = {"id": [change.id for change in changes]}
    after = [change.after or {} for change in changes]
    if layer.has_geometry:
        geometry = np.empty(len(changes), dtype=object)
        geometry[:] = [values.get(GEOMETRY) for values in after]
        columns["geom"] = to_blobs(geometry, srs)
    given = set().union(*(values.keys() for values in after))
    for field in layer.fields:
        if field.name in given:
            stored = to_stored(field)
            columns[field.name] = [None if value is None else stored(value) for value in [values.get(field.name) for values in after]]
    filled = {name: values for name, values in columns.items() if name == "id" or any(value is not None for value in values)}
    return list(filled), list(zip(*filled.values(), strict=True))


def _add(connection: Connection, table: Table, layer: Layer, changes: Sequence[Change], step: int, srs: int) -> None:
    names, rows = _rows(table, layer, changes, srs)
    _insert(connection, table, names, rows, layer)
    log.note_rows(connection, _added(names, rows, changes, step))


def _insert(connection: Connection, table: Table, names: list[str], rows: list[tuple[Any, ...]], layer: Layer) -> None:
    # The text comes from SQLAlchemy, the rows go to SQLite as they are: half the time of one dictionary a row.
    statement = insert(table).values({name: bindparam(name) for name in names}).compile(dialect=connection.dialect)
    order = [names.index(name) for name in statement.positiontup or names]
    given = rows if order == list(range(len(names))) else [tuple(row[number] for number in order) for row in rows]
    try:
        connection.exec_driver_sql(str(statement), given)
    except IntegrityError as error:
        raise Conflict(_("{layer}中已有同一条记录，没有写入。").format(layer=layer.title), layer.id, "", {}) from error


def _added(names: list[str], rows: list[tuple[Any, ...]], changes: Sequence[Change], step: int) -> Iterator[tuple[Any, ...]]:
    for change, row in zip(changes, rows, strict=True):
        yield step, change.layer, change.id, "a", None, None, None, None, digest(names, row)


def _add_many(connection: Connection, table: Table, layer: Layer, changes: Sequence[Change], step: int, srs: int, progress: Progress) -> None:
    """An import: the R-tree's insert trigger calls four Python functions a row, so it is dropped, the tree filled from arrays, the trigger made again."""
    statements = schema.rtree_statements(table.name)
    if layer.has_geometry:
        connection.exec_driver_sql(f'DROP TRIGGER "rtree_{table.name}_geom_insert"')
    first = (connection.execute(select(func.max(table.c.fid))).scalar() or 0) + 1
    for number in range(0, len(changes), BATCH):
        progress.at(number, len(changes), layer.title)
        batch = changes[number : number + BATCH]
        names, rows = _rows(table, layer, batch, srs)
        numbered = [(fid, *row) for fid, row in enumerate(rows, first + number)]
        _insert(connection, table, ["fid", *names], numbered, layer)
        log.note_rows(connection, _added(names, rows, batch, step))
        if layer.has_geometry:
            geometry = np.empty(len(batch), dtype=object)
            geometry[:] = [(change.after or {}).get(GEOMETRY) for change in batch]
            boxes = shapely.bounds(geometry)
            there = np.flatnonzero(~np.isnan(boxes[:, 0]))
            entries = [(first + number + at, x0, x1, y0, y1) for at, (x0, y0, x1, y1) in zip(there.tolist(), boxes[there].tolist(), strict=True)]
            if entries:
                connection.exec_driver_sql(f'INSERT INTO "rtree_{table.name}_geom" VALUES (?, ?, ?, ?, ?)', entries)  # noqa: S608
    if layer.has_geometry:
        connection.exec_driver_sql(statements["insert"])


def _replace(connection: Connection, table: Table, layer: Layer, changes: Sequence[Change], step: int, srs: int) -> None:
    """Update or remove rows whose touched columns still hold `before`. A row changed twice in one edit is checked and written in order."""
    seen: set[str] = set()
    for number, change in enumerate(changes):
        if change.id in seen:
            _replace(connection, table, layer, changes[:number], step, srs)
            _replace(connection, table, layer, changes[number:], step, srs)
            return
        seen.add(change.id)
    _check(connection, table, layer, changes)
    codecs = {field.name: to_stored(field) for field in layer.fields}
    logged = []
    for columns, run in groupby(changes, key=lambda change: None if change.after is None else tuple(change.after)):
        same_columns = list(run)
        if columns is None:
            connection.execute(delete(table).where(table.c.id == bindparam("row")), [{"row": change.id} for change in same_columns])
        else:
            targets: dict[str, Any] = {"geom" if name == GEOMETRY else name: bindparam(f"to_{name}") for name in columns}
            connection.execute(update(table).where(table.c.id == bindparam("row")).values(targets), _parameters(same_columns, codecs, srs))
        for change in same_columns:
            before, before_blob = to_log(change.before, srs)
            after, after_blob = to_log(change.after, srs)
            logged.append((step, change.layer, change.id, _kind(change), before, after, before_blob, after_blob, None))
    log.note_rows(connection, logged)


def _parameters(changes: Sequence[Change], codecs: dict[str, Any], srs: int) -> list[dict[str, Any]]:
    geometry = np.empty(len(changes), dtype=object)
    geometry[:] = [(change.after or {}).get(GEOMETRY) for change in changes]
    blobs = to_blobs(geometry, srs)
    return [
        {"row": change.id, **{f"to_{name}": blob if name == GEOMETRY else codecs[name](value) for name, value in (change.after or {}).items()}}
        for change, blob in zip(changes, blobs, strict=True)
    ]


def _check(connection: Connection, table: Table, layer: Layer, changes: Sequence[Change]) -> None:
    now: dict[str, Any] = {}
    ids = [change.id for change in changes]
    for number in range(0, len(ids), _ASKED_AT_ONCE):
        for found in connection.execute(select(table).where(table.c.id.in_(ids[number : number + _ASKED_AT_ONCE]))):
            now[found.id] = found._asdict()
    codecs = {field.name: to_stored(field) for field in layer.fields}
    for change in changes:
        row = now.get(change.id)
        if row is None:
            raise Conflict(_("{layer}中的这条记录已被别人删除，没有写入。").format(layer=layer.title), layer.id, change.id, {})
        differing = [name for name, value in (change.before or {}).items() if not _holds(row, name, value, codecs)]
        if differing:
            raise _conflict(layer, change, row, differing)


def _holds(row: Any, name: str, value: Any, codecs: dict[str, Any]) -> bool:
    if name == GEOMETRY:
        return "geom" not in row or same(row["geom"], value)
    return name not in codecs or row[name] == codecs[name](value)


def _conflict(layer: Layer, change: Change, row: Any, differing: list[str]) -> Conflict:
    now = {}
    titles = []
    for name in differing:
        if name == GEOMETRY:
            now[name] = from_blob(row["geom"])
            titles.append(_("位置"))
        else:
            read = from_stored(layer.field(name))
            now[name] = read(row[name]) if read else row[name]
            titles.append(layer.field(name).title)
    return Conflict(
        _("{what} 的{titles}刚被别人改过，没有写入。").format(what=row["code"] or row["name"] or layer.title, titles="、".join(titles)),
        layer.id,
        change.id,
        now,
        hint=_("请看一下现在的内容，再决定是否修改。"),
    )
