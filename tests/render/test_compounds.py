"""Buildings of a compound bear their numbers, the compound its name once."""

from __future__ import annotations

from PySide6.QtWidgets import QApplication
from shapely.geometry import box

from chuangwen.render.compounds import compounds
from chuangwen.render.scene import build
from tests.render.build import content, layer, view
from tests.render.test_labels import INSIDE


def test_names_are_split_where_at_least_two_share_one() -> None:
    """Numbers of several kinds; a lone 3号厂房 or a number in the middle of a name stays."""
    texts = {1: "西江花苑7栋", 2: "西江花苑12栋", 3: "镇政府", 4: "学生公寓12号楼", 5: "学生公寓B座", 6: "华昌公司3号厂房", 7: "和平新村4栋", 8: "5栋"}
    short, names = compounds(texts)
    assert {**texts, 1: "7栋", 2: "12栋", 4: "12号楼", 5: "B座"} == short
    assert {"西江花苑": [1, 2], "学生公寓": [4, 5]} == names


def test_a_compound_on_the_map(qapp: QApplication) -> None:
    """Twelve buildings too narrow for 西江花苑7栋: each has its number, and the name stands once, covering none of them. A neighbour's 7栋 is written too."""
    blocks = [box(x, y, x + 9, y + 4) for x in (-40, -20, 0, 20) for y in (-20, 0, 20)]
    names = [f"西江花苑{number}栋" for number in range(1, 13)]
    more = [box(30, 33, 39, 37), box(42, 33, 49, 37)]
    scene = build([content(layer("polygon", label=INSIDE, kind="base"), [*blocks, *more], {"name": [*names, "桃园7栋", "桃园8栋"]})], view())
    said = [label.text for label in scene.labels]
    assert sorted([*(f"{number}栋" for number in range(1, 13)), "西江花苑", "7栋", "8栋", "桃园"]) == sorted(said)
    assert ["西江花苑"] == [label.id for label in scene.labels if label.text == "西江花苑"]
    assert () == scene.unplaced
    moved = build([content(layer("polygon", label=INSIDE, kind="base"), blocks, {"name": names}, pinned={"西江花苑": (0.0, 30.0)})], view())
    assert [True] == [label.pinned for label in moved.labels if label.text == "西江花苑"]
