"""Where the map goes on: at the edge of a sheet, towards each neighbour, the neighbour's code and 图幅号."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from chuangwen.services.paper.frames import Rect
from chuangwen.services.paper.sheet import MapPart

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class EdgeNote:
    """`code` of a neighbour and its sheet's `number`; (x, y) mm in the map's frame, on its edge. `side`: top, bottom, left or right."""

    code: str
    number: int
    x: float
    y: float
    side: str


def edge_notes(subject: BaseGeometry, neighbours: Sequence[tuple[str, int, BaseGeometry]], part: MapPart, place: Rect) -> tuple[EdgeNote, ...]:
    """A note for each neighbour (code, sheet number, area) seen in the frame: where the line from the subject's middle through it leaves the frame."""
    wide, high = place.width * part.denominator / 2000, place.height * part.denominator / 2000
    x, y = part.centre
    frame = shapely.box(x - wide, y - high, x + wide, y + high)
    within = shapely.make_valid(subject).intersection(frame)
    start = np.array((within if not within.is_empty else frame).representative_point().coords[0]) - part.centre
    notes = []
    for code, number, area in neighbours:
        seen = shapely.make_valid(area).intersection(frame)
        if seen.is_empty:
            continue
        through = np.array(seen.representative_point().coords[0]) - part.centre
        east, north, side = _leaving(start, through, wide, high)
        metres_per_mm = part.denominator / 1000
        notes.append(EdgeNote(code, number, (east + wide) / metres_per_mm, (high - north) / metres_per_mm, side))
    return tuple(notes)


def _leaving(start: Floats, through: Floats, wide: float, high: float) -> tuple[float, float, str]:
    """Where the ray from `start` through `through` meets the frame (half sizes `wide`, `high`, metres from its middle)."""
    east, north = (through - start).tolist()
    ways = []
    if east:
        ways.append((((wide if east > 0 else -wide) - start[0]) / east, "right" if east > 0 else "left"))
    if north:
        ways.append((((high if north > 0 else -high) - start[1]) / north, "top" if north > 0 else "bottom"))
    if not ways:
        return float(start[0]), high, "top"
    share, side = min(ways)
    return float(start[0] + share * east), float(start[1] + share * north), side
