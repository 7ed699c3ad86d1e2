"""Where labels stand: wanted labels by priority, each at the best of its candidate places that is still free. The same for screen and paper.

Solved in millimetres of the picture and without chance: the same content in the same frame gives the same places on every device.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import hypot, inf

import numpy as np
import shapely

from chuangwen.progress import Progress
from chuangwen.render import marks
from chuangwen.render.at_points import at_points
from chuangwen.render.by_hand import moved
from chuangwen.render.classes import symbol_at
from chuangwen.render.clipping import cut, framed
from chuangwen.render.content import LayerContent
from chuangwen.render.crowds import Placed, dense, fanned
from chuangwen.render.in_areas import in_areas
from chuangwen.render.lettering import leader, words
from chuangwen.render.on_lines import on_lines
from chuangwen.render.placing import Box, Candidate, Line, Sheet
from chuangwen.render.primitives import Item
from chuangwen.render.symbols import allowed, scaled
from chuangwen.render.view import MapView
from chuangwen.render.wanted import SAME, Place, Wanted

_FAN_COST = 4.0  # a number that would cover more of other symbols rather stands farther off, with a line
_STEP = 0.5  # mm between the places that mark boundaries as crossed


@dataclass(frozen=True, slots=True)
class LabelBox:
    """A label that was placed: whose, what it says, and the boxes of its characters or of the whole (left, top, right, bottom in mm).

    The `id` of the common name of a compound's buildings is that name.

    `anchor`: from where `LayerContent.pinned` is measured, mm: of a point its place, of a line the middle of its name's longest stretch, of an area the
    middle of the largest circle in what is seen. `pinned`: stands where it was moved to by hand. `leader`: the line to its feature, mm. `members`: ids
    of all whose numbers a bracket 问3–问9 stands for, in their order; `id` is the first of them.
    """

    layer: str
    id: str
    text: str
    boxes: tuple[Box, ...]
    anchor: Place
    pinned: bool = False
    leader: Line | None = None
    members: tuple[str, ...] = ()

    @property
    def middle(self) -> Place:
        """The middle of all its boxes, mm: `middle` - `anchor` pins a label where it stands."""
        xs = [value for box in self.boxes for value in box[::2]]
        ys = [value for box in self.boxes for value in box[1::2]]
        return (min(xs) + max(xs)) / 2, (min(ys) + max(ys)) / 2


@dataclass(frozen=True, slots=True)
class LabelFault:
    """A label that is not on the map as it should be: whose, what it says, and why.

    `taken`: there was no room left. `small`: its line or area, as far as it lies in the frame, is too small for it on an empty map as well.
    `covered`: it had to be written across another label.
    """

    layer: str
    id: str
    text: str
    reason: str


@dataclass(frozen=True, slots=True)
class Lettering:
    """The words of all labels and leader lines in drawing order, where the labels stand, and what `scene.Scene` says of `unplaced` and `crowded`."""

    items: list[Item]
    boxes: tuple[LabelBox, ...] = ()
    unplaced: tuple[LabelFault, ...] = ()
    crowded: tuple[LabelFault, ...] = ()


def lettering(content: Sequence[LayerContent], view: MapView, progress: Progress, reserved: Sequence[Box] = ()) -> Lettering:
    """Places the labels of `content`, the layers that are drawn, lowest first: those moved by hand, numbers, then by priority.

    `reserved`: places to keep free, mm.
    """
    sheet = Sheet(view)
    labels = [label for one in content for label in _wanted(one, view, sheet)]
    if not labels:
        return Lettering([])
    solving = _Solving(sheet)
    solving.sheet.take(tuple(reserved))
    for one in content:
        _occupy(solving.sheet, one, view)
    labels.sort(key=lambda label: -label.style.priority)  # stable: of equal priority as given
    solving.put_moved([label for label in labels if label.pin is not None])
    solving.put_numbers([label for label in labels if label.pin is None and label.must], progress)
    solving.put_names([label for label in labels if label.pin is None and not label.must], progress)
    items: list[Item] = []
    items += _leaders(solving.placed, labels)
    for placed in solving.placed:
        items += words(placed.at.pieces, placed.label.style, rims=view.halo == "outline")
    return Lettering(items, tuple(_box(one) for one in solving.placed), tuple(solving.unplaced()), tuple(solving.crowded))


def _leaders(placed: Sequence[Placed], labels: Sequence[Wanted]) -> Iterator[Item]:
    """The lines to the labels: from the edge of a symbol, so that its letter stays readable; where symbols lie over each other, from a dot in its middle."""
    led = [one for one in placed if one.at.leader]
    if not led:
        return
    places = shapely.points(np.array([label.anchor() for label in labels if label.reach] or np.empty((0, 2))))
    middles = shapely.points(np.array([one.at.leader[:2] for one in led if one.at.leader]))
    apart = [2 * one.label.reach for one in led]
    crowd = np.bincount(shapely.STRtree(places).query(middles, predicate="dwithin", distance=apart)[0], minlength=len(led))
    for one, near in zip(led, crowd.tolist(), strict=True):
        is_clear = one.label.reach > 0 and near <= 1 and len(one.members) == 1
        yield from leader(one.at.leader or (0.0,) * 4, one.label.style.colour, one.label.reach if is_clear else 0.0)


def _wanted(content: LayerContent, view: MapView, sheet: Sheet) -> Iterator[Wanted]:
    label = content.layer.label
    fits = label is not None and content.labels and view.denominator <= label.max_denominator * (1 + 1e-9)
    if fits or content.numbers:
        yield from at_points(content, view, label if fits else None)
    if fits and label is not None:
        yield from on_lines(content, view, label, sheet)
        yield from in_areas(content, view, label)


def _box(one: Placed) -> LabelBox:
    label, at = one.label, one.at
    members = tuple(member.id for member in one.members) if len(one.members) > 1 else ()
    text = "".join(piece.text for piece in at.pieces)
    return LabelBox(label.layer, label.id, text, at.boxes, label.anchor(), label.pin is not None, at.leader, members)


class _Solving:
    def __init__(self, sheet: Sheet) -> None:
        self.sheet = sheet
        self.placed: list[Placed] = []
        self.crowded: list[LabelFault] = []
        self._missing: list[tuple[Wanted, str]] = []

    def put_moved(self, labels: Sequence[Wanted]) -> None:
        for label in labels:
            best = moved(label, self.sheet)
            if self.sheet.taken(best.boxes):
                self.crowded.append(_fault(label, "covered"))
            self._put(label, best)

    def put_numbers(self, labels: Sequence[Wanted], progress: Progress) -> None:
        left = []
        crowd = dense(labels)
        for number, label in enumerate(labels):
            if number % 64 == 0:
                progress.at(number, len(labels))
            best = None if crowd[number] else self._beside(label)
            if best is None:
                left.append(label)
            else:
                self._put(label, best)
        done, rest = fanned(self.sheet, left, self._beside)
        self.placed += done
        for label in rest:
            ways = [one for one in label.candidates() if self.sheet.inside(one.boxes)]
            best = min(ways, key=lambda one: self.sheet.overlap(one.boxes), default=None)
            if best is None:
                self._missing.append((label, "small"))
                continue
            if self.sheet.taken(best.boxes):
                self.crowded.append(_fault(label, "covered"))
            self._put(label, best)

    def _beside(self, label: Wanted) -> Candidate | None:
        best, cost, _fits = self._cheapest(label, label.candidates())
        return best if cost <= _FAN_COST else None

    def put_names(self, labels: Sequence[Wanted], progress: Progress) -> None:
        for number, label in enumerate(labels):
            if number % 64 == 0:
                progress.at(number, len(labels))
            placed, fits = False, label.has_room
            for ways in label.stretches() if label.stretches else (label.candidates(),):
                best, _least, fitted = self._cheapest(label, ways)
                fits = fitted if fits is None else fits
                if best is not None:
                    self._put(label, best)
                    placed = True
            if not placed and label.missed():
                self._missing.append((label, "taken" if fits else "small"))

    def unplaced(self) -> Iterator[LabelFault]:
        """The missing ones but for names that stand elsewhere; a name that is missing several times is told once."""
        told: set[tuple[str, str]] = set()
        for label, reason in sorted(self._missing, key=lambda one: one[1] == "small"):  # stable
            if label.like is None:
                yield _fault(label, reason)
            elif not label.like and (label.layer, label.text) not in told:
                told.add((label.layer, label.text))
                yield _fault(label, reason)

    def _put(self, label: Wanted, best: Candidate) -> None:
        self.sheet.take(best.boxes)
        if best.leader:
            self.sheet.draw_leader(best.leader)
        if label.like is not None:
            label.like.append((best.pieces[0].x, best.pieces[0].y))
        self.placed.append(Placed(label, best, (label,)))

    def _cheapest(self, label: Wanted, ways: Iterator[Candidate]) -> tuple[Candidate | None, float, bool]:
        """The best free place of `ways`, its cost, and whether there is one on an empty map."""
        sheet = self.sheet
        best, least, fits = None, inf, False
        for one in ways:
            if one.least >= least:
                break
            if one.cost >= least or not sheet.inside(one.boxes):
                continue
            fits = True
            if label.like and any(hypot(x - one.pieces[0].x, y - one.pieces[0].y) < SAME for x, y in label.like):
                continue
            cost = sheet.cost(one.boxes, label.style.priority, label.clear)
            if cost is not None and one.cost + cost < least:
                best, least = one, one.cost + cost
                if cost == 0:  # candidates come in the order of their own cost
                    break
        return best, least, fits


def _fault(label: Wanted, reason: str) -> LabelFault:
    return LabelFault(label.layer, label.id, label.text, reason)


def _occupy(sheet: Sheet, content: LayerContent, view: MapView) -> None:
    """Put the symbols of a layer on the sheet, and the boundaries and lines of what the planner works with."""
    layer, flat = content.layer, content.flat
    priority = layer.label.priority if layer.label else 0
    places = view.to_paper(flat.points.xy)
    near = allowed(content, flat.points.owner)
    near &= (places > -3).all(axis=1) & (places[:, 0] < view.width + 3) & (places[:, 1] < view.height + 3)
    numbers = flat.classes[flat.points.owner]
    for number in np.unique(numbers[near]).tolist():
        reach = marks.reach(scaled(symbol_at(layer.symbols, number), view, lines=False))
        sheet.put_marks(places[near & (numbers == number)], reach, priority)
    if layer.kind != "subject":
        return
    for parts in (flat.lines, flat.areas):
        seen = np.flatnonzero(allowed(content, parts.owner) & framed(parts.bounds, view))
        if len(seen) and len(seen) <= 2_000:
            edges = cut(shapely.boundary(parts.geometry[seen]) if parts is flat.areas else parts.geometry[seen], view)
            dense = shapely.segmentize(edges[shapely.length(edges) > 0], _STEP * view.metres_per_mm)
            sheet.put_lines(view.to_paper(shapely.get_coordinates(dense)))
