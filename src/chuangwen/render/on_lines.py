"""Names of lines: along them, and again where they are long. Lines of one name are joined first: a road of twenty pieces bears its name once."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property, partial
from math import hypot

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from chuangwen.domain.layer import Label
from chuangwen.render import along
from chuangwen.render.clipping import cut, framed
from chuangwen.render.content import LayerContent
from chuangwen.render.placing import Candidate, Sheet
from chuangwen.render.symbols import allowed
from chuangwen.render.view import MapView
from chuangwen.render.wanted import MOST, SAME, Place, Styles, Wanted, missed, texts

_REPEAT = 110.0  # mm between repetitions of a name along a line
_CLEAR = 1.6  # mm between labels on lines: 人民路 LZ-02 is not one name
_BESIDE = 0.9  # mm from the middle of a line to a label beside it: half a section's width
_ASIDE_COST = 0.6
_WIGGLE = 0.2  # mm: smaller ones would make letters dance


def on_lines(content: LayerContent, view: MapView, label: Label, sheet: Sheet) -> Iterator[Wanted]:
    """Labels of the names that lie in the frame, each in its stretches from the longest on; `sheet` is asked when places are."""
    parts, ids = content.flat.lines, content.features.ids
    seen = np.flatnonzero(allowed(content, parts.owner) & framed(parts.bounds, view))
    owner_of = dict(zip(seen.tolist(), parts.owner[seen].tolist(), strict=True))
    said = texts(content, label, dict.fromkeys(owner_of.values()))
    named: dict[str, list[int]] = {}
    for position, owner in owner_of.items():
        if owner in said:
            named.setdefault(said[owner], []).append(position)
    named = dict(list(named.items())[:MOST])
    if not named:
        return
    styles = Styles(content, label, view)
    apart = 0.0 if content.layer.kind == "subject" else label.size / 2 + _BESIDE
    size = styles.of(next(iter(owner_of.values()))).size
    texts_written = [along.Written(text, size, label.bold) for text in named]
    runs = _runs([parts.geometry[positions] for positions in named.values()], texts_written, view)
    for (text, positions), written, run in zip(named.items(), texts_written, runs, strict=True):
        owners = [owner_of[position] for position in positions]
        owner = next((one for one in owners if ids[one] in content.pinned), owners[0])
        pin = content.pinned.get(ids[owner])
        style = styles.of(owner)
        like: list[Place] = []
        for track in run.tracks[: 1 if pin else None]:
            repeats = 1 if pin else max(int(track.length // _REPEAT), 1)
            for number in range(repeats):
                stretch = (track.length * number / repeats, track.length * (number + 1) / repeats)
                yield Wanted(
                    content.layer.id,
                    ids[owner],
                    text,
                    style,
                    partial(_along, written, track, stretch, apart, sheet, like),
                    run.anchor,
                    run.form,
                    like=like,
                    clear=_CLEAR,
                    missed=partial(missed, content, owner, run.is_central),
                    pin=pin,
                )


class Run:
    """Lines of one name, joined (`whole`, ground), and as they lie in the frame: `tracks` from the longest on."""

    def __init__(self, whole: BaseGeometry, tracks: list[along.Track], view: MapView) -> None:
        self._whole, self._view = whole, view
        self.tracks = sorted(tracks, key=lambda one: -one.length)

    def anchor(self) -> Place:
        """The middle of the longest stretch, where that is seen, else of the longest one seen: it stays when the map is moved a little."""
        return self._middle if self.is_central() else self.tracks[0].place(self.tracks[0].length / 2)

    def is_central(self) -> bool:
        """Whether the middle of the longest stretch lies in the frame."""
        x, y = self._middle
        return bool(self.tracks) and 0 <= x <= self._view.width and 0 <= y <= self._view.height

    @cached_property
    def _middle(self) -> Place:
        stretches = shapely.get_parts(self._whole)
        longest = stretches[int(np.argmax(shapely.length(stretches)))]
        ((x, y),) = self._view.to_paper(shapely.get_coordinates(shapely.line_interpolate_point(longest, 0.5, normalized=True))).tolist()
        return x, y

    def form(self) -> BaseGeometry:
        """What is seen of them, mm."""
        return shapely.MultiLineString([track.points for track in self.tracks])


def _runs(lines: list[NDArray[np.object_]], names: list[along.Written], view: MapView) -> list[Run]:
    """All names at once: a call for each costs more than the work. Of stretches too short for their name only the longest is kept, so that it can be missed."""
    counts = [len(one) for one in lines]
    whole = shapely.line_merge(shapely.multilinestrings(np.concatenate(lines), indices=np.repeat(np.arange(len(lines)), counts)))
    pieces, of = shapely.get_parts(cut(whole, view), return_index=True)
    pieces, inner = shapely.get_parts(pieces, return_index=True)  # a collection may hold several
    of = of[inner]
    lengths = shapely.length(pieces) / view.metres_per_mm
    longest = np.zeros(len(lines))
    np.maximum.at(longest, of, lengths)
    good = (lengths >= np.array([name.least for name in names])[of]) | (lengths == longest[of])
    good &= (shapely.get_type_id(pieces) == shapely.GeometryType.LINESTRING) & (lengths > 0)
    pieces, of = shapely.simplify(pieces[good], _WIGGLE * view.metres_per_mm), of[good]
    points = view.to_paper(shapely.get_coordinates(pieces))
    ends = np.cumsum(shapely.get_num_coordinates(pieces)).tolist()
    tracks: list[list[along.Track]] = [[] for _ in lines]
    begin = 0
    for end, name in zip(ends, of.tolist(), strict=True):
        tracks[name].append(along.Track(points[begin:end]))
        begin = end
    return [Run(one, mine, view) for one, mine in zip(whole, tracks, strict=True)]


def _along(written: along.Written, track: along.Track, stretch: tuple[float, float], apart: float, sheet: Sheet, like: list[Place]) -> Iterator[Candidate]:
    """Places from the middle of a stretch outwards, on the line and `apart` mm beside it."""
    middle, half = (stretch[0] + stretch[1]) / 2, (stretch[1] - stretch[0]) / 2
    if track.length < written.least:
        return
    if like and _is_said(*track.place(middle), half + apart, like):
        return
    step = max(written.size * 1.5, half / 8)
    offset = 0.0
    while offset <= half:
        for side in (1, -1) if offset else (1,):
            at = middle + side * offset
            (x, y), (u, v) = track.place(at), track.across(at, 0.6 * written.size)
            if like and _is_said(x, y, written.least / 2 + apart, like):
                continue
            free = [aside for aside in ((0.0, apart, -apart) if apart else (0.0,)) if not sheet.is_taken(x + u * aside, y + v * aside)]
            if free:
                yield from written.at(track, at, free, offset / max(half, 1.0), _ASIDE_COST)
        offset += step


def _is_said(x: float, y: float, around: float, like: list[Place]) -> bool:
    """Whether all that lies `around` mm about a place is too close to where the name stands already."""
    return any(hypot(x - u, y - v) + around < SAME for u, v in like)
