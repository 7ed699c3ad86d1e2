"""Field names for a DBF, which holds ten bytes of each."""

from __future__ import annotations

from collections.abc import Sequence

from chuangwen.domain.layer import Field

_MOST = 10


def short_names(fields: Sequence[Field]) -> dict[str, str]:
    """Field name → a unique ASCII name of at most ten characters. The same fields always give the same names, so that our own files are known again."""
    found: dict[str, str] = {}
    for one in fields:
        name, number = one.name[:_MOST].rstrip("_"), 1
        while name in found.values():
            number += 1
            name = f"{one.name[: _MOST - len(str(number))]}{number}"
        found[one.name] = name
    return found
