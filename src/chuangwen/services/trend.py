"""Day by day: what came in, what was struck off, and the rate that must become 100 (SR-08)."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from chuangwen.domain.issue_facts import Facts


@dataclass(frozen=True, slots=True)
class Trend:
    """Columns of n days: how many issues were found and struck off on each, and the share (0 to 1) of those found by its evening that were struck off by then;
    nan before the first issue.
    """

    days: tuple[dt.date, ...]
    found: NDArray[np.int64]
    ended: NDArray[np.int64]
    rate: NDArray[np.float64]


def trend(facts: Facts, last: dt.date, days: int = 30) -> Trend:
    """The `days` days up to `last`. Issues without a day of finding count from the beginning, those closed without a day are closed from the beginning."""
    first = last - dt.timedelta(days=days - 1)
    edges = np.arange(first.toordinal(), last.toordinal() + 2)
    counted = facts.counted
    closed = counted & facts.closed
    found = np.histogram(facts.found[counted], edges)[0]
    ended = np.histogram(facts.ended[closed], edges)[0]
    before_found = int((counted & (facts.found < first.toordinal())).sum())
    before_ended = int((closed & (facts.ended < first.toordinal())).sum())
    whole = before_found + np.cumsum(found)
    done = before_ended + np.cumsum(ended)
    rate = np.divide(done, whole, out=np.full(days, np.nan), where=whole > 0)
    return Trend(tuple(dt.date.fromordinal(int(day)) for day in edges[:-1]), found.astype(np.int64), ended.astype(np.int64), np.minimum(rate, 1.0))
