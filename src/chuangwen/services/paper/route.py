"""The order in which a patrol walks: a short open way through given places (巡查路线). Pure, and the same each time."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

_LONGEST_MOVED = 3  # places in a row that may be carried to another part of the way
_MOST = 600  # more places than this are only joined by nearness
_GAIN = 1e-6  # metres: a smaller gain is chance


def tour(points: NDArray[np.float64], start: tuple[float, float] | None = None) -> list[int]:
    """Positions of `points` (n, 2) metres in the order of a short open way. `start`: where it begins (it is no stop itself); None: at the best of the places.

    Nearest neighbour, then 2-opt and or-opt until neither helps (Croes 1958; Or 1976). Equal distances are decided by position.
    """
    places = np.asarray(points, dtype=np.float64).reshape(-1, 2)
    if len(places) < 2:
        return list(range(len(places)))
    stops = places if start is None else np.vstack([[start], places])
    offsets = stops[:, None, :] - stops[None, :, :]
    apart = np.hypot(offsets[..., 0], offsets[..., 1])
    ends = sorted({int(one) for one in (*places.argmin(axis=0), *places.argmax(axis=0))}) if start is None else [0]
    way = min((_nearest(apart, end) for end in ends), key=lambda one: round(length(stops, one), 3))
    if len(way) <= _MOST:
        while _uncross(way, apart, fixed=start is not None) or _carry(way, apart, fixed=start is not None):
            pass
    found = [int(at) for at in way]
    return found if start is None else [at - 1 for at in found[1:]]


def length(points: NDArray[np.float64], order: Sequence[int] | NDArray[np.intp]) -> float:
    """Metres of the way through places in an order."""
    return float(np.hypot(*np.diff(np.asarray(points)[order], axis=0).T).sum())


def _nearest(apart: NDArray[np.float64], start: int) -> NDArray[np.intp]:
    """From each place to the nearest that is left."""
    left = apart.copy()
    left[:, start] = np.inf
    way = [start]
    while len(way) < len(apart):
        way.append(int(left[way[-1]].argmin()))
        left[:, way[-1]] = np.inf
    return np.array(way)


def _uncross(way: NDArray[np.intp], apart: NDArray[np.float64], *, fixed: bool) -> bool:
    """Turn round the stretch whose turning saves most, over and over; whether anything was saved. An end that is not fixed may be turned too."""
    saved, count = False, len(way)
    padded = np.zeros((count + 2, count + 2))  # beyond both ends: a place that is nowhere, at no distance
    while True:
        padded[1:-1, 1:-1] = apart[np.ix_(way, way)]
        steps = np.diagonal(padded, 1)  # steps[i]: between i - 1 and i of the way
        gain = steps[:-1, None] + steps[None, 1:] - padded[:count, 1 : count + 1] - padded[1 : count + 1, 2:]
        gain = np.triu(gain, 1)
        if fixed:
            gain[0] = 0
        best = int(gain.argmax())
        first, last = divmod(best, count)
        if gain[first, last] <= _GAIN:
            return saved
        way[first : last + 1] = way[first : last + 1][::-1].copy()
        saved = True


def _carry(way: NDArray[np.intp], apart: NDArray[np.float64], *, fixed: bool) -> bool:
    """Carry a stretch of up to three places to where it saves most, as it runs or turned round; whether one was carried."""
    count = len(way)
    best = (_GAIN, 0, 0, 0, False)
    for size in range(1, min(_LONGEST_MOVED, count - 1) + 1):
        for first in range(1 if fixed else 0, count - size + 1):
            rest = np.concatenate([way[:first], way[first + size :]])
            head, tail = way[first], way[first + size - 1]
            before = apart[way[first - 1], head] if first else 0.0
            after = apart[tail, way[first + size]] if first + size < count else 0.0
            closed = apart[way[first - 1], way[first + size]] if first and first + size < count else 0.0
            between = np.concatenate([[0.0], apart[rest[:-1], rest[1:]], [0.0]])
            for turned, (one, other) in ((False, (head, tail)), (True, (tail, head))):
                added = np.concatenate([[0.0], apart[rest, one]]) + np.concatenate([apart[other, rest], [0.0]]) - between
                if fixed:
                    added[0] = np.inf
                at = int(added.argmin())
                gain = before + after - closed - added[at]
                if gain > best[0]:
                    best = (float(gain), first, size, at, turned)
    gain, first, size, at, turned = best
    if gain <= _GAIN:
        return False
    moved = way[first : first + size].copy()
    rest = np.concatenate([way[:first], way[first + size :]])
    way[:] = np.concatenate([rest[:at], moved[::-1] if turned else moved, rest[at:]])
    return True
