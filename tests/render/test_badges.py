"""Small marks over the symbols: over those that wear one, beside their middle, in legend counts, not on paper."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray
from PySide6.QtWidgets import QApplication
from shapely.geometry import Point

from chuangwen.domain.layer import Badge, Symbol
from chuangwen.render.primitives import Shapes, Stamps
from chuangwen.render.scene import LayerContent, build
from tests.render.build import content, layer, view

LATE = Badge({"state": ("late",)}, Symbol(shape="octagon", size=2.0, fill="#c62828", glyph="!", mono={"fill": "#000000"}), dx=1.5, dy=-1.5)
SOON = Badge({"state": ("soon",)}, Symbol(shape="down_triangle", size=2.0, fill="#ffffff", stroke="#bf360c", mono={"stroke": "#000000"}), dx=1.5, dy=-1.5)
LAYER = layer("point", [Symbol(fill="#336699", size=3.0)], badges=(LATE, SOON))


def worn(*numbers: int) -> NDArray[np.int64]:
    """The badges of the features."""
    return np.array(numbers, dtype=np.int64)


def three(**more: object) -> LayerContent:
    """Three points ten metres apart: late, soon, neither."""
    return content(LAYER, [Point(0, 0), Point(10, 0), Point(20, 0)], badges=worn(0, 1, -1), **more)  # type: ignore[arg-type]


def stamps(of: LayerContent, **more: object) -> list[tuple[str, tuple[tuple[float, float], ...]]]:
    """(fill, places) of the stamps of a scene at 1:1 000, in drawing order."""
    return [(item.mark.fill, item.places) for item in build([of], view(**more)).items if isinstance(item, Stamps)]  # type: ignore[arg-type]


def test_badges_lie_over_all_symbols_beside_their_middle(qapp: QApplication) -> None:
    """1.5 mm to the right and up (a grid step is 1/100 mm); the first declared on top."""
    assert [
        ("#336699", ((5000, 4000), (6000, 4000), (7000, 4000))),
        ("#ffffff", ((6150, 3850),)),
        ("#c62828", ((5150, 3850),)),
    ] == stamps(three())


def test_badges_are_counted_after_the_classes(qapp: QApplication) -> None:
    """What is hidden, pale or out of the frame wears nothing."""
    assert {("point", 0): 3, ("point", 1): 1, ("point", 2): 1} == build([three()], view()).counts
    assert {("point", 0): 1, ("point", 2): 1} == build([three(only=frozenset("1"))], view()).counts
    assert {("point", 0): 2, ("point", 2): 1} == build([three(faded=frozenset("0"))], view()).counts
    assert "#c62828" not in [fill for fill, _places in stamps(three(faded=frozenset("0")))]


def test_paper_wears_none(qapp: QApplication) -> None:
    """Content without `badges`, as all sheets make it, is drawn and counted as if the layer declared none."""
    plain = content(replace(LAYER, badges=()), [Point(0, 0), Point(10, 0), Point(20, 0)])
    on_paper = replace(three(), badges=None)

    assert build([plain], view()).counts == build([on_paper], view()).counts == {("point", 0): 3}
    assert [("#336699", ((5000, 4000), (6000, 4000), (7000, 4000)))] == stamps(on_paper)


def test_in_black_and_white_they_are_told_apart_by_shape(qapp: QApplication) -> None:
    """Black octagon, white triangle."""
    late, soon = (item.mark for item in build([three()], view(mono=True)).items[-1:-3:-1] if isinstance(item, Stamps))

    assert ("#000000", "#ffffff") == (late.fill, soon.fill)
    assert soon.pen is not None
    assert "#000000" == soon.pen.colour
    assert late.outline.elementCount() != soon.outline.elementCount()


def test_in_a_crowd_badges_are_one_path_a_kind(qapp: QApplication) -> None:
    """Thousands of points are plain dots and so are their badges: no stamp for each."""
    count = 3_000
    points = [Point(number % 60 - 30, number // 60 - 25) for number in range(count)]
    crowd = content(LAYER, points, badges=np.where(np.arange(count) % 10 == 0, 0, -1))
    scene = build([crowd], view())

    assert not [item for item in scene.items if isinstance(item, Stamps)]
    assert ["#336699", "#c62828"] == [item.fill for item in scene.items if isinstance(item, Shapes)]
    assert 300 == scene.counts["point", 1]
