"""Where the names of units may be written on the responsibility map: the innermost spots of what each has."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

_APART = 1
"""Spots of a unit are at least so many times their room apart: where one is taken by another name, the next may be free."""
_LEAST_CELLS = 2


@dataclass(frozen=True, slots=True)
class NameSpot:
    """`unit`: its number on the map; `x`, `y`: metres; `room`: metres from there to the border of what it has, right and left, up and down."""

    unit: int
    x: float
    y: float
    room: float


def spots_for_names(cells: NDArray[np.int32], corner: tuple[float, float], step: float) -> tuple[NameSpot, ...]:
    """The spots, the roomiest first; a large or scattered unit has several. `cells` (rows, columns): units, below 0 none; `corner`: west, north, metres."""
    depth = _depths(cells)
    west, north = corner
    rows, columns = np.nonzero((depth >= _LEAST_CELLS) & (depth == _highest_near(depth)))
    order = np.argsort(-depth[rows, columns], kind="stable")
    kept: dict[int, list[tuple[int, int, int]]] = {}
    found = []
    for row, column in zip(rows[order].tolist(), columns[order].tolist(), strict=True):
        unit, room = int(cells[row, column]), int(depth[row, column])
        mine = kept.setdefault(unit, [])
        if all(max(abs(row - other), abs(column - beside)) > _APART * reach for other, beside, reach in mine):
            mine.append((row, column, room))
            found.append(NameSpot(unit, west + (column + 0.5) * step, north - (row + 0.5) * step, room * step))
    return tuple(found)


def _depths(cells: NDArray[np.int32]) -> NDArray[np.int32]:
    """For each cell how many times the edge of what its unit has can be taken off before it is gone; 0 where there is no unit."""
    same = np.zeros((4, *cells.shape), dtype=bool)
    same[0, 1:], same[1, :-1] = (upright := cells[1:] == cells[:-1]), upright
    same[2, :, 1:], same[3, :, :-1] = (across := cells[:, 1:] == cells[:, :-1]), across
    inner = same.all(axis=0)
    left = cells >= 0
    depth = left.astype(np.int32)
    while left.any():
        shrunk = left & inner
        shrunk[1:] &= left[:-1]
        shrunk[:-1] &= left[1:]
        shrunk[:, 1:] &= left[:, :-1]
        shrunk[:, :-1] &= left[:, 1:]
        left = shrunk
        depth += left
    return depth


def _highest_near(depth: NDArray[np.int32]) -> NDArray[np.int32]:
    """The greatest depth of each cell and its four neighbours."""
    found = depth.copy()
    found[1:] = np.maximum(found[1:], depth[:-1])
    found[:-1] = np.maximum(found[:-1], depth[1:])
    found[:, 1:] = np.maximum(found[:, 1:], depth[:, :-1])
    found[:, :-1] = np.maximum(found[:, :-1], depth[:, 1:])
    return found
