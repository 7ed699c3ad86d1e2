"""Flat arrays → Qt's paths and polygons, without a Python call a vertex.

Scenes lie on a grid of `GRID` steps per millimetre: coordinates are whole numbers, which halves a PDF and makes every device round alike.
"""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import shiboken6
from numpy.typing import NDArray
from PySide6.QtCore import QByteArray, QDataStream
from PySide6.QtGui import QPainterPath, QPolygonF

from chuangwen.render.geometry import Rings
from chuangwen.render.view import MapView

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

GRID = 100
"""Steps per millimetre."""

# How QDataStream writes a QPainterPath: a count, then for each element its kind and place, then where the last subpath begins and the fill rule.
_ELEMENT = np.dtype([("kind", ">i4"), ("x", ">f8"), ("y", ">f8")])
_LINE_TO = 1
_WINDING = (0).to_bytes(4, "big") + (1).to_bytes(4, "big")

_TOGETHER = 8  # small parts in one path: more make Qt's rasteriser slower, fewer cost a Python call each
_SMALL = 4.0  # mm: larger parts have a path of their own
_TILE = 6.0  # mm: small parts drawn together come from one tile


def on_grid(xy: Floats, view: MapView) -> Floats:
    """Ground metres (n, 2) → whole grid steps of the picture (n, 2)."""
    paper = view.to_paper(xy)
    paper *= GRID
    return np.rint(paper, out=paper)


def polygon(points: Floats) -> QPolygonF:
    """A QPolygonF of (n, 2) points, filled through its buffer."""
    made = QPolygonF()
    if len(points):
        made.resize(len(points))
        room = memoryview(shiboken6.VoidPtr(made.data(), 16 * len(points), True)).cast("B")  # type: ignore[arg-type, call-arg]
        room[:] = np.ascontiguousarray(points, dtype=np.float64).data.cast("B")
    return made


def path(points: Floats, starts: Ints) -> QPainterPath:
    """One path of several lines or rings; `starts` (r + 1) says where each begins. Filled by winding."""
    return _paths([(_elements(points, starts), len(points))])[0]


def paths(rings: Rings, points: Floats) -> list[QPainterPath]:
    """Paths of the parts of `rings`, whose vertices lie at `points` (v, 2): small parts that lie together share one."""
    count = len(rings.parts) - 1
    if count == 0:
        return []
    begin, end = rings.starts[rings.parts[:-1]], rings.starts[rings.parts[1:]]
    low, high = np.minimum.reduceat(points, begin), np.maximum.reduceat(points, begin)
    small = (high - low).max(axis=1) < _SMALL * GRID
    tile = np.floor(low / (_TILE * GRID)).astype(np.int64)
    order = np.lexsort((tile[:, 0], tile[:, 1], small))
    rings = Rings(points, rings.starts, rings.parts).take(order)
    begin, end = rings.starts[rings.parts[:-1]].tolist(), rings.starts[rings.parts[1:]].tolist()
    raw = _elements(rings.coords, rings.starts)
    alone = count - int(small.sum())
    cuts = [*range(alone), *range(alone, count, _TOGETHER), count]
    return _paths([(raw[begin[a] * 20 : end[b - 1] * 20], end[b - 1] - begin[a]) for a, b in pairwise(cuts)])


def _elements(points: Floats, starts: Ints) -> bytes:
    made = np.empty(len(points), dtype=_ELEMENT)
    made["x"], made["y"] = points[:, 0], points[:, 1]
    made["kind"] = _LINE_TO
    made["kind"][starts[:-1]] = 0
    return made.tobytes()


def _paths(written: list[tuple[bytes, int]]) -> list[QPainterPath]:
    """Paths of their elements in bytes and how many they are: all read from one stream."""
    stream = QDataStream(QByteArray(b"".join(part for raw, count in written for part in (count.to_bytes(4, "big"), raw, _WINDING))))
    made = [QPainterPath() for _ in written]
    for one in made:
        stream >> one  # Qt's way of reading
    return made
