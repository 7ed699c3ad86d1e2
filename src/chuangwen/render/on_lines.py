"""Names of lines: along them, and again where they are long. Lines of one name are joined first: a road of twenty pieces bears its name once."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property, partial
from itertools import pairwise
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
        if not len(run):
            continue
        owner = owner_of[positions[0]]
        if content.pinned:
            owner = next((one for one in map(owner_of.__getitem__, positions) if ids[one] in content.pinned), owner)
        like: list[Place] = []
        yield Wanted(
            content.layer.id,
            ids[owner],
            text,
            styles.of(owner),
            partial(iter, ()),
            run.anchor,
            run.form,
            like=like,
            clear=_CLEAR,
            missed=partial(missed, content, owner, run.is_central),
            pin=content.pinned.get(ids[owner]),
            stretches=partial(_stretches, written, run, apart, sheet, like),
            has_room=run.lengths[0] >= written.least,
        )


class Run:
    """Lines of one name, joined (`whole`, ground), and as they lie in the frame: pieces from the longest on, of `lengths` mm with their `middles`."""

    def __init__(self, whole: BaseGeometry, points: list[NDArray[np.float64]], lengths: list[float], middles: list[Place], view: MapView) -> None:
        self._whole, self._points, self.lengths, self.middles, self._view = whole, points, lengths, middles, view

    def __len__(self) -> int:
        return len(self.lengths)

    def track(self, number: int) -> along.Track:
        """A piece."""
        return along.Track(self._points[number])

    def anchor(self) -> Place:
        """The middle of the longest stretch, where that is seen, else of the longest one seen: it stays when the map is moved a little."""
        return self._middle if self.is_central() else self.middles[0]

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
        return shapely.MultiLineString(self._points)


def _runs(lines: list[NDArray[np.object_]], names: list[along.Written], view: MapView) -> list[Run]:
    """All names at once: a call for each costs more than the work. Of pieces too short for their name only the longest is kept, so that it can be missed."""
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
    pieces, of, lengths = pieces[good], of[good], lengths[good]
    order = np.lexsort((-lengths, of))
    pieces, of, lengths = shapely.simplify(pieces[order], _WIGGLE * view.metres_per_mm), of[order], lengths[order]
    middles = list(map(tuple, view.to_paper(shapely.get_coordinates(shapely.line_interpolate_point(pieces, 0.5, normalized=True))).tolist()))
    vertices = np.split(view.to_paper(shapely.get_coordinates(pieces)), np.cumsum(shapely.get_num_coordinates(pieces))[:-1])
    begins = np.searchsorted(of, np.arange(len(lines) + 1)).tolist()
    return [Run(one, vertices[a:b], lengths[a:b].tolist(), middles[a:b], view) for one, (a, b) in zip(whole, pairwise(begins), strict=True)]


def _stretches(written: along.Written, run: Run, apart: float, sheet: Sheet, like: list[Place]) -> Iterator[Iterator[Candidate]]:
    """Where the name may stand: once in each piece, several times in long ones, but not where it stands close by already."""
    for number, length in enumerate(run.lengths):
        if length < written.least:
            return
        if like and _is_said(*run.middles[number], length / 2 + apart, like):
            continue
        track = run.track(number)
        repeats = max(int(length // _REPEAT), 1)
        for repeat in range(repeats):
            yield _along(written, track, (track.length * repeat / repeats, track.length * (repeat + 1) / repeats), apart, sheet, like)


def _along(written: along.Written, track: along.Track, stretch: tuple[float, float], apart: float, sheet: Sheet, like: list[Place]) -> Iterator[Candidate]:
    """Places from the middle of a stretch outwards, on the line and `apart` mm beside it."""
    middle, half = (stretch[0] + stretch[1]) / 2, (stretch[1] - stretch[0]) / 2
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
