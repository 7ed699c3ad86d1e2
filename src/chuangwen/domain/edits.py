"""The verbs: each gives the `Edit` that does one thing a user can do, or raises `RuleBroken`. Nothing is written here."""

from __future__ import annotations

import secrets
import time
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

from chuangwen.domain.change import Change, Edit
from chuangwen.domain.consequences import follows, returned_too_often, unowned
from chuangwen.domain.evidence import photo_of
from chuangwen.domain.feature import Feature
from chuangwen.domain.lifecycle import MOVES
from chuangwen.domain.moving import Context, check_move
from chuangwen.domain.values import GEOMETRY, Scalar, Value, Values
from chuangwen.errors import RuleBroken
from chuangwen.text import _

if TYPE_CHECKING:
    from shapely.geometry.base import BaseGeometry

    from chuangwen.domain.layer import Layer


_NAMED = 5
"""How many of the refused are named in a sentence."""


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

    Raises `RuleBroken` when a required field would become empty, for the status of an issue (it moves: see `move`) and for the deadline of a closed one
    (domain.md 4.2).
    """
    reasons = {
        name: _("{title}不能为空").format(title=layer.field(name).title) for name, value in values.items() if layer.field(name).required and value in (None, "")
    }
    if layer.id == "issue":
        reasons |= _settled(features, values)
    if reasons:
        raise RuleBroken(next(iter(reasons.values())), reasons)
    voids = layer.id == "accountability" and values.get("status") == "void"
    if voids and not all(values.get("void_reason") or feature.get("void_reason") for feature in features):
        raise RuleBroken(_("作废必须写明原因。"), {"void_reason": _("作废必须写明原因")})
    changes = []
    for feature in features:
        before = {name: feature.get(name) for name in values if feature.get(name) != values[name]}
        if before:
            changes.append(Change(layer.id, feature.id, before, {name: values[name] for name in before}))
    titles = "、".join(layer.field(name).title for name in values)
    return Edit(label or _("修改{what}的{titles}").format(what=described(layer, features), titles=titles), tuple(changes))


def move(layer: Layer, issues: Sequence[Feature], wanted: str, values: Mapping[str, Scalar] | None, context: Context, photos: Sequence[Change] = ()) -> Edit:
    """Make the move `wanted` (its id, or the state it leads to) with all of `issues`, with what it needs in `values` and `photos` (added rows of the layer
    `photo`) attached in the same step.

    An issue returned too often goes on to 待指定 by itself, as a second change of the same step (SR-67). Raises `RuleBroken` and moves none if one may not;
    its `reasons` are those of the first such issue.
    """
    given = {name: value for name, value in (values or {}).items() if name != "status"}
    context = context.with_photos([photo_of(change.id, change.after or {}) for change in photos])
    changes, onward, refused = [], [], []
    for issue in issues:
        try:
            made = check_move(issue, wanted, given, context, {field.name: field.title for field in layer.fields})
        except RuleBroken as broken:
            refused.append((issue, broken))
            continue
        now = {**issue.values, **given, **follows(made, issue, given, context)}
        changes.append(_change(layer, issue, issue.values, now))
        if made.target == "returned" and returned_too_often(now, context.rules):
            onward.append(_change(layer, issue, now, {**now, **unowned()}))
    if refused:
        raise _refused(refused, len(issues))
    button = next((one.button for one in MOVES if wanted in (one.id, one.target) and issues and one.source == issues[0].get("status")), wanted)
    label = _("{what}：{button}").format(what=described(layer, issues), button=button)
    return Edit(label, (*photos, *changes, *onward))


def object_to(note: Layer, issue: Feature, text: str, context: Context) -> Edit:
    """Note the objection of the unit to a designation: all that it may do against one (SR-56). Raises `RuleBroken` for an issue that is not designated."""
    if issue.get("unit_basis") != "designated":
        reason = _("{code} 不是创建办指定的问题，单位可以“退回”，不必附异议。").format(code=issue.code)
        raise RuleBroken(reason, {"status": reason})
    values: dict[str, Scalar] = {
        "owner_layer": issue.layer,
        "owner_id": issue.id,
        "kind": "objection",
        "date": context.now.date(),
        "text": text.strip() or None,
    }
    return Edit(_("{code}：单位异议").format(code=issue.code), add(note, values).changes)


def assign_unit(layer: Layer, features: Sequence[Feature], unit: str | None, field: str = "responsible_unit") -> Edit:
    """Make `unit` (its full name) the responsible unit. What the creation office designated stays designated, whoever it is (SR-56, SR-64).

    Raises `RuleBroken` where a designated issue would lose its unit.
    """
    designated = [feature for feature in features if feature.get("unit_basis") == "designated"] if field == "responsible_unit" else []
    if designated and not unit:
        reason = _("{code} 由创建办指定，不能没有责任单位。").format(code=designated[0].code)
        raise RuleBroken(reason, {field: reason}, hint=_("要改指定，请填另一个单位。"))
    what = described(layer, features)
    label = _("{what}的责任单位定为{unit}").format(what=what, unit=unit) if unit else _("清除{what}的责任单位").format(what=what)
    extra = {"unit_basis": "manual" if unit else None} if field == "responsible_unit" and layer.has("unit_basis") else {}
    others = [feature for feature in features if feature not in designated]
    return joined(label, [set_values(layer, designated, {field: unit}, label), set_values(layer, others, {field: unit, **extra}, label)])


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


def _settled(features: Sequence[Feature], values: Mapping[str, Scalar]) -> dict[str, str]:
    """What is not set by hand: the status, and the deadline of what is closed."""
    reasons = {}
    if any("status" in values and values["status"] != feature.get("status") for feature in features):
        reasons["status"] = _("状态要用“交办”“签收”等办理按钮改（命令行：move）")
    for feature in features:
        touched = [name for name in ("due_at", "due_time") if name in values and values[name] != feature.get(name)]
        if feature.get("status") == "closed" and touched:
            reasons[touched[0]] = _("{code} 已销号，时限不能再改").format(code=feature.code)
    return reasons


def _change(layer: Layer, issue: Feature, before: Values, after: Values) -> Change:
    names = [name for name in after if layer.has(name) and before.get(name) != after[name]]
    return Change(layer.id, issue.id, {name: before.get(name) for name in names}, {name: after[name] for name in names})


def _refused(refused: Sequence[tuple[Feature, RuleBroken]], asked: int) -> RuleBroken:
    issue, first = refused[0]
    if asked == 1:
        return first
    codes = "、".join(one.code for one, _broken in refused[:_NAMED]) + ("…" if len(refused) > _NAMED else "")
    message = _("{asked} 个问题都没有改动，其中 {count} 个不行（{codes}）。{code}：{why}")
    return RuleBroken(message.format(asked=asked, count=len(refused), codes=codes, code=issue.code, why=first.message), first.reasons, first.hint)
