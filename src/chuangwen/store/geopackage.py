"""A project in one GeoPackage file, which QGIS and GDAL open as it is."""

from __future__ import annotations

import datetime as dt
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import fields as fields_of
from itertools import groupby
from pathlib import Path
from typing import Any

import numpy as np
from sqlalchemy import Connection, Engine, Table, Text, cast, create_engine, func, insert, inspect, select, update
from sqlalchemy.pool import StaticPool

from chuangwen.domain.campaign import Campaign
from chuangwen.domain.change import Change, Edit, RowStep, Step
from chuangwen.domain.feature import Features
from chuangwen.domain.geo import is_project_epsg
from chuangwen.domain.layer import Layer, Layers
from chuangwen.domain.values import GEOMETRY, Scalar
from chuangwen.errors import Conflict, FileProblem
from chuangwen.progress import Progress
from chuangwen.store import creation, log, migrations, schema
from chuangwen.store.base import ImportRecord
from chuangwen.store.geometry import bounds_of, from_blobs
from chuangwen.store.problems import told
from chuangwen.store.rows import digest, from_log, from_stored
from chuangwen.store.writing import write_changes
from chuangwen.text import _

UNDECIDED_EPSG = 4548
"""What a project says whose CRS is not chosen yet; nothing lies in it."""
_WAIT_S = 5.0
_CACHE_KB = 48_000
"""SQLite's 2 MB spill to the journal in the middle of an import of 100,000 rows: twice the time."""


class GeoPackage:
    """A `Store` in a file. One connection, used by the thread that opened it. Rollback journal, full sync: docs/decisions/0020."""

    def __init__(self, path: Path, engine: Engine, connection: Connection, declared: Layers) -> None:
        self.path = path
        self._engine = engine
        self._connection = connection
        self._meta = {row.key: row.value for row in connection.execute(select(schema.META))}
        self._layers = declared
        for row in connection.execute(select(schema.REFERENCE)):
            self._layers = self._layers.plus(creation.reference_layer(row.declaration))
        self._look()

    def _look(self) -> None:
        """See which columns the file has."""
        found = inspect(self._connection)
        self._columns = {name: {column["name"] for column in found.get_columns(name)} for name in self._layers if found.has_table(name)}
        self._tables: dict[str, Table] = {}

    @staticmethod
    def create(path: Path, layers: Layers, epsg: int, campaign: Campaign) -> GeoPackage:
        """Make the file. `epsg` 0: the CRS is chosen later, from the first data. Raises `FileProblem` where it exists or cannot be written."""
        if path.exists():
            raise FileProblem(_("{path} 已经存在。").format(path=path), hint=_("请换一个文件名。"))
        if not path.parent.is_dir():
            raise FileProblem(_("没有文件夹 {folder}。").format(folder=path.parent), hint=_("请先建立它。"))
        engine, connection = _connect(path, "rwc")
        try:
            with told(path), _transaction(connection):
                creation.create_own(connection, epsg or UNDECIDED_EPSG)
                meta = {"schema": migrations.VERSION, "epsg": str(epsg), "created": dt.datetime.now().isoformat(timespec="seconds"), **_campaign_text(campaign)}
                connection.execute(insert(schema.META), [{"key": key, "value": value} for key, value in meta.items()])
                for layer in layers.values():
                    creation.create_layer(connection, layer, epsg or UNDECIDED_EPSG)
        except BaseException:
            engine.dispose()
            path.unlink(missing_ok=True)
            raise
        return GeoPackage(path, engine, connection, layers)

    @staticmethod
    def open(path: Path, layers: Layers) -> GeoPackage:
        """Open a project. Changes no byte. Raises `FileProblem` for a missing, damaged, foreign or newer file."""
        if not path.is_file():
            raise FileProblem(_("没有项目文件 {path}。").format(path=path), hint=_("请检查文件名，或新建一个项目。"))
        engine, connection = _connect(path, "rw")
        try:
            with told(path):
                _check_ours(path, set(inspect(connection).get_table_names()))
                migrations.check_version(connection, path)
                return GeoPackage(path, engine, connection, layers)
        except BaseException:
            engine.dispose()
            raise

    def close(self) -> None:
        """Let go of the file."""
        self._connection.close()
        self._engine.dispose()

    @property
    def layers(self) -> Layers:
        """The declared layers and this project's reference layers."""
        return self._layers

    @property
    def epsg(self) -> int:
        """The project's CRS; where none is chosen yet, a stand-in in which nothing lies."""
        return int(self._meta["epsg"]) or UNDECIDED_EPSG

    @property
    def epsg_is_open(self) -> bool:
        """Whether the CRS is still to be chosen from the first data."""
        return bool(self._meta["epsg"] == "0")

    def settle_epsg(self, epsg: int) -> None:
        """Choose the CRS for good; only while it is open and nothing has a place yet."""
        if not self.epsg_is_open or not is_project_epsg(epsg):
            raise ValueError(epsg)
        with told(self.path), _transaction(self._connection):
            migrations.bring_up(self._connection, self._layers, self.epsg)
            creation.move_to_srs(self._connection, epsg)
            self._set_meta({"epsg": str(epsg)})

    @property
    def campaign(self) -> Campaign:
        """Title and dates."""
        dates = {key: dt.date.fromisoformat(self._meta[key]) for key in ("start", "arrival", "fixed_today") if self._meta.get(key)}
        return Campaign(**{key: self._meta.get(key, "") for key in ("title", "district", "office")}, **dates)  # type: ignore[arg-type]

    def set_campaign(self, campaign: Campaign) -> None:
        """Keep other titles and dates."""
        with told(self.path), _transaction(self._connection):
            self._set_meta(_campaign_text(campaign))

    def _set_meta(self, values: dict[str, str]) -> None:
        for key, value in values.items():
            if self._connection.execute(update(schema.META).where(schema.META.c.key == key).values(value=value)).rowcount == 0:
                self._connection.execute(insert(schema.META), {"key": key, "value": value})
        self._meta |= values

    def add_reference(self, layer: Layer) -> None:
        """Make room for a reference layer and keep its declaration."""
        with told(self.path), _transaction(self._connection):
            creation.create_layer(self._connection, layer, self.epsg)
            self._connection.execute(insert(schema.REFERENCE), {"id": layer.id, "declaration": creation.reference_text(layer)})
        self._layers = self._layers.plus(layer)
        self._columns[layer.id] = {"fid", "id", "geom", *layer.field_by_name}

    def count(self, layer: str) -> int:
        """How many features a layer has."""
        if layer not in self._columns:
            return 0
        with told(self.path):
            return int(self._connection.execute(select(func.count()).select_from(self._table(layer))).scalar_one())

    def features(self, layer: str, ids: Sequence[str] | None = None) -> Features:
        """All features of a layer, or those of `ids`, in the order they were added."""
        declared = self._layers[layer]
        if layer not in self._columns:
            return Features(declared, [], {field.name: [] for field in declared.fields})
        table = self._table(layer)
        with told(self.path):
            query = select(table).order_by(table.c.fid)
            rows = self._connection.execute(query if ids is None else query.where(table.c.id.in_(ids))).all()
        names = list(table.columns.keys())
        columns: dict[str, list[Any]] = dict(zip(names, map(list, zip(*rows, strict=True)), strict=True)) if rows else {name: [] for name in names}
        found: dict[str, list[Scalar]] = {}
        for field in declared.fields:
            values = columns.get(field.name)
            if values is None:
                values = [None] * len(rows)  # declared since this project was last written to
            read = from_stored(field)
            found[field.name] = [read(value) for value in values] if read else values
        geometry = from_blobs(columns["geom"]) if "geom" in columns else np.full(len(rows), None, dtype=object)
        row_ids = [row_id or f"fid-{fid}" for row_id, fid in zip(columns["id"], columns["fid"], strict=True)]
        return Features(declared, row_ids, found, geometry)

    def write(
        self, edit: Edit, by: str, kind: str = "do", of: int | None = None, imported: ImportRecord | None = None, progress: Progress | None = None
    ) -> Step:
        """Write an edit, its log rows and its import in one transaction: on disk when this returns, or nothing happened."""
        with told(self.path), _transaction(self._connection):
            self._ready()
            step = log.open_step(self._connection, edit, by, kind, of)
            if imported is not None:
                log.note_import(self._connection, imported)
            for layer, run in groupby(edit.changes, key=lambda change: change.layer):
                write_changes(self._connection, self._table(layer), self._layers[layer], list(run), step.number, self.epsg, progress or Progress())
            return step

    def _ready(self) -> None:
        """Before a write: columns declared since, and ids for rows that another program drew."""
        if migrations.bring_up(self._connection, self._layers, self.epsg):
            self._look()
        for layer in self._layers:
            table = self._table(layer)
            self._connection.execute(update(table).where(table.c.id.is_(None)).values(id="fid-" + cast(table.c.fid, Text)))

    def steps(self, since: int = 0) -> list[Step]:
        """The written edits with a number above `since`, oldest first."""
        with told(self.path):
            return log.steps(self._connection, since)

    def edit_of(self, number: int) -> Edit:
        """The edit of a step, from the log; an added row is what it is now, if that is still what was added."""
        with told(self.path):
            step, import_id = log.step(self._connection, number)
            rows = log.changes(self._connection, number)
            added = {layer: self._added(layer) for layer in {row.layer for row in rows if row.op == "a"}}
        changes = []
        for row in rows:
            if row.op != "a":
                changes.append(Change(row.layer, row.row_id, from_log(row.before, row.before_geometry), from_log(row.after, row.after_geometry)))
                continue
            values, now = added[row.layer].get(row.row_id, (None, b""))
            if now != row.digest:
                title = self._layers[row.layer].title
                raise Conflict(_("“{label}”之后，其中的{layer}又被修改过，不能整步撤销。").format(label=step.label, layer=title), row.layer, row.row_id, {})
            changes.append(Change(row.layer, row.row_id, None, values))
        return Edit(step.label, tuple(changes), import_id)

    def _added(self, layer: str) -> dict[str, tuple[dict[str, Any], bytes]]:
        """All rows of a layer as an edit would add them, each with its digest."""
        table = self._table(layer)
        raw = self._connection.execute(select(table).order_by(table.c.fid)).all()
        features = self.features(layer)
        names = [column.name for column in table.columns]
        return {
            features.ids[number]: (
                {name: values[number] for name, values in features.columns.items()} | {GEOMETRY: features.geometry[number]},
                digest(names, row),
            )
            for number, row in enumerate(raw)
        }

    def row_steps(self, layer: str, row_id: str) -> list[RowStep]:
        """What happened to one row, newest first."""
        with told(self.path):
            return log.row_steps(self._connection, layer, row_id)

    def touched_since(self, number: int) -> dict[str, set[str]]:
        """Layer → ids touched by steps above `number`."""
        with told(self.path):
            return log.touched_since(self._connection, number)

    def imports(self) -> list[ImportRecord]:
        """All imports, newest first."""
        with told(self.path):
            return log.imports(self._connection)

    def _table(self, layer: str) -> Table:
        """The table as the file has it: a field declared since is left out until the first write adds it."""
        if layer not in self._tables:
            self._tables[layer] = schema.feature_table(self._layers[layer], self._columns.get(layer))
        return self._tables[layer]


def _connect(path: Path, mode: str) -> tuple[Engine, Connection]:
    """A connection of our own making: explicit transactions, the functions that GeoPackage's triggers call (facts.md 17)."""

    def connect() -> sqlite3.Connection:
        found = sqlite3.connect(f"{path.absolute().as_uri()}?mode={mode}", uri=True, timeout=_WAIT_S, isolation_level=None)
        found.execute("PRAGMA foreign_keys = ON")
        found.execute("PRAGMA synchronous = FULL")
        found.execute(f"PRAGMA cache_size = -{_CACHE_KB}")
        found.create_function("ST_IsEmpty", 1, lambda blob: int(bounds_of(blob) is None), deterministic=True)
        for name, number in (("ST_MinX", 0), ("ST_MinY", 1), ("ST_MaxX", 2), ("ST_MaxY", 3)):
            found.create_function(name, 1, lambda blob, at=number: (bounds_of(blob) or (None,) * 4)[at], deterministic=True)
        return found

    engine = create_engine("sqlite://", creator=connect, poolclass=StaticPool, isolation_level="AUTOCOMMIT")
    with told(path):
        connection = engine.connect()
        connection.exec_driver_sql("SELECT count(*) FROM sqlite_master")  # the first look at the file
    return engine, connection


@contextmanager
def _transaction(connection: Connection) -> Iterator[None]:
    """All or nothing. A project that another program turned to WAL is brought back first: WAL fails on shares (facts.md 18)."""
    if connection.exec_driver_sql("PRAGMA journal_mode").scalar() != "delete":
        connection.exec_driver_sql("PRAGMA journal_mode = DELETE")
    connection.exec_driver_sql("BEGIN IMMEDIATE")
    try:
        yield
        connection.exec_driver_sql("COMMIT")
    except BaseException:
        if connection.connection.driver_connection.in_transaction:  # type: ignore[union-attr]
            connection.exec_driver_sql("ROLLBACK")
        raise


def _check_ours(path: Path, tables: set[str]) -> None:
    if schema.META.name in tables:
        return
    if schema.CONTENTS.name in tables:
        raise FileProblem(_("{file} 是别的程序做的 GeoPackage，不是项目文件。").format(file=path.name), hint=_("请新建或打开项目，再用“导入”把它读进来。"))
    raise FileProblem(_("{file} 不是项目文件。").format(file=path.name), hint=_("请选择由本程序建立的 .gpkg 文件。"))


def _campaign_text(campaign: Campaign) -> dict[str, str]:
    values = {field.name: getattr(campaign, field.name) for field in fields_of(campaign)}
    return {name: value.isoformat() if isinstance(value, dt.date) else value or "" for name, value in values.items()}
