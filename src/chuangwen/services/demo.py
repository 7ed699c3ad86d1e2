"""The demo project: made by importing the demo district's files through the same importer that a planner uses."""

from __future__ import annotations

import datetime as dt
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from chuangwen.domain.campaign import Campaign
from chuangwen.domain.change import Edit
from chuangwen.domain.feature import Features
from chuangwen.domain.layer import Layer
from chuangwen.domain.values import GEOMETRY
from chuangwen.errors import FileProblem
from chuangwen.exchange.importing import ImportReport
from chuangwen.progress import Progress
from chuangwen.services.demo_photos import told_photos
from chuangwen.services.demo_story import Told, told_issues, told_records
from chuangwen.services.evidence import Attached, write_then
from chuangwen.services.importing import ImportOptions, prepare, write
from chuangwen.services.notes import noted
from chuangwen.services.project import Project
from chuangwen.settings import resources_folder
from chuangwen.text import _


def make_demo(folder: Path, actor: str, progress: Progress | None = None) -> tuple[Path, list[ImportReport]]:
    """Make `folder`/demo.gpkg from `resources/demo/`; the file and a report per imported list.

    Raises `FileProblem` where the demo exists already. On any failure nothing is left behind.
    """
    source = resources_folder() / "demo"
    plan = tomllib.loads((source / "demo.toml").read_text(encoding="utf-8"))
    target = folder / "demo.gpkg"
    if target.exists():
        raise FileProblem(_("{path} 已经存在。").format(path=target), hint=_("请换一个文件夹，或先删除它。"))
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise FileProblem(_("无法建立文件夹 {path}：{error}。").format(path=folder, error=error.strerror)) from error
    part = folder / "demo.part.gpkg"
    part.unlink(missing_ok=True)
    campaign = Campaign(plan["title"], plan["district"], plan["office"], plan["start"], plan["arrival"], plan["today"])
    progress = progress or Progress()
    clock = _Clock(plan["begun"])
    reports = []
    try:
        project = Project.create(part, campaign, plan["epsg"], actor, clock=clock)
        try:
            later: list[Told] = []
            photos = Attached()
            for number, entry in enumerate(plan["import"]):
                progress.at(number, len(plan["import"]), entry["file"])
                report, told, attached = _take(project, source / "files", entry, plan["begun"])
                reports.append(report)
                later += told
                photos += attached
            later += [_pledge(project, said) for said in plan["pledge"]]
            write_then(photos, target.with_suffix(".files"), lambda: _tell(project, clock, later))
        finally:
            project.close()
        part.replace(target)
    except BaseException:
        part.unlink(missing_ok=True)
        raise
    return target, reports


@dataclass(slots=True)
class _Clock:
    """The demo's own time: its steps are written on the days on which an office would have made them."""

    now: dt.datetime

    def __call__(self) -> dt.datetime:
        return self.now


def _tell(project: Project, clock: _Clock, later: list[Told]) -> None:
    """Write what happened, in the order in which it did."""
    for one in sorted(later, key=lambda told: told.at):
        clock.now = max(clock.now, one.at)
        project.apply(one.edit)


def _pledge(project: Project, said: Mapping[str, Any]) -> Told:
    """表态 of a unit, noted with it on the evening of its day."""
    units = project.features("unit")
    at = units.column("short_name").index(said["unit"])
    return Told(dt.datetime.combine(said["date"], dt.time(18)), noted(project, units.at(at), "pledge", said["date"], said["text"]))


def _take(project: Project, files: Path, entry: Mapping[str, Any], begun: dt.datetime) -> tuple[ImportReport, list[Told], Attached]:
    """Import a file; of issues, and of a list with `by`, only what was there at `begun`: the rest is told later, and given back with the photos."""
    prepared = prepare(project, files / entry["file"], entry["layer"], ImportOptions(name=entry.get("name", "")))
    edit, later, photos = prepared.plan.edit, list[Told](), Attached()
    if entry["layer"] == "issue":
        photos, attaching = told_photos(project.layers["photo"], _planned(project.layers["issue"], edit), files / entry["photos"], begun)
        edit, later = told_issues(edit, begun, project.campaign.now)
        later += attaching
    elif "by" in entry:
        edit, later = told_records(edit, project.layers[entry["layer"]].title, entry["by"], begun, project.campaign.now)
    write(project, replace(prepared, plan=replace(prepared.plan, edit=edit)))
    return prepared.plan.report, later, photos


def _planned(layer: Layer, edit: Edit) -> Features:
    """The issues as they will be in the end."""
    rows = {change.id: change.after for change in edit.changes if change.layer == layer.id and change.after is not None}
    geometry = np.full(len(rows), None, dtype=object)
    geometry[:] = [row.get(GEOMETRY) for row in rows.values()]
    return Features(layer, list(rows), {name: [row.get(name) for row in rows.values()] for name in layer.field_by_name}, geometry)
