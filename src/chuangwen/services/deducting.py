"""The ledger of points: what the rules charge and the ledger does not hold yet (SR-70, domain.md 4.7). It proposes lines; accepting them is an edit."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from chuangwen.domain import edits
from chuangwen.domain.change import Edit
from chuangwen.domain.deadline import due_moment, overdue
from chuangwen.domain.deduction import STACKINGS, TRIGGERS, Event, Line, Rule, lines
from chuangwen.domain.escalation import Step
from chuangwen.domain.issue_facts import ALWAYS, Period
from chuangwen.domain.values import Scalar, counted, plain
from chuangwen.services.escalating import read_ladder
from chuangwen.services.placing import View
from chuangwen.services.rule_files import RuleFile, read_rules
from chuangwen.text import _

if TYPE_CHECKING:
    from chuangwen.domain.feature import Feature

_KEYS = ("id", "name", "trigger", "points", "source_level", "cap", "from", "to")
_NEEDED = ("id", "name", "trigger", "points")
_NOT_CHARGED = ("draft", "registered", "unassigned", "void")
"""States in which nobody has been given the issue, or it is none."""


@dataclass(frozen=True, slots=True)
class Scheme:
    """The rules in force and how those that meet on one issue add up."""

    rules: tuple[Rule, ...]
    stacking: str
    steps: tuple[Step, ...] = ()  # of the ladder for issues


def read_scheme(files_folder: Path | None = None) -> Scheme:
    """`deduction.toml`, and what the steps of `ladder.toml` cost. Raises `FileProblem`, or `UserError` that names the entry and what is wrong in it."""
    file = read_rules("deduction", files_folder)
    stacking = str(file.table.get("stacking", STACKINGS[0]))
    if stacking not in STACKINGS:
        raise file.wrong("stacking", _("应为 {words}").format(words=_(" 或 ").join(STACKINGS)))
    rules = [_rule(file, f"rule[{number}]", entry) for number, entry in enumerate(file.entries("rule", _KEYS, _NEEDED), 1)]
    doubled = [name for name, count in Counter(rule.id for rule in rules).items() if count > 1]
    if doubled:
        raise file.wrong("rule", _("有两条规则都叫 {name}").format(name=doubled[0]))
    ladder = read_ladder(files_folder)
    rules += [Rule(f"{ladder.scheme}-{step.level}", step.name, "ordered", step.points, (step.name,)) for step in ladder.for_issues if step.points]
    return Scheme(tuple(rules), stacking, ladder.for_issues)


def _rule(file: RuleFile, place: str, entry: object) -> Rule:
    assert isinstance(entry, dict)
    if entry["trigger"] not in TRIGGERS:
        raise file.wrong(f"{place}.trigger", _("没有触发条件“{word}”，有：{known}").format(word=entry["trigger"], known="、".join(TRIGGERS)))
    days = {}
    for name in ("from", "to"):
        days[name] = entry.get(name)
        if not isinstance(days[name], dt.date | None):
            raise file.wrong(f"{place}.{name}", _("应是日期，如 2024-06-01"))
    cap = None if "cap" not in entry else file.number(entry["cap"], f"{place}.cap")
    points = file.number(entry["points"], f"{place}.points")
    return Rule(str(entry["id"]), str(entry["name"]), entry["trigger"], points, tuple(entry.get("source_level", ())), cap, days["from"], days["to"])


def due_lines(view: View, now: dt.datetime, scheme: Scheme) -> list[Line]:
    """The lines that the rules charge today and that are not in the ledger, by date."""
    ledger = list(view.features("deduction"))
    charged = [(plain(one.get("rule")), plain(one.get("unit")), plain(one.get("issue_code") or one.get("event"))) for one in ledger]
    spent = []
    for one in ledger:
        date, points = one.get("date"), one.get("points")
        if one.get("appeal") != "cancelled" and isinstance(date, dt.date) and isinstance(points, int | float):
            spent.append((plain(one.get("rule")), plain(one.get("unit")), date, float(points)))
    return lines(_events(view, now, scheme), scheme.rules, scheme.stacking, charged, spent)


def _events(view: View, now: dt.datetime, scheme: Scheme) -> Iterator[Event]:
    issues = view.features("issue")
    late = overdue(issues, now)
    named = Counter(plain(one.get("issue_code")) for one in view.features("accountability") if one.get("kind") == "bulletin" and one.get("status") != "void")
    for at, issue in enumerate(issues):
        unit = plain(issue.get("responsible_unit"))
        if not unit or issue.get("status") in _NOT_CHARGED:
            continue
        level = str(issue.get("source_level") or "")

        def event(trigger: str, day: Scalar, note: str = "", issue: Feature = issue, unit: str = unit, level: str = level) -> Event:
            return Event(trigger, unit, issue.code, _date(day) or now.date(), level, note)

        yield event("found", issue.get("found_at"), plain(issue.get("source_name")))
        if late[at] or _was_late(issue):
            moment = due_moment(issue.values)
            yield event("overdue", moment, _("时限 {day}").format(day=plain(issue.get("due_at"))))
        if named[issue.code] >= 2:
            yield event("repeated", None, _("通报 {count} 次").format(count=named[issue.code]))
        for name, trigger, least in (("rework_count", "rework", 1), ("return_count", "returned", 2)):
            count = counted(issue.get(name))
            if count >= least:
                yield event(trigger, None, _("{count} 次").format(count=count))
        for step in scheme.steps:
            if step.level <= counted(issue.get("escalation_level")):
                yield Event("ordered", unit, issue.code, now.date(), step.name, step.name)
        if issue.get("lost_point"):
            yield event("lost_point", None, plain(issue.get("cause_kind")))


def _was_late(issue: Feature) -> bool:
    """Reported as done after the day of the deadline."""
    due, done = issue.get("due_at"), _date(issue.get("done_at"))
    return isinstance(due, dt.date) and done is not None and done > due and issue.get("status") != "long_term"


def enter(view: View, chosen: Sequence[Line]) -> Edit:
    """Put lines into the ledger, each with its rule in words and its issue."""
    layer = view.layers["deduction"]
    made = []
    for line in chosen:
        event = line.event
        values: dict[str, Scalar] = {
            "name": _("{unit} 扣 {points:g} 分").format(unit=event.unit, points=line.points),
            "unit": event.unit,
            "date": event.date,
            "points": line.points,
            "rule": line.rule.id,
            "rule_text": line.rule.name,
            "trigger": event.trigger,
            "issue_code": event.subject,
            "event": event.note or None,
            "appeal": "none",
        }
        made.append(edits.add(layer, values))
    return edits.joined(_("扣分 {count} 条").format(count=len(chosen)), made)


def deducted(view: View, period: Period = ALWAYS) -> dict[str, Decimal]:
    """Unit → points deducted in a period, from the ledger; a line whose appeal was upheld (撤销) does not count (SR-70)."""
    ledger = view.features("deduction")
    days = np.array([one.toordinal() if isinstance(one, dt.date) else 0 for one in ledger.column("date")], dtype=np.int32)
    held = period.of(days)
    found: dict[str, Decimal] = {}
    for at, (unit, points, appeal) in enumerate(zip(ledger.column("unit"), ledger.column("points"), ledger.column("appeal"), strict=True)):
        if held[at] and appeal != "cancelled" and unit and isinstance(points, int | float):
            found[plain(unit)] = found.get(plain(unit), Decimal(0)) + Decimal(str(points))
    return found


def _date(value: Scalar) -> dt.date | None:
    if isinstance(value, dt.datetime):
        return value.date()
    return value if isinstance(value, dt.date) else None
