"""The two kinds of large words on a wall map, placed before all other labels: numbers of zones, and names of streets in pale letters beneath the sections."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
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

_FIRST, _FITTING = 0.5, 0.9
"""Share of the zones that must have room for their number before it is written so large; where the second share asks for less, the first goes on alone."""
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


@dataclass(frozen=True, slots=True)
class Spot:
    """Where a zone's number stands: middle and size, mm."""

    x: float
    y: float
    size: float


class ZoneNumbers:
    """The numbers of zones, each where it covers least, all of one size; of two where small zones would make all too small. `areas`: the zones' parts;
    `names`: what is written in each zone.

    `boxes` (n, 4), mm: what they should not cover, with the cost of each (n,).
    """

    def __init__(self, view: MapView, areas: Parts, names: Sequence[str], sizes: Sizes, boxes: Boxes, costs: NDArray[np.float64]) -> None:
        self._view, self._areas, self._names = view, areas, names
        self._sizes, self._boxes, self._costs = sizes, boxes, costs

    @property
    def least(self) -> float:
        """The smaller size, mm: that of zones which are not whole in the frame too."""
        return min((spot.size for spot in self.spots.values()), default=self._sizes.least)

    @property
    def pins(self) -> dict[int, tuple[float, float]]:
        """Position of the zone → where its number stands, measured from the anchor of its label (`LayerContent.pinned`)."""
        found = {}
        for owner, spot in self.spots.items():
            middle = self._areas.middle(self._largest[owner])
            ((u, v),) = self._view.to_paper(np.array([middle[:2]])).tolist()
            found[owner] = (spot.x - u, spot.y - v)
        return found

    @property
    def boxes(self) -> Boxes:
        """What the numbers cover, (n, 4) mm."""
        wide = [fonts.width(self._names[owner], spot.size, True) / 2 for owner, spot in self.spots.items()]
        found = [(spot.x - half, spot.y - spot.size / 2, spot.x + half, spot.y + spot.size / 2) for spot, half in zip(self.spots.values(), wide, strict=True)]
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
    def spots(self) -> dict[int, Spot]:
        """Position of the zone → where its number stands."""
        forms = {owner: _on_paper(self._areas.geometry[position], self._view) for owner, position in self._largest.items()}
        found: dict[int, Spot] = {}
        steps = self._sizes.steps()
        for share in (_FIRST, _FITTING):
            for size in steps:
                spots, dear = self._at(size, forms)
                if len(dear) <= (1 - _FITTING) * len(forms) or size == steps[-1]:
                    return found | spots
                if len(dear) <= (1 - share) * len(forms):
                    found |= {owner: spot for owner, spot in spots.items() if owner not in dear}
                    forms = {owner: forms[owner] for owner in dear}
                    steps = [one for one in steps if one < size]
                    break
        return found

    def _at(self, size: float, forms: Mapping[int, Polygon]) -> tuple[dict[int, Spot], set[int]]:
        """The best spots for numbers of a size, and those that are not good."""
        found, dear = {}, set()
        for owner, form in forms.items():
            x, y, cost = open_spot(form, fonts.width(self._names[owner], size, True), size, self._boxes, self._costs)
            found[owner] = Spot(x, y, size)
            if cost > _TOO_DEAR:
                dear.add(owner)
        return found, dear


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
