"""Late, soon, and how much is left: of columns and of one issue."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pytest

from chuangwen.domain.campaign import TODOS, rate_text, rectification_rate
from chuangwen.domain.deadline import due_moment, due_soon, due_text, is_late, left_text, minutes_left, overdue
from chuangwen.domain.feature import Feature, Features
from tests.build import issue
from tests.domain.test_campaign import table

DAY = dt.date(2024, 6, 3)
NOON = dt.datetime(2024, 6, 3, 12)


def due(code: str, day: dt.date | None = DAY, time: str | None = None, status: str = "in_progress") -> Feature:
    """An issue with a deadline."""
    return issue(code, status=status, due_at=day, due_time=time)


def codes(issues: Features, mask: np.ndarray[tuple[int, ...], np.dtype[np.bool_]]) -> list[str]:
    """Which are meant."""
    return [str(code) for code, on in zip(issues.column("code"), mask, strict=True) if on]


ISSUES = table(
    due("passed", time="11:59"),
    due("now", time="12:00"),
    due("minute", time="12:01"),
    due("day"),
    due("yesterday", DAY - dt.timedelta(days=1)),
    due("tomorrow noon", DAY + dt.timedelta(days=1), "12:00"),
    due("tomorrow later", DAY + dt.timedelta(days=1), "12:01"),
    due("never", None),
    due("done", time="11:00", status="rectified"),
    due("held", time="11:00", status="long_term"),
    due("deferred", time="11:00", status="deferred"),
    due("closed", time="11:00", status="closed"),
)


def test_overdue_begins_with_the_minute_or_with_the_end_of_the_day() -> None:
    """domain.md 4.4: due + 0 where a time is given, 24:00 of the day where only a date is. Done, held and closed issues are never late; deferred ones are."""
    assert ["passed", "now", "yesterday", "deferred"] == codes(ISSUES, overdue(ISSUES, NOON))
    assert ["day"] == codes(ISSUES, overdue(ISSUES, dt.datetime(2024, 6, 4)) & ~overdue(ISSUES, dt.datetime(2024, 6, 3, 23, 59)))
    for one in ISSUES:
        assert is_late(one.values, NOON) == (one.code in codes(ISSUES, overdue(ISSUES, NOON)))


def test_due_soon_is_what_runs_out_within_a_day() -> None:
    """domain.md 4.1: ≤ 24 h, not late; another length by rule."""
    assert ["minute", "day", "tomorrow noon"] == codes(ISSUES, due_soon(ISSUES, NOON))
    assert ["minute"] == codes(ISSUES, due_soon(ISSUES, NOON, dt.timedelta(hours=2)))


def test_the_lists_follow_the_time_of_day() -> None:
    """今日到期 is what can still be done today; what has run out is 逾期."""
    today = next(todo for todo in TODOS if todo.id == "due_today")

    assert ["minute", "day"] == codes(ISSUES, today.mask(ISSUES, NOON))


@pytest.mark.parametrize(
    ("minutes", "words"),
    [
        (2881.0, "还剩 2 天"),
        (1440.0, "还剩 1 天"),
        (1439.0, "还剩 23 小时"),
        (59.0, "还剩 59 分钟"),
        (0.0, "逾期 0 分钟"),
        (-90.0, "逾期 1 小时"),
        (-3000.0, "逾期 2 天"),
        (np.nan, ""),
    ],
)
def test_what_is_left_in_words(minutes: float, words: str) -> None:
    """Cut off, never rounded up."""
    assert words == left_text(minutes)


def test_what_is_left_in_minutes() -> None:
    """nan where no clock runs."""
    left = dict(zip(ISSUES.column("code"), minutes_left(ISSUES, NOON).tolist(), strict=True))

    assert (-1, 0, 1, 720) == tuple(left[code] for code in ("passed", "now", "minute", "day"))
    assert np.isnan([left["never"], left["done"], left["held"]]).all()


def test_one_deadline() -> None:
    """As a moment and as it is written."""
    assert dt.datetime(2024, 6, 4) == due_moment({"due_at": DAY})
    assert dt.datetime(2024, 6, 3, 11, 30) == due_moment({"due_at": DAY, "due_time": "11:30"})
    assert due_moment({"due_time": "11:30"}) is None
    assert ["2024-06-03", "2024-06-03 11:30", ""] == [due_text(values) for values in ({"due_at": DAY}, {"due_at": DAY, "due_time": "11:30"}, {})]


def test_the_rate_of_1200_issues() -> None:
    """SR-08: closed ÷ (dispatched − void): 984 of 1,200 are 82.0 %; ten void rows more keep it."""
    rows = [issue(str(number), status="closed" if number < 984 else "in_progress") for number in range(1200)]

    for more in ([], [issue(f"v{number}", status="void") for number in range(10)]):
        closed, counted = rectification_rate(table(*rows, *more))
        assert (984, 1200, "82.0%") == (closed, counted, rate_text(closed, counted))
    assert "79.9%" == rate_text(7996, 10000)
