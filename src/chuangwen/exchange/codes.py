"""Running codes for rows that come without one: in the pattern that the layer already uses, else in its own."""

from __future__ import annotations

import datetime as dt
import re
from collections import Counter
from collections.abc import Iterable

_NUMBERED = re.compile(r"^(?P<head>.*?)(?P<number>\d{1,9})$")
_HEADS = {"site": "", "unit": "U", "person": "P", "zone": "Z", "section": "L"}
_WIDTH = 3


class Codes:
    """Gives codes that nobody has. `taken` are those of the layer and of the file."""

    def __init__(self, layer: str, taken: Iterable[str]) -> None:
        self._taken = set(taken)
        self._dated = layer == "issue"  # domain.md 8.1: YYYYMMDD-nnn
        self._next: dict[str, int] = {}
        self._head, self._width = _pattern(self._taken) if not self._dated else ("", _WIDTH)
        if not self._head and not self._taken:
            self._head = _HEADS.get(layer, layer[:1].upper())

    def new(self, day: dt.date) -> str:
        """The next free code; `day` is the date of an issue's number."""
        head = f"{day:%Y%m%d}-" if self._dated else self._head
        number = self._next.get(head, 1)
        while (code := f"{head}{number:0{self._width}d}") in self._taken:
            number += 1
        self._next[head] = number + 1
        self._taken.add(code)
        return code


def _pattern(codes: Iterable[str]) -> tuple[str, int]:
    """The commonest head of codes that end in a number, and the width of that number."""
    heads: Counter[tuple[str, int]] = Counter()
    for code in codes:
        found = _NUMBERED.match(code)
        if found:
            heads[found["head"], len(found["number"])] += 1
    return heads.most_common(1)[0][0] if heads else ("", _WIDTH)
