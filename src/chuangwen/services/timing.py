"""What the time of a project runs by: `resources/rules/holidays.toml` and `deadlines.toml`, and what the office changed in its project (decision 0008)."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from chuangwen.domain.calendar import Calendar, Limit, OwnDays, hours_text, read_hours, read_limit
from chuangwen.domain.campaign import PHASES
from chuangwen.domain.limits import CategoryLimit, LimitRules, LimitTable, Milestone, PhaseRule, Step, Timekeeper
from chuangwen.errors import DataProblem, FileProblem, UserError, nearest
from chuangwen.services.rule_files import RuleFile, read_rules
from chuangwen.text import _

if TYPE_CHECKING:
    from chuangwen.services.project import Project
    from chuangwen.store.base import Store

_PRIORITIES = ("immediate", "urgent", "normal", "hard", "long_term")
_LONGEST_REST = 31  # days: a longer holiday is a slip of the pen


def timekeeper(project: Project) -> Timekeeper:
    """Rules, calendar and campaign of a project. Raises `UserError` that names the rule file and the entry that is wrong."""
    return Timekeeper(limit_rules(project.files_folder), calendar_of(project), project.campaign)


def calendar_of(project: Project) -> Calendar:
    """The working calendar of a project: the table of holidays, changed by the office's own days and hours."""
    return holiday_table(project.files_folder).changed(own_days(project.store))


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


def holiday_table(files_folder: Path | None = None) -> Calendar:
    """The calendar of `holidays.toml`, of the project where it has one of its own. Raises `UserError` that names the holiday that is wrong."""
    return _holidays(*_version("holidays", files_folder))


def limit_rules(files_folder: Path | None = None) -> LimitRules:
    """The rules of `deadlines.toml`, of the project where it has one of its own. Raises `UserError` that names the entry that is wrong."""
    return _limits(*_version("deadlines", files_folder))


def _version(name: str, files_folder: Path | None) -> tuple[Path | None, int]:
    """The folder with the project's own rule file and when that was written, for a cache: it is read again once it was changed."""
    own = files_folder / "rules" / f"{name}.toml" if files_folder is not None else None
    return (files_folder, own.stat().st_mtime_ns) if own is not None and own.exists() else (None, 0)


@lru_cache(maxsize=4)
def _holidays(files_folder: Path | None, _changed: int) -> Calendar:
    file = read_rules("holidays", files_folder)
    found = file.table
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
            raise _wrong(file, f"holiday[{number}]", error) from error
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


@lru_cache(maxsize=4)
def _limits(files_folder: Path | None, _changed: int) -> LimitRules:
    file = read_rules("deadlines", files_folder)
    found = file.table
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
            place = f"milestone[{number}]"
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
        raise _wrong(file, place, error) from error
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


def _wrong(file: RuleFile, place: str, error: Exception) -> UserError:
    return file.wrong(place, _("缺少 {key}").format(key=error) if isinstance(error, KeyError) else str(error))
