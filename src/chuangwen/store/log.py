"""The change log: what every edit did to every row, written in the edit's own transaction."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any

from sqlalchemy import Connection, insert, literal_column, select

from chuangwen.domain.change import Edit, RowStep, Step
from chuangwen.store.base import ImportRecord
from chuangwen.store.rows import from_log
from chuangwen.store.schema import CHANGE, IMPORT, STEP


def open_step(connection: Connection, edit: Edit, by: str, kind: str, of: int | None) -> Step:
    """Write the head of an edit and give it its number."""
    at = dt.datetime.now().replace(microsecond=0)
    row = {"label": edit.label, "at": at.isoformat(), "by": by, "kind": kind, "of": of, "rows": len(edit.changes), "import_id": edit.import_id}
    number = connection.execute(insert(STEP), row).inserted_primary_key[0]  # type: ignore[index]
    return Step(number, edit.label, at, by, kind, of, len(edit.changes))


LOGGED = ("step", "layer", "row_id", "op", "before", "after", "before_geometry", "after_geometry", "digest")


def note_rows(connection: Connection, rows: Iterable[tuple[Any, ...]]) -> None:
    """Write what happened to rows, in the order of `LOGGED`."""
    statement = str(insert(CHANGE).compile(dialect=connection.dialect))
    connection.exec_driver_sql(statement, list(rows))


def note_import(connection: Connection, record: ImportRecord) -> None:
    """Write where imported features came from."""
    row = {column.name: getattr(record, column.name) for column in IMPORT.columns}
    connection.execute(insert(IMPORT), row | {"at": record.at.isoformat()})


def steps(connection: Connection, since: int) -> list[Step]:
    """The edits above a number, oldest first."""
    return [_step(row) for row in connection.execute(select(STEP).where(STEP.c.number > since).order_by(STEP.c.number))]


def step(connection: Connection, number: int) -> tuple[Step, str]:
    """One edit's head and the import it belongs to."""
    row = connection.execute(select(STEP).where(STEP.c.number == number)).one()
    return _step(row), row.import_id


def changes(connection: Connection, number: int) -> list[Any]:
    """The rows of one edit, in the order they were written."""
    return list(connection.execute(select(CHANGE).where(CHANGE.c.step == number).order_by(literal_column("rowid"))))


def row_steps(connection: Connection, layer: str, row_id: str) -> list[RowStep]:
    """What happened to one row, newest first."""
    query = select(CHANGE, STEP).join(STEP, STEP.c.number == CHANGE.c.step).where(CHANGE.c.layer == layer, CHANGE.c.row_id == row_id)
    return [
        RowStep(_step(row), layer, row_id, from_log(row.before, row.before_geometry), from_log(row.after, row.after_geometry))
        for row in connection.execute(query.order_by(STEP.c.number.desc()))
    ]


def touched_since(connection: Connection, number: int) -> dict[str, set[str]]:
    """Layer → ids in edits above a number."""
    found: dict[str, set[str]] = {}
    for row in connection.execute(select(CHANGE.c.layer, CHANGE.c.row_id).where(CHANGE.c.step > number).distinct()):
        found.setdefault(row.layer, set()).add(row.row_id)
    return found


def imports(connection: Connection) -> list[ImportRecord]:
    """All imports, newest first."""
    rows = connection.execute(select(IMPORT).order_by(IMPORT.c.at.desc()))
    return [ImportRecord(**{**row._asdict(), "at": dt.datetime.fromisoformat(row.at)}) for row in rows]


def _step(row: Any) -> Step:
    return Step(row.number, row.label, dt.datetime.fromisoformat(row.at), row.by, row.kind, row.of, row.rows)
