"""A zone too large for its sheet is cut into sub-sheets that overlap and meet at match lines, 接图线 (domain.md 6.1). Pure; nothing is drawn here."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import combinations, pairwise

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from chuangwen.domain.geo import Extent

OVERLAP = 10.0
"""Paper that two neighbouring sub-sheets both show, mm; half of it is the least that stays free outside the zone."""
_MOST_CLUSTERS = 12  # a zone of more scattered pieces is cut as one
_SMALL = 0.15  # share of a core: less of the zone than that may be left to the overlap of the neighbours
_TOUCH = 0.01  # metres: edges nearer than that are one


@dataclass(frozen=True, slots=True)
class SubSheet:
    """One sub-sheet. `core`: the ground for which it alone stands; its frame shows that and the overlap around.

    `neighbours`: side (north, east, south, west) → numbers of the sub-sheets that go on there. `match`: side → where the match line runs on the frame:
    mm from its left edge (east, west) or from its top (north, south).
    """

    number: int
    denominator: float
    core: Extent
    neighbours: Mapping[str, tuple[int, ...]] = field(default_factory=dict)
    match: Mapping[str, float] = field(default_factory=dict)

    @property
    def centre(self) -> tuple[float, float]:
        """Of its frame: easting, northing in metres."""
        return self.core.centre


@dataclass(frozen=True, slots=True)
class Cutting:
    """The sub-sheets of a zone, numbered from 1 row by row from the north-west, all on paper turned the same way."""

    landscape: bool
    sheets: tuple[SubSheet, ...]


class TooManySheets(ValueError):
    """A zone needs more sub-sheets than anybody would print: at least `count`."""

    def __init__(self, count: int) -> None:
        super().__init__(count)
        self.count = count


def cut(zone: BaseGeometry, frames: Mapping[bool, tuple[float, float]], scales: Sequence[float], overlap: float = OVERLAP, most: int = 400) -> Cutting:
    """The fewest sub-sheets that show all of `zone` at one of `scales` (the N of 1:N), and of equally many those of the largest scale.

    `frames`: landscape? → width and height of the map frame in mm, for each way the paper may be turned. `overlap` in mm. Parts that lie so far apart that
    no frame holds both get sub-sheets of their own, each at its own best scale. Raises `ValueError` for an empty zone or a frame no larger than the overlap,
    `TooManySheets` where more than `most` are needed at the smallest scale.
    """
    if zone.is_empty or not scales or any(min(size) <= overlap for size in frames.values()):
        raise ValueError(zone)
    least = math.ceil(zone.area / max((width * height for width, height in frames.values())) / (max(scales) / 1000) ** 2)
    if least > most:
        raise TooManySheets(least)
    whole = _whole(Extent(*zone.bounds), frames, sorted(scales), overlap)
    if whole is not None:
        return whole
    sound = zone if zone.is_valid else shapely.make_valid(zone)
    tried = [(landscape, _runs(sound, size, sorted(scales), overlap)) for landscape, size in frames.items()]
    landscape, runs = min(tried, key=lambda one: (*_cost(one[1]), _filled(zone, frames[one[0]])))
    if _cost(runs)[0] > most:
        raise TooManySheets(_cost(runs)[0])
    sheets: list[SubSheet] = []
    for denominator, cores in runs:
        sheets += _joined(denominator, cores, frames[landscape], len(sheets) + 1)
    return Cutting(landscape, tuple(sheets))


def _whole(extent: Extent, frames: Mapping[bool, tuple[float, float]], scales: Sequence[float], overlap: float) -> Cutting | None:
    """The ordinary case: one sheet shows all, at the largest scale at which it does; None where none does."""
    ways = []
    for landscape, (width, height) in frames.items():
        exact = max(extent.width / (width - overlap), extent.height / (height - overlap)) * 1000
        fitting = next((scale for scale in scales if scale >= exact * (1 - 1e-9)), None)
        if fitting is not None:
            ways.append((fitting, exact, landscape))
    if not ways:
        return None
    denominator, _exact, landscape = min(ways)
    return Cutting(landscape, (SubSheet(1, denominator, extent),))


def _cost(runs: list[tuple[float, list[Extent]]]) -> tuple[int, float]:
    """How many sub-sheets, and at what scales."""
    return sum(len(cores) for _scale, cores in runs), sum(scale * len(cores) for scale, cores in runs)


def _filled(zone: BaseGeometry, size: tuple[float, float]) -> float:
    """How tight a zone is in a frame: the smaller, the better it suits."""
    extent = Extent(*zone.bounds)
    return max(extent.width / size[0], extent.height / size[1])


def _runs(zone: BaseGeometry, size: tuple[float, float], scales: Sequence[float], overlap: float) -> list[tuple[float, list[Extent]]]:
    """For each cluster of parts its scale and its cores, from the north-west."""
    width, height = size[0] - overlap, size[1] - overlap

    def cores(part: BaseGeometry, denominator: float) -> list[Extent]:
        return _cores(part, width * denominator / 1000, height * denominator / 1000, overlap * denominator / 1000)

    runs = []
    for cluster in _clusters(zone, lambda part: len(cores(part, scales[-1]))):
        best, found = scales[-1], cores(cluster, scales[-1])
        for larger in reversed(scales[:-1]):
            there = cores(cluster, larger)
            if len(there) > len(found):
                break
            best, found = larger, there
        runs.append((best, found))
    return runs


def _clusters(zone: BaseGeometry, count: Callable[[BaseGeometry], int]) -> list[BaseGeometry]:
    """The parts of a zone, those together that need fewer sub-sheets together; `count` says how many something needs."""
    parts = [part for part in shapely.get_parts(zone).tolist() if _measure(part) > 0] or [zone]
    needs = [count(part) for part in parts]
    if len(parts) > _MOST_CLUSTERS:
        parts, needs = _gathered(parts, needs, count)
    while len(parts) > 1:
        pairs = [(_spread(parts[a], parts[b]), a, b) for a, b in combinations(range(len(parts)), 2)]
        for _spread_of, a, b in sorted(pairs):
            both = shapely.union(parts[a], parts[b])
            together = count(both)
            if together < needs[a] + needs[b]:
                parts = [part for at, part in enumerate(parts) if at not in (a, b)] + [both]
                needs = [need for at, need in enumerate(needs) if at not in (a, b)] + [together]
                break
        else:
            break
    whole = count(zone) if len(parts) > 1 else math.inf
    if whole < sum(needs):
        return [zone]
    return sorted(parts, key=lambda part: (-round(part.bounds[3]), part.bounds[0]))


def _gathered(parts: list[BaseGeometry], needs: list[int], count: Callable[[BaseGeometry], int]) -> tuple[list[BaseGeometry], list[int]]:
    """Many parts: each is taken, from the north-west on, to the first heap that needs no more sub-sheets with it."""
    heaps: list[BaseGeometry] = []
    known: list[int] = []
    for part, need in sorted(zip(parts, needs, strict=True), key=lambda one: (-one[0].bounds[3], one[0].bounds[0])):
        for at, heap in enumerate(heaps):
            both = shapely.union(heap, part)
            if count(both) < known[at] + need:
                heaps[at], known[at] = both, count(both)
                break
        else:
            heaps.append(part)
            known.append(need)
        if len(heaps) > _MOST_CLUSTERS:
            whole = shapely.union_all(parts)
            return [whole], [count(whole)]
    return heaps, known


def _spread(one: BaseGeometry, other: BaseGeometry) -> float:
    joined = Extent(*one.bounds).joined(Extent(*other.bounds))
    return joined.width + joined.height


def _cores(zone: BaseGeometry, width: float, height: float, overlap: float) -> list[Extent]:
    """The cores that share a zone evenly, none larger than `width` × `height` (metres): one grid over all, or rows each as long as the zone is there."""
    extent = Extent(*zone.bounds)
    rows = _even(extent.y0, extent.y1, height)
    grid = [Extent(x0, y0, x1, y1) for y0, y1 in rows for x0, x1 in _even(extent.x0, extent.x1, width)]
    if len(grid) == 1:
        return grid
    by_row = []
    for y0, y1 in rows:
        here = shapely.intersection(zone, shapely.box(extent.x0 - 1, y0, extent.x1 + 1, y1))
        if not here.is_empty:
            by_row += [Extent(x0, y0, x1, y1) for x0, x1 in _even(here.bounds[0], here.bounds[2], width)]
    return min((_needed(zone, cores, width + overlap, height + overlap) for cores in (grid, by_row)), key=len)


def _even(start: float, end: float, most: float) -> list[tuple[float, float]]:
    """A stretch in equal pieces of at most `most`; at least one, however short it is."""
    pieces = max(math.ceil((end - start) / most - 1e-9), 1)
    edges = np.linspace(start, end, pieces + 1).tolist()
    return list(pairwise(edges))


def _needed(zone: BaseGeometry, cores: list[Extent], width: float, height: float) -> list[Extent]:
    """The cores in which some of the zone lies that no frame (`width` × `height` metres) of another shows; from the north-west, row by row."""
    shapely.prepare(zone)
    cores = [cores[at] for at in np.flatnonzero(shapely.intersects(zone, np.array([_box(core) for core in cores]))).tolist()]
    pieces = [shapely.intersection(zone, _box(core)) for core in cores]
    whole = _measure(zone)
    shares = [_measure(piece) if whole else float(not piece.is_empty) for piece in pieces]
    kept = np.array(shares) > 0
    frames = np.array([_box(_around(core, width, height)) for core in cores])
    for at in np.argsort(shares, kind="stable").tolist():
        if kept[at] and shares[at] < _SMALL * cores[at].width * cores[at].height:
            kept[at] = False
            kept[at] = not shapely.union_all(frames[kept & shapely.intersects(frames, pieces[at])]).covers(pieces[at])
    return sorted((cores[at] for at in np.flatnonzero(kept)), key=lambda core: (-core.y1, core.x0))


def _measure(zone: BaseGeometry) -> float:
    """How much of it there is: square metres of an area, metres of a line."""
    return float(zone.area or zone.length)


def _box(extent: Extent) -> BaseGeometry:
    return shapely.box(extent.x0, extent.y0, extent.x1, extent.y1)


def _around(core: Extent, width: float, height: float) -> Extent:
    x, y = core.centre
    return Extent(x - width / 2, y - height / 2, x + width / 2, y + height / 2)


def _joined(denominator: float, cores: list[Extent], size: tuple[float, float], first: int) -> list[SubSheet]:
    """The sub-sheets of some cores, numbered from `first`, each with its neighbours and match lines."""
    found = []
    for at, core in enumerate(cores):
        sides: dict[str, list[int]] = {}
        for other, there in enumerate(cores):
            side = _side(core, there) if other != at else ""
            if side:
                sides.setdefault(side, []).append(first + other)
        half = (core.width * 500 / denominator, core.height * 500 / denominator)
        middle = (size[0] / 2, size[1] / 2)
        lines = {"west": middle[0] - half[0], "east": middle[0] + half[0], "north": middle[1] - half[1], "south": middle[1] + half[1]}
        neighbours = {side: tuple(numbers) for side, numbers in sides.items()}
        found.append(SubSheet(first + at, denominator, core, neighbours, {side: lines[side] for side in neighbours}))
    return found


def _side(core: Extent, other: Extent) -> str:
    """On which side of a core another touches it; '' where it does not, or only at a corner."""
    beside = min(core.y1, other.y1) - max(core.y0, other.y0) > _TOUCH
    above = min(core.x1, other.x1) - max(core.x0, other.x0) > _TOUCH
    if beside and abs(other.x0 - core.x1) < _TOUCH:
        return "east"
    if beside and abs(other.x1 - core.x0) < _TOUCH:
        return "west"
    if above and abs(other.y0 - core.y1) < _TOUCH:
        return "north"
    return "south" if above and abs(other.y1 - core.y0) < _TOUCH else ""
