"""What is in a scene: the right features, counted, cut, and stoppable."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import shapely
from numpy.typing import NDArray
from PySide6.QtWidgets import QApplication
from shapely.affinity import translate
from shapely.geometry import LineString, Point, box

from chuangwen.domain.feature import Features
from chuangwen.domain.layer import Label, Symbol
from chuangwen.errors import Cancelled
from chuangwen.progress import Progress
from chuangwen.render.draw import image_of
from chuangwen.render.primitives import Dots, Shapes, Stamps
from chuangwen.render.scene import LayerContent, build
from tests.golden import compare, pixels
from tests.render.build import EAST, NORTH, content, layer, view

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


def a_town() -> list[LayerContent]:
    """A bit of everything: zones with hatch and dashes, roads with names, numbered points; 200 m about the middle."""
    rng = np.random.default_rng(7)
    zones = layer("polygon", [Symbol(stroke="#c62828", stroke_width=0.5, dash=(2.4, 1.0), hatch="/", fill="#eeeeee")], Label("{name}", placement="inside"))
    roads = layer("line", [Symbol(stroke="#ffffff", stroke_width=1, casing="#777777", casing_width=1.4)], Label("{name}", placement="along"))
    sites = layer("point", [Symbol(fill="#336699", glyph="医")], Label("{name}"))
    places = [Point(*xy) for xy in rng.uniform(-90, 90, (60, 2))]
    return [
        content(
            zones,
            [box(x, y, x + 50, y + 40) for x in (-101.3, -51.3, -1.3, 48.7) for y in (-77.7, -37.7, 2.3, 42.3)],
            {"name": [f"WC-{n:02d}" for n in range(16)]},
        ),
        content(roads, [LineString([(-100, -40), (0, 0), (100, 20)]), LineString([(20, -90), (30, 0), (10, 90)])], {"name": ["人民路", "建设路"]}),
        content(sites, places, {"name": [f"第{n}社区" for n in range(60)]}, numbers={str(n): str(n + 1) for n in range(0, 60, 4)}),
    ]


@pytest.mark.parametrize("angle", [17.0, 90.0, -128.5, 180.0])
def test_a_turned_map_is_the_map_of_turned_ground(qapp: QApplication, angle: float) -> None:
    """Turning the view, or the ground beneath a straight view, gives the same picture: same label places, equal counts, hatches upright."""
    town = a_town()
    turned = [replace(one, features=Features(one.layer, one.features.ids, one.features.columns, rotate_about(one.features.geometry, -angle))) for one in town]
    (centre,) = rotate_about(np.array([Point(EAST + 3, NORTH - 5)], dtype=object), -angle)
    one = build(town, replace(view(dots_per_mm=8, rotation=angle), centre=(EAST + 3, NORTH - 5)))
    other = build(turned, replace(view(dots_per_mm=8), centre=(centre.x, centre.y)))
    assert one.counts == other.counts
    assert [label.text for label in one.labels] == [label.text for label in other.labels]
    for mine, theirs in zip(one.labels, other.labels, strict=True):
        assert np.array(mine.boxes) == pytest.approx(np.array(theirs.boxes), abs=0.01)
    found = compare(pixels(image_of(one, one.view)), pixels(image_of(other, other.view)), far=64)
    assert found.within(share=0.01, mean=1.0), found


def rotate_about(geometry: NDArray[np.object_], angle: float) -> NDArray[np.object_]:
    """Turned counter-clockwise about the origin of the coordinates, on which hatches hang."""
    c, s = np.cos(np.radians(angle)), np.sin(np.radians(angle))
    return np.asarray(shapely.transform(geometry, lambda xy: xy @ np.array([[c, s], [-s, c]])), dtype=object)


def test_a_map_turned_by_nothing_is_the_map(qapp: QApplication) -> None:
    """Byte for byte; and a whole turn moves no label by a hundredth of a millimetre."""
    town = a_town()
    plain, none, whole = (build(town, view(dots_per_mm=8, **more)) for more in ({}, {"rotation": 0.0}, {"rotation": 360.0}))
    assert plain.labels == none.labels
    assert pixels(image_of(plain, plain.view)).tobytes() == pixels(image_of(none, none.view)).tobytes()
    for mine, theirs in zip(plain.labels, whole.labels, strict=True):
        assert np.array(mine.boxes) == pytest.approx(np.array(theirs.boxes), abs=0.01)


def test_a_turned_strip_draws_nothing_far_beside_it(qapp: QApplication) -> None:
    """A strip of 200 × 30 mm turned by 45° has 300 buildings in the square around it; only those at the strip are drawn and counted."""
    blocks = [box(x, y, x + 6, y + 6) for x in range(-100, 100, 10) for y in range(-100, 100, 10)]
    scene = build([content(layer("polygon"), blocks)], view(width=200, height=30, rotation=45))
    strip = view(width=200, height=30, rotation=45).frame
    inside = sum(strip.intersects(translate(block, EAST, NORTH)) for block in blocks)
    assert {("polygon", 0): inside} == scene.counts
    assert inside < 120
    for item in scene.items:
        assert isinstance(item, Shapes)
        for path in item.paths:
            assert -3_000 < path.boundingRect().top()
            assert path.boundingRect().bottom() < 6_000


def test_a_boundary_that_is_dashed_in_black_and_white_alone_is_drawn(qapp: QApplication) -> None:
    """Solid in colour, dashed in mono: never nothing."""
    look = Symbol(stroke="#aa0000", stroke_width=0.3, mono={"stroke": "#000000", "dash": (1.0, 1.0)})
    area = content(layer("polygon", (look,)), [box(-20, -20, 20, 20)])

    pens = [[item.pen.dash for item in build([area], view(mono=mono)).items if isinstance(item, Shapes) and item.pen] for mono in (False, True)]
    assert pens == [[()], [(1.0, 1.0)]]
