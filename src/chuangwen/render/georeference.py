"""Where a page's maps lie on the ground, so that a phone's map program shows the patrol where it stands and GDAL reads the extent.

ISO 32000-2, 12.9 and 12.10: a viewport for each map whose measure ties the corners of its frame to latitude and longitude in CGCS2000.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache

import numpy as np
import pikepdf
from numpy.typing import NDArray

from chuangwen.exchange.source_crs import project_crs
from chuangwen.render.view import MapView
from chuangwen.services.paper.frames import Rect

_POINTS = 72 / 25.4
_CORNERS = ((0, 0), (0, 1), (1, 1), (1, 0))
"""Of the unit square, y up, as the standard's own example goes round."""


@dataclass(frozen=True, slots=True)
class Ground:
    """A map: its frame on the page, mm from the top left, and what it shows, in metres of EPSG `epsg`."""

    frame: Rect
    view: MapView
    epsg: int

    def corners(self) -> NDArray[np.float64]:
        """Easting and northing (4, 2) of the frame's corners, lower left first and clockwise; of a turned map too."""
        return np.array([self.view.to_ground(x * self.view.width, (1 - y) * self.view.height) for x, y in _CORNERS])


def viewports(grounds: Sequence[Ground], height: float) -> pikepdf.Array:
    """The page's /VP; `height` of its media box, in points."""
    return pikepdf.Array([_viewport(ground, height) for ground in grounds])


def _viewport(ground: Ground, height: float) -> pikepdf.Dictionary:
    frame = ground.frame
    box = (frame.x * _POINTS, height - frame.bottom * _POINTS, frame.right * _POINTS, height - frame.y * _POINTS)
    square = pikepdf.Array([number for corner in _CORNERS for number in corner])
    degrees = project_crs(ground.epsg).to_degrees(ground.corners())
    measure = pikepdf.Dictionary(
        Type=pikepdf.Name.Measure,
        Subtype=pikepdf.Name.GEO,
        Bounds=square,
        LPTS=square,
        GPTS=pikepdf.Array([_number(angle, 10) for longitude, latitude in degrees.tolist() for angle in (latitude, longitude)]),
        GCS=pikepdf.Dictionary(Type=pikepdf.Name.PROJCS, EPSG=ground.epsg, WKT=pikepdf.String(_wkt(ground.epsg))),
    )
    return pikepdf.Dictionary(Type=pikepdf.Name.Viewport, BBox=pikepdf.Array([_number(side, 4) for side in box]), Measure=measure)


def _number(value: float, places: int) -> Decimal:
    return Decimal(f"{value:.{places}f}")


@lru_cache(maxsize=8)
def _wkt(epsg: int) -> str:
    return str(project_crs(epsg).crs.to_wkt("WKT1_ESRI"))
