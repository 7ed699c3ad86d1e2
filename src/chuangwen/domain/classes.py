"""Which symbol of its layer each feature gets."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from chuangwen.domain.values import plain

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from chuangwen.domain.feature import Features
    from chuangwen.domain.layer import Symbol


def classify(features: Features, symbols: Sequence[Symbol]) -> NDArray[np.int64]:
    """(n,) number of the first symbol whose `when` fits, else of the last one without `when`, else -1."""
    otherwise = max((number for number, symbol in enumerate(symbols) if not symbol.when), default=-1)
    found = np.full(len(features), otherwise, dtype=np.int64)
    for number in range(len(symbols) - 1, -1, -1):
        when = symbols[number].when
        if not when:
            continue
        fits = np.ones(len(features), dtype=bool)
        for name, wanted in when.items():
            allowed = frozenset(wanted)
            fits &= np.fromiter((_stored(value) in allowed for value in features.column(name)), dtype=bool, count=len(features))
        found[fits] = number
    return found


def _stored(value: object) -> object:
    return value if isinstance(value, str) or value is None else plain(value)  # type: ignore[arg-type]
