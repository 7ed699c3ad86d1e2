"""Edits from words: what a command line or a script says, checked against the layer before anything is written."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from chuangwen.domain import edits
from chuangwen.domain.change import Edit
from chuangwen.domain.feature import Feature, Features
from chuangwen.domain.filter import Filter
from chuangwen.domain.layer import Field, Layer
from chuangwen.domain.lifecycle import ASKED
from chuangwen.domain.values import GEOMETRY, Scalar, is_empty
from chuangwen.errors import DataProblem, RuleBroken, UserError
from chuangwen.services.assigning import placed
from chuangwen.services.deadlines_by_hand import IN_WORDS, checked, read_times
from chuangwen.services.placing import View, propose
from chuangwen.services.timing import timekeeper
from chuangwen.text import _

if TYPE_CHECKING:
    from shapely.geometry.base import BaseGeometry

    from chuangwen.services.project import Project

LOCATION = "location"
"""The word that puts a point somewhere: `location=116.36,27.95` (degrees), `location=437018,3093065` (metres) or `location=auto`."""


def matching(project: View, layer: Layer, conditions: Mapping[str, str]) -> Features:
    """The features whose fields have these values; choices by identifier or title, blank for empty. Raises `UserError`."""
    equal: dict[str, list[Scalar]] = {}
    for name, text in conditions.items():
        one = layer.field(name)
        equal[one.name] = [None] if is_empty(text) else [read_word(project, one, text)]
    features = project.features(layer.id)
    return features.take(Filter(equal).mask(features))


def set_from_text(project: Project, layer: Layer, feature: Feature, words: Mapping[str, str]) -> Edit:
    """The edit that sets fields of one feature from text. Raises `RuleBroken` with a reason per field; then nothing is changed."""
    values: dict[str, Scalar] = {}
    reasons: dict[str, str] = {}
    times: dict[str, str] = {}
    for name, text in words.items():
        if name == LOCATION:
            continue
        one = layer.field(name)
        if one.readonly and not ("status" in words and layer.id == "issue" and one.name in ASKED):
            reasons[one.name] = _("{title}由程序填写，不能直接修改").format(title=one.title)
            continue
        if layer.id == "issue" and one.name in IN_WORDS:
            times[one.name] = text
            continue
        try:
            values[one.name] = read_word(project, one, text)
        except DataProblem as problem:
            reasons[one.name] = str(problem)
    if times:
        read, wrong = read_times(times, {**feature.values, **values}, timekeeper(project))
        values, reasons = {**values, **read}, {**reasons, **wrong}
    if reasons:
        raise RuleBroken(_("没有修改 {code}。").format(code=feature.code), reasons)
    made = [_moved_or_set(project, layer, feature, values)] if values else []
    if layer.id == "issue" and made:
        made = [checked(timekeeper(project), made[0], [feature])]
    label = _("修改{code}").format(code=feature.code)
    if LOCATION in words:
        there = placed(project, layer, feature, _located(project, layer, feature, words[LOCATION]), given=set(values))
        made.append(there.edit)
        label = f"{label}；{there.said}" if there.said else label
    return made[0] if len(made) == 1 else edits.joined(label, made)


def _moved_or_set(project: Project, layer: Layer, feature: Feature, values: Mapping[str, Scalar]) -> Edit:
    """Another status of an issue is a move, judged as such, with the other values as what it needs."""
    if layer.id != "issue" or values.get("status") in (None, feature.get("status")):
        return edits.set_values(layer, [feature], values)
    from chuangwen.services.moving import plan_move

    return plan_move(project, [feature], str(values["status"]), values)


def row_history(project: Project, layer: Layer, feature: Feature) -> list[dict[str, Any]]:
    """What happened to a feature, newest first: at, by, role, kind, label, and `changes` title → (old, new) as the user reads them."""
    return [
        {
            "at": entry.step.at,
            "by": entry.step.by,
            "role": entry.step.role,
            "kind": entry.step.kind,
            "label": entry.step.label,
            "number": entry.step.number,
            "rows": entry.step.rows,
            "changes": shown_changes(layer, entry.before or {}, entry.after or {}) if entry.before is not None and entry.after is not None else {},
        }
        for entry in project.store.row_steps(layer.id, feature.id)
    ]


def shown_changes(layer: Layer, before: Mapping[str, Any], after: Mapping[str, Any]) -> dict[str, tuple[str, str]]:
    """Title → (old, new) of the changed fields, as the user reads them."""
    shown = {}
    for name, new in after.items():
        if name == GEOMETRY:
            shown[_("位置")] = (_position(before.get(name)), _position(new))
        elif layer.has(name):
            one = layer.field(name)
            shown[one.title] = (one.show(before.get(name)), one.show(new))
    return shown


def _position(geometry: BaseGeometry | None) -> str:
    return _("未定位") if geometry is None else f"{geometry.centroid.x:.1f}, {geometry.centroid.y:.1f}"


def read_word(project: View, one: Field, text: str) -> Scalar:
    from chuangwen.exchange.units import resolved

    return resolved(one, one.read(text), project.features(one.to)) if one.to else one.read(text)


def _located(project: Project, layer: Layer, feature: Feature, text: str) -> BaseGeometry:
    from pyproj import Transformer
    from shapely.geometry import Point

    if layer.geometry != "point":
        raise UserError(_("{layer}不是点图层，不能用坐标定位。").format(layer=layer.title))
    if text == "auto":
        proposals = propose(project, feature)
        if not proposals:
            raise UserError(_("{code} 的文字里找不到能定位的点位、路段或网格名称。").format(code=feature.code), hint=_("请给出坐标：location=116.36,27.95"))
        return proposals[0].geometry
    try:
        x, y = (float(part) for part in text.replace("，", ",").split(","))
    except ValueError:
        raise UserError(_("位置“{text}”应写成 116.36,27.95、东坐标,北坐标 或 auto。").format(text=text)) from None
    if 73 <= x <= 136 and 3 <= y <= 54:
        x, y = Transformer.from_crs(4490, project.epsg, always_xy=True).transform(x, y)
    return Point(x, y)
