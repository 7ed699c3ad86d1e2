"""A small view of a project: what lies around a stretch of ground, some layers changed. What is computed on it costs the same whatever lies elsewhere."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from chuangwen.domain.feature import Features
from chuangwen.domain.geo import Extent
from chuangwen.domain.layer import Layers
from chuangwen.services.placing import View


@dataclass(frozen=True)
class Changed:
    """A `View` of which some layers are others: `instead` layer → features."""

    view: View
    instead: Mapping[str, Features]

    @property
    def layers(self) -> Layers:
        """The layers."""
        return self.view.layers

    def features(self, layer: str) -> Features:
        """All features of a layer."""
        return self.instead[layer] if layer in self.instead else self.view.features(layer)


@dataclass(frozen=True)
class Nearby:
    """A `View` of what meets `extent` (metres); layers without a place on the map are whole, and so are features that are not on it."""

    view: View
    extent: Extent
    _kept: dict[str, Features] = field(default_factory=dict)

    @property
    def layers(self) -> Layers:
        """The layers."""
        return self.view.layers

    def features(self, layer: str) -> Features:
        """The features of a layer that are near, in their order."""
        if layer not in self._kept:
            whole = self.view.features(layer)
            self._kept[layer] = whole.take(self._near(whole)) if self.layers[layer].has_geometry and len(whole) else whole
        return self._kept[layer]

    def _near(self, features: Features) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
        x0, y0, x1, y1 = features.bounds.T
        with np.errstate(invalid="ignore"):
            meets = (x1 >= self.extent.x0) & (x0 <= self.extent.x1) & (y1 >= self.extent.y0) & (y0 <= self.extent.y1)
        return np.asarray(meets | np.isnan(x0))
