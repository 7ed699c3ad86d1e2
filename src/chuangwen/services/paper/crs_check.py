"""Whether the ground of a run lies where its coordinate system says: wrong systems give wrong scales (domain.md 6.1, 7.1)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from math import cos, degrees, radians
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from chuangwen.domain.feature import Feature, Features
from chuangwen.domain.geo import central_meridian, point_scale, zone_number
from chuangwen.services.paper.defects import ERROR, NOTE, WARNING, Defect, listed
from chuangwen.services.paper.sheet import Sheet
from chuangwen.text import _

if TYPE_CHECKING:
    from chuangwen.services.project import Project

_EAST = (100_000.0, 900_000.0)
_NORTH = (1_900_000.0, 6_000_000.0)
"""Metres: where a 3-degree zone without prefix can lie in China, 17° to 54° north."""
_RADIUS = 6_371_000.0
_FAR = 120_000.0  # metres from the central meridian: a kilometre is drawn 18 cm too long
_BEYOND = 1.75  # degrees from the central meridian: the neighbouring zone would fit better, with a quarter to spare for a district on the edge


def crs_defects(project: Project, sheets: Sequence[Sheet]) -> Iterator[Defect]:
    """A system not yet chosen, features outside of it, maps far from its central meridian."""
    if project.store.epsg_is_open:
        yield Defect(severity=ERROR, kind="crs", words=_("项目还没有坐标系：请先导入带坐标的网格、点位或路段。"))
        return
    for layer in project.layers:
        if project.layers[layer].kind == "subject" and project.layers[layer].has_geometry:
            yield from _strays(project.features(layer))
    yield from _far(project.epsg, sheets)


def in_country(features: Features) -> NDArray[np.bool_]:
    """Which features have coordinates of a 3-degree zone in China, (n,); not those without a place."""
    bounds = features.bounds
    return (bounds[:, 0] >= _EAST[0]) & (bounds[:, 2] <= _EAST[1]) & (bounds[:, 1] >= _NORTH[0]) & (bounds[:, 3] <= _NORTH[1])


def _strays(features: Features) -> Iterator[Defect]:
    """Coordinates that cannot be of such a zone."""
    astray: list[Feature] = [features.at(at) for at in np.flatnonzero(features.located & ~in_country(features)).tolist()]
    if not astray:
        return
    x, y = features.bounds[features.index[astray[0].id], :2].tolist()
    words = _("{layer} {codes} 的坐标（东 {x}，北 {y}）不在项目坐标系的范围内{guess}，不会印在正确的位置：请重新导入并选对坐标系。").format(
        layer=features.layer.title, codes=listed(astray), x=f"{x:.0f}", y=f"{y:.0f}", guess=_guess(x, y)
    )
    yield Defect(severity=ERROR, kind="crs", words=words, feature=(features.layer.id, astray[0].id))


def _guess(x: float, y: float) -> str:
    """What the numbers look like."""
    if 70 <= x <= 140 and 0 <= y <= 60:
        return _("，像经纬度")
    if 8_000_000 <= x <= 15_200_000:
        return _("，像网页墨卡托坐标")
    return _("，像带了带号") if 25_000_000 <= x < 46_000_000 else ""


def _far(epsg: int, sheets: Sequence[Sheet]) -> Iterator[Defect]:
    """The sheet farthest from the central meridian, where that is too far."""
    off = [(abs(part.centre[0] - 500_000.0), part.centre, sheet) for sheet in sheets for part in sheet.maps if _EAST[0] <= part.centre[0] <= _EAST[1]]
    if not off:
        return
    metres, (x, y), sheet = max(off, key=lambda one: one[0])
    east = degrees((x - 500_000.0) / (_RADIUS * cos(radians(degrees(y / _RADIUS)))))
    longer = f"{(point_scale(x) - 1) * 100_000:.0f}"
    where = {"degrees": central_meridian(epsg), "km": f"{metres / 1000:.0f}", "longer": longer}
    if abs(east) > _BEYOND:
        better = 3 * zone_number(central_meridian(epsg) + east)
        words = _("图上离中央经线 {degrees}° 有 {km} 千米，每千米多画 {longer} 厘米：这里该用中央经线 {better}° 的坐标系，请用它新建项目。").format(
            better=better, **where
        )
        yield Defect(severity=WARNING, kind="crs", words=words, sheet=sheet)
    elif metres > _FAR:
        words = _("图上离中央经线 {degrees}° 有 {km} 千米，每千米多画 {longer} 厘米，在图上看不出来。").format(**where)
        yield Defect(severity=NOTE, kind="crs", words=words, sheet=sheet)
