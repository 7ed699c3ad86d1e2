"""Who is to be urged, ordered, named or called in: proposals of the ladder in force, each with its reason. Nothing happens before somebody accepts them."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from chuangwen.domain import edits
from chuangwen.domain.change import Edit
from chuangwen.domain.deadline import minutes_left
from chuangwen.domain.escalation import CONDITIONS, Due, Facts, Step, due
from chuangwen.domain.feature import Feature
from chuangwen.domain.lifecycle import OPEN
from chuangwen.domain.values import Scalar, counted, plain
from chuangwen.errors import RuleBroken
from chuangwen.services.placing import View
from chuangwen.services.rule_files import RuleFile, read_rules
from chuangwen.text import _

RECORDED = ("bulletin", "exposure", "talk", "accountability")
"""Steps that are a record of accountability of a unit; the others are orders (domain.md 8.2)."""
DOCUMENTS = ("remind", "supervise", "rectify_notice", *RECORDED)
_KEYS = ("scheme", "level", "name", "document", "signed_by", "when", "within_hours", "points")
_NEEDED = ("level", "name", "document", "when")


@dataclass(frozen=True, slots=True)
class Ladder:
    """The scheme in force: steps for issues and steps for units."""

    scheme: str
    for_issues: tuple[Step, ...]
    for_units: tuple[Step, ...]


@dataclass(frozen=True, slots=True)
class Proposal:
    """A step that is due for an issue (`layer` issue) or a unit. `unit`: whom it is sent to, '' where nobody is responsible yet."""

    layer: str
    id: str
    code: str
    name: str
    unit: str
    due: Due

    def due_at(self, now: dt.datetime) -> dt.datetime | None:
        """The new deadline that the step sets, to the full hour; None where it sets none."""
        hours = self.due.step.within_hours
        return (now + dt.timedelta(hours=hours)).replace(minute=0) if hours else None

    def as_json(self) -> dict[str, Any]:
        """For scripts."""
        step = self.due.step
        about = {"layer": self.layer, "code": self.code, "name": self.name, "unit": self.unit}
        return {
            **about,
            "level": step.level,
            "step": step.name,
            "document": step.document,
            "signed_by": step.signed_by,
            "reason": self.due.reason,
            "within_hours": step.within_hours or None,
        }


def read_ladder(files_folder: Path | None = None) -> Ladder:
    """The scheme in force of `ladder.toml`. Raises `FileProblem`, or `UserError` that names the entry and what is wrong in it."""
    rules = read_rules("ladder", files_folder)
    known = {str(entry.get("scheme", "ladder")) for key in ("issue", "unit") for entry in rules.entries(key, _KEYS, _NEEDED)}
    scheme = str(rules.table.get("scheme", "ladder"))
    if scheme not in known:
        raise rules.wrong("scheme", _("没有方案“{scheme}”，有：{known}").format(scheme=scheme, known="、".join(sorted(known))))
    return Ladder(scheme, tuple(_steps(rules, "issue", scheme)), tuple(_steps(rules, "unit", scheme)))


def _steps(rules: RuleFile, key: str, scheme: str) -> Iterator[Step]:
    levels: set[int] = set()
    for number, entry in enumerate(rules.entries(key, _KEYS, _NEEDED), 1):
        place = f"{key}[{number}]"
        if entry.get("scheme", "ladder") != scheme:
            continue
        level = int(rules.number(entry["level"], f"{place}.level", 1))
        if level > 5 or level in levels:
            raise rules.wrong(f"{place}.level", _("级别应是 1 到 5，一级一条"))
        levels.add(level)
        if entry["document"] not in DOCUMENTS:
            raise rules.wrong(f"{place}.document", _("没有文书“{word}”，有：{known}").format(word=entry["document"], known="、".join(DOCUMENTS)))
        when = entry["when"]
        if not isinstance(when, list) or not when or not all(isinstance(one, dict) and one for one in when):
            raise rules.wrong(f"{place}.when", _("应写成 [{ 条件 = 值 }]"))
        for table in when:
            _check(rules, f"{place}.when", table)
        within, points = (rules.number(entry.get(name, 0), f"{place}.{name}") for name in ("within_hours", "points"))
        yield Step(level, str(entry["name"]), str(entry["document"]), str(entry.get("signed_by", "")), tuple(when), within, points)


def _check(rules: RuleFile, place: str, table: Mapping[str, object]) -> None:
    for name, value in table.items():
        if name not in CONDITIONS:
            raise rules.wrong(place, _("没有条件“{name}”，有：{known}").format(name=name, known="、".join(CONDITIONS)))
        if name == "lost_point" and value not in ("subjective", "objective"):
            raise rules.wrong(place, _("{name} 应为 subjective 或 objective").format(name=name))
        if name == "instructed" and not isinstance(value, bool):
            raise rules.wrong(place, _("{name} 应为 true 或 false").format(name=name))
        if name not in ("lost_point", "instructed"):
            rules.number(value, f"{place}.{name}")


def proposals(view: View, now: dt.datetime, ladder: Ladder, ranking: Sequence[str] = ()) -> list[Proposal]:
    """What is due now, the sternest first, then by unit. `ranking`: full names of the ranked units, the best first; without it no rule of the ranking holds."""
    found = [*_for_issues(view, now, ladder), *_for_units(view, ladder, ranking)]
    return sorted(found, key=lambda one: (-one.due.step.level, one.unit, one.code))


def _for_issues(view: View, now: dt.datetime, ladder: Ladder) -> Iterator[Proposal]:
    issues = view.features("issue")
    left = minutes_left(issues, now)
    names = ("status", "code", "name", "responsible_unit", "rework_count", "return_count", "focus", "escalation_level")
    columns = [issues.column(name) for name in names]
    for at, (status, code, name, unit, reworks, returns, focus, level) in enumerate(zip(*columns, strict=True)):
        if status not in OPEN or status == "draft":
            continue
        hours = None if np.isnan(left[at]) else float(left[at]) / 60
        facts = Facts(hours, counted(reworks), counted(returns), instructed=bool(focus))
        step = due(ladder.for_issues, facts, counted(level))
        if step is not None:
            yield Proposal("issue", issues.ids[at], plain(code), plain(name), plain(unit), step)


def _for_units(view: View, ladder: Ladder, ranking: Sequence[str]) -> Iterator[Proposal]:
    records = [one for one in view.features("accountability") if one.get("status") != "void"]
    bulletins = Counter(plain(one.get("unit")) for one in records if one.get("kind") in ("bulletin", "exposure"))
    taken = {
        plain(one.get("unit")): max(step.level for step in ladder.for_units if step.document == one.get("kind"))
        for one in records
        if any(step.document == one.get("kind") for step in ladder.for_units)
    }
    issues = view.features("issue")
    lost = {
        plain(unit): str(cause or "")
        for unit, points, cause in zip(issues.column("responsible_unit"), issues.column("lost_point"), issues.column("cause_kind"), strict=True)
        if points and unit
    }
    worst = {unit: place for place, unit in enumerate(reversed(ranking), 1)}
    for unit in view.features("unit"):
        facts = Facts(bulletins=bulletins[unit.name], rank=worst.get(unit.name, 0), lost_point=lost.get(unit.name, ""))
        step = due(ladder.for_units, facts, taken.get(unit.name, 0))
        if step is not None:
            yield Proposal("unit", unit.id, unit.code, unit.name, unit.name, step)


def record(view: View, chosen: Sequence[Proposal], day: dt.date, cause_kind: str = "") -> Edit:
    """Accept proposals that are records of accountability: a row each, and the level on its issue. Orders are issued by `services.orders`, which calls
    `reached` for the level.

    Raises `RuleBroken` where a unit is missing, or 问责 lacks the posts of head and deputy (SR-71).
    """
    layer = view.layers["accountability"]
    made = []
    for one in chosen:
        if not one.unit:
            raise RuleBroken(_("{code} 没有责任单位，不能{step}。").format(code=one.code, step=one.due.step.name), hint=_("请先交办或指定责任单位。"))
        values: dict[str, Scalar] = {
            "name": _("{step}：{name}").format(step=one.due.step.name, name=one.unit),
            "kind": one.due.step.document,
            "unit": one.unit,
            "cause": one.due.reason,
            "cause_kind": cause_kind or None,
            "issue_code": one.code if one.layer == "issue" else None,
            "date": day,
            **_posts(one.due.step.document, _unit(view, one.unit)),
        }
        check_record(values)
        made.append(edits.add(layer, values))
    issues = view.features("issue")
    made += [reached(view, issue, one.due.step.level) for one in chosen if one.layer == "issue" and (issue := issues.feature(one.id)) is not None]
    label = _("{step} {count} 件").format(step="、".join(dict.fromkeys(one.due.step.name for one in chosen)), count=len(chosen))
    return edits.joined(label, made)


def _unit(view: View, name: str) -> Feature | None:
    units = view.features("unit")
    names = units.column("name")
    return units.at(names.index(name)) if name in names else None


def _posts(kind: str, unit: Feature | None) -> dict[str, Scalar]:
    """The two persons that 问责 is for, by post: the unit's head and its deputy in charge."""
    if kind != "accountability" or unit is None:
        return {}
    posts = {"head": ("head", _("主要领导")), "deputy": ("deputy", _("分管领导"))}
    return {name: _("{unit}{post}").format(unit=unit.get("short_name") or unit.name, post=post) for name, (field, post) in posts.items() if unit.get(field)}


def reached(view: View, issue: Feature, level: int) -> Edit:
    """The issue has come to this step of the ladder."""
    return edits.set_values(view.layers["issue"], [issue], {"escalation_level": level})


def check_record(values: Mapping[str, Scalar]) -> None:
    """Raise `RuleBroken` where a record of accountability lacks what it must have: 问责 its cause and the posts of head and deputy (SR-71)."""
    if values.get("kind") != "accountability":
        return
    titles = {"cause": _("事由"), "head": _("主要领导职务"), "deputy": _("分管领导职务")}
    reasons = {name: _("问责必须写明{title}").format(title=title) for name, title in titles.items() if values.get(name) in (None, "")}
    if reasons:
        raise RuleBroken(_("问责记录不完整。"), reasons, hint=_("请在单位资料里填好一把手和分管领导。"))


def transfer_list(view: View) -> list[Feature]:
    """移交纪委监委: issues that lost points through a subjective cause, and records of accountability with such a cause, void ones left out (SR-72)."""
    issues = [one for one in view.features("issue") if one.get("lost_point") and one.get("cause_kind") == "subjective"]
    records = [one for one in view.features("accountability") if one.get("cause_kind") == "subjective" and one.get("status") != "void"]
    return [*issues, *records]
