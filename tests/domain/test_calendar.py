"""The working calendar: three clocks, 国庆 with 调休, and what addition must obey."""

from __future__ import annotations

import datetime as dt
import tomllib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chuangwen.domain.calendar import CLOCKS, Calendar, Limit, OwnDays, hours_text, read_hours, read_limit
from chuangwen.errors import DataProblem, UserError
from chuangwen.services.timing import holiday_table, limit_rules
from tests.domain import slow_clock

CALENDAR = holiday_table()
TABLE = [line.split("\t") for line in (Path(__file__).parent / "data" / "deadlines.tsv").read_text(encoding="utf-8").splitlines()[1:]]


def at(text: str) -> dt.datetime:
    """2024-06-03 16:30 as a moment."""
    return dt.datetime.strptime(text, "%Y-%m-%d %H:%M")


def test_two_hundred_deadlines_across_the_national_day() -> None:
    """2024: 29 Sep and 12 Oct worked, 1 to 7 Oct off; 2025 with 中秋: 1 to 8 Oct off, 28 Sep and 11 Oct worked. Each literal due moment."""
    wrong = [row for row in TABLE if CALENDAR.after(at(row[0]), read_limit(row[1])) != at(row[2])]

    assert (200, []) == (len(TABLE), wrong)


def test_the_table_agrees_with_a_clock_that_counts_minutes() -> None:
    """Nobody mistyped one: an oracle that shares nothing with the program comes to the same moments and the same days."""
    for start, limit, due, counted in TABLE:
        amount, unit = limit.split()
        assert (at(due), counted) == slow_clock.due(at(start), float(amount), unit)


def test_the_example_of_the_trade() -> None:
    """domain.md 3.4: 4 工作时 dispatched at 16:30 use one hour that afternoon and three the next morning: 11:30."""
    assert at("2024-06-04 11:30") == CALENDAR.add(at("2024-06-03 16:30"), 4, "work_hour")
    assert at("2024-06-03 20:30") == CALENDAR.add(at("2024-06-03 16:30"), 4, "urgent_hour")
    assert at("2024-06-11 17:30") == CALENDAR.add(at("2024-06-07 16:30"), 1, "work_day")  # Friday; Monday is 端午


MOMENTS = st.datetimes(dt.datetime(2024, 1, 1), dt.datetime(2026, 12, 1)).map(lambda moment: moment.replace(second=0, microsecond=0))
AMOUNTS = st.integers(0, 160)


@given(MOMENTS, AMOUNTS, AMOUNTS, st.sampled_from(sorted(CLOCKS)))
def test_addition_may_be_split(start: dt.datetime, one: int, other: int, clock: str) -> None:
    """What is left of a limit can be added later; hours also by halves."""
    first, second = (one / 2, other / 2) if clock.endswith("hour") else (one, other)

    assert CALENDAR.add(CALENDAR.add(start, first, clock), second, clock) == CALENDAR.add(start, first + second, clock)


@given(MOMENTS, MOMENTS, AMOUNTS, AMOUNTS, st.sampled_from(sorted(CLOCKS)))
def test_addition_is_monotone(one: dt.datetime, other: dt.datetime, less: int, more: int, clock: str) -> None:
    """Who starts later or has more time is never due earlier; nobody is due before the start."""
    early, late = sorted((one, other))
    small, large = sorted((less, more))

    assert early <= CALENDAR.add(early, small, clock) <= CALENDAR.add(early, large, clock)
    assert not small or CALENDAR.add(early, small, clock) <= CALENDAR.add(late, small, clock)


@given(MOMENTS, AMOUNTS, st.sampled_from(sorted(CLOCKS)))
def test_what_is_between_can_be_added_back(start: dt.datetime, amount: int, clock: str) -> None:
    """The rest of a limit is measured with the clock that it is counted with."""
    end = CALENDAR.add(start, amount, clock)

    assert amount == pytest.approx(CALENDAR.between(start, end, clock))
    assert end == CALENDAR.add(start, CALENDAR.between(start, end, clock), clock)


@pytest.mark.parametrize(
    ("text", "limit"),
    [
        ("4 工作时", Limit(4, "work_hour")),
        ("3个工作日", Limit(3, "work_day")),
        ("２４小时", Limit(24, "hour")),
        ("0.5 小时", Limit(0.5, "hour")),
        ("30分钟", Limit(0.5, "hour")),
        ("6 紧急工作时", Limit(6, "urgent_hour")),
        ("7天", Limit(7, "day")),
    ],
)
def test_limits_as_people_write_them(text: str, limit: Limit) -> None:
    """A number and a clock."""
    assert limit == read_limit(text)


@pytest.mark.parametrize("text", ["", "4", "工作时", "4 钟头", "0 天", "1.5 工作日", "-2 小时"])
def test_a_limit_that_is_none_is_refused(text: str) -> None:
    """Half a working day has no meaning that units agree on."""
    with pytest.raises(DataProblem):
        read_limit(text)


def test_office_hours_are_read_and_written() -> None:
    """Also with the marks of a Chinese keyboard; spans in the wrong order are refused."""
    summer = read_hours("８：００-12:00，15:00—18:00")

    assert "08:00-12:00,15:00-18:00" == hours_text(summer)
    assert at("2024-06-04 09:30") == Calendar(hours=summer).add(at("2024-06-03 17:00"), 2.5, "work_hour")
    for wrong in ("", "9-5", "12:00-08:30", "08:30-12:00,11:00-17:00", "08:30-25:00"):
        with pytest.raises(DataProblem):
            read_hours(wrong)


def test_an_office_changes_days_and_hours() -> None:
    """A day that the district works through, and a year filled in by hand."""
    own = CALENDAR.changed(OwnDays({dt.date(2024, 6, 8): True, dt.date(2027, 1, 1): False}, last_year=2027))

    assert at("2024-06-08 17:30") == own.add(at("2024-06-07 09:00"), 1, "work_day")
    assert at("2027-01-04 17:30") == own.add(at("2026-12-31 09:00"), 1, "work_day")
    assert own.beyond(at("2027-01-04 17:30")) == ""


def test_a_deadline_past_the_last_year_of_the_table_warns() -> None:
    """It says up to which year the holidays are known and where the next is filled in."""
    words = CALENDAR.beyond(dt.date(2027, 1, 4))

    assert "2026" in words
    assert "文件 → 工作日历" in words
    assert CALENDAR.beyond(dt.date(2026, 12, 31)) == ""


def test_a_calendar_without_working_days_is_refused() -> None:
    """Not searched for ever."""
    never = Calendar({dt.date(2024, 1, 1) + dt.timedelta(days=number): False for number in range(5_000)})

    for clock in ("work_hour", "work_day"):
        with pytest.raises(UserError, match="工作日历"):
            never.add(at("2024-01-01 08:00"), 1, clock)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('[[holiday]]\nname = "国庆节"\nfirst = 2024-10-07\nlast = 2024-10-01', "不是一段假期"),
        ('[[holiday]]\nname = "国庆节"\nfirst = 2024-10-01\nlast = 2024-10-07\nwork = [2024-10-05]', "又放假又上班"),
        ('[[holiday]]\nname = "国庆节"\nfirst = "10月1日"\nlast = 2024-10-07', "10月1日"),
        ('[[holiday]]\nname = "国庆节"\nlast = 2024-10-07', "first"),
        ("[[holiday", "holidays.toml"),
    ],
)
def test_a_table_with_a_mistake_names_it(tmp_path: Path, text: str, said: str) -> None:
    """File, number of the entry, what is wrong."""
    (tmp_path / "rules").mkdir()
    (tmp_path / "rules" / "holidays.toml").write_text(text, encoding="utf-8")

    with pytest.raises(UserError, match=r"holidays\.toml") as refused:
        holiday_table(tmp_path)
    assert said in str(refused.value)


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ('urgent = "24 小时"', "priority"),
        ('limit = "5 工作时"', "table jiyuan"),
        ("[phase.readiness]", "readiness"),
        ('hasten = ["immediate", "urgent"]', "urgent"),
    ],
)
def test_rules_with_a_mistake_name_it(tmp_path: Path, wrong: str, said: str) -> None:
    """A limit in unknown words, a phase or priority misspelt: the place is said, and the nearest right word."""
    from chuangwen.settings import resources_folder

    text = (resources_folder() / "rules" / "deadlines.toml").read_text(encoding="utf-8")
    assert wrong in text
    broken = wrong.replace("小时", "钟头").replace("工作时", "钟头").replace("readiness", "readines").replace('"urgent"', '"urgend"')
    (tmp_path / "rules").mkdir()
    (tmp_path / "rules" / "deadlines.toml").write_text(text.replace(wrong, broken, 1), encoding="utf-8")

    with pytest.raises(UserError, match=r"deadlines\.toml") as refused:
        limit_rules(tmp_path)
    assert said in str(refused.value)


def test_the_table_is_the_published_one() -> None:
    """holidays.toml against the package it is made from, day by day, where that package is installed."""
    chinese_calendar = pytest.importorskip("chinese_calendar")
    from chuangwen.settings import resources_folder

    last = tomllib.loads((resources_folder() / "rules" / "holidays.toml").read_text(encoding="utf-8"))["last_year"]
    days = [dt.date(2020, 1, 1) + dt.timedelta(days=number) for number in range((dt.date(last, 12, 31) - dt.date(2020, 1, 1)).days + 1)]

    assert [day for day in days if CALENDAR.works(day) != chinese_calendar.is_workday(day)] == []
