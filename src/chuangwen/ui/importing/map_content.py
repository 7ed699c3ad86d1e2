"""What the small map shows: the project in grey, the file's shapes in colour, what is chosen on top. Flattened on the worker."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import shapely
from numpy.typing import NDArray
from pyproj import CRS
from shapely.geometry.base import BaseGeometry

from chuangwen.domain.feature import Features
from chuangwen.domain.geo import GEOGRAPHIC, Extent, extent_of
from chuangwen.domain.layer import Layer, Symbol
from chuangwen.exchange.importing import ImportPlan
from chuangwen.exchange.source_crs import Placement, SourceCrs
from chuangwen.render.content import LayerContent
from chuangwen.render.geometry import flatten

COLOURS = ("#b3261e", "#1d5fa8", "#2e7d32", "#8e4a9e", "#b26a00", "#00796b", "#5d4037", "#37474f")
"""Of the placements, in the order in which they are offered."""
_GROUND = (
    ("district", Symbol(fill="#f6f5f3", stroke="#9a9791", stroke_width=0.5)),
    ("water", Symbol(fill="#e6ecf1", stroke="#cfd9e1", stroke_width=0.1)),
    ("zone", Symbol(stroke="#c9c6c1", stroke_width=0.2)),
    ("road", Symbol(stroke="#d6d3ce", stroke_width=0.35)),
)
_FEW = 3_000
_SMALL = 15.0  # metres: what is smaller is lost on the map without a ring
_MARK = Symbol(shape="circle", size=5.0, stroke="#b3261e", stroke_width=0.5)


@dataclass(frozen=True)
class Drawn:
    """The file's shapes ready to be drawn, and where they lie (None: nowhere)."""

    content: tuple[LayerContent, ...] = ()
    extent: Extent | None = None


def drawn_shapes(plan: ImportPlan) -> Drawn:
    """The shapes of a plan in the project's metres."""
    there = plan.geometry[shapely.get_type_id(plan.geometry) >= 0]
    if not len(there):
        return Drawn()
    fill = "#38b3261e" if len(there) < _FEW else "#f6d5d2"
    symbol = Symbol(shape="circle", size=1.8, fill=fill, stroke="#b3261e", stroke_width=0.35 if len(there) < _FEW else 0.12)
    points = shapely.get_type_id(there) == 0
    content = [_content("import", there[~points], symbol, 50)] if (~points).any() else []
    if points.any():
        content.append(_content("import_points", there[points], replace(symbol, fill="#b3261e", stroke="#ffffff", stroke_width=0.2), 51))
    return Drawn(tuple(content), extent_of(shapely.bounds(there).reshape(-1, 4)))


def pale(content: Sequence[LayerContent]) -> tuple[LayerContent, ...]:
    """The same shapes in grey without fill: what is chosen among them stands out."""
    found = []
    for one in content:
        symbol = replace(one.layer.symbols[0], fill="#b9b4ae" if one.layer.id == "import_points" else "", stroke="#8a857e", stroke_width=0.2)
        features = Features(replace(one.layer, symbols=(symbol,)), one.features.ids, {}, one.features.geometry)
        found.append(replace(one, features=features, prepared=one.flat))
    return tuple(found)


def ground(tables: Sequence[Features]) -> tuple[LayerContent, ...]:
    """District, water, zones and roads of the project in grey, to see where one is."""
    by_id = {table.layer.id: table for table in tables}
    found = []
    for number, (name, symbol) in enumerate(_GROUND):
        table = by_id.get(name)
        if table is not None and table.located.any():
            found.append(_content(f"ground_{name}", table.geometry[table.located], symbol, number))
    return tuple(found)


def ground_layers() -> tuple[str, ...]:
    """The layers that `ground` draws."""
    return tuple(name for name, _symbol in _GROUND)


def placed(placement: Placement, epsg: int, colour: str, *, strong: bool) -> Drawn:
    """A placement's points in the project's CRS as dots."""
    degrees = SourceCrs(f"EPSG:{GEOGRAPHIC}", CRS.from_epsg(GEOGRAPHIC), "")
    metres = degrees.to(placement.points, epsg)
    metres = metres[np.isfinite(metres).all(axis=1)]
    if not len(metres):
        return Drawn()
    shapes = shapely.points(metres)
    symbol = Symbol(shape="circle", size=1.9 if strong else 1.2, fill=colour, stroke="#ffffff", stroke_width=0.15)
    content = _content(f"place_{placement.value}", shapes, symbol, 61 if strong else 60)
    return Drawn((content,), extent_of(shapely.bounds(shapes).reshape(-1, 4)))


def marked(shapes: Sequence[BaseGeometry | None], *, rings: bool) -> Drawn:
    """Shapes in strong colour above all others; `rings`: with a ring around each, for what is too small to be seen."""
    there = np.array([one for one in shapes if one is not None and not one.is_empty], dtype=object)
    if not len(there):
        return Drawn()
    strong = Symbol(shape="circle", size=2.6, fill="#c0d50000", stroke="#d50000", stroke_width=0.6)
    content = [_content("marked", there, strong, 70)]
    small = (shapely.bounds(there)[:, 2:] - shapely.bounds(there)[:, :2]).max() < _SMALL
    if rings and small:
        content.append(_content("rings", shapely.centroid(there), _MARK, 71))
    return Drawn(tuple(content), extent_of(shapely.bounds(there).reshape(-1, 4)))


def _content(name: str, geometry: NDArray[np.object_], symbol: Symbol, order: int) -> LayerContent:
    layer = Layer(name, name, geometry="any", symbols=(symbol,), order=order)
    features = Features(layer, [str(number) for number in range(len(geometry))], {}, geometry)
    return LayerContent(features, flatten(features), labels=False)
