"""Names and numbers of points: beside the symbol."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import partial

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from chuangwen.domain.layer import Label
from chuangwen.render import around, marks
from chuangwen.render.classes import symbol_at
from chuangwen.render.clipping import points_framed
from chuangwen.render.content import LayerContent
from chuangwen.render.symbols import allowed, scaled
from chuangwen.render.view import MapView
from chuangwen.render.wanted import MOST, Styles, Wanted, missed, texts

_NUMBER = Label("", size=2.6, bold=True)
_NUMBER_PRIORITY = 10  # of numbers above all names; among themselves as their layers


def at_points(content: LayerContent, view: MapView, label: Label | None) -> Iterator[Wanted]:
    """A label for each point in the frame that has a number, or else, where `label` is given, a name."""
    points, ids, layer = content.flat.points, content.features.ids, content.layer
    seen = np.flatnonzero(allowed(content, points.owner) & points_framed(points.xy, view))[:MOST]
    owners = points.owner[seen].tolist()
    numbered = replace(
        _NUMBER,
        size=_NUMBER.size * content.symbol_scale,
        colour=layer.label.colour if layer.label else _NUMBER.colour,
        priority=_NUMBER_PRIORITY + (layer.label.priority if layer.label else 0),
    )
    names = texts(content, label, [owner for owner in owners if ids[owner] not in content.numbers]) if label else {}
    name_styles, number_styles = Styles(content, label or numbered, view), Styles(content, numbered, view)
    reaches: dict[int, float] = {}
    for owner, (x, y) in zip(owners, view.to_paper(points.xy[seen]).tolist(), strict=True):
        number = content.numbers.get(ids[owner], "")
        text = number or names.get(owner, "")
        if not text:
            continue
        style = (number_styles if number else name_styles).of(owner)
        kind = int(content.flat.classes[owner])
        if kind not in reaches:
            reaches[kind] = marks.reach(scaled(symbol_at(layer.symbols, kind), view, lines=False))
        yield Wanted(
            layer.id,
            ids[owner],
            text,
            style,
            partial(around.candidates, x, y, reaches[kind], text, style.size, style.bold),
            partial(tuple, (x, y)),
            partial(_disc, x, y, reaches[kind]),
            must=bool(number),
            missed=partial(missed, content, owner),
            pin=content.pinned.get(ids[owner]),
            reach=reaches[kind],
        )


def _disc(x: float, y: float, reach: float) -> BaseGeometry:
    return shapely.Point(x, y).buffer(reach)
