"""Lettering beside a point: eight places around it, and farther ones with a leader line for what has to be written."""

from __future__ import annotations

from collections.abc import Iterator
from math import cos, radians, sin

from chuangwen.render import fonts
from chuangwen.render.along import straight
from chuangwen.render.placing import Candidate

_GAP = 0.45  # mm between symbol and label
_RINGS = (2.6, 4.2, 6.0, 8.5, 11.5, 15.0)  # mm from the symbol to labels with a leader line
_TURNS = 16

# East first, then west, below and above, then the corners: what a reader looks for.
_AROUND = ((1, 0, 0.0), (-1, 0, 0.15), (0, 1, 0.3), (0, -1, 0.35), (1, -1, 0.4), (1, 1, 0.45), (-1, -1, 0.5), (-1, 1, 0.55))


def candidates(x: float, y: float, reach: float, text: str, size: float, bold: bool) -> Iterator[Candidate]:
    """The eight places around a symbol that covers `reach` mm on each side of (x, y)."""
    half = fonts.width(text, size, bold) / 2
    for right, down, cost in _AROUND:
        corner = 0.75 if right and down else 1.0
        u = x + right * (reach * corner + _GAP + half)
        v = y + down * (reach * corner + (_GAP if right else 0.25) + size / 2)
        yield straight(text, u, v, 0.0, size, bold, cost)


def led(x: float, y: float, reach: float, text: str, size: float, bold: bool) -> Iterator[Candidate]:
    """Places farther off, each with a line from the symbol to the label."""
    half = fonts.width(text, size, bold) / 2
    for number, ring in enumerate(_RINGS):
        for turn in range(_TURNS):
            # From the upper right onwards, to both sides in turn: neighbours of a crowd open like a fan.
            angle = radians(-40 + (turn + 1) // 2 * (360 / _TURNS) * (1 if turn % 2 else -1))
            u, v = x + (reach + ring) * cos(angle), y + (reach + ring) * sin(angle)
            one = straight(text, u + half * cos(angle), v + size / 2 * sin(angle), 0.0, size, bold, 1.5 + number)
            left, top, right, bottom = one.boxes[0]
            end = (min(max(x, left), right), min(max(y, top), bottom))
            yield Candidate(one.pieces, one.boxes, one.cost, (x, y, *end))
