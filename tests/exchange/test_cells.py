"""Dates and numbers as offices write them; what is ambiguous is not guessed."""

from __future__ import annotations

import datetime as dt

import pytest

from chuangwen.domain.layer import Field
from chuangwen.errors import DataProblem
from chuangwen.exchange.cells import read_cell

DATE = Field("due_at", "date", "整改时限")
DAY = dt.date(2024, 6, 3)


@pytest.mark.parametrize(
    "cell",
    [
        "2024.6.3",
        "2024-06-03",
        "2024/6/3",
        "20240603",
        "2024年6月3日",
        "6月3日",
        "6.3",
        "06-03",
        "24.6.3",
        "6月3日上午",
        45446,
        45446.604,
        DAY,
        "6月3日前",
        "6月3日之前完成",
        "2024.5.3-2024.6.3",
        "5月28日至6月3日",
    ],
)
def test_one_day_in_many_spellings(cell) -> None:
    """domain.md 5.8; the year of the campaign stands in."""
    assert DAY == read_cell(DATE, cell, 2024).value


@pytest.mark.parametrize(("cell", "day"), [("6月底前", 30), ("6月上旬", 10), ("6月中旬", 20), ("6月下旬", 30), ("2月底", 29)])
def test_parts_of_a_month(cell: str, day: int) -> None:
    """Last day, tenth, twentieth."""
    found = read_cell(DATE, cell, 2024).value

    assert isinstance(found, dt.date)
    assert day == found.day


@pytest.mark.parametrize("cell", [6.1, 6.3, "立行立改", "6月31日", "2024年13月1日", "尽快", "1.2.3.4"])
def test_what_is_no_sure_date_is_refused(cell) -> None:
    """A float 6.1 is 6月1日 or 6月10日."""
    with pytest.raises(DataProblem):
        read_cell(DATE, cell, 2024)


@pytest.mark.parametrize(
    ("cell", "unit", "number"),
    [
        ("1.2公里", "米", 1200),
        ("1.2km", "米", 1200),
        ("约1200米", "米", 1200),
        ("1,200", "米", 1200),
        ("２３", "户", 23),
        ("约300户", "户", 300),
        ("1.5万", "人", 15000),
        ("2亩", "平方米", 4000 / 3),
    ],
)
def test_numbers_with_units(cell: str, unit: str, number: float) -> None:
    """Converted to the field's unit."""
    assert read_cell(Field("n", "real", "数", unit=unit), cell, 2024).value == pytest.approx(number)


@pytest.mark.parametrize(("cell", "unit"), [("三百户", "户"), ("300亩", "户"), ("很多", "户")])
def test_other_words_are_no_numbers(cell: str, unit: str) -> None:
    """A foreign unit is not dropped."""
    with pytest.raises(DataProblem):
        read_cell(Field("n", "integer", "数", unit=unit), cell, 2024)
