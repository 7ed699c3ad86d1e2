"""Where a label stands that somebody moved: at its place, whole, with a line to its feature where that is not clear."""

from __future__ import annotations

from math import hypot

import shapely

from chuangwen.render.along import Track, Written, straight
from chuangwen.render.placing import INSIDE, Box, Candidate, Sheet
from chuangwen.render.wanted import Wanted

_ON_LINE = 3.0  # mm from a line within which a name still follows it
_NEAR = 1.6  # mm between a feature and a label that is seen to belong to it


def moved(label: Wanted, sheet: Sheet) -> Candidate:
    """The pinned label with its middle at anchor + pin, drawn back into the frame where it would be cut.

    A name moved along its line, or up to 3 mm beside it, still follows the line where it fits.
    """
    assert label.pin is not None
    anchor, form, style = label.anchor(), label.form(), label.style
    x, y = anchor[0] + label.pin[0], anchor[1] + label.pin[1]
    if isinstance(form, shapely.MultiLineString):
        followed = _following(label, form, x, y)
        if followed and sheet.inside(followed.boxes):
            return followed
    level = straight(label.text, x, y, 0.0, style.size, style.bold)
    (box,) = level.boxes
    dx, dy = _back(box[0], box[2], sheet.width), _back(box[1], box[3], sheet.height)
    level = straight(label.text, x + dx, y + dy, 0.0, style.size, style.bold)
    (box,) = level.boxes
    cover = shapely.box(*box)
    if form.is_empty or shapely.distance(form, cover) <= _NEAR:
        return level
    start = anchor
    if isinstance(form, shapely.MultiLineString):
        nearest = shapely.get_coordinates(shapely.shortest_line(form, cover))[0].tolist()
        start = (nearest[0], nearest[1])
    return Candidate(level.pieces, level.boxes, leader=(*start, *edge(box, *start)))


def edge(box: Box, x: float, y: float) -> tuple[float, float]:
    """The place of a box that is nearest to (x, y)."""
    left, top, right, bottom = box
    return min(max(x, left), right), min(max(y, top), bottom)


def _back(low: float, high: float, size: float) -> float:
    """How far to move so that low…high lies within the frame; a label wider than the frame begins at its left edge."""
    return max(INSIDE - low, 0.0) or min(max(size - INSIDE - high, INSIDE - low), 0.0)


def _following(label: Wanted, lines: shapely.MultiLineString, x: float, y: float) -> Candidate | None:
    """Along the line that is nearest to (x, y), on the side of it where that lies; None where it is too far off or does not fit."""
    place = shapely.Point(x, y)
    line = min(lines.geoms, key=lambda one: float(one.distance(place)))
    away = float(line.distance(place))
    if away > _ON_LINE:
        return None
    track, at = Track(shapely.get_coordinates(line)), float(line.project(place))
    ways = Written(label.text, label.style.size, label.style.bold).at(track, at, (away, -away))
    return min(ways, key=lambda one: _distance(one, x, y), default=None)


def _distance(candidate: Candidate, x: float, y: float) -> float:
    xs = [value for box in candidate.boxes for value in box[::2]]
    ys = [value for box in candidate.boxes for value in box[1::2]]
    return hypot((min(xs) + max(xs)) / 2 - x, (min(ys) + max(ys)) / 2 - y)
