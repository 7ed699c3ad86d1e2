"""A deadline that somebody types: a day, a day with a time, or words (3个工作日内, 今日下班前, 立行立改), checked before it is written (SR-10)."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from chuangwen.domain import edits
from chuangwen.domain.change import Edit
from chuangwen.domain.feature import Feature
from chuangwen.domain.layer import Layer
from chuangwen.domain.limits import Timekeeper
from chuangwen.domain.values import Scalar, half_width, is_empty
from chuangwen.errors import DataProblem
from chuangwen.services.timing import timekeeper
from chuangwen.text import _

if TYPE_CHECKING:
    from chuangwen.services.project import Project

FIELDS = frozenset({"due_at", "due_time", "late_reason"})
"""Fields of an issue whose change is checked."""

IN_WORDS = frozenset({"due_at", "due_time"})
"""Fields that `read_times` reads."""

_HH_MM = re.compile(r"^(\d{1,2}):(\d{2})$")
_LAST_HOUR, _LAST_MINUTE = 23, 59


def read_due(text: str, values: Mapping[str, Scalar], keeper: Timekeeper) -> dict[str, Scalar]:
    """The fields that a deadline in words sets, counted from the dispatch of the issue, else from now. Raises `DataProblem` for what cannot be known (尽快)."""
    from chuangwen.exchange.office_dates import When, deadline

    if is_empty(text):
        return {"due_at": None, "due_time": None}
    campaign = keeper.campaign
    dispatched = values.get("dispatched_at")
    start = dispatched if isinstance(dispatched, dt.datetime) else campaign.now
    year = (campaign.arrival or campaign.today).year
    found = deadline(text, When(year, campaign.today, campaign.arrival, calendar=keeper.calendar), start)
    if found is None:
        raise DataProblem(_("看不懂时限“{text}”，请写成 2024-06-05、6月5日18:00前、3个工作日内、4个工作时、今日下班前 的样子").format(text=text))
    if found.priority == "immediate":
        return {**keeper.due({**values, "priority": found.priority}, start).values(), "priority": found.priority}
    due: dict[str, Scalar] = {"due_at": found.day, "due_time": f"{found.time:%H:%M}" if found.time is not None else None}
    return due | ({"priority": found.priority} if found.priority else {})


def read_time(text: str) -> str | None:
    """18:00 of 18：00; None for nothing. Raises `DataProblem`."""
    if is_empty(text):
        return None
    found = _HH_MM.match("".join(half_width(text).split()))
    if found is None or int(found[1]) > _LAST_HOUR or int(found[2]) > _LAST_MINUTE:
        raise DataProblem(_("钟点“{text}”应写成 18:00 的样子；一天结束时到期的，留空").format(text=text))
    return f"{int(found[1]):02}:{found[2]}"


def read_times(words: Mapping[str, str], values: Mapping[str, Scalar], keeper: Timekeeper) -> tuple[dict[str, Scalar], dict[str, str]]:
    """The fields that 整改时限 and 时限钟点 set from text, and a reason for each that cannot be read. A day without a time takes an old time away."""
    found: dict[str, Scalar] = {}
    reasons = {}
    for name in sorted(IN_WORDS & set(words)):  # the time after the day: it goes before what the words said
        try:
            found |= read_due(words[name], values, keeper) if name == "due_at" else {name: read_time(words[name])}
        except DataProblem as problem:
            reasons[name] = str(problem)
    return found, reasons


def set_due(project: Project, layer: Layer, issues: Sequence[Feature], text: str) -> Edit:
    """The edit that gives issues a deadline from words, each counted from its own dispatch. Raises `DataProblem`, or `RuleBroken` and sets none."""
    keeper = timekeeper(project)
    made = [checked(keeper, edits.set_values(layer, [issue], read_due(text, issue.values, keeper)), [issue]) for issue in issues]
    return edits.joined(_("{what}的时限定为{text}").format(what=edits.described(layer, issues), text=text or _("空")), made)


def checked(keeper: Timekeeper, edit: Edit, issues: Sequence[Feature]) -> Edit:
    """The same edit. Raises `RuleBroken` where it gives one of `issues` a deadline that it may not have (domain/limits.py)."""
    by_id = {issue.id: issue for issue in issues}
    for change in edit.changes:
        if change.after is not None and change.id in by_id and FIELDS & set(change.after):
            keeper.check({**by_id[change.id].values, **change.after})
    return edit
