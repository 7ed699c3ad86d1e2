"""What an indicator is and what it gives: a number that knows what it was counted from, and opens its rows (domain.md 3.5).

A rate's numerator lies within its denominator; what cannot be judged because a day was never recorded is in neither and is named in a note.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from chuangwen.domain.campaign import rate_text
from chuangwen.domain.feature import Features
from chuangwen.domain.issue_facts import ALWAYS, Facts, Mask, Period

DASH = "—"


class Masks(NamedTuple):
    """Which issues are counted, and of which (None: a mere count). `unknown`: those that a missing entry keeps out, `why` says which."""

    numerator: Mask
    denominator: Mask | None = None
    unknown: Mask | None = None
    why: str = ""


@dataclass(frozen=True, slots=True)
class Indicator:
    """One figure: `formula` in words, `by` which day decides whether an issue belongs to a period, `source` where it comes from.

    `rising`: more is better. `by_mover`: charged to the unit that made the move, where the log knows it. `missing` says why a project cannot know it.
    """

    id: str
    title: str
    formula: str
    by: str
    masks: Callable[[Facts, Period], Masks]
    source: str = "domain.md 3.5"
    rising: bool = True
    by_mover: str = ""
    missing: Callable[[Facts, Period], str] = lambda _facts, _period: ""

    @property
    def is_rate(self) -> bool:
        """Whether it has a denominator."""
        return "÷" in self.formula


@dataclass(frozen=True, slots=True)
class Rows:
    """The issues behind a figure: positions in `issues` of those counted and of all that could have been."""

    issues: Features
    counted: NDArray[np.int64]
    of: NDArray[np.int64]

    @property
    def numerator(self) -> list[str]:
        """Ids of those counted."""
        return [self.issues.ids[at] for at in self.counted.tolist()]

    @property
    def denominator(self) -> list[str]:
        """Ids of all."""
        return [self.issues.ids[at] for at in self.of.tolist()]

    @property
    def rest(self) -> list[str]:
        """Ids of those that are missing to the whole: what a planner wants to see behind a rate."""
        return [self.issues.ids[at] for at in np.setdiff1d(self.of, self.counted).tolist()]


@dataclass(frozen=True, slots=True)
class Figure:
    """One number. `denominator` None: a count. `text` is what is printed: 82.0 %, 17, or — where there is nothing to count or nothing is known."""

    numerator: int
    denominator: int | None
    text: str
    rows: Rows
    note: str = ""

    @property
    def value(self) -> Fraction | None:
        """The share (0 to 1) or the count, exactly; None where — is printed."""
        if self.text == DASH:
            return None
        return Fraction(self.numerator, 1 if self.denominator is None else self.denominator)

    @property
    def words(self) -> str:
        """82.0%（984/1200）: a rate is never shown without what it was counted from (SR-08)."""
        return self.text if self.denominator is None or self.text == DASH else f"{self.text}（{self.numerator}/{self.denominator}）"

    def below(self, line: float) -> bool:
        """Whether a rate is below a line in per cent, unrounded: 79.96 % is below 80 (SR-36)."""
        return self.denominator is not None and self.value is not None and self.value * 100 < Fraction(str(line))


def figure(indicator: Indicator, facts: Facts, period: Period = ALWAYS) -> Figure:
    """An indicator over all issues of `facts`."""
    masks = indicator.masks(facts, period)
    counted, of = np.flatnonzero(masks.numerator), np.flatnonzero(masks.numerator if masks.denominator is None else masks.denominator)
    unknown = 0 if masks.unknown is None else int(masks.unknown.sum())
    return made(indicator, facts, period, counted, None if masks.denominator is None else of, unknown, masks.why)


def made(indicator: Indicator, facts: Facts, period: Period, counted: NDArray[np.int64], of: NDArray[np.int64] | None, unknown: int, why: str) -> Figure:
    """The figure of some positions; `of` None for a count."""
    rows = Rows(facts.issues, counted, counted if of is None else of)
    missing = indicator.missing(facts, period)
    if missing:
        return Figure(0, None if of is None else 0, DASH, rows, missing)
    note = why.format(count=unknown) if unknown else ""
    if of is None:
        return Figure(len(counted), None, str(len(counted)), rows, note)
    return Figure(len(counted), len(of), rate_text(len(counted), len(of)), rows, note)
