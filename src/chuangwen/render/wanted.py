"""A label that a map should bear: what it says, in which style, and where it could stand."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace

from shapely.geometry.base import BaseGeometry

from chuangwen.domain.layer import Label
from chuangwen.render.classes import ink
from chuangwen.render.content import LayerContent
from chuangwen.render.placing import Candidate
from chuangwen.render.view import MapView

MOST = 4_000
"""Labels of one layer in a frame: more would be a grey carpet."""

_PALE_INK = "#9a9a9a"
_FIELD = re.compile(r"\{(\w+)\}")

Place = tuple[float, float]
"""(x, y) in mm."""

SAME = 45.0
"""mm that equal names of a base layer, or along a line, keep from each other."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """A label looking for its place. `must`: it is written wherever it may be. `like`: where labels of the same name begin, shared by all of
    them; it keeps `SAME` mm away from them.

    `clear`: mm that it keeps from other labels. `anchor`: of its feature, from which a label moved by hand is measured, and its `form` as far as it is
    seen; mm, worked out when asked. `pin`: where it was moved to by hand, mm from the anchor to its middle. `missed`: whether it is, where it finds
    no place. `stretches`: of a name that may stand several times, the places in each stretch of its line, asked one after the other; instead of
    `candidates`. `has_room`: whether its feature is large enough for it, where that is known beforehand. `reach`: of a
    point's symbol, mm on each side.
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
    like: list[Place] | None = None
    clear: float = 0.0
    pin: Place | None = None
    stretches: Callable[[], Iterator[Iterator[Candidate]]] | None = None
    has_room: bool | None = None
    reach: float = 0.0


def texts(content: LayerContent, label: Label, positions: Iterable[int]) -> dict[int, str]:
    """What the template says of each of the features, but for those of which it says nothing: fields as they are shown, doubled blanks closed."""
    layer, columns = content.layer, content.features.columns
    of, told = content.flat.told.get(label.text, (None, {}))  # kept with the flat geometry: the next page shows the same roads
    if of is not columns:
        told = {}
        content.flat.told[label.text] = (columns, told)
    pieces = _FIELD.split(label.text)  # words, field, words, field … words
    shown = [(before, layer.field_by_name.get(name), columns.get(name)) for before, name in zip(pieces[:-1:2], pieces[1::2], strict=True)]
    found = {}
    for position in positions:
        text = told.get(position)
        if text is None:
            said = "".join(before + (field.show(column[position]) if field and column else "") for before, field, column in shown)
            text = told[position] = " ".join((said + pieces[-1]).split())
        if text:
            found[position] = text
    return found


class Styles:
    """How the labels of a layer look in a view: those of pale neighbours grey and less important."""

    def __init__(self, content: LayerContent, label: Label, view: MapView) -> None:
        label = replace(label, size=max(label.size, view.text_floor))
        self._pale = content.pale
        self._strong = replace(label, colour=ink(label.colour), halo=label.halo and "#ffffff") if view.mono else label
        weak = replace(label, priority=max(label.priority - 3, 0))
        self._weak = replace(weak, colour="#000000", bold=False, halo=label.halo and "#ffffff") if view.mono else replace(weak, colour=_PALE_INK)

    def of(self, position: int) -> Label:
        """The style of a feature's label."""
        return self._weak if self._pale is not None and self._pale[position] else self._strong


def missed(content: LayerContent, position: int, is_central: Callable[[], bool] | None = None) -> bool:
    """Whether somebody will look for the label: not that of a pale neighbour, nor of what only reaches into the frame."""
    return (content.pale is None or not content.pale[position]) and (is_central is None or is_central())
