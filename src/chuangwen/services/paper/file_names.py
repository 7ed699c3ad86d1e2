"""Names of the files that are printed: told apart by a planner, taken by every file system (domain.md 6.1)."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from chuangwen.services.paper.sheet import Sheet

LONGEST = 80
"""Characters of a name with its ending, three bytes each (rarer ones have four, and count for more): the folder's path has to fit beside it."""
_UNSAFE = re.compile(r'[\\/:*?"<>|\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2066-\u2069\ufeff\ud800-\udfff]+')
_RESERVED = re.compile(r"(con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³])(\..*)?$", re.IGNORECASE)


def file_name(product: str, code: str, name: str, day: str, ending: str = ".pdf", taken: Iterable[str] = ()) -> str:
    """`网格巡查图_{编号}_{名称}_{日期}.pdf` without characters that a file system refuses, at most `LONGEST` long: what is too long loses the end of the name.

    `taken`: names already given; one that is there (capitals and small letters alike) gets a number before the ending.
    """
    words = [safe(word) for word in (product, code, name, day)]
    given = {one.casefold() for one in taken}
    for number in range(1, len(given) + 2):
        found = _joined(words, f"({number}){ending}" if number > 1 else ending)
        if found.casefold() not in given:
            break
    return found


def safe(word: str) -> str:
    """Without characters that a file system refuses."""
    return _UNSAFE.sub("", unicodedata.normalize("NFC", word)).strip(" .　")


def _joined(words: list[str], tail: str) -> str:
    """The words that there are; the name, then the code, the product and at last the day give up what is too much."""
    words = list(words)
    for at in (2, 1, 0, 3):
        while words[at] and _size(_line(words) + tail) > LONGEST:
            words[at] = words[at][:-1].rstrip(" .　")
    line = _line(words).strip(" .") or "_"
    return f"_{line}{tail}" if _RESERVED.match(line) else line + tail


def _size(text: str) -> int:
    """In characters, or in bytes by three where that is more."""
    return max(len(text), -(-len(text.encode()) // 3))


def _line(words: list[str]) -> str:
    return "_".join(word for word in words if word)


def file_names(sheets: Sequence[Sheet], day: str) -> list[str]:
    """A name for each sheet of a run, no two alike."""
    found: list[str] = []
    for sheet in sheets:
        name = f"{sheet.name}_{sheet.part}" if sheet.part else sheet.name
        found.append(file_name(sheet.template.title, sheet.code, name, day, taken=found))
    return found
