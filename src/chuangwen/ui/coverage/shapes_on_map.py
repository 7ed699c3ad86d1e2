"""Ground and stretches of road that no feature stands for, painted on the map: a gap between zones, a road without a chief."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from PySide6.QtGui import QPainter
from shapely.geometry.base import BaseGeometry

from chuangwen.domain.feature import Features
from chuangwen.domain.layer import Layer, Symbol
from chuangwen.render.content import LayerContent
from chuangwen.render.draw import draw
from chuangwen.render.scene import build
from chuangwen.render.view import MapView

_LOUD, _WHITE = "#e6007e", "#ffffff"  # no boundary, road or symbol of the map is magenta
_FOUND = Layer(
    "found",
    "",
    "reference",
    "any",
    symbols=(Symbol(stroke=_LOUD, stroke_width=1.1, casing=_WHITE, casing_width=2.3, hatch="x", hatch_colour=_LOUD, hatch_spacing=1.4),),
)


def on_map(geometry: BaseGeometry) -> Callable[[QPainter, MapView], None]:
    """What paints `geometry` (project's CRS) in millimetres: an area hatched crosswise, a line loud in white, told apart without colour as well."""
    held = np.empty(1, dtype=object)
    held[0] = geometry
    content = LayerContent(Features(_FOUND, ["found"], {}, held), labels=False)

    def paint(painter: QPainter, view: MapView) -> None:
        draw(painter, build([content], view), view)

    return paint
