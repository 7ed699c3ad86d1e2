"""Geometry as a web page carries it: whole steps of a Web Mercator grid, each vertex as its difference from the one before, in few bytes.

A step is a 2^28th of the world's circumference, 13 cm on the ground at 28° N: a pixel at the largest scale of a page. `resources/web/unpack.js` reads what is
written here. Degrees in, EPSG:4490 taken as EPSG:4326 as the whole page does.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

Ints = NDArray[np.int64]
Shapes = NDArray[np.object_]

STEPS = 2**28
"""Steps around the world."""
_DETAIL = 2.0  # steps: what a subject's line may move, a quarter of a metre
_CONTEXT = 8.0  # steps: roads, water and buildings, which are only looked at
_DIMENSIONS = {"point": 0, "line": 1, "polygon": 2}
_AREAS = (int(shapely.GeometryType.POLYGON), int(shapely.GeometryType.MULTIPOLYGON))
_MOST_LATITUDE = 85.0  # degrees: the edge of the Mercator world


def mercator(lon_lat: NDArray[np.float64]) -> NDArray[np.float64]:
    """(n, 2) degrees → (n, 2) steps, y growing southward from the north edge of the world (spherical Web Mercator, EPSG:3857)."""
    latitude = np.radians(np.clip(lon_lat[:, 1], -_MOST_LATITUDE, _MOST_LATITUDE))
    x = (lon_lat[:, 0] / 360.0 + 0.5) * STEPS
    y = (0.5 - np.arcsinh(np.tan(latitude)) / (2 * np.pi)) * STEPS
    return np.stack([x, y], axis=1)


def on_grid(shapes: Sequence[BaseGeometry], is_context: bool) -> Shapes:
    """The shapes in whole steps, with the vertices left out that nobody can see; areas that met still meet."""
    found = np.asarray(shapely.force_2d(np.array(list(shapes), dtype=object)), dtype=object)
    found[shapely.is_missing(found)] = shapely.Point()
    placed = shapely.transform(found, mercator)
    tolerance = _CONTEXT if is_context else _DETAIL
    areas = np.flatnonzero(np.isin(shapely.get_type_id(placed), _AREAS) & ~shapely.is_empty(placed))
    lines = np.flatnonzero(shapely.get_dimensions(placed) == 1)
    if len(areas):
        placed[areas] = _simpler_areas(placed[areas], tolerance)
    if len(lines):
        placed[lines] = shapely.simplify(placed[lines], tolerance)
    return np.asarray(placed, dtype=object)


def _simpler_areas(areas: Shapes, tolerance: float) -> Shapes:
    """Simplified edge by edge where they are a sound coverage; else each on its own, by less than a pixel where the areas are the map's subject.

    Areas that lie in each other (zones of several kinds) are no coverage; what they share is the same line as long as the same vertices stay.
    """
    snapped = shapely.set_precision(areas, 1.0, mode="pointwise")
    if len(snapped) > 1 and shapely.coverage_is_valid(snapped):
        simpler = shapely.coverage_simplify(snapped, tolerance)
    else:
        simpler = shapely.simplify(areas, min(tolerance, _CONTEXT / 2))
    lost = shapely.is_empty(simpler)
    simpler[lost] = areas[lost]
    return np.asarray(simpler, dtype=object)


def varints(numbers: Ints) -> bytes:
    """Whole numbers from 0 on, seven bits a byte, the lowest first; all bytes of a number but its last have the high bit set."""
    numbers = np.asarray(numbers, dtype=np.uint64)
    digits = np.stack([(numbers >> np.uint64(7 * place)) & np.uint64(0x7F) for place in range(5)], axis=1).astype(np.uint8)
    length = np.ones(len(numbers), dtype=np.int64)
    for place in range(1, 5):
        length[numbers >= np.uint64(1 << (7 * place))] = place + 1
    column = np.arange(5)
    digits[column < length[:, None] - 1] |= 0x80
    return bytes(digits[column < length[:, None]].tobytes())


def zigzag(numbers: Ints) -> Ints:
    """Whole numbers of both signs as numbers from 0 on: 0, -1, 1, -2 … → 0, 1, 2, 3 …"""
    return np.where(numbers < 0, -2 * numbers - 1, 2 * numbers)


def packed_shapes(shapes: Sequence[BaseGeometry], geometry: str, is_context: bool) -> bytes:
    """The streams of a layer's geometry, one after the other: runs of a feature, vertices of a run, vertices, and of areas a place inside each.

    A run is a point, a line or a ring without its repeated last vertex; several points, lines or areas of a feature and the holes are further runs.
    """
    placed = on_grid(shapes, is_context)
    parts, owner = shapely.get_parts(placed, return_index=True)
    right = (shapely.get_dimensions(parts) == _DIMENSIONS[geometry]) & ~shapely.is_empty(parts)
    parts, owner = parts[right], owner[right]
    if geometry == "polygon":
        rings, of = shapely.get_rings(parts, return_index=True)
        parts, owner = rings, owner[of]
    coords, run = shapely.get_coordinates(parts, return_index=True)
    points = np.rint(coords).astype(np.int64)
    fresh = np.ones(len(points), dtype=bool)
    if geometry != "point" and len(points):
        same = (np.diff(points, axis=0) == 0).all(axis=1) & (np.diff(run) == 0)
        fresh[1:] = ~same
        if geometry == "polygon":
            fresh[np.append(np.flatnonzero(np.diff(run)), len(run) - 1)] = False
        first = np.flatnonzero(np.diff(run, prepend=-1))
        fresh[first] = True
    points, run = points[fresh], run[fresh]
    lengths = np.bincount(run, minlength=len(parts))
    runs = np.bincount(owner, minlength=len(placed)) if len(parts) else np.zeros(len(placed), dtype=np.int64)
    steps = np.diff(points, axis=0, prepend=np.zeros((1, 2), dtype=np.int64))
    made = varints(runs) + varints(lengths) + varints(zigzag(steps.reshape(-1)))
    return made + _inside(placed) if geometry == "polygon" else made


def _inside(areas: Shapes) -> bytes:
    """A place inside each area, as the difference from the one before."""
    places = shapely.get_coordinates(shapely.point_on_surface(areas))
    there = np.flatnonzero(~shapely.is_empty(areas))
    full = np.zeros((len(areas), 2), dtype=np.int64)
    full[there] = np.rint(places).astype(np.int64)
    return varints(zigzag(np.diff(full, axis=0, prepend=np.zeros((1, 2), dtype=np.int64)).reshape(-1)))


class Texts:
    """All texts of a page, each once. A column is written as numbers: 0 a text not seen before, the next in the list; n + 1 the text n again."""

    def __init__(self) -> None:
        self.known: dict[str, int] = {}

    def packed(self, column: Sequence[str]) -> bytes:
        """The column, a text per feature."""
        known = self.known
        numbers = np.zeros(len(column), dtype=np.int64)
        for place, text in enumerate(column):
            at = known.get(text)
            if at is None:
                known[text] = len(known)
            else:
                numbers[place] = at + 1
        return varints(numbers)
