"""Where named roads cross a section or join it, by chainage (domain.md 6.3). Pure, in metres of the project's CRS."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from chuangwen.domain.feature import Features
from chuangwen.services.paper.chainage import Alignment
from chuangwen.text import _

_TOUCH = 3.0  # metres: a side road that ends so near the section's line joins it
_ALONG = 25.0  # metres: a road that lies on the section for longer than that is the section's own road
_ONE = 40.0  # metres: places of one name nearer than that are one crossing (dual carriageways)
_ARM = 30.0  # metres of a road that are looked at to say on which side it leaves
_STUB = 18.0  # metres: an arm that ends nearer than that is how the lines were joined, no road
_STEEP = 3.0  # metres ahead for one aside: a road that leaves flatter than that goes on ahead


@dataclass(frozen=True, slots=True)
class Crossing:
    """A crossing: metres from the section's start, the other road, and whether that goes on to the left and to the right."""

    metres: float
    name: str
    left: bool
    right: bool

    @property
    def side(self) -> str:
        """两侧, 左侧, 右侧; 顺接 for a road that goes on from the section's end."""
        if self.left and self.right:
            return _("两侧")
        return _("左侧") if self.left else _("右侧") if self.right else _("顺接")


def crossings(road: Alignment, line: BaseGeometry, roads: Features, own: str) -> tuple[Crossing, ...]:
    """The named roads that cross or touch a section, from its start to its end. `own`: the name of the section's road, left out."""
    names = [str(name or "").strip() for name in roads.column("name")]
    near = np.flatnonzero(shapely.dwithin(roads.geometry, line, _TOUCH) & roads.located)
    found: dict[str, list[tuple[float, bool, bool]]] = {}
    for at in near.tolist():
        other = shapely.force_2d(roads.geometry[at])
        if not names[at] or names[at] == own or shapely.intersection(line, shapely.buffer(other, _TOUCH / 2)).length > _ALONG:
            continue
        for place in _places(line, other):
            metres = float(road.locate(place[None])[0][0])
            found.setdefault(names[at], []).append((metres, *_arms(road, other, place)))
    merged = [one for name, places in found.items() for one in _merged(name, sorted(places))]
    return tuple(sorted(merged, key=lambda one: (one.metres, one.name)))


def _places(line: BaseGeometry, other: BaseGeometry) -> list[NDArray[np.float64]]:
    """Where two lines meet, or the nearest place where they nearly do."""
    met = [part for part in shapely.get_parts(shapely.intersection(line, other)).tolist() if not part.is_empty]
    spots = [shapely.line_interpolate_point(part, 0.5, normalized=True) if part.geom_type == "LineString" else part for part in met]
    if not spots:
        spots = [shapely.Point(shapely.shortest_line(line, other).coords[0])]
    return [shapely.get_coordinates(spot)[0] for spot in spots]


def _arms(road: Alignment, other: BaseGeometry, place: NDArray[np.float64]) -> tuple[bool, bool]:
    """Whether a road leaves a crossing to the left and to the right of the section."""
    points = shapely.get_coordinates(shapely.intersection(other, shapely.Point(*place).buffer(_ARM))) - place
    way = road.direction(road.locate(place[None])[0])[0]
    aside = way[0] * points[:, 1] - way[1] * points[:, 0]
    leaves = (np.hypot(*points.T) > _STUB) & (np.abs(points @ way) < _STEEP * np.abs(aside))
    return bool((aside[leaves] > 0).any()), bool((aside[leaves] < 0).any())


def _merged(name: str, places: list[tuple[float, bool, bool]]) -> list[Crossing]:
    groups: list[list[tuple[float, bool, bool]]] = []
    for one in places:
        if groups and one[0] - groups[-1][-1][0] <= _ONE:
            groups[-1].append(one)
        else:
            groups.append([one])
    return [Crossing(float(np.mean([one[0] for one in group])), name, any(one[1] for one in group), any(one[2] for one in group)) for group in groups]
