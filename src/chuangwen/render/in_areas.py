"""Names of areas: at the roomiest place of what is seen of them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import cached_property, partial

import numpy as np
import shapely
from shapely.geometry import Polygon
from shapely.geometry.base import BaseGeometry

from chuangwen.domain.layer import Label
from chuangwen.render import inside
from chuangwen.render.clipping import cut, enclosed, framed, points_framed
from chuangwen.render.compounds import compounds
from chuangwen.render.content import LayerContent
from chuangwen.render.geometry import roomiest
from chuangwen.render.placing import Candidate
from chuangwen.render.symbols import allowed
from chuangwen.render.view import MapView
from chuangwen.render.wanted import MOST, Place, Styles, Wanted, missed, texts

_CLEAR = 1.2  # mm between a compound's name and others: 西江花苑 WC-05 is not one name


def in_areas(content: LayerContent, view: MapView, label: Label) -> Iterator[Wanted]:
    """One label for each area, at the largest of its parts."""
    parts, ids = content.flat.areas, content.features.ids
    seen = allowed(content, parts.owner) & framed(parts.bounds, view)
    spans = (parts.bounds[:, 2:] - parts.bounds[:, :2]) / view.metres_per_mm
    room = np.hypot(spans[:, 0], spans[:, 1]) > label.size  # for one character
    must_fit = content.layer.kind != "subject"
    if must_fit or view.min_feature:
        seen &= room
    positions = np.flatnonzero(seen)
    order = np.argsort(shapely.area(parts.geometry[positions]), kind="stable")  # the largest part of an area comes last, and stays
    found = dict(zip(parts.owner[positions[order]].tolist(), positions[order].tolist(), strict=True))
    largest = dict(sorted(found.items()))
    said = full = texts(content, label, list(largest)[:MOST])
    styles = Styles(content, label, view)
    if must_fit:
        said, together = compounds(full)
        for name, owners in together.items():
            yield _compound(content, view, label, name, [largest[owner] for owner in owners])
    likes: dict[str, list[Place]] = {}
    for owner, text in said.items():
        position = largest[owner]
        style = styles.of(owner)
        ground = Ground(content, position, view)
        yield Wanted(
            content.layer.id,
            ids[owner],
            text,
            style,
            partial(_within, ground, text, style, must_fit) if room[position] else partial(iter, ()),
            ground.anchor,
            ground.form,
            like=likes.setdefault(text, []) if must_fit and text == full[owner] else None,
            missed=partial(missed, content, owner, ground.is_central),
            pin=content.pinned.get(ids[owner]),
        )


def _compound(content: LayerContent, view: MapView, label: Label, name: str, positions: list[int]) -> Wanted:
    """The name of several buildings, about the middle of them; it stands for no feature, so its id is the name."""
    parts = content.flat.areas
    owner = int(parts.owner[positions[0]])
    style = Styles(content, replace(label, priority=label.priority + 1), view).of(owner)
    bounds = parts.bounds[positions]
    middles = view.to_paper((bounds[:, :2] + bounds[:, 2:]) / 2)
    x, y = middles.mean(axis=0).tolist()
    seen = 0 <= x <= view.width and 0 <= y <= view.height
    return Wanted(
        content.layer.id,
        name,
        name,
        style,
        partial(inside.about, x, y, name, style.size, style.bold, shapely.transform(parts.geometry[positions], view.to_paper)),
        partial(tuple, (x, y)),
        partial(shapely.multipoints, middles),
        like=[],
        clear=_CLEAR,
        missed=partial(missed, content, owner, partial(bool, seen)),
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
