"""What a scene is made of: a handful of things a painter can draw on every device alike, in grid steps of 1/100 mm.

Only solid colours, solid and dashed pens, filled paths, points and text: what a PDF keeps (facts.md 5).
"""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtGui import QPainterPath, QPolygonF


@dataclass(frozen=True, slots=True)
class Pen:
    """A line: `width` and `dash` in millimetres; solid lines have round ends, dashes flat ones."""

    colour: str
    width: float
    dash: tuple[float, ...] = ()


@dataclass(frozen=True, slots=True)
class Shapes:
    """Paths with one look: filled with `fill` ('' none), then drawn round with `pen`."""

    paths: tuple[QPainterPath, ...]
    fill: str = ""
    pen: Pen | None = None


@dataclass(frozen=True, slots=True)
class Dots:
    """Equal dots of `size` mm in one go, round or square."""

    places: QPolygonF
    colour: str
    size: float
    round: bool = True


@dataclass(frozen=True, slots=True)
class Mark:
    """One kind of point symbol about its own middle: outline, and a letter as a shape (so that it does not get in the way of searching a PDF)."""

    outline: QPainterPath
    fill: str
    pen: Pen | None
    glyph: QPainterPath | None
    glyph_colour: str


@dataclass(frozen=True, slots=True)
class Stamps:
    """The same mark at several places (x, y), in that order."""

    mark: Mark
    places: tuple[tuple[float, float], ...]


@dataclass(frozen=True, slots=True)
class Word:
    """A piece of text on one straight baseline that begins at (x, y), turned clockwise by `angle` degrees. `size`: mm.

    `joined`: it goes on where the word before it ends, as the characters of a name along a bend do.
    """

    text: str
    x: float
    y: float
    angle: float
    size: float
    bold: bool
    colour: str
    halo: str  # '' none
    halo_width: float  # mm on each side
    rim: QPainterPath | None = None  # the halo's outline, already in place; None: not drawn as an outline
    joined: bool = False


Item = Shapes | Dots | Stamps | Word
