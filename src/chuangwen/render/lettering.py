"""Words with their halos, ready to be painted."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from math import hypot

import numpy as np
from PySide6.QtCore import Qt
from PySide6.QtGui import QPainterPath, QPainterPathStroker, QTransform

from chuangwen.domain.layer import Label
from chuangwen.render import fonts
from chuangwen.render.paths import GRID, polygon
from chuangwen.render.placing import Line, Piece
from chuangwen.render.primitives import Dots, Item, Pen, Shapes, Word


def words(pieces: tuple[Piece, ...], style: Label, rims: bool) -> Iterator[Word]:
    """The pieces of one label in its style. `rims`: with the outlines of their halos."""
    for number, piece in enumerate(pieces):
        rim = _rim(piece, style) if rims and style.halo and style.halo_width > 0 else None
        x, y = round(piece.x * GRID), round(piece.y * GRID)
        yield Word(piece.text, x, y, piece.angle, style.size, style.bold, style.colour, style.halo, style.halo_width, rim, joined=number > 0)


def leader(ends: Line, colour: str, reach: float = 0.0) -> Iterator[Item]:
    """A thin line to a label: from the edge of a symbol of `reach` mm, or, where that is 0, from a dot: in a crowd the edge would not say whose it is."""
    away = hypot(ends[2] - ends[0], ends[3] - ends[1])
    share = min(reach / away, 1.0) if away else 0.0
    line = QPainterPath()
    line.moveTo((ends[0] + share * (ends[2] - ends[0])) * GRID, (ends[1] + share * (ends[3] - ends[1])) * GRID)
    line.lineTo(ends[2] * GRID, ends[3] * GRID)
    yield Shapes((line,), "", Pen("#ffffff", 0.36))
    yield Shapes((line,), "", Pen(colour, 0.14))
    if reach:
        return
    places = polygon(np.array([[ends[0] * GRID, ends[1] * GRID]]))
    yield Dots(places, "#ffffff", 0.9)
    yield Dots(places, colour, 0.6)


def _rim(piece: Piece, style: Label) -> QPainterPath:
    made = QPainterPath()
    made.setFillRule(Qt.FillRule.WindingFill)
    at = 0.0
    for character in piece.text:
        made.addPath(_widened(character, style.size, style.bold, style.halo_width).translated(at * GRID, 0))
        at += fonts.width(character, style.size, style.bold)
    turn = QTransform.fromTranslate(round(piece.x * GRID), round(piece.y * GRID))
    if piece.angle:
        turn.rotate(piece.angle)
    return turn.map(made)


@lru_cache(maxsize=4_000)
def _widened(character: str, size: float, bold: bool, by: float) -> QPainterPath:
    """The edge of one character drawn `by` mm wider on each side."""
    glyph = QPainterPath()
    glyph.addText(0, 0, fonts.font(size, bold), character)
    stroker = QPainterPathStroker()
    stroker.setWidth(2 * by * GRID)
    stroker.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
    stroker.setCapStyle(Qt.PenCapStyle.RoundCap)
    stroker.setCurveThreshold(2.0)
    return stroker.createStroke(glyph)
