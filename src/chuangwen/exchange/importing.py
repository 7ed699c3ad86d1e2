"""What an import would do: the one Edit, its record, and the report that the user reads. Nothing is written here."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np

from chuangwen.domain.calendar import Calendar
from chuangwen.domain.change import Edit
from chuangwen.domain.edits import new_id
from chuangwen.domain.feature import Features
from chuangwen.domain.layer import Layer, Layers
from chuangwen.domain.values import Scalar
from chuangwen.exchange import building_ranges, duty_lists
from chuangwen.exchange.comparing import LOOSE, Comparison
from chuangwen.exchange.doubts import Answers, Doubt
from chuangwen.exchange.findings import Cleaning, Finding, placed, shortened
from chuangwen.exchange.incoming import SENDER, Candidate, Incoming, Repaired, sheet_of
from chuangwen.exchange.list_names import list_key
from chuangwen.exchange.locating import home_of, locate
from chuangwen.exchange.matching import match
from chuangwen.exchange.office_dates import When, listed_on
from chuangwen.exchange.photos_in import is_photos
from chuangwen.exchange.reading import read_columns
from chuangwen.exchange.reshaping import reshaped
from chuangwen.exchange.review import ReviewRow, counts
from chuangwen.exchange.shapes import of_kind
from chuangwen.exchange.source_crs import Placement
from chuangwen.exchange.zone_check import Limits
from chuangwen.exchange.zone_import import check_zones
from chuangwen.progress import Progress
from chuangwen.store.base import ImportRecord, SourceRows
from chuangwen.text import _

if TYPE_CHECKING:
    from numpy.typing import NDArray


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

    def former(self, layer: str, list_key: str) -> SourceRows | None:
        """What the same list said of a layer's features when it was last imported; an import that was undone does not count."""

    def said_before(self, layer: str) -> SourceRows:
        """What the imports of a layer said last of each feature, whatever the list."""


@dataclass(frozen=True, slots=True)
class Options:
    """What the user said. `crs`: auto, EPSG:N, gcj02, bd09. `columns`: source column → field. `today` dates new codes; `year` stands in dates without one.

    `answers`: to the doubts of an earlier look at the same file. `snap_m`: borders of zones nearer than this many metres are meant to be one. `dissolve`: the
    source column by which areas are joined ('' for none).
    """

    crs: str = "auto"
    columns: Mapping[str, str] = field(default_factory=dict)
    today: dt.date = field(default_factory=dt.date.today)
    year: int = 0
    epsg_is_open: bool = False  # the project has no CRS yet: choose one
    sha256: str = ""
    answers: Answers = field(default_factory=dict)
    arrival: dt.date | None = None  # 进驻日: what 迎检前 is counted from
    snap_m: float = 0.5
    dissolve: str = ""
    calendar: Calendar = field(default_factory=Calendar)  # what 工作日 and 下班 in a deadline go by


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
    review: Sequence[ReviewRow] = ()
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
            "cleaning": self.cleaning.as_json() if self.cleaning else None,
            "profile": self.profile,
        }

    @property
    def review_counts(self) -> dict[str, int]:
        """Kind of review row → how many."""
        return counts(self.review)

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

    `incoming`, `geometry` (n, in EPSG `epsg`, None where there is no place) and `values` (field → n, as they will be stored) are what the preview shows.
    `ids`: position of a row that is taken → id of the feature that it makes or meets. `sources`: what the rows said of the features that they became.
    """

    edit: Edit
    record: ImportRecord
    report: ImportReport
    epsg: int
    incoming: Incoming
    geometry: NDArray[np.object_]
    ids: Mapping[int, str] = field(default_factory=dict)
    sources: tuple[SourceRows, ...] = ()
    values: Mapping[str, Sequence[Scalar]] = field(default_factory=dict)


def plan(incoming: Incoming, layer: Layer, view: ProjectView, options: Options, progress: Progress | None = None) -> ImportPlan:
    """What taking `incoming` into `layer` would change. Raises `DataProblem` where the file as a whole cannot be taken; bad rows are listed in the report."""
    progress = progress or Progress()
    incoming = _of_kind(reshaped(incoming, layer, options.columns, options.answers, options.dissolve), layer)
    incoming = duty_lists.told_apart(building_ranges.split(incoming, layer, options.columns, options.answers), layer, view.features)
    matches = match(incoming.columns, layer, options.columns, options.answers)
    progress.at(0, 4, _("判断坐标系"))
    located = locate(incoming, layer, matches, view, home_of(view, epsg_is_open=options.epsg_is_open), options.crs, options.answers)
    source, shapes, warnings = located.source, located.shapes, located.warnings
    progress.at(1, 4, _("读取属性"))
    year = options.year or options.today.year
    when = When(year, options.today, options.arrival, listed_on(incoming.meta, year), options.calendar)
    read = read_columns(incoming, layer, matches, view.features, when, options.answers)
    warnings += read.warnings
    if matches.unmatched and layer.kind not in LOOSE:
        warnings.append(_("没有对应字段、未导入的列：{titles}。").format(titles="、".join(matches.unmatched)))
    if not matches.fields and incoming.columns and layer.kind not in LOOSE:
        warnings.append(_("没有一列能对应到“{layer}”的字段，请用 --map 源列=字段 指明。").format(layer=layer.title))
    progress.at(2, 4, _("核对"))
    checked = check_zones(incoming.rows, layer, read, shapes, view.features(layer.id), Limits(options.snap_m), options.answers)
    shapes.geometry = checked.geometry
    rows = Comparison(incoming, layer, read, shapes, options.today, options.answers)
    key = list_key(incoming.source, incoming.sheet, incoming.meta.get(SENDER, ""))
    rows.compare(view.features(layer.id), None if is_photos(incoming) else view.former(layer.id, key), lambda: view.said_before(layer.id))
    progress.at(3, 4, _("整理"))
    if unlocated := rows.unlocated():
        warnings.append(_("{count} 条没有位置，已列为未定位。").format(count=unlocated))
    record_id = new_id()
    label = _("导入{title}：{file}").format(title=layer.title, file=incoming.source)
    edit = Edit(label, (*read.changes, *rows.changes), record_id)
    report = ImportReport(
        layer=layer.id,
        title=layer.title,
        file=incoming.source,
        read=len(incoming) + len(incoming.rejected),
        added=rows.added,
        changed=rows.changed,
        unchanged=rows.unchanged,
        rejected=tuple(sorted(_rejected(incoming, rows.rejected), key=lambda one: one.row)),
        repaired=tuple(sorted([*incoming.repaired, *read.repaired, *shapes.repaired, *checked.repaired], key=lambda one: one.row)),
        encoding=incoming.encoding,
        encoding_evidence=incoming.encoding_evidence,
        crs=source.code if source else "",
        crs_evidence=source.evidence if source else _("没有坐标。"),
        columns=matches.as_json(incoming.columns),
        warnings=tuple(dict.fromkeys([*incoming.warnings, *(source.warnings if source else ()), *warnings])),
        doubts=(*incoming.doubts, *located.doubts, *matches.doubts, *read.doubts, *checked.doubts, *rows.doubts),
        review=rows.review,
        findings=shortened([*placed(incoming.findings, incoming.rows, shapes.geometry), *shapes.findings, *checked.findings]),
        cleaning=checked.cleaning,
        candidates=incoming.candidates,
        placements=located.placements,
    )
    record = _record(record_id, incoming, report, options, key)
    return ImportPlan(edit, record, report, located.epsg, incoming, shapes.geometry, rows.ids, (rows.sources(),), read.values)


def _rejected(incoming: Incoming, found: Mapping[int, list[str]]) -> list[Rejected]:
    """The rows that could not be read, and those that could not be taken."""
    unread = [Rejected(row, why) for row, why in incoming.rejected]
    return [*unread, *(Rejected(incoming.rows[position], "；".join(reasons)) for position, reasons in found.items())]


def _of_kind(incoming: Incoming, layer: Layer) -> Incoming:
    """A base layer takes from a mixed file (OSM: roads with their crossings) what is of its kind, and says what it left."""
    if layer.kind != "base" or incoming.geometry is None or layer.geometry == "any":
        return incoming
    kept = of_kind(incoming.geometry, layer.geometry)
    if kept.all() or not kept.any():
        return incoming
    warning = _("文件中有 {count} 个别种图形（不是“{layer}”的图形），没有读取。").format(count=int((~kept).sum()), layer=layer.title)
    return incoming.take(np.flatnonzero(kept).tolist(), warning)


def _record(record_id: str, incoming: Incoming, report: ImportReport, options: Options, key: str) -> ImportRecord:
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
        unchanged=report.unchanged,
        profile=report.profile,
        list_key=key,
        answers=options.answers,
    )
