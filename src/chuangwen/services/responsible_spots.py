"""Many spots at once, and which features of a rule reach them (decision 0004)."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from functools import cached_property
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from chuangwen.services.responsible_places import HALF_MM, Bools, Floats, Ints, Places

NONE: Ints = np.empty(0, dtype=np.int64)
_FEW = 0.25
_LARGE = 1e8
"""Below a quarter of the spots a tree of their own is made; above so many pairs of a spot and a feature two threads ask."""


class Spots:
    """Many spots as points, and a tree of those that are on the map; `there` (k,) are their numbers."""

    def __init__(self, where: Floats) -> None:
        self.there: Ints = np.flatnonzero(~np.isnan(where).any(axis=1))
        self.points: NDArray[np.object_] = np.full(len(where), None, dtype=object)
        self.points[self.there] = shapely.points(where[self.there])

    @cached_property
    def _tree(self) -> shapely.STRtree:
        """Of the points: each feature asks which of them it reaches, so that its shape is prepared once."""
        return shapely.STRtree(self.points[self.there])

    def reached_by(self, places: Places, fit: Bools) -> tuple[Ints, Ints]:
        """Pairs of a feature's number and the number of a spot among `fit` that it may reach."""
        left = self.there[fit[self.there]]
        few = len(left) < _FEW * len(self.there)  # a tree of what is left costs less than to ask for all
        numbers, tree = (left, shapely.STRtree(self.points[left])) if few else (self.there, self._tree)
        pairs, found = _asked(tree, places)
        points = numbers[found]
        kept = fit[points]
        return pairs[kept], points[kept]


def _asked(tree: shapely.STRtree, places: Places) -> tuple[Ints, Ints]:
    """Ask a tree of spots for those in reach of each feature; of many features two threads ask for half each (GEOS works without Python's lock)."""
    count = len(places)
    if not count:
        return NONE, NONE

    def part(numbers: slice) -> Any:
        return tree.query(places.geometry[numbers], predicate="dwithin", distance=places.reach[numbers] + HALF_MM)

    if count * len(tree) < _LARGE:
        pairs, found = part(slice(None))
        return pairs, found
    tree.query(tree.geometries[0])  # GEOS builds a tree at its first question: that one alone
    half = count // 2
    with ThreadPoolExecutor(1) as other:
        second = other.submit(part, slice(half, None))
        first = part(slice(None, half))
        rest = second.result()
    return np.concatenate([first[0], rest[0] + half]), np.concatenate([first[1], rest[1]])


def with_named(places: Places, spots: Spots, fit: Bools, names: Ints, found: tuple[Ints, Ints, Floats]) -> tuple[Ints, Ints, Floats, Bools]:
    """The pairs and those of spots that are registered under a feature: up to the rule's limit, or whatever the distance where one is not on the map."""
    pairs, points, distances = found
    other = pairs != names[points]
    registered = np.flatnonzero(fit & (names >= 0))
    features = names[registered]
    on_map = np.zeros(len(fit), dtype=bool)
    on_map[spots.there] = True
    both = on_map[registered] & places.located[features]
    far = np.full(len(registered), np.nan)
    far[both] = np.round(shapely.distance(places.geometry[features[both]], spots.points[registered[both]]), 3)
    near = ~both | (far <= places.named_reach[features])
    registered, features, far = registered[near], features[near], far[near]
    return (
        np.concatenate([pairs[other], features]),
        np.concatenate([points[other], registered]),
        np.concatenate([distances[other], far]),
        np.concatenate([np.zeros(int(other.sum()), dtype=bool), np.ones(len(registered), dtype=bool)]),
    )
