"""Which features of a layer: conditions on fields, a text, a to-do list, a place."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from chuangwen.domain.feature import Features
from chuangwen.domain.layer import folded
from chuangwen.domain.values import Scalar, plain

_FOLDS = re.compile("[\\s\u200b\ufeff()*:\\[\u3010\uff01-\uff5e]")
"""Characters that `folded` would change: a text without them is compared as it is, five times as fast."""


def _holds(text: str, needle: str) -> bool:
    return needle in text.lower() or (_FOLDS.search(text) is not None and needle in folded(text))


@dataclass(frozen=True, slots=True)
class Filter:
    """`equal`: field → allowed values (any of them); `text`: in one of the layer's search fields; `located`: only those with or without a place."""

    equal: Mapping[str, Sequence[Scalar]] = field(default_factory=dict)
    text: str = ""
    located: bool | None = None

    def mask(self, features: Features) -> NDArray[np.bool_]:
        """Which of `features` pass, (n,)."""
        passed = np.ones(len(features), dtype=bool)
        for name, wanted in self.equal.items():
            allowed = set(wanted)
            passed &= np.array([value in allowed for value in features.column(features.layer.field(name).name)], dtype=bool)
        if self.text:
            needle = folded(self.text)
            found = np.zeros(len(features), dtype=bool)
            for name in features.layer.search:
                found |= np.array([value is not None and _holds(plain(value), needle) for value in features.column(name)], dtype=bool)
            passed &= found
        if self.located is not None:
            passed &= features.located == self.located
        return passed
