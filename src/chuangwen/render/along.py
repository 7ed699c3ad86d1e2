"""Lettering along a line: straight where the line is, character by character where it bends.

Chinese names on steep lines are written downwards with upright characters, as printed town maps have it; Latin codes are turned with the line.
"""

from __future__ import annotations

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
    """A line (n, 2) in mm that can be asked for the place at a length."""

    def __init__(self, points: Floats) -> None:
        steps = np.hypot(*np.diff(points, axis=0).T)
        keep = np.concatenate([[True], steps > 1e-6])
        self.points = points[keep]
        self.at = np.concatenate([[0.0], np.cumsum(steps[steps > 1e-6])])

    @property
    def length(self) -> float:
        """mm."""
        return float(self.at[-1])

    def place(self, lengths: Floats) -> Floats:
        """(k, 2) places at lengths (k,)."""
        return np.stack([np.interp(lengths, self.at, self.points[:, 0]), np.interp(lengths, self.at, self.points[:, 1])], axis=1)

    def turned(self) -> Track:
        """The same line the other way round."""
        return Track(self.points[::-1])


def is_chinese(text: str) -> bool:
    """Whether every character is Chinese, so that it may stand upright in a column."""
    return all(ord(character) >= 0x2E80 for character in text)


def written(track: Track, middle: float, text: str, size: float, bold: bool, cost: float = 0.0, aside: float = 0.0) -> Candidate | None:
    """`text` along `track` about the length `middle`, `aside` mm to its left; None where it does not fit or the line bends too much."""
    run = fonts.width(text, size, bold)
    if middle - run / 2 < 0 or middle + run / 2 > track.length:
        return None
    (x0, y0), (x1, y1) = track.place(np.array([middle - run / 2, middle + run / 2])).tolist()
    slope = degrees(atan2(y1 - y0, x1 - x0))
    steep = _STEEP < abs(slope) < 180 - _STEEP and is_chinese(text)
    if steep:
        run = size * _STACKED * len(text)
        if middle - run / 2 < 0 or middle + run / 2 > track.length:
            return None
    if (steep and slope < 0) or (not steep and abs(slope) > 90):
        track, middle = track.turned(), track.length - middle
    advances = np.full(len(text), size * _STACKED) if steep else np.array([fonts.width(one, size, bold) for one in text])
    centres = middle - run / 2 + np.cumsum(advances) - advances / 2
    places = track.place(centres)
    half = 0.6 * size
    ahead = track.place(np.minimum(centres + half, track.length)) - track.place(np.maximum(centres - half, 0.0))
    if aside:
        places = places + np.stack([ahead[:, 1], -ahead[:, 0]], axis=1) * (aside / np.maximum(np.hypot(*ahead.T), 1e-9))[:, None]
    angles = np.degrees(np.unwrap(np.arctan2(ahead[:, 1], ahead[:, 0])))
    if len(text) > 1 and (np.abs(np.diff(angles)).max() > _SHARPEST or np.ptp(angles) > _BEND):
        return None
    cost += float(np.ptp(angles)) * 0.05
    if steep:
        return _set(text, places, angles - 90, advances * 0 + [fonts.width(one, size, bold) for one in text], size, cost)
    chord = float(degrees(atan2(places[-1, 1] - places[0, 1], places[-1, 0] - places[0, 0]))) if len(text) > 1 else float(angles[0])
    if np.abs(angles - chord).max() <= _STRAIGHT:
        centre = places.mean(axis=0) if len(text) == 1 else (places[0] + places[-1]) / 2
        return straight(text, float(centre[0]), float(centre[1]), chord, size, bold, cost)
    return _set(text, places, angles, advances, size, cost)


def straight(text: str, x: float, y: float, angle: float, size: float, bold: bool, cost: float = 0.0) -> Candidate:
    """`text` on one baseline, centred on (x, y) and turned clockwise by `angle`."""
    run = fonts.width(text, size, bold)
    c, s = cos(radians(angle)), sin(radians(angle))
    left, down = -run / 2, _MIDDLE * size
    pieces = (Piece(text, x + left * c - down * s, y + left * s + down * c, angle),)
    if abs(angle) < 1e-9:
        return Candidate(pieces, ((x - run / 2, y - size / 2, x + run / 2, y + size / 2),), cost)
    boxes = []
    at = left
    for one in text:
        advance = fonts.width(one, size, bold)
        boxes.append(_turned_box(x + (at + advance / 2) * c, y + (at + advance / 2) * s, advance, size, angle))
        at += advance
    return Candidate(pieces, tuple(boxes), cost)


def _set(text: str, places: Floats, angles: Floats, widths: Floats, size: float, cost: float) -> Candidate:
    """Each character centred on its place, turned by its angle."""
    pieces: list[Piece] = []
    boxes: list[Box] = []
    for one, (x, y), angle, advance in zip(text, places.tolist(), angles.tolist(), widths.tolist(), strict=True):
        c, s = cos(radians(angle)), sin(radians(angle))
        left, down = -advance / 2, _MIDDLE * size
        pieces.append(Piece(one, x + left * c - down * s, y + left * s + down * c, angle))
        boxes.append(_turned_box(x, y, advance, size, angle))
    return Candidate(tuple(pieces), tuple(boxes), cost)


def _turned_box(x: float, y: float, width: float, height: float, angle: float) -> Box:
    c, s = abs(cos(radians(angle))), abs(sin(radians(angle)))
    half_width, half_height = (width * c + height * s) / 2, (width * s + height * c) / 2
    return (x - half_width, y - half_height, x + half_width, y + half_height)


def distance(a: Candidate, x: float, y: float) -> float:
    """From the first character of a candidate to a place, mm."""
    return hypot(a.pieces[0].x - x, a.pieces[0].y - y)
