"""Codes and names written large in their areas, placed one layer after the other before all small labels of a map."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray

from chuangwen.domain.feature import Features
from chuangwen.render import fonts
from chuangwen.render.clipping import enclosed
from chuangwen.render.geometry import FlatGeometry
from chuangwen.render.spots import open_spot
from chuangwen.render.view import MapView

_TOO_DEAR = 20.0  # of a spot: the word stands out over the edge, or on several symbols
_FITTING = 0.85
"""Share of the words that must have a good place before they are written so large."""
_STEP = 0.92
_WORD_COST, _MARK_COST = 30.0, 3.0
_FINE = 0.3  # mm: what is too fine for finding a place
_CLEAR = 1.2  # mm above and below a word, and beside it, together


@dataclass(frozen=True, slots=True)
class Written:
    """Words of one layer: their `size` in mm, and id → where each stands, as `LayerContent.pinned`."""

    size: float
    pins: Mapping[str, tuple[float, float]]


class LargeWords:
    """What is written so far on a map. `marks` (n, 2): ground places of symbols of `reach` mm that words should not cover."""

    def __init__(self, view: MapView, marks: NDArray[np.float64], reach: float) -> None:
        places = view.to_paper(marks.reshape(-1, 2))
        self._view = view
        self._boxes = np.concatenate([places - reach, places + reach], axis=1)
        self._costs = np.full(len(places), _MARK_COST)

    def write(self, features: Features, flat: FlatGeometry, texts: Sequence[str], size: float, least: float, *, must: bool) -> Written:
        """Place `texts` (one a feature, '' none) in the features that are whole in the frame: all of one size, `size` mm or smaller down to `least`.

        `must`: those without a good place are written all the same; else they are left out.
        """
        spots: dict[int, tuple[float, float, float]] = {}
        forms = self._forms(flat, texts)
        while True:
            spots = {
                owner: open_spot(form, fonts.width(texts[owner], size, True) + _CLEAR, size + _CLEAR, self._boxes, self._costs) for owner, form in forms.items()
            }
            good = sum(cost <= _TOO_DEAR for _x, _y, cost in spots.values())
            if good >= _FITTING * len(spots) or size <= least:
                break
            size = max(size * _STEP, least)
        kept = {owner: (x, y) for owner, (x, y, cost) in spots.items() if must or cost <= _TOO_DEAR}
        pins = {}
        for owner, (x, y) in kept.items():
            half = (fonts.width(texts[owner], size, True) + _CLEAR) / 2, (size + _CLEAR) / 2
            self._boxes = np.concatenate([self._boxes, [[x - half[0], y - half[1], x + half[0], y + half[1]]]])
            self._costs = np.append(self._costs, _WORD_COST)
            ((u, v),) = self._view.to_paper(np.array([flat.areas.middle(self._largest(flat)[owner])[:2]])).tolist()
            pins[features.ids[owner]] = (x - u, y - v)
        return Written(size, pins)

    def _largest(self, flat: FlatGeometry) -> dict[int, int]:
        """Position of a feature → the largest of its parts, where that is whole in the frame."""
        seen = enclosed(flat.areas.bounds, self._view)
        sizes = shapely.area(flat.areas.geometry)
        found: dict[int, int] = {}
        for position, owner in enumerate(flat.areas.owner.tolist()):
            if owner not in found or sizes[position] > sizes[found[owner]]:
                found[owner] = position
        return {owner: position for owner, position in found.items() if seen[position]}

    def _forms(self, flat: FlatGeometry, texts: Sequence[str]) -> dict[int, shapely.Polygon]:
        found = {}
        for owner, position in self._largest(flat).items():
            if texts[owner]:
                found[owner] = shapely.simplify(shapely.transform(flat.areas.geometry[position], self._view.to_paper), _FINE)
        return found
