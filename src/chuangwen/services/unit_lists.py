"""按单位拆分: the list of issues as one workbook a unit, and a note of what was sent, when and to whom (SR-04)."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from chuangwen.domain import edits
from chuangwen.domain.change import Edit
from chuangwen.domain.feature import Features
from chuangwen.domain.values import LIST_MARK, Scalar, plain
from chuangwen.errors import UserError
from chuangwen.exchange.exporting import list_rows
from chuangwen.exchange.outgoing import Export
from chuangwen.exchange.workbook_out import write_workbook
from chuangwen.progress import Progress
from chuangwen.services.notes import noted
from chuangwen.services.out_folder import written_whole
from chuangwen.services.paper.file_names import file_name
from chuangwen.text import _

if TYPE_CHECKING:
    from chuangwen.services.project import Project

_PARTS = (("responsible_unit", _("责任")), ("lead_unit", _("牵头")), ("supporting_units", _("配合")))


@dataclass(frozen=True, slots=True)
class UnitList:
    """The part of a unit: positions in the source and what the unit has to do with each row. `unit` '': rows that nobody has."""

    unit: str
    rows: tuple[int, ...]
    roles: tuple[str, ...]
    shared: tuple[bool, ...]


def split(issues: Features) -> list[UnitList]:
    """Every row to each unit that it names as responsible, leading or supporting; rows without one to the list of nobody. None is lost."""
    found: dict[str, dict[int, list[str]]] = {}
    named: list[set[str]] = [set() for _row in issues.ids]
    for field, role in _PARTS:
        for at, value in enumerate(issues.column(field)):
            for unit in filter(None, (part.strip() for part in plain(value).split(LIST_MARK))):
                found.setdefault(unit, {}).setdefault(at, []).append(role)
                named[at].add(unit)
    nobody = {at: [""] for at, units in enumerate(named) if not units}
    lists = [*sorted(found.items()), *([("", nobody)] if nobody else [])]
    return [
        UnitList(
            unit,
            tuple(sorted(rows)),
            tuple(LIST_MARK.join(rows[at]) for at in sorted(rows)),
            tuple(len(named[at]) > 1 for at in sorted(rows)),
        )
        for unit, rows in lists
    ]


def export_split(project: Project, issues: Features, folder: Path, progress: Progress | None = None) -> list[tuple[UnitList, Path]]:
    """Write a workbook for each unit to `folder`: all of them or none; then note at each unit what was made for it.

    Raises `UserError` for an empty list, `FileProblem` where a file is there already or the disk will not.
    """
    progress = progress or Progress()
    if not len(issues):
        raise UserError(_("没有可以拆分的问题。"))
    lists = split(issues)
    units = project.features("unit")
    register = {plain(name): at for at, name in enumerate(units.column("name"))}
    day = f"{project.campaign.today:%Y%m%d}"
    names: list[str] = []
    for one in lists:
        code = plain(units.column("code")[register[one.unit]]) if one.unit in register else ""
        names.append(file_name(_("问题清单"), code, one.unit or _("待指定"), day, ".xlsx", taken=names))
    titles, rows = list_rows(Export(issues, project.epsg))

    def write(beside: Path) -> None:
        for one, name in progress.each(zip(lists, names, strict=True), len(lists), _("写问题清单")):
            title = _("{unit}问题清单（{count} 个）").format(unit=one.unit or _("待指定"), count=len(one.rows))
            _write(beside / name, title, titles, rows, one)

    def note(paths: list[Path]) -> list[Path]:
        listed = zip(lists, paths, strict=True)
        notes = [_note(project, units.ids[register[one.unit]], one, path) for one, path in listed if one.unit in register]
        project.apply(edits.joined(_("按单位拆分 {count} 个问题，{units} 个单位").format(count=len(issues), units=len(lists)), notes))
        return paths

    return list(zip(lists, written_whole(folder, names, write, note), strict=True))


def _write(path: Path, title: str, titles: Sequence[str], rows: Sequence[Sequence[Scalar]], one: UnitList) -> None:
    head = [_("序号"), _("本单位职责"), _("共同责任"), *titles]
    body: list[list[Scalar]] = []
    for number, (at, role, shared) in enumerate(zip(one.rows, one.roles, one.shared, strict=True), 1):
        body.append([number, role, _("共同责任") if shared else None, *rows[at]])
    write_workbook(path, title, _("问题清单"), head, body)


def _note(project: Project, unit_id: str, one: UnitList, path: Path) -> Edit:
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    text = _("发送问题清单 {file}：{count} 个问题，校验值 {digest}").format(file=path.name, count=len(one.rows), digest=digest[:16])
    unit = project.features("unit").feature(unit_id)
    assert unit is not None
    return noted(project, unit, "other", project.campaign.today, text)
