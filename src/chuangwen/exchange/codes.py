"""Running codes for rows that come without one: in the pattern that the layer already uses, else in its own."""

from __future__ import annotations

import datetime as dt
import re
from collections import Counter
from collections.abc import Iterable

from chuangwen.domain.layer import folded

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


_NUMERALS = {sign: value for value, sign in enumerate("〇一二三四五六七八九")} | {"零": 0}
_SPOKEN = re.compile(
    r"^(?P<head>[a-z㐀-鿿]*?)(?:第|网格|片区|[\-_—])*(?P<number>\d{1,20}|[〇零一二三四五六七八九]?十[一二三四五六七八九]?|[〇零一二三四五六七八九]+)号?(?:网格|片区|片|格)?$"
)


def code_key(text: str) -> tuple[str, int] | None:
    """What 第3网格, 3号网格, 三网格, 03 and 网格3 share: the head and the number. None where a code has no such form."""
    found = _SPOKEN.match(folded(text))
    if found is None:
        return None
    number = found["number"]
    if number.isdigit() and number.isascii():
        return found["head"], int(number)
    tens, ten, ones = number.rpartition("十")
    if not ten:
        return found["head"], int("".join(str(_NUMERALS[sign]) for sign in number))
    return found["head"], _NUMERALS.get(tens, 1) * 10 + _NUMERALS.get(ones, 0)


def joins(texts: Iterable[str], codes: Iterable[str], names: Iterable[str] = ()) -> dict[str, str]:
    """Text → the one code that it spells otherwise, or whose feature bears it as its name. Texts that are codes as they stand, and unclear ones, are left out.

    `names` run beside `codes`.
    """
    known = list(codes)
    if not known:
        return {}
    of_key: dict[object, set[str]] = {}
    for code, name in zip(known, list(names) or [""] * len(known), strict=True):
        for key in {code_key(code), folded(name) or None} - {None}:
            of_key.setdefault(key, set()).add(code)
    exact = set(known)
    found: dict[str, str] = {}
    for text in dict.fromkeys(texts):
        if text in exact:
            continue
        meant = of_key.get(folded(text)) or of_key.get(code_key(text)) or set()
        if len(meant) == 1:
            found[text] = next(iter(meant))
    return found
