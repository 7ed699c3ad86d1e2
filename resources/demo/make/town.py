"""The whole district put together, and where things are in it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from blocks import make_blocks
from buildings import Built, make_buildings
from greens import Green, make_greens
from land import Land, make_land
from roads import Network, Road, make_network
from sections import Section, make_sections
from shapely import Point, STRtree, union_all
from zones import Zone, make_zones


@dataclass(frozen=True)
class Town:
    """Everything that lies on the ground."""

    land: Land
    network: Network
    greens: list[Green]
    built: Built
    zones: list[Zone]
    sections: list[Section]

    @cached_property
    def _road_tree(self) -> STRtree:
        return STRtree([r.line for r in self.network.roads])

    def zone_at(self, point: Point) -> Zone:
        """The zone that holds a point."""
        return next(z for z in self.zones if z.shape.covers(point))

    def road_near(self, point: Point) -> Road:
        """The nearest road."""
        return self.network.roads[int(self._road_tree.nearest(point))]

    def address(self, point: Point) -> str:
        """`人民路128号`: the nearest road, numbered from its beginning, odd numbers on the left."""
        road = self.road_near(point)
        along = road.line.project(point)
        a, b = road.line.interpolate(max(along - 1, 0)), road.line.interpolate(along + 1)
        left = (b.x - a.x) * (point.y - a.y) - (b.y - a.y) * (point.x - a.x) > 0
        return f"{road.name}{int(along / 9) * 2 + (1 if left else 2)}号"


def make_town() -> Town:
    """Lay out the ground, then the roads, the green, the buildings, the zones and the sections."""
    land = make_land()
    network = make_network(land)
    greens = make_greens(land, network)
    built = make_buildings(make_blocks(network, land, union_all([g.shape for g in greens])))
    return Town(land, network, [*greens, *built.fields], built, make_zones(network, land), make_sections(network))
