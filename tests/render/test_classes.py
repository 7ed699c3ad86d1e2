"""Which symbol and which colour a feature gets."""

from __future__ import annotations

from shapely.geometry import Point, box

from chuangwen.domain.layer import Palette, Symbol
from chuangwen.render.classes import classify, grey, look, paint_by_value
from chuangwen.render.geometry import flatten
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
