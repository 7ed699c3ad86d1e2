"""A project in one GeoPackage file, which QGIS and GDAL open as it is."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import fields as fields_of
from dataclasses import replace
from itertools import groupby
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, Table, Text, and_, cast, func, insert, inspect, or_, select, update
from sqlalchemy.exc import IntegrityError

from chuangwen.domain.campaign import PHASES, Campaign
from chuangwen.domain.change import Change, Edit, RowStep, Step
from chuangwen.domain.feature import Features
from chuangwen.domain.geo import is_project_epsg
from chuangwen.domain.imprint import Imprint
from chuangwen.domain.layer import Layer, Layers
from chuangwen.domain.values import GEOMETRY
from chuangwen.errors import Conflict, FileProblem, UserError
from chuangwen.progress import Progress
from chuangwen.store import as_of, creation, log, migrations, paper, provenance, replay, schema
from chuangwen.store.base import ImportRecord, PrintedSheet, SheetKey, Source, SourceRows, Update
from chuangwen.store.connecting import check_there, connect, snapshot, transaction
from chuangwen.store.problems import damaged, told
from chuangwen.store.references import reference_layer, reference_text
from chuangwen.store.rows import values_of
from chuangwen.store.schema import CHANGE
from chuangwen.store.writing import ASKED_AT_ONCE, clashing, write_changes
from chuangwen.text import _

Clock = Callable[[], dt.datetime]
UNDECIDED_EPSG = 4548
"""What a project says whose CRS is not chosen yet; nothing lies in it."""
_IMPRINT_KEYS = {field.name: f"imprint_{field.name}" for field in fields_of(Imprint)}
_FOREIGN = "fid-"
"""Beginning of the id of a row that another program drew without one (docs/decisions/0023)."""


class GeoPackage:
    """A `Store` in a file. One connection, used by the thread that opened it."""

    def __init__(self, path: Path, engine: Engine, connection: Connection, declared: Layers, clock: Clock = dt.datetime.now) -> None:
        self.path = path
        self.clock = clock
        self._engine = engine
        self._connection = connection
        self._declared = declared
        self._seen: tuple[int, int] | None = None
        self._ready = False
        self._has_sources = False  # whether the file has our tables of version 1.1: sources and profiles
        self._has_paper = False  # and those of version 1.2: printed sheets and what was changed on them by hand
        self._has_roles = False  # and the column of version 1.3: in which role somebody acted
        self._tables: dict[str, Table] = {}
        self._look()

    def _look(self) -> None:
        """See what others changed since: titles, CRS, reference layers, columns. Costs nothing where nobody did."""
        data, shape = (int(self._connection.exec_driver_sql(f"PRAGMA {one}").scalar_one()) for one in ("data_version", "schema_version"))
        if (data, shape) == self._seen:
            return
        self._meta = {row.key: row.value for row in self._connection.execute(select(schema.META))}
        self._layers = self._declared
        for row in self._connection.execute(select(schema.REFERENCE)):
            self._layers = self._layers.plus(reference_layer(row.declaration))
        if self._seen is None or self._seen[1] != shape:
            found = inspect(self._connection)
            there = set(found.get_table_names())
            self._columns = {name: {column["name"] for column in found.get_columns(name)} for name in self._layers if name in there}
            self._has_sources = schema.SOURCE.name in there
            self._has_paper = {schema.PRINTED.name, schema.HANDWORK.name} <= there
            self._has_roles = log.has_roles(self._connection)
            if not all({"fid", "id"} <= columns for columns in self._columns.values()):
                raise damaged()
            self._tables = {}
        self._ready = False
        self._seen = (data, shape)

    @staticmethod
    def create(path: Path, layers: Layers, epsg: int, campaign: Campaign) -> GeoPackage:
        """Make the file. `epsg` 0: the CRS is chosen later, from the first data. Raises `FileProblem` where it exists or cannot be written."""
        if path.exists():
            raise FileProblem(_("{path} 已经存在。").format(path=path), hint=_("请换一个文件名。"))
        if not path.parent.is_dir():
            raise FileProblem(_("没有文件夹 {folder}。").format(folder=path.parent), hint=_("请先建立它。"))
        engine, connection = connect(path, "rwc")
        try:
            with told(path), transaction(connection):
                creation.create_own(connection, epsg or UNDECIDED_EPSG)
                meta = {
                    "schema": migrations.VERSION,
                    "declared": migrations.fingerprint(layers),
                    "epsg": str(epsg),
                    "created": dt.datetime.now().isoformat(timespec="seconds"),
                    **_campaign_text(campaign),
                }
                connection.execute(insert(schema.META), [{"key": key, "value": value} for key, value in meta.items()])
                for layer in layers.values():
                    creation.create_layer(connection, layer, epsg or UNDECIDED_EPSG)
            return GeoPackage(path, engine, connection, layers)
        except BaseException:
            engine.dispose()
            path.unlink(missing_ok=True)
            raise

    @staticmethod
    def open(path: Path, layers: Layers, clock: Clock = dt.datetime.now) -> GeoPackage:
        """Open a project. Changes no byte. `clock` gives the local time of the steps it writes: tests and the demo write a past.

        Raises `FileProblem` for a missing, damaged, foreign or newer file.
        """
        check_there(path)
        engine, connection = connect(path, "rw")
        try:
            with told(path):
                _check_ours(path, connection)
                return GeoPackage(path, engine, connection, layers, clock)
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
        """Choose the CRS for good; only while it is open, so that nothing has a place yet."""
        if not self.epsg_is_open or not is_project_epsg(epsg):
            raise ValueError(epsg)
        with self._writing():
            creation.move_to_srs(self._connection, epsg)
            self._set_meta({"epsg": str(epsg)})

    @property
    def campaign(self) -> Campaign:
        """Title and dates."""
        try:
            dates = {key: dt.date.fromisoformat(self._meta[key]) for key in ("start", "arrival", "fixed_today", "end") if self._meta.get(key)}
        except (ValueError, TypeError) as error:
            raise damaged() from error
        words = {key: self._meta.get(key) or "" for key in ("title", "district", "office", "limit_table", "checklist")}
        phase = self._meta.get("phase") or ""
        return Campaign(**words, **dates, phase=phase if phase in PHASES else Campaign().phase, already_arrived=self._meta.get("already_arrived") == "1")  # type: ignore[arg-type]

    def set_campaign(self, campaign: Campaign) -> None:
        """Keep other titles and dates."""
        with self._writing():
            self._set_meta(_campaign_text(campaign))

    @property
    def calendar_text(self) -> str:
        """What the office changed in the working calendar, as `services.timing` writes it; '' where nothing."""
        return self._meta.get("calendar") or ""

    def set_calendar_text(self, text: str) -> None:
        """Keep another one."""
        with self._writing():
            self._set_meta({"calendar": text})

    @property
    def imprint(self) -> Imprint:
        """What stands on every sheet of paper; what was never said stands as it is by default."""
        return replace(Imprint(), **{name: self._meta[key] for name, key in _IMPRINT_KEYS.items() if self._meta.get(key) is not None})

    def set_imprint(self, imprint: Imprint) -> None:
        """Keep another one."""
        with self._writing():
            self._set_meta({key: getattr(imprint, name) for name, key in _IMPRINT_KEYS.items()})

    def _set_meta(self, values: dict[str, str]) -> None:
        for key, value in values.items():
            if self._connection.execute(update(schema.META).where(schema.META.c.key == key).values(value=value)).rowcount == 0:
                self._connection.execute(insert(schema.META), {"key": key, "value": value})
        self._meta |= values

    def add_reference(self, layer: Layer) -> None:
        """Make room for a reference layer and keep its declaration. Raises `UserError` where there is one of that name."""
        with self._writing():
            if layer.id in self._layers:
                raise UserError(_("已经有图层“{layer}”。").format(layer=self._layers[layer.id].title), hint=_("请换一个名称。"))
            creation.create_layer(self._connection, layer, self.epsg)
            self._connection.execute(insert(schema.REFERENCE), {"id": layer.id, "declaration": reference_text(layer)})
        with told(self.path):
            self._look()

    def count(self, layer: str) -> int:
        """How many features a layer has."""
        with self._reading():
            if layer not in self._columns:
                return 0
            return int(self._connection.execute(select(func.count()).select_from(self._table(layer))).scalar_one())

    def features(self, layer: str, ids: Sequence[str] | None = None) -> Features:
        """All features of a layer, or those of `ids`, in the order they were added."""
        with self._reading():
            declared = self._layers[layer]
            if layer not in self._columns:
                return Features(declared, [], {field.name: [] for field in declared.fields})
            table = self._table(layer)
            rows = self._connection.execute(select(table).order_by(table.c.fid)).all() if ids is None else self._rows(table, ids)
        names = [column.name for column in table.columns]
        columns: dict[str, Sequence[Any]] = dict(zip(names, zip(*rows, strict=True), strict=True)) if rows else dict.fromkeys(names, ())
        values, shapes = values_of(declared, columns)
        row_ids = [row_id or f"{_FOREIGN}{fid}" for row_id, fid in zip(columns["id"], columns["fid"], strict=True)]
        return Features(declared, row_ids, values, shapes)

    def _rows(self, table: Table, ids: Sequence[str]) -> list[Any]:
        rows: list[Any] = []
        for number in range(0, len(ids), ASKED_AT_ONCE):
            asked = ids[number : number + ASKED_AT_ONCE]
            drawn = [int(fid) for one in asked if one.startswith(_FOREIGN) and (fid := one.removeprefix(_FOREIGN)).isdecimal()]
            known = table.c.id.in_(asked)
            query = select(table).where(or_(known, and_(table.c.id.is_(None), table.c.fid.in_(drawn))) if drawn else known)
            rows.extend(self._connection.execute(query))
        return sorted(rows, key=lambda row: row.fid)

    def _needs_crs(self, change: Change) -> bool:
        """Whether a change places something. An overlay may be shown as it was drawn before the project has a CRS."""
        return change.after is not None and change.after.get(GEOMETRY) is not None and self.layers[change.layer].kind != "reference"

    def write(
        self,
        edit: Edit,
        by: str,
        kind: str = "do",
        of: int | None = None,
        imported: ImportRecord | None = None,
        progress: Progress | None = None,
        sources: Sequence[SourceRows] = (),
        role: str = "",
    ) -> Step:
        """Write an edit, its log rows and its import in one transaction: on disk when this returns, or nothing happened."""
        try:
            with self._writing():
                if self.epsg_is_open and any(self._needs_crs(change) for change in edit.changes):
                    raise UserError(_("项目还没有确定坐标系。"), hint=_("请先导入网格、道路等有坐标的文件。"))
                step = log.open_step(self._connection, edit, self.clock().replace(microsecond=0), by, role, kind, of)
                if imported is not None:
                    provenance.note(self._connection, imported, sources)
                for layer, run in groupby(edit.changes, key=lambda change: change.layer):
                    write_changes(self._connection, self._table(layer), self._layers[layer], list(run), step.number, self.epsg, progress or Progress())
                creation.note_change(self._connection, edit.touched)
                return step
        except IntegrityError as error:
            clash = self._clash(edit)
            if clash is None:
                raise
            raise clash from error

    def _clash(self, edit: Edit) -> Conflict | None:
        """Why a row could not be added: somebody has added it."""
        for layer, run in groupby((change for change in edit.changes if change.before is None), key=lambda change: change.layer):
            row_id = clashing(self._connection, self._table(layer), [change.id for change in run])
            if row_id:
                title = self._layers[layer].title
                return Conflict(_("{layer}中已有同一条记录，没有写入。").format(layer=title), layer, row_id, {}, hint=_("请刷新后再看。"))
        return None

    @contextmanager
    def _reading(self) -> Iterator[None]:
        """One state of the file, read with its columns as they are now."""
        with told(self.path), snapshot(self._connection):
            self._look()
            yield

    @contextmanager
    def _writing(self) -> Iterator[None]:
        """One transaction, in a file that has all that is declared and an id for every row."""
        try:
            with told(self.path), transaction(self._connection):
                self._look()
                if not self._ready:
                    migrations.bring_up(self._connection, self._declared, self.epsg)
                    self._look()
                    for layer in self._layers:
                        table = self._table(layer)
                        self._connection.execute(update(table).where(table.c.id.is_(None)).values(id=_FOREIGN + cast(table.c.fid, Text)))
                    self._ready = True
                yield
        except BaseException:
            self._seen = None  # what was seen in a transaction taken back is not there
            raise

    def steps(self, since: int = 0) -> list[Step]:
        """The written edits with a number above `since`, oldest first."""
        with self._reading():
            return log.steps(self._connection, since, self._has_roles)

    def edit_of(self, number: int) -> Edit:
        """The edit of a step. Raises `Conflict` where a row that it added has been changed since."""
        with self._reading():
            return replay.edit_of(self._connection, number, self._layers, self._table, self.epsg)

    def as_of(self, layer: str, number: int) -> Features:
        """All features of a layer as they stood after a step."""
        now = self.features(layer)
        with self._reading():
            return as_of.as_of(self._connection, now, number)

    def row_steps(self, layer: str, row_id: str) -> list[RowStep]:
        """What happened to one row, newest first."""
        with self._reading():
            return log.row_steps(self._connection, layer, row_id, self._has_roles)

    def updates(self, layer: str, fields: Sequence[str]) -> list[Update]:
        """All updates of a layer that touched one of `fields`, oldest first."""
        with self._reading():
            return log.updates(self._connection, layer, fields)

    def touched_since(self, number: int) -> dict[str, set[str]]:
        """Layer → ids touched by steps above `number`."""
        with self._reading():
            return log.touched(self._connection, CHANGE.c.step > number)

    def note_import(self, record: ImportRecord, sources: Sequence[SourceRows] = ()) -> None:
        """Record an import that changed nothing."""
        with self._writing():
            provenance.note(self._connection, record, sources)

    def step_of(self, import_id: str) -> Step | None:
        """The step that an import stands by, None where it changed nothing or was taken back."""
        with self._reading():
            return log.step_of(self._connection, import_id)

    def touched_by(self, number: int) -> dict[str, set[str]]:
        """Layer → ids touched by one step."""
        with self._reading():
            return log.touched(self._connection, CHANGE.c.step == number)

    def imports(self) -> list[ImportRecord]:
        """All imports, newest first."""
        with self._reading():
            return provenance.imports(self._connection, self._has_sources)

    def source_rows(self, import_id: str) -> SourceRows:
        """What an import's rows said of the features of its layer."""
        with self._reading():
            return provenance.source_rows(self._connection, self._has_sources, import_id)

    def sources(self, layer: str, row_id: str) -> list[Source]:
        """The places of a feature in the files it came from, newest first."""
        with self._reading():
            return provenance.sources(self._connection, self._has_sources, layer, row_id)

    def profiles(self) -> list[tuple[str, str]]:
        """How senders' lists are read: name and declaration, the last used first."""
        with self._reading():
            return provenance.profiles(self._connection, self._has_sources)

    def keep_profile(self, name: str, declaration: str) -> None:
        """Keep a profile, in place of one of that name, as the last used."""
        with self._writing():
            provenance.keep_profile(self._connection, name, declaration)

    def printed(self) -> dict[tuple[SheetKey, str], PrintedSheet]:
        """Sheet and paper → its last printing."""
        with self._reading():
            return paper.printed(self._connection) if self._has_paper else {}

    def note_packet(self, sheets: Sequence[PrintedSheet]) -> None:
        """Record what was printed."""
        with self._writing():
            paper.note_packet(self._connection, sheets)

    def handwork(self) -> dict[SheetKey, str]:
        """Sheet → what was changed on it by hand."""
        with self._reading():
            return paper.handwork(self._connection) if self._has_paper else {}

    def keep_handwork(self, key: SheetKey, content: str) -> None:
        """Keep what was changed by hand on a sheet; '' forgets it."""
        with self._writing():
            paper.keep_handwork(self._connection, key, content)

    def forget_handwork(self, product: str = "") -> None:
        """Forget what was changed by hand on all sheets (of a product)."""
        with self._writing():
            paper.forget_handwork(self._connection, product)

    def _table(self, layer: str) -> Table:
        """The table as the file has it: a field declared since is left out until the first write adds it."""
        if layer not in self._tables:
            self._tables[layer] = schema.feature_table(self._layers[layer], self._columns.get(layer))
        return self._tables[layer]


def _check_ours(path: Path, connection: Connection) -> None:
    """Raise `FileProblem` where the file is no project, or one whose own tables are not what they should be."""
    look = inspect(connection)
    tables = set(look.get_table_names())
    if schema.META.name not in tables:
        if schema.CONTENTS.name in tables:
            raise FileProblem(_("{file} 是别的程序做的 GeoPackage，不是项目文件。").format(file=path.name), hint=_("请新建或打开项目，再用“导入”把它读进来。"))
        raise FileProblem(_("{file} 不是项目文件。").format(file=path.name), hint=_("请选择由本程序建立的 .gpkg 文件。"))
    if not {column["name"] for column in look.get_columns(schema.META.name)} >= set(schema.META.columns.keys()):
        raise damaged()
    version = migrations.check_version(connection, path)
    for table in (schema.REFERENCE, schema.IMPORT, schema.STEP, schema.CHANGE, schema.SOURCE, schema.PROFILE, schema.PRINTED, schema.HANDWORK):
        needed = migrations.needs(table, version)
        if needed and (table.name not in tables or not {column["name"] for column in look.get_columns(table.name)} >= needed):
            raise damaged()


def _campaign_text(campaign: Campaign) -> dict[str, str]:
    values = {field.name: getattr(campaign, field.name) for field in fields_of(campaign)}
    return {name: value.isoformat() if isinstance(value, dt.date) else "1" if value is True else value or "" for name, value in values.items()}
