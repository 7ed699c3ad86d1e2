"""A label moved by hand stands where it was put; larger symbols and texts for walls."""

from __future__ import annotations

from dataclasses import replace
from itertools import combinations

import numpy as np
import pytest
from PySide6.QtWidgets import QApplication
from shapely.geometry import LineString, Point, box

from chuangwen.domain.layer import Label, Symbol
from chuangwen.render.primitives import Shapes, Stamps, Word
from chuangwen.render.scene import LayerContent, Scene, build
from tests.render.build import content, layer, view
from tests.render.test_labels import ALONG, BESIDE, INSIDE, overlap


def leaders(scene: Scene) -> int:
    """How many labels have a line to their feature, which is drawn."""
    drawn = sum(isinstance(item, Shapes) and item.pen is not None and item.pen.width == 0.14 for item in scene.items)
    assert drawn == sum(label.leader is not None for label in scene.labels)
    return drawn


def test_a_moved_label_stands_where_it_was_put_and_the_others_keep_clear(qapp: QApplication) -> None:
    """Right on another point's usual place: that one goes elsewhere. Near its point without, far off with a leader line."""
    places = [Point(0, 0), Point(-12, 0)]
    two = content(layer("point", [Symbol(size=2)], BESIDE), places, {"name": ["医院", "学校"]})
    free = {label.id: label for label in build([two], view()).labels}
    wanted = free["0"].middle
    pin = (wanted[0] - free["1"].anchor[0], wanted[1] - free["1"].anchor[1])
    scene = build([replace(two, pinned={"1": pin})], view())
    found = {label.id: label for label in scene.labels}
    assert wanted == pytest.approx(found["1"].middle)
    assert (True, False) == (found["1"].pinned, found["0"].pinned)
    assert not overlap(found["0"], found["1"])
    assert 1 == leaders(scene)
    assert 0 == leaders(build([replace(two, pinned={"1": (0.0, -3.5)})], view()))


@pytest.mark.parametrize("shown", ["point", "line", "polygon"])
def test_a_label_pinned_where_it_stands_stays(qapp: QApplication, shown: str) -> None:
    """What the window does when a drag ends where it began: `middle` − `anchor`, for a place, a bent road and a zone that leaves the frame."""
    forms = {"point": (Point(5, 3), BESIDE), "line": (LineString([(-45, -20), (0, 0), (70, 8)]), ALONG), "polygon": (box(10, -90, 90, 20), INSIDE)}
    form, label = forms[shown]
    one = content(layer(shown, label=label), [form], {"name": ["人民路"]})
    (before,) = build([one], view()).labels
    pin = (before.middle[0] - before.anchor[0], before.middle[1] - before.anchor[1])
    scene = build([replace(one, pinned={"0": pin})], view())
    assert np.array(before.middle) == pytest.approx(np.array(scene.labels[0].middle), abs=0.05)
    assert 0 == leaders(scene)


def test_a_moved_road_name_follows_its_road_or_leaves_it(qapp: QApplication) -> None:
    """Moved along a slanting road it keeps the slant; pulled far off it is level, with a line to the road. Once in either case, however long the road."""
    road = content(layer("line", label=ALONG, kind="base"), [LineString([(-170, -45), (170, 45)])], {"name": ["人民路"]})
    for pin, angle, lines in (((60.0, -18.0), -14.8, 0), ((0.0, -25.0), 0.0, 1)):
        scene = build([replace(road, pinned={"0": pin})], view(width=360, height=100))
        (word,) = [item for item in scene.items if isinstance(item, Word)]
        assert angle == pytest.approx(word.angle, abs=0.5)
        assert lines == leaders(scene)


def test_a_label_moved_over_the_edge_is_drawn_back(qapp: QApplication) -> None:
    """Never cut by the frame, however far it was pulled."""
    one = content(layer("point", label=BESIDE), [Point(0, 0)], {"name": ["第三实验小学"]})
    for pin in ((500.0, 0.0), (-500.0, -500.0), (0.0, 39.5)):
        (label,) = build([replace(one, pinned={"0": pin})], view()).labels
        ((x0, y0, x1, y1),) = label.boxes
        assert 0 <= x0 < x1 <= 100
        assert 0 <= y0 < y1 <= 80


def test_numbers_keep_clear_of_a_moved_number(qapp: QApplication) -> None:
    """In a crowd, too."""
    rng = np.random.default_rng(5)
    numbers = {str(n): str(n + 1) for n in range(30)}
    heap = content(layer("point", [Symbol(size=2.6)]), [Point(*xy) for xy in rng.normal(0, 3, (30, 2))], numbers=numbers, pinned={"7": (9.0, 2.0)})
    scene = build([heap], view())
    assert 30 == len(scene.labels)
    assert not any(overlap(one, other) for one, other in combinations(scene.labels, 2))


def test_no_text_is_smaller_than_the_paper_allows(qapp: QApplication) -> None:
    """8 pt on A0: small styles are raised, larger ones stay; the places are worked out for what is written."""
    shown = [
        content(layer("point", label=replace(BESIDE, size=2.0), id="small"), [Point(-20, 0)], {"name": ["小"]}, numbers={"0": "1"}),
        content(layer("polygon", label=replace(INSIDE, size=1.5)), [box(-40, 10, -10, 30)], {"name": ["中"]}),
        content(layer("point", label=replace(BESIDE, size=6.0), id="large"), [Point(20, 0)], {"name": ["大"]}),
    ]
    scene = build(shown, view(text_floor=2.83))
    assert {"1": 2.83, "中": 2.83, "大": 6.0} == {item.text: item.size for item in scene.items if isinstance(item, Word)}
    assert all(box[3] - box[1] >= 2.82 for label in scene.labels for box in label.boxes)


def test_a_wall_map_has_its_own_labels_and_larger_symbols(qapp: QApplication) -> None:
    """The label given with the content replaces the layer's; all millimetres of its symbols are doubled, in black and white as well."""
    of = layer("point", [Symbol(size=3, stroke="#000000", stroke_width=0.2, mono={"stroke_width": 0.5})], BESIDE)
    usual = content(of, [Point(0, 0)], {"name": ["医院"]})
    large = replace(usual, label=Label("第{code}号", size=8), symbol_scale=2.0)

    def stamp(one: LayerContent, mono: bool) -> tuple[float, float]:
        (item,) = [item for item in build([one], view(mono=mono)).items if isinstance(item, Stamps)]
        assert item.mark.pen
        return item.mark.outline.boundingRect().width(), item.mark.pen.width

    assert ["第0号"] == [label.text for label in build([large], view()).labels]
    for mono in (False, True):
        assert tuple(2 * value for value in stamp(usual, mono)) == pytest.approx(stamp(large, mono))
    roads = replace(content(layer("line", [Symbol(stroke="#111111", dash=(2.0, 1.0), stroke_width=1)]), [LineString([(-9, 0), (9, 0)])]), symbol_scale=3.0)
    (line,) = build([roads], view()).items
    assert isinstance(line, Shapes)
    assert line.pen
    assert ((6.0, 3.0), 3.0) == (line.pen.dash, line.pen.width)
