"""属地: the six streets and their communities, which answer for what nobody else does (domain.md 8.4, rule 9)."""

from __future__ import annotations

from dataclasses import dataclass

from curves import parts
from shapely import Polygon, box, coverage_union_all
from shapely.geometry.base import BaseGeometry
from town import Town
from units import Register
from zones import Zone


@dataclass(frozen=True)
class Territory:
    """A street or a community. `unit`: the unit of the register that answers for it."""

    code: str
    name: str
    level: str
    street: str
    unit: str
    shape: BaseGeometry
    zone: Zone


def make_territories(town: Town, register: Register) -> list[Territory]:
    """Each street, then its communities. A community's area is that of its zone; where a zone has two, they share it along a line from north to south."""
    found: list[Territory] = []
    streets = list(dict.fromkeys(z.street for z in town.zones))
    for n, street in enumerate(streets, start=1):
        mine = [z for z in town.zones if z.street == street]
        found.append(Territory(f"{n:03d}", street, "街道", street, street, coverage_union_all([z.shape for z in mine]), mine[0]))
        number = 0
        for zone in mine:
            names = zone.communities.split("、")
            for name, shape in zip(names, _shared(zone.shape, len(names)), strict=True):
                number += 1
                unit = register.find(name)
                found.append(Territory(f"{n:03d}{number:02d}", name, "社区", street, unit.short if unit else street, shape, zone))
    return found


def _shared(shape: Polygon, count: int) -> list[BaseGeometry]:
    if count == 1:
        return [shape]
    x0, y0, x1, y1 = shape.bounds
    cut = shape.centroid.x
    return [_largest(shape.intersection(box(x0, y0, cut, y1))), _largest(shape.intersection(box(cut, y0, x1, y1)))]


def _largest(shape: BaseGeometry) -> BaseGeometry:
    return max(parts(shape, Polygon), key=lambda p: p.area)
