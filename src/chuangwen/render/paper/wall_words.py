"""The two kinds of large words on a wall map, placed before all other labels: numbers of zones, and names of streets in pale letters beneath the sections."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry import Polygon

from chuangwen.render import fonts
from chuangwen.render.clipping import enclosed
from chuangwen.render.geometry import Parts
from chuangwen.render.paper import wall_layers
from chuangwen.render.paths import GRID
from chuangwen.render.primitives import Item, Word
from chuangwen.render.spots import open_spot
from chuangwen.render.view import MapView
from chuangwen.services.paper.wall import Street

Boxes = NDArray[np.float64]

_FITTING = 0.9
"""Share of the zones that must have room for their number before it is written so large."""
_TOO_DEAR = 7.0  # of a spot: the word stands out over the edge, or on a symbol
_STEP = 0.9


@dataclass(frozen=True, slots=True)
class Sizes:
    """The largest and the smallest size of a word, mm."""

    largest: float
    least: float

    def steps(self) -> list[float]:
        """From the largest down to the least."""
        found = [self.largest]
        while found[-1] * _STEP > self.least:
            found.append(found[-1] * _STEP)
        return [*found, self.least]


class ZoneNumbers:
    """The numbers of zones, all of one size, each where it covers least. `areas`: the zones' parts; `names`: what is written in each zone.

    `boxes` (n, 4), mm: what they should not cover, with the cost of each (n,).
    """

    def __init__(self, view: MapView, areas: Parts, names: Sequence[str], sizes: Sizes, boxes: Boxes, costs: NDArray[np.float64]) -> None:
        self._view, self._areas, self._names = view, areas, names
        self._sizes, self._boxes, self._costs = sizes, boxes, costs

    @cached_property
    def size(self) -> float:
        """mm."""
        return self._best[0]

    @property
    def pins(self) -> dict[int, tuple[float, float]]:
        """Position of the zone → where its number stands, measured from the anchor of its label (`LayerContent.pinned`)."""
        found = {}
        for owner, (x, y) in self._best[1].items():
            middle = self._areas.middle(self._largest[owner])
            ((u, v),) = self._view.to_paper(np.array([middle[:2]])).tolist()
            found[owner] = (x - u, y - v)
        return found

    @property
    def boxes(self) -> Boxes:
        """What the numbers cover, (n, 4) mm."""
        half = self.size / 2
        found = [
            (x - fonts.width(self._names[owner], self.size, True) / 2, y - half, x + fonts.width(self._names[owner], self.size, True) / 2, y + half)
            for owner, (x, y) in self._best[1].items()
        ]
        return np.array(found).reshape(-1, 4)

    @cached_property
    def _largest(self) -> dict[int, int]:
        """Zone → the largest of its parts, where all of it is in the frame."""
        seen = enclosed(self._areas.bounds, self._view)
        found: dict[int, int] = {}
        sizes = shapely.area(self._areas.geometry)
        for position, owner in enumerate(self._areas.owner.tolist()):
            if owner not in found or sizes[position] > sizes[found[owner]]:
                found[owner] = position
        return {owner: position for owner, position in found.items() if seen[position] and self._names[owner]}

    @cached_property
    def _best(self) -> tuple[float, dict[int, tuple[float, float]]]:
        forms = {owner: _on_paper(self._areas.geometry[position], self._view) for owner, position in self._largest.items()}
        for size in (steps := self._sizes.steps()):
            found, dear = {}, 0
            for owner, form in forms.items():
                x, y, cost = open_spot(form, fonts.width(self._names[owner], size, True), size, self._boxes, self._costs)
                found[owner] = (x, y)
                dear += cost > _TOO_DEAR
            if dear <= (1 - _FITTING) * len(forms) or size == steps[-1]:
                return size, found
        return steps[-1], {}


def street_names(view: MapView, streets: Sequence[Street], sizes: Sizes, boxes: Boxes, costs: NDArray[np.float64]) -> list[Item]:
    """The names of streets as large as their ground allows, clear of what matters."""
    found: list[Item] = []
    for street in streets:
        form = _largest_part(_on_paper(street.area, view), view)
        if form is None:
            continue
        for size in sizes.steps():
            wide = fonts.width(street.name, size, True)
            x, y, cost = open_spot(form, wide, size, boxes, costs)
            if cost <= _TOO_DEAR:
                left, base = x - wide / 2, y + (fonts.ASCENT - fonts.DESCENT) / 2 * size
                colour = wall_layers.name_colour(street, view.mono)
                found.append(Word(street.name, round(left * GRID), round(base * GRID), 0.0, size, True, colour, "", 0.0))
                break
    return found


def _on_paper(area: shapely.geometry.base.BaseGeometry, view: MapView) -> shapely.geometry.base.BaseGeometry:
    """An area in mm, without what is too fine for finding a place."""
    return shapely.simplify(shapely.transform(area, view.to_paper), 0.3)


def _largest_part(area: shapely.geometry.base.BaseGeometry, view: MapView) -> Polygon | None:
    """Of what is seen of an area the largest piece."""
    seen = shapely.get_parts(shapely.clip_by_rect(area, 0, 0, view.width, view.height))
    pieces = [piece for piece in seen if isinstance(piece, Polygon) and not piece.is_empty]
    return max(pieces, key=lambda piece: piece.area, default=None)
