"""Who is responsible for a spot: ordered rules, what each found there, and the one decision over them (domain.md 8.4, decision 0004).

`decide` knows no geometry: it weighs candidates whose distances were measured before. So an explanation that was kept as text can be weighed again.
"""

from __future__ import annotations

import datetime as dt
import math
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

from chuangwen.domain.categories import Categories, Category
from chuangwen.domain.validity import in_validity

EXISTING, FORCED = "existing", "category"
"""Rules that look at no layer: an assignment by hand or designation, which stands; the unit that a category forces."""

ORDERS = ("named", "area", "distance", "overlap", "code")
"""What decides between several features of one rule: the one the issue is registered under, the smaller area around the spot, the nearer one, the one with
more metres of line in reach, the lower code."""

SIDE, COMPOUND, SURROUNDINGS = "side", "compound", "surroundings"
"""Why a feature in reach does not count: the other side of the road, another compound's building, surroundings that do not count."""


@dataclass(frozen=True, slots=True)
class SiteKind:
    """What a category of sites has by default (domain.md 2.3): `radius_m` of its surroundings, metres; the trade's `lead_unit`; `named_reach_m`: how far an
    issue that is registered under such a site may lie (a road that is drawn as a point is long), None: as the rule has it.
    """

    radius_m: float
    lead_unit: str = ""
    named_reach_m: float | None = None


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule. All lengths are metres of the project's CRS; limits are inclusive.

    `reach_m`: how far outside a feature counts (0: only inside); `reach_field`: the feature's own reach where it has one; `width_field`: instead, half of that
    field and `margin_m`. `named_field`: the issue's field that names a feature by code; it counts for an issue that is not on the map, and up to
    `named_reach_m` away for one that is. `where`: which features of the layer; `categories`: only for these (empty: all). `units`: where the unit stands,
    tried in turn: a field of the feature, `field>layer` (the unit of the feature whose code that field holds), `field>unit` (the unit that its text means).
    `lead_unit`: who leads. `valid_from`, `valid_to`: days on which the rule is in force, both inclusive.
    """

    id: str
    title: str
    basis: str
    layer: str = ""
    on: bool = True
    reach_m: float = 0.0
    reach_field: str = ""
    width_field: str = ""
    margin_m: float = 0.0
    side_field: str = ""
    compound_field: str = ""
    named_field: str = ""
    named_reach_m: float = 0.0
    where: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    categories: tuple[str, ...] = ()
    order: tuple[str, ...] = ("distance", "code")
    units: tuple[str, ...] = ("responsible_unit",)
    lead_unit: str = ""
    valid_from: dt.date | None = None
    valid_to: dt.date | None = None

    def in_force(self, day: dt.date | None) -> bool:
        """Whether it is on, that day; no day asks for no dates."""
        return self.on and in_validity(self.valid_from, self.valid_to, day)


@dataclass(frozen=True)
class Rules:
    """All that the two rule files say, with units by their full names.

    `sites`: site category → its defaults; `supports`: unit → all who always support it; `near_m`: features that near are named though they do not count;
    `notes`: words of the shipped files that this project's register does not know; `instead_of`: rule → layer that must be empty for it to look.
    """

    rules: tuple[Rule, ...]
    categories: Categories = field(default_factory=Categories)
    sites: Mapping[str, SiteKind] = field(default_factory=dict)
    supports: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    covers_surroundings: bool = True
    near_m: float = 50.0
    notes: tuple[str, ...] = ()
    instead_of: Mapping[str, str] = field(default_factory=dict)

    @cached_property
    def by_id(self) -> dict[str, Rule]:
        """The rules by id."""
        return {one.id: one for one in self.rules}


@dataclass(frozen=True, slots=True)
class Candidate:
    """What a rule found at or near a spot.

    `distance_m`: metres to it, to the millimetre, nan where the issue is not on the map; `area_m2`: of an area that holds the spot, else inf;
    `overlap_m`: metres of its line in reach. `named`: the issue is registered under it; `barred`: one of `SIDE`, `COMPOUND`,
    `SURROUNDINGS`. `why_not` is filled by `decide`.
    """

    rule: str
    basis: str
    layer: str
    id: str
    code: str
    name: str
    unit: str | None
    distance_m: float = 0.0
    reach_m: float = 0.0
    named_reach_m: float = 0.0
    area_m2: float = math.inf
    overlap_m: float = 0.0
    named: bool = False
    barred: str = ""
    lead_unit: str = ""
    why_not: str = ""

    @property
    def in_reach(self) -> bool:
        """Whether it counts by its place, or by being named."""
        if self.named and (math.isnan(self.distance_m) or self.distance_m <= max(self.named_reach_m, self.reach_m)):
            return True
        return not self.barred and self.distance_m <= self.reach_m


@dataclass(frozen=True, slots=True)
class Help:
    """A unit that leads or supports, and why."""

    unit: str
    why: str


@dataclass(frozen=True, slots=True)
class Resolution:
    """Who is responsible for a spot, and why nobody else is. `winner` None: nobody, it is to be designated (待指定, SR-64).

    `x`, `y`: metres, nan where the issue is not on the map; `losers` in the order of the rules; `chain`: the category and the one above it; `told_by`:
    what told the category, the field `category` or the words of the `description`.
    """

    x: float
    y: float
    day: dt.date | None
    category: Category | None
    told_by: str
    rules: tuple[Rule, ...]
    chain: tuple[Category, ...]
    winner: Candidate | None
    losers: tuple[Candidate, ...]
    lead: Help | None = None
    supporting: tuple[Help, ...] = ()

    @property
    def unit(self) -> str | None:
        """The full name of the responsible unit."""
        return self.winner.unit if self.winner is not None else None

    @property
    def basis(self) -> str | None:
        """Why it is that one: a value of the issues' `unit_basis`."""
        return self.winner.basis if self.winner is not None else None

    @property
    def lead_unit(self) -> str | None:
        """The full name of the unit that leads."""
        return self.lead.unit if self.lead is not None else None

    @property
    def supporting_units(self) -> tuple[str, ...]:
        """The full names of the units that support."""
        return tuple(one.unit for one in self.supporting)

    @property
    def candidates(self) -> tuple[Candidate, ...]:
        """The winner and the losers."""
        return (self.winner, *self.losers) if self.winner is not None else self.losers

    def record(self) -> str:
        """The explanation as lines of text that `evaluate` can weigh again (domain/resolution_record.py)."""
        from chuangwen.domain.resolution_record import written

        return written(self)

    @staticmethod
    def evaluate(record: str) -> str | None:
        """Weigh a kept explanation again: the full name of its responsible unit. Raises `DataProblem` where the text is damaged."""
        from chuangwen.domain.resolution_record import evaluated

        return evaluated(record)


def decide(
    rules: Sequence[Rule], candidates: Iterable[Candidate], chain: Sequence[Category], day: dt.date | None
) -> tuple[Candidate | None, tuple[Candidate, ...]]:
    """The winner and the losers with their reasons, in the order of the rules.

    The first rule in force with a feature in reach decides, between several by the rule's `order`. Where that feature has no unit it is named, and the
    next rule is tried: never the second best of the same rule (decision 0004). `chain`: the issue's category and the one above it.
    """
    from chuangwen.domain.why_not import beaten, no_unit, not_in_reach, outranked, rule_silent

    of_rule: dict[str, list[Candidate]] = {}
    for one in candidates:
        of_rule.setdefault(one.rule, []).append(one)
    winner: Candidate | None = None
    winning: Rule | None = None
    losers: list[Candidate] = []
    for rule in rules:
        found = of_rule.get(rule.id, [])
        silent = rule_silent(rule, chain, day)
        if silent:
            losers += [replace(one, why_not=silent) for one in found]
            continue
        there = sorted((one for one in found if one.in_reach), key=lambda one: ranking(one, rule))
        out = [replace(one, why_not=not_in_reach(one, rule)) for one in found if not one.in_reach]
        if winner is not None and winning is not None:
            losers += [*(replace(one, why_not=outranked(winner, winning)) for one in there), *out]
            continue
        if there:
            best = there[0]
            if best.unit:
                winner, winning = best, rule
            else:
                losers.append(replace(best, why_not=no_unit(best)))
            losers += [replace(one, why_not=beaten(one, best, rule)) for one in there[1:]]
        losers += out
    return winner, tuple(losers)


def ranking(one: Candidate, rule: Rule) -> tuple[object, ...]:
    """What sorts the candidates of a rule, the winner first."""
    keys = {
        "named": not one.named,
        "area": one.area_m2,
        "distance": 0.0 if math.isnan(one.distance_m) else one.distance_m,
        "overlap": -one.overlap_m,
        "code": code_key(one.code),
    }
    return (*(keys[name] for name in rule.order), code_key(one.code), one.id)


_NUMBER = re.compile(r"(\d+)")


def code_key(code: str) -> tuple[tuple[int, int, str], ...]:
    """Sorts codes as people count: 9 before 10, 062 with 62, XF-2 before XF-10."""
    return tuple((0, int(part), "") if part.isdigit() else (1, 0, part) for part in _NUMBER.split(code) if part)


def applies(rule: Rule, chain: Sequence[Category]) -> bool:
    """Whether a rule that is limited to categories holds for a category and the one above it; unknown categories fall under no limited rule."""
    return not rule.categories or any(one.id in rule.categories for one in chain)
