"""The verbs: each gives the `Edit` that does one thing a user can do, or raises `RuleBroken`. Nothing is written here."""

from __future__ import annotations

import datetime as dt
import secrets
import time
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

from chuangwen.domain.change import Change, Edit
from chuangwen.domain.feature import Feature
from chuangwen.domain.lifecycle import STATES, check_move
from chuangwen.domain.values import GEOMETRY, Scalar, Value
from chuangwen.errors import RuleBroken
from chuangwen.text import _

if TYPE_CHECKING:
    from shapely.geometry.base import BaseGeometry

    from chuangwen.domain.layer import Layer


def new_id() -> str:
    """A fresh row id, a UUID of version 7 (RFC 9562, 5.7) as 32 hex digits: ours for good, whatever file or database the row moves to.

    It starts with the time, so that the ids of an import stand in order and their index is written at its end, not all over the file.
    """
    ms, below_ms = divmod(time.time_ns(), 1_000_000)
    return f"{ms:012x}7{below_ms * 4096 // 1_000_000:03x}{0x8000_0000_0000_0000 | secrets.randbits(62):016x}"


def described(layer: Layer, features: Sequence[Feature]) -> str:
    """What an edit is about, for its label: one feature's name, else how many."""
    if len(features) == 1:
        return features[0].code or features[0].name or layer.title
    return _("{count} 个{title}").format(count=len(features), title=layer.title)


def set_values(layer: Layer, features: Sequence[Feature], values: Mapping[str, Scalar], label: str = "") -> Edit:
    """Set `values` on every one of `features`. Rows that hold them already are left out, so undo never offers an empty step.

    A change of the issues' `status` must be a legal move (domain.md 4.2). Raises `RuleBroken`, also when a required field would become empty.
    """
    reasons = {
        name: _("{title}不能为空").format(title=layer.field(name).title) for name, value in values.items() if layer.field(name).required and value in (None, "")
    }
    if reasons:
        raise RuleBroken(next(iter(reasons.values())), reasons)
    voids = layer.id == "accountability" and values.get("status") == "void"
    if voids and not all(values.get("void_reason") or feature.get("void_reason") for feature in features):
        raise RuleBroken(_("作废必须写明原因。"), {"void_reason": _("作废必须写明原因")})
    changes = []
    for feature in features:
        wanted = dict(values)
        if layer.id == "issue" and "status" in wanted and wanted["status"] != feature.get("status"):
            wanted |= _moved(feature, wanted)
        before = {name: feature.get(name) for name in wanted if feature.get(name) != wanted[name]}
        if before:
            changes.append(Change(layer.id, feature.id, before, {name: wanted[name] for name in before}))
    titles = "、".join(layer.field(name).title for name in values)
    return Edit(label or _("修改{what}的{titles}").format(what=described(layer, features), titles=titles), tuple(changes))


def move_status(layer: Layer, issues: Sequence[Feature], target: str, values: Mapping[str, Scalar] | None = None) -> Edit:
    """Move issues to the state `target`, with what the move needs in `values`. Raises `RuleBroken` and moves none if one may not."""
    what = described(layer, issues)
    return set_values(layer, issues, {**(values or {}), "status": target}, _("{what}改为“{state}”").format(what=what, state=STATES.get(target, target)))


def assign_unit(layer: Layer, features: Sequence[Feature], unit: str | None, field: str = "responsible_unit") -> Edit:
    """Make `unit` (its full name) the responsible unit."""
    what = described(layer, features)
    label = _("{what}的责任单位定为{unit}").format(what=what, unit=unit) if unit else _("清除{what}的责任单位").format(what=what)
    extra = {"unit_basis": "manual" if unit else None} if field == "responsible_unit" and layer.has("unit_basis") else {}
    return set_values(layer, features, {field: unit, **extra}, label)


def add(layer: Layer, values: Mapping[str, Scalar], geometry: BaseGeometry | None = None, row_id: str = "") -> Edit:
    """A new feature. Fields not given take their declared default. Raises `RuleBroken` when a required one is missing."""
    full: dict[str, Value] = {one.name: (one.default or None) for one in layer.fields}
    full |= values
    reasons = {one.name: _("{title}不能为空").format(title=one.title) for one in layer.fields if one.required and full.get(one.name) in (None, "")}
    if reasons:
        raise RuleBroken(next(iter(reasons.values())), reasons)
    full[GEOMETRY] = geometry
    return Edit(_("新增{title} {code}").format(title=layer.title, code=values.get("code") or "").strip(), (Change(layer.id, row_id or new_id(), None, full),))


def remove(layer: Layer, features: Sequence[Feature]) -> Edit:
    """Delete features. A closed issue stays: it is evidence (domain.md 4.2). A record of accountability is voided, not deleted (SR-72)."""
    closed = [feature for feature in features if layer.id == "issue" and feature.get("status") == "closed"]
    if closed:
        raise RuleBroken(_("已销号的问题 {code} 不能删除。").format(code=closed[0].code), hint=_("确属误登的，请先“回头看反弹”再作废。"))
    if layer.id == "accountability":
        raise RuleBroken(_("问责和通报记录不能删除。"), hint=_("登记有误的，把状态改为作废并写明原因。"))
    changes = tuple(Change(layer.id, feature.id, {**feature.values, GEOMETRY: feature.geometry}, None) for feature in features)
    return Edit(_("删除{what}").format(what=described(layer, features)), changes)


def place(layer: Layer, feature: Feature, geometry: BaseGeometry | None) -> Edit:
    """Put a feature at another place on the map, or on it for the first time (未定位)."""
    word = _("移动{what}") if feature.geometry is not None else _("定位{what}")
    return Edit(word.format(what=described(layer, [feature])), (Change(layer.id, feature.id, {GEOMETRY: feature.geometry}, {GEOMETRY: geometry}),))


def joined(label: str, edits: Iterable[Edit]) -> Edit:
    """Several edits as one step."""
    return Edit(label, tuple(change for edit in edits for change in edit.changes))


def _moved(feature: Feature, wanted: Mapping[str, Scalar]) -> dict[str, Scalar]:
    """What a move sets beside the status: counters and dates that follow from it."""
    target = str(wanted["status"])
    move = check_move({**feature.values, **{name: value for name, value in wanted.items() if name != "status"}}, target)
    follows: dict[str, Scalar] = {}
    if target == "returned":
        follows["return_count"] = _count(feature.get("return_count")) + 1
    if target == "rework":
        follows["rework_count"] = _count(feature.get("rework_count")) + 1
    if target == "rectified" and not wanted.get("done_at"):
        follows["done_at"] = dt.date.today()
    if target == "closed" and not wanted.get("checked_at"):
        follows["checked_at"] = dt.date.today()
    if move.button == "指定":
        follows["unit_basis"] = "designated"
    return follows


def _count(value: Scalar) -> int:
    return value if isinstance(value, int) else 0
