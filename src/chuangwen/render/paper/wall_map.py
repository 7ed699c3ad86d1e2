"""The map of 作战图: the whole district at once, its zones numbered large, its streets named in pale letters."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
import shapely
from numpy.typing import NDArray
from PySide6.QtGui import QPainter

from chuangwen.domain.feature import Features
from chuangwen.render.classes import enlarged
from chuangwen.render.content import LayerContent
from chuangwen.render.paper import furniture, wall_layers
from chuangwen.render.paper.map_block import MapBlock
from chuangwen.render.paper.overlay import Overlay
from chuangwen.render.paper.wall_words import Sizes, ZoneNumbers, street_names
from chuangwen.render.primitives import Item
from chuangwen.render.symbols import allowed
from chuangwen.render.view import MapView
from chuangwen.services.paper.frames import Rect
from chuangwen.services.paper.wall import WallSheet

if TYPE_CHECKING:
    from chuangwen.render.paper.page import Atlas, Page

_FULL_SIZE = 594.0  # mm: the long side of the paper on which symbols have the size that their layers declare
_MAJOR, _MINOR = ("main", "secondary", "commercial"), ("branch",)
_MINOR_TO = 15_000  # denominator up to which branch roads are named
_EVERY = 5.0  # mm between the places of a section that large words keep off
_SYMBOL_COST, _SECTION_COST, _NUMBER_COST = 8.0, 0.2, 10.0
# mm at full size: sites with their letter, sections, names of roads, and the large words.
_SECTION, _ROAD, _LANE = 1.8, 2.7, 1.7
_ZONE, _ZONE_LEAST, _STREET, _STREET_LEAST = 5.6, 2.4, 11.0, 3.2
_SYMBOLS = 0.92
_APART, _SMALLEST = 3.6, 0.62
"""mm at full size between neighbours that leave symbols as they are; the least that they shrink to."""


class WallMap(MapBlock):
    """The map of a wall sheet. `zones`: those that are shown."""

    def __init__(self, atlas: Atlas, sheet: WallSheet, zones: Features) -> None:
        self._factor = sheet.paper.long / _FULL_SIZE
        super().__init__(
            atlas,
            sheet.map,
            sheet.plan,
            self._layers,
            sheet.paper.text,
            bar=False,
            north=False,
            overlays=[ArrowAndBar(11.0 * self._factor, sheet.paper.text * 1.5)],
        )
        self.view = replace(self.view, text_floor=least_text(sheet))
        self._atlas, self._sheet, self._zones = atlas, sheet, zones

    @property
    def between(self) -> Sequence[tuple[int, list[Item]]]:
        """The names of the streets."""
        boxes = np.concatenate([self._obstacles[0], self._numbers.boxes])
        costs = np.concatenate([self._obstacles[1], np.full(len(self._numbers.boxes), _NUMBER_COST)])
        sizes = Sizes(self._size(_STREET), self._size(_STREET_LEAST))
        return [(wall_layers.NAMES_ORDER, street_names(self.view, self._sheet.streets, sizes, boxes, costs))]

    def _size(self, millimetres: float) -> float:
        """A size of text on this paper, mm."""
        return max(millimetres * self._factor, self.view.text_floor)

    def _grown(self, power: float, least: float) -> float:
        """What makes up for symbols becoming smaller on overviews (`render.symbols.scaled`): this one is read from afar."""
        return 1 / max(float(max(self.view.denominator / 10_000, 1.0) ** power), least)

    def _layers(self) -> list[LayerContent]:
        factor = self._factor
        found: list[LayerContent] = []
        for features in self._atlas.shown(self._sheet):
            layer = features.layer
            if layer.id == "zone":
                found += self._zone_layers()
            elif layer.id == "section":
                found.append(LayerContent(wall_layers.sections(features, self._sheet.units, factor * self._grown(-0.5, 0.3), self._size(_SECTION))))
            elif layer.id == "site":
                found.append(self._sites)
            elif layer.id == "road":
                found += self._roads(features)
            else:
                found.append(LayerContent(features, self._atlas.flat(features), labels=layer.id != "building_outline", symbol_scale=factor))
        if self._sheet.command_post is not None:
            found.append(wall_layers.command_post(self._sheet.command_post, factor, self._grown(-0.3, 0.5)))
        return found

    @cached_property
    def _sites(self) -> LayerContent:
        sites = self._atlas.project.features("site")
        grown = self._grown(-0.3, 0.5)
        layer = replace(sites.layer, symbols=tuple(enlarged(symbol, grown) for symbol in sites.layer.symbols))
        numbers = {row.feature.id: row.number for row in self._sheet.rows["site"] if row.number}
        scale = self._factor * _SYMBOLS * self._crowding(sites, numbers)
        larger = Features(layer, sites.ids, sites.columns, sites.geometry)
        return LayerContent(larger, numbers=numbers, only=frozenset(numbers), symbol_scale=scale)

    def _crowding(self, sites: Features, shown: Collection[str]) -> float:
        """Less than 1 where a quarter of the symbols would lie over each other."""
        places = sites.geometry[[at for at, row_id in enumerate(sites.ids) if row_id in shown]]
        if len(places) < 2:
            return 1.0
        tree = shapely.STRtree(places)
        (_of, _other), apart = tree.query_nearest(places, exclusive=True, all_matches=False, return_distance=True)
        typical = float(np.quantile(apart, 0.25)) / self.view.metres_per_mm
        return min(max(typical / (_APART * self._factor), _SMALLEST), 1.0)

    def _roads(self, roads: Features) -> list[LayerContent]:
        shown = [LayerContent(roads, self._atlas.flat(roads), labels=False, symbol_scale=self._factor)]
        known = any(roads.column("class"))
        shown.append(LayerContent(wall_layers.road_names(roads, _MAJOR if known else ("",), self._size(_ROAD))))
        if known and self.view.denominator <= _MINOR_TO:
            shown.append(LayerContent(wall_layers.road_names(roads, _MINOR, self._size(_LANE))))
        return shown

    def _zone_layers(self) -> list[LayerContent]:
        streets = self._sheet.streets
        found = [LayerContent(wall_layers.fills(self._zones, self._sheet)), LayerContent(wall_layers.zone_edges(self._zones, streets, self._factor))]
        if len(streets) > 1:
            found += map(LayerContent, wall_layers.street_edges(streets, self._factor))
        return [*found, *self._zone_numbers()]

    def _zone_numbers(self) -> Iterator[LayerContent]:
        """The zones with nothing but their numbers, those of each size together."""
        numbers, ids = self._numbers, self._zones.ids
        pinned = {ids[at]: pin for at, pin in numbers.pins.items()}
        sizes = [numbers.spots[at].size if at in numbers.spots else numbers.least for at in range(len(ids))]
        for size in sorted(set(sizes)):
            here = frozenset(row_id for row_id, own in zip(ids, sizes, strict=True) if own == size)
            yield LayerContent(wall_layers.zone_numbers(self._zones, size), only=here, pinned=pinned)

    @cached_property
    def _numbers(self) -> ZoneNumbers:
        areas = self._atlas.flat(self._zones).areas
        sizes = Sizes(self._size(_ZONE), self._size(_ZONE_LEAST))
        return ZoneNumbers(self.view, areas, wall_layers.zone_names(self._zones), sizes, *self._obstacles)

    @cached_property
    def _obstacles(self) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """What large words should not cover: boxes (n, 4) in mm of the frame and their costs (n,)."""
        points = self._sites.flat.points
        sites = self.view.to_paper(points.xy[allowed(self._sites, points.owner)])
        sections = self._atlas.project.features("section")
        lines = sections.geometry[sections.located]
        along = self.view.to_paper(shapely.get_coordinates(shapely.segmentize(lines, _EVERY * self.view.metres_per_mm))) if len(lines) else np.empty((0, 2))
        boxes = [_around(sites, 2.2 * self._factor), _around(along, 0.6 * self._factor), *(np.array([[r.x, r.y, r.right, r.bottom]]) for r in self.covered)]
        costs = [*np.full(len(sites), _SYMBOL_COST), *np.full(len(along), _SECTION_COST), *np.full(len(self.covered), _NUMBER_COST)]
        return np.concatenate(boxes), np.array(costs)


class ArrowAndBar(Overlay):
    """North arrow and scale bar as large as the paper asks for; `north`, `text` mm."""

    def __init__(self, north: float, text: float) -> None:
        self._north, self._text = north, text

    def boxes(self, view: MapView, taken: Sequence[Rect]) -> list[Rect]:
        inset = self._inset
        return [
            furniture.north_place(view.width - inset, inset, self._north),
            furniture.bar_place(view, inset, view.height - inset, self._room(view), self._text),
        ]

    def draw(self, painter: QPainter, view: MapView, taken: Sequence[Rect], page: Page) -> None:
        furniture.north_arrow(painter, view.width - self._inset, self._inset, self._north)
        furniture.scale_bar(painter, view, self._inset, view.height - self._inset, self._room(view), self._text)

    @property
    def _inset(self) -> float:
        return self._north * 0.3

    def _room(self, view: MapView) -> float:
        return view.width * 0.2


def least_text(sheet: WallSheet) -> float:
    """mm: nothing on the sheet is written smaller; a little more than the points that its template asks for."""
    return (sheet.template.least(sheet.paper) + 0.2) / 72 * 25.4


def _around(places: NDArray[np.float64], reach: float) -> NDArray[np.float64]:
    return np.hstack([places - reach, places + reach]) if len(places) else np.empty((0, 4))
