"""Places in a ranking, scores cut off and never rounded up, and the rules of the ranking as data (domain.md 3.5, 6.6)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import ROUND_FLOOR, Decimal
from fractions import Fraction

BY_SCORE = "score"
"""Ranked by the composite score instead of one indicator."""


@dataclass(frozen=True, slots=True)
class RankingRules:
    """What `resources/rules/indicators.toml` says. `rank_by`: an indicator's id or `BY_SCORE`; `weights`: indicator → weight of the composite score;
    `line`: per cent, a rate below it is red; `last`: so many at the end are red.
    """

    rank_by: str = "rectification"
    weights: Mapping[str, float] = field(default_factory=dict)
    line: float = 80.0
    last: int = 3


def places(values: Sequence[Fraction | None]) -> list[int | None]:
    """The place of each value, the largest first; equal values share one: 1, 2, 2, 4. None has no place (domain.md 3.5)."""
    held = sorted((value for value in values if value is not None), reverse=True)
    first: dict[Fraction, int] = {}
    for at, value in enumerate(held, 1):
        first.setdefault(value, at)
    return [None if value is None else first[value] for value in values]


def score(rates: Mapping[str, Fraction | None], rising: Mapping[str, bool], weights: Mapping[str, float]) -> Fraction | None:
    """The composite score, 0 to 100: the weighed mean of the rates, of those where less is better (`rising` false) what is missing to one.

    A rate with nothing to count is left out and the others weigh more; None where all are.
    """
    parts = [(Fraction(weight), rates[name] if rising[name] else 1 - rates[name]) for name, weight in weights.items() if rates.get(name) is not None]  # type: ignore[operator]
    whole = sum((weight for weight, _rate in parts), Fraction(0))
    return sum((weight * rate for weight, rate in parts if rate is not None), Fraction(0)) * 100 / whole if whole else None


def score_text(value: Fraction | Decimal | float | None, digits: int = 1) -> str:
    """A score to so many decimals, cut off: 79.96 is not shown as 80.0 (SR-36). — for None."""
    if value is None:
        return "—"
    exact = Decimal(value.numerator) / Decimal(value.denominator) if isinstance(value, Fraction) else Decimal(str(value))
    return f"{exact.quantize(Decimal(1).scaleb(-digits), rounding=ROUND_FLOOR)}"
