"""待办箱: the issues that want the planner now, in the order in which they want her, each once (docs/decisions/0029)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from chuangwen.domain.deadline import due_moments, overdue
from chuangwen.domain.lifecycle import OPEN
from chuangwen.domain.orders import awaits_paper, open_by_issue
from chuangwen.services.checks.thresholds import thresholds_of
from chuangwen.services.duplicates import proposals
from chuangwen.text import _

if TYPE_CHECKING:
    from chuangwen.domain.campaign import Campaign
    from chuangwen.domain.feature import Features
    from chuangwen.progress import Progress
    from chuangwen.services.placing import View

RETURNED, UNASSIGNED, REGISTERED, DRAFT, RECTIFIED, OVERDUE, TWIN, NOWHERE = (
    "returned", "unassigned", "registered", "draft", "rectified", "overdue", "twin", "nowhere",
)  # fmt: skip

KINDS = {
    RETURNED: _("退回待改派"),
    UNASSIGNED: _("待指定"),
    REGISTERED: _("待交办"),
    DRAFT: _("草稿待登记"),
    RECTIFIED: _("待核查"),
    OVERDUE: _("逾期未催办"),
    TWIN: _("可能重复"),
    NOWHERE: _("未定位"),
}
"""Identifier → title, in the order in which they come: first what stands still because of the planner herself."""

_BY_STATE = (RETURNED, UNASSIGNED, DRAFT, RECTIFIED)
_PRIORITIES = {"immediate": 0, "urgent": 1, "normal": 2, "hard": 3, "long_term": 4}
_LATEST = "9999"
Twins = Mapping[str, tuple[str, float]]
"""Issue's id → the issue that it may be the same as, and how alike they are (0–100)."""


@dataclass(frozen=True, slots=True)
class Item:
    """An issue that wants the planner: why (one of `KINDS`), its id, and the id of one that it may be the same as ('' for none)."""

    kind: str
    id: str
    twin: str = ""
    likeness: float = 0.0


@dataclass(frozen=True, slots=True)
class Inbox:
    """`items`: what wants the planner. `staged`: ids of issues that have unit and deadline and only wait for their order."""

    items: tuple[Item, ...] = ()
    staged: tuple[str, ...] = ()
    counts: Mapping[str, int] = field(default_factory=dict)


def twins(view: View, progress: Progress | None = None) -> dict[str, tuple[str, float]]:
    """For each open issue the likest one that it may be a duplicate of (SR-09). Seconds for 20,000 issues: asked on a worker."""
    issues, limits = view.features("issue"), thresholds_of(view)
    sites = view.features("site") if "site" in view.layers else None
    found: dict[str, tuple[str, float]] = {}
    for one in proposals(issues, sites, limits.duplicate_likeness, limits.duplicate_distance_m, progress):
        first, second = issues.ids[one.first], issues.ids[one.second]
        found.setdefault(second, (first, one.likeness))
        found.setdefault(first, (second, one.likeness))
    return found


def inbox(view: View, campaign: Campaign, alike: Twins | None = None) -> Inbox:
    """The inbox of a view. What waits for its order is not in it: unit and deadline are set, nothing is left to decide."""
    issues, orders = view.features("issue"), view.features("order")
    alike = alike or {}
    states = [str(state or "draft") for state in issues.column("status")]
    units, days = issues.column("responsible_unit"), issues.column("due_at")
    late = overdue(issues, campaign.now)
    reminded = set(open_by_issue(orders, "remind")) | set(open_by_issue(orders, "supervise"))
    codes, located = issues.column("code"), issues.located
    open_ids = {issues.ids[at] for at, state in enumerate(states) if state in OPEN}
    found: dict[str, list[int]] = {kind: [] for kind in KINDS}
    staged = []
    for at, state in enumerate(states):
        if state not in OPEN:
            continue
        if state == REGISTERED and units[at] and days[at]:
            staged.append(issues.ids[at])
            continue
        if state == "dispatched" and awaits_paper(issues.at(at), orders):
            staged.append(issues.ids[at])
            continue
        kind = state if state in _BY_STATE or state == REGISTERED else OVERDUE if late[at] and codes[at] not in reminded else ""
        if not kind and alike.get(issues.ids[at], ("", 0))[0] in open_ids:
            kind = TWIN
        if kind or not located[at]:
            found[kind or NOWHERE].append(at)
    ordered = [(kind, at) for kind, members in found.items() for at in sorted(members, key=_urgency(kind, issues))]
    items = tuple(Item(kind, issues.ids[at], *_twin(issues.ids[at], alike, open_ids)) for kind, at in ordered)
    return Inbox(items, tuple(staged), {kind: len(members) for kind, members in found.items()})


def _twin(row_id: str, alike: Twins, open_ids: set[str]) -> tuple[str, float]:
    other, likeness = alike.get(row_id, ("", 0.0))
    return (other, likeness) if other in open_ids else ("", 0.0)


def _urgency(kind: str, issues: Features) -> Callable[[int], tuple[object, ...]]:
    """Inside a kind: by priority, then the oldest first; what is late by how late it is."""
    priorities, codes = issues.column("priority"), issues.column("code")
    if kind == OVERDUE:
        moments = due_moments(issues).astype(np.int64)
        return lambda at: (int(moments[at]), str(codes[at] or ""))
    days: Sequence[object] = issues.column("done_at" if kind == RECTIFIED else "found_at")
    return lambda at: (_PRIORITIES.get(str(priorities[at] or "normal"), 2), _day(days[at]), str(codes[at] or ""))


def _day(value: object) -> str:
    return value.isoformat() if isinstance(value, dt.date) else _LATEST
