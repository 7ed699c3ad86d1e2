"""Points deducted from units: rule × event, each line traceable to its issue or event (SR-70, domain.md 4.7)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

TRIGGERS = ("found", "overdue", "repeated", "rework", "returned", "lost_point", "ordered")
ADD, REPLACE = "add", "replace"
STACKINGS = (ADD, REPLACE)


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule. `levels`: of the sources that it is for, of an `ordered` event the names of the steps; none: any. `cap`: most points of this rule for one
    unit in a calendar month; None: no limit.
    """

    id: str
    name: str
    trigger: str
    points: float
    levels: tuple[str, ...] = ()
    cap: float | None = None
    valid_from: dt.date | None = None
    valid_to: dt.date | None = None

    def covers(self, event: Event) -> bool:
        """Whether the rule is for this event."""
        in_force = (self.valid_from is None or self.valid_from <= event.date) and (self.valid_to is None or event.date <= self.valid_to)
        return event.trigger == self.trigger and in_force and (not self.levels or event.level in self.levels)


@dataclass(frozen=True, slots=True)
class Event:
    """Something that costs points: `subject` is the issue's code, or the event's own name."""

    trigger: str
    unit: str
    subject: str
    date: dt.date
    level: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the ledger."""

    rule: Rule
    event: Event
    points: float

    @property
    def key(self) -> tuple[str, str, str]:
        """Rule, unit and subject: the same thing is charged once."""
        return self.rule.id, self.event.unit, self.event.subject


def lines(
    events: Iterable[Event],
    rules: Sequence[Rule],
    stacking: str,
    charged: Iterable[tuple[str, str, str]] = (),
    spent: Iterable[tuple[str, str, dt.date, float]] = (),
) -> list[Line]:
    """The lines that events make and that are not in the ledger yet.

    `charged`: keys of lines that stand, also those whose appeal was upheld for the unit: nothing is charged again. `spent`: (rule, unit, date, points) of the
    standing lines, for caps. With `stacking` "replace" only the dearest rule of a unit and subject counts: a cheaper one is left out, one that costs more than
    what stands brings the difference.
    """
    known = set(charged)
    used: dict[tuple[str, str, int, int], float] = {}
    stood: dict[tuple[str, str], float] = {}
    costs = {rule.id: rule.points for rule in rules}
    for rule_id, unit, date, points in spent:
        used[rule_id, unit, date.year, date.month] = used.get((rule_id, unit, date.year, date.month), 0.0) + points
    for rule_id, unit, subject in known:
        stood[unit, subject] = max(stood.get((unit, subject), 0.0), costs.get(rule_id, 0.0))
    found = [Line(rule, event, rule.points) for event in events for rule in rules if rule.covers(event)]
    if stacking == REPLACE:
        dearest: dict[tuple[str, str], Line] = {}
        for line in found:
            about = (line.event.unit, line.event.subject)
            if about not in dearest or line.points > dearest[about].points:
                dearest[about] = line
        found = [replace(line, points=line.points - stood.get(about, 0.0)) for about, line in dearest.items() if line.points > stood.get(about, 0.0)]
    kept = []
    for line in sorted(found, key=lambda one: (one.event.date, one.event.unit, one.event.subject, one.rule.id)):
        if line.key in known:
            continue
        month = (line.rule.id, line.event.unit, line.event.date.year, line.event.date.month)
        room = line.points if line.rule.cap is None else min(line.points, line.rule.cap - used.get(month, 0.0))
        if room <= 1e-9:
            continue
        known.add(line.key)
        used[month] = used.get(month, 0.0) + room
        kept.append(replace(line, points=round(room, 3)))
    return kept
