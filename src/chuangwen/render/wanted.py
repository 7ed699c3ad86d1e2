"""Which labels a map should bear: what each says, in which style, and where it could stand."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import cached_property, partial

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry import Polygon
from shapely.geometry.base import BaseGeometry

from chuangwen.domain.layer import Label, Layer
from chuangwen.render import along, around, inside, marks
from chuangwen.render.classes import grey, symbol_at
from chuangwen.render.clipping import cut, enclosed, framed, points_framed
from chuangwen.render.compounds import compounds
from chuangwen.render.content import LayerContent
from chuangwen.render.geometry import roomiest
from chuangwen.render.placing import Candidate
from chuangwen.render.symbols import allowed, scaled
from chuangwen.render.view import MapView

_PALE_INK = "#9a9a9a"
_MOST = 4_000  # labels of one layer in a frame: more would be a grey carpet
_REPEAT = 110.0  # mm between repetitions of a name along a line
_NUMBER = Label("", size=2.6, bold=True)
_NUMBER_PRIORITY = 10  # of numbers above all names; among themselves as their layers
_LINE_GAP = 1.6  # mm between labels on lines: 人民路 LZ-02 is not one name
_BESIDE = 0.9  # mm from the middle of a line to a label beside it: half a section's width
_ASIDE_COST = 0.6

Place = tuple[float, float]
"""(x, y) in mm."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """A label looking for its place. `must`: it is written wherever it may be. `spaced`: keeps away from its like.

    `clear`: mm that it keeps from other labels. `anchor`: of its feature, from which a label moved by hand is measured, and its `form` as far as it is
    seen; mm, worked out when asked. `pin`: where it was moved to by hand, mm from the anchor to its middle. `missed`: whether it is, where it finds
    no place.
    """

    layer: str
    id: str
    text: str
    style: Label
    candidates: Callable[[], Iterator[Candidate]]
    anchor: Callable[[], Place]
    form: Callable[[], BaseGeometry]
    missed: Callable[[], bool]
    must: bool = False
    spaced: bool = False
    clear: float = 0.0
    pin: Place | None = None


def wanted(content: LayerContent, view: MapView) -> Iterator[Wanted]:
    """The labels of one layer, in the order of its features."""
    label = content.layer.label
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
    label = replace(label, size=max(label.size, view.text_floor))
    if content.pale is not None and content.pale[position]:
        return replace(label, colour=_PALE_INK, priority=max(label.priority - 3, 0))
    return replace(label, colour=grey(label.colour), halo=label.halo and "#ffffff") if view.mono else label


def _missed(content: LayerContent, position: int, is_central: Callable[[], bool] | None = None) -> bool:
    """Whether somebody will look for the label: not that of a pale neighbour, nor of what only reaches into the frame."""
    return (content.pale is None or not content.pale[position]) and (is_central is None or is_central())


def _at_points(content: LayerContent, view: MapView, label: Label | None) -> Iterator[Wanted]:
    points, ids, layer = content.flat.points, content.features.ids, content.layer
    places = view.to_paper(points.xy)
    seen = allowed(content, points.owner) & (places >= 0).all(axis=1) & (places[:, 0] <= view.width) & (places[:, 1] <= view.height)
    numbered = replace(
        _NUMBER,
        size=_NUMBER.size * content.symbol_scale,
        colour=layer.label.colour if layer.label else _NUMBER.colour,
        priority=_NUMBER_PRIORITY + (layer.label.priority if layer.label else 0),
    )
    for position in np.flatnonzero(seen)[:_MOST].tolist():
        owner = int(points.owner[position])
        number = content.numbers.get(ids[owner], "")
        text = number or (_text(content, owner, label) if label else "")
        if not text:
            continue
        style = _style(content, owner, numbered if number or label is None else label, view)
        reach = marks.reach(scaled(symbol_at(layer.symbols, int(content.flat.classes[owner])), view, lines=False))
        x, y = places[position].tolist()
        args: tuple[float, float, float, str, float, bool] = (x, y, reach, text, style.size, style.bold)
        yield Wanted(
            layer.id,
            ids[owner],
            text,
            style,
            partial(around.candidates, *args),
            partial(tuple, (x, y)),
            partial(_disc, x, y, reach),
            must=bool(number),
            missed=partial(_missed, content, owner),
            pin=content.pinned.get(ids[owner]),
        )


def _disc(x: float, y: float, reach: float) -> BaseGeometry:
    return shapely.Point(x, y).buffer(reach)


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
        owners = [int(parts.owner[position]) for position in positions]
        owner = next((one for one in owners if ids[one] in content.pinned), owners[0])
        pin = content.pinned.get(ids[owner])
        run = Run(parts.geometry[positions], view)
        style = _style(content, owner, label, view)
        for track in run.tracks[: 1 if pin else None]:
            repeats = 1 if pin else max(int(track.length // _REPEAT), 1)
            for number in range(repeats):
                stretch = (track.length * number / repeats, track.length * (number + 1) / repeats)
                yield Wanted(
                    content.layer.id,
                    ids[owner],
                    text,
                    style,
                    partial(_along, track, stretch, text, style.size, style.bold, apart),
                    run.anchor,
                    run.form,
                    spaced=True,
                    clear=_LINE_GAP,
                    missed=partial(_missed, content, owner, run.is_central),
                    pin=pin,
                )


class Run:
    """Lines of one name, joined, as they lie in the frame."""

    def __init__(self, lines: NDArray[np.object_], view: MapView) -> None:
        self._view = view
        self._whole = shapely.line_merge(shapely.multilinestrings(lines))
        pieces = shapely.get_parts(cut(np.array([self._whole]), view))
        found = [along.Track(_smooth(view.to_paper(shapely.get_coordinates(piece)))) for piece in pieces if shapely.length(piece) > 0]
        self.tracks = sorted(found, key=lambda one: -one.length)

    def anchor(self) -> Place:
        """The middle of the longest stretch, where that is seen, else of the longest one seen: it stays when the map is moved a little."""
        return self._middle if self.is_central() else self.tracks[0].place(self.tracks[0].length / 2)

    def is_central(self) -> bool:
        """Whether the middle of the longest stretch lies in the frame."""
        x, y = self._middle
        return 0 <= x <= self._view.width and 0 <= y <= self._view.height

    @cached_property
    def _middle(self) -> Place:
        stretches = shapely.get_parts(self._whole)
        longest = stretches[int(np.argmax(shapely.length(stretches)))]
        ((x, y),) = self._view.to_paper(shapely.get_coordinates(shapely.line_interpolate_point(longest, 0.5, normalized=True))).tolist()
        return x, y

    def form(self) -> BaseGeometry:
        """What is seen of them, mm."""
        return shapely.MultiLineString([track.points for track in self.tracks])


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
    room = np.hypot(spans[:, 0], spans[:, 1]) > label.size  # for one character
    must_fit = content.layer.kind != "subject"
    if must_fit or view.min_feature:
        seen &= room
    sizes = shapely.area(parts.geometry)
    largest: dict[int, int] = {}
    for position in np.flatnonzero(seen).tolist():
        owner = int(parts.owner[position])
        if owner not in largest or sizes[position] > sizes[largest[owner]]:
            largest[owner] = position
    texts = full = {owner: text for owner in list(largest)[:_MOST] if (text := _text(content, owner, label))}
    if must_fit:
        texts, together = compounds(full)
        for name, owners in together.items():
            yield _compound(content, view, label, name, [largest[owner] for owner in owners])
    for owner, text in texts.items():
        position = largest[owner]
        style = _style(content, owner, label, view)
        ground = Ground(content, position, view)
        yield Wanted(
            content.layer.id,
            ids[owner],
            text,
            style,
            partial(_within, ground, text, style, must_fit) if room[position] else partial(iter, ()),
            ground.anchor,
            ground.form,
            spaced=must_fit and text == full[owner],
            missed=partial(_missed, content, owner, ground.is_central),
            pin=content.pinned.get(ids[owner]),
        )


def _compound(content: LayerContent, view: MapView, label: Label, name: str, positions: list[int]) -> Wanted:
    """The name of several buildings, about the middle of them; it stands for no feature, so its id is the name."""
    parts = content.flat.areas
    owner = int(parts.owner[positions[0]])
    style = _style(content, owner, replace(label, priority=label.priority + 1), view)
    bounds = parts.bounds[positions]
    middles = view.to_paper((bounds[:, :2] + bounds[:, 2:]) / 2)
    x, y = middles.mean(axis=0).tolist()
    seen = 0 <= x <= view.width and 0 <= y <= view.height
    return Wanted(
        content.layer.id,
        name,
        name,
        style,
        partial(inside.about, x, y, name, style.size, style.bold),
        partial(tuple, (x, y)),
        partial(shapely.multipoints, middles),
        spaced=True,
        missed=partial(_missed, content, owner, partial(bool, seen)),
        pin=content.pinned.get(name),
    )


class Ground:
    """An area as it lies in the frame; worked out when first asked, for most small ones never are."""

    def __init__(self, content: LayerContent, position: int, view: MapView) -> None:
        self._parts, self._position, self._view = content.flat.areas, position, view

    @cached_property
    def seen(self) -> tuple[Polygon, tuple[float, float, float]] | None:
        """What is seen of it, and middle and radius of the largest circle therein, mm; None where that is nothing."""
        parts, view = self._parts, self._view
        area = parts.geometry[self._position]
        if enclosed(parts.bounds[[self._position]], view)[0]:
            x, y, radius = parts.middle(self._position)
        else:
            pieces = shapely.get_parts(cut(np.array([area]), view))
            pieces = pieces[shapely.get_type_id(pieces) == shapely.GeometryType.POLYGON]
            if not len(pieces):
                return None
            area = pieces[int(np.argmax(shapely.area(pieces)))]
            x, y, radius = roomiest(area)
        ((paper_x, paper_y),) = view.to_paper(np.array([[x, y]])).tolist()
        return shapely.transform(area, view.to_paper), (paper_x, paper_y, radius / view.metres_per_mm)

    def is_central(self) -> bool:
        """Whether the middle of the largest circle in all of it lies in the frame."""
        x, y, _radius = self._parts.middle(self._position)
        return bool(points_framed(np.array([[x, y]]), self._view)[0])

    def anchor(self) -> Place:
        """The middle of the largest circle in what is seen."""
        return self.seen[1][:2] if self.seen else (0.0, 0.0)

    def form(self) -> BaseGeometry:
        """What is seen of it, mm."""
        return self.seen[0] if self.seen else shapely.Point()


def _within(ground: Ground, text: str, style: Label, must_fit: bool) -> Iterator[Candidate]:
    if ground.seen is not None:
        yield from inside.candidates(*ground.seen, text, style.size, style.bold, must_fit)
