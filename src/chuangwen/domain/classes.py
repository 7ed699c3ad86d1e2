"""Which symbol of its layer each feature gets, and what legends call symbols and badges."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from chuangwen.domain.values import plain

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from chuangwen.domain.feature import Features
    from chuangwen.domain.layer import Badge, Layer, Symbol


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


def symbol_title(layer: Layer, symbol: Symbol) -> str:
    """What a class is called in a legend."""
    if symbol.title:
        return symbol.title
    words = [layer.field(name).show(value) for name, values in symbol.when.items() for value in values]
    return "、".join(words) or layer.title


def badge_title(layer: Layer, badge: Badge) -> str:
    """What a badge is called in a legend."""
    return badge.title or "、".join(layer.column(name).show(value) for name, values in badge.when.items() for value in values)
