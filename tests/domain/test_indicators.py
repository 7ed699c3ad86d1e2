"""Indicators over issues counted by hand."""

from __future__ import annotations

import datetime as dt
from fractions import Fraction

import numpy as np
import pytest

from chuangwen.domain.campaign import passes, rate_text
from chuangwen.domain.feature import Feature, Features
from chuangwen.domain.figure import Figure, figure
from chuangwen.domain.indicators import BY_ID, INDICATORS
from chuangwen.domain.issue_facts import ALWAYS, Facts, Moves, Period
from chuangwen.domain.ranking import places, score, score_text
from tests.build import ROOT, issue
from tests.domain.test_campaign import table

NOW = dt.datetime(2024, 6, 3, 8, 30)


def day(number: int, month: int = 6) -> dt.date:
    """A day of the campaign."""
    return dt.date(2024, month, number)


ROWS: tuple[Feature, ...] = (
    issue("a", status="closed", found_at=day(20, 5), due_at=day(1), done_at=day(31, 5), checked_at=day(1)),  # in time
    issue("b", status="closed", found_at=day(20, 5), due_at=day(1), done_at=day(1), checked_at=day(2)),  # done in time, checked a day late
    issue("c", status="closed", found_at=day(21, 5), due_at=day(30, 5), done_at=day(2), checked_at=day(3)),  # late
    issue("d", status="rectified", found_at=day(21, 5), due_at=day(2), done_at=day(2)),  # waits for its check
    issue("e", status="in_progress", found_at=day(3), due_at=day(3), due_time="08:00"),  # overdue for half an hour
    issue("f", status="in_progress", found_at=day(3), due_at=day(3)),  # has the whole day
    issue("g", status="rework", found_at=day(22, 5), due_at=day(4), done_at=day(30, 5), rework_count=2),
    issue("h", status="deferred", found_at=day(22, 5), due_at=day(10), extension_count=1),
    issue("i", status="long_term", found_at=day(22, 5), due_at=day(1)),  # no clock
    issue("j", status="unassigned", found_at=day(2), return_count=2),
    issue("k", status="registered", found_at=day(3)),
    issue("l", status="void", found_at=day(3), void_kind="untrue"),
    issue("m", status="draft"),
    issue("n", status="dispatched", found_at=day(1), due_at=day(5), return_count=1, dispatched_at=dt.datetime(2024, 6, 2, 9)),
)
FACTS = Facts(table(*ROWS), NOW)


def of(name: str, period: Period = ALWAYS, facts: Facts = FACTS) -> Figure:
    """One figure."""
    return figure(BY_ID[name], facts, period)


def codes(ids: list[str]) -> str:
    """The letters of the issues."""
    return "".join(one.removeprefix("issue-") for one in ids)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("dispatched", "12"),  # all but the draft and the void one
        ("closed", "3"),
        ("open", "9"),
        ("rectification", "25.0%（3/12）"),
        ("on_time", "20.0%（1/5）"),  # a of a b c d e; i has no clock
        ("overdue", "1"),  # e
        ("unassigned", "1"),
        ("unreceived", "1"),
        ("to_check", "1"),
        ("long_term", "1"),
        ("reported", "14"),
        ("filing", "92.8%（13/14）"),
        ("right_filing", "92.3%（12/13）"),
        ("right_dispatch", "81.8%（9/11）"),  # j and n came back; k was never sent
        ("to_dispose", "5"),  # a b c d e
        ("disposed", "4"),
        ("disposal", "80.0%（4/5）"),
        ("timely_disposal", "60.0%（3/5）"),  # a b d
        ("late_disposal", "1"),
        ("rework", "1"),
        ("rework_rate", "20.0%（1/5）"),  # g of a b c d g
        ("deferred", "1"),
        ("deferral", "16.6%（1/6）"),
        ("returned", "2"),
        ("shirked", "1"),
        ("closing", "60.0%（3/5）"),
        ("timely_closing", "20.0%（1/5）"),
        ("relapsed", "0"),
        ("timely_filing", "—"),
        ("relapse", "—"),
    ],
)
def test_indicators_counted_by_hand(name: str, expected: str) -> None:
    """Each indicator of domain.md 3.5, SR-08 and SR-67 over fourteen issues."""
    assert expected == of(name).words


def test_what_the_project_does_not_record_is_a_dash_with_its_reason() -> None:
    """Never a nought, never a hundred: nobody wrote down when a case was filed or how many were looked at again."""
    assert ("—", "项目不记录立案的时间") == (of("timely_filing").text, of("timely_filing").note)
    assert ("—", "项目不记录回头看抽查数") == (of("relapse").text, of("relapse").note)
    assert of("relapse").value is None


def test_a_number_opens_its_rows() -> None:
    """Numerator, denominator and what is missing to the whole."""
    rows = of("on_time").rows

    assert ("a", "abcde", "bcde") == (codes(rows.numerator), codes(rows.denominator), codes(rows.rest))
    assert "e" == codes(of("overdue").rows.numerator)


def test_every_rate_counts_within_its_denominator() -> None:
    """So no rate can pass a hundred per cent; a count is its own whole."""
    moves = Moves(np.array([6], dtype=np.int32), np.array([day(1).toordinal()], dtype=np.int32), ["rework"], [""])
    for one in INDICATORS:
        for period in (ALWAYS, Period(day(1), day(3)), Period(None, day(2)), Period(day(3), day(3))):
            found = figure(one, Facts(FACTS.issues, NOW, moves), period)
            assert set(found.rows.numerator) <= set(found.rows.denominator), one.id
            assert one.is_rate == (found.denominator is not None), one.id


def test_984_of_1200_is_82_percent_and_void_rows_do_not_change_it() -> None:
    """SR-08: 1,200 rows with 984 closed are 82.0 %; ten void rows more and it is still 82.0 % of 1,200."""
    layer = FACTS.issues.layer

    def rate(void: int) -> str:
        status = ["closed"] * 984 + ["dispatched"] * 100 + ["registered"] * 116 + ["void"] * void
        issues = Features(layer, [str(at) for at in range(len(status))], {"status": status})
        return of("rectification", facts=Facts(issues, NOW)).words

    assert "82.0%（984/1200）" == rate(0)
    assert "82.0%（984/1200）" == rate(10)


def test_28_of_57_is_49_1_percent() -> None:
    """domain.md 4.6: the published bulletin, 57 dispatched and 28 fixed; cut off, as 49.12."""
    assert "49.1%" == rate_text(28, 57)


def test_79_96_fails_and_is_not_shown_as_80() -> None:
    """SR-36: the mark is compared unrounded, and what is shown is cut off; also for a rate of issues at the red line."""
    assert ("79.9", False, "80.0", True) == (score_text(79.96), passes(79.96), score_text(80.0), passes(80.0))
    issues = Features(FACTS.issues.layer, [str(at) for at in range(2500)], {"status": ["closed"] * 1999 + ["dispatched"] * 501})
    rate = of("rectification", facts=Facts(issues, NOW))
    assert ("79.9%", True) == (rate.text, rate.below(80))
    assert not of("rectification", facts=Facts(issues.take(np.arange(2500) != 2499), NOW)).below(79.99)


def test_nothing_to_count_is_a_dash() -> None:
    """A zero denominator prints —, never 0 % or 100 % (domain.md 3.5)."""
    empty = Facts(table(), NOW)

    assert {"—"} == {figure(one, empty).text for one in INDICATORS if one.is_rate}
    assert {"0"} == {figure(one, empty).text for one in INDICATORS if not one.is_rate}
    assert not of("rectification", facts=empty).below(80)


def test_a_period_counts_by_the_day_that_the_indicator_names() -> None:
    """New by the day found, ended by the day checked, the rate by the day handed over, in time by the deadline; what has no day is named."""
    days = Period(day(2), day(3))

    assert "efjk" == codes(of("new", days).rows.numerator)
    assert "bc" == codes(of("ended", days).rows.numerator)
    assert "efjkn" == codes(of("rectification", days).rows.denominator)  # n was found on the 1st but handed over on the 2nd
    assert "de" == codes(of("on_time", days).rows.denominator)
    assert "另有 1 条没有记录时间，未计入" == of("reported", days).note
    assert ("2024-06-02 至 2024-06-03", "累计", "2024-06-03") == (days.title, ALWAYS.title, Period(day(3), day(3)).title)


def test_counts_of_a_period_that_only_the_log_knows() -> None:
    """A counter has no date: without the log a period has no reworks, and says so; with it the moves of those days count."""
    days = Period(day(1), day(2))
    moves = Moves(
        np.array([6, 6, 9], dtype=np.int32),
        np.array([day(30, 5).toordinal(), day(2).toordinal(), day(1).toordinal()], dtype=np.int32),
        ["rework", "rework", "returned"],
        ["甲", "甲", "乙"],
    )
    logged = Facts(FACTS.issues, NOW, moves)

    assert ("—", "次数不带日期，修改经过未读取，分期间无法统计") == (of("rework", days).text, of("rework", days).note)
    assert ("1", "1") == (of("rework", days, logged).text, of("returned", days, logged).text)
    assert "0" == of("rework", Period(day(3), day(3)), logged).text


def test_what_cannot_be_judged_is_left_out_and_named() -> None:
    """An issue closed on no known day is neither in time nor late."""
    facts = Facts(table(issue("x", status="closed", due_at=day(1)), issue("y", status="closed", due_at=day(1), checked_at=day(1))), NOW)

    assert "100.0%（1/1）" == of("on_time", facts=facts).words
    assert "另有 1 条没有销号时间，无法判断，未计入" == of("on_time", facts=facts).note


def test_ties_share_a_place() -> None:
    """1, 2, 2, 4 (domain.md 3.5); exact shares are compared, not what is printed; what has nothing to count has no place."""
    assert [1, 2, 2, 4, None] == places([Fraction(1), Fraction(2, 4), Fraction(1, 2), Fraction(1, 3), None])
    assert [1, 2] == places([Fraction(8204, 10000), Fraction(8201, 10000)])


def test_the_composite_score_weighs_what_there_is() -> None:
    """Weights 5 and 1: (5 × 0.8 + 1 × (1 − 0.1)) ÷ 6; a rate with nothing to count leaves its weight to the others."""
    rising = {"rate": True, "rework": False}

    assert Fraction(4900, 60) == score({"rate": Fraction(8, 10), "rework": Fraction(1, 10)}, rising, {"rate": 5, "rework": 1})
    assert 80 == score({"rate": Fraction(8, 10), "rework": None}, rising, {"rate": 5, "rework": 1})
    assert score({"rate": None}, rising, {"rate": 5}) is None
    assert "81.6" == score_text(Fraction(4900, 60))


def test_the_manual_says_how_each_indicator_is_counted() -> None:
    """指标怎么算: the table of formulas is the program's own."""
    manual = (ROOT / "docs" / "manual" / "README.md").read_text(encoding="utf-8")

    assert [] == [one.id for one in INDICATORS if f"| {one.title} | {one.formula} | {one.by} | {one.source} |" not in manual]
