"""Deadlines counted the slow way, minute by minute, from literal lists of days off: the oracle for data/deadlines.tsv, sharing nothing with the program."""

from __future__ import annotations

import datetime as dt

OFF = {"2024": ["10-01", "10-02", "10-03", "10-04", "10-05", "10-06", "10-07"], "2025": [f"10-0{day}" for day in range(1, 9)]}
WORKED = {"2024-09-29", "2024-10-12", "2025-09-28", "2025-10-11"}


def works(day: dt.date) -> bool:
    """Whether the office works: the published lists of autumn 2024 and 2025 (国庆, 中秋), else Monday to Friday."""
    if str(day) in WORKED:
        return True
    return day.weekday() < 5 and f"{day:%m-%d}" not in OFF[f"{day:%Y}"]


def counts(moment: dt.datetime) -> bool:
    """Whether the minute that begins at a moment is office time."""
    minute = moment.hour * 60 + moment.minute
    return works(moment.date()) and (510 <= minute < 720 or 870 <= minute < 1050)


def due(start: dt.datetime, amount: float, unit: str) -> tuple[dt.datetime, str]:
    """When a limit runs out, and what was counted on which day."""
    if unit in ("紧急工作时", "小时", "天"):
        minutes = round(amount * 60 * (24 if unit == "天" else 1))
        return start + dt.timedelta(minutes=minutes), f"{minutes} min by the wall"
    counted: dict[str, int] = {}
    if unit == "工作日":
        day = start.date()
        while sum(counted.values()) < amount:
            day += dt.timedelta(days=1)
            if works(day):
                counted[f"{day:%m-%d}"] = 1
        return dt.datetime(day.year, day.month, day.day, 17, 30), "days " + " ".join(counted)
    moment, left = start, round(amount * 60)
    while left:
        if counts(moment):
            counted[f"{moment:%m-%d}"] = counted.get(f"{moment:%m-%d}", 0) + 1
            left -= 1
        moment += dt.timedelta(minutes=1)
    return moment, " + ".join(f"{day} {minutes} min" for day, minutes in counted.items())
