"""Where an inset stands on its map: in a corner that hides nothing that is numbered."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from chuangwen.services.paper.frames import Rect
from chuangwen.services.paper.inset import dense_corner
from chuangwen.services.paper.sheet import MapPart

CAPTION = 4.2
"""mm above the inset's map for its scale."""
_EDGE = 2.0  # mm from the frame
_SHARES = (0.36, 0.44)  # of the frame's width and height that an inset may take
_SPARED = (20.0, 16.0)  # mm that north arrow (top right) and scale bar (bottom left) keep


@dataclass(frozen=True, slots=True)
class InsetPlace:
    """`part`: the ground shown again; `source`: that ground on the main map, `place`: the inset with its caption; mm of the main map's frame."""

    part: MapPart
    source: Rect
    place: Rect


def inset_place(points: NDArray[np.float64], part: MapPart, frame: Rect) -> InsetPlace | None:
    """The inset of a map frame, None where nothing crowds or no corner is free. `points`: (n, 2) metres of all numbered symbols on it."""
    found = dense_corner(points, part.denominator, (frame.width * _SHARES[0], frame.height * _SHARES[1] - CAPTION)) if len(points) else None
    if found is None:
        return None
    metres_per_mm = part.denominator / 1000
    on_paper = (points - part.centre) * (1 / metres_per_mm, -1 / metres_per_mm) + (frame.width / 2, frame.height / 2)
    ground = found.ground
    x = (ground.x0 - part.centre[0]) / metres_per_mm + frame.width / 2
    y = frame.height / 2 - (ground.y1 - part.centre[1]) / metres_per_mm
    source = Rect(x, y, ground.width / metres_per_mm, ground.height / metres_per_mm)
    wide, high = found.width, found.height + CAPTION
    right, bottom = frame.width - wide - _EDGE, frame.height - high - _EDGE
    for corner in ((right, bottom), (_EDGE, _EDGE), (right, _SPARED[0]), (_EDGE, bottom - _SPARED[1])):
        place = Rect(*corner, wide, high)
        if place.x < 0 or place.y < 0 or _meet(place.inset(-_EDGE), source):
            continue
        hidden = (on_paper >= (place.x - _EDGE, place.y - _EDGE)).all(axis=1) & (on_paper <= (place.right + _EDGE, place.bottom + _EDGE)).all(axis=1)
        if not hidden.any():
            return InsetPlace(MapPart(ground.centre, found.denominator, part.rotation), source, place)
    return None


def _meet(one: Rect, other: Rect) -> bool:
    return one.x < other.right and other.x < one.right and one.y < other.bottom and other.y < one.bottom
