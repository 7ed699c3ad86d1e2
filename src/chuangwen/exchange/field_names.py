"""Field names for a DBF, which holds ten bytes of each."""

from __future__ import annotations

from collections.abc import Sequence

from chuangwen.domain.layer import Field

MOST_BYTES = 10


def short_names(fields: Sequence[Field]) -> dict[str, str]:
    """Field name → a unique ASCII name of at most ten characters. The same fields always give the same names, so that our own files are known again."""
    found: dict[str, str] = {}
    for one in fields:
        name, number = one.name[:MOST_BYTES].rstrip("_"), 1
        while name in found.values():
            number += 1
            name = f"{one.name[: MOST_BYTES - len(str(number))]}{number}"
        found[one.name] = name
    return found


def short_titles(fields: Sequence[Field], codec: str) -> dict[str, str]:
    """Field name → its Chinese title in at most ten bytes of `codec`, cut between characters (five in GBK, three in UTF-8), unique up to case."""
    found: dict[str, str] = {}
    taken: set[str] = set()
    for one in fields:
        name, number = _cut(one.title, MOST_BYTES, codec), 1
        while name.lower() in taken:
            number += 1
            name = f"{_cut(one.title, MOST_BYTES - len(str(number)), codec)}{number}"
        taken.add(name.lower())
        found[one.name] = name
    return found


def _cut(title: str, size: int, codec: str) -> str:
    return "".join(title.split()).encode(codec, "ignore")[:size].decode(codec, "ignore")
