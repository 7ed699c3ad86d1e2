"""Icons drawn by code: crisp at every scaling, in the colour of the text, no files to lose."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QIcon, QIconEngine, QPainter, QPainterPath, QPalette, QPen, QPixmap
from PySide6.QtWidgets import QApplication

_SIDE = 24.0
# Strokes on a field of 24 × 24: M move, L line, C cubic, Z close, O circle (x y r), R rectangle (x y w h); a leading ! fills.
_SHAPES = {
    "open": "M3 19 L3 6 L9 6 L11 8.5 L20 8.5 L20 11 M3 19 L6 11 L22 11 L19 19 Z",
    "new": "M6 3 L14 3 L19 8 L19 21 L6 21 Z M14 3 L14 8 L19 8 M12.5 11 L12.5 18 M9 14.5 L16 14.5",
    "import": "M4 14 L4 20 L20 20 L20 14 M12 3 L12 15 M7.5 10.5 L12 15 L16.5 10.5",
    "export": "M4 14 L4 20 L20 20 L20 14 M12 15 L12 3 M7.5 7.5 L12 3 L16.5 7.5",
    "print": "M7 9 L7 3 L17 3 L17 9 M7 17 L4 17 L4 9 L20 9 L20 17 L17 17 M7 14 L17 14 L17 21 L7 21 Z",
    "undo": "M9 5 L4 10 L9 15 M4 10 L14 10 C22 10 22 19 14 19 L10 19",
    "redo": "M15 5 L20 10 L15 15 M20 10 L10 10 C2 10 2 19 10 19 L14 19",
    "browse": "M5 3 L18 12 L12 13 L15.5 20 L13 21 L9.8 14.2 L5 18 Z",
    "box": "M4 4 L8 4 M11 4 L15 4 M18 4 L20 4 L20 8 M20 11 L20 15 M20 18 L20 20 L16 20 M13 20 L9 20 M6 20 L4 20 L4 16 M4 13 L4 9",
    "zoom_box": "O10.5 10.5 6.5 M15.5 15.5 L21 21 M7.5 10.5 L13.5 10.5 M10.5 7.5 L10.5 13.5",
    "zoom_in": "O10.5 10.5 6.5 M15.5 15.5 L21 21 M7.5 10.5 L13.5 10.5 M10.5 7.5 L10.5 13.5",
    "zoom_out": "O10.5 10.5 6.5 M15.5 15.5 L21 21 M7.5 10.5 L13.5 10.5",
    "whole": "M3 8 L3 3 L8 3 M16 3 L21 3 L21 8 M21 16 L21 21 L16 21 M8 21 L3 21 L3 16 R8 8 8 8",
    "selection": "M3 8 L3 3 L8 3 M16 3 L21 3 L21 8 M21 16 L21 21 L16 21 M8 21 L3 21 L3 16 !O12 12 3",
    "measure": "M3 16 L16 3 L21 8 L8 21 Z M7 12 L9 14 M10 9 L13 12 M13 6 L15 8",
    "area": "M4 9 L13 4 L20 10 L16 20 L6 18 Z !O4 9 1.4 !O13 4 1.4 !O20 10 1.4 !O16 20 1.4 !O6 18 1.4",
    "add_site": "M12 21 C5 13 5 10 5 9 C5 -0.5 19 -0.5 19 9 C19 10 19 13 12 21 Z M12 6 L12 12 M9 9 L15 9",
    "add_issue": "O12 12 8.5 M12 7.5 L12 16.5 M7.5 12 L16.5 12",
    "move": "M12 3 L12 21 M3 12 L21 12 M9 6 L12 3 L15 6 M9 18 L12 21 L15 18 M6 9 L3 12 L6 15 M18 9 L21 12 L18 15",
    "border": "M4 4 L10 9 L10 15 L20 20 !O10 9 2 !O10 15 2 M15 8 L20 8 M17.5 5.5 L20 8 L17.5 10.5",
    "delete": "M5 7 L19 7 M9 7 L9 4 L15 4 L15 7 M7 7 L8 20 L16 20 L17 7 M10.5 10.5 L10.5 16.5 M13.5 10.5 L13.5 16.5",
    "check": "M4 5 L6 7 L9 3.5 M4 12 L6 14 L9 10.5 M4 19 L6 21 L9 17.5 M12.5 5.5 L20 5.5 M12.5 12.5 L20 12.5 M12.5 19.5 L20 19.5",
    "inbox": "M3 13 L6 4 L18 4 L21 13 L21 20 L3 20 Z M3 13 L8.5 13 L10 16 L14 16 L15.5 13 L21 13",
    "search": "O10.5 10.5 6.5 M15.5 15.5 L21 21",
    "close": "M6 6 L18 18 M18 6 L6 18",
    "photo": "M3 7 L8 7 L10 4 L14 4 L16 7 L21 7 L21 19 L3 19 Z O12 12.5 4",
    "settings": "M4 7 L20 7 M4 12 L20 12 M4 17 L20 17 !O9 7 2.2 !O15 12 2.2 !O8 17 2.2",
    "help": "O12 12 9 M9.3 9.5 C9.3 5.8 14.9 6 14.7 9.4 C14.6 11.6 12 11.7 12 14 !O12 17.2 1",
    "previous": "M15 5 L8 12 L15 19",
    "next": "M9 5 L16 12 L9 19",
    "who": "O9 8 4 M2.5 20.5 C2.5 13.5 15.5 13.5 15.5 20.5 M16.6 5.6 C16.8 2.4 21.6 2.7 21.4 5.6 C21.3 7.5 19 7.6 19 9.8 !O19 13 1",
    "place": "M12 21 C5 13 5 10 5 9 C5 -0.5 19 -0.5 19 9 C19 10 19 13 12 21 Z !O12 9 2.5",
    "chart": "M4 4 L4 20 L21 20 R7 12 3 8 R12 7 3 13 R17 10 3 10",
    "order": "M6 3 L15 3 L19 7 L19 21 L6 21 Z M9.5 9 L15.5 9 M9.5 12.5 L15.5 12.5 O14 17 2",
    "labels": "M4 6 L20 6 M12 6 L12 20 M8 20 L16 20 M4 6 L4 9 M20 6 L20 9",
}


def icon(name: str) -> QIcon:
    """The icon `name`, in the text colour of whoever shows it."""
    return QIcon(_Engine(name))


class _Engine(QIconEngine):
    def __init__(self, name: str) -> None:
        super().__init__()
        self._name = name

    def paint(self, painter: QPainter, rect: QRect, mode: QIcon.Mode, _state: QIcon.State) -> None:
        group = QPalette.ColorGroup.Disabled if mode == QIcon.Mode.Disabled else QPalette.ColorGroup.Active
        colour = QApplication.palette().color(group, QPalette.ColorRole.WindowText)
        if mode == QIcon.Mode.Disabled:
            colour.setAlpha(90)
        side = min(rect.width(), rect.height())
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.translate(rect.x() + (rect.width() - side) / 2, rect.y() + (rect.height() - side) / 2)
        painter.scale(side / _SIDE, side / _SIDE)
        outline, solid = _paths(self._name)
        pen = QPen(colour, 1.6)
        pen.setCapStyle(Qt.PenCapStyle.RoundCap)
        pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
        painter.setPen(pen)
        painter.drawPath(outline)
        painter.fillPath(solid, QColor(colour))
        painter.restore()

    def pixmap(self, size: QSize, mode: QIcon.Mode, state: QIcon.State) -> QPixmap:
        """Qt's own default draws on an opaque ground."""
        picture = QPixmap(size)
        picture.fill(Qt.GlobalColor.transparent)
        painter = QPainter(picture)
        self.paint(painter, QRect(0, 0, size.width(), size.height()), mode, state)
        painter.end()
        return picture

    def clone(self) -> QIconEngine:
        return _Engine(self._name)


def _paths(name: str) -> tuple[QPainterPath, QPainterPath]:
    outline, solid = QPainterPath(), QPainterPath()
    words = _SHAPES[name].split()
    at = 0

    def numbers(count: int) -> list[float]:
        nonlocal at
        first = words[at].lstrip("!MLCORZ")
        found = [float(first), *(float(word) for word in words[at + 1 : at + count])]
        at += count
        return found

    while at < len(words):
        word = words[at]
        into = solid if word[0] == "!" else outline
        kind = word.lstrip("!")[0]
        if kind == "Z":
            outline.closeSubpath()
            at += 1
        elif kind == "M":
            outline.moveTo(QPointF(*numbers(2)))
        elif kind == "L":
            outline.lineTo(QPointF(*numbers(2)))
        elif kind == "C":
            x1, y1, x2, y2, x, y = numbers(6)
            outline.cubicTo(x1, y1, x2, y2, x, y)
        elif kind == "O":
            x, y, radius = numbers(3)
            into.addEllipse(QPointF(x, y), radius, radius)
        else:
            into.addRect(QRectF(*numbers(4)))
    return outline, solid
