"""What an import would do: the one Edit, its record, and the report that the user reads. Nothing is written here."""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np
import shapely

from chuangwen.domain.change import Change, Edit
from chuangwen.domain.feature import Features
from chuangwen.domain.geo import GEOGRAPHIC, Extent
from chuangwen.domain.layer import Layer, Layers
from chuangwen.domain.values import GEOMETRY, Scalar, Value
from chuangwen.exchange import crs
from chuangwen.exchange.codes import Codes
from chuangwen.exchange.coordinates import points_of
from chuangwen.exchange.incoming import Incoming, Repaired
from chuangwen.exchange.matching import Matches, Register, match
from chuangwen.exchange.reading import Read, read_columns
from chuangwen.exchange.shapes import Shapes, fitted, of_kind, sample_points
from chuangwen.progress import Progress
from chuangwen.store.base import ImportRecord
from chuangwen.text import _

if TYPE_CHECKING:
    from numpy.typing import NDArray

_KEPT_STATUS = ("closed", "void")
"""States of an issue that a list does not undo: the word of a unit is no check (domain.md 5.8)."""
_LOOSE = ("base", "reference")
"""Kinds of layers whose codes need not be unique."""
_SAME_M = 5e-4
"""Shapes nearer than this are the same: half a millimetre."""
_START = 30  # characters of another field that make a name
_NATURAL: Mapping[str, tuple[str, ...]] = {
    "site": ("name",),
    "zone": ("name", "street"),
    "section": ("name",),
    "unit": ("name",),
    "issue": ("description", "site_name", "address"),
}
"""What tells a row again where the file has no codes. A person's name is never unique."""
_PLACES = ("district", "zone", "section", "site", "building_outline", "road", "issue")


class ProjectView(Protocol):
    """What a plan needs to know of a project."""

    @property
    def layers(self) -> Layers:
        """The layers."""

    @property
    def epsg(self) -> int:
        """The project's CRS."""

    def features(self, layer: str) -> Features:
        """All features of a layer."""


@dataclass(frozen=True, slots=True)
class Options:
    """What the user said. `crs`: auto, EPSG:N, gcj02, bd09. `columns`: source column → field. `today` dates new codes; `year` stands in dates without one."""

    crs: str = "auto"
    columns: Mapping[str, str] = field(default_factory=dict)
    today: dt.date = field(default_factory=dt.date.today)
    year: int = 0
    epsg_is_open: bool = False  # the project has no CRS yet: choose one
    sha256: str = ""


@dataclass(frozen=True, slots=True)
class Rejected:
    """A row that was not taken: its number in the source, and why."""

    row: int
    reason: str


@dataclass(frozen=True, slots=True)
class ImportReport:
    """What an import did or would do, row by row (design.md §9)."""

    layer: str
    title: str
    file: str
    read: int = 0
    added: int = 0
    changed: int = 0
    unchanged: int = 0
    rejected: tuple[Rejected, ...] = ()
    repaired: tuple[Repaired, ...] = ()
    encoding: str = ""
    encoding_evidence: str = ""
    crs: str = ""
    crs_evidence: str = ""
    columns: Mapping[str, str | None] = field(default_factory=dict)
    warnings: tuple[str, ...] = ()

    def as_json(self) -> dict[str, Any]:
        """The object that `import --json` prints."""
        return {
            "layer": self.layer,
            "read": self.read,
            "added": self.added,
            "changed": self.changed,
            "unchanged": self.unchanged,
            "rejected": [{"row": one.row, "reason": one.reason} for one in self.rejected],
            "repaired": [{"row": one.row, "what": one.what} for one in self.repaired],
            "encoding": {"name": self.encoding, "evidence": self.encoding_evidence},
            "crs": {"code": self.crs or None, "evidence": self.crs_evidence},
            "columns": dict(self.columns),
            "warnings": list(self.warnings),
        }

    def sentence(self) -> str:
        """One line for people."""
        return _("{file} → {title}：读取 {read}，新增 {added}，更新 {changed}，不变 {unchanged}，未导入 {rejected}。").format(
            file=self.file, title=self.title, read=self.read, added=self.added, changed=self.changed, unchanged=self.unchanged, rejected=len(self.rejected)
        )


@dataclass(frozen=True, slots=True)
class ImportPlan:
    """The edit to apply, its record, the report, and the CRS that the project is to have (its own, or the one chosen from this data)."""

    edit: Edit
    record: ImportRecord
    report: ImportReport
    epsg: int


def plan(incoming: Incoming, layer: Layer, view: ProjectView, options: Options, progress: Progress | None = None) -> ImportPlan:
    """What taking `incoming` into `layer` would change. Raises `DataProblem` where the file as a whole cannot be taken; bad rows are listed in the report."""
    progress = progress or Progress()
    incoming = _of_kind(incoming, layer)
    matches = match(incoming.columns, layer, options.columns)
    progress.at(0, 4, _("判断坐标系"))
    home = _home(view, options)
    source, epsg, shapes, warnings = _located(incoming, layer, matches, home, options)
    progress.at(1, 4, _("读取属性"))
    registers: dict[str, Register] = {}

    def register_of(name: str) -> Register:
        if name not in registers:
            registers[name] = Register(view.features(name))
        return registers[name]

    read = read_columns(incoming, layer, matches, register_of, options.year or options.today.year)
    warnings += read.warnings
    if matches.unmatched and layer.kind not in _LOOSE:
        warnings.append(_("没有对应字段、未导入的列：{titles}。").format(titles="、".join(matches.unmatched)))
    if not matches.fields and incoming.columns and layer.kind not in _LOOSE:
        warnings.append(_("没有一列能对应到“{layer}”的字段，请用 --map 源列=字段 指明。").format(layer=layer.title))
    progress.at(2, 4, _("核对"))
    rows = _Rows(incoming, layer, matches, read, shapes, options)
    rows.compare(view.features(layer.id))
    progress.at(3, 4, _("整理"))
    if unlocated := rows.unlocated():
        warnings.append(_("{count} 条没有位置，已列为未定位。").format(count=unlocated))
    record_id = os.urandom(16).hex()
    label = _("导入{title}：{file}").format(title=layer.title, file=incoming.source)
    edit = Edit(label, tuple(rows.changes), record_id)
    report = ImportReport(
        layer=layer.id,
        title=layer.title,
        file=incoming.source,
        read=len(incoming),
        added=rows.added,
        changed=rows.changed,
        unchanged=rows.unchanged,
        rejected=tuple(Rejected(incoming.rows[position], "；".join(reasons)) for position, reasons in sorted(rows.rejected.items())),
        repaired=tuple(sorted([*incoming.repaired, *read.repaired, *shapes.repaired], key=lambda one: one.row)),
        encoding=incoming.encoding,
        encoding_evidence=incoming.encoding_evidence,
        crs=source.code if source else "",
        crs_evidence=source.evidence if source else _("没有坐标。"),
        columns=matches.as_json(incoming.columns),
        warnings=tuple(dict.fromkeys([*incoming.warnings, *(source.warnings if source else ()), *warnings])),
    )
    return ImportPlan(edit, _record(record_id, incoming, report, options), report, epsg)


def _of_kind(incoming: Incoming, layer: Layer) -> Incoming:
    """A base layer takes from a mixed file (OSM: roads with their crossings) what is of its kind, and says what it left."""
    if layer.kind != "base" or incoming.geometry is None or layer.geometry == "any":
        return incoming
    kept = of_kind(incoming.geometry, layer.geometry)
    if kept.all() or not kept.any():
        return incoming
    warning = _("文件中有 {count} 个别种图形（不是“{layer}”的图形），没有读取。").format(count=int((~kept).sum()), layer=layer.title)
    return incoming.take(np.flatnonzero(kept).tolist(), warning)


def _record(record_id: str, incoming: Incoming, report: ImportReport, options: Options) -> ImportRecord:
    return ImportRecord(
        id=record_id,
        layer=report.layer,
        file=incoming.source,
        sha256=options.sha256,
        at=dt.datetime.now().replace(microsecond=0),
        sheet=incoming.sheet,
        encoding=report.encoding,
        encoding_evidence=report.encoding_evidence,
        crs=report.crs,
        crs_evidence=report.crs_evidence,
        read=report.read,
        added=report.added,
        changed=report.changed,
        rejected=len(report.rejected),
    )


def _home(view: ProjectView, options: Options) -> crs.Home:
    """Where the project lies, by the first layer that holds anything with a place."""
    if options.epsg_is_open:
        return crs.Home()
    for name in _PLACES:
        if name in view.layers:
            features = view.features(name)
            if features.located.any():
                bounds = features.bounds
                corners = np.array([np.nanmin(bounds[:, :2], axis=0), np.nanmax(bounds[:, 2:], axis=0)])
                known = crs.project_crs(view.epsg)
                (x0, y0), (x1, y1) = known.to_degrees(corners).tolist()
                return crs.Home(view.epsg, Extent(x0, y0, x1, y1))
    return crs.Home(view.epsg)


def _located(incoming: Incoming, layer: Layer, matches: Matches, home: crs.Home, options: Options) -> tuple[crs.SourceCrs | None, int, Shapes, list[str]]:
    """The shapes in the project's CRS, how the file's CRS was found, and which CRS the project then has."""
    nowhere = Shapes(np.full(len(incoming), None, dtype=object))
    epsg = home.epsg
    if not layer.has_geometry:
        there = incoming.geometry is not None and bool((shapely.get_type_id(incoming.geometry) >= 0).any())
        return None, epsg, nowhere, [_("“{layer}”没有图形，文件中的图形没有导入。").format(layer=layer.title)] if there else []
    if incoming.geometry is not None:
        points = sample_points(incoming.geometry)
        if not len(points):
            return None, epsg, nowhere, []
        source = crs.find(incoming.declared_crs, points, home, options.crs)
        epsg = epsg or crs.home_epsg(source, points)
        return source, epsg, fitted(incoming.geometry, incoming.rows, layer, source, epsg, incoming.source), []
    if not matches.coordinates:
        return None, epsg, nowhere, []
    points, unread = points_of(incoming.columns, matches.coordinates)
    notes = [Repaired(incoming.rows[position], _("坐标“{text}”读不懂，按未定位处理").format(text=text)) for position, text in unread.items()]
    if not np.isfinite(points).any():
        nowhere.repaired = notes
        return None, epsg, nowhere, []
    wanted = options.crs if options.crs != "auto" else matches.shifted or "auto"
    source = crs.find(f"EPSG:{GEOGRAPHIC}" if matches.degrees else "", points, home, wanted)
    if options.crs == "auto" and (matches.shifted or matches.degrees):
        source = replace(source, evidence=_("表头写明坐标来源。") + source.evidence)
    epsg = epsg or crs.home_epsg(source, points)
    fits = source.fits(points)
    given = np.isfinite(points).all(axis=1)
    for position in np.flatnonzero(given & ~fits).tolist():
        text = f"{points[position, 0]:g}, {points[position, 1]:g}"
        notes.append(Repaired(incoming.rows[position], _("坐标“{text}”不在合理范围，按未定位处理").format(text=text)))
    nowhere.geometry[fits] = shapely.points(points[fits])
    shapes = fitted(nowhere.geometry, incoming.rows, layer, source, epsg, incoming.source)
    shapes.repaired += notes
    return source, epsg, shapes, []


class _Rows:
    """The rows of one import against what the layer holds: what is new, what differs, what is refused."""

    def __init__(self, incoming: Incoming, layer: Layer, matches: Matches, read: Read, shapes: Shapes, options: Options) -> None:
        self.rows = incoming.rows
        self.count = len(incoming)
        self.layer = layer
        self.values = read.values
        self.given = set(read.values)
        self.geometry: NDArray[np.object_] = shapes.geometry
        self.rejected = {position: list(reasons) for position, reasons in read.rejected.items()}
        for position, reason in shapes.rejected.items():
            self.rejected.setdefault(position, []).append(reason)
        self.options = options
        self.changes: list[Change] = []
        self.added = self.changed = self.unchanged = 0
        self._without_place = 0

    def compare(self, existing: Features) -> None:
        """Fill `changes` and the counts."""
        loose = self.layer.kind in _LOOSE
        known = self._same_rows(existing)
        if not loose:
            self._refuse_repeated_codes()
        new = [position for position in range(self.count) if position not in known and position not in self.rejected]
        self._complete(new, existing)
        new = [position for position in new if position not in self.rejected]
        self._add(new)
        old = {position: there for position, there in known.items() if position not in self.rejected}
        moved = self._moved(old, existing)
        for position, there in old.items():
            self._update(position, existing, there, moved=position in moved)

    def unlocated(self) -> int:
        """How many of the taken rows have no place, in a layer that has places."""
        return self._without_place if self.layer.has_geometry else 0

    def _same_rows(self, existing: Features) -> dict[int, int]:
        """Position in the file → position in the layer: by code, else by what tells such a row."""
        if not len(existing) or self.layer.kind == "reference":
            return {}
        codes = self.values.get("code")
        if codes is not None and any(code is not None for code in codes):
            if self.layer.kind in _LOOSE and (_repeats(codes) or _repeats(existing.column("code"))):
                return {}
            return {position: existing.by_code[str(code)] for position, code in enumerate(codes) if code is not None and str(code) in existing.by_code}
        keys = [name for name in _NATURAL.get(self.layer.id, ()) if name in self.values]
        if not keys or keys[0] != _NATURAL[self.layer.id][0]:
            return {}
        mine = list(zip(*(self.values[name] for name in keys), strict=True))
        theirs = list(zip(*(existing.column(name) for name in keys), strict=True))
        if _repeats(mine) or _repeats(theirs):
            return {}
        place = {key: position for position, key in enumerate(theirs)}
        return {position: place[key] for position, key in enumerate(mine) if key in place and key[0] is not None}

    def _refuse_repeated_codes(self) -> None:
        first: dict[Scalar, int] = {}
        for position, code in enumerate(self.values.get("code", ())):
            if code is None or position in self.rejected:
                continue
            if code in first:
                reason = _("编号“{code}”与第 {row} 行重复").format(code=code, row=self.rows[first[code]])
                self.rejected.setdefault(position, []).append(reason)
            else:
                first[code] = position

    def _complete(self, new: Sequence[int], existing: Features) -> None:
        """Defaults, names made from other fields, running codes; then refuse rows that still lack what is required."""
        for one in self.layer.fields:
            if one.default:
                column, default = self._column(one.name), one.read(one.default)
                for position in new:
                    if column[position] is None:
                        column[position] = default
        required = {one.name: one for one in self.layer.fields if one.required}
        if "code" in required:
            self._number(new, existing)
        for one in self.layer.fields:
            if one.default_from:
                column, origin = self._column(one.name), self._column(one.default_from)
                for position in new:
                    if column[position] is None and origin[position] is not None:
                        column[position] = _start(str(origin[position]))
        for name, one in required.items():
            if one.default_from in required and one.default_from != "code":
                continue  # its origin is what is missing
            column = self._column(name)
            for position in new:
                if column[position] is None:
                    self.rejected.setdefault(position, []).append(_("缺少{title}").format(title=one.title))

    def _number(self, new: Sequence[int], existing: Features) -> None:
        column = self._column("code")
        lacking = [position for position in new if column[position] is None]
        if not lacking:
            return
        codes = Codes(self.layer.id, {str(code) for code in [*existing.column("code"), *column] if code is not None})
        found = self.values.get("found_at")
        for position in lacking:
            day = found[position] if found else None
            column[position] = codes.new(day if isinstance(day, dt.date) else self.options.today)

    def _column(self, name: str) -> list[Scalar]:
        if name not in self.values:
            self.values[name] = [None] * self.count
        return self.values[name]

    def _add(self, new: Sequence[int]) -> None:
        names = [one.name for one in self.layer.fields]
        blank: list[Scalar] = [None] * self.count
        columns: list[Sequence[Value]] = [self.values.get(name, blank) for name in names]
        if self.layer.has_geometry:
            names.append(GEOMETRY)
            columns.append(self.geometry.tolist())
        ids = _new_ids(len(new))
        layer = self.layer.id
        everything = list(zip(*columns, strict=True)) if len(new) == self.count else [tuple(column[at] for column in columns) for at in new]
        self.changes += [Change(layer, row_id, None, dict(zip(names, row, strict=True))) for row_id, row in zip(ids, everything, strict=True)]
        self.added = len(new)
        if self.layer.has_geometry:
            self._without_place += sum(row[-1] is None for row in everything)

    def _moved(self, old: Mapping[int, int], existing: Features) -> set[int]:
        """Which rows have another shape in the file than in the layer, by more than half a millimetre."""
        if not self.layer.has_geometry or not old:
            return set()
        positions = np.fromiter(old, dtype=int)
        mine, theirs = self.geometry[positions], existing.geometry[np.fromiter(old.values(), dtype=int)]
        different = (shapely.get_type_id(mine) >= 0) & ~shapely.equals_exact(mine, theirs, tolerance=_SAME_M)
        return {int(positions[at]) for at in np.flatnonzero(different) if not _same_shape(mine[at], theirs[at])}

    def _update(self, position: int, existing: Features, there: int, *, moved: bool) -> None:
        """A change of only what the file gives and what differs. A blank or absent cell clears nothing."""
        before: dict[str, Value] = {}
        after: dict[str, Value] = {}
        for name in self.given:
            value, now = self.values[name][position], existing.column(name)[there]
            if value is None or value == now or (name == "status" and now in _KEPT_STATUS):
                continue
            before[name], after[name] = now, value
        shape, now_shape = self.geometry[position], existing.geometry[there]
        if moved:
            before[GEOMETRY], after[GEOMETRY] = now_shape, shape
        if shape is None and now_shape is None:
            self._without_place += 1
        if after:
            self.changes.append(Change(self.layer.id, existing.ids[there], before, after))
            self.changed += 1
        else:
            self.unchanged += 1


def _repeats(values: Sequence[object]) -> bool:
    given = [value for value in values if value is not None]
    return len(set(given)) < len(given)


def _start(text: str) -> str:
    """The first line of a text, cut at a sentence's end or after thirty characters."""
    line = text.strip().splitlines()[0] if text.strip() else ""
    for mark in "。；;":
        line = line.split(mark)[0] or line
    return line if len(line) <= _START else line[: _START - 1] + "…"


def _new_ids(count: int) -> list[str]:
    """Row ids like `edits.new_id`'s, many at once."""
    raw = np.frombuffer(os.urandom(16 * count), dtype=np.uint8).reshape(-1, 16).copy()
    raw[:, 6] = raw[:, 6] & 0x0F | 0x40
    raw[:, 8] = raw[:, 8] & 0x3F | 0x80
    text = raw.tobytes().hex()
    return [text[start : start + 32] for start in range(0, 32 * count, 32)]


def _same_shape(one: shapely.Geometry, other: shapely.Geometry | None) -> bool:
    """Whether two shapes lie on each other, whatever a format made of single and multiple parts or of the direction of rings."""
    if other is None or shapely.get_dimensions(one) != shapely.get_dimensions(other):
        return False
    area = abs(one.area - other.area)
    if shapely.get_dimensions(one) == 2:
        one, other = one.boundary, other.boundary
    return area <= max(one.length, 1.0) * _SAME_M and bool(shapely.hausdorff_distance(one, other) <= _SAME_M)
