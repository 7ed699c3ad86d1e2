"""Lettering along a line: straight where the line is, character by character where it bends.

Chinese names on steep lines are written downwards with upright characters, as printed town maps have it; Latin codes are turned with the line.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from functools import lru_cache
from math import atan2, cos, degrees, hypot, radians, sin

import numpy as np
from numpy.typing import NDArray

from chuangwen.render import fonts
from chuangwen.render.placing import Box, Candidate, Piece

Floats = NDArray[np.float64]

_STEEP = 52.0  # degrees from which Chinese runs downwards
_SHARPEST = 28.0  # degrees between two characters
_BEND = 75.0  # degrees over the whole label
_STRAIGHT = 3.0  # degrees within which one baseline serves all characters
_STACKED = 1.08  # em from character to character downwards
_MIDDLE = (fonts.ASCENT - fonts.DESCENT) / 2  # the middle of a character above its baseline, em


class Track:
    """A line (n, 2) in mm that can be asked for the place at a length. In plain numbers: arrays of five characters cost more than they save."""

    def __init__(self, points: Floats) -> None:
        self._x: list[float] = []
        self._y: list[float] = []
        self._at: list[float] = []
        for x, y in points.tolist():
            step = hypot(x - self._x[-1], y - self._y[-1]) if self._at else 0.0
            if not self._at or step > 1e-6:
                self._at.append(self._at[-1] + step if self._at else 0.0)
                self._x.append(x)
                self._y.append(y)

    def across(self, length: float, span: float) -> tuple[float, float]:
        """The direction to the left of the line about a length, in paper's axes, of length 1; `span`: mm over which it is taken."""
        (ax, ay), (bx, by) = self.place(length - span), self.place(length + span)
        far = hypot(bx - ax, by - ay) or 1.0
        return (by - ay) / far, (ax - bx) / far

    @property
    def points(self) -> list[tuple[float, float]]:
        """Its vertices."""
        return list(zip(self._x, self._y, strict=True))

    @property
    def length(self) -> float:
        """mm."""
        return self._at[-1] if self._at else 0.0

    def place(self, length: float) -> tuple[float, float]:
        """The place at a length, or the nearer end."""
        after = bisect_right(self._at, length)
        if after == 0:
            return self._x[0], self._y[0]
        if after == len(self._at):
            return self._x[-1], self._y[-1]
        share = (length - self._at[after - 1]) / (self._at[after] - self._at[after - 1])
        return (
            self._x[after - 1] + share * (self._x[after] - self._x[after - 1]),
            self._y[after - 1] + share * (self._y[after] - self._y[after - 1]),
        )


def is_chinese(text: str) -> bool:
    """Whether every character is Chinese, so that it may stand upright in a column."""
    return all(ord(character) >= 0x2E80 for character in text)


class Written:
    """A text of one size, measured once, that can be set along lines. `least`: mm of line that it takes."""

    def __init__(self, text: str, size: float, bold: bool) -> None:
        self.text, self.size, self.bold = text, size, bold
        self._advances = _advances(text, size, bold)
        self._run = sum(self._advances)
        self._chinese = is_chinese(text)
        self.least = min(self._run, size * _STACKED * len(text)) if self._chinese else self._run

    def at(self, track: Track, middle: float, asides: Sequence[float] = (0.0,), cost: float = 0.0, aside_cost: float = 0.0) -> Iterator[Candidate]:
        """Along `track` about the length `middle`, for each of `asides` so many mm to its left; none where it does not fit or the line bends too much."""
        text, size, advances, run = self.text, self.size, self._advances, self._run
        if middle - run / 2 < 0 or middle + run / 2 > track.length:
            return
        (x0, y0), (x1, y1) = track.place(middle - run / 2), track.place(middle + run / 2)
        slope = degrees(atan2(y1 - y0, x1 - x0))
        steep = self._chinese and _STEEP < abs(slope) < 180 - _STEEP
        steps = [size * _STACKED] * len(text) if steep else advances
        run = sum(steps)
        if middle - run / 2 < 0 or middle + run / 2 > track.length:
            return
        # Read backwards, the line goes the other way: characters then step from its far end.
        sense = -1 if (steep and slope < 0) or (not steep and abs(slope) > 90) else 1
        places: list[tuple[float, float]] = []
        across: list[tuple[float, float]] = []
        angles: list[float] = []
        at = -run / 2
        for step in steps:
            centre = middle + sense * (at + step / 2)
            at += step
            (ax, ay), (bx, by) = track.place(centre - 0.6 * size), track.place(centre + 0.6 * size)
            dx, dy = sense * (bx - ax), sense * (by - ay)
            angle = degrees(atan2(dy, dx))
            if angles:
                angle = angles[-1] + (angle - angles[-1] + 180) % 360 - 180
                if abs(angle - angles[-1]) > _SHARPEST:
                    return
            angles.append(angle)
            places.append(track.place(centre))
            length = hypot(dx, dy) or 1.0
            across.append((dy / length, -dx / length))
        bend = max(angles) - min(angles)
        if bend > _BEND:
            return
        for aside in asides:
            beside = [(x + u * aside, y + v * aside) for (x, y), (u, v) in zip(places, across, strict=True)] if aside else places
            yield self._set(beside, angles, steep, cost + bend * 0.05 + (aside_cost if aside else 0.0), cost)

    def _set(self, places: list[tuple[float, float]], angles: list[float], steep: bool, cost: float, least: float) -> Candidate:
        if steep:
            return _set(self.text, places, [angle - 90 for angle in angles], self._advances, self.size, cost, least)
        (x0, y0), (x1, y1) = places[0], places[-1]
        chord = degrees(atan2(y1 - y0, x1 - x0)) if len(places) > 1 else angles[0]
        if all(abs((angle - chord + 180) % 360 - 180) <= _STRAIGHT for angle in angles):
            return straight(self.text, (x0 + x1) / 2, (y0 + y1) / 2, chord, self.size, self.bold, cost, least)
        return _set(self.text, places, angles, self._advances, self.size, cost, least)


def straight(text: str, x: float, y: float, angle: float, size: float, bold: bool, cost: float = 0.0, least: float = 0.0) -> Candidate:
    """`text` on one baseline, centred on (x, y) and turned clockwise by `angle`."""
    advances = _advances(text, size, bold)
    run = sum(advances)
    c, s = cos(radians(angle)), sin(radians(angle))
    left, down = -run / 2, _MIDDLE * size
    pieces = (Piece(text, x + left * c - down * s, y + left * s + down * c, angle),)
    if abs(angle) < 1e-9:
        return Candidate(pieces, ((x - run / 2, y - size / 2, x + run / 2, y + size / 2),), cost, None, least)
    boxes = []
    at = left
    for advance in advances:
        boxes.append(_turned_box(x + (at + advance / 2) * c, y + (at + advance / 2) * s, advance, size, angle))
        at += advance
    return Candidate(pieces, tuple(boxes), cost, None, least)


def _set(text: str, places: list[tuple[float, float]], angles: list[float], widths: Sequence[float], size: float, cost: float, least: float) -> Candidate:
    """Each character centred on its place, turned by its angle."""
    pieces: list[Piece] = []
    boxes: list[Box] = []
    for one, (x, y), angle, advance in zip(text, places, angles, widths, strict=True):
        c, s = cos(radians(angle)), sin(radians(angle))
        left, down = -advance / 2, _MIDDLE * size
        pieces.append(Piece(one, x + left * c - down * s, y + left * s + down * c, angle))
        boxes.append(_turned_box(x, y, advance, size, angle))
    return Candidate(tuple(pieces), tuple(boxes), cost, None, least)


@lru_cache(maxsize=20_000)
def _advances(text: str, size: float, bold: bool) -> tuple[float, ...]:
    """How wide each character is, mm."""
    return tuple(fonts.width(one, size, bold) for one in text)


def _turned_box(x: float, y: float, width: float, height: float, angle: float) -> Box:
    c, s = abs(cos(radians(angle))), abs(sin(radians(angle)))
    half_width, half_height = (width * c + height * s) / 2, (width * s + height * c) / 2
    return (x - half_width, y - half_height, x + half_width, y + half_height)
