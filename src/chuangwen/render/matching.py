"""Who gets which place, so that the sum of all ways is least: then no two straight ways cross."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


def matched(cost: Floats) -> Ints:
    """(n,) the column of each row of `cost` (n, m), n ≤ m, with the least sum: the Hungarian method by shortest augmenting paths.

    Source: Kuhn 1955; in this form Jonker and Volgenant 1987. n² passes over a row.
    """
    rows, columns = cost.shape
    row_price, column_price = np.zeros(rows), np.zeros(columns + 1)
    taken_by = np.full(columns + 1, -1)  # the last column stands for: where the new row begins
    came_from = np.zeros(columns + 1, dtype=np.int64)
    for row in range(rows):
        taken_by[columns] = row
        at = columns
        least = np.full(columns, np.inf)
        done = np.zeros(columns + 1, dtype=bool)
        while taken_by[at] >= 0:
            done[at] = True
            here = taken_by[at]
            reduced = cost[here] - row_price[here] - column_price[:columns]
            better = ~done[:columns] & (reduced < least)
            least[better] = reduced[better]
            came_from[:columns][better] = at
            onwards = int(np.argmin(np.where(done[:columns], np.inf, least)))
            step = least[onwards]
            row_price[taken_by[done]] += step
            column_price[done] -= step
            least[~done[:columns]] -= step
            at = onwards
        while at != columns:
            taken_by[at] = taken_by[came_from[at]]
            at = int(came_from[at])
        taken_by[columns] = -1
    found = np.zeros(rows, dtype=np.int64)
    held = np.flatnonzero(taken_by[:columns] >= 0)
    found[taken_by[held]] = held
    return found


def uncrossed(starts: Floats, ends: Floats, given: Ints, alike: NDArray[np.bool_] | None = None) -> Ints:
    """`given` with the ends of crossing ways exchanged until none cross: each exchange is shorter, so it comes to an end.

    `starts` (n, 2), `ends` (m, 2), `given` (n,) the end of each start; `alike` (n, n) which may be exchanged (None: all).
    """
    given = given.copy()
    cross = np.triu(crossing(starts, ends[given]))
    if alike is not None:
        cross &= alike
    for _round in range(20 * len(given) + 8):
        found = int(np.argmax(cross))
        one, other = divmod(found, cross.shape[1])
        if not cross[one, other]:
            break
        given[[one, other]] = given[[other, one]]
        for changed in (one, other):  # only their rows and columns are new
            row = _crossed_by(starts, ends[given], changed)
            if alike is not None:
                row &= alike[changed]
            cross[changed, changed:] = row[changed:]
            cross[:changed, changed] = row[:changed]
    return given


def _crossed_by(starts: Floats, ends: Floats, one: int) -> NDArray[np.bool_]:
    """(n,) which ways cross the way `one`."""
    way, across = ends - starts, ends[one] - starts[one]
    sides = [across[0] * (at[:, 1] - starts[one, 1]) - across[1] * (at[:, 0] - starts[one, 0]) for at in (starts, ends)]
    own = [way[:, 0] * (at[1] - starts[:, 1]) - way[:, 1] * (at[0] - starts[:, 0]) for at in (starts[one], ends[one])]
    return np.asarray((sides[0] * sides[1] < -1e-9) & (own[0] * own[1] < -1e-9))


def crossing(starts: Floats, ends: Floats) -> NDArray[np.bool_]:
    """(n, n) which of the straight ways from `starts` to `ends` (n, 2) cross each other in their inner parts."""
    way = ends - starts
    to_start = starts[None] - starts[:, None]
    to_end = ends[None] - starts[:, None]
    # On which side of way i the start and the end of way j lie.
    left = way[:, None, 0] * to_start[..., 1] - way[:, None, 1] * to_start[..., 0]
    right = way[:, None, 0] * to_end[..., 1] - way[:, None, 1] * to_end[..., 0]
    divides = left * right < -1e-9
    return np.asarray(divides & divides.T)
