"""What a field can hold, how it is written as text, and how text is read back."""

from __future__ import annotations

import datetime as dt
import math
import re
from decimal import Decimal
from typing import TYPE_CHECKING, TypeAlias

from chuangwen.errors import DataProblem
from chuangwen.text import _

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from shapely.geometry.base import BaseGeometry

Scalar: TypeAlias = str | int | float | bool | dt.date | dt.datetime | None
"""One field of one feature. `dt.datetime` values are naive local time: China has one time zone (UTC+8)."""

Value: TypeAlias = "Scalar | BaseGeometry"
Values: TypeAlias = "Mapping[str, Value]"
"""Field name to value. The key `geometry` holds a shapely geometry in the project's CRS, or None."""

GEOMETRY = "geometry"
LIST_MARK = "、"
"""Separates the names of a field of type `refs`."""

_YES = {"1", "是", "有", "√", "✓", "y", "yes", "true", "t", "已", "已设", "已签"}
_NO = {"0", "否", "无", "×", "✗", "n", "no", "false", "f", "未", "没有", "未设", "未签"}
_EMPTY = {"", "/", "—", "-", "--", "——", "无数据", "null", "none", "nan"}
_FULL_WIDTH = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {0x3000: 0x20}
_DATE = re.compile(r"^(\d{4}|\d{2})[年./\-](\d{1,2})[月./\-](\d{1,2})日?(?:[ T]*(\d{1,2})[:时](\d{1,2})(?:分|:(\d{1,2})(?:\.\d+)?)?)?$")
_COMPACT_DATE = re.compile(r"^(20\d{2}|19\d{2})(\d{2})(\d{2})$")


def half_width(text: str) -> str:
    """`text` with full-width ASCII and the ideographic space made half-width: for matching and numbers only."""
    return text.translate(_FULL_WIDTH)


def is_empty(text: str) -> bool:
    """Whether a cell's text means nothing: blank, a slash, a dash."""
    return half_width(text).strip().lower() in _EMPTY


def plain(value: Scalar, *, date_only: bool = False) -> str:
    """How `value` is written on screen, on paper and in office files. None is the empty text."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return _("是") if value else _("否")
    if isinstance(value, dt.datetime):
        return f"{value:%Y-%m-%d}" if date_only else f"{value:%Y-%m-%d %H:%M}"
    if isinstance(value, dt.date):
        return f"{value:%Y-%m-%d}"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) <= 1e15 else f"{value:.10g}"
    return str(value)


def counted(value: object) -> int:
    """A counter's value: 0 where it is empty."""
    return value if isinstance(value, int) else 0


def parse(text: str | Scalar, kind: str) -> Scalar:
    """Read a cell for a field of type `kind` (text, integer, real, boolean, date, datetime).

    Blank cells are None. Raises `DataProblem` with a sentence where the cell cannot be read: never guesses.
    """
    if text is None or (isinstance(text, float) and math.isnan(text)):
        return None
    if kind == "text":
        return _text(text)
    if isinstance(text, str):
        text = text.strip()
        if is_empty(text):
            return None
    readers: dict[str, Callable[[str | Scalar], Scalar]] = {"integer": _integer, "real": _real, "boolean": _boolean, "date": _date, "datetime": _datetime}
    return readers[kind](text)


def _text(value: str | Scalar) -> str | None:
    if isinstance(value, float) and value.is_integer():  # a telephone or code that a spreadsheet made a number
        return str(int(value)) if abs(value) < 1e15 else f"{Decimal(repr(value)):f}".partition(".")[0]  # the digits it kept, then noughts
    text = value if isinstance(value, str) else plain(value)
    return text.replace("\r\n", "\n").replace("\r", "\n").strip() or None


def _number(value: str | Scalar) -> float:
    if isinstance(value, bool | int | float):
        return float(value)
    try:
        return float(half_width(str(value)).replace(",", "").strip())
    except ValueError:
        raise DataProblem(_("“{value}”不是数字").format(value=value)) from None


def _real(value: str | Scalar) -> float:
    number = _number(value)
    if not math.isfinite(number):
        raise DataProblem(_("“{value}”不是数字").format(value=value))
    return number


def _integer(value: str | Scalar) -> int:
    if isinstance(value, int):
        return int(value)
    number = _real(value)
    if number != int(number):
        raise DataProblem(_("“{value}”不是整数").format(value=value))
    return int(number)


def _boolean(value: str | Scalar) -> bool:
    if isinstance(value, bool):
        return value
    word = half_width(plain(value)).strip().lower()
    if word in _YES:
        return True
    if word in _NO:
        return False
    raise DataProblem(_("“{value}”应为 是 或 否").format(value=value))


def _date(value: str | Scalar) -> dt.date:
    moment = _datetime(value)
    return moment.date() if isinstance(moment, dt.datetime) else moment


def _datetime(value: str | Scalar) -> dt.datetime:
    if isinstance(value, dt.datetime):
        return value.replace(tzinfo=None)
    if isinstance(value, dt.date):
        return dt.datetime(value.year, value.month, value.day)
    if isinstance(value, int | float) and not isinstance(value, bool) and 20000 <= value <= 80000:
        return dt.datetime(1899, 12, 30) + dt.timedelta(days=float(value))  # Excel serial; facts.md 16
    text = half_width(str(value)).strip()
    found = _DATE.match(text) or _COMPACT_DATE.match(text)
    if not found:
        raise DataProblem(_("“{value}”不是能确定的日期，请写成 2024-06-03 的样子").format(value=value))
    year, month, day, hour, minute, second = (int(part or 0) for part in (*found.groups(), None, None, None)[:6])
    try:
        return dt.datetime(year + 2000 if year < 100 else year, month, day, hour, minute, second)
    except ValueError:
        raise DataProblem(_("“{value}”不是存在的日期").format(value=value)) from None
