"""Why a candidate is not the responsible unit, in a sentence for the planner (为什么不是它, domain.md 8.4)."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Sequence

from chuangwen.domain.categories import Category
from chuangwen.domain.responsibility import COMPOUND, SIDE, Candidate, Rule, applies
from chuangwen.text import _


def metres(value: float) -> str:
    """A limit as it was set: 20 米, 12.5 米."""
    return _("{metres} 米").format(metres=f"{value:.10g}")


def what(one: Candidate) -> str:
    """What a candidate is called in a sentence: its code and name, each once."""
    return one.code if one.name in ("", one.code) else f"{one.code} {one.name}".strip()


def rule_silent(rule: Rule, chain: Sequence[Category], day: dt.date | None) -> str:
    """Why a rule says nothing here; '' where it speaks."""
    if not rule.on:
        return _("规则“{rule}”已停用").format(rule=rule.title)
    if not rule.in_force(day):
        return _("规则“{rule}”在 {day} 不生效").format(rule=rule.title, day=day.isoformat() if day else "")
    if applies(rule, chain):
        return ""
    if not chain:
        return _("规则“{rule}”只管特定类别，这个问题没有类别").format(rule=rule.title)
    return _("规则“{rule}”不管“{category}”").format(rule=rule.title, category=chain[0].title)


def not_in_reach(one: Candidate, rule: Rule) -> str:
    """Why a feature nearby does not count."""
    if one.distance_m <= one.reach_m:
        if one.barred == SIDE:
            return _("在路的另一侧")
        if one.barred == COMPOUND:
            return _("相距 {metres}，但此处不在它所属的小区内").format(metres=_apart(one.distance_m, 0.0))
        return _("相距 {metres}，属于点位周边；规则已设为不管周边").format(metres=_apart(one.distance_m, 0.0))
    if one.reach_m:
        return _("相距 {metres}，超过 {limit}").format(metres=_apart(one.distance_m, one.reach_m), limit=metres(one.reach_m))
    return _("此处在它的范围以外 {metres}").format(metres=_apart(one.distance_m, 0.0))


def no_unit(one: Candidate) -> str:
    """A feature that would be it but has no unit: where to mend it."""
    return _("{what} 没有填责任单位，改按下一条规则定；请选中它补填“责任单位”").format(what=what(one))


def beaten(one: Candidate, best: Candidate, rule: Rule) -> str:
    """Why it is not this one but another of the same rule."""
    reasons = {
        "named": (one.named != best.named, _("问题登记在 {best} 名下").format(best=what(best))),
        "area": (one.area_m2 != best.area_m2, _area(one, best)),
        "distance": (one.distance_m != best.distance_m, _nearer(one, best)),
        "overlap": (one.overlap_m != best.overlap_m, _("一样近，{best} 在此处的路段更长").format(best=what(best))),
    }
    code = _("{best} 和它同在此处，交界取编号小的").format(best=what(best))
    return next((words for name in rule.order if name in reasons for differs, words in [reasons[name]] if differs), code)


def outranked(winner: Candidate, rule: Rule) -> str:
    """Why a later rule is not reached."""
    return _("排在“{rule}”之后，{what} 已先定了").format(rule=rule.title, what=what(winner))


def _area(one: Candidate, best: Candidate) -> str:
    if math.isinf(one.area_m2):
        return _("此处在 {best} 以内，在它以外").format(best=what(best))
    return _("{best} 的范围更小").format(best=what(best))


def _nearer(one: Candidate, best: Candidate) -> str:
    if math.isnan(one.distance_m) or math.isnan(best.distance_m):
        return _("{best} 更近").format(best=what(best))
    near, far = _apart(best.distance_m, one.distance_m), _apart(one.distance_m, best.distance_m)
    return _("相距 {far}，{best} 更近（{near}）").format(far=far, best=what(best), near=near)


def _apart(value: float, other: float) -> str:
    """`value` with as many decimals as tell it from `other`, as metres."""
    for places in (1, 2):
        if f"{value:.{places}f}" != f"{other:.{places}f}":
            return _("{metres} 米").format(metres=f"{value:.{places}f}")
    return _("{metres} 米").format(metres=f"{value:.3f}")
