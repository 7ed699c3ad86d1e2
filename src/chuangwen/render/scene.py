"""From features to things to draw: which are visible, how they look, where their labels stand. Thought out once, drawn anywhere."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from chuangwen.domain.feature import Features
from chuangwen.progress import Progress
from chuangwen.render.geometry import FlatGeometry
from chuangwen.render.view import MapView


@dataclass(frozen=True)
class LayerContent:
    """One layer as it is to be shown, lowest first in the sequence given to `build`.

    `prepared`: `geometry.flatten(features)`, kept by the caller between frames (None: made on the spot). `only`: ids to show (None: all).
    `faded`: ids drawn in grey (neighbour zones). `numbers`: id → 图上编号, written at the symbol instead of the label's template.
    """

    features: Features
    prepared: FlatGeometry | None = None
    visible: bool = True
    labels: bool = True
    faded: frozenset[str] | None = None
    only: frozenset[str] | None = None
    numbers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class LabelBox:
    """A label that was placed: its text and the corners of its box (4 × 2, mm)."""

    layer: str
    id: str
    text: str
    corners: tuple[tuple[float, float], ...]


@dataclass(frozen=True)
class Scene:
    """What `draw.draw` paints, immutable. `counts`: (layer id, number of the symbol in `Layer.symbols`) → features inside the frame."""

    view: MapView
    counts: Mapping[tuple[str, int], int]
    labels: tuple[LabelBox, ...]


def build(content: Sequence[LayerContent], view: MapView, progress: Progress | None = None) -> Scene:
    """The scene of `content` in `view`. May run on a worker; needs a QGuiApplication and `fonts.load()` for the labels."""
    raise NotImplementedError


def pick(content: Sequence[LayerContent], view: MapView, x_mm: float, y_mm: float, tolerance_mm: float = 1.5) -> list[tuple[str, str]]:
    """(layer id, row id) of the visible features at a place of the picture, the topmost first."""
    raise NotImplementedError


def pick_box(content: Sequence[LayerContent], view: MapView, x0: float, y0: float, x1: float, y1: float) -> list[tuple[str, str]]:
    """(layer id, row id) of the visible features that meet a rectangle of the picture (mm)."""
    raise NotImplementedError
