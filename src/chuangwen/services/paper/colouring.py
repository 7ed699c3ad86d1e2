"""Colours for areas of which no two neighbours may look alike. Pure numbers: what the colours are is the drawing's affair."""

from __future__ import annotations

from collections.abc import Sequence
from heapq import heapify, heappop, heappush

import numpy as np
import shapely
from numpy.typing import NDArray

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
