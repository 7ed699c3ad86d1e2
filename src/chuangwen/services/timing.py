"""What the time of a project runs by: `resources/rules/holidays.toml` and `deadlines.toml`, and what the office changed in its project (decision 0008)."""

from __future__ import annotations

import datetime as dt
import json
import tomllib
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from chuangwen.domain.calendar import Calendar, Limit, OwnDays, hours_text, read_hours, read_limit
from chuangwen.domain.campaign import PHASES
from chuangwen.domain.limits import CategoryLimit, LimitRules, LimitTable, Milestone, PhaseRule, Step, Timekeeper
from chuangwen.errors import DataProblem, FileProblem, nearest
from chuangwen.settings import resources_folder
from chuangwen.text import _

if TYPE_CHECKING:
    from chuangwen.store.base import Store

_PRIORITIES = ("immediate", "urgent", "normal", "hard", "long_term")
_LONGEST_REST = 31  # days: a longer holiday is a slip of the pen


def timekeeper(store: Store) -> Timekeeper:
    """Rules, calendar and campaign of a project. Raises `FileProblem` that names the rule file and the entry that is wrong."""
    return Timekeeper(limit_rules(), calendar_of(store), store.campaign)


def calendar_of(store: Store) -> Calendar:
    """The working calendar of a project: the table of holidays, changed by the office's own days and hours."""
    return holiday_table().changed(own_days(store))


def own_days(store: Store) -> OwnDays:
    """What the office changed in this project. Raises `FileProblem` where the file says something that is no calendar."""
    text = store.calendar_text
    if not text:
        return OwnDays()
    try:
        found = json.loads(text)
        days = {dt.date.fromisoformat(day): bool(works) for day, works in found.get("days", {}).items()}
        return OwnDays(days, read_hours(found["hours"]) if found.get("hours") else (), int(found.get("last_year", 0)))
    except (ValueError, TypeError, AttributeError, DataProblem) as error:
        raise FileProblem(_("项目里的工作日历读不出来：{error}。").format(error=error), hint=_("请在“文件 → 工作日历”中恢复默认。")) from error


def keep_own_days(store: Store, own: OwnDays) -> None:
    """Keep them in the project."""
    if own == OwnDays():
        store.set_calendar_text("")
        return
    days = {day.isoformat(): works for day, works in sorted(own.days.items())}
    store.set_calendar_text(json.dumps({"days": days, "hours": hours_text(own.hours), "last_year": own.last_year}))


def holiday_table(folder: Path | None = None) -> Calendar:
    """The calendar of `holidays.toml`. Raises `FileProblem` that names the holiday that is wrong."""
    return _holidays(folder or resources_folder() / "rules")


def limit_rules(folder: Path | None = None) -> LimitRules:
    """The rules of `deadlines.toml`. Raises `FileProblem` that names the entry that is wrong."""
    return _limits(folder or resources_folder() / "rules")


@cache
def _holidays(folder: Path) -> Calendar:
    path = folder / "holidays.toml"
    found = _toml(path)
    days: dict[dt.date, bool] = {}
    names: dict[dt.date, str] = {}
    for number, entry in enumerate(found.get("holiday", []), 1):
        try:
            name, first, last = str(entry["name"]), _day(entry["first"]), _day(entry["last"])
            rest = _days_between(first, last)
            work = [_day(day) for day in entry.get("work", [])]
            _apart(work, [*rest, *(day for day, works in days.items() if not works)])
            days |= dict.fromkeys(rest, False) | dict.fromkeys(work, True)
            names |= dict.fromkeys(rest, name) | dict.fromkeys(work, _("{name}调休上班").format(name=name))
        except (KeyError, TypeError, ValueError) as error:
            raise _wrong(path, _("第 {number} 个 [[holiday]]").format(number=number), error) from error
    return Calendar(days, names=names, last_year=int(found.get("last_year") or max((day.year for day in days), default=0)))


def _days_between(first: dt.date, last: dt.date) -> list[dt.date]:
    if not dt.timedelta() <= last - first < dt.timedelta(days=_LONGEST_REST):
        raise ValueError(_("{first} 到 {last} 不是一段假期").format(first=first, last=last))
    return [first + dt.timedelta(days=after) for after in range((last - first).days + 1)]


def _apart(work: Sequence[dt.date], rest: Sequence[dt.date]) -> None:
    both = set(work) & set(rest)
    if both:
        raise ValueError(_("{day} 又放假又上班").format(day=min(both)))


def _day(value: object) -> dt.date:
    if isinstance(value, dt.date) and not isinstance(value, dt.datetime):
        return value
    raise ValueError(_("“{value}”应写成 2024-10-01 的样子，不加引号").format(value=value))


@cache
def _limits(folder: Path) -> LimitRules:
    path = folder / "deadlines.toml"
    found = _toml(path)
    place = ""
    try:
        place = "priority"
        priority = _by_priority(found["priority"])
        place = "hasten"
        hasten = tuple(_known(word, _PRIORITIES) for word in found.get("hasten", ()))
        place = "cap"
        cap = found.get("cap", {})
        cap_days, cap_time = int(cap.get("days_before_arrival", 1)), dt.time.fromisoformat(cap.get("time", "18:00"))
        milestones = []
        for number, entry in enumerate(found.get("milestone", []), 1):
            place = f"milestone {number}"
            milestones.append(Milestone(entry["title"], float(entry.get("share", 0)), read_limit(entry["before"]).span if "before" in entry else None))
        phases = {}
        for name, entry in found.get("phase", {}).items():
            place = f"phase.{name}"
            rule = PhaseRule(bool(entry.get("by_the_wall")), int(entry.get("visits_per_day", 0)), _by_priority(entry.get("priority", {})))
            phases[_known(name, tuple(PHASES))] = rule
        tables = []
        for number, entry in enumerate(found.get("table", []), 1):
            place = f"table {entry.get('id', number)}"
            tables.append(LimitTable(entry["id"], entry["title"], tuple(_category(one) for one in entry.get("limit", []))))
    except (KeyError, TypeError, ValueError, AttributeError, DataProblem) as error:
        raise _wrong(path, f"[{place}]", error) from error
    return LimitRules(priority, hasten, cap_days, cap_time, tuple(milestones), phases, tuple(tables))


def _by_priority(entries: Mapping[str, str]) -> dict[str, Limit | None]:
    return {_known(name, _PRIORITIES): read_limit(text) if text else None for name, text in entries.items()}


def _category(entry: Mapping[str, Any]) -> CategoryLimit:
    steps = tuple(Step(step["title"], read_limit(step["limit"])) for step in entry.get("steps", ()))
    at_most = read_limit(entry["at_most"]) if "at_most" in entry else None
    return CategoryLimit(entry["category"], read_limit(entry["limit"]), tuple(entry.get("words", ())), steps, at_most)


def _known(word: str, known: tuple[str, ...]) -> str:
    if word not in known:
        close = nearest(word, known)
        raise ValueError(_("不认识“{word}”").format(word=word) + (_("，是不是“{close}”？").format(close=close) if close else ""))
    return word


def _toml(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise FileProblem(_("无法读取规则文件 {file}。").format(file=path.name), hint=_("请重新安装程序。")) from error
    except ValueError as error:
        raise _wrong(path, _("文件"), error) from error


def _wrong(path: Path, place: str, error: Exception) -> FileProblem:
    what = _("缺少 {key}").format(key=error) if isinstance(error, KeyError) else str(error)
    return FileProblem(
        _("规则文件 {file} 的 {place} 有错：{what}。").format(file=path.name, place=place, what=what), hint=_("请改正它：{path}").format(path=path)
    )
