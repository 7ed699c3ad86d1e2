"""Lines as a town draws them: through hand-set points, smoothly, with no more vertices than the curve needs.

All coordinates are metres in the local frame of `plan.py` (x east, y north).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray
from shapely import LineString, MultiLineString, Point, Polygon
from shapely.geometry.base import BaseGeometry
from shapely.ops import substring

Point2 = tuple[float, float]
Array = NDArray[np.float64]
G = TypeVar("G", bound=BaseGeometry)


def _through(p: Array, step: float) -> list[Array]:
    """Centripetal Catmull-Rom pieces between p[1] and p[-2]: such a curve makes no loops and no cusps."""
    pieces: list[Array] = []
    for a, b, c, d in zip(p[:-3], p[1:-2], p[2:-1], p[3:], strict=True):
        t1 = float(np.linalg.norm(b - a)) ** 0.5
        t2 = t1 + float(np.linalg.norm(c - b)) ** 0.5
        t3 = t2 + float(np.linalg.norm(d - c)) ** 0.5
        count = max(2, round(float(np.linalg.norm(c - b)) / step))
        t = np.linspace(t1, t2, count, endpoint=False)[:, None]
        a1 = (t1 - t) / t1 * a + t / t1 * b
        a2 = (t2 - t) / (t2 - t1) * b + (t - t1) / (t2 - t1) * c
        a3 = (t3 - t) / (t3 - t2) * c + (t - t2) / (t3 - t2) * d
        b1 = (t2 - t) / t2 * a1 + t / t2 * a2
        b2 = (t3 - t) / (t3 - t1) * a2 + (t - t1) / (t3 - t1) * a3
        pieces.append((t2 - t) / (t2 - t1) * b1 + (t - t1) / (t2 - t1) * b2)
    return pieces


def spline(points: Sequence[Point2], step: float = 20.0, tolerance: float = 0.4) -> LineString:
    """A smooth line through the points, thinned to `tolerance` metres."""
    if len(points) == 2:
        return LineString(points)
    p = np.asarray(points, float)
    padded = np.vstack([2 * p[0] - p[1], p, 2 * p[-1] - p[-2]])
    return LineString(np.vstack([*_through(padded, step), p[-1:]])).simplify(tolerance)


def longer(line: LineString, by: float) -> LineString:
    """The line with both ends drawn on straight, so that it surely meets the road it should end at."""
    xy = [np.asarray(c) for c in line.coords]
    first, last = xy[0] - xy[1], xy[-1] - xy[-2]
    return LineString([xy[0] + first / np.linalg.norm(first) * by, *xy, xy[-1] + last / np.linalg.norm(last) * by])


def ring(points: Sequence[Point2], step: float = 20.0, tolerance: float = 0.4) -> Polygon:
    """A smooth closed shape through the points."""
    p = np.asarray(points, float)
    padded = np.vstack([p[-1], p, p[0], p[1]])
    return Polygon(np.vstack(_through(padded, step))).simplify(tolerance)


def wobble(rng: np.random.Generator, s: Array, wavelengths: Sequence[float], amplitudes: Sequence[float]) -> Array:
    """Smooth noise along a distance: a few sine waves with random phases, as river banks and ridges have."""
    total = np.zeros_like(s)
    for wavelength, amplitude in zip(wavelengths, amplitudes, strict=True):
        total += amplitude * np.sin(2 * np.pi * s / wavelength + rng.uniform(0, 2 * np.pi))
    return total


def resampled(line: LineString, step: float) -> tuple[Array, Array, Array]:
    """Points every `step` metres: their distances along the line, their coordinates, and the unit normals to the left."""
    s = np.linspace(0, line.length, max(2, round(line.length / step) + 1))
    xy = np.array([line.interpolate(float(d)).coords[0] for d in s])
    tangent = np.gradient(xy, axis=0)
    tangent /= np.linalg.norm(tangent, axis=1, keepdims=True)
    return s, xy, np.column_stack([-tangent[:, 1], tangent[:, 0]])


def beside(line: LineString, distance: float, start: float, end: float) -> LineString:
    """The line moved to its left by `distance`, between two fractions of its length."""
    moved = line.offset_curve(distance, join_style="round")
    if isinstance(moved, MultiLineString):
        moved = max(moved.geoms, key=lambda piece: piece.length)
    return spline([(float(x), float(y)) for x, y in resampled(substring(moved, start, end, normalized=True), 180.0)[1]])


def heading(line: LineString, at: Point) -> float:
    """Direction of the line (radians, counter-clockwise from east) where it passes nearest to a point."""
    d = line.project(at)
    a, b = line.interpolate(max(0.0, d - 1.0)), line.interpolate(min(line.length, d + 1.0))
    return float(np.arctan2(b.y - a.y, b.x - a.x))


def parts(geometry: BaseGeometry, kind: type[G]) -> list[G]:
    """The simple geometries of one kind inside any geometry."""
    pieces = getattr(geometry, "geoms", [geometry])
    return [piece for piece in pieces if isinstance(piece, kind) and not piece.is_empty]
