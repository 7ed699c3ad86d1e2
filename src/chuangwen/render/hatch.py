"""Hatching as plain lines, cut exactly at the edges of the areas: Qt's brush patterns look different on paper and on screen (facts.md 5).

All in grid steps. Every edge is met with the hatch lines at once: the crossings sorted along each line are the ends of its pieces (even-odd rule).
"""

from __future__ import annotations

from math import cos, pi, sin

import numpy as np
from numpy.typing import NDArray

from chuangwen.render.geometry import Rings

Floats = NDArray[np.float64]

ANGLES: dict[str, tuple[float, ...]] = {
    "/": (-pi / 4,),
    "\\": (pi / 4,),
    "x": (-pi / 4, pi / 4),
    "-": (0.0,),
    "|": (pi / 2,),
    "+": (0.0, pi / 2),
    ".": (0.0,),
}
"""Directions of the lines of each hatch, clockwise from the x axis (y down)."""


def lines(rings: Rings, points: Floats, angle: float, spacing: float, origin: tuple[float, float]) -> Floats:
    """(k, 2, 2) pieces of parallel lines inside the areas. `origin` lies on a line: anchored to the ground, the hatch does not swim when the map is moved."""
    along, across = np.array([cos(angle), sin(angle)]), np.array([-sin(angle), cos(angle)])
    place = (points - origin) @ np.stack([along, across], axis=1)
    inner = np.ones(len(points), dtype=bool)
    inner[rings.starts[1:] - 1] = False
    begin = np.flatnonzero(inner)
    part = np.searchsorted(rings.starts[rings.parts], begin, side="right") - 1
    u0, v0, u1, v1 = place[begin, 0], place[begin, 1], place[begin + 1, 0], place[begin + 1, 1]
    # Half open in v: a line through a vertex meets one of its two edges, so crossings always come in pairs.
    first = np.ceil(np.minimum(v0, v1) / spacing).astype(np.int64)
    count = np.ceil(np.maximum(v0, v1) / spacing).astype(np.int64) - first
    edge = np.repeat(np.arange(len(begin)), count)
    ends = np.cumsum(count)
    number = first[edge] + np.arange(len(edge)) - (ends - count)[edge]
    v = number * spacing
    u = u0[edge] + (v - v0[edge]) / (v1[edge] - v0[edge]) * (u1[edge] - u0[edge])
    order = np.lexsort((u, number, part[edge]))
    pieces: Floats = np.stack([u[order], v[order]], axis=1).reshape(-1, 2, 2)
    back: Floats = pieces @ np.stack([along, across]) + np.asarray(origin)
    return back


def dots(pieces: Floats, spacing: float, origin: tuple[float, float]) -> Floats:
    """(k, 2) points at `spacing` on the horizontal `pieces`, every second row shifted by half."""
    if not len(pieces):
        return np.empty((0, 2))
    row = np.rint((pieces[:, 0, 1] - origin[1]) / spacing)
    shift = origin[0] + (row % 2) * spacing / 2
    first = np.ceil((pieces[:, 0, 0] - shift) / spacing).astype(np.int64)
    count = np.maximum(np.floor((pieces[:, 1, 0] - shift) / spacing).astype(np.int64) - first + 1, 0)
    of = np.repeat(np.arange(len(pieces)), count)
    number = first[of] + np.arange(len(of)) - (np.cumsum(count) - count)[of]
    return np.stack([shift[of] + number * spacing, pieces[of, 0, 1]], axis=1)
