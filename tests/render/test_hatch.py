"""Hatches are lines that end at the edges."""

from __future__ import annotations

from math import pi

import numpy as np
import pytest
import shapely
from shapely.geometry import Polygon

from chuangwen.render import hatch
from chuangwen.render.geometry import rings_of

HOLED = Polygon([(0, 0), (400, 20), (380, 300), (30, 260)], [[(100, 100), (200, 110), (150, 200)]])


@pytest.mark.parametrize("angle", [0.0, pi / 4, pi / 2, -pi / 4])
def test_every_piece_lies_inside_and_nothing_is_left_out(angle: float) -> None:
    """Pieces stay out of the hole; their length times the spacing is the area."""
    rings = rings_of(np.array([HOLED], dtype=object))
    pieces = hatch.lines(rings, rings.coords, angle, 4.0, (1.0, 1.0))
    assert shapely.covers(HOLED.buffer(1e-6), shapely.linestrings(pieces)).all()
    assert HOLED.area == pytest.approx(float(shapely.length(shapely.linestrings(pieces)).sum()) * 4.0, rel=0.02)


def test_two_areas_do_not_get_connected() -> None:
    """A line leaves one area and enters the next as a new piece."""
    pair = np.array([shapely.box(0, 0, 10, 10), shapely.box(50, 0, 60, 10)], dtype=object)
    rings = rings_of(pair)
    pieces = hatch.lines(rings, rings.coords, 0.0, 3.0, (0.0, 1.0))
    assert [10.0] * len(pieces) == shapely.length(shapely.linestrings(pieces)).tolist()


def test_dots_lie_inside_and_keep_their_spacing() -> None:
    """About one dot for each square of the spacing."""
    rings = rings_of(np.array([HOLED], dtype=object))
    places = hatch.dots(hatch.lines(rings, rings.coords, 0.0, 8.0, (0.0, 0.0)), 8.0, (0.0, 0.0))
    assert shapely.covers(HOLED.buffer(1e-6), shapely.points(places)).all()
    assert HOLED.area / 64 == pytest.approx(len(places), rel=0.05)


def test_an_area_thinner_than_the_spacing_may_stay_empty() -> None:
    """No line, no dot, no error."""
    rings = rings_of(np.array([shapely.box(0, 0.5, 100, 1.5)], dtype=object))
    pieces = hatch.lines(rings, rings.coords, 0.0, 10.0, (0.0, 5.0))
    assert (0, 0) == (len(pieces), len(hatch.dots(pieces, 10.0, (0.0, 5.0))))
