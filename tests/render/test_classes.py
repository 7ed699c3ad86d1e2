"""Which symbol and which colour a feature gets."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from math import cos, radians, sin
from pathlib import Path

import geopandas
import numpy as np
import pytest
import shapely
from numpy.typing import NDArray
from shapely.geometry import Point, Polygon, box

from chuangwen.domain.classes import classify
from chuangwen.domain.feature import Features
from chuangwen.domain.layer import Palette, Symbol
from chuangwen.render.classes import grey, look
from chuangwen.render.geometry import flatten
from chuangwen.services.paper.colouring import paint_by_value
from chuangwen.services.project import Project
from tests.build import SHARED, layers
from tests.render.build import features, layer

SYMBOLS = (Symbol(when={"class": ("a", "b")}), Symbol(when={"class": ("b",)}), Symbol(title="其他"))


def test_the_first_fitting_symbol_wins_and_the_one_without_condition_takes_the_rest() -> None:
    """b fits two symbols, c none, an empty value none."""
    found = features(layer("point"), [Point(0, 0)] * 4, **{"class": ["a", "b", "c", None]})
    assert [0, 0, 2, 2] == classify(found, SYMBOLS).tolist()


def test_without_a_fitting_symbol_a_feature_is_plain_but_not_lost() -> None:
    """Class −1 is drawn with the plain symbol."""
    found = features(layer("point"), [Point(0, 0)], **{"class": ["z"]})
    assert [-1] == classify(found, SYMBOLS[:2]).tolist()


def test_touching_areas_of_different_values_have_different_colours() -> None:
    """Two colours taken in turn would give 甲 and 丙 the same, but they touch: the palette skips."""
    of = layer("polygon", palette=Palette("class", ("#111111", "#222222", "#333333")))
    row = [box(0, 0, 1, 1), box(1, 0, 2, 1), box(2, 0, 3, 1), box(3, 0, 4, 1), box(0, 1, 4, 2)]
    flat = flatten(features(of, row, **{"class": ["a", "b", "c", "d", "c"]}))
    colour = dict(flat.palette)
    for one, other in (("a", "b"), ("b", "c"), ("c", "d"), ("a", "c")):
        assert colour[one] != colour[other]
    assert (-1 not in flat.paints.tolist(), 4) == (True, len(flat.palette))


def test_a_layer_without_palette_has_no_paints() -> None:
    """The symbol's own fill stays."""
    found = features(layer("polygon"), [box(0, 0, 1, 1)])
    numbers, colours = paint_by_value(found, found.geometry, flatten(found).areas.owner)
    assert ([-1], ()) == (numbers.tolist(), colours)


def test_a_black_and_white_printer_gets_greys_only() -> None:
    """Every colour of the symbol, whatever its mono table leaves as it was."""
    shown = look(Symbol(fill="#ff0000", stroke="#00ff00", casing="#0000ff", glyph="改", mono={"shape": "square"}), mono=True)
    assert "square" == shown.shape
    assert all(len({colour[1:3], colour[3:5], colour[5:7]}) == 1 for colour in (shown.fill, shown.stroke, shown.casing, shown.glyph_colour))
    assert "#363636" == grey("#ff0000")


def test_a_pale_neighbour_keeps_its_shape_and_loses_its_colour() -> None:
    """Grey outline, no palette fill, no hatch."""
    shown = look(Symbol(fill="#ff0000", stroke="#aa0000", hatch="x", shape="star"), faded=True, fill="#123456")
    assert ("star", "", "") == (shown.shape, shown.fill, shown.hatch)


HAIDIAN = SHARED / "real" / "beijing_haidian" / "township" / "beijing.shp"
FIVE = ("#111111", "#222222", "#333333", "#444444", "#555555")


def shared(colours: Sequence[str], areas: NDArray[np.object_]) -> list[tuple[int, int]]:
    """Pairs of touching areas with one colour."""
    one, other = shapely.STRtree(areas).query(areas, predicate="dwithin", distance=1.0)
    return [(a, b) for a, b in zip(one.tolist(), other.tolist(), strict=True) if a < b and colours[a] == colours[b]]


def test_four_areas_that_all_touch_need_all_four_colours() -> None:
    """A middle and three around it: the map that needs four. Painted each for itself, and by value; a hair's breadth between them counts as touching."""
    middle = Point(0, 0).buffer(10)
    ring = Point(0, 0).buffer(30).difference(Point(0, 0).buffer(10.3))
    wedges = [Polygon([(0, 0), *((90 * cos(radians(turn + step)), 90 * sin(radians(turn + step))) for step in (0, 60, 120))]) for turn in (0, 120, 240)]
    thirds = [ring.intersection(wedge) for wedge in wedges]
    shapes = [middle, *thirds]
    for field in ("", "class"):
        flat = flatten(features(layer("polygon", palette=Palette(field, FIVE[:4])), shapes, **{"class": ["a", "b", "c", "d"]}))
        assert 4 == len({flat.palette[number][1] for number in flat.paints.tolist()})


def test_a_chequerboard_of_zones_is_painted_each_for_itself() -> None:
    """900 zones with four colours, corners touch as well: none like a neighbour; the same each time; one without a place has no colour."""
    shapes = [box(x, y, x + 10, y + 10) for x in range(0, 300, 10) for y in range(0, 300, 10)]
    found = features(layer("polygon", palette=Palette("", FIVE)), [*shapes, None])
    flat = flatten(found)
    colours = [flat.palette[number][1] for number in flat.paints[:-1].tolist()]
    assert [] == shared(colours, np.array(shapes, dtype=object))
    assert -1 == flat.paints[-1]
    assert flat.paints.tolist() == flatten(found).paints.tolist()


def test_the_streets_of_the_demo_differ_from_their_neighbours(demo_file: Path) -> None:
    """By street and each zone for itself, with the five colours of the layer."""
    project = Project.open(demo_file, "甲")
    zones = project.features("zone")
    project.close()
    palette = zones.layer.palette
    assert palette
    by_street = flatten(zones)
    streets = [str(street) for street in zones.column("street")]
    colour_of = dict(by_street.palette)
    for one, other in shared([""] * len(zones), zones.geometry):
        assert streets[one] == streets[other] or colour_of[streets[one]] != colour_of[streets[other]]
    each = Features(replace(zones.layer, palette=replace(palette, field="")), zones.ids, zones.columns, zones.geometry)
    flat = flatten(each)
    assert [] == shared([flat.palette[number][1] for number in flat.paints.tolist()], zones.geometry)


@pytest.mark.skipif(not HAIDIAN.exists(), reason="the real district's files lie in ../shared/data, which is absent")
def test_the_streets_of_haidian_differ_from_their_neighbours() -> None:
    """29 real boundaries, each painted for itself, with the five colours of the zone layer."""
    table = geopandas.read_file(HAIDIAN).to_crs(4548)
    areas = table[table["县"] == "海淀区"].geometry.to_numpy()
    palette = layers()["zone"].palette
    assert palette
    flat = flatten(Features(layer("polygon", palette=replace(palette, field="")), [str(at) for at in range(len(areas))], {}, areas))
    assert 29 == len(areas)
    assert [] == shared([flat.palette[number][1] for number in flat.paints.tolist()], areas)
    assert 4 <= len(set(flat.paints.tolist()))
