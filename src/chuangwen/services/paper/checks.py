"""What can be said of a run of sheets before anything is drawn: who is responsible, what stands on no sheet, how old the data is (issue 4, pre-flight)."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np
import shapely

from chuangwen.domain.campaign import is_open
from chuangwen.domain.feature import Feature, Features
from chuangwen.services.paper.crs_check import crs_defects, in_country
from chuangwen.services.paper.defects import NOTE, WARNING, Defect, called, listed
from chuangwen.services.paper.sheet import Request, Sheet
from chuangwen.services.paper.zone_shapes import shape_defects
from chuangwen.text import _

if TYPE_CHECKING:
    from chuangwen.services.project import Project

_RESPONSIBLE: Mapping[str, tuple[str, ...]] = {
    "zone": ("responsible_unit", "chief", "member"),
    "section": ("responsible_unit", "chief1", "chief2", "chief3"),
    "site": ("responsible_unit", "chief"),
}
"""Layer → the fields of which at least one must be filled, or a sheet has nobody to turn to."""


_TOLD_SINGLY = 10  # sheets: more with the same fault are told in one sentence


def defects(project: Project, request: Request, sheets: Sequence[Sheet], subject: str, data_time: dt.datetime) -> Iterator[Defect]:
    """All that is wrong with the data of a run. `subject`: the layer that the product is about, '' none; `data_time`: as the sheets say it."""
    yield from crs_defects(project, sheets)
    if subject:
        yield from _left_out(project.features(subject), request, sheets)
    if request.product == "zone":
        yield from shape_defects(sheets, project.features("zone"))
        if request.codes is None:
            yield from _on_no_sheet(project)
    yield from _nobody(project, sheets)
    yield from _codes(project, sheets)
    yield from _unlocated(project, sheets)
    yield from _old(project, sheets, data_time)


def _of(feature: Feature) -> tuple[str, str]:
    return feature.layer, feature.id


def _left_out(features: Features, request: Request, sheets: Sequence[Sheet]) -> Iterator[Defect]:
    """Features that a run of all leaves out, for they have no place."""
    if request.codes is not None:
        return
    printed = {sheet.subject.id for sheet in sheets if sheet.subject is not None}
    for at in np.flatnonzero(~features.located).tolist() if printed else []:
        one = features.at(at)
        if one.id not in printed:
            words = _("{layer} {code} 没有画在图上的位置，这次没有打印：请导入它的边界或位置。").format(layer=features.layer.title, code=called(one))
            yield Defect(severity=WARNING, kind="not_printed", words=words, feature=_of(one))


def _nobody(project: Project, sheets: Sequence[Sheet]) -> Iterator[Defect]:
    """Subjects, or what a sheet without one lists, with nobody responsible; each once, and all in one sentence where they are many."""
    bare: dict[str, dict[int, list[Feature]]] = {}
    seen: set[str] = set()
    for number, sheet in enumerate(sheets):
        rows = [row.feature for some in sheet.rows.values() for row in some]
        for one in [sheet.subject] if sheet.subject is not None else rows:
            if one.id not in seen and one.layer in _RESPONSIBLE and not any(one.get(name) for name in _RESPONSIBLE[one.layer]):
                bare.setdefault(one.layer, {}).setdefault(number, []).append(one)
            seen.add(one.id)
    for layer, of_sheet in bare.items():
        if len(of_sheet) > _TOLD_SINGLY:
            of_sheet = {next(iter(of_sheet)): [one for found in of_sheet.values() for one in found]}
        for number, found in of_sheet.items():
            words = _("{layer} {codes} 没有责任单位，也没有责任人：请先指定再打印。").format(layer=project.layers[layer].title, codes=listed(found))
            yield Defect(severity=WARNING, kind="nobody", words=words, feature=_of(found[0]), sheet=sheets[number])


def _codes(project: Project, sheets: Sequence[Sheet]) -> Iterator[Defect]:
    """Codes that two features on the sheets share, or a sheet's subject with any other of its layer: nobody can tell which is meant."""
    held: dict[str, dict[str, tuple[Feature, Sheet]]] = {}
    for sheet in sheets:
        rows = [row.feature for rows in sheet.rows.values() for row in rows]
        for one in [*rows, *([sheet.subject] if sheet.subject is not None else [])]:
            held.setdefault(one.layer, {}).setdefault(one.id, (one, sheet))
    for layer, found in held.items():
        of_subjects = any(sheet.subject is not None and sheet.subject.layer == layer for sheet in sheets)
        codes = project.features(layer).column("code") if of_subjects else [one.code for one, _sheet in found.values()]
        counts = Counter(str(code) for code in codes if code)
        told: set[str] = set()
        for one, sheet in found.values():
            if counts[one.code] > 1 and one.code not in told:
                told.add(one.code)
                words = _("有 {count} 个{layer}的编号都是“{code}”，图上和表里分不清：请改编号。").format(
                    count=counts[one.code], layer=project.layers[layer].title, code=one.code
                )
                yield Defect(severity=WARNING, kind="same_code", words=words, feature=_of(one), sheet=sheet)


def _unlocated(project: Project, sheets: Sequence[Sheet]) -> Iterator[Defect]:
    """Rows of tables that are on no map; one word for the run."""
    bare: dict[str, dict[str, tuple[Feature, Sheet]]] = {}
    for sheet in sheets:
        for layer, rows in sheet.rows.items():
            for row in rows:
                if row.feature.geometry is None or row.feature.geometry.is_empty:
                    bare.setdefault(layer, {}).setdefault(row.feature.id, (row.feature, sheet))
    for layer, found in bare.items():
        first, sheet = next(iter(found.values()))
        words = _("{layer} {codes} 没有位置，表里写“未定位”，图上没有。在图上定位后会有图号。").format(
            layer=project.layers[layer].title, codes=listed([one for one, _sheet in found.values()])
        )
        yield Defect(severity=NOTE, kind="unlocated", words=words, feature=_of(first), sheet=sheet)


def _on_no_sheet(project: Project) -> Iterator[Defect]:
    """Open issues, and sites, that lie in no zone: no patrol carries them."""
    zones = project.features("zone")
    known = {code for code, located in zip(zones.column("code"), zones.located, strict=True) if located}
    tree = shapely.STRtree(zones.geometry[zones.located])
    issues = project.features("issue")
    for features in (project.features("site"), issues.take(is_open(issues))):
        named = np.array([code in known for code in features.column("zone_code")], dtype=bool)
        places = np.flatnonzero(in_country(features))  # those that lie elsewhere are told by their coordinates
        outside = np.zeros(len(features), dtype=bool)
        outside[places] = True
        outside[places[np.unique(tree.query(features.geometry[places], predicate="intersects")[0])]] = False
        for lost, words in (
            (outside, _("{layer} {codes} 不在任何网格内，哪一张图上都没有：请核对位置，或补齐网格边界。")),
            (~features.located & ~named, _("{layer} {codes} 没有位置，也没有写明所在网格，哪一张图上都没有：请先在图上定位。")),
        ):
            found = [features.at(at) for at in np.flatnonzero(lost).tolist()]
            if found:
                said = words.format(layer=features.layer.title, codes=listed(found))
                yield Defect(severity=WARNING, kind="on_no_sheet", words=said, feature=_of(found[0]))


def _old(project: Project, sheets: Sequence[Sheet], data_time: dt.datetime) -> Iterator[Defect]:
    """Issues of the day before yesterday are not what a patrol should carry."""
    days = (project.campaign.today - data_time.date()).days
    if days > 1 and any(sheet.rows.get("issue") for sheet in sheets):
        words = _("数据截止 {time}，已经 {days} 天没有更新：请先录入或导入最近的问题再打印。").format(time=f"{data_time:%Y-%m-%d %H:%M}", days=days)
        yield Defect(severity=WARNING, kind="old_data", words=words)
