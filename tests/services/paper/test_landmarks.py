"""Crossings from roads, and how far and in which direction they lie."""

from __future__ import annotations

import numpy as np
from shapely.geometry import LineString

from chuangwen.domain.feature import Features
from chuangwen.services.paper.landmarks import bearing, crossings, nearest
from tests.build import layers


def roads(*lines: tuple[str | None, list[tuple[float, float]]]) -> Features:
    """Named lines."""
    geometry = np.empty(len(lines), dtype=object)
    geometry[:] = [LineString(points) if points else None for _name, points in lines]
    names = [name for name, _points in lines]
    return Features(layers()["road"], [str(at) for at in range(len(lines))], {"name": names}, geometry)


def test_roads_of_different_names_cross_and_pieces_of_one_do_not() -> None:
    """A road without name has no crossing that anybody could name; one without a place is left out."""
    found = crossings(
        roads(
            ("人民路", [(0, 0), (100, 0)]),
            ("人民路", [(100, 0), (200, 0)]),
            ("中山路", [(100, -50), (100, 50)]),
            (None, [(150, -50), (150, 50)]),
            ("天上路", []),
        )
    )

    assert [(one.name, one.x, one.y) for one in found] == [("中山路与人民路路口", 100.0, 0.0)]


def test_a_dual_carriageway_makes_one_crossing_and_three_roads_one_with_three_names() -> None:
    """Two lines 20 m apart are one crossing to people."""
    found = crossings(
        roads(
            ("大道", [(0, 0), (200, 0)]),
            ("大道", [(0, 20), (200, 20)]),
            ("中山路", [(100, -50), (100, 50)]),
            ("斜街", [(60, -40), (140, 40)]),
        )
    )

    assert [one.name for one in found] == ["中山路、大道、斜街路口"]


def test_the_nearest_come_first_and_far_ones_not_at_all() -> None:
    """At most three, within 800 m."""
    found = crossings(roads(("横路", [(0, 0), (2000, 0)]), *((f"{at}街", [(at, -10), (at, 10)]) for at in (100, 300, 500, 700, 1900))))

    assert [one.roads[0] for one in nearest(found, 450, 0)] == ["500街", "300街", "700街"]
    assert nearest(found, 450, 5000) == ()


def test_bearings_are_said_in_eight_directions() -> None:
    """North is up; within 15 m a direction says nothing."""
    assert [bearing(0, 0, x, y) for x, y in ((0, 100), (80, 80), (100, 0), (0, -100), (-70, 70))] == [
        "北 100 米", "东北 113 米", "东 100 米", "南 100 米", "西北 99 米",
    ]  # fmt: skip
    assert bearing(0, 0, 3, 4) == "5 米"
