"""Taking hold of what is on the page: the ground in its frame, or a label. While the mouse holds it only the picture moves; let go, the sheet is made anew."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen

from chuangwen.render.paper.map_block import MapBlock
from chuangwen.render.scene import LabelBox
from chuangwen.services.paper.frames import Rect
from chuangwen.ui.printing.spots import PageSpots

_BLUE = QColor(10, 108, 255)
_STILL = 0.3
"""mm: a smaller movement of the hand is none."""


@dataclass(frozen=True)
class Held:
    """What the mouse holds since `start` (mm of the page): a `label`, or the ground of the map where there is none. `place`: of its map."""

    start: tuple[float, float]
    place: Rect
    block: MapBlock
    label: LabelBox | None = None
    now: tuple[float, float] = (0.0, 0.0)

    @property
    def by(self) -> tuple[float, float]:
        """How far it was moved, mm."""
        return self.now[0] - self.start[0], self.now[1] - self.start[1]

    @property
    def moved(self) -> bool:
        """Whether the hand did more than tremble."""
        return abs(self.by[0]) + abs(self.by[1]) > _STILL

    @property
    def pin(self) -> tuple[float, float]:
        """From the label's anchor to its new middle, mm as in `LayerContent.pinned`."""
        assert self.label is not None
        (x, y), (ax, ay) = self.label.middle, self.label.anchor
        return round(x + self.by[0] - ax, 2), round(y + self.by[1] - ay, 2)


def take_hold(spots: PageSpots, x: float, y: float) -> Held | None:
    """The label or the ground at a place of the page (mm). Only the first map of a page can be changed by hand."""
    found = spots.map_at(x, y)
    if found is None or found[0] != 0:
        return None
    _number, place, block = found
    label = spots.label_at(x, y)
    return Held((x, y), place, block, label[1] if label is not None else None, (x, y))


def paint_label(painter: QPainter, held: Held, box: QRectF, at: QPointF) -> None:
    """The label on its way: its outline, and a line from its feature. `box`: where it was; `at`: its anchor, pixels."""
    painter.setPen(QPen(_BLUE, 1.2))
    painter.drawLine(at, box.center())
    painter.setBrush(QColor(255, 255, 255, 235))
    painter.drawRoundedRect(box.adjusted(-3, -2, 3, 2), 3, 3)
    painter.setPen(_BLUE)
    painter.drawText(box.adjusted(-40, -20, 40, 20), Qt.AlignmentFlag.AlignCenter, held.label.text if held.label is not None else "")
