"""The two faces that every picture and page is written in, and how wide their text is.

Text is set in fonts of `UNITS` per millimetre (a font of Qt has a whole number of pixels), without hinting and kerning, so that it has the same
width on screen and in a PDF. `write` does the scaling; `font` is for callers who scale themselves.
"""

from __future__ import annotations

from PySide6.QtGui import QFont, QPainter

UNITS = 100
"""Font pixels in a millimetre."""


def load() -> None:
    """Make the bundled fonts known to Qt, once. Needs a QGuiApplication. Raises `FileProblem` where they are missing."""
    raise NotImplementedError


def font(size: float, bold: bool = False) -> QFont:
    """The face for text of `size` mm (height of the em), for a painter of `UNITS` units per mm."""
    raise NotImplementedError


def width(text: str, size: float, bold: bool = False) -> float:
    """Advance width of `text`, mm."""
    raise NotImplementedError


def ascent(size: float) -> float:
    """From the baseline up to the top of Chinese characters and capitals, mm."""
    raise NotImplementedError


def write(
    painter: QPainter, x: float, y: float, text: str, size: float, colour: str = "#222222", bold: bool = False, align: str = "left", angle: float = 0.0
) -> None:
    """Write one line with its baseline at (x, y) mm on a painter in millimetres. `align`: left | centre | right. `angle`: degrees, clockwise."""
    raise NotImplementedError
