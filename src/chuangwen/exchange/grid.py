"""A sheet as a plain grid of cells, whatever file it came from."""

from __future__ import annotations

from dataclasses import dataclass

from chuangwen.domain.values import Scalar


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet. `cells[row][column]` from A1, blank as None; `merges` are (top, left, bottom, right), inclusive, from 0."""

    name: str
    cells: list[list[Scalar]]
    merges: tuple[tuple[int, int, int, int], ...] = ()

    @property
    def width(self) -> int:
        """How many columns the widest row has."""
        return max((len(row) for row in self.cells), default=0)
