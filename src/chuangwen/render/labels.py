"""Where labels stand: wanted labels by priority, each at the best of its candidate places that is still free. The same for screen and paper.

Solved in millimetres of the picture and without chance: the same content in the same frame gives the same places on every device.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import shapely

from chuangwen.progress import Progress
from chuangwen.render import along, marks
from chuangwen.render.by_hand import moved
from chuangwen.render.classes import symbol_at
from chuangwen.render.clipping import cut, framed
from chuangwen.render.content import LayerContent
from chuangwen.render.lettering import leader, words
from chuangwen.render.placing import Box, Candidate, Sheet
from chuangwen.render.primitives import Item
from chuangwen.render.symbols import allowed, scaled
from chuangwen.render.view import MapView
from chuangwen.render.wanted import Place, Wanted, wanted

_SAME = 45.0  # mm that equal names of a base layer keep from each other
_STEP = 0.5  # mm between the places that mark boundaries as crossed


@dataclass(frozen=True, slots=True)
class LabelBox:
    """A label that was placed: whose, what it says, and the boxes of its characters or of the whole (left, top, right, bottom in mm).

    `anchor`: from where `LayerContent.pinned` is measured, mm: of a point its place, of a line the middle of its name's longest stretch, of an area the
    middle of the largest circle in what is seen. `pinned`: stands where it was moved to by hand.
    """

    layer: str
    id: str
    text: str
    boxes: tuple[Box, ...]
    anchor: Place
    pinned: bool = False

    @property
    def middle(self) -> Place:
        """The middle of all its boxes, mm: `middle` - `anchor` pins a label where it stands."""
        xs = [value for box in self.boxes for value in box[::2]]
        ys = [value for box in self.boxes for value in box[1::2]]
        return (min(xs) + max(xs)) / 2, (min(ys) + max(ys)) / 2


def lettering(content: Sequence[LayerContent], view: MapView, progress: Progress, reserved: Sequence[Box] = ()) -> tuple[list[Item], tuple[LabelBox, ...]]:
    """The words of all labels, in drawing order, and their boxes. `content`: the layers that are drawn, lowest first; `reserved`: places to keep free."""
    labels = [label for one in content for label in wanted(one, view)]
    if not labels:
        return [], ()
    sheet = Sheet(view)
    sheet.take(tuple(reserved))
    for one in content:
        _occupy(sheet, one, view)
    labels.sort(key=lambda label: (label.pin is None, not label.must, -label.style.priority))
    placed: list[tuple[Wanted, Candidate]] = []
    said: dict[tuple[str, str], list[Candidate]] = {}
    for number, label in enumerate(labels):
        if number % 64 == 0:
            progress.at(number, len(labels))
        like = said.setdefault((label.layer, label.text), []) if label.spaced else []
        best = moved(label, sheet) if label.pin is not None else _best(sheet, label, like)
        if best is not None:
            sheet.take(best.boxes)
            if best.leader:
                sheet.draw_leader(best.leader)
            like.append(best)
            placed.append((label, best))
    items: list[Item] = []
    for label, best in placed:
        if best.leader:
            items += leader(best.leader, label.style.colour)
    for label, best in placed:
        items += words(best.pieces, label.style, rims=view.halo == "outline")
    return items, tuple(LabelBox(label.layer, label.id, label.text, best.boxes, label.spot().anchor, label.pin is not None) for label, best in placed)


def _best(sheet: Sheet, label: Wanted, like: list[Candidate]) -> Candidate | None:
    best, least = _cheapest(sheet, label, label.candidates(), like)
    if label.farther is not None and (best is None or least > 4.0):
        other, cost = _cheapest(sheet, label, label.farther(), like)
        if other is not None and cost < least:
            best = other
    if best is None and label.must:
        ways = [one for one in (*label.candidates(), *(label.farther() if label.farther else ())) if sheet.inside(one.boxes)]
        best = min(ways, key=lambda one: sheet.overlap(one.boxes), default=None)
    return best


def _cheapest(sheet: Sheet, label: Wanted, ways: Iterator[Candidate], like: list[Candidate]) -> tuple[Candidate | None, float]:
    best, least = None, float("inf")
    for one in ways:
        if one.cost >= least or not sheet.inside(one.boxes):
            continue
        if one.leader and sheet.crosses(one.leader):
            continue
        if any(along.distance(other, one.pieces[0].x, one.pieces[0].y) < _SAME for other in like):
            continue
        cost = sheet.cost(one.boxes, label.style.priority, label.clear)
        if cost is not None and one.cost + cost < least:
            best, least = one, one.cost + cost
            if cost == 0:  # candidates come in the order of their own cost
                break
    return best, least


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
            dense = shapely.segmentize(edges[~shapely.is_empty(edges)], _STEP * view.metres_per_mm)
            sheet.put_lines(view.to_paper(shapely.get_coordinates(dense)))
