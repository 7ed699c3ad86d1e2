"""A road in strips: it runs from left to right, nothing of it is missing, and match lines are one line of the ground."""

from __future__ import annotations

import math
from itertools import pairwise

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely.geometry import LineString

from chuangwen.services.paper.chainage import Alignment
from chuangwen.services.paper.strip import BESIDE, OVERLAP, Strip, on_paper, strips

WIDTH, HEIGHT = 380.0, 120.0


def paper(road: Alignment, strip: Strip) -> np.ndarray:
    """The strip's stretch on its frame, mm."""
    return on_paper(strip.map, WIDTH, HEIGHT, road.between(strip.start, strip.end))


def test_a_short_road_is_one_strip_from_left_to_right() -> None:
    """Whichever way it was drawn: start left, end right, in the middle of the frame's height."""
    for angle in (0, 30, 90, 135, 180, -90, -150):
        turn = math.radians(angle)
        road = Alignment.of(LineString([(1000, 1000), (1000 + 300 * math.cos(turn), 1000 + 300 * math.sin(turn))]))
        (strip,) = strips(road, WIDTH, HEIGHT)
        assert strip.map.denominator == 1000
        assert strip.before is strip.after is None
        assert paper(road, strip) == pytest.approx(np.array([[40, 60], [340, 60]]))
        assert math.cos(math.radians(strip.map.rotation - angle)) == pytest.approx(1)


def test_what_stands_left_of_the_road_stands_above_it() -> None:
    """As one walks along it on the sheet."""
    road = Alignment.of(LineString([(0, 0), (0, 300)]))
    (strip,) = strips(road, WIDTH, HEIGHT)
    left, right = on_paper(strip.map, WIDTH, HEIGHT, np.array([(-20.0, 150.0), (20.0, 150.0)]))
    assert left.tolist() == pytest.approx([190, 40])
    assert right.tolist() == pytest.approx([190, 80])


def test_a_long_road_is_shared_evenly_at_the_scale_that_needs_few_sheets() -> None:
    """1.3 km on A3: four strips at 1:1 000, of 325 m each; 3 km: 1:2 000; 9 km: as many as it takes at 1:2 000."""
    found = strips(Alignment.of(LineString([(0, 0), (1300, 40)])), WIDTH, HEIGHT)
    assert [1000] * 4 == [one.map.denominator for one in found]
    assert all(one.end - one.start == pytest.approx(325, abs=12) for one in found)
    assert [(None, 2), (1, 3), (2, 4), (3, None)] == [(one.before and one.before.number, one.after and one.after.number) for one in found]
    assert [2000] * 5 == [one.map.denominator for one in strips(Alignment.of(LineString([(0, 0), (3000, 0)])), WIDTH, HEIGHT, most=5)]
    assert 13 == len(strips(Alignment.of(LineString([(0, 0), (9000, 0)])), WIDTH, HEIGHT))


def test_match_lines_are_the_same_ground_on_both_strips() -> None:
    """Square to the road, the whole height of the frame."""
    road = Alignment.of(LineString([(0, 0), (500, 0), (900, 150), (1500, 150)]))
    found = strips(road, WIDTH, HEIGHT)
    assert len(found) > 1
    for here, there in pairwise(found):
        assert here.after is not None
        assert there.before is not None
        assert here.after.metres == there.before.metres == here.end == there.start
        ground = [shapely.LineString([off(strip, point) for point in line.ends]) for strip, line in ((here, here.after), (there, there.before))]
        assert ground[0].length > 60
        assert shapely.MultiPoint([point for line in ground for point in line.coords]).convex_hull.buffer(0.01).area < 0.05 * ground[1].length
        cut = shapely.Point(road.point(here.end))
        assert max(line.distance(cut) for line in ground) < 0.01
        for line in (here.after, there.before):
            assert (line.ends[0][1], line.ends[1][1]) == pytest.approx((0, HEIGHT), abs=6)


def off(strip: Strip, point: tuple[float, float]) -> tuple[float, float]:
    """From the frame back to the ground."""
    turn, k = math.radians(strip.map.rotation), strip.map.denominator / 1000
    x, y = (point[0] - WIDTH / 2) * k, (HEIGHT / 2 - point[1]) * k
    return strip.map.centre[0] + x * math.cos(turn) - y * math.sin(turn), strip.map.centre[1] + x * math.sin(turn) + y * math.cos(turn)


def test_a_sharp_bend_starts_a_new_strip_and_a_small_loop_does_not() -> None:
    """Five hundred metres east, then as much north: no frame of 120 mm holds both; a loop of 70 m lies within it."""
    corner = strips(Alignment.of(LineString([(0, 0), (330, 0), (330, 330)])), WIDTH, HEIGHT)
    assert len(corner) == 2
    assert [0, 90] == pytest.approx([one.map.rotation for one in corner], abs=12)

    loop = LineString([(0, 0), (150, 0), (150, 70), (100, 70), (100, 5), (300, 5)])
    assert len(strips(Alignment.of(loop), WIDTH, HEIGHT)) == 1
    ring = Alignment.of(shapely.Point(0, 0).buffer(40).exterior)
    assert len(strips(ring, WIDTH, HEIGHT)) == 1


walk = st.lists(st.tuples(st.floats(20, 400), st.floats(-2.6, 2.6)), min_size=1, max_size=8)


@settings(max_examples=60, deadline=None)
@given(walk)
def test_the_road_stays_inside_every_frame(steps: list[tuple[float, float]]) -> None:
    """Whatever it does: strips follow each other without a gap, and each stretch lies in its frame, clear of the edges."""
    xy, heading = [(0.0, 0.0)], 0.0
    for length, turn in steps:
        heading += turn
        xy.append((xy[-1][0] + length * math.cos(heading), xy[-1][1] + length * math.sin(heading)))
    road = Alignment.of(LineString(xy))
    found = strips(road, WIDTH, HEIGHT)

    assert (0, road.length) == (found[0].start, pytest.approx(found[-1].end))
    assert all(one.end == other.start for one, other in pairwise(found))
    for strip in found:
        x, y = paper(road, strip).T
        assert x.min() >= OVERLAP - 0.01
        assert x.max() <= WIDTH - OVERLAP + 0.01
        assert y.min() >= BESIDE - 0.01
        assert y.max() <= HEIGHT - BESIDE + 0.01


def test_a_jump_between_two_pieces_is_no_road() -> None:
    """Two pieces 4.7 km apart: a strip for each, at a good scale, and match lines where the road stops and where it goes on."""
    road = Alignment.of(shapely.MultiLineString([[(0, 0), (300, 0)], [(5000, 0), (5300, 0)]]))
    first, second = strips(road, WIDTH, HEIGHT)
    assert (first.start, first.end, second.start, second.end) == pytest.approx((0, 300, 300, 600))
    assert [1000, 1000] == [one.map.denominator for one in (first, second)]
    assert first.after is not None
    assert second.before is not None
    assert off(first, first.after.ends[0])[0] == pytest.approx(300)
    assert off(second, second.before.ends[0])[0] == pytest.approx(5000)


def test_pieces_that_fit_one_frame_stay_together() -> None:
    """A gap of 40 m at a square."""
    road = Alignment.of(shapely.MultiLineString([[(0, 0), (100, 0)], [(140, 0), (240, 0)]]))
    (strip,) = strips(road, WIDTH, HEIGHT)
    assert strip.end == pytest.approx(200)
    assert strip.map.centre == pytest.approx((120, 0))


def test_a_match_line_stops_before_another_bend() -> None:
    """On a road that winds to and fro it would cut the wrong bend."""
    t = np.linspace(0, 1, 400)
    road = Alignment.of(LineString(np.column_stack([600 * t, 180 * np.sin(t * 8 * np.pi)])))
    found = strips(road, WIDTH, HEIGHT)
    assert len(found) > 1
    for strip in found:
        for line in (strip.before, strip.after):
            if line is not None:
                whole = LineString(on_paper(strip.map, WIDTH, HEIGHT, road.xy))
                assert len(shapely.get_parts(shapely.intersection(LineString(line.ends), whole))) == 1
