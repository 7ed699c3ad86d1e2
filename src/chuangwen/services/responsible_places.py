"""The features that one rule of responsibility looks at, on one day, ready for one spot or for a million (domain.md 8.4)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from functools import cached_property
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from chuangwen.domain.feature import Features
from chuangwen.domain.responsibility import COMPOUND, SIDE, SURROUNDINGS, Rule, Rules, code_key
from chuangwen.domain.validity import valid_on
from chuangwen.domain.values import Scalar

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]

_MM = 3
HALF_MM = 0.0005
_AHEAD_M = 0.5
_ALONG = 0.001
UnitOf = Callable[[Features, Sequence[int]], list[str | None]]


class Places:
    """Valid features of a rule's layer: all arrays are (m,), parallel to `rows`, their positions in the layer's table."""

    def __init__(self, rule: Rule, rules: Rules, table: Features, day: dt.date | None, unit_of: UnitOf) -> None:
        self.rule = rule
        self.table = table
        self._covers = rule.layer != "site" or rules.covers_surroundings
        self.rows = np.flatnonzero(self._wanted(table, day))
        rows = self.rows.tolist()
        self.units = unit_of(table, rows)
        self.geometry: NDArray[np.object_] = table.geometry[self.rows]
        # A street that is only known from its zones is called by its name.
        self.name_field = next((way.removesuffix(">unit") for way in rule.units if way.endswith(">unit")), "name")
        self.located: Bools = table.located[self.rows]
        self.codes = [str(table.column("code")[row] or "") for row in rows]
        kinds = [rules.sites.get(str(table.column("category")[row])) if rule.layer == "site" else None for row in rows]
        self.reach = self._reach([kind.radius_m if kind is not None else rule.reach_m for kind in kinds], rows)
        limits = [rule.named_reach_m if kind is None or kind.named_reach_m is None else kind.named_reach_m for kind in kinds]
        self.named_reach: Floats = np.maximum(np.array(limits, dtype=np.float64), self.reach)
        self._sides = [table.column(rule.side_field)[row] for row in rows] if rule.side_field else []

    def _wanted(self, table: Features, day: dt.date | None) -> Bools:
        wanted = np.ones(len(table), dtype=bool)
        for name, values in self.rule.where.items():
            default = table.layer.field(name).default
            wanted &= np.array([(value if value is not None else default) in values for value in table.column(name)], dtype=bool)
        return np.asarray(wanted & valid_on(table, day), dtype=bool)

    def _reach(self, usual: Sequence[float], rows: Sequence[int]) -> Floats:
        """How far outside each feature counts: its own field, half its width and a margin, what its category has, or the rule's."""
        rule, table = self.rule, self.table
        reach = np.array(usual, dtype=np.float64)
        if rule.width_field:
            widths = _numbers(table.column(rule.width_field), rows)
            reach = np.where(widths > 0, widths / 2 + rule.margin_m, reach)
        if rule.reach_field:
            own = _numbers(table.column(rule.reach_field), rows)
            reach = np.where(own >= 0, own, reach)
        return np.asarray(reach, dtype=np.float64).reshape(-1)

    def __len__(self) -> int:
        return len(self.rows)

    @cached_property
    def by_code(self) -> dict[str, int]:
        """Code → number here; also by name, where no code is the same."""
        names = self.table.column("name")
        found = {str(names[row]): number for number, row in reversed(list(enumerate(self.rows.tolist()))) if names[row]}
        return found | {code: number for number, code in reversed(list(enumerate(self.codes))) if code}

    @cached_property
    def area(self) -> Floats:
        """m² to the square decimetre; 0 for points and lines."""
        return np.asarray(np.round(shapely.area(self.geometry), 2), dtype=np.float64)

    @cached_property
    def rank(self) -> Ints:
        """Where each stands by its code, as people count."""
        order = sorted(range(len(self)), key=lambda number: (code_key(self.codes[number]), self.table.ids[int(self.rows[number])]))
        rank = np.empty(len(self), dtype=np.int64)
        rank[order] = np.arange(len(self))
        return rank

    @cached_property
    def tree(self) -> shapely.STRtree:
        """Of the features."""
        shapes = self.geometry.copy()
        shapes[~self.located] = None
        return shapely.STRtree(shapes)

    def around(self, point: Any, beyond_m: float) -> tuple[Ints, Floats]:
        """The features that are in reach of a spot, or no more than `beyond_m` from being so, and their distances to the millimetre."""
        if not len(self):
            return np.empty(0, dtype=np.int64), np.empty(0)
        found = self.tree.query(point, predicate="dwithin", distance=float(self.reach.max()) + beyond_m + HALF_MM)
        distances = np.round(shapely.distance(self.geometry[found], point), _MM)
        near = distances <= self.reach[found] + beyond_m
        return found[near], distances[near]

    def overlap(self, numbers: Ints, points: Any) -> Floats:
        """Metres of each line within reach of the spot (8.4: the longer overlap)."""
        discs = shapely.buffer(points, self.reach[numbers])
        return np.asarray(np.round(shapely.length(shapely.intersection(self.geometry[numbers], discs)), _MM), dtype=np.float64)

    def barred(self, numbers: Ints, points: Any, distances: Floats, compounds: Callable[[Any], Sequence[str]]) -> NDArray[np.object_]:
        """Why each does not count although it is in reach ('' where it does). `compounds`: the code of the compound at each of some points."""
        reasons = np.full(len(numbers), "", dtype=object)
        outside = distances > 0
        if not self._covers:
            reasons[outside] = SURROUNDINGS
        if self.rule.compound_field and outside.any():
            own = self.table.column(self.rule.compound_field)
            here = compounds(points[outside])
            differs = [not code or str(own[int(self.rows[number])] or "") != code for number, code in zip(numbers[outside].tolist(), here, strict=True)]
            reasons[np.flatnonzero(outside)[np.array(differs, dtype=bool)]] = COMPOUND
        if self._sides:
            split = np.flatnonzero([self._sides[number] in ("left", "right") for number in numbers.tolist()])
            if len(split):
                left = side_of(self.geometry[numbers[split]], points[split])
                wanted = np.array([1.0 if self._sides[number] == "left" else -1.0 for number in numbers[split].tolist()])
                reasons[split[left * wanted < 0]] = SIDE
        return reasons

    def named(self, values: Sequence[Scalar]) -> Ints:
        """The number of the feature that each value names, -1 for none."""
        words = [str(value).strip() if value is not None else "" for value in values]
        found = {word: self.by_code.get(word, -1) for word in set(words) if word}
        return np.array([found.get(word, -1) for word in words], dtype=np.int64)


def side_of(lines: NDArray[np.object_], points: Any) -> Floats:
    """1 where a point lies left of its line as it was drawn, -1 right, 0 on it (to a millimetre)."""
    along = shapely.line_locate_point(lines, points)
    length = shapely.length(lines)
    step = np.minimum(_AHEAD_M, length / 2)
    start, end = (shapely.get_coordinates(shapely.line_interpolate_point(lines, np.clip(at, 0, length))) for at in (along - step, along + step))
    at = shapely.get_coordinates(points)
    ahead, aside = end - start, at - start
    cross = ahead[:, 0] * aside[:, 1] - ahead[:, 1] * aside[:, 0]
    away = np.abs(cross) / np.maximum(np.hypot(ahead[:, 0], ahead[:, 1]), _ALONG)
    return np.asarray(np.where(away < _ALONG, 0.0, np.sign(cross)), dtype=np.float64)


def first_of_each(points: Ints, keys: Sequence[Callable[[Ints], NDArray[Any]]]) -> Ints:
    """Of pairs that belong to `points`, the position of the best pair of each point.

    `keys`: each gives for positions of pairs the numbers of which the smallest wins; a key is asked only where those before it left several.
    """
    rivals = np.bincount(points)[points] if len(points) else points
    left = np.flatnonzero(rivals > 1)
    left = left[np.argsort(points[left], kind="stable")]
    done = [np.flatnonzero(rivals == 1)]
    for key in keys:
        if not len(left):
            break
        values = key(left)
        groups = np.unique(points[left], return_index=True, return_counts=True)
        least = np.repeat(np.minimum.reduceat(values, groups[1]), groups[2])
        left = left[values == least]
        counts = np.unique(points[left], return_counts=True)[1]
        starts = np.cumsum(counts) - counts
        done.append(left[starts[counts == 1]])
        left = left[np.repeat(counts > 1, counts)]
    if len(left):
        done.append(left[np.unique(points[left], return_index=True)[1]])
    return np.concatenate(done)


def _numbers(column: Sequence[Scalar], rows: Sequence[int]) -> Floats:
    return np.array([value if isinstance(value := column[row], int | float) and not isinstance(value, bool) else np.nan for row in rows], dtype=np.float64)
