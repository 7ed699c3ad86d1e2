"""Where labels stand: wanted labels by priority, each at the best of its candidate places that is still free. The same for screen and paper.

Solved in millimetres of the picture and without chance: the same content in the same frame gives the same places on every device.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
import shapely
from numpy.typing import NDArray

from chuangwen.domain.layer import Label, Layer
from chuangwen.progress import Progress
from chuangwen.render import along, around, inside, marks
from chuangwen.render.classes import grey, symbol_at
from chuangwen.render.clipping import cut, enclosed, framed
from chuangwen.render.content import LayerContent
from chuangwen.render.geometry import roomiest
from chuangwen.render.lettering import leader, words
from chuangwen.render.placing import Box, Candidate, Sheet
from chuangwen.render.primitives import Item
from chuangwen.render.symbols import allowed, scaled
from chuangwen.render.view import MapView

_PALE_INK = "#9a9a9a"
_MOST = 4_000  # labels of one layer in a frame: more would be a grey carpet
_REPEAT = 110.0  # mm between repetitions of a name along a line
_SAME = 45.0  # mm that equal names of a base layer keep from each other
_NUMBER = Label("", size=2.6, bold=True, priority=10)
_LINE_GAP = 1.6  # mm between labels on lines: 人民路 LZ-02 is not one name
_BESIDE = 0.9  # mm from the middle of a line to a label beside it: half a section's width
_ASIDE_COST = 0.6
_STEP = 0.5  # mm between the places that mark boundaries as crossed


@dataclass(frozen=True, slots=True)
class LabelBox:
    """A label that was placed: whose, what it says, and the boxes of its characters or of the whole (left, top, right, bottom in mm)."""

    layer: str
    id: str
    text: str
    boxes: tuple[Box, ...]


@dataclass(frozen=True, slots=True)
class Wanted:
    """A label looking for its place. `must`: it is written wherever it may be. `spaced`: keeps away from its like.

    `clear`: mm that it keeps from other labels.
    """

    layer: str
    id: str
    text: str
    style: Label
    candidates: Callable[[], Iterator[Candidate]]
    farther: Callable[[], Iterator[Candidate]] | None = None
    must: bool = False
    spaced: bool = False
    clear: float = 0.0


def lettering(content: Sequence[LayerContent], view: MapView, progress: Progress) -> tuple[list[Item], tuple[LabelBox, ...]]:
    """The words of all labels, in drawing order, and their boxes. `content`: the layers that are drawn, lowest first."""
    wanted = [label for one in content for label in _wanted(one, view)]
    if not wanted:
        return [], ()
    sheet = Sheet(view)
    for one in content:
        _occupy(sheet, one, view)
    wanted.sort(key=lambda label: (not label.must, -label.style.priority))
    placed: list[tuple[Wanted, Candidate]] = []
    said: dict[tuple[str, str], list[Candidate]] = {}
    for number, label in enumerate(wanted):
        if number % 64 == 0:
            progress.at(number, len(wanted))
        like = said.setdefault((label.layer, label.text), []) if label.spaced else []
        best = _best(sheet, label, like)
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
    return items, tuple(LabelBox(label.layer, label.id, label.text, best.boxes) for label, best in placed)


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


def _wanted(content: LayerContent, view: MapView) -> Iterator[Wanted]:
    layer = content.layer
    label = layer.label
    fits = label is not None and content.labels and view.denominator <= label.max_denominator * (1 + 1e-9)
    if not fits and not content.numbers:
        return
    yield from _at_points(content, view, label if fits else None)
    if fits and label is not None:
        yield from _on_lines(content, view, label)
        yield from _in_areas(content, view, label)


def _text(content: LayerContent, position: int, label: Label) -> str:
    """The template filled in with what the fields show; doubled blanks closed."""
    layer: Layer = content.layer
    columns = content.features.columns

    def show(found: re.Match[str]) -> str:
        column = columns.get(found[1])
        return layer.field_by_name[found[1]].show(column[position]) if column and found[1] in layer.field_by_name else ""

    return " ".join(re.sub(r"\{(\w+)\}", show, label.text).split())


def _style(content: LayerContent, position: int, label: Label, view: MapView) -> Label:
    if content.pale is not None and content.pale[position]:
        return replace(label, colour=_PALE_INK, priority=max(label.priority - 3, 0))
    return replace(label, colour=grey(label.colour), halo=label.halo and "#ffffff") if view.mono else label


def _at_points(content: LayerContent, view: MapView, label: Label | None) -> Iterator[Wanted]:
    points, ids, layer = content.flat.points, content.features.ids, content.layer
    places = view.to_paper(points.xy)
    seen = allowed(content, points.owner) & (places >= 0).all(axis=1) & (places[:, 0] <= view.width) & (places[:, 1] <= view.height)
    for position in np.flatnonzero(seen)[:_MOST].tolist():
        owner = int(points.owner[position])
        number = content.numbers.get(ids[owner], "")
        text = number or (_text(content, owner, label) if label else "")
        if not text:
            continue
        base = replace(_NUMBER, colour=label.colour if label else _NUMBER.colour) if number or label is None else label
        style = _style(content, owner, base, view)
        reach = marks.reach(scaled(symbol_at(layer.symbols, int(content.flat.classes[owner])), view, lines=False))
        args = (float(places[position, 0]), float(places[position, 1]), reach, text, style.size, style.bold)
        yield Wanted(layer.id, ids[owner], text, style, _later(around.candidates, args), _later(around.led, args) if number else None, bool(number))


def _later(make: Callable[..., Iterator[Candidate]], args: tuple[object, ...]) -> Callable[[], Iterator[Candidate]]:
    return lambda: make(*args)


def _on_lines(content: LayerContent, view: MapView, label: Label) -> Iterator[Wanted]:
    """Lines of one name are joined first: a road of twenty pieces bears its name once, and again where it is long."""
    parts, ids = content.flat.lines, content.features.ids
    named: dict[str, list[int]] = {}
    for position in np.flatnonzero(allowed(content, parts.owner) & framed(parts.bounds, view)).tolist():
        text = _text(content, int(parts.owner[position]), label)
        if text:
            named.setdefault(text, []).append(position)
    apart = 0.0 if content.layer.kind == "subject" else label.size / 2 + _BESIDE
    for text, positions in list(named.items())[:_MOST]:
        owner = int(parts.owner[positions[0]])
        whole = shapely.line_merge(shapely.multilinestrings(parts.geometry[positions]))
        pieces = shapely.get_parts(cut(np.array([whole]), view))
        style = _style(content, owner, label, view)
        tracks = [along.Track(_smooth(view.to_paper(shapely.get_coordinates(piece)))) for piece in pieces if shapely.length(piece) > 0]
        for track in sorted(tracks, key=lambda one: -one.length):
            repeats = max(int(track.length // _REPEAT), 1)
            for number in range(repeats):
                stretch = (track.length * number / repeats, track.length * (number + 1) / repeats)
                yield Wanted(
                    content.layer.id,
                    ids[owner],
                    text,
                    style,
                    _later(_along, (track, stretch, text, style.size, style.bold, apart)),
                    spaced=True,
                    clear=_LINE_GAP,
                )


def _smooth(points: NDArray[np.float64]) -> NDArray[np.float64]:
    """The line without wiggles smaller than a fifth of a millimetre, which would make letters dance."""
    if len(points) < 3:
        return points
    smooth: NDArray[np.float64] = shapely.get_coordinates(shapely.simplify(shapely.linestrings(points), 0.2))
    return smooth


def _along(track: along.Track, stretch: tuple[float, float], text: str, size: float, bold: bool, apart: float) -> Iterator[Candidate]:
    """Places from the middle of a stretch outwards, on the line and `apart` mm beside it."""
    middle, half = (stretch[0] + stretch[1]) / 2, (stretch[1] - stretch[0]) / 2
    step = max(size * 1.5, half / 8)
    offset = 0.0
    while offset <= half:
        for side in (1, -1) if offset else (1,):
            for aside in (0.0, apart, -apart) if apart else (0.0,):
                found = along.written(track, middle + side * offset, text, size, bold, offset / max(half, 1.0) + (_ASIDE_COST if aside else 0.0), aside)
                if found:
                    yield found
        offset += step


def _in_areas(content: LayerContent, view: MapView, label: Label) -> Iterator[Wanted]:
    """One label for each area, at the largest of its parts."""
    parts, ids = content.flat.areas, content.features.ids
    seen = allowed(content, parts.owner) & framed(parts.bounds, view)
    spans = (parts.bounds[:, 2:] - parts.bounds[:, :2]) / view.metres_per_mm
    seen &= np.hypot(spans[:, 0], spans[:, 1]) > label.size  # no room for one character
    sizes = shapely.area(parts.geometry)
    largest: dict[int, int] = {}
    for position in np.flatnonzero(seen).tolist():
        owner = int(parts.owner[position])
        if owner not in largest or sizes[position] > sizes[largest[owner]]:
            largest[owner] = position
    must_fit = content.layer.kind != "subject"
    for owner, position in list(largest.items())[:_MOST]:
        text = _text(content, owner, label)
        if text:
            style = _style(content, owner, label, view)
            args = (content, position, view, text, style, must_fit)
            yield Wanted(content.layer.id, ids[owner], text, style, _later(_within, args), spaced=must_fit)


def _within(content: LayerContent, position: int, view: MapView, text: str, style: Label, must_fit: bool) -> Iterator[Candidate]:
    parts = content.flat.areas
    area = parts.geometry[position]
    if enclosed(parts.bounds[[position]], view)[0]:
        x, y, radius = parts.middle(position)
    else:
        pieces = shapely.get_parts(cut(np.array([area]), view))
        pieces = pieces[shapely.get_type_id(pieces) == shapely.GeometryType.POLYGON]
        if not len(pieces):
            return
        area = pieces[int(np.argmax(shapely.area(pieces)))]
        x, y, radius = roomiest(area)
    ((paper_x, paper_y),) = view.to_paper(np.array([[x, y]])).tolist()
    yield from inside.candidates(
        shapely.transform(area, view.to_paper), (paper_x, paper_y, radius / view.metres_per_mm), text, style.size, style.bold, must_fit
    )
