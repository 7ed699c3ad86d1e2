"""The campaign that a project serves, and the planner's lists of the morning (domain.md 0.3, SR-01, SR-07)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from chuangwen.domain.deadline import due_soon, due_today, overdue
from chuangwen.domain.feature import Features
from chuangwen.domain.lifecycle import OPEN
from chuangwen.errors import RuleBroken
from chuangwen.text import _

__all__ = ["PHASES", "TODOS", "Campaign", "Todo", "is_open", "overdue", "passes", "rate_text", "rectification_rate"]

PHASES = {"daily": _("日常"), "readiness": _("迎检"), "assessment": _("测评中"), "review": _("复盘")}
"""Identifier → title (SR-07)."""

_MORNING = dt.time(8, 30)
"""What the clock says in a project whose day is fixed: the office opens."""


@dataclass(frozen=True, slots=True)
class Campaign:
    """Title and dates of a project. `fixed_today` stops the clock: the demo and training projects live on one day.

    `arrival` is the planned 进驻日, `already_arrived` says that the inspectors came before it (domain.md 10, assumption 9); `end` is the last day of the
    assessment; `phase` one of `PHASES`; `limit_table` the table of category limits that is in force ('' none, see resources/rules/deadlines.toml);
    `checklist` the id of the checklist's version ('' the first, see resources/rules/checklists/).
    """

    title: str = ""
    district: str = ""
    office: str = ""
    start: dt.date | None = None
    arrival: dt.date | None = None
    fixed_today: dt.date | None = None
    end: dt.date | None = None
    phase: str = "daily"
    already_arrived: bool = False
    limit_table: str = ""
    checklist: str = ""

    @property
    def today(self) -> dt.date:
        """The day of `now`."""
        return self.now.date()

    @property
    def now(self) -> dt.datetime:
        """The moment that deadlines are measured against, to the second: the clock, or 08:30 of the fixed day."""
        return dt.datetime.combine(self.fixed_today, _MORNING) if self.fixed_today else dt.datetime.now().replace(microsecond=0)

    @property
    def days_left(self) -> int | None:
        """Days until the inspectors arrive; 0 once they are here, None where the date is not planned yet."""
        if self.already_arrived:
            return 0
        return (self.arrival - self.today).days if self.arrival else None

    @property
    def is_over(self) -> bool:
        """Whether the assessment has ended: the day after `end`."""
        return self.end is not None and self.today > self.end

    @property
    def has_arrived(self) -> bool:
        """Whether the inspectors are here, or were."""
        return self.days_left is not None and self.days_left <= 0


def check_dates(campaign: Campaign) -> None:
    """Raises `RuleBroken` where the campaign would end before it begins."""
    days = [day for day in (campaign.start, campaign.arrival, campaign.end) if day is not None]
    if days != sorted(days):
        raise RuleBroken(_("迎检开始、进驻日、测评结束日应依次在后。"), {"end": _("日期前后颠倒")})


def banner(campaign: Campaign) -> str:
    """The countdown of the window (SR-01): 距进驻还有 N 天, then 测评进行中 until the end, then 测评已结束; '' where no date is planned."""
    if campaign.is_over:
        return _("测评已结束")
    if campaign.has_arrived:
        left = (campaign.end - campaign.today).days + 1 if campaign.end else 0
        return _("测评进行中 · 还有 {days} 天").format(days=left) if left else _("测评进行中")
    return "" if campaign.days_left is None else _("距进驻还有 {days} 天").format(days=campaign.days_left)


@dataclass(frozen=True, slots=True)
class Todo:
    """One of the lists: `mask(issues, now)` says which issues are on it, (n,)."""

    id: str
    title: str
    mask: Callable[[Features, dt.datetime], NDArray[np.bool_]]


def _status(issues: Features, *wanted: str) -> NDArray[np.bool_]:
    return np.array([status in wanted for status in issues.column("status")], dtype=bool)


def is_open(issues: Features) -> NDArray[np.bool_]:
    """Which issues somebody still has to work on, (n,)."""
    return _status(issues, *OPEN)


TODOS = (
    Todo("unassigned", _("待指定"), lambda issues, now: _status(issues, "unassigned")),
    Todo("due_today", _("今日到期"), due_today),
    Todo("due_soon", _("临期"), due_soon),
    Todo("overdue", _("逾期"), overdue),
    Todo("to_check", _("待核查"), lambda issues, now: _status(issues, "rectified")),
)


def rectification_rate(issues: Features) -> tuple[int, int]:
    """Closed issues and all issues that count (drafts and void ones do not): 1 017 of 1 240 (SR-08)."""
    return int(_status(issues, "closed").sum()), int((~_status(issues, "draft", "void")).sum())


def rate_text(part: int, whole: int) -> str:
    """82.0%: to one decimal, cut off and never rounded up (99.96 % is not yet 100); — where there is nothing to count (SR-08)."""
    return f"{part * 1000 // whole / 10:.1f}%" if whole else "—"


def passes(score: float, mark: float = 80.0) -> bool:
    """Whether a score reaches its pass mark, unrounded: 79.96 fails and is never to be shown as 80.0 (SR-36)."""
    return score >= mark
