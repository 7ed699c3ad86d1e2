"""Zones whose boundary makes a poor sheet: slivers, holes that no other zone fills, parts far apart."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from chuangwen.domain.feature import Feature, Features
from chuangwen.services.paper.defects import WARNING, Defect, called
from chuangwen.services.paper.sheet import Sheet
from chuangwen.text import _

_THIN = 3.0  # metres: mean width of what is a mistake of drawing rather than a zone
_SMALL = 100.0  # m²
_HOLE = 100.0  # m²: a smaller one is a mistake of drawing that nobody walks into
_APART = 2_000.0  # metres: exclaves nearer than that are usual


def shape_defects(sheets: Sequence[Sheet], zones: Features) -> Iterator[Defect]:
    """Of the zones that the sheets are about, each once."""
    seen: set[str] = set()
    for sheet in sheets:
        zone = sheet.subject
        if zone is None or zone.layer != zones.layer.id or zone.id in seen or zone.geometry is None:
            continue
        seen.add(zone.id)
        for words in (_sliver(zone, zone.geometry), _hole(zone, zone.geometry, zones), _parts(zone, zone.geometry)):
            if words:
                yield Defect(severity=WARNING, kind="shape", words=words, feature=(zone.layer, zone.id), sheet=sheet)


def _sliver(zone: Feature, geometry: BaseGeometry) -> str:
    width = 2 * geometry.area / geometry.length if geometry.length else 0.0
    if width >= _THIN and geometry.area >= _SMALL:
        return ""
    return _("网格 {code} 只有 {area} 平方米、平均宽 {width} 米，像画图时留下的碎片：请核对边界，或并入相邻网格。").format(
        code=called(zone), area=f"{geometry.area:.0f}", width=f"{width:.1f}"
    )


def _hole(zone: Feature, geometry: BaseGeometry, zones: Features) -> str:
    rings = shapely.get_parts(geometry)
    holes = [shapely.polygons(shapely.get_interior_ring(ring, at)) for ring in rings for at in range(max(shapely.get_num_interior_rings(ring), 0))]
    bare = 0.0
    for hole in holes:
        others = [zones.geometry[at] for at in np.flatnonzero(shapely.intersects(hole, zones.geometry)) if zones.ids[at] != zone.id]
        bare += hole.difference(shapely.union_all(others)).area if others else hole.area
    if bare < _HOLE:
        return ""
    return _("网格 {code} 中间有洞（{area} 平方米），洞里不属于任何网格，没有人巡查：请核对边界。").format(code=called(zone), area=f"{bare:.0f}")


def _parts(zone: Feature, geometry: BaseGeometry) -> str:
    """Where a part lies far from all the others."""
    parts = [part for part in shapely.get_parts(geometry) if shapely.area(part) > 0]
    if len(parts) < 2:
        return ""
    gaps = [min(part.distance(other) for other in parts if other is not part) for part in parts]
    if max(gaps) <= _APART:
        return ""
    return _("网格 {code} 的几块相距 {km} 千米，要分成几幅来印：请核对边界，或分成几个网格编号。").format(code=called(zone), km=f"{max(gaps) / 1000:.1f}")
