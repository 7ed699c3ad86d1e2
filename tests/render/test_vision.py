"""Colours are told apart by the colour-blind, or something else tells the classes apart."""

from __future__ import annotations

from itertools import combinations

import pytest

from chuangwen.domain.layer import Symbol
from tests.build import layers
from tests.render.vision import CONES, apart, lab, least_apart

CLEARLY = 10.0
"""ΔE*ab of 1976 from which two fills or lines count as different; fills on one map lie apart, so far more than the 2.3 that are just noticeable."""
FILLS = 9.0
"""Of the tints of streets: pale, so that what lies on them is read, and with a boundary between any two."""
BASE = 8.0
"""Of areas that are never beside each other without an outline: water, green, buildings."""
WIDER = 1.2
"""So many times as wide is a road seen to be of another class."""


def by_form(one: Symbol, other: Symbol) -> bool:
    """Whether two symbols differ by shape, letter, hatch, dash or width."""
    if (one.shape, one.glyph, one.hatch, one.dash) != (other.shape, other.glyph, other.hatch, other.dash):
        return True
    wide, narrow = sorted((max(one.stroke_width, one.casing_width), max(other.stroke_width, other.casing_width)), reverse=True)
    return not one.fill and not other.fill and wide >= WIDER * narrow


def by_colour(one: Symbol, other: Symbol) -> float:
    """The better told apart of fill, line and casing, to whoever sees them worst."""
    pairs = ((one.fill, other.fill), (one.stroke, other.stroke), (one.casing, other.casing))
    return max((least_apart(a, b) for a, b in pairs if a and b), default=0.0)


@pytest.mark.parametrize("name", ["site", "issue", "section", "road", "zone"])
def test_any_two_classes_differ_by_form_or_to_every_eye(name: str) -> None:
    """Shape, letter, hatch, dash, width, or a clear difference of colour with any one kind of cone missing."""
    for one, other in combinations(layers()[name].symbols, 2):
        assert by_form(one, other) or by_colour(one, other) >= CLEARLY, f"{one.title or one.when} / {other.title or other.when}: {by_colour(one, other):.1f}"


def test_fills_of_neighbouring_streets_differ_to_every_eye() -> None:
    """All pairs of the palette; and all are light enough for black text."""
    palette = layers()["zone"].palette
    assert palette
    assert 4 <= len(palette.colours) <= 6
    for one, other in combinations(palette.colours, 2):
        assert least_apart(one, other) >= FILLS, f"{one} {other}: {least_apart(one, other):.1f}"
    assert all(lab(colour)[0] > 85 for colour in palette.colours)


def test_water_parks_and_buildings_differ_to_every_eye() -> None:
    """They lie side by side."""
    for one, other in combinations(("water", "green", "building_outline"), 2):
        found = least_apart(layers()[one].symbols[0].fill, layers()[other].symbols[0].fill)
        assert found >= BASE, f"{one} / {other}: {found:.1f}"


def test_the_simulation_is_the_published_one() -> None:
    """White stays white; red and green of the traffic lights come together without M cones, blue and green without S cones; black and white never do."""
    for vision in CONES:
        assert lab("#ffffff", vision) == pytest.approx([100, 0, 0], abs=0.5)
        assert apart("#000000", "#ffffff", vision) == pytest.approx(100, abs=0.5)
    assert apart("#b5651d", "#6b7d1d") > 3 * apart("#b5651d", "#6b7d1d", "protanopia")
    assert apart("#ff0000", "#00ff00") > 3 * apart("#ff0000", "#00ff00", "deuteranopia")
    assert apart("#0080ff", "#00a0a0") > 1.5 * apart("#0080ff", "#00a0a0", "tritanopia")
