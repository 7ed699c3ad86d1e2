"""Where a large word has room in an area: over few symbols, near the middle. For what stands on a wall map before the other labels look for their places."""

from __future__ import annotations

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry import Polygon

Floats = NDArray[np.float64]

_GRID = 28
"""So many places are tried across an area each way."""
_ACROSS, _DOWN = np.linspace(-0.45, 0.45, 7), np.linspace(-0.4, 0.4, 3)
"""Where in a word it is asked whether that lies in the area, shares of its width and height."""
_OUTSIDE = 60.0
"""Cost of a word that does not lie within the area; share that lies without counts."""


def open_spot(area: Polygon, width: float, height: float, boxes: Floats, costs: Floats) -> tuple[float, float, float]:
    """Middle of the best place for a word of `width` × `height` mm in `area` (mm), and its cost.

    `boxes` (n, 4) left, top, right, bottom in mm, with what it costs to cover each (n,).
    """
    x0, y0, x1, y1 = area.bounds
    middle = area.representative_point() if not area.contains(area.centroid) else area.centroid
    across, down = (np.linspace(low + size / 2, high - size / 2, _GRID) if high - low > size else np.array([(low + high) / 2])
                    for low, high, size in ((x0, x1, width), (y0, y1, height)))  # fmt: skip
    x, y = (grid.ravel() for grid in np.meshgrid(across, down))
    x, y = np.append(x, middle.x), np.append(y, middle.y)
    places = shapely.box(x - width / 2, y - height / 2, x + width / 2, y + height / 2)
    shapely.prepare(area)
    within = shapely.contains(area, places)
    out = np.where(within, 0.0, 1.0)
    if not within.any():  # shares by samples: cutting the area with each place costs ten times as much
        across, down = (grid.ravel() for grid in np.meshgrid(_ACROSS * width, _DOWN * height))
        out = 1 - shapely.contains_xy(area, x[:, None] + across, y[:, None] + down).mean(axis=1)
    cost = out * _OUTSIDE + 2.0 * np.hypot(x - middle.x, y - middle.y) / max(float(np.hypot(x1 - x0, y1 - y0)), 1e-9)
    near = (boxes[:, 0] < x1 + width) & (boxes[:, 2] > x0 - width) & (boxes[:, 1] < y1 + height) & (boxes[:, 3] > y0 - height)
    boxes, costs = boxes[near], costs[near]
    if len(boxes):
        wide = np.minimum(x[:, None] + width / 2, boxes[:, 2]) - np.maximum(x[:, None] - width / 2, boxes[:, 0])
        high = np.minimum(y[:, None] + height / 2, boxes[:, 3]) - np.maximum(y[:, None] - height / 2, boxes[:, 1])
        cost += ((wide > 0) & (high > 0)) @ costs
    best = int(np.argmin(cost))
    return float(x[best]), float(y[best]), float(cost[best])
