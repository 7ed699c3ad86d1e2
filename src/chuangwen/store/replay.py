"""An edit back from the log, for undo and redo: what was changed stands in the log, what was added stands in the table (docs/decisions/0022)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from sqlalchemy import Connection, Table, select

from chuangwen.domain.change import Change, Edit, Step
from chuangwen.domain.layer import Layer, Layers
from chuangwen.domain.values import GEOMETRY
from chuangwen.errors import Conflict, UserError
from chuangwen.store import log
from chuangwen.store.geometry import from_blobs
from chuangwen.store.rows import digest, from_log, stored_columns, values_of
from chuangwen.store.writing import ASKED_AT_ONCE
from chuangwen.text import _

_Overlay = dict[tuple[str, str], dict[str, Any]]


def edit_of(connection: Connection, number: int, layers: Layers, table_of: Callable[[str], Table], srs: int) -> Edit:
    """The edit of a step. Raises `Conflict` where a row that it added is not any more what was added."""
    step, import_id = log.step(connection, number)
    logged = log.changes(connection, number)
    befores = from_blobs([entry.before_geometry for entry in logged])
    afters = from_blobs([entry.after_geometry for entry in logged])
    added = {(entry.layer, row_id) for entry in logged if entry.op == "a" for row_id in log.ids_of(entry.added)}
    earlier: _Overlay = {}  # rows added and changed in this same step: what they held before the change
    found: list[Change] = []
    for at in reversed(range(len(logged))):
        entry = logged[at]
        if entry.layer not in layers:
            raise UserError(_("“{label}”涉及的图层 {layer} 已不在程序里，不能撤销。").format(label=step.label, layer=entry.layer))
        layer = layers[entry.layer]
        if entry.op == "a":
            found.extend(reversed(_added(connection, table_of(layer.id), layer, entry, step, earlier)))
            continue
        before = from_log(entry.before, befores[at]) or {}
        found.append(Change(layer.id, entry.row_id, before, from_log(entry.after, afters[at])))
        if (layer.id, entry.row_id) in added:
            held = {name: values[0] for name, values in stored_columns(layer, [before], before, srs).items()}
            earlier.setdefault((layer.id, entry.row_id), {}).update(held)
    return Edit(step.label, tuple(reversed(found)), import_id)


def _added(connection: Connection, table: Table, layer: Layer, entry: Any, step: Step, earlier: _Overlay) -> list[Change]:
    ids = log.ids_of(entry.added)
    names = [column.name for column in table.columns]
    rows = _rows(connection, table, ids)
    then = []
    for row_id in ids:
        row, held = rows.get(row_id), earlier.pop((layer.id, row_id), None)
        if row is None and held is None:
            raise _changed(_("“{label}”之后，其中的{layer}又被删除过，不能整步撤销。"), layer, step, row_id)
        then.append(row if held is None else tuple(({"id": row_id} | dict(zip(names, row or (), strict=False)) | held).get(name) for name in names))
    columns = dict(zip(names, map(list, zip(*then, strict=True)), strict=True))
    if digest(columns) != entry.digest:
        touched = log.last_touch(connection, layer.id, set(ids), step.number)
        raise _changed(_("“{label}”之后，其中的{layer}又被修改过，不能整步撤销。"), layer, step, touched)
    values, shapes = values_of(layer, columns)
    fields = list(values)
    return [
        Change(layer.id, row_id, None, {**dict(zip(fields, row, strict=True)), GEOMETRY: shape})
        for row_id, row, shape in zip(ids, zip(*values.values(), strict=True), shapes, strict=True)
    ]


def _rows(connection: Connection, table: Table, ids: Sequence[str]) -> dict[str, tuple[Any, ...]]:
    place = [column.name for column in table.columns].index("id")
    found: dict[str, tuple[Any, ...]] = {}
    for number in range(0, len(ids), ASKED_AT_ONCE):
        for row in connection.execute(select(table).where(table.c.id.in_(ids[number : number + ASKED_AT_ONCE]))):
            found[row[place]] = tuple(row)
    return found


def _changed(sentence: str, layer: Layer, step: Step, row_id: str) -> Conflict:
    return Conflict(sentence.format(label=step.label, layer=layer.title), layer.id, row_id, {}, hint=_("请先撤销后来的修改，或逐条修改、删除。"))
