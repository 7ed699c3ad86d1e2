"""Crossings of a section: named roads, in order, each once, with the side on which they leave."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest
from shapely.geometry import LineString, MultiLineString
from shapely.geometry.base import BaseGeometry

from chuangwen.domain.feature import Features
from chuangwen.services.paper.chainage import Alignment
from chuangwen.services.paper.crossings import Crossing, crossings
from tests.build import layers

SECTION = LineString([(0, 0), (600, 0)])


def roads(*rows: tuple[str | None, BaseGeometry | Sequence[tuple[float, float]] | None]) -> Features:
    """Roads of these names and lines."""
    geometry = np.empty(len(rows), dtype=object)
    geometry[:] = [LineString(line) if isinstance(line, list) else line for _name, line in rows]
    return Features(layers()["road"], [str(at) for at in range(len(rows))], {"name": [name for name, _line in rows]}, geometry)


def met(*rows: tuple[str | None, BaseGeometry | Sequence[tuple[float, float]] | None]) -> list[tuple[int, str, str]]:
    """Metres, name and side of the crossings of the straight section."""
    return [(round(one.metres), one.name, one.side) for one in crossings(Alignment.of(SECTION), SECTION, roads(*rows), "人民路")]


def test_crossings_come_in_order_with_their_side() -> None:
    """Left is left on the way from start to end."""
    assert met(
        ("东街", [(400, 0), (400, -200)]),
        ("西街", [(100, -200), (100, 300)]),
        ("北巷", [(250, 0), (250, 90)]),
    ) == [(100, "西街", "两侧"), (250, "北巷", "左侧"), (400, "东街", "右侧")]


def test_a_road_that_ends_two_metres_short_joins_and_one_that_ends_ten_short_does_not() -> None:
    """Side roads are drawn to the kerb as often as to the middle."""
    assert met(("近巷", [(250, 2), (250, 90)]), ("远巷", [(300, 10), (300, 90)])) == [(250, "近巷", "左侧")]


def test_the_sections_own_road_and_nameless_ones_are_left_out() -> None:
    """Neither by name nor by lying on it; a road without a place neither."""
    assert (
        met(("人民路", [(-200, 0), (900, 0)]), (None, [(50, -9), (50, 9)]), (" ", [(60, -9), (60, 9)]), ("旧名路", [(0, 0.5), (600, 0.5)]), ("无线", None))
        == []
    )


def test_a_dual_carriageway_is_one_crossing() -> None:
    """Two lines of one name twenty metres apart; the same name again 300 m on is another one."""
    twice = MultiLineString([[(200, -90), (200, 90)], [(220, -90), (220, 90)]])
    assert met(("环路", twice), ("环路", [(520, -90), (520, 90)])) == [(210, "环路", "两侧"), (520, "环路", "两侧")]


def test_a_road_that_goes_on_from_the_end_is_no_side_road() -> None:
    """顺接; a stub of ten metres behind the crossing is how lines were joined, not an arm."""
    assert met(("延长路", [(600, 0), (900, 30)]), ("丁字路", [(300, -10), (300, 200)])) == [(300, "丁字路", "左侧"), (600, "延长路", "顺接")]


@pytest.mark.parametrize(("left", "right", "side"), [(True, True, "两侧"), (True, False, "左侧"), (False, True, "右侧"), (False, False, "顺接")])
def test_sides_in_words(left: bool, right: bool, side: str) -> None:
    """As the table says it."""
    assert Crossing(0.0, "路", left, right).side == side
