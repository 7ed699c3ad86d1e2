"""What an import would do: the one Edit, its record, and the report that the user reads. Nothing is written here."""

from __future__ import annotations

import datetime as dt
import os
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np
import shapely

from chuangwen.domain.change import Edit
from chuangwen.domain.feature import Features
from chuangwen.domain.geo import GEOGRAPHIC, Extent
from chuangwen.domain.layer import Layer, Layers
from chuangwen.exchange import crs
from chuangwen.exchange.comparing import LOOSE, Comparison
from chuangwen.exchange.coordinates import points_of
from chuangwen.exchange.crs import Placement
from chuangwen.exchange.doubts import Answers, Doubt
from chuangwen.exchange.findings import Cleaning, Finding
from chuangwen.exchange.incoming import Candidate, Incoming, Repaired, sheet_of
from chuangwen.exchange.matching import Matches, Register, match
from chuangwen.exchange.reading import read_columns
from chuangwen.exchange.review import ReviewRow
from chuangwen.exchange.shapes import Shapes, fitted, of_kind, sample_points
from chuangwen.progress import Progress
from chuangwen.store.base import ImportRecord
from chuangwen.text import _

if TYPE_CHECKING:
    from numpy.typing import NDArray

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
    """What the user said. `crs`: auto, EPSG:N, gcj02, bd09. `columns`: source column → field. `today` dates new codes; `year` stands in dates without one.

    `answers`: to the doubts of an earlier look at the same file.
    """

    crs: str = "auto"
    columns: Mapping[str, str] = field(default_factory=dict)
    today: dt.date = field(default_factory=dt.date.today)
    year: int = 0
    epsg_is_open: bool = False  # the project has no CRS yet: choose one
    sha256: str = ""
    answers: Answers = field(default_factory=dict)


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
    doubts: tuple[Doubt, ...] = ()
    review: tuple[ReviewRow, ...] = ()
    findings: tuple[Finding, ...] = ()
    cleaning: Cleaning | None = None
    candidates: tuple[Candidate, ...] = ()
    placements: tuple[Placement, ...] = ()
    profile: str = ""

    def as_json(self) -> dict[str, Any]:
        """The object that `import --json` prints."""
        return {
            "layer": self.layer,
            "read": self.read,
            "added": self.added,
            "changed": self.changed,
            "unchanged": self.unchanged,
            "rejected": [{"row": one.row, "reason": one.reason, **_of_sheet(one.row)} for one in self.rejected],
            "repaired": [{"row": one.row, "what": one.what, **_of_sheet(one.row)} for one in self.repaired],
            "encoding": {"name": self.encoding, "evidence": self.encoding_evidence},
            "crs": {"code": self.crs or None, "evidence": self.crs_evidence},
            "columns": dict(self.columns),
            "warnings": list(self.warnings),
            "doubts": [one.as_json() for one in self.doubts],
            "review": self.review_counts,
            "findings": [
                {"kind": one.kind, "what": one.title, "rows": list(one.rows), "codes": list(one.codes), "area": round(one.area, 2)} for one in self.findings
            ],
            "profile": self.profile,
        }

    @property
    def review_counts(self) -> dict[str, int]:
        """Kind of review row → how many."""
        return dict(Counter(one.kind for one in self.review))

    def sentence(self) -> str:
        """One line for people."""
        return _("{file} → {title}：读取 {read}，新增 {added}，更新 {changed}，不变 {unchanged}，未导入 {rejected}。").format(
            file=self.file, title=self.title, read=self.read, added=self.added, changed=self.changed, unchanged=self.unchanged, rejected=len(self.rejected)
        )


def _of_sheet(row: int) -> dict[str, str]:
    """The sheet of a row, where several were read together."""
    return {"sheet": name} if (name := sheet_of(row)) else {}


@dataclass(frozen=True, slots=True)
class ImportPlan:
    """The edit to apply, its record, the report, and the CRS that the project is to have (its own, or the one chosen from this data).

    `incoming` and `geometry` (n, in EPSG `epsg`, None where there is no place) are what the preview shows: first rows and shapes.
    """

    edit: Edit
    record: ImportRecord
    report: ImportReport
    epsg: int
    incoming: Incoming
    geometry: NDArray[np.object_]


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
    if matches.unmatched and layer.kind not in LOOSE:
        warnings.append(_("没有对应字段、未导入的列：{titles}。").format(titles="、".join(matches.unmatched)))
    if not matches.fields and incoming.columns and layer.kind not in LOOSE:
        warnings.append(_("没有一列能对应到“{layer}”的字段，请用 --map 源列=字段 指明。").format(layer=layer.title))
    progress.at(2, 4, _("核对"))
    rows = Comparison(incoming, layer, read, shapes, options.today)
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
        doubts=incoming.doubts,
        candidates=incoming.candidates,
    )
    return ImportPlan(edit, _record(record_id, incoming, report, options), report, epsg, incoming, shapes.geometry)


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
