"""The view: ground to paper and back, at a true scale."""

from __future__ import annotations

import numpy as np
import pytest

from chuangwen.domain.geo import Extent
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
