"""Dates and deadlines as offices write them, beyond what `Field.read` takes: 6月5日前, 6月底, 一周内, 迎检前, 长期坚持 (domain.md 5.8, 4.4)."""

from __future__ import annotations

import calendar
import datetime as dt
import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from chuangwen.domain.calendar import Calendar
from chuangwen.domain.values import Scalar, half_width, parse
from chuangwen.errors import DataProblem

_CLOCK = r"(?:[上下中]午|晚上?|早上?)?(?:\d{1,2}[:时点](?:\d{1,2}分?|半)?)?(?:下班)?"
_HOUR = re.compile(r"(?P<half>[上下中]午|晚上?|早上?)?(?P<hour>\d{1,2})[:时点](?:(?P<minute>\d{1,2})分?|(?P<past>半))?$|(?P<part>下班|[上下中]午)$")
_DAY = re.compile(rf"^(?:(?P<year>\d{{4}})年)?(?P<month>\d{{1,2}})月(?P<day>\d{{1,2}})[日号]?{_CLOCK}$")
_PART = re.compile(r"^(?:(?P<year>\d{4})年)?(?P<month>\d{1,2})月份?(?P<part>上旬|中旬|下旬|底|末|初|内)内?$")
_SHORT = re.compile(r"^(?P<month>\d{1,2})[./\-](?P<day>\d{1,2})$")
_RANGE = re.compile(r"^(?P<first>.*\d[日号]?)(?:至|到|~|—+|-(?=\d{4}[.年/])|(?<=[日号])-|(?<=\.\d)-(?=\d{1,2}\.)|(?<=\.\d\d)-(?=\d{1,2}\.))(?P<last>\d.*)$")
_BARE_DAY = re.compile(r"^(?P<day>\d{1,2})[日号]$")
_TAIL = re.compile(r"(?:之?以?前|整改|完成|到位|截止|为止|止)+$")
_HEAD = re.compile(r"^(?:请?于|限于?|在|截至|截止|务必|必须)+")
_ASIDE = re.compile(r"[(（](?:周|星期|礼拜)[一二三四五六日天][)）]|(?:周|星期|礼拜)[一二三四五六日天]$")
_ENDS = {"初": 5, "上旬": 10, "中旬": 20}

_DIGITS = {sign: value for value, sign in enumerate("〇一二三四五六七八九")} | {"零": 0, "○": 0, "两": 2}
_IN_WORDS = re.compile(r"[〇零○一二三四五六七八九十两]+(?=年|月|日|号|天|周|个|小时|工作日|工作时|工作小时|紧急工作时|分钟|星期|点|时)")

_AT_ONCE = re.compile(r"^(?:立[行整知即]?立?改|立即|马上|即[知查]即改|边[查督]边改|现场整改|立说立行)")
_SAME_DAY = re.compile(r"^(?:当天|当日|今天|今日|今晚|即日)")
_NEXT = {"明天": 1, "明日": 1, "次日": 1, "后天": 2}
_ALWAYS = re.compile(r"^(?:长期|持续|常态|长效|永久)")
_BEFORE_ARRIVAL = re.compile(r"^(?:迎检|进驻|测评|国检|国测|实地考察|检查组|测评组|创文测评|创检)[^\d]{0,6}前")
_WITHIN = re.compile(r"^(?P<count>\d{1,3}|半)(?P<unit>个?工作日|个?紧急工作时|个?工作小?时|个?小时|分钟|日(?=[之以]?内)|天|个?周|个?星期|个月)(?:[之以]?内)?$")
_WEEKDAY = re.compile(r"^(?P<which>本周|这周|下周|周|星期|下星期)(?P<day>[一二三四五六日天])$")
_LISTED = re.compile(r"时间|日期")
_DAYS = "一二三四五六日"
_HOURS = 24
_LAST_MONTH = 12
_NOON, _LUNCH = 12, 3
_MINUTES = 60
_CLOCK_OF = {"小时": "hour", "分钟": "hour", "工作时": "work_hour", "工作小时": "work_hour", "紧急工作时": "urgent_hour"}

DISPATCHED = frozenset({"交办时间", "交办日期", "下发时间", "下发日期", "派发时间", "派发日期", "转办时间", "转办日期"})
"""Folded headers of the day that deadlines in words are counted from, where a list gives it."""


@dataclass(frozen=True, slots=True)
class When:
    """What dates in cells are read against: `year` stands for a year left out, `today` is the day of the import, `arrival` the 进驻日, `listed` the day
    that the list itself bears (填报时间), `calendar` the working calendar that 工作日 and 下班 go by."""

    year: int
    today: dt.date
    arrival: dt.date | None = None
    listed: dt.date | None = None
    calendar: Calendar = field(default_factory=Calendar)


@dataclass(frozen=True, slots=True)
class Deadline:
    """What a deadline in words means: a last day and perhaps the time on it, a priority (domain.md 4.4), or both. `counted`: the day follows from another one,
    not from the words.
    """

    day: dt.date | None
    priority: str = ""
    counted: bool = True
    time: dt.time | None = None


def office_date(text: str, year: int) -> dt.date | None:
    """The day that a text names by itself; of a range the end, of a part of a month its last day (上旬 the 10th). None: it names none."""
    text = _plain(text)
    if span := _RANGE.match(text):
        return _end(span["first"], _TAIL.sub("", span["last"]), year)
    text = _TAIL.sub("", text) or text
    try:
        if found := _DAY.match(text) or _SHORT.match(text):
            parts = found.groupdict()
            return dt.date(int(parts.get("year") or year), int(parts["month"]), int(parts["day"]))
        if found := _PART.match(text):
            return _part(int(found["year"] or year), int(found["month"]), found["part"])
        return _parsed(text)
    except ValueError:
        return None


def is_range(text: str) -> bool:
    """Whether a text names a first and a last day."""
    return _RANGE.match(_plain(text)) is not None


def two_readings(value: float, year: int) -> tuple[dt.date, ...]:
    """What a number in a date column can mean: 6.1 is 6月1日 or, where a spreadsheet dropped the nought, 6月10日; 6.15 and 6.4 are one day (facts.md 16)."""
    month, _point, day = f"{value:.10g}".partition(".")
    if not day or len(day) > 2 or not month.isdigit():
        return ()
    return tuple(found for text in ([day, day + "0"] if len(day) == 1 else [day]) if (found := _date(year, int(month), int(text))) is not None)


def deadline(text: str, when: When, start: dt.date) -> Deadline | None:
    """What a deadline in words means, counted from `start`, when the issue was dispatched or found. None: nothing that can be known (尽快).

    Where `start` is a moment, hours (2小时内, 4个工作时) give a time of day; from a day alone they give a day. Working days and hours go by `when.calendar`.
    """
    hour = _time_of(text, when.calendar)
    named = office_date(text, when.year)
    if named is not None:
        return Deadline(named, counted=False, time=hour)
    moment = start if isinstance(start, dt.datetime) else None
    start = moment.date() if moment is not None else start
    text = _HEAD.sub("", _plain(text))
    if _AT_ONCE.match(text):
        return Deadline(start, "immediate")
    if _ALWAYS.match(text):
        return Deadline(None, "long_term")
    if _BEFORE_ARRIVAL.match(text):
        return Deadline(when.arrival - dt.timedelta(days=1)) if when.arrival else None
    if _SAME_DAY.match(text):
        return Deadline(start, time=hour)
    bare = _TAIL.sub("", text)
    if moment is not None and (after := _hours_after(bare, moment, when.calendar)) is not None:
        return Deadline(after.date(), time=after.time())
    without = _HOUR.sub("", bare) if hour is not None else bare
    day = _counted(without, start, when.calendar, dated="前" in text) if without else start
    return Deadline(day, time=hour) if day else None


def _time_of(text: str, office: Calendar) -> dt.time | None:
    """The time of day that a deadline ends with: 下班前, 18:00前, 下午5点半. None: it names none, or the end of the day."""
    found = _HOUR.search(_TAIL.sub("", _plain(text)))
    if found is None:
        return None
    if found["part"]:
        return office.closing if found["part"] in ("下班", "下午") else dt.time(12)
    hour, minute = int(found["hour"]), 30 if found["past"] else int(found["minute"] or 0)
    if (hour < _NOON and (found["half"] or "")[:1] in ("下", "晚")) or (hour <= _LUNCH and found["half"] == "中午"):
        hour += _NOON
    return dt.time(hour, minute) if hour < _HOURS and minute < _MINUTES else None


def _hours_after(text: str, moment: dt.datetime, office: Calendar) -> dt.datetime | None:
    """When a limit in hours or minutes runs out; None for any other."""
    found = _WITHIN.match(text)
    unit = found["unit"].removeprefix("个") if found else ""
    if found is None or unit not in _CLOCK_OF:
        return None
    amount = 0.5 if found["count"] == "半" else float(found["count"])
    return office.add(moment.replace(second=0, microsecond=0), amount / _MINUTES if unit == "分钟" else amount, _CLOCK_OF[unit])


def listed_on(meta: Mapping[str, str], year: int) -> dt.date | None:
    """The day that a list bears above its header (填报时间：2024年6月3日)."""
    return next((day for title, text in meta.items() if _LISTED.search(title) and (day := office_date(text, year))), None)


def _counted(text: str, start: dt.date, office: Calendar, *, dated: bool) -> dt.date | None:
    if text in _NEXT:
        return start + dt.timedelta(days=_NEXT[text])
    if found := _WITHIN.match(text):
        return _within(found["count"], found["unit"].removeprefix("个"), start, office)
    if found := _WEEKDAY.match(text):
        monday = start - dt.timedelta(days=start.weekday())
        day = monday + dt.timedelta(days=_DAYS.index(found["day"].replace("天", "日")) + (7 if found["which"].startswith("下") else 0))
        return day + dt.timedelta(days=7) if day < start and found["which"] in ("周", "星期") else day
    if text in ("本周", "本周内", "本周末", "周末", "这周"):
        return start + dt.timedelta(days=6 - start.weekday())
    if text in ("月底", "月内", "本月", "本月内", "本月底", "月末", "本月末", "当月", "当月内", "当月底"):
        return _part(start.year, start.month, "底")
    if text in ("下月底", "下个月底", "下月末"):
        return _part(start.year + start.month // _LAST_MONTH, start.month % _LAST_MONTH + 1, "底")
    if text in ("年底", "年末", "本年底", "今年底", "年内"):
        return dt.date(start.year, 12, 31)
    if dated and (found := _BARE_DAY.match(text)):
        day_of_month = int(found["day"])
        later = day_of_month < start.day
        return _date(start.year + (later and start.month == _LAST_MONTH), start.month % _LAST_MONTH + 1 if later else start.month, day_of_month)
    return None


def _within(count: str, unit: str, start: dt.date, office: Calendar) -> dt.date | None:
    if count == "半":
        return start + dt.timedelta(days=15) if unit == "月" else start
    number = int(count)
    if unit in ("工作日", "工作时", "工作小时"):  # of a day alone nobody knows when it began: counted from when the office closed
        return office.add(dt.datetime.combine(start, office.closing), number, "work_day" if unit == "工作日" else "work_hour").date()
    if unit == "分钟":
        return start
    if unit == "月":
        year, month = divmod(start.year * 12 + start.month - 1 + number, 12)
        return dt.date(year, month + 1, min(start.day, calendar.monthrange(year, month + 1)[1]))
    days = {"小时": -(-number // _HOURS), "紧急工作时": -(-number // _HOURS), "周": number * 7, "星期": number * 7}.get(unit, number)
    return start + dt.timedelta(days=days)


def _end(first: str, last: str, year: int) -> dt.date | None:
    """The last day of a range; month and year of the first day hold for what the last one leaves out (6月3日-10日)."""
    began = office_date(first, year)
    if (bare := _BARE_DAY.match(last)) or (last.isdigit() and len(last) <= 2):
        return _date(began.year, began.month, int(bare["day"] if bare else last)) if began else None
    return office_date(last, began.year if began else year)


def _part(year: int, month: int, part: str) -> dt.date | None:
    last = _date(year, month, 1)
    return last.replace(day=_ENDS.get(part, calendar.monthrange(year, month)[1])) if last else None


def _date(year: int, month: int, day: int) -> dt.date | None:
    try:
        return dt.date(year, month, day)
    except ValueError:
        return None


def _parsed(text: str) -> dt.date | None:
    try:
        found: Scalar = parse(text, "date")
    except DataProblem:
        return None
    return found if isinstance(found, dt.date) else None


def _plain(text: str) -> str:
    """Half-width, no blanks, no day of the week, numerals as digits: 六月十五日（周六） → 6月15日."""
    text = "".join(half_width(text).split()).strip("。.;,，、")
    text = _ASIDE.sub("", text) if not _WEEKDAY.match(_TAIL.sub("", text)) else text
    return _IN_WORDS.sub(lambda found: _digits(found[0]), text)


def _digits(numerals: str) -> str:
    """二〇二四 → 2024, 十五 → 15, 二十 → 20."""
    if "十" not in numerals:
        return "".join(str(_DIGITS[sign]) for sign in numerals)
    tens, _ten, ones = numerals.partition("十")
    return str((_DIGITS.get(tens, 1)) * 10 + _DIGITS.get(ones, 0))
