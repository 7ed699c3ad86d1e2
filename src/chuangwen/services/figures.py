"""Tables of figures: indicators by unit, zone, street, source, category, site or section, ranked; each number opens its rows (SR-08, SR-09)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from chuangwen.domain.campaign import Campaign
from chuangwen.domain.figure import Figure, Indicator, figure, made
from chuangwen.domain.indicators import BY_ID, INDICATORS
from chuangwen.domain.issue_facts import ALWAYS, Facts, Moves, Period
from chuangwen.domain.ranking import BY_SCORE, RankingRules, places, score
from chuangwen.errors import UserError, nearest
from chuangwen.services.deducting import deducted
from chuangwen.services.grouping import BYS, Group, Grouping, grouping, moved_by
from chuangwen.services.rule_files import read_rules
from chuangwen.text import _

if TYPE_CHECKING:
    from chuangwen.services.placing import View

RANKING = ("dispatched", "closed", "open", "overdue", "rework", "rectification", "on_time")
"""What the ranking of the bulletin shows (domain.md 6.6), in its order; 扣分 is added for units."""


@dataclass(frozen=True, slots=True)
class Line:
    """One group and its figures, in the order of the table's indicators. `place` None: not ranked. `points` deducted: of units only. `red`: a rate below the
    line, or a unit at the end of the ranking (6.6)."""

    group: Group
    figures: tuple[Figure, ...]
    place: int | None = None
    score: Fraction | None = None
    points: Decimal | None = None
    red: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """Figures of all groups. `lines`: the ranked first, by place; then those with nothing handed over (无交办), then the issues that belong nowhere."""

    by: str
    period: Period
    now: dt.datetime
    indicators: tuple[Indicator, ...]
    lines: tuple[Line, ...]
    total: Line
    rules: RankingRules = field(default_factory=RankingRules)

    @property
    def title(self) -> str:
        """按责任单位 …"""
        return BYS[self.by].title

    def line(self, key: str) -> Line | None:
        """The line of a group: a unit's name, a zone's code, a street …"""
        return next((one for one in self.lines if one.group.key == key), None)

    def column(self, indicator: str) -> int:
        """Where an indicator stands among the figures of a line."""
        return next(at for at, one in enumerate(self.indicators) if one.id == indicator)

    def figure(self, key: str, indicator: str) -> Figure | None:
        """One figure, None where there is no such group."""
        line = self.line(key)
        return None if line is None else line.figures[self.column(indicator)]

    @property
    def idle(self) -> list[Line]:
        """无交办: groups to which nothing was handed; they are not ranked."""
        return [one for one in self.lines if one.place is None and one.group.key]


def table(
    view: View,
    campaign: Campaign,
    by: str = "unit",
    period: Period = ALWAYS,
    indicators: Sequence[str] = (),
    moves: Moves | None = None,
    rules: RankingRules | None = None,
) -> Table:
    """Figures by `by` (a key of `grouping.BYS`) within a period; all indicators where none is named.

    Raises `UserError` for a word that is no indicator or no division, with the nearest that is.
    """
    facts = Facts(view.features("issue"), campaign.now, moves)
    return table_of(view, facts, by, period, indicators, rules)


def table_of(view: View, facts: Facts, by: str, period: Period = ALWAYS, indicators: Sequence[str] = (), rules: RankingRules | None = None) -> Table:
    """`table` of facts that are there already: several divisions of the same issues cost one reading."""
    rules = rules or ranking_rules()
    shown = tuple(_named(word) for word in indicators) if indicators else INDICATORS
    plan = grouping(view, facts, BYS[_known(by, list(BYS), _("分组"))])
    needed = {one.id: one for one in (*shown, *(BY_ID[word] for word in ("dispatched", "rectification", rules.rank_by, *rules.weights) if word in BY_ID))}
    made_of = {one.id: _by_group(view, facts, plan, one, period, by) for one in needed.values()}
    points = deducted(view, period) if by == "unit" else None
    lines = []
    for at, group in enumerate(plan.groups):
        rates = {word: made_of[word][at].value for word in rules.weights}
        total = score(rates, {word: BY_ID[word].rising for word in rules.weights}, rules.weights)
        own = points.get(group.key, Decimal(0)) if points is not None and group.key else None
        lines.append(Line(group, tuple(made_of[one.id][at] for one in shown), None, total, own))
    handed = [made_of["dispatched"][at].numerator > 0 and bool(group.key) for at, group in enumerate(plan.groups)]
    chosen = [line.score for line in lines] if rules.rank_by == BY_SCORE else [one.value for one in made_of[rules.rank_by]]
    if rules.rank_by != BY_SCORE and not BY_ID[rules.rank_by].rising:
        chosen = [None if value is None else -value for value in chosen]
    ranked = places([value if there else None for value, there in zip(chosen, handed, strict=True)])
    reds = _red(ranked, [one.below(rules.line) for one in made_of["rectification"]], rules.last if by == "unit" else 0)
    finished = [Line(line.group, line.figures, place, line.score, line.points, red) for line, place, red in zip(lines, ranked, reds, strict=True)]
    finished.sort(key=lambda line: (line.place is None, line.place or 0, not line.group.key))
    whole = Line(Group("", _("全区")), tuple(figure(one, facts, period) for one in shown), points=None if points is None else sum(points.values(), Decimal(0)))
    return Table(by, period, facts.now, shown, tuple(finished), whole, rules)


def ranked_units(view: View, campaign: Campaign, files_folder: Path | None = None) -> list[str]:
    """Full names of the ranked units, the best first: what the ladder's rules of the ranking ask for. Empty where all share the first place."""
    found = table(view, campaign, "unit", indicators=RANKING, rules=ranking_rules(files_folder))
    places_of = [(line.place, line.group.key) for line in found.lines if line.place is not None]
    return [unit for _place, unit in places_of] if any(place > 1 for place, _unit in places_of) else []


def _by_group(view: View, facts: Facts, plan: Grouping, indicator: Indicator, period: Period, by: str) -> list[Figure]:
    """The indicator of each group: masks once over all issues, then divided."""
    masks = indicator.masks(facts, period)
    if by == "unit" and indicator.by_mover:
        plan = moved_by(view, facts, plan, indicator.by_mover)
    counted = _divided(plan, masks.numerator)
    of = None if masks.denominator is None else _divided(plan, masks.denominator)
    unknown = np.zeros(len(plan.groups), dtype=int) if masks.unknown is None else np.bincount(plan.of[masks.unknown[plan.rows]], minlength=len(plan.groups))
    return [made(indicator, facts, period, counted[at], None if of is None else of[at], int(unknown[at]), masks.why) for at in range(len(plan.groups))]


def _divided(plan: Grouping, mask: NDArray[np.bool_]) -> list[NDArray[np.int64]]:
    """The issues of a mask, group by group."""
    held = mask[plan.rows]
    rows, of = plan.rows[held], plan.of[held]
    return np.split(rows, np.searchsorted(of, np.arange(1, len(plan.groups)))) if plan.groups else []


def _red(ranked: Sequence[int | None], below: Sequence[bool], last: int) -> list[bool]:
    """The last few of the ranking, with those that share their place but never the first; and every rate below the line (domain.md 6.6)."""
    held = sorted(place for place in ranked if place is not None)
    bound = held[-min(last, len(held))] if held and last else None
    return [place is not None and ((bound is not None and place > 1 and place >= bound) or low) for place, low in zip(ranked, below, strict=True)]


def ranking_rules(files_folder: Path | None = None) -> RankingRules:
    """The rules of the ranking: the project's own where it has some, else the shipped ones. Raises `UserError` that names file, key and remedy."""
    rules = read_rules("indicators", files_folder)
    ranking, weights = rules.table.get("ranking", {}), rules.table.get("weights", {})
    usual = RankingRules()
    rank_by = ranking.get("by", usual.rank_by)
    for place, word in [("ranking.by", rank_by), *((f"weights.{word}", word) for word in weights)]:
        if word not in BY_ID and (word != BY_SCORE or place != "ranking.by"):
            close = nearest(str(word), list(BY_ID))
            raise rules.wrong(place, _("没有指标“{word}”").format(word=word), _("是不是“{close}”？").format(close=close) if close else "")
        if place != "ranking.by" and not BY_ID[word].is_rate:
            raise rules.wrong(place, _("{title}不是率，不能加权").format(title=BY_ID[word].title))
    return RankingRules(
        rank_by,
        {word: rules.number(weight, f"weights.{word}") for word, weight in weights.items()},
        rules.number(ranking.get("red_below", usual.line), "ranking.red_below"),
        int(rules.number(ranking.get("red_last", usual.last), "ranking.red_last")),
    )


def _named(word: str) -> Indicator:
    return BY_ID[_known(word, list(BY_ID), _("指标"))]


def _known(word: str, known: list[str], what: str) -> str:
    if word in known:
        return word
    close = nearest(word, known)
    hint = _("可以用：{known}。").format(known="、".join(known)) if close is None else _("是不是 {close}？").format(close=close)
    raise UserError(_("没有这样的{what}：{word}。").format(what=what, word=word), hint)


def as_json(found: Table) -> dict[str, Any]:
    """For scripts and for freezing: every figure with numerator, denominator and what is printed."""
    return {
        "by": found.by,
        "period": {"from": found.period.start, "to": found.period.end, "title": found.period.title},
        "data_time": found.now,
        "rank_by": found.rules.rank_by,
        "indicators": [{"id": one.id, "title": one.title, "formula": one.formula, "by": one.by, "source": one.source} for one in found.indicators],
        "lines": [_line(found, one) for one in found.lines],
        "total": _line(found, found.total),
    }


def _line(found: Table, line: Line) -> dict[str, Any]:
    figures = {
        one.id: {"numerator": cell.numerator, "denominator": cell.denominator, "text": cell.text, **({"note": cell.note} if cell.note else {})}
        for one, cell in zip(found.indicators, line.figures, strict=True)
    }
    return {
        "key": line.group.key,
        "title": line.group.title,
        "place": line.place,
        "score": None if line.score is None else float(line.score),
        "points": None if line.points is None else float(line.points),
        "red": line.red,
        "figures": figures,
    }
