"""Lettering inside an area: at its roomiest place within the frame, level where it fits, else along its longer side."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from math import atan2, cos, degrees, hypot, radians, sin

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry import Polygon

from chuangwen.render import fonts
from chuangwen.render.along import Track, Written, straight
from chuangwen.render.placing import Box, Candidate

_SLACK = 0.1  # share of a character that may stand out over the edge
_OUTSIDE_COST = 6.0  # for a label that does not fit inside at all

# Where else to try, in widths and heights of the label.
_TRIES = (
    (0.0, 0.0),
    (0.0, -1.3),
    (0.0, 1.3),
    (-0.5, 0.0),
    (0.5, 0.0),
    (-0.5, -1.3),
    (0.5, 1.3),
    (-0.5, 1.3),
    (0.5, -1.3),
    (0.0, -2.8),
    (0.0, 2.8),
    (-1.0, 0.0),
    (1.0, 0.0),
)


def candidates(area: Polygon, middle: tuple[float, float, float], text: str, size: float, bold: bool, must_fit: bool) -> Iterator[Candidate]:
    """Ways to write `text` in `area` (mm), whose roomiest place is `middle`. `must_fit`: nothing rather than a label that stands out over the edge."""
    x, y, radius = middle
    run = fonts.width(text, size, bold)
    if must_fit and hypot(area.bounds[2] - area.bounds[0], area.bounds[3] - area.bounds[1]) < run:
        return
    shapely.prepare(area)
    level = []
    for number, (dx, dy) in enumerate(_TRIES):
        place = (x + dx * run, y + dy * size)
        if number and not area.contains(shapely.Point(place)):
            continue
        one = straight(text, *place, 0.0, size, bold, number * 0.4)
        if _holds(area, one.boxes, size):
            yield one
        else:
            level.append(one)
    if must_fit and radius < run / 2:  # codes of zones stay level
        yield from _lengthwise(area, x, y, text, size, bold)
    if not must_fit:
        for one in level:
            yield Candidate(one.pieces, one.boxes, one.cost + _OUTSIDE_COST)


def about(x: float, y: float, text: str, size: float, bold: bool, areas: NDArray[np.object_]) -> Iterator[Candidate]:
    """Level places about (x, y), rather between the `areas` (mm) than across them."""
    run = fonts.width(text, size, bold)
    steps = ((dx * run, dy * size) for dx in (0.0, -0.5, 0.5, -1.0, 1.0, -1.5, 1.5) for dy in (0.0, -1.3, 1.3, -2.6, 2.6, -3.9, 3.9, -5.2, 5.2))
    across = []
    for dx, dy in sorted(steps, key=lambda step: hypot(*step)):
        one = straight(text, x + dx, y + dy, 0.0, size, bold, 0.1 * hypot(dx, dy))
        if shapely.intersects(shapely.box(*one.boxes[0]), areas).any():
            across.append(replace(one, cost=one.cost + _OUTSIDE_COST))
        else:
            yield one
    yield from across


def _lengthwise(area: Polygon, x: float, y: float, text: str, size: float, bold: bool) -> Iterator[Candidate]:
    """Along the longer side of what lies about the place: rivers, strips of green."""
    run = fonts.width(text, size, bold)
    around = shapely.clip_by_rect(area, x - run, y - run, x + run, y + run)  # unlike `intersection` it takes areas that cross themselves
    if around.is_empty:
        return
    corners = shapely.get_coordinates(shapely.oriented_envelope(around))
    if len(corners) < 4:
        return
    sides = np.diff(corners[:3], axis=0)
    dx, dy = sides[int(np.argmax(np.hypot(*sides.T)))].tolist()
    angle = degrees(atan2(dy, dx))
    c, s = cos(radians(angle)), sin(radians(angle))
    for along in (0.0, -0.3, 0.3, -0.6, 0.6):
        u, v = x + along * run * c, y + along * run * s
        track = Track(np.array([[u - run * c, v - run * s], [u + run * c, v + run * s]]))
        for one in Written(text, size, bold).at(track, track.length / 2, cost=1.0 + abs(along)):
            if _holds(area, one.boxes, size):
                yield one


def _holds(area: Polygon, boxes: tuple[Box, ...], size: float) -> bool:
    slack = _SLACK * size
    return all(area.contains(shapely.box(x0 + slack, y0 + slack, x1 - slack, y1 - slack)) for x0, y0, x1, y1 in boxes)
