"""A zone too large for its sheet: every bit of it on some sub-sheet, as few of them as can be, and match lines that meet."""

from __future__ import annotations

import time

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely.geometry import LineString, MultiPolygon, Point, Polygon, box
from shapely.geometry.base import BaseGeometry

from chuangwen.services.paper.cutting import Cutting, TooManySheets, cut

FRAMES = {True: (240.0, 160.0), False: (160.0, 240.0)}
OVERLAP = 10.0


def frames_of(cutting: Cutting, frames: dict[bool, tuple[float, float]] = FRAMES) -> list[BaseGeometry]:
    """The ground that each sub-sheet shows."""
    width, height = frames[cutting.landscape]
    boxes = []
    for sheet in cutting.sheets:
        (x, y), half = sheet.centre, sheet.denominator / 2000
        boxes.append(box(x - width * half, y - height * half, x + width * half, y + height * half))
    return boxes


def test_a_zone_that_fits_is_one_sheet_at_the_best_scale() -> None:
    """Turned the way that shows it larger."""
    cutting = cut(box(0, 0, 400, 700), FRAMES, [5000, 10000])

    assert not cutting.landscape
    assert [(1, 5000, {}, {})] == [(one.number, one.denominator, one.neighbours, one.match) for one in cutting.sheets]


def test_a_large_zone_is_shared_evenly_from_the_north_west() -> None:
    """2.2 × 1.4 km at 1:5 000 on A4: two by two, numbered as one reads, each knowing who goes on where."""
    cutting = cut(box(0, 0, 2200, 1400), FRAMES, [2000, 5000])

    assert cutting.landscape
    assert [(550, 1050), (1650, 1050), (550, 350), (1650, 350)] == [one.centre for one in cutting.sheets]
    assert {"east": (2,), "south": (3,)} == cutting.sheets[0].neighbours
    assert {"west": (3,), "north": (2,)} == cutting.sheets[3].neighbours
    assert cutting.sheets[0].match == pytest.approx({"east": 120 + 110, "south": 80 + 70})
    assert cutting.sheets[1].match == pytest.approx({"west": 10, "south": 150})


def test_match_lines_of_neighbours_are_one_line_on_the_ground() -> None:
    """Whether the zone is a grid or an L."""
    bent = shapely.union_all([box(0, 0, 800, 6000), box(0, 0, 5000, 700)])
    for zone in (box(0, 0, 5000, 3000), bent):
        cutting = cut(zone, FRAMES, [5000])
        width, height = FRAMES[cutting.landscape]
        seen = 0
        for sheet in cutting.sheets:
            for side, numbers in sheet.neighbours.items():
                at = 0 if side in ("east", "west") else 1
                for number in numbers:
                    other = cutting.sheets[number - 1]
                    back = {"east": "west", "west": "east", "north": "south", "south": "north"}[side]
                    assert sheet.number in other.neighbours[back]
                    sign = 1 if at == 0 else -1
                    here, there = (
                        one.centre[at] + sign * (line - (width, height)[at] / 2) * 5 for one, line in ((sheet, sheet.match[side]), (other, other.match[back]))
                    )
                    assert here == pytest.approx(there)
                    seen += 1
        assert seen >= 2 * (len(cutting.sheets) - 1)


def test_an_empty_quarter_has_no_sheet() -> None:
    """An L needs fewer sheets than its bounding box."""
    bent = shapely.union_all([box(0, 0, 1000, 4000), box(0, 0, 5000, 700)])
    whole = cut(box(0, 0, 5000, 4000), FRAMES, [5000])
    cutting = cut(bent, FRAMES, [5000])

    assert len(cutting.sheets) <= 10 < len(whole.sheets)


def test_parts_far_apart_have_sheets_of_their_own_at_their_own_best_scale() -> None:
    """5 km apart: one at 1:500, one at 1:1 000, not both as specks on one; near each other they share one."""
    far = MultiPolygon([box(0, 0, 70, 60), box(5000, 0, 5200, 140)])
    cutting = cut(far, FRAMES, [500, 1000, 2000, 5000])
    assert [(35, 30), (5100, 70)] == [one.centre for one in sorted(cutting.sheets, key=lambda one: one.centre)]
    assert {500, 1000} == {one.denominator for one in cutting.sheets}
    assert all(one.neighbours == {} for one in cutting.sheets)

    near = MultiPolygon([box(0, 0, 70, 60), box(700, 0, 900, 140)])
    assert [5000] == [one.denominator for one in cut(near, FRAMES, [500, 1000, 2000, 5000]).sheets]


def test_a_speck_beyond_the_edge_gets_no_sheet_of_its_own() -> None:
    """The last 10 m of a quarter are on the neighbours' overlap anyway."""
    zone = shapely.union_all([box(0, 0, 1100, 1400), box(0, 700, 2200, 1400), box(1100, 690, 2200, 700)])

    cutting = cut(zone, {True: (240.0, 160.0)}, [5000])
    assert [(1, {"east": (2,), "south": (3,)}), (2, {"west": (1,)}), (3, {"north": (1,)})] == [(one.number, one.neighbours) for one in cutting.sheets]
    assert shapely.union_all(frames_of(cutting)).covers(zone)


def test_many_islands_are_gathered() -> None:
    """Two hundred islets in two bays: the fewest sheets for both bays, at once."""
    chance = np.random.default_rng(3)
    bays = [chance.uniform(0, 700, (100, 2)) + np.array([east, 0]) for east in (0, 9000)]
    islets = shapely.union_all([Point(x, y).buffer(4, quad_segs=2) for bay in bays for x, y in bay.tolist()])

    cutting = cut(islets, FRAMES, [5000])
    assert len(cutting.sheets) == 2
    assert shapely.union_all(frames_of(cutting)).covers(islets)


@pytest.mark.parametrize(
    "zone", [Polygon([(0, 0), (3000, 0.0001), (0, 0.0002)]), LineString([(0, 0), (3000, 10)]), Point(5, 5), Polygon([(0, 0), (900, 900), (900, 0), (0, 900)])]
)
def test_slivers_lines_points_and_bow_ties_are_cut_too(zone: BaseGeometry) -> None:
    """What came in as it came in."""
    cutting = cut(zone, FRAMES, [2000])
    assert shapely.union_all(frames_of(cutting)).buffer(0.001).covers(shapely.make_valid(zone))


def test_what_cannot_be_cut_is_refused() -> None:
    """No zone, no scale, a frame that is all overlap."""
    for zone, frames, scales in ((Polygon(), FRAMES, [5000]), (box(0, 0, 1, 1), FRAMES, []), (box(0, 0, 1, 1), {True: (200.0, 9.0)}, [5000])):
        with pytest.raises(ValueError, match="POLYGON"):
            cut(zone, frames, scales)


def test_a_scale_that_would_paper_a_room_is_refused_at_once() -> None:
    """Ten kilometres at 1:100, by mistake: also where only a diagonal of the square is zone."""
    whole, diagonal = box(0, 0, 10_000, 10_000), LineString([(0, 0), (10_000, 10_000)]).buffer(60)
    for zone, least in ((whole, 200_000), (diagonal, 3_000)):
        started = time.perf_counter()
        with pytest.raises(TooManySheets) as told:
            cut(zone, FRAMES, [100])
        assert told.value.count > least
        assert time.perf_counter() - started < 5, "a runaway, not a measurement"
    with pytest.raises(TooManySheets, match="43"):
        cut(box(0, 0, 9000, 4500), FRAMES, [5000], most=20)


corner = st.tuples(st.integers(0, 40), st.integers(0, 40), st.integers(1, 40), st.integers(1, 40))


@settings(max_examples=40, deadline=None)
@given(st.lists(corner, min_size=1, max_size=5), st.sampled_from([2000.0, 5000.0]), st.sampled_from([6.0, 10.0, 20.0]))
def test_every_bit_is_on_some_sheet(rectangles: list[tuple[int, int, int, int]], denominator: float, overlap: float) -> None:
    """The frames cover the zone with half the overlap free around; neighbours overlap as asked; each sheet has some of the zone."""
    zone = shapely.union_all([box(x * 100, y * 100, (x + w) * 100, (y + h) * 100) for x, y, w, h in rectangles])
    cutting = cut(zone, FRAMES, [denominator], overlap)
    frames = frames_of(cutting)

    assert shapely.union_all(frames).buffer(0.01).covers(zone)
    assert all(zone.intersection(frame).area > 0 for frame in frames)
    assert list(range(1, len(frames) + 1)) == [one.number for one in cutting.sheets]
    asked = overlap * denominator / 1000
    for sheet in cutting.sheets:
        for side, numbers in sheet.neighbours.items():
            for number in numbers:
                shared = sides(frames[sheet.number - 1].intersection(frames[number - 1]))
                assert shared[0 if side in ("east", "west") else 1] >= asked - 0.01


def sides(shape: BaseGeometry) -> tuple[float, float]:
    x0, y0, x1, y1 = shape.bounds
    return x1 - x0, y1 - y0
