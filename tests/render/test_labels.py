"""Labels stand where they can be read, and at the same places everywhere."""

from __future__ import annotations

from dataclasses import replace
from itertools import combinations

import numpy as np
import pytest
from PySide6.QtWidgets import QApplication
from shapely.geometry import LineString, Point, box

from chuangwen.domain.layer import Choice, Field, Label, Layer, Symbol
from chuangwen.render.primitives import Shapes, Word
from chuangwen.render.scene import LabelBox, LayerContent, Scene, build
from tests.render.build import content, features, layer, view

BESIDE = Label("{name}", size=2.5, placement="around")
ALONG = Label("{name}", size=2.5, placement="along")
INSIDE = Label("{name}", size=2.5, placement="inside")


def overlap(one: LabelBox, other: LabelBox) -> bool:
    """Whether two labels cover each other by more than rounding."""
    return any(a[0] < b[2] - 0.01 and b[0] < a[2] - 0.01 and a[1] < b[3] - 0.01 and b[1] < a[3] - 0.01 for a in one.boxes for b in other.boxes)


def texts(scene: Scene) -> list[str]:
    """What the placed labels say."""
    return [label.text for label in scene.labels]


@pytest.fixture
def crowd() -> LayerContent:
    """200 named points, more than there is room for."""
    rng = np.random.default_rng(3)
    places = [Point(*xy) for xy in rng.uniform(-48, 48, (200, 2))]
    return content(layer("point", label=BESIDE), places, {"name": [f"第{number}社区" for number in range(200)]})


def test_no_label_covers_another_or_is_cut_by_the_frame(qapp: QApplication, crowd: LayerContent) -> None:
    """Among 200 wanted labels those that are placed are clear of each other, of all symbols, and whole."""
    scene = build([crowd], view())
    assert 40 < len(scene.labels) < 200
    assert not any(overlap(one, other) for one, other in combinations(scene.labels, 2))
    for label in scene.labels:
        for x0, y0, x1, y1 in label.boxes:
            assert 0 <= x0 < x1 <= 100
            assert 0 <= y0 < y1 <= 80


def test_labels_do_not_depend_on_the_device(qapp: QApplication, crowd: LayerContent) -> None:
    """Screen, printer and PDF: the same boxes; twice the same, too."""
    first = build([crowd], view()).labels
    assert first == build([crowd], view()).labels
    assert first == build([crowd], view(dots_per_mm=24)).labels
    assert first == build([crowd], view(halo="marker")).labels


def test_the_more_important_layer_is_served_first(qapp: QApplication) -> None:
    """Where only one label fits, the one of higher priority stands, whichever layer lies below."""
    low = content(layer("point", label=replace(BESIDE, priority=2), id="low"), [Point(0, 2)], {"name": ["次要的长长名称标注"]})
    high = content(layer("point", label=replace(BESIDE, priority=8), id="high"), [Point(0, 2)], {"name": ["重要的长长名称标注"]})
    narrow = view(width=27, height=10)  # room below the point only
    assert ["重要的长长名称标注"] == texts(build([low, high], narrow)) == texts(build([high, low], narrow))


def test_a_label_keeps_clear_of_symbols_of_its_own_rank(qapp: QApplication) -> None:
    """The place to the east is taken by a neighbour's symbol: the label goes west."""
    of = layer("point", [Symbol(size=3)], BESIDE)
    scene = build([content(of, [Point(0, 0), Point(6, 0)], {"name": ["示江路", ""]})], view())
    assert scene.labels[0].boxes[0][2] < 50


def test_numbers_are_all_written_however_crowded(qapp: QApplication) -> None:
    """30 issues within 4 mm: each number of the table is on the map, off the heap with a leader line, and readable."""
    rng = np.random.default_rng(5)
    heap = content(
        layer("point", [Symbol(size=2.6, fill="#336699")]), [Point(*xy) for xy in rng.normal(0, 2, (30, 2))], numbers={str(n): str(n + 1) for n in range(30)}
    )
    scene = build([heap], view())
    assert sorted(range(1, 31)) == sorted(int(text) for text in texts(scene))
    assert not any(overlap(one, other) for one, other in combinations(scene.labels, 2))
    assert 10 < sum(isinstance(item, Shapes) and not item.fill for item in scene.items)


def test_a_road_of_many_pieces_bears_its_name_once(qapp: QApplication) -> None:
    """Twenty pieces end to end, one name: one label, on the road."""
    pieces = [LineString([(x, 0), (x + 4, 0)]) for x in range(-40, 40, 4)]
    scene = build([content(layer("line", label=ALONG, kind="base"), pieces, {"name": ["人民路"] * 20})], view())
    assert ["人民路"] == texts(scene)
    _x0, y0, _x1, y1 = scene.labels[0].boxes[0]
    assert 40 == pytest.approx((y0 + y1) / 2)


def test_a_long_road_bears_its_name_again(qapp: QApplication) -> None:
    """Three times on 360 mm."""
    scene = build([content(layer("line", label=ALONG, kind="base"), [LineString([(-180, 0), (180, 0)])], {"name": ["人民路"]})], view(width=360))
    assert ["人民路"] * 3 == texts(scene)


def test_chinese_on_a_steep_road_runs_downwards_with_upright_characters(qapp: QApplication) -> None:
    """Characters below each other, none turned by more than the road's own lean; a code is turned as a whole."""
    steep = [LineString([(-20, -35), (-14, 35)]), LineString([(20, 35), (20, -35)])]
    scene = build([content(layer("line", label=ALONG, kind="base"), steep, {"name": ["建设路", "LZ-02"]})], view())
    words = [item for item in scene.items if isinstance(item, Word)]
    upright = [word for word in words if word.text in "建设路"]
    assert ["建", "设", "路"] == [word.text for word in sorted(upright, key=lambda word: word.y)]
    assert all(abs(word.angle) < 10 for word in upright)
    assert [90.0] == [pytest.approx(abs(word.angle)) for word in words if word.text == "LZ-02"]


def test_lettering_is_never_upside_down(qapp: QApplication) -> None:
    """Whichever way a line was drawn, its name reads from the left or from above."""
    for turn in range(0, 360, 15):
        c, s = np.cos(np.radians(turn)), np.sin(np.radians(turn))
        scene = build([content(layer("line", label=ALONG, kind="base"), [LineString([(-35 * c, -35 * s), (35 * c, 35 * s)])], {"name": ["滨江大道"]})], view())
        words = [item for item in scene.items if isinstance(item, Word)]
        assert words
        assert all(-90 <= word.angle <= 90 for word in words)
        assert "滨江大道" == "".join(word.text for word in words)


def test_a_label_inside_an_area_lies_inside_what_is_seen_of_it(qapp: QApplication) -> None:
    """An area that reaches far beyond the frame is named in its visible part."""
    scene = build([content(layer("polygon", label=INSIDE), [box(30, -500, 900, 500)], {"name": ["镜湖"]})], view())
    x0, _y0, x1, _y1 = scene.labels[0].boxes[0]
    assert 80 < x0 < x1 < 100


def test_a_building_too_small_for_its_name_has_none(qapp: QApplication) -> None:
    """Base layers rather say nothing than write across the street; a zone's code is written all the same."""
    small = [box(0, 0, 3, 3)]
    base = content(layer("polygon", label=INSIDE, kind="base"), small, {"name": ["第三实验小学教学楼"]})
    zone = content(layer("polygon", label=INSIDE), small, {"name": ["WC-01"]})
    assert [] == texts(build([base], view()))
    assert ["WC-01"] == texts(build([zone], view()))


def test_no_labels_beyond_their_scale_or_when_switched_off(qapp: QApplication) -> None:
    """`max_denominator` and `labels=False`."""
    of = layer("point", label=replace(BESIDE, max_denominator=5_000))
    shown = content(of, [Point(0, 0)], {"name": ["人民路"]})
    assert ["人民路"] == texts(build([shown], view(5_000)))
    assert [] == texts(build([shown], view(5_001)))
    assert [] == texts(build([replace(shown, labels=False)], view(5_000)))


def test_a_template_shows_titles_and_leaves_out_what_is_empty(qapp: QApplication) -> None:
    """A choice is written as its title; empty fields leave no double blank."""
    fields = (Field("code", "text", "编号"), Field("name", "text", "名称"), Field("class", "choice", "类", choices=(Choice("a", "甲类"),)))
    of = Layer("x", "x", geometry="point", fields=fields, label=Label("{code} {name} {class}"))
    scene = build([LayerContent(features(of, [Point(0, 0)], name=[None], **{"class": ["a"]}))], view())
    assert ["0 甲类"] == texts(scene)


def test_a_neighbour_is_labelled_in_grey(qapp: QApplication) -> None:
    """The pale zone's code has another colour than the zone's own."""
    zones = content(
        layer("polygon", label=replace(INSIDE, colour="#a3161b")), [box(-40, -30, 0, 30), box(0, -30, 40, 30)], {"name": ["甲", "乙"]}, faded=frozenset("1")
    )
    colours = {item.text: item.colour for item in build([zones], view()).items if isinstance(item, Word)}
    assert "#a3161b" == colours["甲"]
    assert "#a3161b" != colours["乙"]


def test_labels_say_what_these_features_say(qapp: QApplication) -> None:
    """Two sets of features may share their prepared geometry: a wall map's and the sheet's. What one says is not kept for the other."""
    of = layer("point", label=BESIDE)
    first = content(of, [Point(0, 0)], {"name": ["医院"]})
    flat = first.flat
    for name in ("医院", "学校"):
        assert [name] == texts(build([LayerContent(features(of, [Point(0, 0)], name=[name]), flat)], view()))
