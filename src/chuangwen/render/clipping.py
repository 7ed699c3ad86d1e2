"""What of a layer lies in the frame of a view, turned or not: the quick answer by bounds, and the exact cut."""

from __future__ import annotations

import numpy as np
import shapely
from numpy.typing import NDArray

from chuangwen.domain.geo import Extent
from chuangwen.render.view import MapView

Bools = NDArray[np.bool_]
Floats = NDArray[np.float64]
Geometries = NDArray[np.object_]


def meeting(bounds: Floats, extent: Extent) -> Bools:
    """(m,) which bounds meet an extent."""
    return (bounds[:, 0] <= extent.x1) & (bounds[:, 2] >= extent.x0) & (bounds[:, 1] <= extent.y1) & (bounds[:, 3] >= extent.y0)


def within(bounds: Floats, extent: Extent) -> Bools:
    """(m,) which bounds lie inside an extent."""
    return (bounds[:, 0] >= extent.x0) & (bounds[:, 2] <= extent.x1) & (bounds[:, 1] >= extent.y0) & (bounds[:, 3] <= extent.y1)


def framed(bounds: Floats, view: MapView, beyond: float = 0.0) -> Bools:
    """(m,) which bounds meet the frame, or what lies up to `beyond` mm around it. Of a turned frame its own two directions are asked as well."""
    margin = beyond * view.metres_per_mm
    c, s = view.axes
    meets = meeting(bounds, view.extent.grown(margin * (abs(c) + abs(s))))  # the corner of a turned margin reaches farther than its side
    if view.rotation:
        away, half = _in_frame(bounds, view)
        meets &= (np.abs(away) - half <= _half(view) + margin).all(axis=1)
    return meets


def enclosed(bounds: Floats, view: MapView) -> Bools:
    """(m,) which bounds lie wholly inside the frame."""
    if not view.rotation:
        return within(bounds, view.extent)
    away, half = _in_frame(bounds, view)
    return np.asarray((np.abs(away) + half <= _half(view)).all(axis=1))


def points_framed(xy: Floats, view: MapView, beyond: float = 0.0) -> Bools:
    """(n,) which points lie in the frame, or up to `beyond` mm around it."""
    return framed(np.concatenate([xy, xy], axis=1), view, beyond)


def cut(geometry: Geometries, view: MapView, beyond: float = 0.0) -> Geometries:
    """What of each geometry lies in the frame, or up to `beyond` mm around it; ground coordinates. Empty where nothing does."""
    margin = beyond * view.metres_per_mm
    if not view.rotation:
        extent = view.extent.grown(margin)
        return np.asarray(shapely.clip_by_rect(geometry, extent.x0, extent.y0, extent.x1, extent.y1), dtype=object)
    c, s = view.axes
    turn = np.array([[c, -s], [s, c]])
    width, height = (_half(view) + margin).tolist()
    straight = shapely.transform(geometry, lambda xy: (xy - view.centre) @ turn)
    inside = shapely.clip_by_rect(straight, -width, -height, width, height)
    return np.asarray(shapely.transform(inside, lambda xy: xy @ turn.T + view.centre), dtype=object)


def _half(view: MapView) -> Floats:
    """Half of the frame's width and height, metres."""
    return np.array([view.width, view.height]) * view.metres_per_mm / 2


def _in_frame(bounds: Floats, view: MapView) -> tuple[Floats, Floats]:
    """Along the two directions of a turned frame: (m, 2) where the middles of the bounds lie from its middle, (m, 2) how far they reach; metres."""
    c, s = view.axes
    middle = (bounds[:, :2] + bounds[:, 2:]) / 2 - view.centre
    half = (bounds[:, 2:] - bounds[:, :2]) / 2
    return middle @ np.array([[c, -s], [s, c]]), half @ np.abs(np.array([[c, s], [s, c]]))
