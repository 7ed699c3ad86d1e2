"""What is wrong with shapes: found before anything is repaired, listed, and shown on the map (domain.md 7.6)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from shapely.geometry.base import BaseGeometry

BOWTIE, RING, DUPLICATE_NODES, SLIVER, OUTSIDE, EMPTY, LINES, MERGED = "bowtie", "ring", "nodes", "sliver", "outside", "empty", "lines", "merged"
GAP, OVERLAP, SAME = "gap", "overlap", "same"
"""Kinds of findings. The second row: between neighbouring zones."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is wrong. `title` is a sentence for people; `rows` are rows of the source (none: a feature that the project holds already), `codes`
    the codes of the features concerned; `area` in m², 0 where it means nothing; `geometry` where it is, in the project's CRS (None: nowhere)."""

    kind: str
    title: str
    rows: tuple[int, ...] = ()
    codes: tuple[str, ...] = ()
    area: float = 0.0
    geometry: BaseGeometry | None = None


@dataclass(frozen=True, slots=True)
class Resized:
    """What a clean-up would do to one area: m² before and after."""

    row: int
    code: str
    before: float
    after: float


@dataclass(frozen=True, slots=True)
class Cleaning:
    """An offered clean-up: which areas would change and how much. Done only on consent (the answer `clean`: `yes`)."""

    resized: tuple[Resized, ...]
    done: bool = False

    @property
    def moved_area(self) -> float:
        """All that changes hands, in m²."""
        return sum(abs(one.after - one.before) for one in self.resized)


def count_by_kind(findings: Sequence[Finding]) -> dict[str, int]:
    """Kind → how many, in the order of their first appearance."""
    found: dict[str, int] = {}
    for one in findings:
        found[one.kind] = found.get(one.kind, 0) + 1
    return found
