"""Reading the cells of office files: what is certain is read, what is not is refused with a sentence."""

from __future__ import annotations

import datetime as dt

import pytest

from chuangwen.domain.values import half_width, parse, plain
from chuangwen.errors import DataProblem

DAY = dt.date(2024, 6, 3)


@pytest.mark.parametrize("cell", ["2024.6.3", "2024-06-03", "2024/6/3", "20240603", "2024年6月3日", "24.6.3", "２０２４－０６－０３", 45446, 45446.604, DAY])
def test_the_usual_spellings_of_a_day_are_one_day(cell: object) -> None:
    """domain.md 5.8, 'dates'; 45446 is Excel's serial of 2024-06-03 (facts.md 16)."""
    assert parse(cell, "date") == DAY  # type: ignore[arg-type]


@pytest.mark.parametrize("cell", [6.1, "6.10", "6月3日", "近期", "2024-13-01", 12])
def test_a_date_that_cannot_be_certain_is_refused(cell: object) -> None:
    """A float 6.1 is 1 June or 10 June: never guessed."""
    with pytest.raises(DataProblem):
        parse(cell, "date")  # type: ignore[arg-type]


def test_telephones_and_codes_that_became_numbers_are_text_again() -> None:
    """A spreadsheet makes 13800000000 a float; the planner sees the eleven digits."""
    assert parse(13800000000.0, "text") == "13800000000"
    assert parse("  第3网格 ", "text") == "第3网格"


@pytest.mark.parametrize(("cell", "wanted"), [("有", True), ("√", True), ("是", True), ("无", False), ("否", False), ("×", False), ("/", None), ("—", None)])
def test_yes_no_marks(cell: str, wanted: bool | None) -> None:
    """√ and × as offices write them; a slash or a dash says 'not applicable'."""
    assert parse(cell, "boolean") is wanted


def test_numbers_with_full_width_digits_and_separators() -> None:
    """`１，２００` is 1200; words are refused."""
    assert parse("１，２００", "integer") == 1200
    assert parse("1.5", "real") == 1.5
    with pytest.raises(DataProblem, match="不是整数"):
        parse("1.5", "integer")
    with pytest.raises(DataProblem, match="不是数字"):
        parse("约300户", "real")
    with pytest.raises(DataProblem):
        parse("inf", "real")


def test_plain_text_of_values() -> None:
    """How values are written on screen and paper."""
    assert [plain(value) for value in (None, True, 3.0, 3.25, DAY, dt.datetime(2024, 6, 3, 8, 5), "网格")] == [
        "",
        "是",
        "3",
        "3.25",
        "2024-06-03",
        "2024-06-03 08:05",
        "网格",
    ]
    assert half_width("（Ａ－１７）　") == "(A-17) "
