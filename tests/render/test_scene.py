"""What is in a scene: the right features, counted, cut, and stoppable."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtWidgets import QApplication
from shapely.geometry import LineString, Point, box

from chuangwen.domain.layer import Label, Symbol
from chuangwen.errors import Cancelled
from chuangwen.progress import Progress
from chuangwen.render.draw import image_of
from chuangwen.render.primitives import Dots, Shapes, Stamps
from chuangwen.render.scene import build
from tests.golden import pixels
from tests.render.build import content, layer, view

TWO = (Symbol(when={"class": ("a",)}, fill="#aa0000"), Symbol(when={"class": ("b",)}, fill="#00aa00"))


def test_counts_are_of_what_lies_inside_the_frame(qapp: QApplication) -> None:
    """Two of class a inside, one of b; a third a lies beside the frame; a line whose bounds alone meet the frame is not counted."""
    points = content(layer("point", TWO), [Point(0, 0), Point(10, 0), Point(20, 5), Point(70, 0)], {"class": ["a", "a", "b", "a"]})
    corner = content(layer("line", TWO), [LineString([(0, 85), (105, 0)]), LineString([(-60, 0), (60, 0)])], {"class": ["b", "a"]})
    assert {("point", 0): 2, ("point", 1): 1, ("line", 0): 1} == build([points, corner], view()).counts


def test_a_feature_of_several_parts_counts_once(qapp: QApplication) -> None:
    """A road in two pieces is one road."""
    both = LineString([(-10, 0), (0, 0)]).union(LineString([(5, 5), (9, 9)]))
    assert {("line", 0): 1} == build([content(layer("line", TWO), [both], {"class": ["a"]})], view()).counts


def test_hidden_filtered_and_pale_features_are_not_counted(qapp: QApplication) -> None:
    """The legend explains what is there in colour."""
    shown = content(layer("point", TWO), [Point(0, 0), Point(1, 1), Point(2, 2)], {"class": ["a", "a", "b"]})
    assert {("point", 0): 1} == build([replace(shown, only=frozenset("0"))], view()).counts
    assert {("point", 0): 2} == build([replace(shown, faded=frozenset("2"))], view()).counts
    assert {} == build([replace(shown, visible=False)], view()).counts


def test_a_detailed_layer_is_not_drawn_at_a_small_scale(qapp: QApplication) -> None:
    """`max_denominator` of the layer."""
    buildings = content(layer("polygon", max_denominator=30_000.0), [box(0, 0, 10, 10)])
    assert build([buildings], view(30_000)).items
    assert () == build([buildings], view(31_000)).items


def test_more_important_classes_lie_on_top(qapp: QApplication) -> None:
    """The first declared class is drawn last; all casings lie below all middles."""
    roads = (
        Symbol(when={"class": ("a",)}, stroke="#111111", stroke_width=1, casing="#aaaaaa", casing_width=2),
        Symbol(stroke="#222222", stroke_width=1, casing="#bbbbbb", casing_width=2),
    )
    scene = build([content(layer("line", roads), [LineString([(-9, 0), (9, 0)]), LineString([(0, -9), (0, 9)])], {"class": ["a", "b"]})], view())
    assert ["#bbbbbb", "#aaaaaa", "#222222", "#111111"] == [item.pen.colour for item in scene.items if isinstance(item, Shapes) and item.pen]


def test_a_road_is_at_least_as_wide_as_on_the_ground(qapp: QApplication) -> None:
    """24 m are 12 mm at 1:2 000; at 1:5 000 still 4.8; at 1:50 000 lines get finer than declared."""
    main = content(layer("line", [Symbol(stroke="#111111", stroke_width=1.3, ground_width=24)]), [LineString([(-9, 0), (9, 0)])])
    widths = {}
    for denominator in (2_000, 5_000, 50_000):
        (item,) = build([main], view(denominator)).items
        assert isinstance(item, Shapes)
        assert item.pen
        widths[denominator] = item.pen.width
    assert (12.0, 4.8) == pytest.approx((widths[2_000], widths[5_000]))
    assert widths[50_000] < 1.3


def test_what_reaches_far_beyond_the_frame_is_cut(qapp: QApplication) -> None:
    """A district of 100 km at 1:1 000 does not fill a PDF with vertices far outside."""
    ring = Point(0, 0).buffer(50_000, quad_segs=2_000)
    scene = build([content(layer("polygon"), [ring.difference(Point(0, 0).buffer(10))])], view())
    for item in scene.items:
        assert isinstance(item, Shapes)
        for path in item.paths:
            reach = path.boundingRect()
            assert max(abs(reach.left()), abs(reach.right()), abs(reach.top()), abs(reach.bottom())) < 30_000


def test_thousands_of_points_are_drawn_as_plain_dots(qapp: QApplication) -> None:
    """No letter for each of 5,000 points on an overview, one for each of fifty."""
    rng = np.random.default_rng(1)
    places = [Point(*xy) for xy in rng.uniform(-40, 40, (5_000, 2))]
    of = layer("point", [Symbol(fill="#336699", glyph="改")])
    assert not any(isinstance(item, Stamps) for item in build([content(of, places)], view()).items)
    assert any(isinstance(item, Stamps) for item in build([content(of, places[:50])], view()).items)


def test_areas_below_the_views_smallest_are_dots(qapp: QApplication) -> None:
    """Only when asked: paper keeps every outline."""
    tiny = content(layer("polygon"), [box(x, 0, x + 0.5, 0.5) for x in range(-40, 40)])
    assert all(isinstance(item, Dots) for item in build([tiny], view(min_feature=1.0)).items)
    assert all(isinstance(item, Shapes) for item in build([tiny], view()).items)


def test_a_scene_can_be_stopped(qapp: QApplication) -> None:
    """A newer frame makes the older one useless."""
    progress = Progress()
    progress.cancel()
    with pytest.raises(Cancelled):
        build([content(layer("point"), [Point(0, 0)])], view(), progress)


def test_a_scene_is_the_same_when_built_on_a_worker(qapp: QApplication) -> None:
    """The canvas builds beside the window: same items, same label places."""
    from concurrent.futures import ThreadPoolExecutor

    named = content(layer("point", label=Label("{name}")), [Point(x, x / 2) for x in range(-30, 30, 3)], {"name": [f"第{n}社区" for n in range(20)]})
    here = build([named], view())
    with ThreadPoolExecutor(1) as worker:
        there = worker.submit(build, [named], view()).result()
    assert here.labels == there.labels
    assert pixels(image_of(here, view())).tobytes() == pixels(image_of(there, view())).tobytes()
