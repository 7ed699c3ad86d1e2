"""When an issue is due, whether it is late or soon will be: for whole columns at once (domain.md 4.1, 4.4).

A deadline is the day `due_at` and the time `due_time` (HH:MM). It is passed at that minute; without a time, when the day is over. The clock stands
still while an issue is 挂账 (`long_term`): it is neither soon due nor late. A deferred issue (延期) is measured against the deadline that was approved.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np

from chuangwen.domain.lifecycle import OPEN
from chuangwen.domain.values import Scalar
from chuangwen.text import _

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from chuangwen.domain.feature import Features

SOON = dt.timedelta(hours=24)
"""临期: what is due within this time, unless the rules say otherwise (domain.md 4.1)."""

TIME_STATES = {"overdue": _("逾期"), "due_soon": _("临期")}
"""Identifier → title of what is derived from a deadline and never stored."""

_RUNNING = frozenset(OPEN) - {"rectified", "long_term"}
"""States in which the clock of the unit runs: what it reported as done waits for others, 挂账 stands still."""
_MINUTE = np.timedelta64(1, "m")
_DAY = 24 * 60
_EPOCH = dt.date(1970, 1, 1).toordinal()
_NONE = np.iinfo(np.int64).min  # not a time


def due_moments(issues: Features) -> NDArray[np.datetime64]:
    """(n,) the minute at which each deadline is passed, NaT where there is none."""
    days = _days(issues)
    minutes_of = {time: _minutes(time) for time in set(issues.column("due_time"))}
    minutes = np.fromiter(map(minutes_of.__getitem__, issues.column("due_time")), dtype=np.int64, count=len(issues))
    return np.asarray(days.astype("datetime64[m]") + minutes * _MINUTE, dtype="datetime64[m]")


def _days(issues: Features) -> NDArray[np.datetime64]:
    column = issues.column("due_at")
    number_of = {day: day.toordinal() - _EPOCH if isinstance(day, dt.date) else _NONE for day in set(column)}  # few different days in many rows
    return np.fromiter(map(number_of.__getitem__, column), dtype=np.int64, count=len(column)).astype("datetime64[D]")


def due_moment(values: Mapping[str, Scalar]) -> dt.datetime | None:
    """The moment at which the deadline of one issue is passed, None where there is none."""
    day = values.get("due_at")
    if not isinstance(day, dt.date):
        return None
    return dt.datetime(day.year, day.month, day.day) + dt.timedelta(minutes=_minutes(values.get("due_time")))


def _minutes(time: Scalar) -> int:
    hours, colon, minutes = str(time or "").partition(":")
    return int(hours) * 60 + int(minutes) if colon and hours.isdigit() and minutes.isdigit() else _DAY


def is_running(issues: Features) -> NDArray[np.bool_]:
    """(n,) which issues have a clock that runs: somebody is still to rectify them, and they are not 挂账."""
    return np.fromiter(map(_RUNNING.__contains__, issues.column("status")), dtype=bool, count=len(issues))


def overdue(issues: Features, now: dt.datetime) -> NDArray[np.bool_]:
    """逾期: still to be rectified and the deadline has come, (n,)."""
    late: NDArray[np.bool_] = due_moments(issues) <= np.datetime64(now, "m")
    return late & is_running(issues)


def is_late(values: Mapping[str, Scalar], now: dt.datetime) -> bool:
    """Whether one issue is overdue, as `overdue` says it of many."""
    moment = due_moment(values)
    return moment is not None and moment <= now and values.get("status") in _RUNNING


def due_soon(issues: Features, now: dt.datetime, soon: dt.timedelta = SOON) -> NDArray[np.bool_]:
    """临期: still to be rectified, not late, and due within `soon`, (n,)."""
    moments = due_moments(issues)
    near: NDArray[np.bool_] = (moments > np.datetime64(now, "m")) & (moments <= np.datetime64(now + soon, "m"))
    return near & is_running(issues)


def due_today(issues: Features, now: dt.datetime) -> NDArray[np.bool_]:
    """今日到期: still to be rectified, the deadline is today and has not come yet, (n,)."""
    today: NDArray[np.bool_] = _days(issues) == np.datetime64(now.date())
    return today & is_running(issues) & ~overdue(issues, now)


def minutes_left(issues: Features, now: dt.datetime) -> NDArray[np.float64]:
    """(n,) minutes until each deadline, negative where it is passed, nan where no clock runs."""
    left = (due_moments(issues) - np.datetime64(now, "m")) / _MINUTE
    left[~is_running(issues)] = np.nan
    return np.asarray(left, dtype=np.float64)


def left_text(minutes: float) -> str:
    """`minutes_left` as a planner reads it: 还剩 3 小时, 逾期 2 天; '' for nan. Cut off, so that 还剩 1 天 is at least a day."""
    if np.isnan(minutes):
        return ""
    size = abs(int(minutes))
    if size >= _DAY:
        amount = _("{count} 天").format(count=size // _DAY)
    elif size >= 60:
        amount = _("{count} 小时").format(count=size // 60)
    else:
        amount = _("{count} 分钟").format(count=size)
    return (_("还剩 {amount}") if minutes > 0 else _("逾期 {amount}")).format(amount=amount)


def due_text(values: Mapping[str, Scalar]) -> str:
    """A deadline as it is written in papers: 2024-06-03 11:30, or the day alone."""
    day, time = values.get("due_at"), values.get("due_time")
    return f"{day:%Y-%m-%d} {time or ''}".strip() if isinstance(day, dt.date) else ""
