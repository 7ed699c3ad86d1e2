"""位置示意: all zones small, the subject's place filled."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPen
from shapely.geometry.base import BaseGeometry

from chuangwen.domain.feature import Features
from chuangwen.domain.geo import extent_of
from chuangwen.render import fonts
from chuangwen.render.paper.block import INK, Block, shade, thin
from chuangwen.render.view import MapView
from chuangwen.services.paper.frames import Rect
from chuangwen.text import _

if TYPE_CHECKING:
    from chuangwen.render.paper.page import Page

RED = "#c62828"
_DOT = 0.9  # mm: radius of a subject without area
_FINE = 0.15  # mm: what is left out of an outline


class Locator(Block):
    """`zones` pale, `subject` filled: an area as it is, anything else as a dot at its middle."""

    def __init__(self, zones: Features, subject: BaseGeometry, text: float) -> None:
        self._zones, self._subject, self._text = zones, subject, text

    def height(self, width: float) -> float:
        return 0.0

    def draw(self, painter: QPainter, place: Rect, page: Page) -> None:
        extent = extent_of(self._zones.bounds)
        text = self._text * 0.9
        if extent is None:
            return
        frame = Rect(place.x, place.y, place.width, place.height - text * 1.3)
        view = MapView.showing(extent, frame.width, frame.height, margin=0.02)
        strong = QColor(INK if page.atlas.style.mono else RED)
        painter.save()
        painter.translate(frame.x, frame.y)
        painter.setPen(QPen(thin(page), 0.1))
        painter.setBrush(shade(page, "#f2f2f2"))
        for geometry in self._zones.geometry:
            painter.drawPath(_outline(geometry, view))
        painter.setBrush(strong)
        if self._subject.area > 0:
            painter.drawPath(_outline(self._subject, view))
        else:
            middle = self._subject.representative_point()
            ((x, y),) = view.to_paper([[middle.x, middle.y]]).tolist()  # type: ignore[arg-type]
            painter.drawEllipse(QPointF(x, y), _DOT, _DOT)
        painter.restore()
        fonts.write(painter, place.x + place.width / 2, place.bottom - 0.4, _("位置示意"), text, INK, align="centre")


def _outline(geometry: BaseGeometry | None, view: MapView) -> QPainterPath:
    path = QPainterPath()
    if geometry is None or geometry.is_empty:
        return path
    plain = geometry.simplify(view.metres_per_mm * _FINE)
    for part in getattr(plain, "geoms", [plain]):
        if part.geom_type != "Polygon" or part.is_empty:
            continue
        paper = view.to_paper(part.exterior.coords).tolist()
        path.moveTo(*paper[0])
        for x, y in paper[1:]:
            path.lineTo(x, y)
    return path
