"""Where features came from: the imports, and what each row of their files said. Written in the import's own transaction (docs/decisions/0050)."""

from __future__ import annotations

import datetime as dt
import json
import zlib
from collections.abc import Callable, Sequence
from typing import Any

from sqlalchemy import Connection, Row, delete, func, insert, select

from chuangwen.domain.values import Scalar
from chuangwen.store.base import ImportRecord, Source, SourceRows
from chuangwen.store.log import ids_of, moment
from chuangwen.store.migrations import needs
from chuangwen.store.problems import damaged
from chuangwen.store.schema import IMPORT, PROFILE, SOURCE, STEP

CHUNK = 5_000
"""Rows of a source kept together: a look at one feature unpacks no more than these."""
_FASTEST = 1


def note(connection: Connection, record: ImportRecord, sources: Sequence[SourceRows]) -> None:
    """Write an import and what its rows said. Measured: 0.1 s for 100,000 rows of four fields."""
    row: dict[str, Any] = {column.name: getattr(record, column.name) for column in IMPORT.columns}
    answers = json.dumps(dict(record.answers), ensure_ascii=False) if record.answers else ""
    connection.execute(insert(IMPORT), row | {"at": record.at.isoformat(), "answers": answers})
    for some in sources:
        for start in range(0, len(some), CHUNK):
            part = slice(start, start + CHUNK)
            packed = zlib.compress(_to_text(some, part).encode("utf-8", "surrogatepass"), _FASTEST)
            ids = json.dumps(some.ids[part], separators=(",", ":"))
            connection.execute(insert(SOURCE), {"import_id": record.id, "layer": some.layer, "ids": ids, "content": packed})


def imports(connection: Connection, has_sources: bool) -> list[ImportRecord]:
    """All imports, newest first. `has_sources`: the file is of version 1.1."""
    there = needs(IMPORT, "1.1" if has_sources else "1.0")
    rows = connection.execute(select(*(column for column in IMPORT.columns if column.name in there)).order_by(IMPORT.c.at.desc(), IMPORT.c.id.desc()))
    undone = _undone(connection)
    return [_record(row, undone) for row in rows]


def source_rows(connection: Connection, has_sources: bool, import_id: str) -> SourceRows:
    """What an import's rows said of the features of its layer."""
    layer = connection.execute(select(IMPORT.c.layer).where(IMPORT.c.id == import_id)).scalar() or ""
    if not has_sources:
        return SourceRows(layer)
    asked = select(SOURCE.c.ids, SOURCE.c.content).where(SOURCE.c.import_id == import_id, SOURCE.c.layer == layer).order_by(SOURCE.c.number)
    return _joined(layer, [_from_text(layer, row.ids, row.content) for row in connection.execute(asked)])


def sources(connection: Connection, has_sources: bool, layer: str, row_id: str) -> list[Source]:
    """The places of one feature in the files it came from, newest first."""
    if not has_sources:
        return []
    asked = select(SOURCE.c.import_id, SOURCE.c.ids, SOURCE.c.content).where(SOURCE.c.layer == layer, func.instr(SOURCE.c.ids, json.dumps(row_id)) > 0)
    chunks: dict[str, list[SourceRows]] = {}
    for row in connection.execute(asked.order_by(SOURCE.c.number)):
        chunks.setdefault(row.import_id, []).append(_from_text(layer, row.ids, row.content))
    found = []
    for record in imports(connection, has_sources):
        for some in chunks.get(record.id, ()):
            for at in (at for at, one in enumerate(some.ids) if one == row_id):
                sheet = some.sheets[at] if len(some.sheets) else record.sheet
                part = some.parts[at] if len(some.parts) else 0
                number = some.numbers[at] if len(some.numbers) else some.said["code"][at] if "code" in some.said else None
                found.append(Source(record, some.rows[at], sheet, part, "" if number is None else str(number)))
    return found


def profiles(connection: Connection, has_sources: bool) -> list[tuple[str, str]]:
    """Name and declaration of each profile, the last used first."""
    if not has_sources:
        return []
    return [(row.name, row.declaration) for row in connection.execute(select(PROFILE).order_by(PROFILE.c.used_at.desc(), PROFILE.c.name))]


def keep_profile(connection: Connection, name: str, declaration: str) -> None:
    """Write a profile in place of one of that name."""
    connection.execute(delete(PROFILE).where(PROFILE.c.name == name))
    connection.execute(insert(PROFILE), {"name": name, "declaration": declaration, "used_at": dt.datetime.now().isoformat()})


def _undone(connection: Connection) -> set[str]:
    """Imports whose last step took them back."""
    last = {row.import_id: row.kind for row in connection.execute(select(STEP.c.import_id, STEP.c.kind).where(STEP.c.import_id != "").order_by(STEP.c.number))}
    return {import_id for import_id, kind in last.items() if kind == "undo"}


def _record(row: Row[Any], undone: set[str]) -> ImportRecord:
    values = {name: value for name, value in row._asdict().items() if value is not None}
    try:
        values["answers"] = {str(key): str(value) for key, value in json.loads(values.get("answers") or "{}").items()}
    except (ValueError, AttributeError) as error:
        raise damaged() from error
    return ImportRecord(**{**values, "at": moment(row.at)}, undone=row.id in undone)


def _to_text(some: SourceRows, part: slice) -> str:
    """A chunk as JSON in columns: no Python for each row."""
    rows = some.rows[part]
    running = isinstance(rows, range) and rows.step == 1
    content: dict[str, Any] = {"from": rows[0]} if running else {"rows": list(rows)}
    for name, column in (("parts", some.parts), ("sheets", some.sheets), ("numbers", some.numbers)):
        if len(column):
            content[name] = list(column[part])
    content["said"] = {name: list(column[part]) for name, column in some.said.items()}
    return json.dumps(content, ensure_ascii=False, separators=(",", ":"), default=_tagged)


def _tagged(value: object) -> dict[str, str]:
    if isinstance(value, dt.datetime):
        return {"datetime": value.isoformat()}
    if isinstance(value, dt.date):
        return {"date": value.isoformat()}
    raise TypeError(type(value))


def _untagged(found: dict[str, Any]) -> Any:
    if len(found) == 1:
        (name, text), *_none = found.items()
        if name == "date" and isinstance(text, str):
            return dt.date.fromisoformat(text)
        if name == "datetime" and isinstance(text, str):
            return dt.datetime.fromisoformat(text)
    return found


def _from_text(layer: str, ids: str, content: bytes) -> SourceRows:
    known = ids_of(ids)
    try:
        found = json.loads(zlib.decompress(content).decode("utf-8", "surrogatepass"), object_hook=_untagged)
        rows = found["rows"] if "rows" in found else range(found["from"], found["from"] + len(known))
        said: dict[str, list[Scalar]] = dict(found["said"])
        some = SourceRows(layer, known, rows, said, found.get("parts", ()), found.get("sheets", ()), found.get("numbers", ()))
    except (zlib.error, ValueError, KeyError, TypeError, AttributeError) as error:
        raise damaged() from error
    if any(len(column) not in (0, len(known)) for column in (some.rows, some.parts, some.sheets, some.numbers, *said.values())):
        raise damaged()
    return some


def _joined(layer: str, chunks: Sequence[SourceRows]) -> SourceRows:
    """The chunks of one import as one."""
    if len(chunks) == 1:
        return chunks[0]

    def all_of(column: Callable[[SourceRows], Sequence[Any]]) -> list[Any]:
        return [value for some in chunks for value in column(some)]

    names = dict.fromkeys(name for some in chunks for name in some.said)
    said = {name: [value for some in chunks for value in some.said.get(name) or [None] * len(some)] for name in names}
    parts, sheets, numbers = (all_of(column) for column in (lambda one: one.parts, lambda one: one.sheets, lambda one: one.numbers))
    return SourceRows(layer, all_of(lambda one: one.ids), all_of(lambda one: one.rows), said, parts, sheets, numbers)
