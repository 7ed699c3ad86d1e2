"""The working calendar: office hours, holidays and make-up days (调休), and the clocks that limits are counted with (domain.md 3.4).

Three clocks come from digital urban management (CJ/T 315-2009 counts its limits in them), two from daily life:

- 紧急工作时 `urgent_hour`: an hour by day and by night, rest days too: an emergency does not wait for the office to open;
- 工作时 `work_hour`: an hour of office hours; 4 工作时 from 16:30 are one hour that afternoon and three the next morning: 11:30;
- 工作日 `work_day`: the day it begins on does not count, and the last one ends when the office closes (Civil Code, articles 201 and 203);
- 小时 `hour` and 天 `day`: the clock on the wall, 60 minutes and 24 hours.

Times are local and naive, as everywhere in a project.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from itertools import pairwise

from chuangwen.domain.values import half_width
from chuangwen.errors import DataProblem, UserError
from chuangwen.text import _

Hours = tuple[tuple[dt.time, dt.time], ...]

CLOCKS = {"urgent_hour": _("紧急工作时"), "work_hour": _("工作时"), "work_day": _("工作日"), "hour": _("小时"), "day": _("天")}
"""Identifier → title."""

OFFICE_HOURS: Hours = ((dt.time(8, 30), dt.time(12)), (dt.time(14, 30), dt.time(17, 30)))

_UNITS = {title: clock for clock, title in CLOCKS.items()} | {_("工作小时"): "work_hour", _("日"): "day", _("分钟"): "minute"}
_LIMIT = re.compile(r"^(\d+(?:\.\d+)?)个?(\D+)$")
_SPAN = re.compile(r"^(\d{1,2}):(\d{2})-(\d{1,2}):(\d{2})$")
_SATURDAY = 6
_DAY = dt.timedelta(days=1)
_HOUR = dt.timedelta(hours=1)
_FARTHEST = 4_000  # days: beyond that a calendar without working days would be searched for ever


@dataclass(frozen=True, slots=True)
class Limit:
    """So much time on one of the `CLOCKS`: 4 工作时."""

    amount: float
    clock: str

    @property
    def text(self) -> str:
        """As people write it."""
        return f"{self.amount:g} {CLOCKS[self.clock]}"

    @property
    def span(self) -> dt.timedelta:
        """The same number on the clock on the wall."""
        return dt.timedelta(hours=self.amount * (24 if self.clock in ("day", "work_day") else 1))

    def by_the_wall(self) -> Limit:
        """The same number on the clock that never stands still (迎检, domain.md 3.4): 工作时 become 小时, 工作日 become 天."""
        return replace(self, clock={"work_hour": "hour", "work_day": "day", "urgent_hour": "hour"}.get(self.clock, self.clock))


def read_limit(text: str) -> Limit:
    """`4 工作时`, `3个工作日`, `24小时`, `30分钟`. Raises `DataProblem` for anything else."""
    found = _LIMIT.match("".join(half_width(text).split()))
    clock = _UNITS.get(found[2]) if found else None
    if found is None or clock is None or not float(found[1]):
        raise DataProblem(_("时限“{text}”应写成“4 工作时”“3 工作日”“24 小时”“7 天”的样子").format(text=text))
    amount = float(found[1])
    if clock == "minute":
        return Limit(amount / 60, "hour")
    if clock == "work_day" and amount != int(amount):
        raise DataProblem(_("工作日只能是整数：{text}，半天请用工作时").format(text=text))
    return Limit(amount, clock)


@dataclass(frozen=True, slots=True)
class OwnDays:
    """What an office changed in its own project: days, office hours (empty: as everywhere), and up to which year it filled the table in (0: as delivered)."""

    days: Mapping[dt.date, bool] = field(default_factory=dict)
    hours: Hours = ()
    last_year: int = 0


@dataclass(frozen=True, slots=True)
class Calendar:
    """`days`: day → whether the office works, where that differs from Monday to Friday; `names`: what a holiday is called. `last_year`: the last year
    whose holidays are known, 0 where none are; later days count by the week alone.
    """

    days: Mapping[dt.date, bool] = field(default_factory=dict)
    hours: Hours = OFFICE_HOURS
    names: Mapping[dt.date, str] = field(default_factory=dict)
    last_year: int = 0

    def changed(self, own: OwnDays) -> Calendar:
        """This calendar with what an office changed."""
        return replace(self, days={**self.days, **own.days}, hours=own.hours or self.hours, last_year=max(self.last_year, own.last_year))

    def works(self, day: dt.date) -> bool:
        """Whether the office works on a day."""
        return self.days.get(day, day.isoweekday() < _SATURDAY)

    @property
    def opening(self) -> dt.time:
        """When the office opens in the morning."""
        return self.hours[0][0]

    @property
    def closing(self) -> dt.time:
        """When the office closes in the evening (下班)."""
        return self.hours[-1][1]

    def add(self, moment: dt.datetime, amount: float, clock: str) -> dt.datetime:
        """The first moment at which `amount` of a clock has gone by since `moment`.

        Monotone in both, and additive: what is left of a limit may be added later. Raises `UserError` where the calendar has no working day within ten years.
        """
        if amount <= 0:
            return moment
        if clock == "work_day":
            return dt.datetime.combine(self._working_day(moment.date(), int(amount)), self.closing)
        if clock == "day":
            return moment + _DAY * amount
        left = dt.timedelta(seconds=round(amount * 3600))
        return self._worked(moment, left) if clock == "work_hour" else moment + left

    def after(self, moment: dt.datetime, limit: Limit) -> dt.datetime:
        """When a limit that begins at `moment` runs out."""
        return self.add(moment, limit.amount, limit.clock)

    def between(self, start: dt.datetime, end: dt.datetime, clock: str) -> float:
        """How much of a clock goes by from `start` to `end`; 0 where the end is not later. `add(start, between(start, end, c), c)` is never after `end`."""
        if end <= start:
            return 0.0
        if clock == "work_day":
            days = (start.date() + _DAY * number for number in range(1, (end.date() - start.date()).days + 1))
            whole = [day for day in days if self.works(day)]
            return float(len(whole) - (bool(whole) and whole[-1] == end.date() and end.time() < self.closing))
        if clock == "day":
            return (end - start) / _DAY
        if clock != "work_hour":
            return (end - start) / _HOUR
        worked = dt.timedelta()
        day = start.date()
        while day <= end.date():
            for opens, closes in self._spans(day):
                worked += max(min(closes, end) - max(opens, start), dt.timedelta())
            day += _DAY
        return worked / _HOUR

    def beyond(self, moment: dt.datetime | dt.date) -> str:
        """A warning where a day lies past the years whose holidays are known, '' where it does not."""
        if moment.year <= self.last_year:
            return ""
        return _(
            "放假安排只到 {last} 年，{year} 年按周一至周五上班计算。国务院办公厅公布 {year} 年放假安排后，请在“文件 → 工作日历”中补上（每年 11 月前后公布）。"
        ).format(last=self.last_year, year=moment.year)

    def _working_day(self, day: dt.date, count: int) -> dt.date:
        for _number in range(_FARTHEST):
            if not count:
                return day
            day += _DAY
            count -= self.works(day)
        raise never_works()

    def _worked(self, moment: dt.datetime, left: dt.timedelta) -> dt.datetime:
        day = moment.date()
        for _number in range(_FARTHEST):
            for opens, closes in self._spans(day):
                begins = max(opens, moment)
                if closes - begins >= left:
                    return begins + left
                left -= max(closes - begins, dt.timedelta())
            day += _DAY
        raise never_works()

    def _spans(self, day: dt.date) -> list[tuple[dt.datetime, dt.datetime]]:
        return [(dt.datetime.combine(day, opens), dt.datetime.combine(day, closes)) for opens, closes in self.hours] if self.works(day) else []


def never_works() -> UserError:
    """A calendar on which a limit never runs out."""
    return UserError(_("工作日历里十年内没有足够的上班日，算不出时限。"), hint=_("请检查“文件 → 工作日历”。"))


def read_hours(text: str) -> Hours:
    """`08:30-12:00,14:30-17:30`: one or more spans of a day, in order. Raises `DataProblem`."""
    spans = []
    for part in half_width(text).replace("–", "-").replace("—", "-").replace("、", ",").replace(";", ",").split(","):
        found = _SPAN.match("".join(part.split()))
        clock = [int(number) for number in found.groups()] if found else []
        if not clock or max(clock[0], clock[2]) > 23 or max(clock[1], clock[3]) > 59:
            raise DataProblem(_("上班时间“{text}”应写成 08:30-12:00,14:30-17:30 的样子").format(text=part.strip()))
        spans.append((dt.time(clock[0], clock[1]), dt.time(clock[2], clock[3])))
    moments = [moment for span in spans for moment in span]
    if any(later <= earlier for earlier, later in pairwise(moments)):
        raise DataProblem(_("上班时间“{text}”前后颠倒或重叠").format(text=text))
    return tuple(spans)


def hours_text(hours: Hours) -> str:
    """Office hours as `read_hours` reads them."""
    return ",".join(f"{opens:%H:%M}-{closes:%H:%M}" for opens, closes in hours)
