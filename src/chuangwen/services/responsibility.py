"""Who is responsible where: for one spot with every reason, or for a million at once; both give the same unit (domain.md 8.4, decision 0004)."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any, Protocol, runtime_checkable

import numpy as np
import shapely
from numpy.typing import NDArray

from chuangwen.domain.campaign import Campaign
from chuangwen.domain.categories import Category
from chuangwen.domain.feature import Feature, Features
from chuangwen.domain.responsibility import EXISTING, FORCED, Candidate, Resolution, Rule, Rules, applies, decide
from chuangwen.domain.validity import as_day
from chuangwen.domain.values import LIST_MARK, Scalar
from chuangwen.exchange.units import Register
from chuangwen.services.placing import View
from chuangwen.services.responsibility_rules import read_responsibility
from chuangwen.services.responsible_help import CATCH_ALL, lead_of, supporting_of
from chuangwen.services.responsible_places import Bools, Ints, Places, first_of_each
from chuangwen.services.responsible_spots import NONE, Spots, with_named
from chuangwen.text import _

STANDING = ("manual", "designated")
"""Bases of an assignment that no rule overrides (8.4, rule 1)."""
_SHOWN_BEYOND = 2


@runtime_checkable
class _HasFiles(Protocol):
    @property
    def files_folder(self) -> Path: ...


@runtime_checkable
class _HasCampaign(Protocol):
    @property
    def campaign(self) -> Campaign: ...


def rules_of(view: View) -> Rules:
    """The rules for a project: its own files in `项目名.files/rules/` where it has them, else the shipped ones. Raises `UserError` for a mistake in them."""
    return read_responsibility(view.files_folder if isinstance(view, _HasFiles) else None, view.layers, Register(view.features("unit")))


@dataclass(frozen=True, slots=True)
class Resolved:
    """The answer for n spots. `unit` (n,) indexes `names`, `basis` (n,) `bases`, `rule` (n,) `rules`; -1: nobody. `row` (n,): position of the feature that
    decides in the table of the rule's layer, -1 for none.
    """

    names: tuple[str, ...]
    bases: tuple[str, ...]
    rules: tuple[Rule, ...]
    unit: NDArray[np.int32]
    basis: NDArray[np.int32]
    rule: NDArray[np.int32]
    row: NDArray[np.int32]

    def unit_of(self, number: int) -> str | None:
        """The full name of the unit of one spot."""
        return self.names[self.unit[number]] if self.unit[number] >= 0 else None

    def basis_of(self, number: int) -> str | None:
        """The basis of one spot."""
        return self.bases[self.basis[number]] if self.basis[number] >= 0 else None


class Resolver:
    """The rules over the features of a view as they are now, with the boundaries of one day.

    `day` None: the campaign's today where the view has a campaign, else dates are not looked at. What was read is kept: `is_current` tells whether it
    still holds.
    """

    def __init__(self, view: View, day: dt.date | None = None, rules: Rules | None = None) -> None:
        self.view = view
        self.day = day if day is not None else view.campaign.today if isinstance(view, _HasCampaign) else None
        self.rules = rules if rules is not None else rules_of(view)
        empty = {layer for layer in self.rules.instead_of.values() if layer in view.layers and not len(view.features(layer))}
        self.active = tuple(one for one in self.rules.rules if self.rules.instead_of.get(one.id) is None or self.rules.instead_of[one.id] in empty)
        self._tables: dict[str, Features] = {"unit": view.features("unit")}
        for layer in ("compound", *self.rules.instead_of.values(), *(one.layer for one in self.active if one.layer)):
            self._tables[layer] = view.features(layer)
        self._places: dict[str, Places] = {}

    def is_current(self, view: View, day: dt.date | None) -> bool:
        """Whether nothing that it read has changed since."""
        return day == self.day and all(view.features(layer) is table for layer, table in self._tables.items())

    # --- many

    def units(
        self, points: NDArray[np.float64], categories: Sequence[str | None] | None = None, named: Mapping[str, Sequence[Scalar]] | None = None
    ) -> Resolved:
        """Who is responsible by place for n spots.

        `points` (n, 2): metres of the project's CRS, nan for one that is not on the map; `categories`: each spot's category by id, title or synonym;
        `named`: field of the issues (`site_code`, `zone_code` …) → what it says of each spot. Existing assignments are not looked at.
        """
        chains, chain_of = self._chains(categories, len(points))
        return self._resolved(points, chains, chain_of, [_forced(chain) for chain in chains], named or {})

    def of_issues(self, issues: Features) -> Resolved:
        """`of_issue` for many at once, by place alone: who would be responsible if nobody had been assigned by hand or designated."""
        book = self.rules.categories
        said = list(zip(*(issues.column(name) for name in ("category", "description", "part_code")), strict=True))
        words = dict.fromkeys(said)
        kinds = {word: book.recognise(*word) for word in words}
        keys = [(kind.category.id, kind.by == "category") if (kind := kinds[word]) is not None else None for word in said]
        known = {key: number for number, key in enumerate(dict.fromkeys(keys))}
        chains = [book.chain(book.get(key[0])) if key is not None else () for key in known]
        owners = [_forced(chain) if key is not None and key[1] else "" for key, chain in zip(known, chains, strict=True)]
        points = np.full((len(issues), 2), np.nan)
        there = np.flatnonzero(issues.located)
        points[there] = shapely.get_coordinates(shapely.centroid(issues.geometry[there]))
        named = {rule.named_field: issues.column(rule.named_field) for rule in self.active if rule.named_field}
        return self._resolved(points, chains, np.fromiter(map(known.__getitem__, keys), dtype=np.int64, count=len(keys)), owners, named)

    def _resolved(
        self, points: NDArray[np.float64], chains: list[tuple[Category, ...]], chain_of: Ints, owners: list[str], named: Mapping[str, Sequence[Scalar]]
    ) -> Resolved:
        """`chains`, `owners`: the different categories with those above them, and the unit that each forces; `chain_of` (n,): which of them a spot has."""
        count = len(points)
        where = np.asarray(points, dtype=np.float64).reshape(-1, 2)
        names: dict[str, int] = {}
        answer = {name: np.full(count, -1, dtype=np.int32) for name in ("unit", "rule", "row")}
        todo = np.ones(count, dtype=bool)
        spots = Spots(where)
        for number, rule in enumerate(self.active):
            if rule.id == EXISTING or not rule.in_force(self.day):
                continue
            fit = np.array([applies(rule, chain) for chain in chains], dtype=bool)[chain_of] & todo
            if not fit.any():
                continue
            if rule.id == FORCED:
                forced = np.array([names.setdefault(unit, len(names)) if unit else -1 for unit in owners], dtype=np.int32)[chain_of]
                hit = np.flatnonzero(fit & (forced >= 0))
                answer["unit"][hit] = forced[hit]
            else:
                places = self.places(rule)
                if not any(places.units):
                    continue
                hit, rows = self._winners(places, spots, fit, named.get(rule.named_field))
                own = np.array([names.setdefault(unit, len(names)) if unit else -1 for unit in places.units], dtype=np.int32)
                good = own[rows] >= 0
                hit, rows = hit[good], rows[good]
                answer["unit"][hit] = own[rows]
                answer["row"][hit] = places.rows[rows]
            answer["rule"][hit] = number
            todo[hit] = False
        bases = tuple(dict.fromkeys(one.basis for one in self.active))
        by_rule = np.array([bases.index(one.basis) for one in self.active] + [-1], dtype=np.int32)
        return Resolved(tuple(names), bases, self.active, answer["unit"], by_rule[answer["rule"]], answer["rule"], answer["row"])

    def _chains(self, categories: Sequence[str | None] | None, count: int) -> tuple[list[tuple[Category, ...]], Ints]:
        """The different categories with those above them, and which of them each spot has."""
        if categories is None:
            return [()], np.zeros(count, dtype=np.int64)
        known = {word: number for number, word in enumerate(dict.fromkeys(categories))}
        book = self.rules.categories
        return [book.chain(book.named(word)) for word in known], np.fromiter(map(known.__getitem__, categories), dtype=np.int64, count=count)

    def _winners(self, places: Places, spots: Spots, fit: Bools, named: Sequence[Scalar] | None) -> tuple[Ints, Ints]:
        """Spots that a rule decides, and the number of the feature that does."""
        pairs, points = spots.reached_by(places, fit)
        exact = not places.reach.any() and "distance" not in places.rule.order
        distances = np.zeros(len(pairs)) if exact else np.round(shapely.distance(places.geometry[pairs], spots.points[points]), 3)
        good = distances <= places.reach[pairs]
        pairs, points, distances = pairs[good], points[good], distances[good]
        good = places.barred(pairs, spots.points[points], distances, self.compounds_at) == ""
        pairs, points, distances = pairs[good], points[good], distances[good]
        said = np.zeros(len(pairs), dtype=bool)
        if named is not None:
            pairs, points, distances, said = with_named(places, spots, fit, places.named(named), (pairs, points, distances))
        keys: dict[str, Callable[[Ints], NDArray[Any]]] = {
            "named": lambda at: ~said[at],
            "area": lambda at: np.where(distances[at] == 0, places.area[pairs[at]], np.inf),
            "distance": lambda at: np.nan_to_num(distances[at]),
            "overlap": lambda at: -places.overlap(pairs[at], spots.points[points[at]]),
            "code": lambda at: places.rank[pairs[at]],
        }
        best = first_of_each(points, [*(keys[name] for name in places.rule.order), keys["code"]])
        return points[best], pairs[best]

    # --- one

    def explain(self, x: float, y: float, category: str | None = None, feature: Feature | None = None) -> Resolution:
        """Who is responsible for one spot (metres; nan: not on the map) and why nobody else is.

        With `feature`, an issue: its category, description and part tell the category unless `category` is given; what it is registered under counts,
        and an assignment by hand or designation stands.
        """
        book = self.rules.categories
        get: Callable[[str], Scalar] = feature.get if feature is not None else lambda _name: None
        known = book.recognise(category or get("category"), get("description"), get("part_code"))
        chain = book.chain(known.category) if known is not None else ()
        candidates: list[Candidate] = []
        for rule in self.active:
            if rule.id == EXISTING:
                candidates += self._existing(rule, feature)
            elif rule.id == FORCED:
                owner = _forced(chain) if known is not None and known.by == "category" else ""
                candidates += [Candidate(rule.id, rule.basis, "", "", "", chain[0].title, owner)] if owner else []
            else:
                candidates += self._candidates(rule, x, y, get(rule.named_field) if rule.named_field else None)
        winner, losers = decide(self.active, candidates, chain, self.day)
        found = Resolution(x, y, self.day, known.category if known else None, known.by if known else "", self.active, chain, winner, losers)
        found = replace(found, lead=lead_of(found, self.rules))
        return replace(found, supporting=supporting_of(found, self.rules, self._helpers))

    def of_issue(self, issue: Feature) -> Resolution:
        """`explain` for an issue where it lies."""
        at = None if issue.geometry is None or issue.geometry.is_empty else issue.geometry.centroid
        return self.explain(math.nan if at is None else at.x, math.nan if at is None else at.y, feature=issue)

    def places(self, rule: Rule) -> Places:
        """What a rule looks at."""
        if rule.id not in self._places:
            self._places[rule.id] = Places(rule, self.rules, self._tables[rule.layer], self.day, lambda table, rows: self._units(rule, table, rows))
        return self._places[rule.id]

    def _candidates(self, rule: Rule, x: float, y: float, named: Scalar) -> list[Candidate]:
        places = self.places(rule)
        said = int(places.named([named])[0]) if named not in (None, "") else -1
        if math.isnan(x):
            numbers, distances = np.array([said] if said >= 0 else [], dtype=np.int64), np.full(1 if said >= 0 else 0, math.nan)
            barred, overlaps = np.full(len(numbers), "", dtype=object), np.zeros(len(numbers))
        else:
            point = shapely.Point(x, y)
            numbers, distances = places.around(point, self.rules.near_m)
            if said >= 0 and said not in numbers:
                far = round(float(shapely.distance(places.geometry[said], point)), 3) if places.located[said] else math.nan
                numbers, distances = np.append(numbers, said), np.append(distances, far)
            spots = np.full(len(numbers), point, dtype=object)
            here = places.located[numbers]
            barred = np.full(len(numbers), "", dtype=object)
            barred[here] = places.barred(numbers[here], spots[here], distances[here], self.compounds_at)
            overlaps = places.overlap(numbers, spots) if "overlap" in rule.order and len(numbers) > 1 else np.zeros(len(numbers))
        made = [
            self._candidate(places, number, distance, why, overlap, named=number == said)
            for number, distance, why, overlap in zip(numbers.tolist(), distances.tolist(), barred.tolist(), overlaps.tolist(), strict=True)
        ]
        beyond = sorted((one for one in made if not one.in_reach and not one.barred), key=lambda one: one.distance_m - one.reach_m)
        shown = 0 if rule.basis == CATCH_ALL else _SHOWN_BEYOND
        dropped = {id(one) for one in beyond[shown:] if not one.named}
        return [one for one in made if id(one) not in dropped]

    def _candidate(self, places: Places, number: int, distance: float, barred: str, overlap: float, *, named: bool) -> Candidate:
        rule, row = places.rule, int(places.rows[number])
        table = places.table
        own_lead = table.column("lead_unit")[row] if table.layer.has("lead_unit") else None
        kind = self.rules.sites.get(str(table.column("category")[row])) if rule.layer == "site" else None
        return Candidate(
            rule.id,
            rule.basis,
            rule.layer,
            table.ids[row],
            places.codes[number],
            str(table.column(places.name_field)[row] or ""),
            places.units[number],
            distance,
            float(places.reach[number]),
            float(places.named_reach[number]),
            float(places.area[number]) if distance == 0 else math.inf,
            overlap,
            named,
            barred,
            str(own_lead or rule.lead_unit or (kind.lead_unit if kind is not None else "")),
        )

    def _existing(self, rule: Rule, issue: Feature | None) -> list[Candidate]:
        """An assignment by hand or designation, unless it was made after the day that is asked for."""
        if issue is None or issue.get("unit_basis") not in STANDING or not issue.get("responsible_unit"):
            return []
        since = issue.get("approved_at") or issue.get("dispatched_at")
        if self.day is not None and since is not None and as_day(since) > self.day:
            return []
        basis = str(issue.get("unit_basis"))
        name = _("创建办指定") if basis == "designated" else _("人工确定")
        return [Candidate(rule.id, basis, issue.layer, issue.id, "", name, str(issue.get("responsible_unit")))]

    def compounds_at(self, points: Any) -> list[str]:
        """The code of the compound that holds each of some points, '' for none; of several the smallest."""
        here = self._compounds
        spots, numbers = here.tree.query(points, predicate="intersects") if len(here) else (NONE, NONE)
        found = [""] * len(points)
        best = first_of_each(spots, [lambda at: here.area[numbers[at]], lambda at: here.rank[numbers[at]]])
        for at in best.tolist():
            found[int(spots[at])] = here.codes[int(numbers[at])]
        return found

    @cached_property
    def _compounds(self) -> Places:
        rule = next((one for one in self.active if one.layer == "compound"), Rule("compound", "", "compound", "compound"))
        return self.places(rule) if rule in self.active else Places(rule, self.rules, self._tables["compound"], self.day, lambda _t, rows: [None] * len(rows))

    # --- units

    def _units(self, rule: Rule, table: Features, rows: Sequence[int]) -> list[str | None]:
        """The unit of each feature: the first of the rule's ways that gives one."""
        found: list[str | None] = [None] * len(rows)
        for way in rule.units:
            field, _mark, target = way.partition(">")
            column = table.column(field)
            through = self._through(target) if target and target != "unit" else None
            for number, row in enumerate(rows):
                text = str(column[row] or "").strip()
                if found[number] or not text:
                    continue
                found[number] = through.get(text) if through is not None else self._register.find(text) if target else text
        return found

    def _through(self, layer: str) -> dict[str, str]:
        """Code → unit of the features of a layer that are valid that day."""
        table = self.view.features(layer)
        self._tables[layer] = table
        places = Places(
            Rule(layer, "", "", layer), self.rules, table, self.day, lambda one, rows: [str(one.column("responsible_unit")[row] or "") for row in rows]
        )
        return {code: unit for code, unit in zip(places.codes, places.units, strict=True) if code and unit}

    @cached_property
    def _register(self) -> Register:
        return Register(self._tables["unit"])

    def _helpers(self, one: Candidate) -> list[str]:
        """The units that what was found names beside its own: those that support a site, the road-chief unit that a community is linked to (SR-46)."""
        table = self._tables.get(one.layer)
        feature = table.feature(one.id) if table is not None else None
        if feature is None:
            return []
        names = str(feature.get("supporting_units" if one.layer == "site" else "road_unit") or "")
        return [name for name in names.split(LIST_MARK) if name]


def _forced(chain: Sequence[Category]) -> str:
    return next((one.responsible_unit for one in chain if one.responsible_unit), "")
