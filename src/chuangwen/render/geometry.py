"""Geometry as flat arrays: what drawing thousands of features in one go needs."""

from __future__ import annotations

from dataclasses import dataclass

from chuangwen.domain.feature import Features


@dataclass(frozen=True)
class FlatGeometry:
    """The points, lines and areas of one layer's features in flat arrays. Made once by `flatten`, used by every frame."""


def flatten(features: Features) -> FlatGeometry:
    """The geometry of `features` in flat arrays, to be kept beside them and given to `scene.LayerContent`. May run on a worker."""
    raise NotImplementedError
