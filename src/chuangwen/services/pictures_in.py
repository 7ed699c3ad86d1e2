"""Pictures that come with an import: rows of the layer `photo` in the same edit, their files in the project's folder (domain.md 4.3).

The pictures of a workbook belong to the row that they stand in. Photos with a position become draft issues, or, where the user says so, evidence of the issue
that was handled there on that day.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import shapely

from chuangwen.domain import edits
from chuangwen.domain.change import Change
from chuangwen.domain.evidence import round_of
from chuangwen.domain.values import Scalar
from chuangwen.errors import Cancelled, FileProblem
from chuangwen.exchange.doubts import Answer, Answers, Doubt, settled
from chuangwen.exchange.importing import ImportPlan
from chuangwen.exchange.incoming import Incoming, Picture, Repaired
from chuangwen.exchange.photos_in import shot_of
from chuangwen.exchange.source_crs import project_crs
from chuangwen.progress import Progress
from chuangwen.services.fingerprints import fingerprint
from chuangwen.services.project import Project
from chuangwen.store.photos import Kept, kept_as, write_kept
from chuangwen.text import _

if TYPE_CHECKING:
    from chuangwen.domain.feature import Features
    from chuangwen.domain.layer import Layer

KEY = "photos"
"""The doubt about what photos with a position are."""
DRAFTS, EVIDENCE = "drafts", "evidence"
NEAR_M = 50.0
_AFTER = ("后", "反馈", "完成")
_WGS84 = 4326
_DAYS = (("found_at", "before"), ("done_at", "after"), ("checked_at", "check"))
"""Days of an issue on which it is photographed, and what the photo then shows."""


@dataclass(frozen=True, slots=True)
class Pending:
    """A picture whose file is still to be written."""

    kept: Kept
    picture: Picture


@dataclass(frozen=True, slots=True)
class Evidence:
    """Photos told apart: `rest` become rows of the layer; `found`: issue's id → its photos with their kind."""

    rest: Incoming
    found: Mapping[str, tuple[tuple[Picture, str], ...]]


def told_apart(incoming: Incoming, issues: Features, photos: Features, epsg: int, answers: Answers) -> Evidence:
    """Which photos belong to an issue within 50 m that was found, handled or checked on the day they were taken: asked; drafts by default.

    A photo that the project holds already is none of them.
    """
    had = set(photos.column("sha256"))
    near = {at: one for at, one in _nearest(incoming, issues, epsg).items() if hashlib.sha256(bytes_of(incoming.pictures[at][0])).hexdigest() not in had}
    if not near:
        return Evidence(incoming, {})
    possible = (
        Answer(DRAFTS, _("每张照片一条草稿问题"), _("以后再核对、补充")),
        Answer(EVIDENCE, _("附到已有问题"), _("{count} 张照片 50 米内有当天的问题，其余作草稿").format(count=len(near))),
    )
    chosen = settled(KEY, answers, possible, DRAFTS)
    question = _("{count} 张照片的拍摄地点和日期与已有问题相符，怎样处理？").format(count=len(near))
    doubt = Doubt(KEY, question, possible, chosen, tuple(incoming.rows[at] for at in near))
    if chosen == DRAFTS:
        return Evidence(replace(incoming, doubts=(*incoming.doubts, doubt)), {})
    found: dict[str, tuple[tuple[Picture, str], ...]] = {}
    for at, (row_id, kind) in near.items():
        found[row_id] = (*found.get(row_id, ()), *((picture, kind) for picture in incoming.pictures[at]))
    note = _("{count} 张照片附到了 {issues} 个已有问题（50 米内、同一天）。").format(count=len(near), issues=len(found))
    rest = incoming.take([at for at in range(len(incoming)) if at not in near], note)
    return Evidence(replace(rest, doubts=(*rest.doubts, doubt)), found)


def _nearest(incoming: Incoming, issues: Features, epsg: int) -> dict[int, tuple[str, str]]:
    """Position of a photo → the nearest issue of its day within reach, and what the photo shows."""
    located = np.flatnonzero(issues.located)
    if incoming.geometry is None or not len(located) or not epsg:
        return {}
    tree = shapely.STRtree(issues.geometry[located])
    degrees = project_crs(_WGS84)
    found = {}
    for at, pictures in incoming.pictures.items():
        day = _day(pictures[0])
        if incoming.geometry[at] is None or day is None:
            continue
        place = shapely.points(degrees.to(shapely.get_coordinates(incoming.geometry[at]), epsg)[0])
        around = [int(located[one]) for one in tree.query(place, predicate="dwithin", distance=NEAR_M)]
        for there in sorted(around, key=lambda one: shapely.distance(place, issues.geometry[one])):
            kind = next((kind for name, kind in _DAYS if _same_day(issues.column(name)[there], day)), "")
            if kind:
                found[at] = (issues.ids[there], kind)
                break
    return found


def attached(
    project: Project, found: ImportPlan, layer: Layer, evidence: Evidence | None = None, progress: Progress | None = None
) -> tuple[ImportPlan, tuple[Pending, ...]]:
    """The plan with a row of `photo` for each picture of its rows in the same edit, and the files to write before it.

    What shows the state after the work is told by the title of the column (后, 反馈). A picture that a feature has already is not attached again; one that
    cannot be kept is said.
    """
    wanted: list[tuple[str, Picture, str, int]] = [
        (found.ids[position], picture, _kind(picture, layer), found.incoming.rows[position])
        for position, pictures in sorted(found.incoming.pictures.items())
        if position in found.ids
        for picture in pictures
    ]
    wanted += [(row_id, picture, kind, 0) for row_id, some in (evidence.found if evidence else {}).items() for picture, kind in some]
    if not wanted:
        return found, ()
    photos = project.features("photo")
    had = set(zip(photos.column("owner_id"), photos.column("sha256"), strict=True))
    changes: list[Change] = []
    pending: list[Pending] = []
    repaired: list[Repaired] = []
    for owner, picture, kind, row in (progress or Progress()).each(wanted, len(wanted), _("查看照片")):
        try:
            content = bytes_of(picture)
            taken = _taken(content)
            kept = kept_as(picture.name, content, taken or dt.datetime.now())
        except (FileProblem, OSError) as problem:
            repaired.append(Repaired(row, _("照片“{name}”没有导入：{why}").format(name=picture.name, why=problem)))
            continue
        if (owner, kept.sha256) in had:
            continue
        had.add((owner, kept.sha256))
        values: dict[str, Scalar] = {"name": kept.name, "owner_layer": layer.id, "owner_id": owner, "kind": kind, "path": kept.path, "sha256": kept.sha256}
        values |= {"round": _round(project, layer, owner), "phash": _fingerprint(content, picture.name)}
        changes += edits.add(project.layers["photo"], {**values, "taken_at": taken, "caption": picture.column or None}).changes
        pending.append(Pending(kept, picture))
    warnings = [_("附上 {count} 张照片。").format(count=len(changes))] if changes else []
    report = replace(
        found.report,
        read=found.report.read + sum(len(some) for some in (evidence.found if evidence else {}).values()),
        changed=found.report.changed + len(evidence.found if evidence else {}),
        repaired=(*found.report.repaired, *repaired),
        warnings=(*found.report.warnings, *warnings),
    )
    return replace(found, edit=replace(found.edit, changes=(*found.edit.changes, *changes)), report=report), tuple(pending)


def write_files(pending: Sequence[Pending], folder: Path, progress: Progress | None = None) -> list[Path]:
    """Copy the pictures into the project's folder; what was new. Raises `FileProblem` or `Cancelled`, and then leaves none of them."""
    new: list[Path] = []
    try:
        copied = (progress or Progress()).each(pending, len(pending), _("复制照片"))
        new.extend(folder / one.kept.path for one in copied if write_kept(one.kept, bytes_of(one.picture), folder))
    except OSError as problem:
        take_back(new)
        hint = _("请检查文件是否还在、U 盘是否还连着。")
        raise FileProblem(_("无法读取照片：{error}。").format(error=problem.strerror or problem), hint=hint) from problem
    except (FileProblem, Cancelled):
        take_back(new)
        raise
    return new


def take_back(files: Sequence[Path]) -> None:
    """Remove what `write_files` had written, where the edit could not be."""
    for file in files:
        with suppress(OSError):
            file.unlink()


def bytes_of(picture: Picture) -> bytes:
    """The content of a picture, held or in its file."""
    return picture.content or (picture.file.read_bytes() if picture.file is not None else b"")


def _kind(picture: Picture, layer: Layer) -> str:
    if layer.id == "site":
        return "site"
    if layer.id != "issue":
        return "other"
    return "after" if any(word in picture.column for word in _AFTER) else "before"


def _round(project: Project, layer: Layer, owner: str) -> int | None:
    """The round that an issue is in; a new one is in its first."""
    if layer.id != "issue":
        return None
    issue = project.features(layer.id).feature(owner)
    return round_of(issue.values) if issue is not None else 0


def _fingerprint(content: bytes, name: str) -> str | None:
    """A picture out of a workbook that cannot be opened is kept as it came."""
    try:
        return fingerprint(content, name) or None
    except FileProblem:
        return None


def _taken(content: bytes) -> dt.datetime | None:
    shot = shot_of(content)
    return shot.taken if shot is not None else None


def _day(picture: Picture) -> dt.date | None:
    taken = _taken(bytes_of(picture))
    return taken.date() if taken is not None else None


def _same_day(value: object, day: dt.date) -> bool:
    return isinstance(value, dt.date) and (value.date() if isinstance(value, dt.datetime) else value) == day
