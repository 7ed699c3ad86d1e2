"""The only drawing function: screen, image, PDF and printer are one picture.

The caller's painter has 1 unit = 1 mm and its origin at the top left of the map frame (`mm_painter`, or translate and scale it).
For a PDF use `QPdfWriter.setResolution(2540)`: a dot is then 1/100 mm, the grid on which scenes lie, and coordinates are written as integers.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager

from PySide6.QtCore import QRectF
from PySide6.QtGui import QColor, QImage, QPaintDevice, QPainter

from chuangwen.domain.layer import Layer, Symbol
from chuangwen.render.scene import LayerContent, Scene
from chuangwen.render.view import MapView

HALO_MARKER = QColor(254, 255, 253)
"""Colour of halo text in a view with `halo="marker"`."""


def draw(painter: QPainter, scene: Scene, view: MapView) -> None:
    """Paint `scene` into the frame (0, 0, view.width, view.height) mm, clipped to it. Paper white is the caller's."""
    raise NotImplementedError


def draw_swatch(painter: QPainter, layer: Layer, symbol: Symbol, rect: QRectF, mono: bool = False) -> None:
    """One class of a layer as the legend shows it, within `rect` (mm): the same code that draws the map."""
    raise NotImplementedError


def draw_highlight(painter: QPainter, content: Sequence[LayerContent], ids: Collection[tuple[str, str]], view: MapView) -> None:
    """The selection, over a picture drawn before: a bright rim around the features `ids` (layer id, row id)."""
    raise NotImplementedError


def on_image(width: float, height: float, dots_per_mm: float) -> QImage:
    """A white picture for a frame of `width` × `height` mm."""
    raise NotImplementedError


@contextmanager
def mm_painter(device: QPaintDevice, dots_per_mm: float) -> Iterator[QPainter]:
    """A painter on `device` whose unit is the millimetre, smooth edges on; ended on leaving."""
    raise NotImplementedError
    yield QPainter(device)
