"""The view: ground to paper and back, at a true scale."""

from __future__ import annotations

import numpy as np
import pytest
import shapely
import shapely.affinity
from hypothesis import example, given
from hypothesis import strategies as st

from chuangwen.domain.geo import Extent
from chuangwen.render.clipping import cut, enclosed, framed, points_framed
from chuangwen.render.view import MapView
from tests.render.build import EAST, NORTH, view


def test_a_distance_on_paper_times_the_scale_is_the_distance_on_the_ground() -> None:
    """125 m at 1:2 500 are 50 mm."""
    a, b = view(2_500).to_paper(np.array([[EAST, NORTH], [EAST + 75, NORTH + 100]]))
    assert float(np.hypot(*(b - a))) == pytest.approx(50)


def test_north_is_up_and_ground_comes_back_from_paper() -> None:
    """y grows downwards; there and back is the same place."""
    shown = view(5_000)
    place = shown.to_paper(np.array([[EAST + 30, NORTH + 40]]))[0]
    assert (56.0, 32.0) == pytest.approx(tuple(place))
    assert (EAST + 30, NORTH + 40) == pytest.approx(shown.to_ground(*place))


def test_the_given_coordinates_stay_as_they_are() -> None:
    """`to_paper` works on a copy."""
    ground = np.array([[EAST, NORTH]])
    view().to_paper(ground)
    assert [[EAST, NORTH]] == ground.tolist()


def test_the_wheel_keeps_the_ground_under_the_cursor() -> None:
    """Zooming in and out about a place leaves that place where it is."""
    shown = view(5_000)
    for factor in (2.0, 0.5, 1.25):
        assert shown.to_ground(20, 70) == pytest.approx(shown.zoomed(factor, (20, 70)).to_ground(20, 70))


def test_dragging_moves_the_ground_with_the_hand() -> None:
    """What was at (10, 10) is at (15, 7) after dragging by (5, −3)."""
    shown = view(5_000)
    assert shown.to_ground(10, 10) == pytest.approx(shown.moved(5, -3).to_ground(15, 7))


def test_showing_an_extent_leaves_a_margin() -> None:
    """All of it is inside, with five hundredths of the frame free on the tighter sides."""
    wanted = Extent(EAST, NORTH, EAST + 900, NORTH + 100)
    shown = MapView.showing(wanted, 100, 80)
    assert 10_000 == pytest.approx(shown.denominator)
    assert wanted.centre == pytest.approx(shown.centre)
    assert EAST - 50 == pytest.approx(shown.extent.x0)


def test_a_single_point_is_shown_at_a_usable_scale() -> None:
    """An extent without size is no division by zero."""
    assert 1_000 == MapView.showing(Extent(EAST, NORTH, EAST, NORTH), 100, 80).denominator


def test_the_scale_stays_within_sense() -> None:
    """No wheel gets beyond 1:50 or 1:20 000 000."""
    assert 50 == view().zoomed(1e9).denominator
    assert 20_000_000 == view().zoomed(1e-9).denominator


ANGLES = st.floats(-720, 720, allow_nan=False)
PLACES = st.tuples(st.floats(-3_000, 3_000), st.floats(-3_000, 3_000))


@given(ANGLES, PLACES, st.floats(500, 50_000))
def test_a_turned_map_gives_its_ground_back(angle: float, place: tuple[float, float], denominator: float) -> None:
    """There and back is the same place within a tenth of a millimetre on the ground, and distances are true."""
    shown = view(denominator, rotation=angle)
    ground = np.array([[EAST + place[0], NORTH + place[1]], [EAST, NORTH]])
    paper = shown.to_paper(ground)
    assert tuple(ground[0]) == pytest.approx(shown.to_ground(*paper[0]), abs=1e-4)
    assert float(np.hypot(*place)) == pytest.approx(float(np.hypot(*(paper[0] - paper[1]))) * denominator / 1_000, abs=1e-6)


def test_the_map_is_turned_clockwise() -> None:
    """At 90° north points to the right and east down; a road that runs 30° counter-clockwise from east lies level at 30°."""
    shown = view(rotation=90)
    north, east = shown.to_paper(np.array([[EAST, NORTH + 10], [EAST + 10, NORTH]]))
    assert (60, 40) == pytest.approx(tuple(north))
    assert (50, 50) == pytest.approx(tuple(east))
    end = view(rotation=30).to_paper(np.array([[EAST + 10 * np.cos(np.pi / 6), NORTH + 10 * np.sin(np.pi / 6)]]))[0]
    assert (60, 40) == pytest.approx(tuple(end))


@given(ANGLES, PLACES, st.floats(0.2, 5), st.floats(-40, 40), st.floats(-40, 40))
def test_a_turned_map_is_dragged_and_zoomed_under_the_hand(angle: float, at: tuple[float, float], factor: float, dx: float, dy: float) -> None:
    """What lay under the cursor lies there after zooming, and moved by the hand's way after dragging."""
    shown = view(5_000, rotation=angle)
    x, y = at[0] / 30, at[1] / 30
    assert shown.to_ground(x, y) == pytest.approx(shown.zoomed(factor, (x, y)).to_ground(x, y), abs=1e-4)
    assert shown.to_ground(x, y) == pytest.approx(shown.moved(dx, dy).to_ground(x + dx, y + dy), abs=1e-4)


@given(ANGLES)
def test_the_turned_frame_lies_in_its_extent(angle: float) -> None:
    """The polygon on the ground has the frame's area and touches the extent on all four sides."""
    shown = view(2_000, rotation=angle)
    frame, extent = shown.frame, shown.extent
    assert 100 * 80 * 2**2 == pytest.approx(frame.area)
    assert (extent.x0, extent.y0, extent.x1, extent.y1) == pytest.approx(frame.bounds, abs=1e-4)


@given(ANGLES, st.lists(PLACES, min_size=1, max_size=30), st.floats(0.1, 20))
@example(214.0, [(1657.0, 0.0)], 19.0)
def test_points_and_bounds_are_found_in_the_turned_frame(angle: float, places: list[tuple[float, float]], beyond: float) -> None:
    """The quick answers agree with shapely's on the polygon, but for what lies on the very edge."""
    shown = view(2_000, rotation=angle)
    xy = np.array(places) / 10 + np.array([EAST, NORTH])
    grown = shapely.buffer(shown.frame, beyond * 2, join_style="mitre")
    unsure = shapely.distance(shapely.boundary(grown), shapely.points(xy)) < 1e-3
    assert (points_framed(xy, shown, beyond) == shapely.contains_xy(grown, xy[:, 0], xy[:, 1]))[~unsure].all()
    bounds = np.concatenate([xy, xy + np.array([7, 11])], axis=1)
    boxes = shapely.box(*bounds.T)
    edge = shapely.distance(shapely.boundary(shown.frame), boxes) < 1e-3
    assert (framed(bounds, shown) == shapely.intersects(shown.frame, boxes))[~edge].all()
    assert (enclosed(bounds, shown) == shapely.contains(shown.frame, boxes))[~edge].all()


@given(ANGLES)
def test_a_turned_cut_is_what_lies_in_the_turned_frame(angle: float) -> None:
    """As shapely's own intersection, for an area with a hole and a line."""
    shown = view(1_000, rotation=angle)
    area = shapely.affinity.translate(shapely.Point(10, 5).buffer(60).difference(shapely.Point(0, 0).buffer(20)), EAST, NORTH)
    line = shapely.LineString([(EAST - 300, NORTH - 20), (EAST + 300, NORTH + 30)])
    for one in (area, line):
        (found,) = cut(np.array([one]), shown)
        wanted = shapely.intersection(one, shown.frame)
        assert (wanted.area, wanted.length) == pytest.approx((found.area, found.length), rel=1e-6)
        assert found.difference(wanted.buffer(1e-3)).is_empty
    assert shapely.is_empty(cut(np.array([shapely.affinity.translate(area, 500, 0)]), shown)[0])
