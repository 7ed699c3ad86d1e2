"""The only drawing function: screen, image, PDF and printer are one picture.

The caller's painter has 1 unit = 1 mm and its origin at the top left of the map frame (`mm_painter`, or translate and scale it).
For a PDF use `QPdfWriter.setResolution(2540)`: a dot is then 1/100 mm, the grid on which scenes lie, and coordinates are written as integers.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from itertools import groupby

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QImage, QPaintDevice, QPainter, QPainterPath, QPdfWriter, QPen, QTransform

from chuangwen.domain.layer import Layer, Symbol
from chuangwen.render import fonts, marks
from chuangwen.render.classes import look
from chuangwen.render.content import LayerContent
from chuangwen.render.geometry import Rings
from chuangwen.render.highlight import highlighted
from chuangwen.render.paths import GRID, paths
from chuangwen.render.primitives import Dots, Item, Pen, Shapes, Stamps, Word
from chuangwen.render.scene import Scene
from chuangwen.render.symbols import hatched
from chuangwen.render.view import MapView

HALO_ALPHA = 254
"""Of halo text in a view with `halo="marker"`: the one thing in a PDF that is not quite opaque, so that `render.halo` finds it and makes it a stroke."""
JOINED_ALPHA = 253
"""The same for a word that goes on where the one before it ends: `render.halo` makes one piece of searchable text of them."""
_HAIR = 0.01
"""mm: what letters on symbols are drawn round with in a PDF. Qt then writes them about their own middle, the same bytes for each symbol of a kind."""


def draw(painter: QPainter, scene: Scene, view: MapView) -> None:
    """Paint `scene` into the frame (0, 0, view.width, view.height) mm, clipped to it. Paper white is the caller's.

    Of `view` only `halo` is looked at: the scene was built for a view of the same place, scale and frame.
    """
    with grid(painter):
        painter.setClipRect(QRectF(0, 0, view.width * GRID, view.height * GRID), Qt.ClipOperation.IntersectClip)
        paint(painter, scene.items, view.halo)


def paint(painter: QPainter, items: Iterable[Item], halo: str = "outline") -> None:
    """Paint primitives on a painter whose unit is a grid step. While somebody listens (`fonts.listening`) only the words are told."""
    if fonts.is_heard():
        for item in items:
            if isinstance(item, Word):
                fonts.told(item.text, item.size)
        return
    for label, run in groupby(items, key=lambda item: isinstance(item, Word)):
        if label:
            for words in _labels(run):
                _write(painter, words, halo)
        else:
            _shapes(painter, run)


def _shapes(painter: QPainter, items: Iterable[Item]) -> None:
    for item in items:
        if isinstance(item, Shapes):
            _set(painter, item.fill, item.pen)
            for one in item.paths:
                painter.drawPath(one)
        elif isinstance(item, Stamps):
            _stamp(painter, item, _HAIR if isinstance(painter.device(), QPdfWriter) else 0.0)
        elif isinstance(item, Dots):
            pen = QPen(QColor(item.colour), item.size * GRID)
            pen.setCapStyle(Qt.PenCapStyle.RoundCap if item.round else Qt.PenCapStyle.SquareCap)
            painter.setPen(pen)
            painter.drawPoints(item.places)


def draw_swatch(painter: QPainter, layer: Layer, symbol: Symbol, rect: QRectF, mono: bool = False) -> None:
    """One class of a layer as the legend shows it, within `rect` (mm): the same code that draws the map.

    A point symbol keeps its size where it fits; a layer with a palette shows its first colour.
    """
    fill = layer.palette.colours[0] if layer.palette and layer.palette.colours else ""
    symbol = look(symbol, mono, fill=fill)
    with grid(painter):
        painter.setClipRect(_steps(rect.adjusted(-0.2, -0.2, 0.2, 0.2)), Qt.ClipOperation.IntersectClip)
        if layer.geometry == "point":
            room = min(rect.width(), rect.height())
            whole = 2 * marks.reach(symbol)
            if whole > room:
                symbol = replace(symbol, size=symbol.size * room / whole)
            middle = rect.center()
            paint(painter, [Stamps(marks.mark_of(symbol), ((middle.x() * GRID, middle.y() * GRID),))])
        elif layer.geometry == "line":
            paint(painter, _line_swatch(symbol, rect))
        else:
            paint(painter, _area_swatch(symbol, rect))


def _line_swatch(symbol: Symbol, rect: QRectF) -> Iterator[Item]:
    thick = min(max(symbol.casing_width, symbol.stroke_width), rect.height())
    ends = [[rect.left() + thick / 2, rect.center().y()], [rect.right() - thick / 2, rect.center().y()]]
    made = tuple(_paths(ends))
    if symbol.casing and symbol.casing_width > symbol.stroke_width:
        yield Shapes(made, "", Pen(symbol.casing, min(symbol.casing_width, rect.height())))
    if symbol.stroke and symbol.stroke_width > 0:
        yield Shapes(made, "", Pen(symbol.stroke, min(symbol.stroke_width, rect.height()), symbol.dash))


def _area_swatch(symbol: Symbol, rect: QRectF) -> Iterator[Item]:
    inset = symbol.stroke_width / 2
    box = rect.adjusted(inset, inset, -inset, -inset)
    ring = np.array([[box.left(), box.top()], [box.right(), box.top()], [box.right(), box.bottom()], [box.left(), box.bottom()], [box.left(), box.top()]])
    made = tuple(_paths(ring.tolist()))
    if symbol.fill:
        yield Shapes(made, symbol.fill)
    if symbol.hatch:
        yield from hatched(symbol, _one_ring(ring), np.rint(ring * GRID), (box.left() * GRID, box.top() * GRID))
    if symbol.stroke and symbol.stroke_width > 0:
        yield Shapes(made, "", Pen(symbol.stroke, symbol.stroke_width, symbol.dash))


def draw_highlight(painter: QPainter, content: Sequence[LayerContent], ids: Collection[tuple[str, str]], view: MapView) -> None:
    """The selection, over a picture drawn before: a bright rim around the features `ids` (layer id, row id)."""
    wanted: dict[str, set[str]] = {}
    for layer, row_id in ids:
        wanted.setdefault(layer, set()).add(row_id)
    with grid(painter):
        painter.setClipRect(QRectF(0, 0, view.width * GRID, view.height * GRID), Qt.ClipOperation.IntersectClip)
        for one in content:
            if one.layer.id in wanted and one.is_drawn(view):
                chosen = replace(one, only=frozenset(wanted[one.layer.id] & (one.only if one.only is not None else wanted[one.layer.id])))
                paint(painter, highlighted(chosen, view))


def on_image(width: float, height: float, dots_per_mm: float) -> QImage:
    """A white picture for a frame of `width` × `height` mm."""
    image = QImage(max(round(width * dots_per_mm), 1), max(round(height * dots_per_mm), 1), QImage.Format.Format_RGB32)
    image.setDotsPerMeterX(round(dots_per_mm * 1000))
    image.setDotsPerMeterY(round(dots_per_mm * 1000))
    image.fill(Qt.GlobalColor.white)
    return image


@contextmanager
def mm_painter(device: QPaintDevice, dots_per_mm: float) -> Iterator[QPainter]:
    """A painter on `device` whose unit is the millimetre, smooth edges on; ended on leaving."""
    painter = QPainter(device)
    try:
        painter.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.TextAntialiasing)
        painter.scale(dots_per_mm, dots_per_mm)
        yield painter
    finally:
        painter.end()


def image_of(scene: Scene, view: MapView) -> QImage:
    """The scene as a picture of its own, `view.dots_per_mm` fine."""
    image = on_image(view.width, view.height, view.dots_per_mm)
    with mm_painter(image, view.dots_per_mm) as painter:
        draw(painter, scene, view)
    return image


@contextmanager
def grid(painter: QPainter) -> Iterator[None]:
    """A painter in millimetres counts in grid steps; restored on leaving."""
    painter.save()
    try:
        painter.scale(1 / GRID, 1 / GRID)
        at = painter.transform()
        if isinstance(painter.device(), QPdfWriter):  # whole numbers only: half the bytes
            painter.setTransform(QTransform(at.m11(), at.m12(), at.m21(), at.m22(), round(at.dx()), round(at.dy())))
        yield
    finally:
        painter.restore()


def _steps(rect: QRectF) -> QRectF:
    return QRectF(rect.x() * GRID, rect.y() * GRID, rect.width() * GRID, rect.height() * GRID)


def _one_ring(points: np.ndarray[tuple[int, ...], np.dtype[np.float64]]) -> Rings:
    return Rings(points, np.array([0, len(points)]), np.array([0, 1]))


def _paths(points: list[list[float]]) -> list[QPainterPath]:
    place = np.rint(np.array(points) * GRID)
    return list(paths(_one_ring(place), place))


def _pen(pen: Pen | None) -> QPen:
    if pen is None:
        return QPen(Qt.PenStyle.NoPen)
    made = QPen(QColor(pen.colour), pen.width * GRID)
    made.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
    if pen.dash:
        made.setCapStyle(Qt.PenCapStyle.FlatCap)
        made.setDashPattern([length / pen.width for length in pen.dash])
    else:
        made.setCapStyle(Qt.PenCapStyle.RoundCap)
    return made


def _set(painter: QPainter, fill: str, pen: Pen | None) -> None:
    painter.setPen(_pen(pen))
    painter.setBrush(QColor(fill) if fill else Qt.BrushStyle.NoBrush)


def _stamp(painter: QPainter, stamps: Stamps, hair: float) -> None:
    mark = stamps.mark
    before = painter.transform()
    round_glyph = Pen(mark.glyph_colour, hair) if hair else None
    _set(painter, mark.fill, mark.pen)
    for x, y in stamps.places:
        painter.translate(x, y)
        painter.drawPath(mark.outline)
        if mark.glyph is not None:
            _set(painter, mark.glyph_colour, round_glyph)
            painter.drawPath(mark.glyph)
            _set(painter, mark.fill, mark.pen)
        painter.setTransform(before)


def _labels(items: Iterable[Item]) -> Iterator[list[Word]]:
    """The words of each label: one, or the characters along a bend."""
    words: list[Word] = []
    for item in items:
        assert isinstance(item, Word)
        if words and not item.joined:
            yield words
            words = []
        words.append(item)
    if words:
        yield words


def _write(painter: QPainter, words: list[Word], halo: str) -> None:
    """One label: all its halos, then its text, so that no halo covers a part of the character before it."""
    first = words[0]
    painter.setFont(fonts.font(first.size, first.bold))
    if first.halo and halo == "marker":
        for number, word in enumerate(words):
            marked = QColor(word.halo)
            marked.setAlpha(JOINED_ALPHA if number else HALO_ALPHA)
            painter.setPen(marked)
            _text(painter, word)
    elif first.halo and halo == "outline":
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(first.halo))
        for word in words:
            if word.rim is not None:
                painter.drawPath(word.rim)
    painter.setPen(QColor(first.colour))
    for word in words:
        _text(painter, word)


def _text(painter: QPainter, word: Word) -> None:
    place = QPointF(word.x, word.y)
    if not word.angle:
        painter.drawText(place, word.text)
        return
    before = painter.transform()
    painter.translate(place)
    painter.rotate(word.angle)
    painter.drawText(QPointF(0, 0), word.text)
    painter.setTransform(before)
