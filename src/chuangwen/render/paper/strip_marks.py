"""What is written over a strip map: 桩号, 起点, 终点, 接图线 (domain.md 6.3)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import atan2, degrees, hypot
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QColor, QPainter, QPen

from chuangwen.render import fonts
from chuangwen.render.paper import furniture
from chuangwen.render.paper.block import INK, rect
from chuangwen.render.paper.overlay import Overlay
from chuangwen.render.view import MapView
from chuangwen.services.paper.chainage import Alignment, chainage_text, compass_text, posts
from chuangwen.services.paper.frames import Rect
from chuangwen.services.paper.strip import MatchLine, Strip
from chuangwen.text import _

if TYPE_CHECKING:
    from chuangwen.render.paper.page import Page

_TICK = 1.9  # mm to each side of the road's line
_DISC = 1.9  # mm: radius of the signs of start and end
_POST, _NAME, _TAG = 0.88, 1.0, 0.92  # of the text
_NORTH = 7.5  # mm
_EDGE = 2.0  # mm from the frame to tag and arrow
_CLEAR = 0.5  # mm between a mark and its words
_MARKER = 3.2  # mm around a numbered site or issue that words keep free
_ONWARD = 10.0  # mm past a match line to which posts are still marked
_BEAD = 2.0  # mm: a match line as seen by labels is made of boxes of that length
_UPRIGHT = 115.0  # degrees: words along a line that leans more are read from the other end


@dataclass(frozen=True, slots=True)
class Sign:
    """Words on a white ground, one line or more, in `box` (mm of the frame)."""

    lines: tuple[str, ...]
    size: float
    box: Rect
    bold: bool = False


@dataclass(frozen=True, slots=True)
class Mark:
    """A mark across the road at `place`, from -`half` to +`half` (mm of the frame); `letter`: in a disc, for start and end."""

    place: tuple[float, float]
    half: tuple[float, float]
    letter: str = ""


class StripMarks(Overlay):
    """What is written over the map of one strip of a road. `ends`: names of the road's start and end; `count`: strips of the whole road;
    `markers`: metres, the numbered sites and issues, that words keep off; `text` mm.
    """

    def __init__(
        self,
        strip: Strip,
        road: Alignment,
        size: tuple[float, float],
        text: float,
        *,
        ends: tuple[str, str],
        count: int,
        markers: Sequence[tuple[float, float]],
    ) -> None:
        self._strip, self._road, self._size, self._text = strip, road, size, text
        self._ends, self._count, self._markers = ends, count, markers
        self._placed: tuple[list[Mark], list[Sign]] | None = None

    def boxes(self, view: MapView, taken: Sequence[Rect]) -> list[Rect]:
        marks, signs = self.placed(view, taken)
        matches = self._matches(view)
        busy = [*(self._match_box(one) for one in matches), *(box for one in matches for box in _along(one))]
        return [self._north(view), *(sign.box for sign in signs), *(_around(mark) for mark in marks), *busy]

    def draw(self, painter: QPainter, view: MapView, taken: Sequence[Rect], page: Page) -> None:
        painter.save()
        painter.setClipRect(rect(Rect(0, 0, view.width, view.height)), Qt.ClipOperation.IntersectClip)
        for line in self._matches(view):
            self._draw_match(painter, line)
        marks, signs = self.placed(view, taken)
        north = self._north(view)
        furniture.north_arrow(painter, north.right, north.y, _NORTH, view.rotation)
        for mark in marks:
            _draw_mark(painter, mark)
        for sign in signs:
            _draw_sign(painter, sign)
        painter.restore()

    def placed(self, view: MapView, taken: Sequence[Rect]) -> tuple[list[Mark], list[Sign]]:
        """The marks across the road and the words on white, mm of the frame."""
        if self._placed is None:
            tag = self._tag()
            near = view.to_paper(np.array(self._markers, dtype=np.float64).reshape(-1, 2)).tolist()
            busy = [tag.box, self._north(view), *taken, *(self._match_box(one) for one in self._matches(view))]
            busy += [Rect(x - _MARKER, y - _MARKER, 2 * _MARKER, 2 * _MARKER) for x, y in near]
            marks, signs = self._posts(view, busy)
            self._placed = marks, [tag, *signs]
        return self._placed

    def _north(self, view: MapView) -> Rect:
        """Upper right, within the match line where one runs through that corner."""
        corner = furniture.north_place(view.width - _EDGE, _EDGE, _NORTH, view.rotation)
        right = corner.right
        for line in self._matches(view):
            (x0, y0), (x1, y1) = line.ends
            if y1 - y0 > corner.bottom:
                cut = min(x0 + (x1 - x0) * (y - y0) / (y1 - y0) for y in (corner.y, corner.bottom))
                right = min(right, cut - _EDGE) if corner.x - _EDGE < cut else right
        return furniture.north_place(right, _EDGE, _NORTH, view.rotation)

    def _matches(self, view: MapView) -> list[MatchLine]:
        """The match lines in the view: that of a sheet changed by hand need not be the planned one."""
        planned = MapView(self._strip.map.centre, self._strip.map.denominator, *self._size, rotation=self._strip.map.rotation)
        found = []
        for line in (self._strip.before, self._strip.after):
            if line is not None:
                start, end = view.to_paper(np.array([planned.to_ground(*place) for place in line.ends])).tolist()
                found.append(replace(line, ends=(tuple(start), tuple(end))))
        return found

    def _tag(self) -> Sign:
        """Upper left: which strip it is, from where to where, and which side of the road lies above."""
        strip, size = self._strip, self._text * _TAG
        words = [_("第 {number} 幅，共 {count} 幅").format(number=strip.number, count=self._count)] if self._count > 1 else []
        words.append(f"{chainage_text(strip.start)}—{chainage_text(strip.end)}")
        side = compass_text(self._road, (strip.start + strip.end) / 2, 1.0)
        words.append(_("上方为左侧（{side}）").format(side=side))
        line = "　".join(words)
        return Sign((line,), size, Rect(_EDGE, _EDGE, fonts.width(line, size) + size, size * 1.7))

    def _posts(self, view: MapView, taken: list[Rect]) -> tuple[list[Mark], list[Sign]]:
        """The marks along the road, and their words where they cover nothing of `taken` and each other if that can be."""
        road, strip = self._road, self._strip
        onward = _ONWARD * view.metres_per_mm
        marks, signs, boxes = [], [], list(taken)
        found = posts(road, max(strip.start - onward, 0.0), min(strip.end + onward, road.length))
        closed = bool(np.hypot(*(road.xy[0] - road.xy[-1])) < 2 * _DISC * view.metres_per_mm)
        for post in sorted(found, key=lambda one: 0.0 < one.metres < road.length):  # the ends first
            ahead = np.array(post.point) + road.direction(post.metres)
            (x, y), (x1, y1) = view.to_paper(np.array([post.point, ahead])).tolist()
            if not (0.5 < x < view.width - 0.5 and 0.5 < y < view.height - 0.5):
                continue
            far = hypot(x1 - x, y1 - y)
            along = ((x1 - x) / far, (y1 - y) / far)
            is_end = post.metres in (0.0, road.length)
            size = self._text * (_NAME if is_end else _POST)
            lines: tuple[str, ...] = (post.text,)
            letter = ""
            if is_end:
                first = post.metres == 0.0
                letter = _("起") if first else _("终")
                name = self._ends[0] if first else self._ends[1]
                word = (_("起点") if first else _("终点")) + (f" {name}" if name else "")
                lines = (fonts.shortened(word, size, view.width * 0.2, True), post.text)
                if closed:  # both signs would stand on one spot
                    x, y = (x - _DISC, y) if first else (x + _DISC, y)
            mark = Mark((x, y), (-along[1] * _TICK, along[0] * _TICK), letter)
            wide, high = max(fonts.width(one, size, True) for one in lines) + size * 0.4, size * 1.18 * len(lines)
            box = _free((x, y), along, (wide, high), boxes, is_end, (view.width, view.height))
            marks.append(mark)
            signs.append(Sign(lines, size, box, True))
            boxes += [box, _around(mark)]
        return marks, signs

    def _match_words(self, line: MatchLine) -> str:
        return _("接第 {number} 幅　{chainage}").format(number=line.number, chainage=chainage_text(line.metres))

    def _match_pose(self, line: MatchLine) -> tuple[float, float, float]:
        """Middle of the words of a match line, beyond it, and their angle (degrees clockwise)."""
        (x0, y0), (x1, y1) = line.ends  # sorted from top to bottom
        onward = 1.0 if line.number > self._strip.number else -1.0
        if y1 - y0 < 1e-6:
            return (x0 + x1) / 2, y0 + self._text, 0.0
        angle = degrees(atan2(y0 - y1, x0 - x1))  # read from the bottom to the top, never upside down
        angle += 180 if angle < -_UPRIGHT else 0
        share = 0.27
        away = self._text * 0.95
        far = hypot(x1 - x0, y1 - y0)
        across = ((y1 - y0) / far * onward, -(x1 - x0) / far * onward)
        return x0 + (x1 - x0) * share + across[0] * away, y0 + (y1 - y0) * share + across[1] * away, angle

    def _match_box(self, line: MatchLine) -> Rect:
        x, y, angle = self._match_pose(line)
        size = self._text * _TAG
        wide, high = fonts.width(self._match_words(line), size, True) + size * 0.6, size * 1.4
        c, s = abs(np.cos(np.radians(angle))), abs(np.sin(np.radians(angle)))
        w, h = wide * c + high * s, wide * s + high * c
        return Rect(x - w / 2, y - h / 2, w, h)

    def _draw_match(self, painter: QPainter, line: MatchLine) -> None:
        pen = QPen(QColor(INK), 0.4)
        pen.setDashPattern([6.0, 3.0])
        pen.setCapStyle(Qt.PenCapStyle.FlatCap)
        painter.setPen(pen)
        painter.drawLine(QPointF(*line.ends[0]), QPointF(*line.ends[1]))
        x, y, angle = self._match_pose(line)
        size, words = self._text * _TAG, self._match_words(line)
        wide = fonts.width(words, size, True) + size * 0.6
        painter.save()
        painter.translate(x, y)
        painter.rotate(angle)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor("#ffffff"))
        painter.drawRect(rect(Rect(-wide / 2, -size * 0.7, wide, size * 1.4)))
        painter.restore()
        turn = np.radians(angle)
        down = size * fonts.CAP_HEIGHT / 2
        fonts.write(painter, x - down * float(np.sin(turn)), y + down * float(np.cos(turn)), words, size, INK, True, "centre", angle)


def _free(
    place: tuple[float, float], along: tuple[float, float], size: tuple[float, float], taken: Sequence[Rect], is_end: bool, frame: tuple[float, float]
) -> Rect:
    """Where a box of `size` beside a mark covers least: below the road, above it, or past the road's end."""
    wide, high = size
    x, y = place
    best, least = Rect(0, 0, wide, high), float("inf")
    base = (_DISC if is_end else _TICK) + _CLEAR
    ways = [(-along[1], along[0]), (along[1], -along[0])]
    if is_end:
        ways += [(along[0], along[1]), (-along[0], -along[1])]
    for more in (0.0, 2.5, 5.0):
        for way, slide in ((one, shift) for one in ways for shift in (0.0, -0.5, 0.5)):
            reach = base + more + abs(way[0]) * wide / 2 + abs(way[1]) * high / 2
            middle = x + way[0] * reach + along[0] * slide * wide, y + way[1] * reach + along[1] * slide * wide
            left = min(max(middle[0] - wide / 2, 0.8), frame[0] - wide - 0.8)
            top = min(max(middle[1] - high / 2, 0.8), frame[1] - high - 0.8)
            box = Rect(left, top, wide, high)
            shifted = abs(left + wide / 2 - middle[0]) + abs(top + high / 2 - middle[1])
            cost = sum(_common(box, one) for one in taken) + 0.2 * more + 0.4 * abs(slide) + 0.1 * shifted
            if cost < least - 1e-9:
                best, least = box, cost
    return best


def _common(one: Rect, other: Rect) -> float:
    """What two rectangles both cover, mm²."""
    wide, high = min(one.right, other.right) - max(one.x, other.x), min(one.bottom, other.bottom) - max(one.y, other.y)
    return wide * high if wide > 0 and high > 0 else 0.0


def _along(line: MatchLine) -> list[Rect]:
    """The line as small boxes, from which labels keep off."""
    (x0, y0), (x1, y1) = line.ends
    count = max(int(hypot(x1 - x0, y1 - y0) / _BEAD), 1)
    half = _BEAD / 2
    return [Rect(x0 + (x1 - x0) * at / count - half / 2, y0 + (y1 - y0) * at / count - half, half, _BEAD) for at in range(count + 1)]


def _around(mark: Mark) -> Rect:
    x, y = mark.place
    w, h = (_DISC, _DISC) if mark.letter else (abs(mark.half[0]) + 0.3, abs(mark.half[1]) + 0.3)
    return Rect(x - w, y - h, 2 * w, 2 * h)


def _draw_mark(painter: QPainter, mark: Mark) -> None:
    (x, y), (dx, dy) = mark.place, mark.half
    if mark.letter:
        painter.setPen(QPen(QColor("#ffffff"), 0.3))
        painter.setBrush(QColor(INK))
        painter.drawEllipse(QPointF(x, y), _DISC, _DISC)
        size = _DISC * 1.3
        fonts.write(painter, x, y + (fonts.ASCENT - 0.5) * size, mark.letter, size, "#ffffff", True, "centre")
        return
    for colour, wide in (("#ffffff", 0.8), (INK, 0.35)):
        pen = QPen(QColor(colour), wide)
        pen.setCapStyle(Qt.PenCapStyle.FlatCap)
        painter.setPen(pen)
        painter.drawLine(QPointF(x - dx, y - dy), QPointF(x + dx, y + dy))


def _draw_sign(painter: QPainter, sign: Sign) -> None:
    box, size = sign.box, sign.size
    painter.setPen(QPen(QColor(INK), 0.1))
    painter.setBrush(QColor("#ffffff"))
    painter.drawRect(rect(box))
    step = box.height / len(sign.lines)
    for number, line in enumerate(sign.lines):
        y = box.y + step * (number + 0.5) + size * fonts.CAP_HEIGHT / 2
        fonts.write(painter, box.x + box.width / 2, y, line, size, INK, sign.bold, "centre")
