"""Fonts whose text cannot be found again in a PDF are known before anything is printed."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtGui import QFontDatabase

from chuangwen.render import fonts
from chuangwen.render.extraction import USUAL, extracts
from tests.build import ROOT

pytestmark = pytest.mark.window


def test_our_own_font_gives_everything_back(qapp: object) -> None:
    """The derived font is made for it (facts.md 6)."""
    assert extracts(fonts.FAMILY) == []
    assert "网" in USUAL


def test_a_font_that_shares_glyphs_with_radicals_is_found_out(qapp: object, tmp_path: Path) -> None:
    """Our font with one radical put back: 网 comes out as the radical U+2EB2, so that a search for 网格 finds nothing."""
    from fontTools.ttLib import TTFont

    made = TTFont(ROOT / "resources" / "fonts" / "ChuangwenSans-Regular.ttf")
    for table in made["cmap"].tables:
        if table.isUnicode():
            table.cmap[0x2EB2] = table.cmap[ord("网")]
    for entry in made["name"].names:
        if entry.nameID in (1, 4, 6, 16):
            entry.string = "Radical Test"
    made.save(tmp_path / "radical.ttf")
    number = QFontDatabase.addApplicationFont(str(tmp_path / "radical.ttf"))
    assert number >= 0
    try:
        (family,) = QFontDatabase.applicationFontFamilies(number)
        assert extracts(family) == ["网"]
    finally:
        QFontDatabase.removeApplicationFont(number)
