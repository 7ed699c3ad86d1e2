"""The notes at the edges of a zone's map: which sheet goes on there."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF
from PySide6.QtGui import QColor, QPainter, QPen, QPolygonF

from chuangwen.render import fonts
from chuangwen.render.paper.block import INK, rect, thin
from chuangwen.render.paper.overlay import Overlay
from chuangwen.render.view import MapView
from chuangwen.services.paper.edges import EdgeNote
from chuangwen.services.paper.frames import Rect
from chuangwen.text import _

if TYPE_CHECKING:
    from chuangwen.render.paper.page import Page

_PAD = 0.7
_APART = 0.8  # mm between two notes
_NIB = 1.5  # mm: the point that shows the way out
_HIGH = 1.5  # of the text


def note_text(note: EdgeNote) -> str:
    """WC-02 第5幅."""
    return _("{code} 第{number}幅").format(code=note.code, number=note.number)


def boxes(notes: Sequence[EdgeNote], place: Rect, text: float, taken: Sequence[Rect] = ()) -> list[tuple[EdgeNote, Rect]]:
    """Where each note stands in the frame (mm of the frame), beside its point of the edge; one that would cover another or a `taken` place moves along
    the edge, and is left out where there is no room.
    """
    found: list[tuple[EdgeNote, Rect]] = []
    for note in notes:
        wide, high = fonts.width(note_text(note), text) + 2 * _PAD, text * _HIGH
        upright = note.side in ("left", "right")
        room = (place.height if upright else place.width) - (high if upright else wide)
        start = min(max((note.y - high / 2) if upright else (note.x - wide / 2), 0.0), room)
        step = (high if upright else wide) / 4
        for turn in range(int(room / step) * 2 + 2):
            at = start + (turn + 1) // 2 * step * (1 if turn % 2 else -1)
            if not 0 <= at <= room:
                continue
            x = {"left": _NIB, "right": place.width - wide - _NIB}.get(note.side, at)
            y = {"top": _NIB, "bottom": place.height - high - _NIB}.get(note.side, at)
            box = Rect(x, y, wide, high)
            if not any(_meet(box, other) for other in (*taken, *(one for _note, one in found))):
                found.append((note, box))
                break
    return found


def _meet(one: Rect, other: Rect) -> bool:
    return one.x < other.right + _APART and other.x < one.right + _APART and one.y < other.bottom + _APART and other.y < one.bottom + _APART


class EdgeNotes(Overlay):
    """The notes of a map, `text` mm."""

    def __init__(self, notes: Sequence[EdgeNote], text: float) -> None:
        self._notes, self._text = notes, text

    def boxes(self, view: MapView, taken: Sequence[Rect]) -> list[Rect]:
        return [box for _note, box in self._placed(view, taken)]

    def draw(self, painter: QPainter, view: MapView, taken: Sequence[Rect], page: Page) -> None:
        for note, box in self._placed(view, taken):
            painter.setPen(QPen(thin(page), 0.12))
            painter.setBrush(QColor("#ffffff"))
            painter.drawRect(rect(box))
            painter.setBrush(thin(page))
            painter.drawPolygon(_nib(note.side, box))
            fonts.write(painter, box.x + _PAD, box.y + box.height / 2 + self._text * fonts.CAP_HEIGHT / 2, note_text(note), self._text, INK)

    def _placed(self, view: MapView, taken: Sequence[Rect]) -> list[tuple[EdgeNote, Rect]]:
        return boxes(self._notes, Rect(0, 0, view.width, view.height), self._text, taken)


def _nib(side: str, box: Rect) -> QPolygonF:
    x, y = box.x + box.width / 2, box.y + box.height / 2
    half = 0.9
    corners = {
        "left": ((box.x, y - half), (box.x, y + half), (box.x - _NIB + 0.2, y)),
        "right": ((box.right, y - half), (box.right, y + half), (box.right + _NIB - 0.2, y)),
        "top": ((x - half, box.y), (x + half, box.y), (x, box.y - _NIB + 0.2)),
        "bottom": ((x - half, box.bottom), (x + half, box.bottom), (x, box.bottom + _NIB - 0.2)),
    }[side]
    return QPolygonF([QPointF(*corner) for corner in corners])
