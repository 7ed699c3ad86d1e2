"""What lies under a click or in a box."""

from __future__ import annotations

from dataclasses import replace

from shapely.geometry import LineString, Point, box

from chuangwen.domain.layer import Symbol
from chuangwen.render.scene import pick, pick_box
from tests.render.build import content, layer, view

AREAS = content(layer("polygon"), [box(-40, -30, 40, 30), box(-10, -10, 10, 10)])
LINES = content(layer("line", [Symbol(stroke="#000000", stroke_width=1)]), [LineString([(-40, 0), (40, 0)])])
POINTS = content(layer("point", [Symbol(size=4)]), [Point(0, 0), Point(1, 0), Point(30, 20)])
ALL = (AREAS, LINES, POINTS)


def test_the_topmost_comes_first_and_of_one_layer_the_nearest_then_the_smallest() -> None:
    """Points over lines over areas; the small area lies in the large one."""
    found = pick(ALL, view(), 50.2, 40, 1.0)
    assert [("point", "0"), ("point", "1"), ("line", "0"), ("polygon", "1"), ("polygon", "0")] == found


def test_a_symbol_is_hit_anywhere_on_it_and_a_little_beside() -> None:
    """Two millimetres of symbol and one of tolerance, not four."""
    assert ("point", "2") in pick(ALL, view(), 82.8, 20)
    assert ("point", "2") not in pick(ALL, view(), 84.5, 20)


def test_a_line_is_hit_within_the_tolerance_at_any_scale() -> None:
    """1.4 mm beside the middle is a hit at 1:1 000 and at 1:10 000; 3 mm is none."""
    for denominator in (1_000, 10_000):
        assert [("line", "0")] == pick([LINES], view(denominator), 50, 41.4)
        assert [] == pick([LINES], view(denominator), 50, 43)


def test_what_is_not_shown_cannot_be_picked() -> None:
    """Hidden layers, filtered features, layers too detailed for the scale."""
    assert [] == pick([replace(LINES, visible=False)], view(), 50, 40)
    assert [("point", "1")] == pick([replace(POINTS, only=frozenset("1"))], view(), 50, 40)
    assert [] == pick([content(layer("polygon", max_denominator=500.0), [box(-9, -9, 9, 9)])], view(), 50, 40)


def test_a_box_takes_what_it_touches() -> None:
    """Dragged from any corner; a large area that the box merely lies in counts too."""
    wanted = [("point", "2"), ("polygon", "0")]
    assert wanted == pick_box(ALL, view(), 75, 15, 85, 25) == pick_box(ALL, view(), 85, 25, 75, 15)
    assert [] == pick_box(ALL, view(), 95, 1, 99, 5)
