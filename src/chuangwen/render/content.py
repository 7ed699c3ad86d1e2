"""What is to be shown: features of a layer, which of them, and how."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from chuangwen.domain.feature import Features
from chuangwen.domain.layer import Label, Layer
from chuangwen.render.classes import enlarged
from chuangwen.render.geometry import FlatGeometry, flatten
from chuangwen.render.view import MapView


@dataclass(frozen=True)
class LayerContent:
    """One layer as it is to be shown, lowest first in the sequence given to `scene.build`.

    `prepared`: `geometry.flatten(features)`, kept by the caller between frames (None: made on the spot). `only`: ids to show (None: all).
    `faded`: ids drawn in grey (neighbour zones). `numbers`: id → 图上编号, written at the symbol instead of the label's template; such a
    number is always written, with a leader line where it is crowded. `pinned`: id → (dx, dy) mm on paper from `LabelBox.anchor` to the middle of a
    label that was moved by hand; it stands there, and all others keep clear of it. `label`: instead of the layer's own (wall maps). `symbol_scale`:
    all millimetres of the symbols, and the numbers, are multiplied by it. `badges` (n,): number of the badge in `Layer.badges` that a feature wears, -1 none
    (`domain.derived.badges`); None: none are drawn, as on paper.
    """

    features: Features
    prepared: FlatGeometry | None = None
    visible: bool = True
    labels: bool = True
    faded: frozenset[str] | None = None
    only: frozenset[str] | None = None
    numbers: Mapping[str, str] = field(default_factory=dict)
    pinned: Mapping[str, tuple[float, float]] = field(default_factory=dict)
    label: Label | None = None
    symbol_scale: float = 1.0
    badges: NDArray[np.int64] | None = None

    @cached_property
    def layer(self) -> Layer:
        """The layer's declaration, with the label and in the size in which it is to be shown."""
        layer = self.features.layer
        if self.label is not None:
            layer = replace(layer, label=self.label)
        if self.symbol_scale != 1.0:
            layer = replace(layer, symbols=tuple(enlarged(symbol, self.symbol_scale) for symbol in layer.symbols))
        return layer

    @cached_property
    def flat(self) -> FlatGeometry:
        """The flat geometry, prepared or made now."""
        return self.prepared or flatten(self.features)

    @cached_property
    def shown(self) -> NDArray[np.bool_] | None:
        """(n,) which features may be shown; None: all."""
        return None if self.only is None else self._among(self.only)

    @cached_property
    def pale(self) -> NDArray[np.bool_] | None:
        """(n,) which features are drawn in grey; None: none."""
        return self._among(self.faded) if self.faded else None

    def is_drawn(self, view: MapView) -> bool:
        """Whether the layer is switched on and not too detailed for the scale."""
        limit = self.layer.max_denominator
        return self.visible and self.layer.has_geometry and not (limit and view.denominator > limit * (1 + 1e-9))

    def _among(self, ids: frozenset[str]) -> NDArray[np.bool_]:
        found = np.zeros(len(self.features), dtype=bool)
        index = self.features.index
        found[[index[row_id] for row_id in ids if row_id in index]] = True
        return found
