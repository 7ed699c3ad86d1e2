"""A black-and-white laser printer: every class is told apart in one bit, by plain threshold and by ordered dither, and nothing is grey."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray
from PySide6.QtCore import QRectF
from PySide6.QtWidgets import QApplication

from chuangwen.domain.layer import Layer, Symbol
from chuangwen.render.classes import look
from chuangwen.render.draw import draw_swatch, mm_painter, on_image
from chuangwen.render.primitives import Dots, Shapes, Stamps, Word
from chuangwen.render.scene import Scene, build
from tests.build import layers
from tests.golden import pixels
from tests.render.build import content, layer, view
from tests.render.test_scene import a_town

Bits = NDArray[np.bool_]

LASER = 600 / 25.4
"""Dots per mm."""
BAYER = np.array([[0, 2], [3, 1]])
for _ in range(2):
    BAYER = np.block([[4 * BAYER, 4 * BAYER + 2], [4 * BAYER + 3, 4 * BAYER + 1]])
"""Bayer 1973: the 8 × 8 matrix of ordered dither."""
SLACK = 2
"""Dots by which the paper may be displaced when a symbol is compared."""
MARGIN = 1.6
"""So many times as far as its own template must every other be."""

DRAWN = ["site", "issue", "section", "zone", "road", "building_outline", "water", "green", "district"]


def printed(of: Layer, symbol: Symbol, shift: float, dither: bool) -> Bits:
    """One class as the printer's dots: True is black. `shift`: dots, a broken part of which is where no template lies."""
    size = 8.0
    image = on_image(size, size, LASER)
    with mm_painter(image, LASER) as painter:
        draw_swatch(painter, of, symbol, QRectF(1 + shift / LASER, 1.5 + shift / LASER, 6, 5), mono=True)
    grey = pixels(image)[:, :, 0].astype(float)
    if not dither:
        return grey < 128
    rows, columns = grey.shape
    tiled = np.tile(BAYER, (rows // 8 + 1, columns // 8 + 1))[:rows, :columns]
    return grey < (tiled + 0.5) * 4


def distance(one: Bits, other: Bits) -> int:
    """Dots in which they differ, the better fitting displacement counts."""
    best = one.size
    inner = one[SLACK:-SLACK, SLACK:-SLACK]
    for down in range(2 * SLACK + 1):
        for across in range(2 * SLACK + 1):
            moved = other[down : down + inner.shape[0], across : across + inner.shape[1]]
            best = min(best, int(np.count_nonzero(inner ^ moved)))
    return best


def mistaken(of: Layer, symbols: dict[str, Symbol], dither: bool, margin: float = MARGIN) -> list[str]:
    """Which printed classes are nearer to another template, or not by the margin nearer to their own."""
    templates = {name: printed(of, symbol, 0.0, False) for name, symbol in symbols.items()}
    found = []
    for name, symbol in symbols.items():
        for shift in (0.37, 1.61):
            seen = printed(of, symbol, shift, dither)
            away = {other: distance(seen, template) for other, template in templates.items()}
            if not templates[name].any():
                found.append(f"{name} is blank")
            rivals = [f"{name} / {other}: {away[name]} against {away[other]}" for other in away if other != name and away[other] < max(margin * away[name], 60)]
            found += rivals
    return found


@pytest.mark.parametrize("dither", [False, True], ids=["threshold", "dither"])
@pytest.mark.parametrize("name", DRAWN)
def test_each_class_is_found_among_the_templates_of_its_layer(qapp: QApplication, name: str, dither: bool) -> None:
    """Printed anywhere on the paper, a symbol is nearest to its own template, all others are clearly farther."""
    of = layers()[name]
    symbols = {symbol.title or "/".join(str(value) for values in symbol.when.values() for value in values): symbol for symbol in of.symbols}
    assert len(symbols) == len(of.symbols)
    assert [] == mistaken(of, symbols, dither)


@pytest.mark.parametrize("names", [("site", "issue"), ("building_outline", "water", "green")], ids="+".join)
def test_layers_of_one_kind_are_told_apart_too(qapp: QApplication, names: tuple[str, ...]) -> None:
    """A site is no issue, water is no park. (Dots of a hatch fall on other dots of the printer each time: a third of margin.)"""
    of = layers()[names[0]]
    symbols = {f"{name} {number}": symbol for name in names for number, symbol in enumerate(layers()[name].symbols)}
    assert [] == mistaken(of, symbols, dither=False, margin=1.3)


def test_the_matching_notices_two_alike(qapp: QApplication) -> None:
    """The check itself: greys of different lightness, and letters left out, are mistaken for each other."""
    of = layer("point")
    greys = {name: Symbol(size=3.2, stroke="#000000", mono={"fill": fill}) for name, fill in (("light", "#d0d0d0"), ("lighter", "#e0e0e0"))}
    assert mistaken(of, greys, dither=False)
    assert mistaken(of, {name: Symbol(size=3.2, fill=fill) for name, fill in (("red", "#aa0000"), ("blue", "#0000aa"))}, dither=True)


def colours(scene: Scene) -> set[str]:
    """All that the scene is painted with."""
    found = set()
    for item in scene.items:
        if isinstance(item, Shapes):
            found |= {item.fill, item.pen.colour if item.pen else ""}
        elif isinstance(item, Dots):
            found.add(item.colour)
        elif isinstance(item, Stamps):
            found |= {item.mark.fill, item.mark.pen.colour if item.mark.pen else "", item.mark.glyph_colour if item.mark.glyph else ""}
        elif isinstance(item, Word):
            found |= {item.colour, item.halo}
    return found - {""}


def test_nothing_of_the_declared_layers_is_grey() -> None:
    """Greys come out as coarse dots: fills, lines, hatches and letters are black or white, neighbours' too."""
    for of in layers().drawn():
        for symbol in of.symbols:
            for shown in (look(symbol, mono=True), look(symbol, mono=True, faded=True)):
                inks = {shown.fill, shown.stroke, shown.casing, shown.hatch and shown.hatch_colour, shown.glyph and shown.glyph_colour}
                assert inks <= {"", "#000000", "#ffffff"}, f"{of.id} {symbol.title}: {inks}"


def test_a_black_and_white_map_holds_no_grey(qapp: QApplication) -> None:
    """Zones, roads, points, names, numbers, leader lines, pale neighbours."""
    assert {"#000000", "#ffffff"} == colours(build(a_town(), view(mono=True)))
    assert len(colours(build(a_town(), view()))) > 4
    pale = content(layer("point", [Symbol(fill="#336699", glyph="医")]), [], faded=frozenset("0"))
    assert colours(build([pale], view(mono=True))) <= {"#000000", "#ffffff"}
