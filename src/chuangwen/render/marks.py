"""Point symbols: the shapes, and the letter in the middle."""

from __future__ import annotations

from functools import lru_cache
from math import cos, pi, sin

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QPainterPath, QPolygonF

from chuangwen.domain.layer import Symbol
from chuangwen.render import fonts
from chuangwen.render.paths import GRID
from chuangwen.render.primitives import Mark, Pen


def _regular(corners: int, radius: float, turned: float = 0.0) -> tuple[tuple[float, float], ...]:
    """A regular polygon with a corner on top, then `turned` by so many radians."""
    return tuple((radius * sin(turned + 2 * pi * i / corners), -radius * cos(turned + 2 * pi * i / corners)) for i in range(corners))


_STAR = tuple((r * sin(pi * i / 5), -r * cos(pi * i / 5) + 0.03) for i in range(10) for r in ((0.58, 0.25)[i % 2],))
_ARM, _REACH = 0.16, 0.5
_CROSS = tuple(
    (x, y)
    for x, y in (
        (-_ARM, -_REACH), (_ARM, -_REACH), (_ARM, -_ARM), (_REACH, -_ARM), (_REACH, _ARM), (_ARM, _ARM),
        (_ARM, _REACH), (-_ARM, _REACH), (-_ARM, _ARM), (-_REACH, _ARM), (-_REACH, -_ARM), (-_ARM, -_ARM),
    )
)  # fmt: skip

# Outlines in a symbol of size 1, y down, of about equal weight to the eye.
_OUTLINES: dict[str, tuple[tuple[float, float], ...]] = {
    "square": ((-0.45, -0.45), (0.45, -0.45), (0.45, 0.45), (-0.45, 0.45)),
    "diamond": _regular(4, 0.58),
    "triangle": ((0.0, -0.56), (0.58, 0.44), (-0.58, 0.44)),
    "down_triangle": ((0.0, 0.56), (-0.58, -0.44), (0.58, -0.44)),
    "pentagon": _regular(5, 0.54),
    "hexagon": _regular(6, 0.53),
    "octagon": _regular(8, 0.53, pi / 8),
    "star": _STAR,
    "cross": _CROSS,
    "house": ((0.0, -0.58), (0.5, -0.16), (0.5, 0.46), (-0.5, 0.46), (-0.5, -0.16)),
    "flag": ((-0.42, -0.5), (0.5, -0.5), (0.34, -0.16), (0.5, 0.18), (-0.3, 0.18), (-0.3, 0.55), (-0.42, 0.55)),
}

# Where the letter stands and how large it is: (x, y, em) of a symbol of size 1.
_LETTER: dict[str, tuple[float, float, float]] = {
    "circle": (0.0, 0.0, 0.68),
    "square": (0.0, 0.0, 0.74),
    "diamond": (0.0, 0.0, 0.56),
    "triangle": (0.0, 0.13, 0.50),
    "down_triangle": (0.0, -0.13, 0.50),
    "pentagon": (0.0, 0.02, 0.62),
    "hexagon": (0.0, 0.0, 0.68),
    "octagon": (0.0, 0.0, 0.70),
    "star": (0.0, 0.04, 0.38),
    "cross": (0.0, 0.0, 0.34),
    "house": (0.0, 0.10, 0.62),
    "flag": (0.02, -0.16, 0.50),
}


@lru_cache(maxsize=512)
def outline(shape: str, size: float) -> QPainterPath:
    """The outline of a symbol of `size` mm about (0, 0), in grid steps."""
    made = QPainterPath()
    step = size * GRID
    if shape == "circle":
        made.addEllipse(QRectF(-step / 2, -step / 2, step, step))
    else:
        made.addPolygon(QPolygonF([QPointF(x * step, y * step) for x, y in _OUTLINES[shape]]))
        made.closeSubpath()
    return made


@lru_cache(maxsize=512)
def letter(shape: str, size: float, glyph: str) -> QPainterPath:
    """The letter of a symbol, centred by its ink and not by its advance, in grid steps."""
    x, y, em = _LETTER[shape]
    made = QPainterPath()
    made.addText(0, 0, fonts.font(em * size, bold=True), glyph)
    ink = made.boundingRect()
    made.translate(x * size * GRID - ink.center().x(), y * size * GRID - ink.center().y())
    return made


def mark_of(symbol: Symbol) -> Mark:
    """The mark of a point symbol."""
    return Mark(
        outline(symbol.shape, symbol.size),
        symbol.fill,
        Pen(symbol.stroke, symbol.stroke_width) if symbol.stroke and symbol.stroke_width > 0 else None,
        letter(symbol.shape, symbol.size, symbol.glyph) if symbol.glyph else None,
        symbol.glyph_colour,
    )


def reach(symbol: Symbol) -> float:
    """Half the width of the square that a point symbol covers, mm: what labels keep clear of and a click may hit."""
    return symbol.size * 0.5 + symbol.stroke_width / 2
