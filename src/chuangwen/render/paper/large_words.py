"""Codes and names written large in their areas, placed one layer after the other before all small labels of a map."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry import Polygon

from chuangwen.domain.feature import Features
from chuangwen.render import fonts
from chuangwen.render.clipping import enclosed
from chuangwen.render.geometry import FlatGeometry
from chuangwen.render.spots import open_spot
from chuangwen.render.view import MapView

Floats = NDArray[np.float64]

_TOO_DEAR = 20.0  # of a spot: the word stands out over the edge, or on several symbols
_FITTING = 0.85
"""Share of the words that must have a good place before they are written so large."""
_STEP = 0.85
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

    def __init__(self, view: MapView, marks: Floats, reach: float) -> None:
        places = view.to_paper(marks.reshape(-1, 2))
        self._view = view
        self._boxes = np.concatenate([places - reach, places + reach], axis=1)
        self._costs = np.full(len(places), _MARK_COST)

    def write(self, features: Features, flat: FlatGeometry, texts: Sequence[str], size: float, least: float, *, must: bool) -> Written:
        """Place `texts` (one a feature, '' none) in the features that are whole in the frame: all of one size, `size` mm or smaller down to `least`.

        `must`: those without a good place are written all the same; else they are left to look for themselves.
        """
        largest = self._largest(flat)
        forms = {owner: self._form(flat, position) for owner, position in largest.items() if texts[owner]}
        order = sorted(forms, key=lambda owner: forms[owner].area)
        while True:
            spots, boxes, costs = self._tried(forms, order, texts, size, must)
            good = sum(cost <= _TOO_DEAR for _x, _y, cost in spots.values())
            if good >= _FITTING * len(spots) or size <= least:
                break
            size = max(size * _STEP, least)
        self._boxes, self._costs = boxes, costs
        pins = {}
        for owner, (x, y, cost) in spots.items():
            if must or cost <= _TOO_DEAR:
                ((u, v),) = self._view.to_paper(np.array([flat.areas.middle(largest[owner])[:2]])).tolist()
                pins[features.ids[owner]] = (x - u, y - v)
        return Written(size, pins)

    def _tried(
        self, forms: Mapping[int, Polygon], order: Sequence[int], texts: Sequence[str], size: float, must: bool
    ) -> tuple[dict[int, tuple[float, float, float]], Floats, Floats]:
        """Spots of the words in one size, each clear of those before it, the smallest area first; what is covered then."""
        boxes, costs, spots = self._boxes, self._costs, {}
        for owner in order:
            wide, high = fonts.width(texts[owner], size, True) + _CLEAR, size + _CLEAR
            x, y, cost = spots[owner] = open_spot(forms[owner], wide, high, boxes, costs)
            if must or cost <= _TOO_DEAR:
                boxes = np.concatenate([boxes, [[x - wide / 2, y - high / 2, x + wide / 2, y + high / 2]]])
                costs = np.append(costs, _WORD_COST)
        return spots, boxes, costs

    def _largest(self, flat: FlatGeometry) -> dict[int, int]:
        """Position of a feature → the largest of its parts, where that is whole in the frame."""
        seen = enclosed(flat.areas.bounds, self._view)
        sizes = shapely.area(flat.areas.geometry)
        found: dict[int, int] = {}
        for position, owner in enumerate(flat.areas.owner.tolist()):
            if owner not in found or sizes[position] > sizes[found[owner]]:
                found[owner] = position
        return {owner: position for owner, position in found.items() if seen[position]}

    def _form(self, flat: FlatGeometry, position: int) -> Polygon:
        return shapely.simplify(shapely.transform(flat.areas.geometry[position], self._view.to_paper), _FINE)
