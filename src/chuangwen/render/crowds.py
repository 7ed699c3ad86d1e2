"""Numbers of a crowd: they fan out around the heap, each with a straight line to its point, so that no two lines cross and no number covers another.

Free places lie in rows and columns around the hull of the heap. One hides another when it stands on the same way outwards; only places that hide
none are used, those close by first, from as far off as so many need. Who gets which is the assignment of least total length. Where there are fewer
places than numbers, consecutive ones stand together: 问3–问9.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from chuangwen.render import fonts
from chuangwen.render.along import straight
from chuangwen.render.matching import matched, uncrossed
from chuangwen.render.placing import Box, Candidate, Sheet
from chuangwen.render.wanted import Wanted

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

_USUAL = 2.6  # mm: the numbers of a sheet
_LINKED = 5.0  # mm between points of one heap
_CLOSE, _MANY = 6.0, 8  # mm, and so many others within
_LARGEST = 100  # points fanned out together
_REACH = 25.0  # mm to each side of the heap within which places are sought
_LAST_REACH = 60.0  # mm: rather a long line than a covered number
_FROM = (1.6, 4.0, 7.0, 10.0, 14.0, 18.0, 22.0)  # mm from the heap at which a fan may begin
_OUTER = 30.0  # mm from the heap: where ways outwards are told apart
_BIN = 0.5  # mm thereof
_BETWEEN_COLUMNS, _BETWEEN_ROWS = 1.3, 0.5  # mm
_SPARE, _OFFER = 1.6, 12  # so many times as many places as needed, and so many more, are offered
_THROUGH = 30.0  # mm of detour worth not running through a label
_NUMBERED = re.compile(r"(\D*)(\d+)")


@dataclass(frozen=True, slots=True)
class Placed:
    """A label at its place. `members`: all labels that it stands for, more than one in a bracket."""

    label: Wanted
    at: Candidate
    members: tuple[Wanted, ...]


@dataclass(frozen=True, slots=True)
class _Bundle:
    members: tuple[Wanted, ...]
    text: str
    x: float
    y: float


Beside = Callable[[Wanted], Candidate | None]
"""The place right beside a symbol, where that is still free."""


def dense(labels: Sequence[Wanted]) -> NDArray[np.bool_]:
    """(n,) which labels belong to points with so many others close by that their numbers rather stand outside the heap."""
    places = shapely.points(np.array([label.anchor() for label in labels]).reshape(-1, 2))
    close = [_CLOSE * _times(label) for label in labels]
    one, _other = shapely.STRtree(places).query(places, predicate="dwithin", distance=close)
    return np.asarray(np.bincount(one, minlength=len(labels)) > _MANY)


def _times(label: Wanted) -> float:
    """How large the numbers of a wall map are against those of a sheet, for which the distances here are meant."""
    return label.style.size / _USUAL


def fanned(sheet: Sheet, labels: Sequence[Wanted], beside: Beside) -> tuple[list[Placed], list[Wanted]]:
    """The labels of points that have no place beside them: those placed (and taken on the sheet), and those for which there is no room at all."""
    placed: list[Placed] = []
    left: list[Wanted] = []
    heaps = list(_heaps(labels))
    points = [shapely.multipoints(np.array([label.anchor() for label in heap])) for heap in heaps]
    for number, heap in enumerate(heaps):
        others = shapely.union_all([one for other, one in enumerate(points) if other != number])
        done, rest = _fan(sheet, heap, others, beside)
        placed += done
        left += rest
    for reach in (_REACH, _LAST_REACH):
        rest, left = left, []
        for label in rest:
            one = _alone(sheet, label, reach * _times(label))
            if one is None:
                left.append(label)
            else:
                placed.append(one)
    return _untangled(placed), left


def _untangled(placed: list[Placed]) -> list[Placed]:
    """Labels of equal width whose lines cross change places: neighbouring heaps do not know of each other. Each exchange is shorter, so it comes to an end."""
    led = [number for number, one in enumerate(placed) if one.at.leader]
    if len(led) < 2:
        return placed
    lines = np.array([placed[number].at.leader for number in led])
    starts, ends = lines[:, :2], lines[:, 2:]
    widths = np.array([placed[number].at.boxes[0][2] - placed[number].at.boxes[0][0] for number in led])
    alike = np.abs(widths[:, None] - widths[None]) < 0.01
    given = uncrossed(starts, ends, np.arange(len(led)), alike)
    untangled = list(placed)
    for one, other in enumerate(given.tolist()):
        if one != other:
            mine, theirs = placed[led[one]], placed[led[other]].at
            at = Candidate((replace(theirs.pieces[0], text=mine.label.text),), theirs.boxes, leader=(*starts[one].tolist(), *ends[other].tolist()))
            untangled[led[one]] = replace(mine, at=at)
    return untangled


def _heaps(labels: Sequence[Wanted]) -> Iterator[list[Wanted]]:
    """Labels whose points lie together, in the order of the first of each; very large heaps in halves."""
    if not labels:
        return
    places = np.array([label.anchor() for label in labels])
    tree = shapely.STRtree(shapely.points(places))
    one, other = tree.query(shapely.points(places), predicate="dwithin", distance=_LINKED * max(map(_times, labels)))
    heap = np.arange(len(labels))
    while True:  # every point takes the smallest number of those it is linked with
        least = heap.copy()
        np.minimum.at(least, one, heap[other])
        if (least == heap).all():
            break
        heap = least[least]
    for number in np.unique(heap).tolist():
        yield from _halves([labels[at] for at in np.flatnonzero(heap == number).tolist()])


def _halves(labels: list[Wanted]) -> Iterator[list[Wanted]]:
    if len(labels) <= _LARGEST:
        yield labels
        return
    places = np.array([label.anchor() for label in labels])
    axis = int(np.argmax(np.ptp(places, axis=0)))
    order = np.argsort(places[:, axis], kind="stable").tolist()
    for half in (order[: len(order) // 2], order[len(order) // 2 :]):
        yield from _halves([labels[at] for at in sorted(half)])


def _fan(sheet: Sheet, heap: list[Wanted], others: BaseGeometry, beside: Beside) -> tuple[list[Placed], list[Wanted]]:
    """A heap, if it can be, on the ground that is nearer to it than to the `others`."""
    slots = _Slots(sheet, heap, _width(map(_bundle, heap)))
    ring = slots.ring(len(heap), others)
    if len(ring) < len(heap):
        ring = slots.ring(len(heap))
    placed: list[Placed] = []
    if len(ring) < len(heap):  # then those at the edge of the heap may as well stand beside their points
        placed, heap = _besides(sheet, heap, beside)
        if not heap:
            return placed, []
        slots = _Slots(sheet, heap, _width(map(_bundle, heap)))
        ring = slots.ring(len(heap))
    bundles = [_bundle(label) for label in heap]
    for size in range(2, _LARGEST if len(ring) < len(heap) else 0):
        bundles = _bundles(heap, size)
        slots = _Slots(sheet, heap, _width(bundles))
        ring = slots.ring(len(bundles))
        if len(ring) >= len(bundles) or size >= max(len(one.members) for one in bundles) + 1:
            break
    left: list[Wanted] = []
    while len(bundles) > len(ring):  # the last singles try again one by one
        out = next((one for one in reversed(bundles) if len(one.members) == 1), bundles[-1])
        bundles.remove(out)
        left += out.members
    return placed + [_put(sheet, bundle, candidate) for bundle, candidate in _assigned(sheet, bundles, slots, ring)], left


def _besides(sheet: Sheet, heap: list[Wanted], beside: Beside) -> tuple[list[Placed], list[Wanted]]:
    places = np.array([label.anchor() for label in heap])
    outermost = np.argsort(-np.hypot(*(places - places.mean(axis=0)).T), kind="stable").tolist()
    placed = {}
    for at in outermost:
        found = beside(heap[at])
        if found is not None:
            placed[at] = _put(sheet, _bundle(heap[at]), found)
    return list(placed.values()), [label for at, label in enumerate(heap) if at not in placed]


def _alone(sheet: Sheet, label: Wanted, reach: float) -> Placed | None:
    """The nearest free place of all within `reach`, its line hidden or not."""
    bundle = _bundle(label)
    slots = _Slots(sheet, [label], _width([bundle]), reach)
    nearest = np.argsort(slots.away, kind="stable")[:200]
    return next((_put(sheet, bundle, candidate) for _bundle_, candidate in _assigned(sheet, [bundle], slots, nearest)), None) if len(nearest) else None


def _put(sheet: Sheet, bundle: _Bundle, candidate: Candidate) -> Placed:
    sheet.take(candidate.boxes)
    if candidate.leader:
        sheet.draw_leader(candidate.leader)
    first = bundle.members[0]
    return Placed(first if len(bundle.members) == 1 else replace(first, text=bundle.text), candidate, bundle.members)


def _bundle(label: Wanted) -> _Bundle:
    return _together([label])


def _together(members: Sequence[Wanted]) -> _Bundle:
    places = np.array([label.anchor() for label in members])
    x, y = places[int(np.argmin(np.hypot(*(places - places.mean(axis=0)).T)))].tolist()
    text = members[0].text if len(members) == 1 else f"{members[0].text}–{members[-1].text}"
    return _Bundle(tuple(members), text, x, y)


def _bundles(heap: Sequence[Wanted], size: int) -> list[_Bundle]:
    """The heap with consecutive numbers in brackets of up to `size`."""
    made: list[list[Wanted]] = []
    before: tuple[str, str, int] | None = None
    counted = [(label.layer, found[1], int(found[2]), label) for label in heap if (found := _NUMBERED.fullmatch(label.text))]
    for layer, mark, number, label in sorted(counted, key=lambda one: one[:3]):
        if before == (layer, mark, number - 1) and len(made[-1]) < size:
            made[-1].append(label)
        else:
            made.append([label])
        before = (layer, mark, number)
    return [_together(members) for members in made] + [_bundle(label) for label in heap if not _NUMBERED.fullmatch(label.text)]


def _width(bundles: Iterable[_Bundle]) -> float:
    return max(fonts.width(one.text, one.members[0].style.size, one.members[0].style.bold) for one in bundles)


class _Slots:
    """The free places around a heap, all of one size, in rows and columns: `boxes` (k, 4), `away` (k,) mm from the heap's hull."""

    def __init__(self, sheet: Sheet, heap: Sequence[Wanted], width: float, reach: float | None = None) -> None:
        style = heap[0].style
        self._times = _times(heap[0])
        reach = _REACH * self._times if reach is None else reach
        places = np.array([label.anchor() for label in heap])
        self._hull = shapely.convex_hull(shapely.multipoints(places))
        self.low, self.high = places.min(axis=0), places.max(axis=0)
        self._pitch = pitch = np.array([width + _BETWEEN_COLUMNS, style.size + _BETWEEN_ROWS])
        middle = (self.low + self.high) / 2
        count = np.ceil(((self.high - self.low) / 2 + reach) / pitch).astype(int)
        columns, rows = (np.arange(-number, number + 1) * step + centre for number, step, centre in zip(count, pitch, middle, strict=True))
        x, y = (axis.ravel() for axis in np.meshgrid(columns, rows))
        boxes = np.stack([x - width / 2, y - style.size / 2, x + width / 2, y + style.size / 2], axis=1)
        boxes = boxes[sheet.free(boxes)]
        self.away = np.asarray(shapely.distance(self._hull, shapely.box(*boxes.T)), dtype=np.float64)
        beyond = np.maximum(self.low - boxes[:, 2:], boxes[:, :2] - self.high)
        near = (beyond.max(axis=1) <= reach) & (self.away >= _FROM[0] * self._times)
        self.boxes, self.away, self._beyond = boxes[near], self.away[near], beyond[near]

    def ring(self, wanted: int, others: BaseGeometry | None = None) -> Ints:
        """Places of which none hides another: a frame of them around the heap, and what is seen past it from farther off.

        The closest frame that has as many as `wanted`, else that with most; only places that are nearer to the heap than to `others`.
        """
        best: list[int] = []
        if not len(self.boxes):
            return np.array(best, dtype=np.int64)
        begins, ends, bins = self._ways()
        outwards = np.argsort(self.away, kind="stable")
        own = np.ones(len(self.boxes), dtype=bool)
        if others is not None and not others.is_empty:
            own = shapely.distance(others, shapely.box(*self.boxes.T)) >= self.away
        for start in (begin * self._times for begin in _FROM):
            outside = own & (self._beyond.max(axis=1) >= start)
            frame = outside & (self._beyond < start + self._pitch).all(axis=1)
            ring = np.flatnonzero(frame).tolist()
            used = np.zeros(bins, dtype=bool)
            for slot in ring:
                used[begins[slot] : ends[slot]] = True
            for slot in outwards[(outside & ~frame)[outwards]].tolist():
                if len(ring) >= wanted * _SPARE + _OFFER:
                    break
                if not used[begins[slot] : ends[slot]].any():
                    used[begins[slot] : ends[slot]] = True
                    ring.append(slot)
            if len(ring) > len(best):
                best = ring
            if len(ring) >= wanted:
                break
        return np.array(best, dtype=np.int64)

    def _ways(self) -> tuple[list[int], list[int], int]:
        """Between which bins of a line far around the heap each place lies, seen from the heap."""
        outer = shapely.get_exterior_ring(shapely.buffer(self._hull, _OUTER * self._times, quad_segs=12))
        length = float(shapely.length(outer))
        x0, y0, x1, y1 = self.boxes.T
        corners = shapely.points(np.stack([x0, x1, x1, x0], axis=1), np.stack([y0, y0, y1, y1], axis=1))
        at = np.asarray(shapely.line_locate_point(outer, corners))
        wraps = np.ptp(at, axis=1) > length / 2
        at[wraps] = np.where(at[wraps] < length / 2, at[wraps] + length, at[wraps])
        bins = int(length / _BIN) + 1
        begins, ends = np.floor(at.min(axis=1) / _BIN).astype(int), np.ceil(at.max(axis=1) / _BIN).astype(int)
        # A place across the end of the line is counted beyond it; its few bins at the beginning are left to chance, `uncrossed` mends them.
        return begins.tolist(), ends.tolist(), bins + int(2 * _OUTER * self._times / _BIN)


def _assigned(sheet: Sheet, bundles: list[_Bundle], slots: _Slots, ring: Ints) -> Iterator[tuple[_Bundle, Candidate]]:
    """Each bundle written in a slot of the ring."""
    if not bundles:
        return
    starts = np.array([(one.x, one.y) for one in bundles])
    boxes = slots.boxes[ring]
    ends = _ends(boxes, slots)
    cost = np.hypot(*(starts[:, None] - ends[None]).transpose(2, 0, 1)) + _THROUGH * sheet.through(starts, ends)
    for bundle, slot in zip(bundles, uncrossed(starts, ends, matched(cost)).tolist(), strict=True):
        style = bundle.members[0].style
        x0, y0, x1, y1 = boxes[slot].tolist()
        half = fonts.width(bundle.text, style.size, style.bold) / 2
        side = _side(boxes[slot], slots)
        x = x1 - half if side < 0 else x0 + half if side > 0 else (x0 + x1) / 2
        written = straight(bundle.text, x, (y0 + y1) / 2, 0.0, style.size, style.bold)
        yield bundle, replace(written, leader=(bundle.x, bundle.y, *_end(written.boxes[0], side, ends[slot])))


def _side(box: Floats, slots: _Slots) -> int:
    """-1: a place to the left of the heap, written up to its right edge; 1: to the right, 0: above or below."""
    return -1 if box[2] <= slots.low[0] else 1 if box[0] >= slots.high[0] else 0


def _ends(boxes: Floats, slots: _Slots) -> Floats:
    """(k, 2) where the line to a place meets it: the middle of the edge that faces the heap."""
    x0, y0, x1, y1 = boxes.T
    across, down = (x0 + x1) / 2, (y0 + y1) / 2
    left, right = x1 <= slots.low[0], x0 >= slots.high[0]
    above = down < (slots.low[1] + slots.high[1]) / 2
    x = np.where(left, x1, np.where(right, x0, across))
    y = np.where(left | right, down, np.where(above, y1, y0))
    return np.stack([x, y], axis=1)


def _end(box: Box, side: int, end: Floats) -> tuple[float, float]:
    if side:
        return (box[2] if side < 0 else box[0]), (box[1] + box[3]) / 2
    return float(end[0]), float(end[1])
