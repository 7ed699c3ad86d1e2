"""Who may see what of a project: readers as `resources/rules/audiences.toml` declares them, and what of a layer is left for one (decision 0070)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
import shapely

from chuangwen.domain.feature import Features
from chuangwen.domain.personal import masked

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from chuangwen.domain.layer import Field, Layer
    from chuangwen.domain.values import Scalar

INTERNAL, UNIT, PATROL, PUBLIC = "internal", "unit", "patrol", "public"
"""The readers that the program knows by name."""
ANY, OF_UNIT, OF_PLACE = "", "unit", "place"
"""What a page for a reader must be about: whatever it is asked for, one unit, one zone or section."""


@dataclass(frozen=True, slots=True)
class Share:
    """What a reader sees of one layer: `fields` in this order (empty: all but `without`), no features in a state of `states_out`.

    `grid_m`: points stand in the middle of squares of so many metres; 0 as the audience has it.
    """

    fields: tuple[str, ...] = ()
    without: tuple[str, ...] = ()
    states_out: tuple[str, ...] = ()
    grid_m: float = 0.0


@dataclass(frozen=True, slots=True)
class Audience:
    """One kind of reader. `says` tells the planner what such a reader sees and does not see.

    `shares`: layer id → what is seen of it; a layer that is not named is seen whole where `all_layers`, else not at all. `persons`: whether private fields of
    the layers are seen, `masks`: whether telephones are 138****0000. `grid_m`, `shape_m`: metres to which points, and vertices of lines and areas, are
    rounded (0: exact). `context`: base layers beneath. `notes`, `watermark`: templates of {receiver} {office} {day} {until} {review}. `days` until it expires,
    0 never. `needs_review_number`: 审图号; `needs_consent`: only where it was asked for by name; `is_scanned`: nothing is written in which a telephone,
    an identity number or a known name stands (`not_names`: words that are no names though a private field holds them). `ticks`: layers on which a patrol
    ticks what it saw.
    """

    id: str
    title: str
    says: str
    subject: str = ANY
    all_layers: bool = False
    persons: bool = False
    masks: bool = False
    grid_m: float = 0.0
    shape_m: float = 0.0
    context: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    watermark: str = ""
    days: int = 0
    needs_review_number: bool = False
    needs_consent: bool = False
    is_scanned: bool = False
    not_names: tuple[str, ...] = ()
    ticks: tuple[str, ...] = ()
    shares: Mapping[str, Share] | None = None

    def share(self, layer: Layer) -> Share | None:
        """What is seen of a layer; None: nothing."""
        named = (self.shares or {}).get(layer.id)
        if named is not None:
            return named
        return Share() if layer.id in self.context or self.all_layers else None

    def sees(self, layer: Layer, one: Field) -> bool:
        """Whether a field is seen. What `layers/*.toml` marks as private stays so, whatever the audience's own list says."""
        share = self.share(layer)
        if share is None or (one.private and not self.persons):
            return False
        return (not share.fields or one.name in share.fields) and one.name not in share.without

    def fields(self, layer: Layer) -> tuple[Field, ...]:
        """The fields that are seen, in the order of the audience's list where it has one, else of the layer."""
        share = self.share(layer)
        order = {name: at for at, name in enumerate(share.fields)} if share is not None else {}
        return tuple(sorted((one for one in layer.fields if self.sees(layer, one)), key=lambda one: order.get(one.name, 0)))

    def rows(self, features: Features) -> NDArray[np.bool_]:
        """(n,) which features are seen, by their state."""
        share = self.share(features.layer)
        if share is None:
            return np.zeros(len(features), dtype=bool)
        if not share.states_out or not features.layer.has("status"):
            return np.ones(len(features), dtype=bool)
        return np.array([status not in share.states_out for status in features.column("status")], dtype=bool)

    def with_masks(self) -> Audience:
        """The same, with masked telephones."""
        return replace(self, masks=True)


def disclosed(features: Features, audience: Audience) -> Features:
    """`features` as a reader sees them: the layer with no other fields, telephones masked, places as exact as they may be. No row is left out here: see
    `Audience.rows`.
    """
    layer = features.layer
    kept = audience.fields(layer)
    columns = {one.name: _told(features.column(one.name), one, audience) for one in kept}
    return Features(replace(layer, fields=kept), features.ids, columns, placed(features, audience))


def blanked(features: Features, audience: Audience) -> Features:
    """The same for what asks for fields by name, as sheets of paper do: what is not seen is empty instead of not there."""
    seen = disclosed(features, audience)
    columns = {one.name: seen.column(one.name) for one in features.layer.fields}
    return Features(features.layer, features.ids, columns, seen.geometry)


def placed(features: Features, audience: Audience) -> NDArray[np.object_]:
    """(n,) the shapes as exactly as the reader may know them, metres."""
    share = audience.share(features.layer) or Share()
    return coarse(features.geometry, share.grid_m or audience.grid_m, audience.shape_m)


def coarse(geometry: NDArray[np.object_], grid_m: float, shape_m: float) -> NDArray[np.object_]:
    """Points moved to the middle of their square of `grid_m` metres, vertices of lines and areas to multiples of `shape_m`; 0: as they are.

    Borders that two areas share stay shared. What is smaller than a square vanishes: its place is empty.
    """
    found = geometry.copy()
    kinds = shapely.get_type_id(geometry)
    points = np.flatnonzero(kinds == 0)
    if grid_m and len(points):
        squares = np.floor(shapely.get_coordinates(geometry[points]) / grid_m)
        found[points] = shapely.points((squares + 0.5) * grid_m)
    shapes = np.flatnonzero(kinds > 0)
    if shape_m and len(shapes):
        found[shapes] = shapely.set_precision(shapely.force_2d(geometry[shapes]), shape_m)
    return found


def _told(column: list[Scalar], one: Field, audience: Audience) -> list[Scalar]:
    """A column as it is told: with masked telephones in its texts, but for codes, which may look like one."""
    if not audience.masks or one.type != "text" or one.name == "code":
        return column
    return [masked(value) if isinstance(value, str) else value for value in column]
