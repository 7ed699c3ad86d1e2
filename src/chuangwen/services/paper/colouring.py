"""Colours for areas of which no two neighbours may look alike. Pure numbers: what the colours are is the drawing's affair."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import shapely
from numpy.typing import NDArray

_TOUCH = 1.0
"""metres: boundaries that were drawn separately seldom meet to the millimetre."""


def neighbours(areas: NDArray[np.object_]) -> list[set[int]]:
    """For each of the areas (n,), metres, those that touch it; an area without geometry touches none."""
    found: list[set[int]] = [set() for _area in areas]
    if len(areas):
        one, other = shapely.STRtree(areas).query(areas, predicate="dwithin", distance=_TOUCH)
        for a, b in zip(one.tolist(), other.tolist(), strict=True):
            if a != b:
                found[a].add(b)
    return found


def coloured(touching: Sequence[set[int]], colours: int) -> list[int]:
    """A number below `colours` for each member, different from its neighbours' wherever there are enough of them.

    The most constrained member comes first and the least used free colour is taken (Brélaz 1979, DSATUR), so that six colours serve any map of streets
    and all of them are used.
    """
    given: dict[int, int] = {}
    used = [0] * colours
    while len(given) < len(touching):
        taken = [{given[other] for other in others if other in given} for others in touching]
        member = max((one for one in range(len(touching)) if one not in given), key=lambda one: (len(taken[one]), len(touching[one]), -one))
        free = [colour for colour in range(colours) if colour not in taken[member]] or list(range(colours))
        colour = min(free, key=lambda one: (used[one], one))
        given[member] = colour
        used[colour] += 1
    return [given[member] for member in range(len(touching))]
