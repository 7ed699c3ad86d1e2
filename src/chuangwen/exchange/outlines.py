"""Whether two shapes are one, and a number by which a shape is known again without being kept."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np
import shapely

from chuangwen.domain.feature import Features
from chuangwen.domain.values import Scalar

if TYPE_CHECKING:
    from numpy.typing import NDArray

SAME_M = 5e-4
"""Shapes nearer than this are the same: half a millimetre."""


def signatures(geometry: NDArray[np.object_]) -> list[Scalar]:
    """A number for each shape (n,), in millimetres, the same for the same shape to a unit; None where there is none."""
    points, owner = shapely.get_coordinates(geometry, return_index=True)
    count = np.bincount(owner, minlength=len(geometry))
    total = np.bincount(owner, weights=points[:, 0] + 2 * points[:, 1], minlength=len(geometry))
    means = np.rint(1000 * total / np.maximum(count, 1))
    numbers = np.where(np.isfinite(means), means, 0).astype(np.int64).tolist()
    return numbers if count.all() else [number if many else None for number, many in zip(numbers, count.tolist(), strict=True)]


def same_signature(one: object, other: object) -> bool:
    """Whether two numbers of `signatures` mean one shape."""
    return one == other or (isinstance(one, int) and isinstance(other, int) and abs(one - other) <= 1)


def different(mine: NDArray[np.object_], theirs: NDArray[np.object_]) -> NDArray[np.bool_]:
    """Where `mine` (n,) has a shape that is not that of `theirs` (n,), by more than half a millimetre."""
    found = (shapely.get_type_id(mine) >= 0) & ~shapely.equals_exact(mine, theirs, tolerance=SAME_M)
    for at in np.flatnonzero(found).tolist():
        found[at] = not _same_shape(mine[at], theirs[at])
    return np.asarray(found, dtype=bool)


def same_codes(codes: Sequence[Scalar] | None, existing: Features) -> dict[int, int]:
    """Row → feature by code, where no code is there twice on either side."""
    if codes is None or _repeats(codes) or _repeats(existing.column("code")):
        return {}
    return {row: existing.by_code[str(code)] for row, code in enumerate(codes) if code is not None and str(code) in existing.by_code}


def same_shapes(values: Mapping[str, Sequence[Scalar]], geometry: NDArray[np.object_], existing: Features) -> dict[int, int]:
    """Row → feature of a base layer with the same shape to the last digit and the same code and name: the same file again."""
    if not len(existing):
        return {}
    names = [name for name in ("code", "name") if name in values]
    homes: dict[tuple[object, ...], list[int]] = defaultdict(list)
    theirs = zip(shapely.to_wkb(existing.geometry).tolist(), *(existing.column(name) for name in names), strict=True)
    for there, key in enumerate(theirs):
        homes[key].append(there)
    mine = zip(shapely.to_wkb(geometry).tolist(), *(values[name] for name in names), strict=True)
    pairs = {}
    for row, key in enumerate(mine):
        if key[0] is not None and homes.get(key):
            pairs[row] = homes[key].pop(0)
    return pairs


def _repeats(values: Sequence[object]) -> bool:
    given = [value for value in values if value is not None]
    return len(set(given)) < len(given)


def _same_shape(one: shapely.Geometry, other: shapely.Geometry | None) -> bool:
    """Whether two shapes lie on each other, whatever a format made of single and multiple parts or of the direction of rings."""
    if other is None or shapely.get_dimensions(one) != shapely.get_dimensions(other):
        return False
    area = abs(one.area - other.area)
    if shapely.get_dimensions(one) == 2:
        one, other = one.boundary, other.boundary
    return area <= max(one.length, 1.0) * SAME_M and bool(shapely.hausdorff_distance(one, other) <= SAME_M)
