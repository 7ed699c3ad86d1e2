"""Lettering beside a point: sixteen places around it."""

from __future__ import annotations

from collections.abc import Iterator

from chuangwen.render import fonts
from chuangwen.render.along import straight
from chuangwen.render.placing import Candidate

_GAP = 0.45  # mm between symbol and label

# East first, then west, below and above, then the corners, then those between: what a reader looks for.
_AROUND = (
    *((1, 0, 0.0), (-1, 0, 0.15), (0, 1, 0.3), (0, -1, 0.35), (1, -1, 0.4), (1, 1, 0.45), (-1, -1, 0.5), (-1, 1, 0.55)),
    *((1, -0.5, 0.6), (1, 0.5, 0.65), (-1, -0.5, 0.7), (-1, 0.5, 0.75), (0.5, 1, 0.8), (0.5, -1, 0.85), (-0.5, 1, 0.9), (-0.5, -1, 0.95)),
)


def candidates(x: float, y: float, reach: float, text: str, size: float, bold: bool) -> Iterator[Candidate]:
    """The places around a symbol that covers `reach` mm on each side of (x, y)."""
    half = fonts.width(text, size, bold) / 2
    for right, down, cost in _AROUND:
        corner = 0.75 if abs(right) == abs(down) else 1.0
        u = x + right * (reach * corner + _GAP + half)
        v = y + down * (reach * corner + (_GAP if right else 0.25) + size / 2)
        yield straight(text, u, v, 0.0, size, bold, cost, cost)
