"""Colours for areas of which no two neighbours may look alike: as numbers, and by the palette of a layer."""

from __future__ import annotations

from collections.abc import Sequence
from heapq import heapify, heappop, heappush

import numpy as np
import shapely
from numpy.typing import NDArray

from chuangwen.domain.feature import Features
from chuangwen.domain.values import plain

_TOUCH = 1.0
"""metres: boundaries that were drawn separately seldom meet to the millimetre."""


def neighbours(areas: NDArray[np.object_], group: NDArray[np.int64] | None = None, count: int = 0) -> list[set[int]]:
    """For each of the areas (n,), metres, those that touch it; an area without geometry touches none.

    `group` (n,): to which of `count` groups each area belongs (streets of zones), -1 to none; the groups that touch each other are then told.
    """
    group = np.arange(len(areas)) if group is None else group
    found: list[set[int]] = [set() for _one in range(count or len(areas))]
    if len(areas):
        one, other = shapely.STRtree(areas).query(areas, predicate="dwithin", distance=_TOUCH)
        pairs = np.stack([group[one], group[other]], axis=1)
        pairs = pairs[(pairs[:, 0] != pairs[:, 1]) & (pairs >= 0).all(axis=1)]
        for a, b in np.unique(pairs, axis=0).tolist():
            found[a].add(b)
    return found


def coloured(touching: Sequence[set[int]], colours: int) -> list[int]:
    """A number below `colours` for each member, different from its neighbours' wherever there are enough of them.

    The most constrained member comes first and the least used free colour is taken (Brélaz 1979, DSATUR), so that six colours serve any map of streets
    and all of them are used.
    """
    given: dict[int, int] = {}
    used = [0] * colours
    taken: list[set[int]] = [set() for _one in touching]
    waiting = [(0, -len(others), member) for member, others in enumerate(touching)]
    heapify(waiting)
    while waiting:
        constrained, _others, member = heappop(waiting)
        if member in given or -constrained != len(taken[member]):
            continue  # an older entry: a newer one stands further up
        free = [colour for colour in range(colours) if colour not in taken[member]] or list(range(colours))
        colour = given[member] = min(free, key=lambda one: (used[one], one))
        used[colour] += 1
        for other in touching[member]:
            if other not in given and colour not in taken[other]:
                taken[other].add(colour)
                heappush(waiting, (-len(taken[other]), -len(touching[other]), other))
    return [given[member] for member in range(len(touching))]


def paint_by_value(features: Features, areas: NDArray[np.object_], owner: NDArray[np.int64]) -> tuple[NDArray[np.int64], tuple[tuple[str, str], ...]]:
    """Colours by the layer's palette: (n,) number of the pair or -1, and the (value, colour) pairs.

    Areas that touch never have one colour if their values differ, wherever the palette has colours enough (DSATUR; five serve any real map). Where the
    palette names no field each feature is a value of its own, and the pairs are just the colours.
    """
    palette = features.layer.palette
    if palette is None or not palette.colours:
        return np.full(len(features), -1, dtype=np.int64), ()
    if not palette.field:
        given = np.array(coloured(neighbours(areas, owner, len(features)), len(palette.colours)), dtype=np.int64)
        given[np.isin(np.arange(len(features)), owner, invert=True)] = -1
        return given, tuple(("", colour) for colour in palette.colours)
    values = [plain(value) for value in features.column(palette.field)]
    names = sorted(set(values) - {""})
    number_of = {name: number for number, name in enumerate(names)}
    numbers = np.array([number_of.get(value, -1) for value in values], dtype=np.int64)
    chosen = coloured(neighbours(areas, numbers[owner], len(names)) if names else [], len(palette.colours))
    return numbers, tuple((name, palette.colours[colour]) for name, colour in zip(names, chosen, strict=True))
