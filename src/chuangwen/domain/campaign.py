"""The campaign that a project serves, and the planner's four lists of the morning (domain.md 0.3)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from chuangwen.domain.feature import Features
from chuangwen.domain.lifecycle import OPEN


@dataclass(frozen=True, slots=True)
class Campaign:
    """Title and dates of a project. `fixed_today` stops the clock: the demo and training projects live on one day."""

    title: str = ""
    district: str = ""
    office: str = ""
    start: dt.date | None = None
    arrival: dt.date | None = None
    fixed_today: dt.date | None = None

    @property
    def today(self) -> dt.date:
        """The day that deadlines are measured against."""
        return self.fixed_today or dt.date.today()

    @property
    def days_left(self) -> int | None:
        """Days until the inspectors arrive; None where the date is not planned yet."""
        return (self.arrival - self.today).days if self.arrival else None


@dataclass(frozen=True, slots=True)
class Todo:
    """One of the lists: `mask(issues, today)` says which issues are on it, (n,)."""

    id: str
    title: str
    mask: Callable[[Features, dt.date], NDArray[np.bool_]]


def _status(issues: Features, *wanted: str) -> NDArray[np.bool_]:
    return np.array([status in wanted for status in issues.column("status")], dtype=bool)


def is_open(issues: Features) -> NDArray[np.bool_]:
    """Which issues somebody still has to work on, (n,)."""
    return _status(issues, *OPEN)


def _due(issues: Features) -> NDArray[np.datetime64]:
    days = [value.date() if isinstance(value, dt.datetime) else value for value in issues.column("due_at")]
    return np.array(days, dtype="datetime64[D]")


def _due_today(issues: Features, today: dt.date) -> NDArray[np.bool_]:
    last_day: NDArray[np.bool_] = _due(issues) == np.datetime64(today)
    return last_day & is_open(issues) & ~_status(issues, "rectified")


def overdue(issues: Features, today: dt.date) -> NDArray[np.bool_]:
    """逾期: still to be rectified, and the day of the deadline is over (domain.md 4.4), (n,)."""
    late: NDArray[np.bool_] = _due(issues) < np.datetime64(today)
    return late & is_open(issues) & ~_status(issues, "rectified")


TODOS = (
    Todo("unassigned", "待指定", lambda issues, today: _status(issues, "unassigned")),
    Todo("due_today", "今日到期", _due_today),
    Todo("overdue", "逾期", overdue),
    Todo("to_check", "待核查", lambda issues, today: _status(issues, "rectified")),
)


def rectification_rate(issues: Features) -> tuple[int, int]:
    """Closed issues and all issues that count (void ones do not): 1 017 of 1 240."""
    return int(_status(issues, "closed").sum()), int((~_status(issues, "void")).sum())


def rate_text(part: int, whole: int) -> str:
    """82.0%: to one decimal, cut off and never rounded up (99.96 % is not yet 100); — where there is nothing to count (SR-08)."""
    return f"{part * 1000 // whole / 10:.1f}%" if whole else "—"
