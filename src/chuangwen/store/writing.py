"""Writing the changes of an edit: in batches of one kind, each checked against what the rows hold, each with its part of the log."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import nullcontext
from itertools import chain, groupby
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely
from sqlalchemy import Connection, Table, bindparam, delete, select, update

from chuangwen.domain.change import Change
from chuangwen.domain.layer import Layer
from chuangwen.domain.values import GEOMETRY
from chuangwen.errors import Conflict
from chuangwen.progress import Progress
from chuangwen.store import log, schema
from chuangwen.store.geometry import same
from chuangwen.store.inserting import insert_rows
from chuangwen.store.rows import digest, same_value, shapes_of, stored_columns, to_log, values_of
from chuangwen.store.rtree import Boxes, at_once
from chuangwen.text import _

if TYPE_CHECKING:
    from numpy.typing import NDArray

BATCH = 5_000
BULK = 1_000
"""From so many added or removed rows on, the R-tree is written in one go instead of by its triggers."""
ASKED_AT_ONCE = 500  # SQLite's limit of parameters is 999 in old builds


def write_changes(connection: Connection, target: Table, layer: Layer, changes: Sequence[Change], step: int, srs: int, progress: Progress) -> None:
    """Write the changes of one layer, and their log rows. Raises `Conflict`; the caller's transaction then takes all back."""
    done = 0
    for kind, run in groupby(changes, key=_kind):
        alike = list(run)
        bulk = layer.has_geometry and len(alike) >= BULK and len(kind) < 2
        with at_once(connection, target.name) if bulk else nullcontext() as tree:
            for batch in _batches(alike):
                progress.at(done, len(changes), layer.title)
                if kind:
                    _replace(connection, target, layer, batch, step, srs, tree)
                else:
                    _add(connection, target, layer, batch, step, srs, tree)
                done += len(batch)


def _kind(change: Change) -> tuple[tuple[str, ...], ...]:
    """What can be written together: additions (), removals of the same columns (before,) and updates of the same columns (before, after)."""
    return tuple(tuple(values) for values in (change.before, change.after if change.before is not None else None) if values is not None)


def _batches(changes: Sequence[Change]) -> Iterator[list[Change]]:
    """At most `BATCH` rows, none of them twice: a row changed twice in one edit is checked against what the first change wrote."""
    batch: list[Change] = []
    seen: set[str] = set()
    for change in changes:
        if len(batch) == BATCH or change.id in seen:
            yield batch
            batch, seen = [], set()
        batch.append(change)
        seen.add(change.id)
    if batch:
        yield batch


def _add(connection: Connection, target: Table, layer: Layer, changes: Sequence[Change], step: int, srs: int, tree: Boxes | None) -> None:
    rows = [change.after or {} for change in changes]
    given = dict.fromkeys(chain.from_iterable(rows))
    columns = {"id": [change.id for change in changes], **stored_columns(layer, rows, given, srs)}
    filled = {name: values for name, values in columns.items() if values.count(None) < len(values)}
    shapes = shapes_of(rows)
    _declare_height(connection, layer, shapes)
    if tree is not None:
        filled = {"fid": tree.enter(shapely.bounds(shapes).reshape(-1, 4)), **filled}
    insert_rows(connection, target, list(filled), list(zip(*filled.values(), strict=True)))
    log.note_added(connection, step, layer.id, columns["id"], digest(filled))


def _replace(connection: Connection, target: Table, layer: Layer, changes: Sequence[Change], step: int, srs: int, tree: Boxes | None) -> None:
    """Update or remove rows that still hold `before`; all touch the same columns."""
    befores = [change.before or {} for change in changes]
    before = stored_columns(layer, befores, befores[0], srs)
    fids = _check(connection, target, layer, [change.id for change in changes], before)
    nothing: list[Any] = [None] * len(changes)
    if changes[0].after is None:
        op, after, texts = "r", {}, nothing
        if tree is not None:
            tree.leave(fids)
        connection.execute(delete(target).where(target.c.id == bindparam("row")), [{"row": change.id} for change in changes])
    else:
        afters = [change.after or {} for change in changes]
        op, after, texts = "u", stored_columns(layer, afters, afters[0], srs), [to_log(values) for values in afters]
        _declare_height(connection, layer, shapes_of(afters))
        if after:
            statement = update(target).where(target.c.id == bindparam("row")).values({name: bindparam(f"to_{name}") for name in after})
            names = ("row", *(f"to_{name}" for name in after))
            rows = zip([change.id for change in changes], *after.values(), strict=True)
            connection.execute(statement, [dict(zip(names, row, strict=True)) for row in rows])
    logged = zip(changes, befores, texts, before.get("geom", nothing), after.get("geom", nothing), strict=True)
    log.note_rows(connection, [(step, layer.id, op, change.id, to_log(values), text, was, now) for change, values, text, was, now in logged])


def _declare_height(connection: Connection, layer: Layer, shapes: NDArray[np.object_]) -> None:
    """A layer is flat until something in it has a height or a measure; then the file says so."""
    declared = schema.GEOMETRY_COLUMNS.c
    for dimension, has in ((declared.z, shapely.has_z), (declared.m, shapely.has_m)):
        if has(shapes).any():
            connection.execute(update(schema.GEOMETRY_COLUMNS).where(declared.table_name == layer.id, dimension == 0).values({dimension: 2}))


def _check(connection: Connection, target: Table, layer: Layer, ids: Sequence[str], before: Mapping[str, list[Any]]) -> list[int]:
    """The `fid` of each row. Raises `Conflict` where one is gone or does not hold `before` (column → list of n) any more."""
    asked = select(target.c.id, target.c.fid, *(target.c[name] for name in before))
    fids = []
    now: dict[str, tuple[Any, ...]] = {}
    for number in range(0, len(ids), ASKED_AT_ONCE):
        for row in connection.execute(asked.where(target.c.id.in_(ids[number : number + ASKED_AT_ONCE]))):
            now[row[0]] = tuple(row)
    expected = list(zip(*before.values(), strict=True)) or [()] * len(ids)
    for row_id, wanted in zip(ids, expected, strict=True):
        found = now.get(row_id)
        if found is None:
            raise Conflict(_("{layer}中的这条记录已被别人删除，没有写入。").format(layer=layer.title), layer.id, row_id, {})
        fids.append(found[1])
        if found[2:] != wanted:
            pairs = zip(before, found[2:], wanted, strict=True)
            differing = [name for name, is_now, was in pairs if not (same(is_now, was) if name == "geom" else same_value(layer.field(name), is_now, was))]
            if differing:
                raise _conflict(connection, target, layer, row_id, differing)
    return fids


def _conflict(connection: Connection, target: Table, layer: Layer, row_id: str, differing: Sequence[str]) -> Conflict:
    row = connection.execute(select(target).where(target.c.id == row_id)).one()
    values, shapes = values_of(layer, {name: [value] for name, value in row._asdict().items()})
    titles = "、".join(_("位置") if name == "geom" else layer.field(name).title for name in differing)
    what = next((str(values[name][0]) for name in ("code", "name") if values.get(name, [None])[0]), layer.title)
    return Conflict(
        _("{what} 的{titles}刚被别人改过，没有写入。").format(what=what, titles=titles),
        layer.id,
        row_id,
        {GEOMETRY if name == "geom" else name: shapes[0] if name == "geom" else values[name][0] for name in differing},
        hint=_("请看一下现在的内容，再决定是否修改。"),
    )


def clashing(connection: Connection, target: Table, ids: Sequence[str]) -> str:
    """One of `ids` that the table has already, or ''."""
    for number in range(0, len(ids), ASKED_AT_ONCE):
        found = connection.execute(select(target.c.id).where(target.c.id.in_(ids[number : number + ASKED_AT_ONCE]))).scalar()
        if found is not None:
            return str(found)
    return ""
