"""Crossings found from the roads: how people say where a place is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import atan2, degrees, hypot

import numpy as np
import shapely

from chuangwen.domain.feature import Features
from chuangwen.text import _

_SAME = 30.0
"""metres: crossings of a dual carriageway, or of three roads at one place, are one crossing."""
_BEARINGS = (_("北"), _("东北"), _("东"), _("东南"), _("南"), _("西南"), _("西"), _("西北"))
_HERE = 15.0  # metres: nearer than this, a direction says nothing


@dataclass(frozen=True, slots=True)
class Crossing:
    """Where roads of different names meet; `x`, `y` in metres of the project's CRS."""

    roads: tuple[str, ...]
    x: float
    y: float

    @property
    def name(self) -> str:
        """人民路与解放西路路口; the roads of more than two are listed."""
        return _("{roads}路口").format(roads=_("与").join(self.roads) if len(self.roads) == 2 else "、".join(self.roads))


def crossings(roads: Features) -> list[Crossing]:
    """All crossings of named roads."""
    names = [str(name or "") for name in roads.column("name")]
    picked = [at for at in np.flatnonzero(roads.located).tolist() if names[at]]
    lines = roads.geometry[picked]
    if not len(lines):
        return []
    one, other = shapely.STRtree(lines).query(lines, predicate="intersects")
    found: list[tuple[frozenset[str], float, float]] = []
    for a, b in zip(one.tolist(), other.tolist(), strict=True):
        pair = frozenset((names[picked[a]], names[picked[b]]))
        if a < b and len(pair) == 2:
            found += [
                (pair, x, y) for x, y in shapely.get_coordinates(shapely.point_on_surface(shapely.get_parts(shapely.intersection(lines[a], lines[b])))).tolist()
            ]
    return _joined(found)


def _joined(found: Sequence[tuple[frozenset[str], float, float]]) -> list[Crossing]:
    """Meetings within `_SAME` metres of each other made one."""
    if not found:
        return []
    places = np.array([(x, y) for _pair, x, y in found])
    waiting = np.ones(len(found), dtype=bool)
    made = []
    for at in range(len(found)):
        if not waiting[at]:
            continue
        near = np.flatnonzero(waiting & (np.hypot(*(places - places[at]).T) <= _SAME))
        waiting[near] = False
        roads = sorted(frozenset().union(*(found[one][0] for one in near.tolist())))
        made.append(Crossing(tuple(roads), *places[near].mean(axis=0).tolist()))
    return made


def nearest(found: Sequence[Crossing], x: float, y: float, most: int = 3, farthest: float = 800.0) -> tuple[Crossing, ...]:
    """The nearest ones to a place, at most `most`, within `farthest` metres."""
    near = [(hypot(one.x - x, one.y - y), one.roads, one) for one in found]
    return tuple(one for away, _roads, one in sorted(near, key=lambda row: row[:2])[:most] if away <= farthest)


def bearing(x: float, y: float, to_x: float, to_y: float) -> str:
    """东北 120 米: from one place to another; nearer than 15 m only the metres."""
    away = hypot(to_x - x, to_y - y)
    metres = _("{metres} 米").format(metres=round(away))
    if away < _HERE:
        return metres
    return f"{_BEARINGS[round(degrees(atan2(to_x - x, to_y - y)) / 45) % 8]} {metres}"
