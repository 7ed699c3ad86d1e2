"""The escalation ladder and the three orders as rules over facts (domain.md 4.6, 4.7). They propose; nothing here acts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from chuangwen.text import _

CONDITIONS = ("due_within_hours", "overdue_hours", "reworks", "returns", "instructed", "bulletins", "from_the_bottom", "lost_point")
"""What a rule may ask: keys of a table of `when` in `resources/rules/ladder.toml`."""


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known of an issue or a unit. Hours are measured from now: `hours_left` is negative when overdue, None without a deadline or while the clock
    is stopped. `rank` counts from the bottom of the ranking, 0: not ranked.
    """

    hours_left: float | None = None
    reworks: int = 0
    returns: int = 0
    instructed: bool = False
    bulletins: int = 0
    rank: int = 0
    lost_point: str = ""


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a scheme. `when`: one of these tables must hold, and in a table every condition. `within_hours` 0: sets no new deadline."""

    level: int
    name: str
    document: str
    signed_by: str
    when: tuple[Mapping[str, object], ...]
    within_hours: float = 0.0
    points: float = 0.0

    def reason(self, facts: Facts) -> str:
        """Why this step is due, in words: the first table of `when` that holds; '' where none does."""
        for table in self.when:
            words = [_said(name, value, facts) for name, value in table.items()]
            if words and all(words):
                return "，".join(words)
        return ""


@dataclass(frozen=True, slots=True)
class Due:
    """A step that is due, and why."""

    step: Step
    reason: str


def due(steps: Sequence[Step], facts: Facts, taken: int = 0) -> Due | None:
    """The highest step that is due and above the level already taken; a ladder is not climbed twice for one cause."""
    for step in sorted(steps, key=lambda one: -one.level):
        if step.level <= taken:
            return None
        reason = step.reason(facts)
        if reason:
            return Due(step, reason)
    return None


def _said(name: str, value: object, facts: Facts) -> str:
    """The words of a condition that holds, '' of one that does not."""
    limit = float(value) if isinstance(value, int | float) else 0.0
    left = facts.hours_left
    if name == "due_within_hours":
        return _("还有 {hours} 到期").format(hours=spell(left)) if left is not None and 0 < left <= limit else ""
    if name == "overdue_hours":
        return _("已逾期 {hours}").format(hours=spell(-left)) if left is not None and left <= 0 and -left >= limit else ""
    if name == "instructed":
        return _("督查重点") if facts.instructed == value else ""
    if name == "lost_point":
        return _("主观原因丢分") if value and facts.lost_point == value else ""
    if name == "from_the_bottom":
        return _("排名倒数第 {rank}").format(rank=facts.rank) if 0 < facts.rank <= limit else ""
    counted = {
        "reworks": (facts.reworks, _("返工 {count} 次")),
        "returns": (facts.returns, _("退回 {count} 次")),
        "bulletins": (facts.bulletins, _("通报 {count} 次")),
    }
    count, words = counted[name]
    return words.format(count=count) if count >= limit else ""


def spell(hours: float) -> str:
    """Hours in words: 5 小时, 3 天 4 小时."""
    whole = int(hours)
    if whole < 1:
        return _("不到 1 小时")
    days, rest = divmod(whole, 24)
    if not days:
        return _("{hours} 小时").format(hours=rest)
    return _("{days} 天 {hours} 小时").format(days=days, hours=rest) if rest else _("{days} 天").format(days=days)
