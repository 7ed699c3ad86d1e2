"""How offices write numbers, choices and signs in cells, beyond what `Field.read` takes: 约300户, 1.2公里, 12000㎡, ✓, 已整改，已清运 (domain.md 5.8)."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from chuangwen.domain.layer import Field
from chuangwen.domain.values import Scalar, half_width
from chuangwen.errors import DataProblem
from chuangwen.exchange.office_dates import is_range, office_date, two_readings
from chuangwen.text import _

_NUMBER = re.compile(
    r"^(?:每(?P<per>[日天周月年]))?(?P<about>(?:约|近|共|大概|大约)*)(?P<number>[\d,]+(?:\.\d+)?)(?P<many>[余多]?)(?P<scale>[万千百亿]?)(?P<more>[余多]?)(?P<unit>[^\d]*?)(?P<some>左右|上下|以上|余|多)?$"
)
_SCALES = {"": 1.0, "百": 1e2, "千": 1e3, "万": 1e4, "亿": 1e8}
_SAME = {
    "㎡": "平方米",
    "m²": "平方米",
    "m2": "平方米",
    "平米": "平方米",
    "平方": "平方米",
    "平": "平方米",
    "m": "米",
    "户数": "户",
    "ha": "公顷",
    "km2": "平方公里",
    "km²": "平方公里",
}
_FACTOR = {
    ("公里", "米"): 1e3, ("千米", "米"): 1e3, ("km", "米"): 1e3, ("里", "米"): 500.0, ("厘米", "米"): 0.01, ("cm", "米"): 0.01,
    ("米", "公里"): 1e-3, ("平方公里", "平方米"): 1e6, ("平方千米", "平方米"): 1e6, ("亩", "平方米"): 2000 / 3, ("公顷", "平方米"): 1e4,
    ("平方米", "亩"): 3 / 2000, ("公顷", "亩"): 15.0,
}  # fmt: skip
_TICKS = dict.fromkeys(("✓", "✔", "☑", "🗸", "V", "v"), "√") | dict.fromkeys(("✗", "✘", "✖", "☒", "X", "x"), "×")
_CLAUSE = re.compile(r"[，,。；;：:\s（(]")
_BRACKET = re.compile(r"[（(]")
PERCENT = "%"
"""The unit of a field that holds per cent (85.6), however a list writes them."""


@dataclass(frozen=True, slots=True)
class Found:
    """What a cell means for a field. `kept`: the words say more than the value, so they go to 备注 as well; `how` says to the user how they were read."""

    value: Scalar
    kept: bool = False
    how: str = ""


def read_cell(one: Field, cell: Scalar, year: int) -> Found:
    """The value of a cell for a field that is no reference. `year` stands for a year left out. Raises `DataProblem`."""
    cell = _TICKS.get(cell.strip(), cell) if isinstance(cell, str) and one.type in ("choice", "boolean") else cell
    try:
        return Found(one.read(cell), kept=one.type == "choice" and _says_more(one, cell))
    except DataProblem:
        reader = {"date": _date, "datetime": _date, "integer": _number, "real": _number, "choice": _leading_choice, "boolean": _leading_choice}.get(one.type)
        found = reader(one, cell, year) if reader else None
        if found is None:
            raise
        return found


def fractions(cells: Sequence[Scalar]) -> tuple[list[bool], bool, bool]:
    """Which cells of a column of rates are bare numbers from 0 to 1 (n); whether these are fractions; whether that is sure (domain.md 5.8).

    All bare numbers ≤ 1: fractions. Numbers that bear a % sign say what they are; beside them a bare 0.82 is what a spreadsheet stores for 82%.
    """
    numbers = [_bare_number(cell) for cell in cells]
    small = [number is not None and 0 <= number <= 1 for number in numbers]
    bare = [number for number in numbers if number is not None]
    all_small = bool(bare) and max(bare) <= 1
    return small, all_small, all_small or not any(0 < number < 1 for number in bare)


def read_percent(cell: Scalar, *, fraction: bool) -> float | None:
    """A rate in per cent: 82% and 82 are 82, and so is 0.82 where it is a `fraction`. Raises `DataProblem`."""
    number = _bare_number(cell)
    if number is not None:
        return round(number * 100, 10) if fraction else number
    if cell is None or (isinstance(cell, str) and not cell.strip(" /-—")):
        return None
    number = _bare_number(half_width(str(cell)).strip().rstrip(PERCENT))
    if number is None:
        raise DataProblem(_("“{value}”不是百分比").format(value=cell))
    return number


def _bare_number(cell: Scalar) -> float | None:
    if isinstance(cell, bool) or cell is None:
        return None
    try:
        return float(half_width(cell).replace(",", "") if isinstance(cell, str) else str(cell))
    except ValueError:
        return None


def _date(one: Field, cell: Scalar, year: int) -> Found | None:
    if isinstance(cell, int | float) and not isinstance(cell, bool):
        days = two_readings(float(cell), year)
        if len(days) > 1:
            raise DataProblem(_("“{value}”可能是 {first}，也可能是 {second}").format(value=f"{cell:g}", first=f"{days[0]:%m-%d}", second=f"{days[1]:%m-%d}"))
        return Found(one.read(days[0])) if days else None
    day = office_date(str(cell), year)
    if day is None:
        return None
    return Found(one.read(day), kept=True, how=_("按截止日 {day:%Y-%m-%d} 读取").format(day=day)) if is_range(str(cell)) else Found(one.read(day))


def _number(one: Field, cell: Scalar, _year: int) -> Found | None:
    found = _NUMBER.match("".join(half_width(cell).split())) if isinstance(cell, str) else None
    if not found:
        return None
    scale, word = found["scale"], found["unit"].lower()
    if scale == "千" and word in ("米", "克", "瓦"):
        scale, word = "", "千" + word
    number = float(found["number"].replace(",", "")) * _SCALES[scale]
    word, wanted = _SAME.get(word, word), _SAME.get(one.unit, one.unit)
    if found["per"]:
        word = f"{word}/{found['per'].replace('天', '日')}"
    if word and word != wanted and not wanted.startswith(f"{word}/"):
        factor = _FACTOR.get((word, wanted))
        if factor is None:
            return None
        number = round(number * factor, 9)
    value = one.read(number)
    about = any(found[name] for name in ("about", "many", "more", "some"))
    return Found(value, kept=True, how=_("按 {number:g} 读取").format(number=number)) if about else Found(value)


def _says_more(one: Field, cell: Scalar) -> bool:
    """Whether a choice is followed by a bracket that is no part of its name: 已整改（6月3日）."""
    if not isinstance(cell, str) or not _BRACKET.search(cell):
        return False
    return all(half_width(cell).strip() != half_width(word) for choice in one.choices for word in (choice.title, *choice.synonyms))


def _leading_choice(one: Field, cell: Scalar, _year: int) -> Found | None:
    """已整改，已清运垃圾3车: the first clause is the choice, the rest is kept."""
    first, *rest = _CLAUSE.split(str(cell).strip(), maxsplit=1)
    if not rest:
        return None
    try:
        value = one.read(_TICKS.get(first, first))
    except DataProblem:
        return None
    return Found(value, kept=True, how=_("按“{word}”读取").format(word=first)) if value is not None and value != one.unknown else None
