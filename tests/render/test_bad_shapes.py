"""Whatever lies in a project is drawn: no shape, name or setting stops a sheet."""

from __future__ import annotations

from itertools import product

import pytest
from PySide6.QtWidgets import QApplication
from shapely.geometry import GeometryCollection, LineString, MultiPoint, MultiPolygon, Point, Polygon, box
from shapely.geometry.base import BaseGeometry

from chuangwen.domain.layer import Label, Symbol
from chuangwen.render.draw import image_of
from chuangwen.render.scene import build
from tests.render.build import content, layer, view

SHAPES: dict[str, BaseGeometry | None] = {
    "nothing": None,
    "empty": Polygon(),
    "empty line": LineString(),
    "no width": Polygon([(0, 0), (10, 0), (20, 0), (0, 0)]),
    "sliver": Polygon([(-40, 0), (40, 0.001), (40, 0)]),
    "bow tie": Polygon([(0, 0), (20, 20), (20, 0), (0, 20)]),
    "spike": Polygon([(0, 0), (20, 0), (20, 20), (20, 90), (20, 20), (0, 20)]),
    "all hole": box(-30, -30, 30, 30).difference(box(-29, -29, 29, 29)),
    "two parts 5 km apart": MultiPolygon([box(-20, -20, -10, -10), box(5_000, 5_000, 5_100, 5_100)]),
    "collection": GeometryCollection([Point(0, 0), LineString([(0, 0), (30, 10)]), box(0, 0, 10, 10)]),
    "one place twice": LineString([(0, 0), (0, 0)]),
    "there and back": LineString([(-40, 0), (40, 0), (-40, 0)]),
    "loop": LineString([(0, 0), (30, 0), (30, 30), (0, 30), (0, 0)]),
    "with heights": Polygon([(0, 0, 5), (10, 0, 5), (10, 10, 5)]),
    "half the earth": box(-1e7, -1e7, 1e7, 1e7),
    "many points": MultiPoint([(0, 0), (5, 5), (500, 0)]),
}
NAMES = ["WC-01", "长" * 60, "a/b:*?", "𠮷😀龘", "", None, " ", "路"]


@pytest.mark.parametrize("name", SHAPES)
def test_it_is_drawn(qapp: QApplication, name: str) -> None:
    """In every kind of layer, turned or not, in colour and black and white, pale, numbered and moved by hand."""
    hatched = Symbol(fill="#336699", stroke="#222222", hatch="x", stroke_width=0.5, dash=(1.0, 1.0))
    for geometry, kind, rotation, mono, faded in product(("point", "line", "polygon"), ("base", "subject"), (0.0, 37.0), (False, True), ("", "0")):
        of = layer(geometry, [hatched], Label("{name}"), kind=kind)
        for word in NAMES:
            shown = content(
                of,
                [SHAPES[name], Point(1, 1)],
                {"name": [word, "x"]},
                numbers={"0": "问1"} if geometry == "point" else {},
                faded=frozenset(faded),
                pinned={"0": (100.0, 3.0), "1": (3.0, 3.0)} if mono else {},
            )
            scene = build([shown], view(rotation=rotation, mono=mono, text_floor=2.12))
        assert not image_of(scene, scene.view).isNull()
