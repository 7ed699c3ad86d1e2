"""The rim around selected features."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from chuangwen.render.content import LayerContent
from chuangwen.render.paths import GRID, polygon
from chuangwen.render.primitives import Dots, Item, Pen, Shapes, Stamps
from chuangwen.render.symbols import area_items, line_items, point_items
from chuangwen.render.view import MapView

_BRIGHT, _LIGHT = "#0a6cff", "#ffffff"
_RIM, _GLOW = 0.55, 0.35  # mm: the bright line, and the white on either side of it


def highlighted(content: LayerContent, view: MapView) -> list[Item]:
    """What is painted over a finished picture to show the features of `content` as selected: rims, then lines and points themselves once more."""
    bare = replace(view, min_feature=0.0)
    made: list[Item] = []
    washes, areas = area_items(content, bare)
    outlines = [item.paths for item in (areas or washes) if isinstance(item, Shapes) and (item.fill or item.pen)]
    made += [Shapes(paths, "", Pen(_LIGHT, _RIM + 2 * _GLOW)) for paths in outlines]
    made += [Shapes(paths, "", Pen(_BRIGHT, _RIM)) for paths in outlines]
    lines = line_items(content, bare)
    wide = [(item.paths, item.pen.width) for item in lines if isinstance(item, Shapes) and item.pen]
    made += [Shapes(paths, "", Pen(_LIGHT, width + 2 * (_RIM + _GLOW))) for paths, width in wide]
    made += [Shapes(paths, "", Pen(_BRIGHT, width + 2 * _RIM)) for paths, width in wide]
    made += lines
    points = point_items(content, bare)
    for item in points:
        if isinstance(item, Stamps):
            size, places = max(item.mark.outline.boundingRect().width(), item.mark.outline.boundingRect().height()) / GRID, polygon(np.array(item.places))
        elif isinstance(item, Dots):
            size, places = item.size, item.places
        else:
            continue
        made.append(Dots(places, _LIGHT, size + 2 * (_RIM + _GLOW)))
        made.append(Dots(places, _BRIGHT, size + 2 * _RIM))
    return made + points
