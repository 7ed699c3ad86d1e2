"""Numbers of a crowd fan out: all are found, none covers another, no two lines cross, and what has no place is told."""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import combinations, permutations

import numpy as np
import pytest
from numpy.typing import NDArray
from PySide6.QtWidgets import QApplication
from shapely.geometry import LineString, Point, box

from chuangwen.domain.layer import Symbol
from chuangwen.render.matching import crossing, matched, uncrossed
from chuangwen.render.primitives import Dots, Shapes
from chuangwen.render.scene import LayerContent, Scene, build
from tests.render.build import content, layer, view
from tests.render.test_labels import ALONG, BESIDE, INSIDE, overlap, texts

MARK = Symbol(size=2.6, fill="#336699", stroke="#222222")
CENTRE = (95.0, 70.0)  # of the sheet below, mm


def numbered(places: NDArray[np.float64], mark: str = "问", of: str = "point") -> LayerContent:
    """Points with numbers from north to south; at 1:1 000 a metre is a millimetre."""
    order = np.lexsort((places[:, 0], -places[:, 1]))
    numbers = {str(at): f"{mark}{number + 1}" for number, at in enumerate(order.tolist())}
    return content(layer("point", [MARK], id=of), [Point(*xy) for xy in places], numbers=numbers)


def sheet(*shown: LayerContent) -> Scene:
    """On the map of an A4 sheet."""
    return build(shown, view(width=190, height=140))


def read(text: str) -> list[str]:
    """The numbers that a label says: 问3–问5 are three."""
    first, dash, last = text.partition("–")
    if not dash:
        return [text]
    (mark, low), (same, high) = (re.fullmatch(r"(\D*)(\d+)", part).groups() for part in (first, last))  # type: ignore[union-attr]
    assert mark == same
    return [f"{mark}{number}" for number in range(int(low), int(high) + 1)]


def lines(scene: Scene) -> NDArray[np.float64]:
    """The leader lines."""
    return np.array([label.leader for label in scene.labels if label.leader]).reshape(-1, 4)


def crossings(scene: Scene) -> int:
    """How many pairs of leader lines cross."""
    led = lines(scene)
    return int(crossing(led[:, :2], led[:, 2:]).sum()) // 2


def check(scene: Scene, count: int, mark: str = "问") -> None:
    """Each number once, none covered, each line from its own point to its own box."""
    found = [number for label in scene.labels for number in read(label.text)]
    assert sorted(found) == sorted(f"{mark}{number}" for number in range(1, count + 1))
    assert not any(overlap(one, other) for one, other in combinations(scene.labels, 2))
    for label in scene.labels:
        ((x0, y0, x1, y1),) = label.boxes
        assert 0 <= x0 < x1 <= scene.view.width
        assert 0 <= y0 < y1 <= scene.view.height
        if label.leader:
            x, y, u, v = label.leader
            assert (x, y) == pytest.approx(label.anchor) or label.members
            assert x0 - 0.01 <= u <= x1 + 0.01
            assert y0 - 0.01 <= v <= y1 + 0.01
    assert ((), ()) == (scene.unplaced, scene.crowded)


def test_sixty_in_a_courtyard_each_have_their_own_number(qapp: QApplication) -> None:
    """60 issues on 20 × 20 mm with room around: no bracket, no crossing lines, none longer than two sheets' thumbs."""
    scene = sheet(numbered(np.random.default_rng(4).uniform(-10, 10, (60, 2))))
    check(scene, 60)
    assert not any(label.members for label in scene.labels)
    assert 0 == crossings(scene)
    assert np.hypot(*(lines(scene)[:, 2:] - lines(scene)[:, :2]).T).max() < 45


def test_four_hundred_in_a_zone(qapp: QApplication) -> None:
    """All over the map: most beside their points, the others led there with next to no crossings."""
    scene = sheet(numbered(np.random.default_rng(4).uniform(-1, 1, (400, 2)) * (85, 62)))
    check(scene, 400)
    assert len(lines(scene)) < 120
    assert crossings(scene) <= 4


@pytest.mark.parametrize("spread", [0.0, 2.5])
@pytest.mark.parametrize("at", [(0.0, 0.0), (-88.0, -60.0)], ids=["middle", "corner"])
def test_a_heap_without_room_is_bracketed(qapp: QApplication, spread: float, at: tuple[float, float]) -> None:
    """60 on one place, or nearly so: consecutive numbers stand together, and the label tells whose they are."""
    scene = sheet(numbered(np.random.default_rng(4).normal(0, 1, (60, 2)) * spread + at))
    check(scene, 60)
    assert 0 == crossings(scene)
    brackets = [label for label in scene.labels if label.members]
    assert brackets
    for label in brackets:
        assert len(read(label.text)) == len(label.members)
        assert label.members[0] == label.id


def test_a_street_of_issues_needs_no_brackets(qapp: QApplication) -> None:
    """60 along 140 mm."""
    rng = np.random.default_rng(4)
    scene = sheet(numbered(np.stack([np.linspace(-70, 70, 60), rng.normal(0, 1.5, 60)], axis=1)))
    check(scene, 60)
    assert not any(label.members for label in scene.labels)
    assert 0 == crossings(scene)


def test_sites_and_issues_do_not_share_a_bracket(qapp: QApplication) -> None:
    """Two lists, two numberings: each bracket is of one list."""
    rng = np.random.default_rng(2)
    scene = sheet(numbered(rng.normal(0, 1, (40, 2))), numbered(rng.normal(0, 1, (40, 2)), "点", "site"))
    for mark, of in (("问", "point"), ("点", "site")):
        mine = replace(scene, labels=tuple(label for label in scene.labels if label.layer == of))
        check(mine, 40, mark)
    assert any(label.members for label in scene.labels)


def test_a_sheet_without_any_room_says_what_is_covered(qapp: QApplication) -> None:
    """200 numbers on 30 × 20 mm: all are on the map, and those across another are told."""
    scene = build([numbered(np.random.default_rng(1).uniform(-1, 1, (200, 2)) * (14, 9))], view(width=30, height=20))
    found = [number for label in scene.labels for number in read(label.text)]
    assert 200 == len(set(found)) == len(found)
    covered = {label.id for one, other in combinations(scene.labels, 2) if overlap(one, other) for label in (one, other)}
    assert covered
    assert {fault.id for fault in scene.crowded} <= covered
    assert {"covered"} == {fault.reason for fault in scene.crowded}


def test_names_without_room_are_told(qapp: QApplication) -> None:
    """Of 200 points with names: what is not on the map is in the list, once, and nothing else."""
    places = [Point(*xy) for xy in np.random.default_rng(3).uniform(-48, 48, (200, 2))]
    names = [f"第{number}社区" for number in range(200)]
    scene = build([content(layer("point", label=BESIDE), places, {"name": names})], view())
    assert "taken" in {fault.reason for fault in scene.unplaced}
    inside = {str(at) for at, place in enumerate(places) if abs(place.x) <= 50 and abs(place.y) <= 40}
    assert {label.id for label in scene.labels} | {fault.id for fault in scene.unplaced} == inside
    assert len(scene.labels) + len(scene.unplaced) == len(inside)


def test_repeated_and_clipped_names_are_not_missed(qapp: QApplication) -> None:
    """A road of three pieces is written once; a short end of another has no room: told once, as too small. A lake of which a corner is seen is not told."""
    lines_ = [LineString([(-45, 0), (-10, 0)]), LineString([(45, 30), (47, 30)]), LineString([(-45, -30), (-43, -30)])]
    roads = content(layer("line", label=ALONG, kind="base"), lines_, {"name": ["人民路", "人民路", "建设路"]})
    lakes = content(layer("polygon", label=INSIDE, kind="base"), [box(48, 38, 200, 200), box(-5, 10, -2, 12)], {"name": ["镜湖", "月亮湖"]})
    scene = build([roads, lakes], view())
    assert ["人民路"] == texts(scene)
    assert {("建设路", "small"), ("月亮湖", "small")} == {(fault.text, fault.reason) for fault in scene.unplaced}


def test_a_tiny_zone_is_told_and_a_pale_neighbour_is_not(qapp: QApplication) -> None:
    """The code of a zone of half a millimetre is not on the map: it is in the list. Neighbours' codes are a courtesy."""
    zones = [box(-40, -30, 40, 30), box(41, 31, 41.4, 31.4), box(41, -31.4, 41.4, -31)]
    shown = content(layer("polygon", label=INSIDE), zones, {"name": ["甲", "乙", "丙"]}, faded=frozenset("2"))
    assert ["乙"] == [fault.text for fault in build([shown], view()).unplaced]
    assert () == build([shown], view(min_feature=0.5)).unplaced


def test_labels_switched_off_are_not_missed(qapp: QApplication) -> None:
    """Nor those beyond their scale."""
    shown = content(layer("point", label=replace(BESIDE, max_denominator=500)), [Point(0, 0)] * 50, {"name": ["医院"] * 50})
    assert () == build([shown], view()).unplaced
    assert () == build([replace(shown, labels=False)], view(400)).unplaced


def test_the_assignment_is_the_best_of_all() -> None:
    """Against trying every order, for up to five rows and seven columns."""
    rng = np.random.default_rng(1)
    for rows, columns in [(1, 1), (1, 4), (3, 3), (4, 6), (5, 5), (5, 7)] * 8:
        cost = rng.random((rows, columns))
        given = matched(cost)
        assert rows == len(set(given.tolist()))
        best = min(sum(cost[row, column] for row, column in enumerate(order)) for order in permutations(range(columns), rows))
        assert best == pytest.approx(cost[np.arange(rows), given].sum())


def test_crossing_ways_are_exchanged() -> None:
    """None is left of many, unless what crosses may not be exchanged."""
    rng = np.random.default_rng(1)
    starts, ends = rng.random((40, 2)), rng.random((40, 2)) * 5
    assert crossing(starts, ends).any()
    assert not crossing(starts, ends[uncrossed(starts, ends, np.arange(40))]).any()
    assert np.arange(40).tolist() == uncrossed(starts, ends, np.arange(40), np.zeros((40, 40), dtype=bool)).tolist()


def test_a_line_begins_at_the_edge_of_a_symbol_that_stands_clear(qapp: QApplication) -> None:
    """Its letter is not hidden by a dot; where symbols lie over each other the dot says whose the line is."""
    alone = content(layer("point", [MARK]), [Point(0, 0)], numbers={"0": "问1"}, pinned={"0": (20.0, 0.0)})
    heap = content(layer("point", [MARK]), [Point(0, 0), Point(1, 0)], numbers={"0": "问1", "1": "问2"}, pinned={"0": (20.0, 0.0)})
    (line,) = [item.paths[0] for item in sheet(alone).items if isinstance(item, Shapes) and item.pen and item.pen.width == 0.14]
    assert CENTRE[0] + 1.4 == pytest.approx(line.elementAt(0).x / 100, abs=0.01)  # type: ignore[attr-defined]
    assert not any(isinstance(item, Dots) for item in sheet(alone).items)
    (line,) = [item.paths[0] for item in sheet(heap).items if isinstance(item, Shapes) and item.pen and item.pen.width == 0.14]
    assert CENTRE[0] == pytest.approx(line.elementAt(0).x / 100, abs=0.01)  # type: ignore[attr-defined]
    assert any(isinstance(item, Dots) for item in sheet(heap).items)


def test_a_crowd_on_a_wall_map_is_the_same_in_twice_the_size(qapp: QApplication) -> None:
    """All distances grow with the numbers."""
    places = np.random.default_rng(4).uniform(-10, 10, (60, 2))
    small, large = numbered(places), replace(numbered(places * 2), symbol_scale=2.0)
    one, other = sheet(small), build([large], view(width=380, height=280))
    check(other, 60)
    assert 0 == crossings(other)
    assert len(lines(one)) == pytest.approx(len(lines(other)), abs=4)
