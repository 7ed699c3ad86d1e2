"""The ground on which each feature of a rule counts, as exact shapes: what nobody claims, what two claim (domain.md 8.4, SR-64; decision 0066)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import shapely

from chuangwen.domain.responsibility import EXISTING, FORCED, Rule, applies
from chuangwen.exchange.zone_check import areas_of
from chuangwen.progress import Progress

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from chuangwen.domain.categories import Category
    from chuangwen.services.responsibility import Resolver
    from chuangwen.services.responsible_places import Places

_ARC = 32
"""Segments of a quarter of a circle: a ring of 200 m is drawn to 6 cm."""
_MM = 3
_CONTESTED = ("site", "compound", "worksite", "section", "zone", "territory")
"""Layers of which two features with equal right and different units are told as a double."""
_HALF = 0.5


@dataclass(frozen=True, slots=True)
class Overlap:
    """Ground that two features of one rule claim for different units and no rule before it decides. `settled`: what gives it to one of them, `area` (the
    smaller one has it), `distance` (the nearer one) or `code` (the lower code)."""

    rule: Rule
    codes: tuple[str, str]
    units: tuple[str, str]
    settled: str
    shape: shapely.Geometry

    @property
    def area_m2(self) -> float:
        """m²."""
        return float(shapely.area(self.shape))


class Claims:
    """The shapes of a resolver's rules, made once; metres of the project's CRS. What it reads must be in memory when it is used on another thread."""

    def __init__(self, resolver: Resolver) -> None:
        self._resolver = resolver
        self._kept: dict[str, tuple[NDArray[np.object_], shapely.STRtree]] = {}

    def rules(self, chain: Sequence[Category]) -> list[Rule]:
        """The rules that look at places for a category and those above it, in their order."""
        return [one for one in self._resolver.active if one.id not in (EXISTING, FORCED) and one.in_force(self._resolver.day) and applies(one, chain)]

    def of(self, rule: Rule) -> tuple[NDArray[np.object_], shapely.STRtree]:
        """The ground of each feature (None where it has no unit or no place), and a tree of them."""
        if rule.id not in self._kept:
            places = self._resolver.places(rule)
            shapes = self._shapes(places)
            shapes[[number for number, unit in enumerate(places.units) if not unit]] = None
            self._kept[rule.id] = shapes, shapely.STRtree(shapes)
        return self._kept[rule.id]

    def uncovered(self, ground: shapely.Geometry, chain: Sequence[Category], progress: Progress | None = None) -> shapely.Geometry:
        """What of `ground` nobody claims for a category (SR-64: there somebody is to be designated)."""
        if any(one.responsible_unit for one in chain):
            return shapely.Polygon()
        left = ground
        for rule in reversed(self.rules(chain)):  # the widest areas come last in the order, and leave least to do
            if progress is not None:
                progress.at(0)
            left = self._without(left, rule)
            if shapely.is_empty(left):
                break
        return areas_of(left)

    def overlaps(self, ground: shapely.Geometry, chain: Sequence[Category], least_m2: float, progress: Progress | None = None) -> list[Overlap]:
        """All of at least so many m², the largest first; those that only nearness tells apart after the others."""
        if any(one.responsible_unit for one in chain):
            return []
        found: list[Overlap] = []
        before: list[Rule] = []
        for rule in self.rules(chain):
            if progress is not None:
                progress.at(0)
            if rule.layer in _CONTESTED:
                found += self._overlaps(rule, before, ground, least_m2)
            before.append(rule)
        return sorted(found, key=lambda one: (one.settled == "distance", -one.area_m2))

    def _overlaps(self, rule: Rule, before: Sequence[Rule], ground: shapely.Geometry, least_m2: float) -> list[Overlap]:
        places, (shapes, tree) = self._resolver.places(rule), self.of(rule)
        found = []
        for one, other in _pairs(tree, shapes):
            first, second = places.units[one], places.units[other]
            if first is None or second is None or first == second:
                continue
            both = shapely.intersection(shapes[one], shapes[other])
            if shapely.area(both) < least_m2:
                continue
            for earlier in before:
                both = self._without(both, earlier)
            both = areas_of(shapely.intersection(both, ground))
            if shapely.area(both) >= least_m2:
                codes = places.codes[one], places.codes[other]
                found.append(Overlap(rule, codes, (first, second), _settled(places, one, other, both), both))
        return found

    def _without(self, shape: shapely.Geometry, rule: Rule) -> shapely.Geometry:
        shapes, tree = self.of(rule)
        near = tree.query(shape, predicate="intersects")
        return shapely.difference(shape, shapely.union_all(shapes[near])) if len(near) else shape

    def _shapes(self, places: Places) -> NDArray[np.object_]:
        """The features with their reach around, less what of it does not count: the other side of a road, another compound's yard, surroundings."""
        whole = np.full(len(places), None, dtype=object)
        there = np.flatnonzero(places.located)
        whole[there] = shapely.make_valid(places.geometry[there])
        if places.rule.layer == "site" and not self._resolver.rules.covers_surroundings:
            return whole
        wide = there[places.reach[there] > 0]
        whole[wide] = shapely.buffer(whole[wide], places.reach[wide], quad_segs=_ARC)
        cut = {number: pieces for number in there.tolist() if len(pieces := self._cut(places, number, whole[number])) > 1}
        if cut:
            owners = np.repeat(np.array(list(cut), dtype=np.int64), [len(pieces) for pieces in cut.values()])
            parts = np.array([piece for pieces in cut.values() for piece in pieces], dtype=object)
            spots = shapely.point_on_surface(parts)
            distances = np.round(shapely.distance(places.geometry[owners], spots), _MM)
            counts = places.barred(owners, spots, distances, self._resolver.compounds_at) == ""
            for number in cut:
                whole[number] = areas_of(shapely.union_all(parts[(owners == number) & counts]))
        return whole

    def _cut(self, places: Places, number: int, shape: shapely.Geometry) -> list[shapely.Geometry]:
        """Pieces of which each counts or does not count as a whole; the shape itself where nothing cuts it."""
        raw, rule = places.geometry[number], places.rule
        cuts: list[shapely.Geometry] = []
        if rule.side_field and shapely.get_dimensions(raw) == 1 and places.table.column(rule.side_field)[int(places.rows[number])] in ("left", "right"):
            cuts.append(_lengthened(raw, float(places.reach[number])))
        if rule.compound_field and places.reach[number] > 0:
            compounds = self._resolver.view.features("compound")
            near = shapely.intersects(compounds.geometry, shape)
            cuts += [shapely.boundary(raw), *shapely.boundary(compounds.geometry[near]).tolist()]
        if not cuts:
            return [shape]
        lines = shapely.union_all([shapely.boundary(shape), *cuts])
        faces = shapely.get_parts(shapely.polygonize(shapely.get_parts(lines)))
        inside: list[shapely.Geometry] = faces[shapely.intersects(shape, shapely.point_on_surface(faces))].tolist()
        return inside


def _pairs(tree: shapely.STRtree, shapes: NDArray[np.object_]) -> list[tuple[int, int]]:
    numbers = np.flatnonzero([shape is not None for shape in shapes])
    one, other = tree.query(shapes[numbers], predicate="intersects")
    return [(first, second) for first, second in zip(numbers[one].tolist(), other.tolist(), strict=True) if first < second]


def _settled(places: Places, one: int, other: int, both: shapely.Geometry) -> str:
    """The first of the rule's orders that tells two features apart on most of `both`."""
    cores = shapely.intersection(places.geometry[one], places.geometry[other])
    inside = float(shapely.area(shapely.intersection(cores, both))) > _HALF * float(shapely.area(both))
    sizes = places.area[one] != places.area[other]
    for key in places.rule.order:
        if (key == "area" and inside and sizes) or (key == "distance" and not inside):
            return key
    return "code"


def _lengthened(line: shapely.Geometry, by_m: float) -> shapely.Geometry:
    """A line whose ends go on straight, so that it divides the ground around them, too."""
    longer = []
    for part in shapely.get_parts(line).tolist():
        at = shapely.get_coordinates(part)
        if len(at) < 2 or (at[0] == at[-1]).all():
            longer.append(part)
            continue
        head, tail = at[0] - at[1], at[-1] - at[-2]
        start, end = (end + 2 * by_m * way / max(float(np.hypot(*way)), 1e-9) for end, way in ((at[0], head), (at[-1], tail)))
        longer.append(shapely.linestrings(np.vstack([start, at, end])))
    return shapely.union_all(longer)
