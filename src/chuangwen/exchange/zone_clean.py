"""The clean-up of areas whose borders do not meet: what it would change, and the changed shapes. Done only on consent (decision 0039)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
import shapely

from chuangwen.exchange.findings import GAP, OVERLAP, SAME, Cleaning, Finding, Resized
from chuangwen.exchange.shape_checks import thickness
from chuangwen.exchange.zone_check import GRID_M, Limits, Zones, areas_of, check, neighbours

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Shapes = NDArray[np.object_]

_NODE_M = 0.01
"""Nodes nearer than this become one. GEOS moves every node of a coverage by up to this distance, not only those at a fault: half a metre here would straighten
sound borders (a third of the nodes and 24 m² of a border with nodes every quarter of a metre)."""
_WORTH_SAYING_M2 = 0.01
_LOST = 0.5
_ROUNDS = 3


@dataclass(frozen=True, slots=True)
class Cleaned:
    """`geometry` (n) is what the areas would be; those that the project holds (row 0) stay as they are. `cleaning` lists what grows and what shrinks."""

    geometry: Shapes
    cleaning: Cleaning


def clean(zones: Zones, findings: Sequence[Finding], limits: Limits | None = None) -> Cleaned | None:
    """What would be left of `findings` (of `zone_check.check`) if gaps no wider than `limits.snap` and overlaps went to the neighbour with the longest common
    border. None where nothing would change.

    A double is left alone: which of the two is wanted is for people to say. The project's own areas give no ground and take none.
    """
    limits = limits or Limits()
    faults = [one.geometry for one in findings if one.kind in (GAP, OVERLAP)]
    if not faults:
        return None
    there = np.isin(shapely.get_type_id(zones.geometry), (3, 6)) & ~shapely.is_empty(zones.geometry)
    held = np.array([not row for row in zones.rows], dtype=bool)
    doubles = {row for one in findings if one.kind == SAME for row in one.rows[-1:]}
    ours = np.flatnonzero(there & ~held & ~np.array([row in doubles for row in zones.rows], dtype=bool))
    ours = ours[_around(zones.geometry[ours], faults)]
    if not len(ours):
        return None
    geometry = zones.geometry.copy()
    geometry[ours] = _coverage(geometry[ours], limits)
    if (there & held).any():
        geometry[ours] = _beside(geometry[ours], zones.geometry[there & held])
    for _round in range(_ROUNDS):
        strips = _strips(geometry, zones, findings, limits)
        if not strips:
            break
        geometry[ours] = _coverage(_with_strips(geometry[ours], strips), limits)
    for at in ours[~np.isin(shapely.get_type_id(geometry[ours]), (3, 6)) | shapely.is_empty(geometry[ours])].tolist():
        geometry[at] = zones.geometry[at]
    before, after = shapely.area(zones.geometry[ours]), shapely.area(geometry[ours])
    resized = [
        Resized(zones.rows[at], zones.codes[at], float(was), float(now))
        for at, was, now in zip(ours.tolist(), before, after, strict=True)
        if abs(now - was) > _WORTH_SAYING_M2
    ]
    return Cleaned(geometry, Cleaning(tuple(resized))) if resized else None


def _around(shapes: Shapes, faults: Sequence[shapely.Geometry]) -> NDArray[np.int_]:
    """Positions of the areas at a fault, of those whose borders miss each other by less than counts as one, and of the neighbours of both: common borders
    must stay common."""
    tree = shapely.STRtree(shapes)
    missing = np.flatnonzero(~shapely.is_empty(shapely.coverage_invalid_edges(shapes)))
    at_fault = np.union1d(missing, tree.query(np.array(faults, dtype=object), predicate="dwithin", distance=_NODE_M)[1])
    return np.union1d(at_fault, tree.query(shapes[at_fault], predicate="dwithin", distance=_NODE_M)[1])


def _strips(geometry: Shapes, zones: Zones, findings: Sequence[Finding], limits: Limits) -> list[shapely.Geometry]:
    """Narrow gaps that are still there: GEOS closes only those that are shut in all round."""
    if not any(one.kind == GAP for one in findings):
        return []
    left = check(replace(zones, geometry=geometry), limits)
    return [one.geometry for one in left if one.kind == GAP and one.geometry is not None and thickness(one.geometry) <= limits.snap]


def _with_strips(shapes: Shapes, strips: Sequence[shapely.Geometry]) -> Shapes:
    """Each strip joined to the area along the longest part of its border."""
    shapes = shapes.copy()
    for strip, around in zip(strips, neighbours(strips, shapely.STRtree(shapes)), strict=True):
        if around:
            first = around[0][0]
            shapes[first] = areas_of(shapely.union_all([shapes[first], strip], grid_size=GRID_M))
    return shapes


def _coverage(shapes: Shapes, limits: Limits) -> Shapes:
    """GEOS's clean coverage. An area that lies wholly in another would vanish: then the smallest takes what several cover."""
    found = shapely.coverage_clean(shapes, gap_width=limits.snap, snapping_distance=_NODE_M, merge_strategy="longest_border")
    if (shapely.area(found) < _LOST * shapely.area(shapes)).any():
        smallest = shapely.coverage_clean(shapes, gap_width=limits.snap, snapping_distance=_NODE_M, merge_strategy="min_area")
        if shapely.is_empty(smallest).sum() < shapely.is_empty(found).sum() or not shapely.is_empty(smallest).any():
            found = smallest
    same = shapely.equals_exact(shapely.normalize(found), shapely.normalize(shapes), tolerance=1e-9)
    return np.where(same, shapes, found)


def _beside(shapes: Shapes, held: Shapes) -> Shapes:
    """Shapes without the ground that the project's own areas cover."""
    shapes = shapes.copy()
    mine, theirs = shapely.STRtree(held).query(shapes, predicate="intersects")
    for at in np.unique(mine).tolist():
        left = shapely.difference(shapes[at], shapely.union_all(held[theirs[mine == at]]))
        shapes[at] = areas_of(left) if shapely.area(left) > 0 else shapes[at]
    return shapes
