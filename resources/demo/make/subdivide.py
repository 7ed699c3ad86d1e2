"""Cutting a large block into smaller ones by streets, the way old towns and estates grow.

Each cut runs across the long side of what it cuts. Of several candidates the least ugly one is taken: compact pieces,
no thin wedges, and where a street already arrives on the other side of the road, a crossing rather than a stagger.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from curves import parts
from shapely import LineString, Point, Polygon
from shapely.geometry.base import BaseGeometry
from shapely.ops import split

_THINNEST = 0.3  # roundness (1 = circle, 0.79 = square) below which a block would be a sliver


@dataclass(frozen=True)
class Grain:
    """How a quarter is cut: block size (m²), how much a cut turns (degrees), how much it sags (m)."""

    block: float
    turn: float
    sag: float


@dataclass(frozen=True)
class Cut:
    """A new street: its line, and how many cuts came before it in the same quarter (0 = the quarter's spine)."""

    line: LineString
    depth: int


def _long_side(shape: Polygon) -> tuple[np.ndarray, float, float]:
    """Direction of the long side of the smallest box around a shape, and the box's long and short side."""
    corners = np.array(shape.minimum_rotated_rectangle.exterior.coords)
    a, b = corners[1] - corners[0], corners[2] - corners[1]
    if np.linalg.norm(a) < np.linalg.norm(b):
        a, b = b, a
    return a / np.linalg.norm(a), float(np.linalg.norm(a)), float(np.linalg.norm(b))


def _roundness(shape: Polygon) -> float:
    return float(4 * np.pi * shape.area / shape.length**2)


def _candidate(
    shape: Polygon, grain: Grain, rng: np.random.Generator, joints: list[Point], avoid: BaseGeometry, spread: float
) -> tuple[float, LineString, list[Polygon]] | None:
    along, long, _ = _long_side(shape)
    centre = np.array(shape.centroid.coords[0]) + along * long * rng.normal(0, spread)
    angle = np.radians(90 + rng.normal(0, grain.turn))
    across = np.array([along[0] * np.cos(angle) - along[1] * np.sin(angle), along[0] * np.sin(angle) + along[1] * np.cos(angle)])
    middle = centre + along * rng.normal(0, grain.sag)
    reach = 3 * long
    whole = LineString([centre - across * reach, middle, centre + across * reach])
    inside = [p for p in parts(whole.intersection(shape), LineString) if p.distance(Point(middle)) < 1.0]
    if not inside:
        return None
    ends = [Point(inside[0].coords[0]), Point(inside[0].coords[-1])]
    crossings = 0
    for i, end in enumerate(ends):
        near = min(joints, key=end.distance, default=None)
        if near is not None and end.distance(near) < 32 and shape.exterior.distance(near) < 0.02:
            ends[i], crossings = near, crossings + 1
    inner = list(inside[0].coords[1:-1])
    line = LineString([ends[0], *inner, ends[1]])
    if line.length < 25 or line.intersects(avoid) or not shape.buffer(0.5).contains(line):
        return None
    reached = LineString([_beyond(line.coords[1], line.coords[0]), *line.coords[1:-1], _beyond(line.coords[-2], line.coords[-1])])
    pieces = parts(split(shape, reached), Polygon)
    if len(pieces) != 2 or min(_roundness(p) for p in pieces) < _THINNEST:
        return None
    ugliness = sum(1 / max(_roundness(p), 0.05) for p in pieces) + abs(pieces[0].area - pieces[1].area) / shape.area - 0.8 * crossings
    return ugliness, line, pieces


def _beyond(a: tuple[float, ...], b: tuple[float, ...]) -> tuple[float, float]:
    """A point 5 cm past b as seen from a, so that the cut surely reaches the edge."""
    d = np.hypot(b[0] - a[0], b[1] - a[1])
    return (b[0] + (b[0] - a[0]) / d * 0.05, b[1] + (b[1] - a[1]) / d * 0.05)


def subdivide(shape: Polygon, grain: Grain, rng: np.random.Generator, joints: list[Point], avoid: BaseGeometry, depth: int = 0) -> list[Cut]:
    """Streets that cut the shape into blocks of about `grain.block` m². `joints` (existing street ends) grows with every cut."""
    if shape.area < grain.block * rng.uniform(1.35, 1.9):
        return []
    found: list[tuple[float, LineString, list[Polygon]]] = []
    for spread in (0.07, 0.2, 0.35):  # if something lies in the middle, try nearer the ends
        found = found or [c for c in (_candidate(shape, grain, rng, joints, avoid, spread) for _ in range(14)) if c is not None]
    if not found:
        return []
    _, line, pieces = min(found, key=lambda c: c[0])
    joints += [Point(line.coords[0]), Point(line.coords[-1])]
    cuts = [Cut(line, depth)]
    for piece in sorted(pieces, key=lambda p: p.centroid.coords[0]):
        cuts += subdivide(piece, grain, rng, joints, avoid, depth + 1)
    return cuts
