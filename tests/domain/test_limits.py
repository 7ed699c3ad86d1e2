"""By when: limits by priority and category, the phase, the cap before the arrival, the stopped clock."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest

from chuangwen.domain.calendar import OwnDays
from chuangwen.domain.campaign import Campaign, banner, passes
from chuangwen.domain.limits import Timekeeper
from chuangwen.errors import RuleBroken
from chuangwen.services.timing import holiday_table, limit_rules
from tests.domain.test_calendar import at

JUNE = Campaign(arrival=dt.date(2024, 6, 24), end=dt.date(2024, 6, 27), fixed_today=dt.date(2024, 6, 3))
KEEPER = Timekeeper(limit_rules(), holiday_table(), JUNE)


def keeper(**campaign: object) -> Timekeeper:
    """The timekeeper of another campaign."""
    return replace(KEEPER, campaign=replace(JUNE, **campaign))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("priority", "due"),
    [
        ("immediate", "2024-06-03 18:30"),
        ("urgent", "2024-06-04 16:30"),
        ("normal", "2024-06-06 16:30"),
        ("hard", "2024-06-10 16:30"),
        (None, "2024-06-06 16:30"),
    ],
)
def test_the_priority_sets_the_limit(priority: str | None, due: str) -> None:
    """domain.md 4.4: 2 h, 24 h, 3 days, 7 days from the dispatch, by the clock on the wall."""
    assert at(due) == KEEPER.due({"priority": priority}, at("2024-06-03 16:30")).at


def test_long_term_has_a_review_date_only() -> None:
    """domain.md 4.4: no deadline is made up."""
    due = KEEPER.due({"priority": "long_term"}, at("2024-06-03 16:30"))

    assert due.at is None
    assert {"due_at": None, "due_time": None} == due.values()


@pytest.mark.parametrize(
    ("table", "category", "due"),
    [
        ("events", "暴露垃圾", "2024-06-04 11:30"),  # 4 工作时 (F29)
        ("jiyuan", "暴露垃圾", "2024-06-04 17:30"),  # 1 工作日 (F30)
        ("events", "渣土", "2024-06-05 17:30"),  # 2 工作日
        ("jiyuan", "渣土", "2024-06-07 17:30"),  # 4 工作日
        ("events", "道路不洁", "2024-06-04 09:30"),  # 2 工作时
        ("jiyuan", "道路不洁", "2024-06-04 15:00"),  # 5 工作时: 1 + 3.5 + 0.5
        ("events", "绿地养护", "2024-06-11 17:30"),  # 5 工作日: 4, 5, 6, 7, and the 10th is 端午
        ("events", "违法搭建", "2024-07-02 17:30"),  # 20 工作日
        ("jiyuan", "违法搭建", "2024-06-25 17:30"),  # 15 工作日
        ("jiyuan", "水域不洁", "2024-06-25 17:30"),  # 15 工作日
        ("manholes", "井盖破损", "2024-06-03 22:30"),  # 6 h (F62)
    ],
)
def test_the_published_limits(table: str, category: str, due: str) -> None:
    """domain.md 3.4: each local table with its own numbers; dispatched on Monday 3 June at 16:30."""
    assert at(due) == keeper(limit_table=table).due({"category": category}, at("2024-06-03 16:30")).at


def test_illegal_building_goes_in_three_steps() -> None:
    """domain.md 3.4 [F29]: stopped within 4 工作时, penalised within 7 工作日, demolished within 20."""
    due = keeper(limit_table="events").due({"category": "违章搭建"}, at("2024-06-03 16:30"))

    assert (("责令停止", at("2024-06-04 11:30")), ("立案处罚", at("2024-06-13 17:30")), ("拆除", at("2024-07-02 17:30"))) == due.steps


def test_a_table_is_off_until_it_is_chosen() -> None:
    """The tables contradict each other: without a choice the priority alone counts. An urgent issue stays urgent, one that may take long does not."""
    assert at("2024-06-06 16:30") == KEEPER.due({"category": "暴露垃圾"}, at("2024-06-03 16:30")).at
    chosen = keeper(limit_table="jiyuan")
    assert at("2024-06-03 18:30") == chosen.due({"category": "水域不洁", "priority": "immediate"}, at("2024-06-03 16:30")).at
    assert at("2024-06-04 17:30") == chosen.due({"category": "暴露垃圾", "priority": "hard"}, at("2024-06-03 16:30")).at


def test_a_manhole_cover_takes_36_hours_at_most() -> None:
    """domain.md 3.4 [F62]: an extension beyond that is refused."""
    values = {"category": "井盖破损", "dispatched_at": at("2024-06-03 16:30")}
    chosen = keeper(limit_table="manholes")

    chosen.check({**values, "due_at": dt.date(2024, 6, 5), "due_time": "04:30"})
    with pytest.raises(RuleBroken, match="36 小时"):
        chosen.check({**values, "due_at": dt.date(2024, 6, 5), "due_time": "04:31"})


def test_the_phase_changes_deadlines_and_visits() -> None:
    """SR-07: switching to 迎检 makes a visit a day required of each site (SR-61) and lets working hours and days count as the clock on the wall."""
    daily, ready = keeper(limit_table="events"), keeper(limit_table="events", phase="readiness")
    start = at("2024-06-07 16:30")  # Friday before 端午

    assert (0, 1) == (daily.visits_per_day, ready.visits_per_day)
    assert (at("2024-06-11 11:30"), at("2024-06-07 20:30")) == tuple(one.due({"category": "暴露垃圾"}, start).at for one in (daily, ready))
    assert (at("2024-06-12 17:30"), at("2024-06-09 16:30")) == tuple(one.due({"category": "渣土"}, start).at for one in (daily, ready))
    assert "迎检阶段按 4 小时连续计时" in ready.due({"category": "暴露垃圾"}, start).why


def test_issues_of_a_site_are_due_the_day_before_the_arrival() -> None:
    """SR-10, domain.md 4.4: due = min(dispatched + limit, arrival − 1 day 18:00), on the site and in its surroundings; elsewhere the limit alone."""
    start = at("2024-06-20 09:00")

    for values in ({"site_code": "001"}, {"in_surroundings": True}):
        due = KEEPER.due({"priority": "hard", **values}, start)
        assert at("2024-06-23 18:00") == due.at
        assert "进驻前一天封顶" in due.why
    assert at("2024-06-27 09:00") == KEEPER.due({"priority": "hard"}, start).at
    assert at("2024-06-21 09:00") == KEEPER.due({"priority": "urgent", "site_code": "001"}, start).at


def test_dispatched_after_the_cap_keeps_its_limit_and_says_so() -> None:
    """Never a deadline before the dispatch. Once the inspectors are here nothing caps."""
    late = KEEPER.due({"priority": "urgent", "site_code": "001"}, at("2024-06-23 19:00"))

    assert at("2024-06-24 19:00") == late.at
    assert late.notes
    here = keeper(already_arrived=True)
    assert at("2024-06-27 09:00") == here.due({"priority": "hard", "site_code": "001"}, at("2024-06-20 09:00")).at


def test_a_deadline_on_the_arrival_needs_a_reason() -> None:
    """SR-10: due_at ≥ arrival on an issue of a site is refused without late_reason; the day before, elsewhere or with a reason it is taken."""
    values = {"site_code": "001", "due_at": dt.date(2024, 6, 24)}

    with pytest.raises(RuleBroken, match="进驻日") as refused:
        KEEPER.check(values)
    assert {"due_at", "late_reason"} == set(refused.value.reasons)
    KEEPER.check({**values, "late_reason": "长期整改"})
    KEEPER.check({**values, "due_at": dt.date(2024, 6, 23)})
    KEEPER.check({"due_at": dt.date(2024, 6, 24)})


def test_a_deadline_before_the_dispatch_is_refused() -> None:
    """Named with both moments; the end of the same day is not before it."""
    values = {"dispatched_at": at("2024-06-03 16:30"), "due_at": dt.date(2024, 6, 3)}

    KEEPER.check(values)
    KEEPER.check({**values, "due_time": "16:31"})
    with pytest.raises(RuleBroken, match="早于交办时间"):
        KEEPER.check({**values, "due_time": "16:30"})


def test_milestones_on_the_way() -> None:
    """Half of the time, and a day before the end; where that would stand before the dispatch it is left out."""
    assert [("时限过半", at("2024-06-05 04:30")), ("临近到期", at("2024-06-05 16:30"))] == KEEPER.milestones(at("2024-06-03 16:30"), at("2024-06-06 16:30"))
    assert [("时限过半", at("2024-06-03 17:30"))] == KEEPER.milestones(at("2024-06-03 16:30"), at("2024-06-03 18:30"))


def test_the_clock_stands_still_and_goes_on() -> None:
    """What was left when the issue was put on hold is added when it goes on: on the wall, and in office hours for a limit that is counted in them."""
    stopped = {"due_at": dt.date(2024, 6, 6), "due_time": "16:30", **KEEPER.stopped(at("2024-06-04 16:30"))}
    assert at("2024-06-12 09:00") == KEEPER.resumed(stopped, at("2024-06-10 09:00")).at  # 48 h were left

    hours = {"category": "暴露垃圾", "due_at": dt.date(2024, 6, 4), "due_time": "11:30", "stopped_at": at("2024-06-03 17:00")}
    assert at("2024-06-13 09:30") == keeper(limit_table="events").resumed(hours, at("2024-06-12 15:00")).at  # 3.5 h were left: 2.5 h and 1 h


def test_who_was_late_stays_as_late() -> None:
    """Holding an issue is no way out of being overdue."""
    stopped = {"due_at": dt.date(2024, 6, 3), "due_time": "12:00", "stopped_at": at("2024-06-04 12:00")}

    assert at("2024-06-09 09:00") == KEEPER.resumed(stopped, at("2024-06-10 09:00")).at


def test_a_limit_past_the_table_of_holidays_is_said() -> None:
    """The warning names the year, and goes away once the office has filled it in."""
    chosen = keeper(limit_table="events", arrival=None)
    start = at("2026-12-20 09:00")

    assert any("2026" in note for note in chosen.due({"category": "违法搭建"}, start).notes)
    filled = replace(chosen, calendar=chosen.calendar.changed(OwnDays(last_year=2027)))
    assert filled.due({"category": "违法搭建"}, start).notes == ()
    assert chosen.due({"priority": "normal"}, at("2026-12-31 09:00")).notes == ()


def test_the_countdown() -> None:
    """SR-01: three days before the arrival it shows 3; from that day on 测评进行中 until the end; then 测评已结束. A switch says they came early."""

    def shown(day: int, **other: object) -> str:
        return banner(replace(JUNE, fixed_today=dt.date(2024, 6, day), **other))  # type: ignore[arg-type]

    assert "距进驻还有 3 天" == shown(21)
    assert "测评进行中 · 还有 4 天" == shown(24)
    assert "测评进行中 · 还有 1 天" == shown(27)
    assert "测评已结束" == shown(28)
    assert "测评进行中" == shown(30, end=None)
    assert shown(21, already_arrived=True).startswith("测评进行中")
    assert banner(Campaign()) == ""


def test_79_96_fails() -> None:
    """SR-36: fail iff the unrounded score is under 80."""
    assert [False, True, True] == [passes(score) for score in (79.96, 80.0, 80.04)]
