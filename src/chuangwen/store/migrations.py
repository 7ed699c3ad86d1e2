"""Projects of older versions: brought up to date in the transaction of the first write, never by opening (opening changes no byte)."""

from __future__ import annotations

import json
import re
from hashlib import blake2b
from pathlib import Path

import numpy as np
import shapely
from sqlalchemy import Connection, Table, delete, insert, inspect, select, update

from chuangwen.domain.layer import Layer, Layers
from chuangwen.errors import FileProblem
from chuangwen.store import creation, schema
from chuangwen.store.geometry import from_blobs
from chuangwen.store.rtree import add_boxes, tree_of
from chuangwen.text import _

VERSION = "1.3"
"""Of the tables of a project. A greater second number is still read and written, a greater first one is refused."""

STEPS: tuple[tuple[str, tuple[str, ...]], ...] = (
    (
        "1.1",
        (
            "ALTER TABLE cw_import ADD COLUMN unchanged INTEGER",
            "ALTER TABLE cw_import ADD COLUMN profile TEXT",
            "ALTER TABLE cw_import ADD COLUMN list_key TEXT",
            "ALTER TABLE cw_import ADD COLUMN answers TEXT",
            "CREATE TABLE cw_source (number INTEGER NOT NULL PRIMARY KEY, import_id TEXT NOT NULL, layer TEXT NOT NULL, ids TEXT NOT NULL, content BLOB)",
            "CREATE INDEX cw_source_import ON cw_source (import_id)",
            "CREATE TABLE cw_profile (name TEXT NOT NULL PRIMARY KEY, declaration TEXT NOT NULL, used_at TEXT NOT NULL)",
        ),
    ),
    (
        "1.2",
        (
            """CREATE TABLE cw_printed (number INTEGER NOT NULL PRIMARY KEY, product TEXT NOT NULL, subject TEXT NOT NULL, code TEXT NOT NULL,
            part INTEGER NOT NULL, paper TEXT NOT NULL, fingerprint TEXT NOT NULL, facts TEXT NOT NULL, packet TEXT NOT NULL, at TEXT NOT NULL,
            by TEXT NOT NULL)""",
            "CREATE INDEX cw_printed_sheet ON cw_printed (product, subject, part, paper)",
            """CREATE TABLE cw_handwork (product TEXT NOT NULL, subject TEXT NOT NULL, part INTEGER NOT NULL, content TEXT NOT NULL,
            PRIMARY KEY (product, subject, part))""",
        ),
    ),
    ("1.3", ("ALTER TABLE cw_step ADD COLUMN role TEXT",)),
)
"""Numbered migrations: the version they lead to, and their statements."""

_SINCE = {schema.SOURCE.name: (1, 1), schema.PROFILE.name: (1, 1), schema.PRINTED.name: (1, 2), schema.HANDWORK.name: (1, 2)}
"""The version that brought a table; the others are of the first."""
_LATER = {(schema.IMPORT.name, (1, 1)): ("unchanged", "profile", "list_key", "answers"), (schema.STEP.name, (1, 3)): ("role",)}
"""Table and version → the columns that this version brought to it."""


def check_version(connection: Connection, path: Path) -> str:
    """The version of a project. Raises `FileProblem` for one of a newer kind, or one whose description is damaged."""
    meta = {row.key: row.value for row in connection.execute(select(schema.META))}
    version = str(meta.get("schema", ""))
    if not re.fullmatch(r"\d+\.\d+", version) or not str(meta.get("epsg", "")).isdecimal():
        raise FileProblem(_("{file} 已损坏：缺少项目说明。").format(file=path.name), hint=_("请用备份，或向发来文件的人重新要一份。"))
    if _parts(version)[0] > _parts(VERSION)[0]:
        raise FileProblem(
            _("{file} 由更新版本的程序建立（格式 {version}），本程序读不了。").format(file=path.name, version=version), hint=_("请升级程序后再打开。")
        )
    return version


def needs(table: Table, version: str) -> set[str]:
    """The columns that a table of ours must have in a project of `version`; none where the table came later."""
    known = _parts(version)
    if known < _SINCE.get(table.name, (1, 0)):
        return set()
    later = {name for (of, since), names in _LATER.items() if of == table.name and known < since for name in names}
    return set(table.columns.keys()) - later


def bring_up(connection: Connection, layers: Layers, epsg: int) -> None:
    """Add what the file lacks: numbered steps, layers and fields declared since, R-trees that somebody removed; and say their titles and choices anew."""
    _run_steps(connection)
    look = inspect(connection)
    tables = set(look.get_table_names())
    for layer in layers.values():
        if layer.id not in tables:
            creation.create_layer(connection, layer, epsg)
            continue
        there = {column["name"] for column in look.get_columns(layer.id)}
        for field in layer.fields:
            if field.name not in there:
                connection.exec_driver_sql(f'ALTER TABLE "{layer.id}" ADD COLUMN "{field.name}" {schema.column_type(field)}')
        if layer.has_geometry and tree_of(layer.id).name not in tables:
            _plant_tree(connection, layer)
    declared = fingerprint(layers)
    if connection.execute(select(schema.META.c.value).where(schema.META.c.key == "declared")).scalar() != declared:
        for layer in layers.values():
            creation.describe(connection, layer)
        connection.execute(delete(schema.META).where(schema.META.c.key == "declared"))
        connection.execute(insert(schema.META), {"key": "declared", "value": declared})


def fingerprint(layers: Layers) -> str:
    """Changes when a title, a field or a choice of a declared layer does."""
    said = [
        (layer.id, layer.title, layer.geometry, field.name, field.type, field.title, [(one.value, one.title) for one in field.choices])
        for layer in layers.values()
        for field in layer.fields
    ]
    return blake2b(json.dumps(said).encode(), digest_size=8).hexdigest()


def _plant_tree(connection: Connection, layer: Layer) -> None:
    """Make the R-tree again, with its triggers, in a file where another program has removed it."""
    table = schema.feature_table(layer)
    creation.create_tree(connection, layer)
    rows = connection.execute(select(table.c.fid, table.c.geom)).all()
    bounds = shapely.bounds(from_blobs([row.geom for row in rows])).reshape(-1, 4)
    add_boxes(connection, layer.id, np.array([row.fid for row in rows], dtype=np.int64), bounds)


def _run_steps(connection: Connection) -> None:
    version = connection.execute(select(schema.META.c.value).where(schema.META.c.key == "schema")).scalar_one()
    pending = [step for step in STEPS if _parts(step[0]) > _parts(version)]
    for target, statements in pending:
        for statement in statements:
            connection.exec_driver_sql(statement)
        connection.execute(update(schema.META).where(schema.META.c.key == "schema").values(value=target))


def _parts(version: str) -> tuple[int, int]:
    major, _dot, minor = version.partition(".")
    return int(major), int(minor or 0)
