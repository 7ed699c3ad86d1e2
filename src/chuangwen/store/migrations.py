"""Projects of older versions: brought up to date in the transaction of the first write, never by opening (opening changes no byte)."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import Connection, inspect, select, update

from chuangwen.domain.layer import Layers
from chuangwen.errors import FileProblem
from chuangwen.store import creation, schema
from chuangwen.text import _

VERSION = "1.0"
"""Of the tables of a project. A greater second number is still read and written, a greater first one is refused."""

STEPS: tuple[tuple[str, tuple[str, ...]], ...] = ()
"""Numbered migrations: the version they lead to, and their statements."""


def check_version(connection: Connection, path: Path) -> None:
    """Refuse a project of a newer kind. Raises `FileProblem`."""
    version = connection.execute(select(schema.META.c.value).where(schema.META.c.key == "schema")).scalar() or "0.0"
    if _parts(version)[0] > _parts(VERSION)[0]:
        raise FileProblem(
            _("{file} 由更新版本的程序建立（格式 {version}），本程序读不了。").format(file=path.name, version=version), hint=_("请升级程序后再打开。")
        )


def bring_up(connection: Connection, layers: Layers, epsg: int) -> bool:
    """Add what the file lacks: numbered steps, layers and fields declared since. Whether anything was added."""
    changed = _run_steps(connection)
    look = inspect(connection)
    tables = set(look.get_table_names())
    for layer in layers.values():
        if layer.id not in tables:
            creation.create_layer(connection, layer, epsg)
            changed = True
            continue
        there = {column["name"] for column in look.get_columns(layer.id)}
        missing = [field for field in layer.fields if field.name not in there]
        for field in missing:
            connection.exec_driver_sql(f'ALTER TABLE "{layer.id}" ADD COLUMN "{field.name}" {schema.column_type(field)}')
        creation.describe(connection, layer, missing)
        changed |= bool(missing)
    return changed


def _run_steps(connection: Connection) -> bool:
    version = connection.execute(select(schema.META.c.value).where(schema.META.c.key == "schema")).scalar() or "0.0"
    pending = [step for step in STEPS if _parts(step[0]) > _parts(version)]
    for target, statements in pending:
        for statement in statements:
            connection.exec_driver_sql(statement)
        connection.execute(update(schema.META).where(schema.META.c.key == "schema").values(value=target))
    return bool(pending)


def _parts(version: str) -> tuple[int, int]:
    major, _dot, minor = version.partition(".")
    return int(major), int(minor or 0)
