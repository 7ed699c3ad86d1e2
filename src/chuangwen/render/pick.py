"""Which features lie under a place of the picture."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import shapely
from numpy.typing import NDArray

from chuangwen.domain.geo import Extent
from chuangwen.render import marks
from chuangwen.render.classes import symbol_at
from chuangwen.render.clipping import meeting
from chuangwen.render.content import LayerContent
from chuangwen.render.symbols import allowed, scaled
from chuangwen.render.view import MapView

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]


def pick(content: Sequence[LayerContent], view: MapView, x_mm: float, y_mm: float, tolerance_mm: float = 1.5) -> list[tuple[str, str]]:
    """(layer id, row id) of the visible features at a place of the picture, the topmost first; of one layer the nearest first, then the smallest."""
    x, y = view.to_ground(x_mm, y_mm)
    found: list[tuple[str, str]] = []
    for one in reversed(content):
        if one.is_drawn(view):
            hits = [*_points_at(one, view, x, y, tolerance_mm), *_parts_at(one, view, x, y, tolerance_mm)]
            found += [(one.layer.id, row_id) for row_id in dict.fromkeys(one.features.ids[owner] for owner in hits)]
    return found


def pick_box(content: Sequence[LayerContent], view: MapView, x0: float, y0: float, x1: float, y1: float) -> list[tuple[str, str]]:
    """(layer id, row id) of the visible features that meet a rectangle of the picture (mm), the topmost layer first."""
    frame = shapely.Polygon([view.to_ground(x, y) for x, y in ((x0, y0), (x1, y0), (x1, y1), (x0, y1))])
    box = Extent(*frame.bounds)
    shapely.prepare(frame)
    found: list[tuple[str, str]] = []
    for one in reversed(content):
        if not one.is_drawn(view):
            continue
        flat = one.flat
        inside = shapely.intersects_xy(frame, *flat.points.xy.T)
        owners = [flat.points.owner[inside & allowed(one, flat.points.owner)]]
        for parts in (flat.lines, flat.areas):
            near = np.flatnonzero(meeting(parts.bounds, box) & allowed(one, parts.owner))
            owners.append(parts.owner[near[shapely.intersects(frame, parts.geometry[near])]])
        found += [(one.layer.id, one.features.ids[owner]) for owner in np.unique(np.concatenate(owners)).tolist()]
    return found


def _points_at(one: LayerContent, view: MapView, x: float, y: float, tolerance: float) -> list[int]:
    points = one.flat.points
    if not len(points.owner):
        return []
    reaches = [marks.reach(scaled(symbol, view, lines=False)) for symbol in one.layer.symbols]
    reaches.append(marks.reach(symbol_at((), -1)))  # the plain symbol stands last: number -1
    reach = np.array(reaches)[one.flat.classes[points.owner]] + min(tolerance, 1.0)
    away = np.hypot(points.xy[:, 0] - x, points.xy[:, 1] - y) / view.metres_per_mm
    hit = np.flatnonzero((away <= reach) & allowed(one, points.owner))
    owners: list[int] = points.owner[hit[np.lexsort((points.xy[hit, 1], away[hit]))]].tolist()
    return owners


def _parts_at(one: LayerContent, view: MapView, x: float, y: float, tolerance: float) -> list[int]:
    hits: list[tuple[float, float, int]] = []
    here = shapely.Point(x, y)
    lines, areas = one.flat.lines, one.flat.areas
    if len(lines.owner):
        wide = max((scaled(symbol, view, lines=True).stroke_width for symbol in one.layer.symbols), default=0.0) / 2
        room = (tolerance + wide) * view.metres_per_mm
        near = np.flatnonzero(meeting(lines.bounds, Extent(x, y, x, y).grown(room)) & allowed(one, lines.owner))
        away = shapely.distance(here, lines.geometry[near])
        for position, metres in zip(near.tolist(), away.tolist(), strict=True):
            symbol = scaled(symbol_at(one.layer.symbols, int(one.flat.classes[lines.owner[position]])), view, lines=True)
            if metres / view.metres_per_mm <= tolerance + symbol.stroke_width / 2:
                hits.append((metres, 0.0, int(lines.owner[position])))
    if len(areas.owner):
        near = np.flatnonzero(meeting(areas.bounds, Extent(x, y, x, y)) & allowed(one, areas.owner))
        inside = near[shapely.intersects(areas.geometry[near], here)]
        hits += [(0.0, float(size), int(areas.owner[position])) for position, size in zip(inside, shapely.area(areas.geometry[inside]), strict=True)]
    return [owner for _away, _size, owner in sorted(hits)]
