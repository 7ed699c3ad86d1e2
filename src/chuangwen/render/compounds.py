"""Buildings of one compound: its name once, and each building's number (楼号) in the building: what town maps write."""

from __future__ import annotations

import re
from collections.abc import Mapping

_NUMBERED = re.compile(r"(?P<name>.*\D)(?P<number>\d+\s*(?:号楼|号|栋|幢|座|楼|#)|[A-Z]座)")


def compounds(texts: Mapping[int, str]) -> tuple[dict[int, str], dict[str, list[int]]]:
    """`texts` with only the number where at least two bear the same name before it, and those names with whom they belong to.

    西江花苑7栋, 西江花苑8栋, 镇政府 → 7栋, 8栋, 镇政府 and 西江花苑.
    """
    together: dict[str, list[int]] = {}
    numbers: dict[int, str] = {}
    for owner, text in texts.items():
        found = _NUMBERED.fullmatch(text)
        if found:
            together.setdefault(found["name"].strip(), []).append(owner)
            numbers[owner] = found["number"]
    together = {name: owners for name, owners in together.items() if len(owners) > 1 and name}
    shorter = {owner: numbers[owner] for owners in together.values() for owner in owners}
    return {owner: shorter.get(owner, text) for owner, text in texts.items()}, together
