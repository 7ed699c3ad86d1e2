"""How offices write dates and numbers in cells, beyond what `Field.read` takes: 6月5日前, 6月底, 约300户, 1.2公里 (domain.md 5.8)."""

from __future__ import annotations

import calendar
import datetime as dt
import re

from chuangwen.domain.layer import Field
from chuangwen.domain.values import Scalar, half_width
from chuangwen.errors import DataProblem

_DAY = re.compile(r"^(?:(?P<year>\d{4})年)?(?P<month>\d{1,2})月(?P<day>\d{1,2})[日号]?(?:[上下中]午|晚上?|早上?)?$")
_PART = re.compile(r"^(?:(?P<year>\d{4})年)?(?P<month>\d{1,2})月(?P<part>上旬|中旬|下旬|底|末|初)$")
_SHORT = re.compile(r"^(?P<month>\d{1,2})[./\-](?P<day>\d{1,2})$")
_RANGE = re.compile(r"^.*\d[日号]?(?:至|到|~|—+|-(?=\d{4}[.年/])|(?<=[日号])-)(?P<last>\d.*)$")
_TAIL = re.compile(r"(?:之?以?前|完成|截止|止|内)+$")
_NUMBER = re.compile(r"^[约近共]?\s*(?P<number>[\d,]+(?:\.\d+)?)\s*(?P<thousand>[万千]?)\s*(?P<unit>[^\d\s]*)\s*(?:左右|余|多)?$")
_FACTOR = {("公里", "米"): 1000.0, ("千米", "米"): 1000.0, ("km", "米"): 1000.0, ("m", "米"): 1.0, ("平方公里", "平方米"): 1e6, ("亩", "平方米"): 2000 / 3}
_DATE = Field("date", "date", "")


def read_cell(one: Field, cell: Scalar, year: int) -> Scalar:
    """The value of a cell for a field that is no reference. `year` stands for a year left out. Raises `DataProblem`."""
    try:
        return one.read(cell)
    except DataProblem:
        found = _office_date(cell, year) if one.type in ("date", "datetime") else _office_number(cell, one) if one.type in ("integer", "real") else None
        if found is None:
            raise
        return one.read(found)


def _office_date(cell: Scalar, year: int) -> dt.date | None:
    if not isinstance(cell, str):
        return None  # 6.1 typed as a number is 6月1日 or 6月10日: nobody knows
    text = _TAIL.sub("", half_width(cell).replace(" ", ""))
    if span := _RANGE.match(text):
        last = read_cell(_DATE, span["last"], year)
        return last if isinstance(last, dt.date) else None
    try:
        if found := _DAY.match(text) or _SHORT.match(text):
            parts = found.groupdict()
            return dt.date(int(parts.get("year") or year), int(parts["month"]), int(parts["day"]))
        if found := _PART.match(text):
            in_year, month = int(found["year"] or year), int(found["month"])
            last_day = calendar.monthrange(in_year, month)[1]
            return dt.date(in_year, month, {"初": 5, "上旬": 10, "中旬": 20}.get(found["part"], last_day))
    except (ValueError, calendar.IllegalMonthError):
        return None
    return None


def _office_number(cell: Scalar, one: Field) -> float | None:
    if not isinstance(cell, str):
        return None
    found = _NUMBER.match(half_width(cell).strip())
    if not found:
        return None
    number = float(found["number"].replace(",", "")) * {"万": 1e4, "千": 1e3, "": 1.0}[found["thousand"]]
    word = (found["thousand"] + found["unit"]).lower() if found["thousand"] == "千" and found["unit"] == "米" else found["unit"].lower()
    if word == "千米":
        number /= 1e3
    for tail in ("左右", "余", "多"):
        word = word.removesuffix(tail)
    if not word or word == one.unit:
        return number
    factor = _FACTOR.get((word, one.unit))
    return number * factor if factor else None
