"""The change log: what every edit did to every row, written in the edit's own transaction."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Collection, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, func, insert, inspect, literal_column, or_, select

from chuangwen.domain.change import Edit, RowStep, Step
from chuangwen.store.base import Update
from chuangwen.store.geometry import from_blob
from chuangwen.store.inserting import insert_rows
from chuangwen.store.problems import damaged
from chuangwen.store.rows import from_log
from chuangwen.store.schema import CHANGE, STEP


def open_step(connection: Connection, edit: Edit, at: dt.datetime, by: str, role: str, kind: str, of: int | None) -> Step:
    """Write the head of an edit and give it its number."""
    head = {"label": edit.label, "at": at.isoformat(), "by": by, "kind": kind, "of": of, "rows": len(edit.changes), "import_id": edit.import_id}
    number = connection.execute(insert(STEP), head | {"role": role}).inserted_primary_key[0]  # type: ignore[index]
    return Step(number, edit.label, at, by, kind, of, len(edit.changes), role)


_LOGGED = ("step", "layer", "op", "row_id", "before", "after", "before_geometry", "after_geometry")
Logged = tuple[int, str, str, str, str | None, str | None, bytes | None, bytes | None]
"""What an update or a removal did to one row, in the order of the columns named above."""


def note_rows(connection: Connection, rows: Sequence[Logged]) -> None:
    """Write what updates and removals did."""
    insert_rows(connection, CHANGE, _LOGGED, rows)


def note_added(connection: Connection, step: int, layer: str, ids: Sequence[str], digest: bytes) -> None:
    """Write which rows were added. Their values stand in the layer's table; the digest tells whether they still do (docs/decisions/0022)."""
    row = {"step": step, "layer": layer, "op": "a", "added": json.dumps(ids, separators=(",", ":")), "digest": digest}
    connection.execute(insert(CHANGE), row)


def has_roles(connection: Connection) -> bool:
    """Whether the log of this file says in which role somebody acted (version 1.3)."""
    return any(column["name"] == STEP.c.role.name for column in inspect(connection).get_columns(STEP.name))


def steps(connection: Connection, since: int, roles: bool) -> list[Step]:
    """The edits above a number, oldest first. `roles`: whether the file has them, here and below."""
    return [_step(row) for row in connection.execute(_heads(roles).where(STEP.c.number > since).order_by(STEP.c.number))]


def step(connection: Connection, number: int) -> tuple[Step, str]:
    """One edit's head, without the role, and the import it belongs to."""
    row = connection.execute(_heads(roles=False).where(STEP.c.number == number)).first()
    if row is None:
        raise damaged()
    return _step(row), row.import_id


def changes(connection: Connection, number: int) -> list[Any]:
    """What one edit did, as logged, in the order it was written."""
    return list(connection.execute(select(CHANGE).where(CHANGE.c.step == number).order_by(CHANGE.c.number)))


def ids_of(added: str | None) -> list[str]:
    """The ids in a log row of added rows."""
    try:
        return [str(one) for one in json.loads(added or "")]
    except (ValueError, TypeError) as error:
        raise damaged() from error


def row_steps(connection: Connection, layer: str, row_id: str, roles: bool) -> list[RowStep]:
    """What happened to one row, newest first."""
    # Both tables have a `number`: the change's is called otherwise here, so that `_step` reads the step's.
    told = [CHANGE.c[name] for name in ("before", "after", "before_geometry", "after_geometry")]
    joined = select(CHANGE.c.number.label("change"), *told, *_head_columns(roles)).join(STEP, STEP.c.number == CHANGE.c.step).where(CHANGE.c.layer == layer)
    # The words of the two partial indexes, so that SQLite uses them.
    changed = connection.execute(joined.where(CHANGE.c.row_id == row_id, literal_column("op") != literal_column("'a'"))).all()
    added = connection.execute(joined.where(literal_column("op") == literal_column("'a'"), func.instr(CHANGE.c.added, json.dumps(row_id)) > 0)).all()
    return [
        RowStep(_step(row), layer, row_id, from_log(row.before, from_blob(row.before_geometry)), from_log(row.after, from_blob(row.after_geometry)))
        for row in sorted([*changed, *added], key=lambda row: -row.change)
    ]


def updates(connection: Connection, layer: str, fields: Sequence[str]) -> list[Update]:
    """What updates of a layer did that touched one of `fields`, in the order they were written; without geometry."""
    wanted = or_(*(CHANGE.c.after.contains(json.dumps(name), autoescape=True) for name in fields))
    query = (
        select(CHANGE.c.step, CHANGE.c.row_id, CHANGE.c.before, CHANGE.c.after)
        .where(CHANGE.c.layer == layer, CHANGE.c.op == "u", wanted)
        .order_by(CHANGE.c.number)
    )
    found = (Update(row.step, row.row_id, from_log(row.before, None) or {}, from_log(row.after, None) or {}) for row in connection.execute(query))
    return [one for one in found if any(name in one.after for name in fields)]  # a text that reads like a field's name is none


def step_of(connection: Connection, import_id: str) -> Step | None:
    """The last step of an import, without the role; None where there is none or it took the import back."""
    row = connection.execute(_heads(roles=False).where(STEP.c.import_id == import_id).order_by(STEP.c.number.desc())).first() if import_id else None
    return None if row is None or row.kind == "undo" else _step(row)


def touched(connection: Connection, steps: ColumnElement[bool]) -> dict[str, set[str]]:
    """Layer → ids in some edits."""
    found: dict[str, set[str]] = {}
    for layer, row_id, added in connection.execute(select(CHANGE.c.layer, CHANGE.c.row_id, CHANGE.c.added).where(steps)):
        found.setdefault(layer, set()).update([row_id] if added is None else ids_of(added))
    return found


def last_touch(connection: Connection, layer: str, ids: Collection[str], since: int) -> str:
    """One of `ids` that an edit above `since` changed; '' where the log knows of none (another program did it)."""
    query = select(CHANGE.c.row_id).where(CHANGE.c.step > since, CHANGE.c.layer == layer, CHANGE.c.row_id.is_not(None))
    return next((row_id for row_id in connection.execute(query).scalars() if row_id in ids), "")


def moment(text: Any) -> dt.datetime:
    """A time as we write it."""
    try:
        return dt.datetime.fromisoformat(text)
    except (ValueError, TypeError) as error:
        raise damaged() from error


def _head_columns(roles: bool) -> list[ColumnElement[Any]]:
    return [column for column in STEP.c if roles or column is not STEP.c.role]


def _heads(roles: bool) -> Select[Any]:
    return select(*_head_columns(roles))


def _step(row: Any) -> Step:
    role = getattr(row, STEP.c.role.name, None) or ""
    return Step(row.number, row.label, moment(row.at), row.by, row.kind, row.of, row.rows, role)
