"""How long an issue may take, and by when (domain.md 3.4, 4.4; SR-07, SR-10): by priority, category and phase, the cap before the arrival, the stopped clock.

The numbers stand in `resources/rules/deadlines.toml`; `services.timing` reads them.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field

from chuangwen.domain.calendar import Calendar, Limit
from chuangwen.domain.campaign import PHASES, Campaign
from chuangwen.domain.deadline import due_moment, due_text
from chuangwen.domain.values import Scalar
from chuangwen.errors import RuleBroken
from chuangwen.text import _

NORMAL = "normal"
"""The priority of an issue that has none."""


@dataclass(frozen=True, slots=True)
class Step:
    """Something due on the way: a title and a limit from the dispatch on."""

    title: str
    limit: Limit


@dataclass(frozen=True, slots=True)
class CategoryLimit:
    """The limit of one category. `words`: found in the name of a category they mean it too. `at_most`: how far an extension may go."""

    category: str
    limit: Limit
    words: tuple[str, ...] = ()
    steps: tuple[Step, ...] = ()
    at_most: Limit | None = None

    def fits(self, category: str) -> bool:
        """Whether it is meant by the words of an issue's category."""
        return bool(category) and any(word in category for word in (self.category, *self.words))


@dataclass(frozen=True, slots=True)
class LimitTable:
    """The limits that a city published. A project chooses one, or none."""

    id: str
    title: str
    limits: tuple[CategoryLimit, ...]

    def of(self, category: str) -> CategoryLimit | None:
        """The limit of a category, the longest name that fits."""
        fitting = [one for one in self.limits if one.fits(category)]
        return max(fitting, key=lambda one: (one.category == category, len(one.category)), default=None)


@dataclass(frozen=True, slots=True)
class Milestone:
    """A reminder on the way: at a `share` of the time given (0 none), or `before` its end."""

    title: str
    share: float = 0.0
    before: dt.timedelta | None = None


@dataclass(frozen=True, slots=True)
class PhaseRule:
    """What a phase of the campaign changes (SR-07)."""

    by_the_wall: bool = False
    visits_per_day: int = 0
    priority: Mapping[str, Limit | None] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class LimitRules:
    """All of `deadlines.toml`. `priority`: identifier → limit, None where there is a review date only."""

    priority: Mapping[str, Limit | None]
    hasten: tuple[str, ...] = ()
    cap_days: int = 1
    cap_time: dt.time = dt.time(18)
    milestones: tuple[Milestone, ...] = ()
    phases: Mapping[str, PhaseRule] = field(default_factory=dict)
    tables: tuple[LimitTable, ...] = ()

    def phase(self, name: str) -> PhaseRule:
        """The rule of a phase; one without a rule changes nothing."""
        return self.phases.get(name, PhaseRule())

    def table(self, name: str) -> LimitTable | None:
        """The table in force; None where none is, or it is no longer there."""
        return next((table for table in self.tables if table.id == name), None)


@dataclass(frozen=True, slots=True)
class Due:
    """A deadline and where it comes from. `at` None: no limit, a review date only. `why` in words; `notes`: what the planner should know (holiday table, cap);
    `steps`: what is due on the way.
    """

    at: dt.datetime | None
    why: str
    limit: Limit | None = None
    notes: tuple[str, ...] = ()
    steps: tuple[tuple[str, dt.datetime], ...] = ()

    def values(self) -> dict[str, Scalar]:
        """The fields of the issue that hold it."""
        return {"due_at": self.at.date() if self.at else None, "due_time": f"{self.at:%H:%M}" if self.at else None}


@dataclass(frozen=True, slots=True)
class Timekeeper:
    """Rules, calendar and campaign of one project: all that a deadline depends on."""

    rules: LimitRules
    calendar: Calendar
    campaign: Campaign

    @property
    def visits_per_day(self) -> int:
        """How many visits each site needs a day in the present phase (SR-07, SR-61)."""
        return self.rules.phase(self.campaign.phase).visits_per_day

    def limit(self, values: Mapping[str, Scalar], dispatched: dt.datetime) -> tuple[Limit | None, str]:
        """The limit of an issue and where it comes from: the table in force by its category, else its priority; the phase has the last word."""
        phase = self.rules.phase(self.campaign.phase)
        priority = str(values.get("priority") or NORMAL)
        own = phase.priority[priority] if priority in phase.priority else self.rules.priority.get(priority)
        chosen, why = own, _("紧急程度“{priority}”").format(priority=_PRIORITIES.get(priority, priority))
        special = self._special(values)
        if special is not None and priority != "long_term":
            hastens = priority in self.rules.hasten and own is not None
            if not (hastens and own is not None and self._run_out(dispatched, own) < self._run_out(dispatched, special.limit)):
                chosen, why = special.limit, _("类别“{category}”").format(category=special.category)
        if chosen is None:
            return None, _("{why}：只定复查日期").format(why=why)
        return self._phased(chosen), _("{why}限 {limit}").format(why=why, limit=chosen.text) + self._phase_note(chosen)

    def due(self, values: Mapping[str, Scalar], dispatched: dt.datetime) -> Due:
        """The deadline of an issue dispatched at a moment: its limit; for an issue of a site at the latest the day before the arrival (SR-10)."""
        limit, why = self.limit(values, dispatched)
        if limit is None:
            return Due(None, why)
        dispatched = dispatched.replace(second=0, microsecond=0)
        moment = self.calendar.after(dispatched, limit)
        notes = [note for note in (self.calendar.beyond(moment) if limit.clock.startswith("work") else "",) if note]
        cap = self.cap(values)
        if cap is not None and moment > cap:
            if dispatched < cap:
                moment, why = cap, _("{why}，进驻前一天封顶").format(why=why)
            else:
                notes.append(_("交办时已过进驻前的最后期限 {cap:%m-%d %H:%M}，按原时限。").format(cap=cap))
        why = _("{why}，{dispatched:%m-%d %H:%M} 交办").format(why=why, dispatched=dispatched)
        return Due(moment, why, limit, tuple(notes), tuple(self._steps(values, dispatched, moment)))

    def cap(self, values: Mapping[str, Scalar]) -> dt.datetime | None:
        """The last moment before the arrival for an issue of a site or its surroundings; None for others, and where no arrival is ahead."""
        arrival = self.campaign.arrival
        if arrival is None or self.campaign.has_arrived or not is_of_site(values):
            return None
        return dt.datetime.combine(arrival - dt.timedelta(days=self.rules.cap_days), self.rules.cap_time)

    def check(self, values: Mapping[str, Scalar]) -> None:
        """Whether an issue may have the deadline in `values`. Raises `RuleBroken`, with the reason beside its field, for a deadline before the dispatch, for
        one of a site on or after the arrival without a reason (SR-10), and for one beyond what its category allows at most.
        """
        moment = due_moment(values)
        if moment is None:
            return
        dispatched = values.get("dispatched_at")
        if isinstance(dispatched, dt.datetime) and moment <= dispatched:
            raise _broken("due_at", _("时限 {due} 早于交办时间 {dispatched:%Y-%m-%d %H:%M}").format(due=due_text(values), dispatched=dispatched))
        arrival = self.campaign.arrival
        day = values["due_at"]
        if self.cap(values) is not None and arrival is not None and isinstance(day, dt.date) and day >= arrival and not values.get("late_reason"):
            reason = _("点位问题的时限不能到进驻日 {arrival:%Y-%m-%d} 或以后；确需长期整改的，先填“超进驻日理由”").format(arrival=arrival)
            raise RuleBroken(reason, {"due_at": reason, "late_reason": _("需要填写此项")})
        special = self._special(values)
        if special is not None and special.at_most is not None and isinstance(dispatched, dt.datetime):
            last = self.calendar.after(dispatched, self._phased(special.at_most))
            if moment > last:
                words = _("类别“{category}”最长 {limit}，到 {last:%Y-%m-%d %H:%M} 为止")
                raise _broken("due_at", words.format(category=special.category, limit=special.at_most.text, last=last))

    def milestones(self, dispatched: dt.datetime, due: dt.datetime) -> list[tuple[str, dt.datetime]]:
        """Reminders between dispatch and deadline, the earliest first; one that would stand before the dispatch is left out."""
        found = []
        for one in self.rules.milestones:
            at = dispatched + (due - dispatched) * one.share if one.before is None else due - one.before
            if dispatched < at < due:
                found.append((one.title, at.replace(second=0, microsecond=0)))
        return sorted(found, key=lambda pair: pair[1])

    def stopped(self, now: dt.datetime) -> dict[str, Scalar]:
        """What an issue carries once its clock is stopped (挂账): when that was. The deadline stays as it was."""
        return {"stopped_at": now.replace(second=0, microsecond=0)}

    def resumed(self, values: Mapping[str, Scalar], now: dt.datetime) -> Due:
        """The deadline of an issue whose clock runs again: what was left of its limit when it stopped is added, on the clock that it is counted with.

        One that was late already stays as late as it was. Without a deadline before, it gets a new limit from now on.
        """
        stopped, before = values.get("stopped_at"), due_moment(values)
        if not isinstance(stopped, dt.datetime) or before is None:
            return self.due(values, now)
        now = now.replace(second=0, microsecond=0)
        limit, _why = self.limit(values, now)
        clock = {"work_day": "work_hour"}.get(limit.clock, limit.clock) if limit is not None else "hour"  # so that part of a working day is not lost
        left = self.calendar.between(stopped, before, clock)
        moment = self.calendar.add(now, left, clock) if before > stopped else now - (stopped - before)
        why = _("停表 {stopped:%m-%d %H:%M} 至 {now:%m-%d %H:%M}，余下的时间顺延").format(stopped=stopped, now=now)
        cap = self.cap(values)
        if cap is not None and now < cap < moment:
            moment, why = cap, _("{why}，进驻前一天封顶").format(why=why)
        note = self.calendar.beyond(moment) if clock.startswith("work") else ""
        return Due(moment, why, limit, (note,) if note else ())

    def _special(self, values: Mapping[str, Scalar]) -> CategoryLimit | None:
        table = self.rules.table(self.campaign.limit_table)
        return table.of(str(values.get("category") or "")) if table is not None else None

    def _phased(self, limit: Limit) -> Limit:
        return limit.by_the_wall() if self.rules.phase(self.campaign.phase).by_the_wall else limit

    def _phase_note(self, limit: Limit) -> str:
        phased = self._phased(limit)
        return "" if phased == limit else _("，{phase}阶段按 {limit}连续计时").format(phase=PHASES[self.campaign.phase], limit=phased.text)

    def _run_out(self, moment: dt.datetime, limit: Limit) -> dt.datetime:
        return self.calendar.after(moment, self._phased(limit))

    def _steps(self, values: Mapping[str, Scalar], dispatched: dt.datetime, due: dt.datetime) -> list[tuple[str, dt.datetime]]:
        special = self._special(values)
        found = [(step.title, self._run_out(dispatched, step.limit)) for step in special.steps] if special is not None else []
        return [(title, min(at, due)) for title, at in found]


def is_of_site(values: Mapping[str, Scalar]) -> bool:
    """Whether an issue lies on a site or in its surroundings: what the arrival caps (domain.md 10, assumption 6)."""
    return bool(values.get("site_code") or values.get("in_surroundings"))


_PRIORITIES = {"immediate": _("立行立改"), "urgent": _("紧急"), "normal": _("一般"), "hard": _("较难"), "long_term": _("长期")}


def _broken(name: str, reason: str) -> RuleBroken:
    return RuleBroken(reason, {name: reason})
