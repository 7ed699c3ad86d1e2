"""Geometry and texts in few bytes, and nothing lost on the way that anybody could see."""

from __future__ import annotations

import numpy as np
import shapely
from hypothesis import given
from hypothesis import strategies as st
from pyproj import Transformer
from shapely.geometry import LineString, MultiPolygon, Point, Polygon, box

from chuangwen.exchange.web.packing import STEPS, Texts, mercator, packed_shapes, varints, zigzag
from chuangwen.exchange.web.payload import initials
from chuangwen.exchange.web.styles import look
from chuangwen.services.search import initials as initials_of
from tests.build import layers
from tests.exchange.web.reading import numbers, rings, unzigzag


@given(st.lists(st.integers(-(2**31) + 1, 2**31 - 1)))
def test_numbers_come_back(values: list[int]) -> None:
    """Of both signs and any length."""
    packed = varints(zigzag(np.array(values, dtype=np.int64)))
    back, at = numbers(packed, 0, len(values))

    assert at == len(packed)
    assert unzigzag(back).tolist() == values


def test_the_grid_is_web_mercator() -> None:
    """As pyproj has it, to half a step."""
    there = np.array([[116.36, 27.95], [75.0, 39.0], [-10.0, -40.0]])
    x, y = Transformer.from_crs(4326, 3857, always_xy=True).transform(there[:, 0], there[:, 1])
    around = 40075016.685578488
    steps = np.stack([(x / around + 0.5) * STEPS, (0.5 - y / around) * STEPS], axis=1)

    assert np.abs(mercator(there) - steps).max() < 0.01


def test_texts_are_written_once() -> None:
    """A second column finds those of the first."""
    texts = Texts()
    first, second = texts.packed(["a", "b", "a", ""]), texts.packed(["", "b", "c"])

    assert list(texts.known) == ["a", "b", "", "c"]
    assert numbers(first, 0, 4)[0].tolist() == [0, 0, 1, 0]
    assert numbers(second, 0, 3)[0].tolist() == [3, 2, 0]


def test_neighbours_still_meet() -> None:
    """Two zones with a wavy border of 400 vertices: simplified, it is the same line for both."""
    y = np.linspace(27.95, 27.96, 401)
    wave = np.stack([116.36 + 0.0004 * np.sin(np.linspace(0, 20, 401)), y], axis=1)
    west = Polygon([(116.35, 27.95), *wave, (116.35, 27.96)])
    east = Polygon([(116.37, 27.95), (116.37, 27.96), *wave[::-1]])

    left, right = rings(packed_shapes([west, east], "polygon", True), 2)

    border = set(left) & set(right)
    assert len(left) + len(right) < 300  # of 804
    assert len(border) > 20
    assert shapely.coverage_is_valid([Polygon(left), Polygon(right)])


def test_areas_in_each_other_keep_their_shape() -> None:
    """Zones of several kinds are no coverage: each is simplified by less than a pixel, and what they share stays the same."""
    outer, inner = box(116.36, 27.95, 116.37, 27.96), box(116.36, 27.95, 116.365, 27.955)

    large, small = rings(packed_shapes([outer, inner], "polygon", False), 2)

    assert len(large) == len(small) == 4
    assert len(set(large) & set(small)) == 1


def test_odd_shapes_have_their_place_in_the_row() -> None:
    """No shape, an empty one, several parts, a hole, a height, a repeated vertex."""
    holed = Polygon(box(116.36, 27.95, 116.37, 27.96).exterior, [box(116.362, 27.952, 116.364, 27.954).exterior.coords])
    shapes = [None, Polygon(), holed, MultiPolygon([box(116.3, 27.9, 116.31, 27.91), box(116.32, 27.9, 116.33, 27.91)])]
    areas = packed_shapes(shapes, "polygon", False)  # type: ignore[arg-type]
    lines = packed_shapes([LineString([(116.36, 27.95, 9), (116.36, 27.95, 9), (116.37, 27.95, 9)])], "line", False)
    points = packed_shapes([Point(116.36, 27.95), Point(), Point(116.36, 27.95)], "point", False)

    assert numbers(areas, 0, 4)[0].tolist() == [0, 0, 2, 2]
    assert [len(ring) for ring in rings(areas, 4)] == [4, 4, 4, 4]
    assert [len(run) for run in rings(lines, 1)] == [2]
    assert numbers(points, 0, 3)[0].tolist() == [1, 0, 1]


def test_initials_are_those_of_the_window() -> None:
    """A character with several readings stands under each, so what the window's search finds the page finds too."""
    words = ["长青门网格", "重庆路", "人民广场", "第3网格", "银行", "行政服务中心"]
    table = initials(words)

    for word in words:
        for character, letter in zip(word, initials_of(word), strict=True):
            assert character in table.get(letter, "") or character == letter
    assert "长" in table["c"]
    assert "长" in table["z"]


def test_a_symbol_says_only_what_is_unusual() -> None:
    """And what is different in black and white."""
    site = next(one for one in layers()["site"].symbols if one.glyph == "学")

    assert look(site) == {
        "sh": "hexagon", "sz": 4.0, "f": "#1f6fb2", "s": "#ffffff", "w": 0.3, "g": "学",
        "m": {"f": "#ffffff", "s": "#000000", "w": 0.35, "gc": "#000000"},
    }  # fmt: skip
