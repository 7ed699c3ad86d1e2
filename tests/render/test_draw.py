"""What reaches the device: true to scale, told apart without colour, searchable, on top where it belongs."""

from __future__ import annotations

import shutil
import subprocess
from dataclasses import replace
from itertools import combinations
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QRectF
from PySide6.QtGui import QPainter, QPdfWriter
from PySide6.QtWidgets import QApplication
from shapely.geometry import LineString, Point, box

from chuangwen.domain.layer import HATCHES, Label, Layer, Symbol
from chuangwen.render.draw import draw, draw_highlight, draw_swatch, image_of, mm_painter, on_image
from chuangwen.render.scene import LayerContent, build
from chuangwen.render.view import MapView
from tests.build import layers
from tests.golden import Pixels, pixels
from tests.render.build import content, layer, view

BLACK = Symbol(shape="square", size=2, fill="#000000", stroke="")
FINE = 300 / 25.4  # dots per mm of an office printer


def picture(shown: list[LayerContent], at: MapView) -> Pixels:
    """A scene as pixels."""
    return pixels(image_of(build(shown, at), at))


def pdf(path: Path, shown: list[LayerContent], at: MapView) -> Path:
    """A scene as the only page of a PDF, one dot a hundredth of a millimetre."""
    writer = QPdfWriter(str(path))
    writer.setResolution(2540)
    painter = QPainter(writer)
    painter.scale(100, 100)
    draw(painter, build(shown, at), at)
    painter.end()
    return path


def test_two_known_points_lie_true_to_scale(qapp: QApplication) -> None:
    """300 m apart at 1:5 000 are 60 mm, within a thousandth."""
    shown = content(layer("point", [BLACK]), [Point(-150, 0), Point(150, 0)])
    found = picture([shown], view(5_000, dots_per_mm=24))
    dark = np.flatnonzero((found < 128).all(axis=2).any(axis=0))
    left, right = (part.mean() for part in np.split(dark, np.flatnonzero(np.diff(dark) > 1) + 1))
    assert 300 == pytest.approx((right - left) / 24 * 5_000 / 1_000, rel=0.001)


def test_a_line_has_its_width_on_every_device(qapp: QApplication) -> None:
    """1 mm is 4 dots at 4 a millimetre and 24 at 24."""
    shown = content(layer("line", [Symbol(stroke="#000000", stroke_width=1.0)]), [LineString([(-40, 0), (40, 0)])])
    for dots in (4, 24):
        found = picture([shown], view(dots_per_mm=dots))
        assert dots == pytest.approx(float((255 - found[:, 50 * dots, 0].astype(float)).sum() / 255), abs=0.2)


def test_nothing_is_painted_beside_the_frame(qapp: QApplication) -> None:
    """A page has other things around its map."""
    shown = view(width=50, height=40)
    image = on_image(100, 80, 4)
    with mm_painter(image, 4) as painter:
        draw(painter, build([content(layer("polygon"), [box(-500, -500, 500, 500)])], shown), shown)
    found = pixels(image)
    assert (found[:160, :200] != 255).any()
    assert (found[161:] == 255).all()
    assert (found[:, 201:] == 255).all()


def test_an_area_keeps_its_hole_and_overlapping_areas_do_not_cancel(qapp: QApplication) -> None:
    """Inside the hole it is white; where two overlap it is not."""
    holed = box(-40, -20, -10, 20).difference(box(-30, -10, -20, 10))
    of = layer("polygon", [Symbol(fill="#000000", stroke="")])
    found = picture([content(of, [holed, box(5, -20, 25, 20), box(15, -20, 35, 20)])], view(dots_per_mm=4))
    assert 255 == found[160, 25 * 4, 0]
    assert 0 == found[160, 15 * 4, 0] == found[160, 70 * 4, 0]


def swatch(of: Layer, symbol: Symbol, mono: bool) -> Pixels:
    """A legend's picture of one class."""
    image = on_image(9, 6, FINE)
    with mm_painter(image, FINE) as painter:
        draw_swatch(painter, of, symbol, QRectF(0.5, 0.5, 8, 5), mono)
    return pixels(image)


@pytest.mark.parametrize("name", ["site", "issue", "road", "section", "water", "green", "zone"])
def test_classes_can_be_told_apart_on_a_black_and_white_printer(qapp: QApplication, name: str) -> None:
    """In one bit, at 300 dpi, any two classes of a layer differ in at least 30 dots, and none is blank.

    Roads of neighbouring ranks differ by width alone: 10 dots.
    """
    of = layers()[name]
    seen = {number: swatch(of, symbol, mono=True)[:, :, 0] < 160 for number, symbol in enumerate(of.symbols)}
    assert all(one.any() for one in seen.values())
    for (first, one), (second, other) in combinations(seen.items(), 2):
        assert np.count_nonzero(one ^ other) >= (10 if name == "road" else 30), f"{of.symbols[first]} / {of.symbols[second]}"


def test_hatches_can_be_told_apart_in_one_bit(qapp: QApplication) -> None:
    """Every pair of the eight."""
    of = layer("polygon")
    seen = [swatch(of, Symbol(stroke="#000000", hatch=hatch), mono=True)[:, :, 0] < 128 for hatch in HATCHES]
    assert all(np.count_nonzero(one ^ other) > 100 for one, other in combinations(seen, 2))


@pytest.mark.parametrize("geometry", ["point", "line", "polygon"])
def test_a_swatch_stays_within_its_rectangle(qapp: QApplication, geometry: str) -> None:
    """However large the symbol is."""
    image = on_image(20, 20, 8)
    with mm_painter(image, 8) as painter:
        draw_swatch(painter, layer(geometry), Symbol(size=30, fill="#000000", stroke="#000000", stroke_width=3, hatch="x", glyph="路"), QRectF(6, 6, 8, 6))
    dark = np.argwhere((pixels(image) < 250).any(axis=2)) / 8
    assert len(dark)
    assert (dark.min(axis=0) >= 5.7).all()
    assert dark.max(axis=0)[0] <= 12.3
    assert dark.max(axis=0)[1] <= 14.3


def test_a_letter_is_centred_in_its_symbol(qapp: QApplication) -> None:
    """口 has the same margin on all sides."""
    glyph = Symbol(shape="square", size=20, fill="#ffffff", stroke="", glyph="口", glyph_colour="#000000")
    found = picture([content(layer("point", [glyph]), [Point(0, 0)])], view(dots_per_mm=8))
    dark = np.argwhere((found < 128).all(axis=2)) + 0.5
    assert (40 * 8, 50 * 8) == pytest.approx(tuple((dark.min(axis=0) + dark.max(axis=0)) / 2), abs=1)


def test_the_selection_gets_a_rim_and_nothing_else_changes(qapp: QApplication) -> None:
    """Around the chosen point it turns blue; far from it the picture stays."""
    shown = content(layer("point", [BLACK]), [Point(-30, 0), Point(30, 0)])
    at = view(dots_per_mm=8)
    image = image_of(build([shown], at), at)
    before = pixels(image)
    with mm_painter(image, 8) as painter:
        draw_highlight(painter, [shown], {("point", "1")}, at)
    after = pixels(image)
    changed = (before != after).any(axis=2)
    assert changed[:, 60 * 8 :].any()
    assert not changed[:, : 60 * 8].any()
    ring = after[40 * 8, 80 * 8 + 10 : 80 * 8 + 24]
    assert (ring[:, 2].astype(int) - ring[:, 0] > 100).any()


@pytest.mark.parametrize("geometry", ["line", "polygon"])
def test_lines_and_areas_can_be_selected_too(qapp: QApplication, geometry: str) -> None:
    """A rim shows along the line and around the area."""
    form = LineString([(-20, 0), (20, 0)]) if geometry == "line" else box(-20, -10, 20, 10)
    shown = content(layer(geometry), [form])
    at = view(dots_per_mm=4)
    image = on_image(100, 80, 4)
    with mm_painter(image, 4) as painter:
        draw_highlight(painter, [shown], {(geometry, "0")}, at)
    blue = pixels(image).astype(int)
    assert np.count_nonzero(blue[:, :, 2] - blue[:, :, 0] > 100) > 100


@pytest.mark.skipif(shutil.which("pdftotext") is None, reason="pdftotext is not installed (poppler-utils)")
def test_labels_can_be_searched_in_a_pdf(qapp: QApplication, tmp_path: Path) -> None:
    """Characters that share their shape with radicals, digits, dashes: each comes back as it was written; symbol letters do not get in the way."""
    names = ["第3网格 A-17", "青龙门长高见面", "路段L-02 1:5 000"]
    of = layer("point", [replace(BLACK, glyph="医")], Label("{name}", placement="around"))
    for halo in ("outline", "none"):
        file = pdf(tmp_path / f"{halo}.pdf", [content(of, [Point(-20, 20), Point(-20, 0), Point(-20, -20)], {"name": names})], view(halo=halo))
        text = subprocess.run(["pdftotext", "-enc", "UTF-8", str(file), "-"], capture_output=True, check=True).stdout.decode()
        assert sorted(names) == sorted(line for line in text.splitlines() if line.strip())


def test_a_halo_is_white_around_the_letters(qapp: QApplication) -> None:
    """On a dark ground the label stands on a light rim."""
    ground = content(layer("polygon", [Symbol(fill="#204060", stroke="")]), [box(-60, -60, 60, 60)])
    named = content(layer("point", [BLACK], Label("{name}", size=6, colour="#000000", placement="around")), [Point(0, 0)], {"name": ["口"]})
    rim = picture([ground, named], view(dots_per_mm=8))
    bare = picture([ground, named], view(dots_per_mm=8, halo="none"))
    assert (rim == 255).all(axis=2).sum() > 200
    assert not (bare == 255).all(axis=2).any()
