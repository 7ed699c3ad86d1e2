"""Titles over several lines: 回行时词意完整、排列对称、长短适宜, as a trapezoid (GB/T 9704-2012, 7.3.1)."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from itertools import pairwise

_INSIDE = 6.0  # a break inside a word costs as much as lines that differ by so many characters
_TORN = 1000.0  # inside a number, a name in Latin letters, or in front of a closing sign
_CLOSING = "，。、；：？！）》〉」』〕”’…—"
_OPENING = "（《〈「『〔“‘"


def width(text: str) -> float:
    """In full-width characters: Latin letters and digits count half."""
    return sum(0.5 if unicodedata.east_asian_width(sign) in ("Na", "H", "N") else 1.0 for sign in text)


def balanced(text: str, most: float, after: Sequence[str] = (), before: Sequence[str] = ()) -> list[str]:
    """`text` in as few lines of at most `most` full-width characters as it needs, about equally long and broken between words where that is possible.

    The words that a line may end with (`after`) or begin with (`before`) come best first.
    """
    if width(text) <= most:
        return [text]
    count = int(-(-width(text) // most))
    while True:
        found = _best(text, count, most, after, before)
        if found is not None:
            return found
        count += 1


def _best(text: str, count: int, most: float, after: Sequence[str], before: Sequence[str]) -> list[str] | None:
    """The cheapest way to cut `text` in `count` lines, None where a line would be too long: dynamic programming over the places of a break."""
    ideal = width(text) / count
    costs = {0: (0.0, [0])}
    for line in range(1, count + 1):
        reached: dict[int, tuple[float, list[int]]] = {}
        for start, (cost, places) in costs.items():
            for end in range(start + 1, len(text) + 1):
                long = width(text[start:end])
                if long > most:
                    break
                if (end == len(text)) != (line == count):
                    continue
                total = cost + (long - ideal) ** 2 / ideal + _break_cost(text, end, after, before)
                if end not in reached or total < reached[end][0]:
                    reached[end] = (total, [*places, end])
        costs = reached
    if len(text) not in costs:
        return None
    places = costs[len(text)][1]
    return [text[start:end] for start, end in pairwise(places)]


def _break_cost(text: str, at: int, after: Sequence[str], before: Sequence[str]) -> float:
    if at == len(text):
        return 0.0
    left, right = text[:at], text[at:]
    if right[0] in _CLOSING or left[-1] in _OPENING or (left[-1] < "\u2e80" and right[0] < "\u2e80" and left[-1].isalnum() and right[0].isalnum()):
        return _TORN
    ends = [rank for rank, word in enumerate(after) if left.endswith(word)]
    begins = [rank for rank, word in enumerate(before) if right.startswith(word)]
    return min([*(0.2 * rank for rank in ends), *(0.2 * rank for rank in begins), _INSIDE])
