"""桩号 and sides of a road: what a patrol writes down must be where it stands."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from shapely.geometry import LineString, MultiLineString, Point
from shapely.geometry.base import BaseGeometry

from chuangwen.services.paper.chainage import Alignment, chainage_text, compass_text, posts, side_text

BENT = LineString([(0, 0), (300, 0), (300, 200)])


def test_metres_from_the_start_and_the_side() -> None:
    """East, then north: north of the first half is left, east of the second is right."""
    road = Alignment.of(BENT)
    along, offset = road.locate(np.array([(100, 12), (100, -8), (310, 150), (280, 150), (-30, 0), (300, 900)]))

    assert [100, 100, 450, 450, 0, 500] == along.tolist()
    assert [12, -8, -10, 20] == offset.tolist()[:4]
    assert ["左侧", "右侧", "右侧", "左侧"] == [side_text(one) for one in offset.tolist()[:4]]
    assert ["北侧", "南侧", "东侧", "西侧"] == [compass_text(road, metres, off) for metres, off in zip(along.tolist(), offset.tolist(), strict=True)][:4]
    assert ("", "") == (side_text(0.2), compass_text(road, 10, 0.2))


def test_the_drawn_direction_is_kept_and_parts_are_joined_in_it() -> None:
    """A line in two parts is one road, also where one was drawn against the other; a gap has no length."""
    road = Alignment.of(MultiLineString([[(0, 0), (100, 0)], [(100, 0), (100, 50)]]))
    assert 150 == road.length
    assert [100, 30] == road.point(130).tolist()

    backwards = Alignment.of(MultiLineString([[(100, 50), (100, 0)], [(0, 0), (100, 0)]]))
    assert (150, [100, 50], [0, 0]) == (backwards.length, backwards.point(0).tolist(), backwards.point(150).tolist())

    parted = Alignment.of(MultiLineString([[(0, 0), (100, 0)], [(160, 0), (260, 0)], [(110, 0), (150, 0)]]))
    assert 240 == parted.length
    assert [[99, 0], [111, 0], [161, 0]] == parted.point(np.array([99.0, 101.0, 141.0])).tolist()
    assert [0.0, 100, 140, 240] == parted.locate(np.array([(-5, 0), (104, 0), (156, 1), (300, 0)]))[0].tolist()


@pytest.mark.parametrize("line", [None, LineString(), Point(1, 1), LineString([(5, 5), (5, 5)])])
def test_what_is_no_line_is_refused(line: BaseGeometry | None) -> None:
    """A section without geometry has no strip map."""
    with pytest.raises(ValueError, match=r"None|EMPTY|POINT|LINESTRING"):
        Alignment.of(line)


def test_posts_stand_at_full_hundreds_and_both_ends() -> None:
    """K0+300 is left out where the road ends at K0+310; a strip has the posts of its stretch."""
    road = Alignment.of(LineString([(0, 0), (310, 0)]))
    assert ["K0+000", "K0+100", "K0+200", "K0+310"] == [one.text for one in posts(road, 0, road.length)]
    assert [("K0+100", (100.0, 0.0))] == [(one.text, one.point) for one in posts(road, 50, 150)]
    assert ["K0+000", "K1+005", "K12+000"] == [chainage_text(metres) for metres in (0, 1004.6, 11999.7)]


@given(st.floats(0, 500), st.floats(-30, 30))
def test_where_a_point_was_put_it_is_found(metres: float, offset: float) -> None:
    """Chainage and offset lead to a place, and the place back to them, away from the bend."""
    if 260 < metres < 340:
        return
    road = Alignment.of(BENT)
    east, north = road.direction(metres)
    place = road.point(metres) + offset * np.array([-north, east])
    along, off = road.locate(place)
    assert (along[0], off[0]) == pytest.approx((metres, offset), abs=1e-6)


def test_a_loop_and_a_doubled_vertex() -> None:
    """A ring road has a start all the same; a vertex given twice harms nothing."""
    ring = Alignment.of(LineString([(0, 0), (100, 0), (100, 0), (100, 100), (0, 100), (0, 0)]))
    assert 400 == ring.length
    assert [1.0, 0.0] == ring.direction(50).tolist()
    assert [0.0, -1.0] == ring.direction(400).tolist()
    along, off = ring.locate(np.array([(50, 10), (50, 90)]))
    assert ([50, 250], [10, 10]) == (along.tolist(), off.tolist())
