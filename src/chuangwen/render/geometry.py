"""Geometry as flat arrays: what drawing thousands of features in one go needs, with coarser copies for small scales."""

from __future__ import annotations

from dataclasses import dataclass, field
from math import floor, hypot, log2

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from chuangwen.domain.classes import classify
from chuangwen.domain.feature import Features
from chuangwen.services.paper.colouring import paint_by_value

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

_FINEST = 0.25  # metres: tolerance of the first coarser copy; each further one doubles it
_MANY = 4_000  # so many parts in view are worth a coarser copy of all
_EDGE_SETS = 16
_WORTH = 8  # a vertex every so many tolerances along the outline is not worth a search
_POINT, _LINE, _RING, _AREA = 0, 1, 2, 3  # shapely's numbers of the single kinds


@dataclass(frozen=True)
class Rings:
    """Vertices in rows: `coords` (v, 2) metres, `starts` (r + 1) where each line or ring begins, `parts` (m + 1) where the rings of each part begin."""

    coords: Floats
    starts: Ints
    parts: Ints

    def take(self, picked: Ints) -> Rings:
        """Only the parts `picked`, in that order."""
        rings, parts = ragged(self.parts, picked)
        vertices, starts = ragged(self.starts, rings)
        return Rings(self.coords[vertices], starts, parts)


@dataclass(frozen=True)
class Parts:
    """Single lines or areas: `geometry` (m,), `owner` (m,) the feature each belongs to, `bounds` (m, 4) in metres."""

    geometry: NDArray[np.object_]
    owner: Ints
    bounds: Floats
    _levels: dict[int, Rings] = field(default_factory=dict, compare=False, repr=False)
    _edges: dict[bytes, Parts] = field(default_factory=dict, compare=False, repr=False)
    _middles: dict[int, tuple[float, float, float]] = field(default_factory=dict, compare=False, repr=False)

    def rings(self, picked: Ints, tolerance: float) -> Rings:
        """The vertices of the parts `picked`, without those that matter less than `tolerance` metres."""
        level = floor(log2(tolerance / _FINEST)) if tolerance >= _FINEST else -1
        if len(picked) < _MANY:
            geometry = self.geometry[picked]
            return rings_of(simpler(geometry, tolerance) if self._is_dense(picked, tolerance) else geometry)
        if level not in self._levels:
            self._levels[level] = rings_of(simpler(self.geometry, _FINEST * 2.0**level) if level >= 0 else self.geometry)
        return self._levels[level].take(picked)

    def _is_dense(self, picked: Ints, tolerance: float) -> bool:
        """Whether there are so many vertices that leaving some out is worth the search for them."""
        bounds = self.bounds[picked]
        around = float((bounds[:, 2:] - bounds[:, :2]).sum()) * 2
        return int(shapely.get_num_coordinates(self.geometry[picked]).sum()) * tolerance * _WORTH > around

    def middle(self, position: int) -> tuple[float, float, float]:
        """Middle and radius (metres) of the largest circle inside an area; kept, for it costs more than drawing the area."""
        if position not in self._middles:
            self._middles[position] = roomiest(self.geometry[position])
        return self._middles[position]

    def edges(self, picked: Ints, besides: Ints) -> Parts:
        """The boundaries of the areas `picked` as lines, each once, without those shared with the areas `besides`; kept for the next frame."""
        key = picked.tobytes() + b"|" + besides.tobytes()
        if key not in self._edges:
            if len(self._edges) > _EDGE_SETS:
                self._edges.clear()
            lines = single_edges(self.geometry[picked], self.geometry[besides])
            self._edges[key] = _parts(lines, np.zeros(len(lines), dtype=np.int64))
        return self._edges[key]


@dataclass(frozen=True)
class Points:
    """Single places: `xy` (m, 2) metres, `owner` (m,) the feature each belongs to."""

    xy: Floats
    owner: Ints


@dataclass(frozen=True)
class FlatGeometry:
    """The points, lines and areas of one layer's features in flat arrays, with the class of each feature.

    Made once by `flatten`, used by every frame. `classes` (n,): number of the symbol in `Layer.symbols`, -1 where none fits.
    `paints` (n,): number in `palette`, the (value, colour) pairs of the layer's palette, -1 without. `told`: what labels say, template → the columns
    that were read and feature → text, as far as it was asked.
    """

    points: Points
    lines: Parts
    areas: Parts
    classes: Ints
    paints: Ints
    palette: tuple[tuple[str, str], ...]
    source: NDArray[np.object_] = field(repr=False)
    told: dict[str, tuple[object, dict[int, str]]] = field(default_factory=dict, compare=False, repr=False)


def flatten(features: Features, before: FlatGeometry | None = None) -> FlatGeometry:
    """The geometry of `features` in flat arrays, to be kept beside them and given to `LayerContent`. May run on a worker.

    `before`: that of the features before an edit. Where no geometry changed only the classes are worked out anew.
    """
    geometry = features.geometry
    classes = classify(features, features.layer.symbols)
    if before is not None and len(before.source) == len(geometry) and all(a is b for a, b in zip(before.source, geometry, strict=True)):
        points, lines, areas = before.points, before.lines, before.areas
    else:
        points, lines, areas = _split(geometry)
    paints, palette = paint_by_value(features, areas.geometry, areas.owner)
    return FlatGeometry(points, lines, areas, classes, paints, palette, geometry)


def _split(geometry: NDArray[np.object_]) -> tuple[Points, Parts, Parts]:
    kinds = shapely.get_type_id(geometry)  # -1 where there is none
    single = np.isin(kinds, (_POINT, _LINE, _AREA))
    owner = np.flatnonzero(single)
    parts = geometry[owner]
    kinds = kinds[owner]
    rest = np.flatnonzero(~single & (shapely.get_type_id(geometry) >= 0))
    if len(rest):
        broken, of = shapely.get_parts(geometry[rest], return_index=True)
        while (shapely.get_type_id(broken) > _AREA).any():  # collections within collections
            broken, inner = shapely.get_parts(broken, return_index=True)
            of = of[inner]
        parts = np.concatenate([parts, broken])
        owner = np.concatenate([owner, rest[of]])
        kinds = shapely.get_type_id(parts)
        order = np.argsort(owner, kind="stable")
        parts, owner, kinds = parts[order], owner[order], kinds[order]
    good = ~shapely.is_empty(parts)
    dots = good & (kinds == _POINT)
    areas = good & (kinds == _AREA)
    # One turning sense: filled by winding, overlapping areas drawn in one go do not cancel each other.
    faced = np.asarray(shapely.orient_polygons(parts[areas]), dtype=object)
    return (
        Points(shapely.get_coordinates(parts[dots]), owner[dots]),
        _parts(parts[good & ((kinds == _LINE) | (kinds == _RING))], owner[good & ((kinds == _LINE) | (kinds == _RING))]),
        _parts(faced, owner[areas]),
    )


def _parts(geometry: NDArray[np.object_], owner: Ints) -> Parts:
    return Parts(geometry, owner, np.asarray(shapely.bounds(geometry), dtype=np.float64).reshape(-1, 4))


def simpler(geometry: NDArray[np.object_], tolerance: float) -> NDArray[np.object_]:
    """Lines or areas without the vertices that move an edge by less than `tolerance` metres. What would vanish becomes its bounding rectangle."""
    if tolerance <= 0 or not len(geometry):
        return geometry
    thin: NDArray[np.object_] = np.asarray(shapely.simplify(geometry, tolerance, preserve_topology=False), dtype=object)
    lost = shapely.is_empty(thin) | (shapely.get_type_id(thin) != shapely.get_type_id(geometry))
    if lost.any():
        thin[lost] = geometry[lost]
    return thin


def rings_of(geometry: NDArray[np.object_]) -> Rings:
    """The vertices of single lines or single areas (one kind in the array)."""
    if not len(geometry):
        return Rings(np.empty((0, 2)), np.zeros(1, dtype=np.int64), np.zeros(1, dtype=np.int64))
    _kind, coords, offsets = shapely.to_ragged_array(geometry, include_z=False)
    starts = offsets[0].astype(np.int64)
    parts = offsets[1].astype(np.int64) if len(offsets) > 1 else np.arange(len(geometry) + 1, dtype=np.int64)
    return Rings(coords, starts, parts)


def roomiest(area: BaseGeometry) -> tuple[float, float, float]:
    """Middle and radius of the largest circle inside an area; of a long bar, where many are as large, that at its own middle."""
    x0, y0, x1, y1 = area.bounds
    circle = shapely.maximum_inscribed_circle(area, tolerance=max(min(x1 - x0, y1 - y0) / 40, 1e-6))
    (x, y), (u, v) = shapely.get_coordinates(circle)[[0, -1]].tolist()
    radius = hypot(u - x, v - y)
    centre = shapely.centroid(area)
    free = float(shapely.distance(shapely.boundary(area), centre))
    if free >= 0.85 * radius and shapely.intersects(area, centre):
        return float(centre.x), float(centre.y), free
    return x, y, radius


def ragged(starts: Ints, picked: Ints) -> tuple[Ints, Ints]:
    """Positions of all members of the groups `picked`, and where each group then begins. `starts` (n + 1): where the groups begin now."""
    first = starts[picked]
    lengths = starts[picked + 1] - first
    begins = np.concatenate([[0], np.cumsum(lengths)]).astype(np.int64)
    return np.repeat(first - begins[:-1], lengths) + np.arange(begins[-1]), begins


def single_edges(geometry: NDArray[np.object_], besides: NDArray[np.object_] | None = None) -> NDArray[np.object_]:
    """The boundaries of areas as lines, a boundary shared by two neighbours only once: dashes drawn twice out of step would look solid.

    Left out are those shared with the areas `besides`, which draw them in their own look.
    """
    ends, key = _edges_of(geometry)
    _unique, first = np.unique(key, return_index=True)
    if besides is not None and len(besides):
        first = first[~np.isin(key[first], _edges_of(besides)[1])]
    if not len(first):
        return np.empty(0, dtype=object)
    merged = shapely.line_merge(shapely.multilinestrings(shapely.linestrings(ends[np.sort(first)])))
    return np.asarray(shapely.get_parts(merged), dtype=object)


def _edges_of(geometry: NDArray[np.object_]) -> tuple[Floats, NDArray[np.void]]:
    """(k, 2, 2) straight edges of areas, and (k,) keys that are equal for the same edge in either direction (to the centimetre)."""
    rings = rings_of(geometry)
    inner = np.ones(len(rings.coords), dtype=bool)
    inner[rings.starts[1:] - 1] = False  # the last vertex of a ring starts no edge
    begin = np.flatnonzero(inner)
    ends = np.stack([rings.coords[begin], rings.coords[begin + 1]], axis=1) if len(begin) else np.empty((0, 2, 2))
    grid = np.round(ends * 100).astype(np.int64)
    swap = (grid[:, 0, 0] > grid[:, 1, 0]) | ((grid[:, 0, 0] == grid[:, 1, 0]) & (grid[:, 0, 1] > grid[:, 1, 1]))
    row = np.ascontiguousarray(np.where(swap[:, None, None], grid[:, ::-1], grid).reshape(-1, 4))
    return ends, row.view([("", np.int64)] * 4).reshape(-1)
