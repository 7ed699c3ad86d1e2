"""Rectangles and sizes of paper, in millimetres."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Rect:
    """A rectangle of the sheet in mm, y down."""

    x: float
    y: float
    width: float
    height: float

    @property
    def right(self) -> float:
        """Its right edge."""
        return self.x + self.width

    @property
    def bottom(self) -> float:
        """Its lower edge."""
        return self.y + self.height

    def inset(self, by: float) -> Rect:
        """Smaller by `by` on each side."""
        return Rect(self.x + by, self.y + by, self.width - 2 * by, self.height - 2 * by)


@dataclass(frozen=True, slots=True)
class Paper:
    """A sheet, sides in mm; `margin` is left white all round, `text` the size of table text (mm; 2.5 mm are 7.1 pt)."""

    name: str
    short: float
    long: float
    margin: float
    text: float

    def size(self, *, landscape: bool) -> tuple[float, float]:
        """Width and height, mm."""
        return (self.long, self.short) if landscape else (self.short, self.long)


PAPERS = {
    one.name: one
    for one in (
        Paper("A4", 210.0, 297.0, 8.0, 2.5),
        Paper("A3", 297.0, 420.0, 10.0, 2.8),
        Paper("A2", 420.0, 594.0, 12.0, 3.0),
        Paper("A1", 594.0, 841.0, 15.0, 3.2),
        Paper("A0", 841.0, 1189.0, 18.0, 3.6),
    )
}
"""ISO 216 (domain.md 6.1), margins that office printers keep."""
