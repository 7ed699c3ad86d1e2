"""A layer as it stood after a step: what was written since is taken back in memory, from the log alone."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, select

from chuangwen.domain.feature import Features
from chuangwen.domain.values import GEOMETRY
from chuangwen.store import log
from chuangwen.store.geometry import from_blob
from chuangwen.store.rows import from_log
from chuangwen.store.schema import CHANGE


def as_of(connection: Connection, now: Features, number: int) -> Features:
    """The features of `now`'s layer after step `number`; fields that the layer has lost since are left out.

    Rows that were removed since come back at the end. Rows and values that another program wrote are in no log and stay as they are.
    """
    later = select(CHANGE).where(CHANGE.c.layer == now.layer.id, CHANGE.c.step > number).order_by(CHANGE.c.number.desc())
    rows: dict[str, dict[str, Any] | None] = {}
    for entry in connection.execute(later):
        if entry.op == "a":
            rows.update(dict.fromkeys(log.ids_of(entry.added)))
            continue
        before = from_log(entry.before, from_blob(entry.before_geometry)) or {}
        known = {name: value for name, value in before.items() if name == GEOMETRY or now.layer.has(name)}
        held = rows.get(entry.row_id)
        rows[entry.row_id] = known if held is None else {**held, **known}
    return now.patched({row_id: values for row_id, values in rows.items() if values is not None or row_id in now.index})
