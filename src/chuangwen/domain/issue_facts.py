"""What figures are counted from: the issues of a project as arrays, made once and asked by every indicator (domain.md 3.5)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from chuangwen.domain.deadline import due_moments, is_running
from chuangwen.domain.feature import Features
from chuangwen.domain.lifecycle import STATES
from chuangwen.domain.values import Scalar
from chuangwen.text import _

Mask = NDArray[np.bool_]
Days = NDArray[np.int32]
"""Days as `date.toordinal`; 0: not recorded."""

_NUMBER = {state: number for number, state in enumerate(STATES)}
NOT_WITH_A_UNIT = ("draft", "registered", "unassigned")
"""States in which no unit has been told yet: they count for the district, but are charged to no unit (docs/decisions/0026)."""


@dataclass(frozen=True, slots=True)
class Period:
    """Days from `start` to `end`, both included; None: open. Without both it is all that ever was (累计)."""

    start: dt.date | None = None
    end: dt.date | None = None

    @property
    def limited(self) -> bool:
        """Whether it leaves any day out."""
        return self.start is not None or self.end is not None

    @property
    def title(self) -> str:
        """累计, one day, or 起 至 止."""
        if not self.limited:
            return _("累计")
        if self.start == self.end:
            return f"{self.start:%Y-%m-%d}"
        if self.start is None:
            return _("截至 {end}").format(end=f"{self.end:%Y-%m-%d}")
        if self.end is None:
            return _("{start} 起").format(start=f"{self.start:%Y-%m-%d}")
        return _("{start} 至 {end}").format(start=f"{self.start:%Y-%m-%d}", end=f"{self.end:%Y-%m-%d}")

    def of(self, days: Days) -> Mask:
        """Which of some days lie in it, (n,). A day that is not recorded does, where the period leaves nothing out."""
        if not self.limited:
            return np.ones(len(days), dtype=bool)
        mask: Mask = days > 0
        if self.start is not None:
            mask &= days >= self.start.toordinal()
        if self.end is not None:
            mask &= days <= self.end.toordinal()
        return mask


ALWAYS = Period()


@dataclass(frozen=True, slots=True)
class Moves:
    """Changes of state as the log has them, in columns of m: position of the issue, day, new state, and the unit that was responsible until then ('': none)."""

    rows: NDArray[np.int32]
    days: Days
    targets: Sequence[str]
    units: Sequence[str]

    def into(self, target: str, period: Period) -> NDArray[np.int32]:
        """Which of the moves lead into a state within a period: positions among the moves."""
        right = np.fromiter((one == target for one in self.targets), dtype=bool, count=len(self.targets))
        return np.flatnonzero(right & period.of(self.days)).astype(np.int32)


class Facts:
    """The issues as arrays of n. `now` is the campaign's moment; `moves` what the log knows of changes of state, None where nobody asked it."""

    def __init__(self, issues: Features, now: dt.datetime, moves: Moves | None = None) -> None:
        self.issues = issues
        self.now = now
        self.moves = moves
        self.state = np.fromiter((_NUMBER.get(str(one), 0) for one in issues.column("status")), dtype=np.int8, count=len(issues))

    def __len__(self) -> int:
        return len(self.issues)

    def within(self, *states: str) -> Mask:
        """Which issues stand in one of some states."""
        wanted = np.zeros(len(STATES), dtype=bool)
        wanted[[_NUMBER[state] for state in states]] = True
        return wanted[self.state]

    @cached_property
    def none(self) -> Mask:
        """No issue at all."""
        return np.zeros(len(self), dtype=bool)

    @cached_property
    def counted(self) -> Mask:
        """交办 less 作废: on the list of the district and neither a draft nor void (SR-08; docs/decisions/0026)."""
        return ~self.within("draft", "void")

    @cached_property
    def closed(self) -> Mask:
        """已销号."""
        return self.within("closed")

    @cached_property
    def sent(self) -> Mask:
        """Handed to a unit at least once."""
        return self.counted & (~self.within(*NOT_WITH_A_UNIT) | (self.returns > 0))

    @cached_property
    def disposed(self) -> Mask:
        """处置: the unit has reported the work done and no check has found otherwise."""
        return self.within("rectified", "closed")

    @cached_property
    def found(self) -> Days:
        """发现."""
        return self._days("found_at")

    @cached_property
    def dispatched(self) -> Days:
        """交办; where that is not recorded, the day it was found."""
        days = self._days("dispatched_at")
        return np.where(days > 0, days, self.found)

    @cached_property
    def due(self) -> Days:
        """时限."""
        return self._days("due_at")

    @cached_property
    def done(self) -> Days:
        """完成; of a closed issue without it, the day of its check."""
        days = self._days("done_at")
        return np.where((days == 0) & self.closed, self.checked, days)

    @cached_property
    def checked(self) -> Days:
        """核查."""
        return self._days("checked_at")

    @cached_property
    def ended(self) -> Days:
        """销号: the day of the check, of a closed issue without it the day it was done; 0 for others."""
        days = self.checked
        return np.where(self.closed, np.where(days > 0, days, self._days("done_at")), 0).astype(np.int32)

    @cached_property
    def passed(self) -> Mask:
        """The deadline is over (domain.md 4.4)."""
        mask: Mask = due_moments(self.issues) <= np.datetime64(self.now, "m")
        return mask

    @cached_property
    def overdue(self) -> Mask:
        """逾期: the clock of a unit still runs and the deadline is over."""
        return self.passed & is_running(self.issues)

    @cached_property
    def returns(self) -> NDArray[np.int32]:
        """退回次数; a blank counter has never been moved."""
        return self._numbers("return_count")

    @cached_property
    def reworks(self) -> NDArray[np.int32]:
        """返工次数."""
        return self._numbers("rework_count")

    @cached_property
    def extensions(self) -> NDArray[np.int32]:
        """延期次数."""
        return self._numbers("extension_count")

    @cached_property
    def relapses(self) -> NDArray[np.int32]:
        """反弹次数."""
        return self._numbers("relapse_count")

    @cached_property
    def lost(self) -> Mask:
        """丢分."""
        return self._numbers("lost_point") > 0

    def moved(self, target: str, period: Period) -> Mask:
        """Which issues came into a state within a period, as the log has it; none where nobody asked the log."""
        mask = self.none.copy()
        if self.moves is not None:
            mask[self.moves.rows[self.moves.into(target, period)]] = True
        return mask

    def _days(self, name: str) -> Days:
        return self._array(name, lambda value: value.toordinal() if isinstance(value, dt.date) else 0)

    def _numbers(self, name: str) -> NDArray[np.int32]:
        return self._array(name, lambda value: int(value) if isinstance(value, int) else 0)

    def _array(self, name: str, read: Callable[[Scalar], int]) -> NDArray[np.int32]:
        column = self.issues.columns.get(name)
        if column is None:
            return np.zeros(len(self), dtype=np.int32)
        known = {value: read(value) for value in set(column)}  # days and counts repeat: a look-up costs half of what reading does
        return np.fromiter(map(known.__getitem__, column), dtype=np.int32, count=len(self))
