"""Which features of a layer: conditions on fields, a text, a to-do list, a place."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from chuangwen.domain.feature import Features
from chuangwen.domain.layer import folded
from chuangwen.domain.values import Scalar, plain


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
                found |= np.array([needle in folded(plain(value)) for value in features.column(name)], dtype=bool)
            passed &= found
        if self.located is not None:
            passed &= features.located == self.located
        return passed
